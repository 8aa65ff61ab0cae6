/* Tab: writes the next step on an empty line, completes what is begun, and lists what it might
 * become. Inside DATA it is text. */
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

/* The next step after the one that Tab wrote last, and after the last the first again. */
static void write_next(struct tui *t, unsigned turn)
{
    struct candidates c = { .wanted = turn };
    unsigned count = console_complete(t->console, "", NULL, NULL);

    if (!count)
        return;
    c.wanted = turn % count;
    console_complete(t->console, "", take, &c);
    prompt_clear();
    prompt_insert(buf_span(&c.line));
    buf_clear(&t->tab_line);
    buf_add(&t->tab_line, buf_span(&c.line));
    t->tab_turn = turn + 1;
    buf_release(&c.line);
    buf_release(&c.shown);
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

void complete_key(struct tui *t)
{
    if (!t->console || t->mode != MODE_PROMPT || tui_secret(t))
        return;
    if (prompt_busy())
        prompt_abort();
    if (tui_in_letter(t))
        prompt_insert(SPAN("\t"));
    else if (!prompt_text().len)
        write_next(t, 0);
    else if (t->tab_turn && span_eq(prompt_text(), buf_span(&t->tab_line)))
        write_next(t, t->tab_turn);
    else
        complete_begun(t);
    tui_ask_draw(t, DRAW_PROMPT);
}
