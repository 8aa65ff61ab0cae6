/* Find: each letter typed searches at once, from where the search began. */
#include "tui/inner.h"

void find_open(struct tui *t)
{
    page_close(t);
    t->mode = MODE_FIND;
    t->find.from = t->screen.selected;
    t->find.missing = false;
    buf_clear(&t->find.needle);
    t->screen.found = (struct span){ 0 };
}

/* From line `from` (0: from the end, or the start); the place itself counts when `here`. */
static void go(struct tui *t, uint32_t from, bool backwards, bool here)
{
    unsigned d = console_shown(t->console);
    uint32_t line = 0;

    t->screen.found = buf_span(&t->find.needle);
    tui_ask_draw(t, DRAW_ALL);
    if (!d || !t->find.needle.len) {
        t->find.missing = false;
        return;
    }
    if (here && from)
        from = from < record_lines(t->o.record, d) ? from + 1 : 0;
    line = record_find(t->o.record, d, from, backwards, t->screen.found);
    t->find.missing = line == 0;
    if (line)
        look_go(t, line);
}

void find_for(struct tui *t, struct span needle, bool backwards)
{
    if (needle.len) {
        buf_clear(&t->find.needle);
        buf_add(&t->find.needle, needle);
    }
    if (!t->find.needle.len) {
        notice_say(t, false, "Find what? Name the text after /find, or press F7 and type it.");
        return;
    }
    go(t, needle.len && !t->screen.selected ? 0 : t->screen.selected, backwards, false);
    if (t->find.missing)
        notice_say(t, false, "No %s place holds that text.", backwards ? "older" : "newer");
}

static void step(struct tui *t, bool backwards)
{
    go(t, t->screen.selected, backwards, false);
}

bool find_key(struct tui *t, const struct key *key)
{
    if (key->mods == 0 && (key->code == K_ENTER || key->code == K_UP)) {
        step(t, true);
        return true;
    }
    if (key->mods == 0 && key->code == K_DOWN) {
        step(t, false);
        return true;
    }
    if (!field_key(&t->field, key))
        return false;
    buf_clear(&t->find.needle);
    buf_add(&t->find.needle, buf_span(&t->field.text));
    go(t, t->find.from, true, true);
    return true;
}
