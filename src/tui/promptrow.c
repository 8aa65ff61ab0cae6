/* Characters that show as they are go to the grid in runs, so that combining ones find their base.
 */
#include "tui/promptrow.h"

#include "base/marks.h"
#include "base/utf8.h"

struct character {
    size_t len;     /* octets */
    unsigned cells; /* 0: combines with the one before */
    bool mark;      /* shown as a mark */
};

static struct character next_character(struct span text, struct buf *mark)
{
    struct character c = { .len = 1, .cells = 1 };
    uint32_t code;
    size_t len;
    int width;

    if (text.at[0] >= 0x20 && text.at[0] < 0x7f) /* most of what is typed, at each key */
        return c;
    len = utf8_decode(text, &code);
    width = len ? utf8_width(code) : -1;
    c.len = len ? len : 1;
    if (width >= 0 && !marks_hidden(code)) {
        c.cells = (unsigned)width;
        return c;
    }
    buf_clear(mark);
    marks_add(mark, span_first(text, c.len), 0);
    c.mark = true;
    c.cells = (unsigned)utf8_cells(buf_span(mark));
    return c;
}

unsigned promptrow_cells(struct span text)
{
    struct buf mark = { 0 };
    unsigned cells = 0;

    while (text.len) {
        struct character c = next_character(text, &mark);

        cells += c.cells;
        text = span_from(text, c.len);
    }
    buf_release(&mark);
    return cells;
}

/* Scrolls no further than needed, and then by a quarter of the row at once. */
static void scroll(unsigned *first, unsigned cursor, unsigned total, unsigned cols)
{
    if (total < cols) {
        *first = 0;
    } else if (cursor < *first) {
        *first = cursor > cols / 4 ? cursor - cols / 4 : 0;
    } else if (cursor >= *first + cols) {
        *first = cursor - cols + 1 + cols / 4;
        if (*first > cursor)
            *first = cursor;
    }
}

struct pen {
    struct grid *g;
    unsigned row, col, cols, first;
    struct span text;
    size_t run_from;     /* the run not yet drawn */
    unsigned run_at, at; /* cells from the start of the text */
};

static void draw_run(struct pen *pen, size_t to)
{
    if (to > pen->run_from)
        grid_text(pen->g, pen->row, pen->col + pen->run_at - pen->first,
                  pen->cols - (pen->run_at - pen->first), STYLE_PLAIN,
                  span_first(span_from(pen->text, pen->run_from), to - pen->run_from));
}

static void draw_text(struct pen *pen)
{
    struct buf mark = { 0 };

    for (size_t i = 0; i < pen->text.len;) {
        struct character c = next_character(span_from(pen->text, i), &mark);
        bool seen = pen->at >= pen->first && pen->at + c.cells <= pen->first + pen->cols;

        if (c.mark || !seen) {
            draw_run(pen, i);
            if (seen)
                grid_text(pen->g, pen->row, pen->col + pen->at - pen->first, c.cells, STYLE_NOTE,
                          buf_span(&mark));
            pen->run_from = i + c.len;
            pen->run_at = pen->at + c.cells;
        }
        pen->at += c.cells;
        i += c.len;
        if (pen->at >= pen->first + pen->cols && !seen)
            break;
    }
    if (pen->run_at >= pen->first && pen->run_at < pen->first + pen->cols)
        draw_run(pen, pen->text.len);
    buf_release(&mark);
}

unsigned promptrow_draw(const struct promptrow *p, struct grid *g, unsigned row, unsigned col,
                        unsigned cols, unsigned *first)
{
    unsigned before = promptrow_cells(span_first(p->text, p->cursor));
    unsigned total = before + promptrow_cells(span_from(p->text, p->cursor));
    struct pen pen = { .g = g, .row = row, .col = col, .cols = cols, .text = p->text };

    scroll(first, before, total, cols);
    pen.first = *first;
    draw_text(&pen);
    if (*p->suggestion && total >= *first && total - *first + 1 < cols)
        grid_text(g, row, col + total - *first, cols - (total - *first), STYLE_DIM,
                  span_of(p->suggestion));
    return col + (before - *first);
}
