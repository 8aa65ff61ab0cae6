#include "view/meaning.h"

#include "base/marks.h"
#include "view/happened.h"
#include "view/walk.h"
#include "view/wrap.h"

/* How far the reply before a letter is looked for: it stands beside the DATA, or some
 * pipelined lines away. */
#define NEAR_LINES 256

/* With fewer columns the words "F2: more" would displace too many of the text. */
#define MORE_ROOM 24

void meaning_release(struct meaning *m)
{
    buf_release(&m->heading);
    buf_release(&m->text);
}

static bool is_reply(const struct record *r, unsigned d, uint32_t n)
{
    return record_line_role(r, d, n) == ROLE_REPLY;
}

/* The last reply while a letter is written; its DATA while that waits for one. */
static uint32_t reply_before_letter(const struct record *r, unsigned d, const struct observer *now)
{
    uint32_t first = now->data_line, last = now->lines;

    for (uint32_t n = last; n > first && last - n < NEAR_LINES; n--)
        if (is_reply(r, d, n))
            return n;
    for (uint32_t n = first + 1; n <= last && n - first < NEAR_LINES; n++)
        if (is_reply(r, d, n))
            return n;
    return first ? first : last;
}

/* What ended the talk, or else the last event; false: none has come. */
static bool last_event(const struct record *r, unsigned d, struct record_event *out)
{
    uint32_t count = record_events(r, d);

    if (!count)
        return false;
    record_event_get(r, d, count - 1, out);
    return true;
}

static void explain_event(struct meaning *m, const struct record *r, unsigned d,
                          const struct record_event *e, const struct notes_style *style)
{
    struct buf words = { 0 };

    m->event = true;
    buf_add_text(&m->heading,
                 talk_event_ends(e->event) ? "what ended the talk" : "what happens now");
    notes_event(e->event, e->detail, happened_port(r, d, record_events(r, d) - 1), style, &words);
    marks_add(&m->text, buf_span(&words), 0);
    buf_release(&words);
}

static void add_words(struct meaning *m, const struct walk *at, const struct notes_style *style)
{
    struct buf words = { 0 };

    notes_meaning(&at->line, &at->after, &at->asked, style, &words);
    marks_add(&m->text, buf_span(&words), 0);
    buf_release(&words);
}

static void explain_line(struct meaning *m, const struct record *r, unsigned d, uint32_t n,
                         const struct notes_style *style)
{
    struct walk w;

    walk_start(&w, r, d, n);
    walk_next(&w);
    add_words(m, &w, style);
}

void meaning_fill_line(struct meaning *m, const struct walk *at, const struct notes_style *style)
{
    buf_clear(&m->heading);
    buf_clear(&m->text);
    m->event = false;
    buf_printf(&m->heading, "what line %lu means", (unsigned long)at->line.number);
    add_words(m, at, style);
}

void meaning_fill(struct meaning *m, const struct record *r, unsigned d, uint32_t n,
                  const struct notes_style *style)
{
    const struct observer *now = record_now(r, d);
    struct record_event e;

    buf_clear(&m->heading);
    buf_clear(&m->text);
    m->event = false;
    if (n > 0 && n <= now->lines) {
        buf_printf(&m->heading, "what line %lu means", (unsigned long)n);
        explain_line(m, r, d, n, style);
    } else if ((now->over || !now->lines) && last_event(r, d, &e)) {
        explain_event(m, r, d, &e, style);
    } else if (!now->lines) {
        buf_add_text(&m->heading, "what the last line means");
        buf_add_text(&m->text, "Nothing has been said yet. In SMTP the server speaks first: its "
                               "greeting starts with 220.");
    } else if (now->letter != LETTER_NONE) {
        n = reply_before_letter(r, d, now);
        buf_printf(&m->heading, "what the last %s means", is_reply(r, d, n) ? "reply" : "command");
        explain_line(m, r, d, n, style);
    } else {
        buf_add_text(&m->heading, "what the last line means");
        explain_line(m, r, d, now->lines, style);
    }
}

unsigned meaning_rows(const struct meaning *m, unsigned cols)
{
    return m->text.len ? wrap_text(buf_span(&m->text), cols > 2 ? cols - 2 : 1, NULL, NULL) : 0;
}

void meaning_draw(const struct meaning *m, struct grid *g, struct rect where)
{
    struct span text = buf_span(&m->text);
    unsigned cols = where.cols > 2 ? where.cols - 2 : 1;
    struct wrap_row row;
    size_t at = 0;

    for (unsigned n = 0; text.len && n < where.rows && wrap_next(text, cols, &at, &row); n++) {
        struct span rest = span_from(text, row.from), more, key;
        unsigned used;
        bool keyed;

        if (n + 1 < where.rows || at > text.len) {
            grid_text(g, where.row + n, where.col + 1, cols, STYLE_NOTE, span_first(rest, row.len));
            continue;
        }
        /* the last row, and more to come: the row breaks earlier, for the dots */
        at = 0;
        keyed = cols > MORE_ROOM && !m->event;
        more = keyed ? SPAN(" ... ") : SPAN(" ...");
        key = keyed ? SPAN("F2: more") : SPAN("");
        wrap_next(rest, cols > more.len + key.len ? cols - (unsigned)(more.len + key.len) : 1, &at,
                  &row);
        used =
            grid_text(g, where.row + n, where.col + 1, cols, STYLE_NOTE, span_first(rest, row.len));
        used += grid_text(g, where.row + n, where.col + 1 + used, cols - used, STYLE_NOTE, more);
        grid_text(g, where.row + n, where.col + 1 + used, cols - used, STYLE_DIM, key);
        break;
    }
}
