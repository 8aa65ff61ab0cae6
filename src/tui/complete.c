/* Tab: writes the next step on an empty line, or the one that is begun, once more the one after it;
 * completes what else is begun, and lists what it might become. Inside DATA it is text. */
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/inner.h"
#include "tui/prompt.h"

struct candidates {
    unsigned count, wanted; /* wanted: the number, from 0, of the one that is asked for */
    struct buf line;        /* that one, or what all have in common */
    struct buf shown;
    bool common;
};

static void take(void *ctx, const char *whole_line, const char *shown)
{
    struct candidates *c = ctx;
    struct span line = span_of(whole_line);

    if (c->common ? c->count == 0 : c->count == c->wanted) {
        buf_add(&c->line, line);
    } else if (c->common) {
        size_t same = 0;

        while (same < c->line.len && same < line.len && c->line.at[same] == line.at[same])
            same++;
        while (same > 0 && same < c->line.len && (c->line.at[same] & 0xc0) == 0x80)
            same--; /* no half of a character */
        buf_truncate(&c->line, same);
    }
    buf_printf(&c->shown, "%s%s", c->count ? "   " : "", shown);
    c->count++;
}

/* The next step is one that nobody can type. */
static void say_why_nothing(struct tui *t)
{
    struct next_step next[CONSOLE_NEXT_MAX];

    if (console_next(t->console, next))
        notice_say(t, true, "Nothing to write now: %s (%s).", next[0].shown, next[0].hint);
}

/* The candidate of that turn for what stood there before Tab, and after the last the first again.
 */
static void write_turn(struct tui *t, unsigned turn)
{
    const char *from = buf_text(&t->tab_from);
    unsigned count = console_complete(t->console, from, NULL, NULL);
    struct candidates c = { .wanted = count ? turn % count : 0 };

    console_complete(t->console, from, take, &c);
    if (c.line.len) {
        prompt_replace_before(buf_span(&c.line));
        buf_clear(&t->tab_line);
        buf_add(&t->tab_line, buf_span(&c.line));
        t->tab_turn = count > 1 ? turn + 1 : 0;
    } else {
        say_why_nothing(t);
    }
    buf_release(&c.line);
    buf_release(&c.shown);
}

/* What is begun is one of the next steps: then Tab means all of it, though something else starts
 * with the same letters. */
static bool likely(struct tui *t)
{
    struct next_step next[CONSOLE_NEXT_MAX];
    unsigned count = console_next(t->console, next);
    struct candidates c = { 0 };
    bool is = false;

    console_complete(t->console, buf_text(&t->tab_from), take, &c);
    for (unsigned i = 0; i < count && c.count; i++)
        is |= span_eq_nocase(buf_span(&c.line), span_of(next[i].typed));
    buf_release(&c.line);
    buf_release(&c.shown);
    return is;
}

static void complete_begun(struct tui *t)
{
    struct span before = span_first(prompt_text(), prompt_cursor());
    char *text = mem_strndup(before.at, before.len);
    struct candidates c = { .common = true };

    console_complete(t->console, text, take, &c);
    if (c.count == 0)
        notice_say(t, true, "Nothing known goes on from here.");
    else if (c.line.len > before.len)
        prompt_replace_before(buf_span(&c.line));
    else
        notice_say(t, true, "%s", buf_text(&c.shown));
    buf_release(&c.line);
    buf_release(&c.shown);
    mem_free(text);
}

/* Tab once more, after what it wrote and nothing else. */
static bool again(const struct tui *t)
{
    return t->tab_turn && span_eq(prompt_text(), buf_span(&t->tab_line));
}

void complete_key(struct tui *t)
{
    bool at_end;

    if (!t->console || t->mode != MODE_PROMPT || tui_secret(t))
        return;
    if (prompt_busy())
        prompt_abort();
    at_end = prompt_cursor() == prompt_text().len;
    tui_ask_draw(t, DRAW_PROMPT);
    if (tui_in_letter(t)) {
        prompt_insert(SPAN("\t"));
        return;
    }
    if (at_end && again(t)) {
        write_turn(t, t->tab_turn);
        return;
    }
    t->tab_turn = 0;
    buf_clear(&t->tab_from);
    buf_add(&t->tab_from, prompt_text());
    if (at_end && (!t->tab_from.len || likely(t)))
        write_turn(t, 0);
    else
        complete_begun(t);
}
