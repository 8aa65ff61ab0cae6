#include "view/overview.h"

#include "base/marks.h"
#include "view/status.h"

/* What the list leaves out, which must not be taken for nothing. */
static void left_out(const struct sessions_look *list, const struct sessions_drawn *drawn,
                     struct buf *out)
{
    const struct sessions *s = list->list;
    uint64_t gone = list->messages ? s->stored - s->message_count : s->begun - s->count;

    if (list->filter.len) {
        buf_printf(out, "%zu with '", drawn->shown);
        marks_add(out, buf_span(&list->filter), 0);
        buf_add_text(out, "'");
    }
    if (gone)
        buf_printf(out, "%s%llu oldest gone", out->len ? ", " : "", (unsigned long long)gone);
    if (drawn->below)
        buf_printf(out, "%s%zu %s below", out->len ? ", " : "",
                   drawn->fresh ? drawn->fresh : drawn->below, drawn->fresh ? "new" : "more");
}

void overview_draw(struct sessions_look *list, const struct screen *s, struct grid *g,
                   struct screen_spots *spots, struct sessions_drawn *drawn)
{
    static const struct styled nothing = { 0 };
    struct screen frame = *s;
    struct buf right = { 0 };

    frame.page = PAGE_TEXT;
    frame.page_text = &nothing;
    frame.page_heading = list->messages ? "letters  (Tab: sessions)" : "sessions  (Tab: letters)";
    screen_draw(&frame, g, spots);
    sessions_draw(list, g, spots->page, drawn);
    left_out(list, drawn, &right);
    if (spots->page.rows)
        rule_draw(g, spots->page.row - 1, 0, s->cols, span_of(frame.page_heading), buf_span(&right),
                  RULE_CALM | (drawn->below ? RULE_LOUD : RULE_CALM));
    if (s->ascii)
        grid_to_ascii(g);
    buf_release(&right);
}
