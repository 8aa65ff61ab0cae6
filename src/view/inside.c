#include "view/inside.h"

#include "base/marks.h"
#include "view/cut.h"
#include "view/inside_fill.h"
#include "view/wrap.h"

#include <assert.h>
#include <stdio.h>

#define LABEL_COL    1
#define VALUE_COL    14
#define RIGHT_COL    44 /* of 80 */
#define RIGHT_LABEL  16
#define BESIDE_COL   2
#define BESIDE_LABEL 13
/* Below this there is no room for two columns. */
#define TWO_COLUMNS 72

void inside_pane_release(struct inside_pane *pane)
{
    buf_release(&pane->heading);
    for (unsigned i = 0; i < INSIDE_ROWS_MAX; i++)
        buf_release(&pane->at[i].value);
    *pane = (struct inside_pane){ 0 };
}

struct buf *inside_row_add(struct inside_pane *pane, const char *label, unsigned line,
                           enum inside_place place)
{
    struct inside_row *row = &pane->at[pane->count++];
    struct span text = span_first(span_of(label), sizeof row->label - 1);

    assert(pane->count <= INSIDE_ROWS_MAX);
    memcpy(row->label, text.at, text.len);
    row->label[text.len] = '\0';
    row->inferred = false;
    row->line = line;
    row->place = place;
    buf_clear(&row->value);
    return &row->value;
}

void inside_count(struct buf *out, uint64_t number, const char *one, const char *many)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            buf_add_octet(out, ',');
        buf_add_octet(out, (unsigned char)digits[i]);
    }
    buf_printf(out, " %s", number == 1 ? one : many);
}

void inside_pane_fill_state(struct inside_pane *pane, const struct record *r, unsigned d,
                            uint32_t n, const struct observer *state, bool ascii)
{
    unsigned flags = ascii ? MARKS_ASCII : 0;
    const struct inside *in = record_inside(r, d, n);

    buf_clear(&pane->heading);
    pane->count = 0;
    if (in)
        inside_fill_lab(pane, in, state->letter == LETTER_GRANTED, flags);
    else
        inside_fill_known(pane, r, d, state, flags);
}

void inside_pane_fill(struct inside_pane *pane, const struct record *r, unsigned d, uint32_t n,
                      bool ascii)
{
    struct observer then;

    if (n >= record_lines(r, d)) {
        inside_pane_fill_state(pane, r, d, n, record_now(r, d), ascii);
        return;
    }
    record_state(r, d, n, &then);
    inside_pane_fill_state(pane, r, d, n, &then, ascii);
}

unsigned inside_pane_rows_all(const struct inside_pane *pane, unsigned cols)
{
    unsigned rows = 0;

    if (cols < TWO_COLUMNS)
        return pane->count;
    for (unsigned i = 0; i < pane->count; i++)
        rows = pane->at[i].line >= rows ? pane->at[i].line + 1 : rows;
    return rows;
}

static unsigned beside_col(const struct inside_row *row)
{
    unsigned label = (unsigned)strlen(row->label) + row->inferred;

    return BESIDE_COL + (label < BESIDE_LABEL ? BESIDE_LABEL : label + 2);
}

static unsigned beside_cols(const struct inside_row *row, unsigned cols)
{
    unsigned col = beside_col(row);

    return cols > col + 1 ? cols - col - 1 : 1;
}

unsigned inside_pane_rows(const struct inside_pane *pane, unsigned cols, bool beside)
{
    unsigned rows = 0;

    if (!beside)
        return cols < TWO_COLUMNS ? pane->count : pane->basic;
    for (unsigned i = 0; i < pane->count; i++)
        rows +=
            wrap_text(buf_span(&pane->at[i].value), beside_cols(&pane->at[i], cols), NULL, NULL);
    return rows;
}

/* A label, with the mark of what is only concluded. */
static void draw_label(const struct inside_row *row, struct grid *g, unsigned at, unsigned col,
                       unsigned cols)
{
    unsigned used = grid_text(g, at, col, cols, STYLE_DIM, span_of(row->label));

    if (row->inferred && used < cols)
        grid_text(g, at, col + used, cols - used, STYLE_DIM, SPAN("?"));
}

/* A label and its value between two columns of the pane. */
static void draw_pair(const struct inside_row *row, struct grid *g, unsigned at, struct rect where,
                      unsigned label, unsigned value, unsigned end)
{
    end = end < where.cols ? end : where.cols;
    if (label < end)
        draw_label(row, g, at, where.col + label, (value < end ? value : end) - label);
    if (value < end)
        cut_text(g, at, where.col + value, end - value, STYLE_PLAIN, buf_span(&row->value));
}

static void draw_under(const struct inside_pane *pane, struct grid *g, struct rect where)
{
    unsigned middle = RIGHT_COL * where.cols / 80, edge = where.cols ? where.cols - 1 : 0;
    bool narrow = where.cols < TWO_COLUMNS;

    for (unsigned i = 0; i < pane->count; i++) {
        const struct inside_row *row = &pane->at[i];
        unsigned line = narrow ? i : row->line;

        if (line >= where.rows)
            continue;
        if (narrow || row->place == INSIDE_WHOLE)
            draw_pair(row, g, where.row + line, where, LABEL_COL, VALUE_COL, edge);
        else if (row->place == INSIDE_LEFT)
            draw_pair(row, g, where.row + line, where, LABEL_COL, VALUE_COL, middle - 1);
        else
            draw_pair(row, g, where.row + line, where, middle, middle + RIGHT_LABEL, edge);
    }
}

static void draw_beside(const struct inside_pane *pane, struct grid *g, struct rect where)
{
    unsigned used = 0;

    for (unsigned i = 0; i < pane->count && used < where.rows; i++) {
        const struct inside_row *row = &pane->at[i];
        struct span text = buf_span(&row->value);
        unsigned col = beside_col(row), cols = beside_cols(row, where.cols);
        struct wrap_row part;
        size_t at = 0;

        if (where.cols > BESIDE_COL)
            draw_label(row, g, where.row + used, where.col + BESIDE_COL, where.cols - BESIDE_COL);
        for (; used < where.rows && wrap_next(text, cols, &at, &part); used++)
            if (col < where.cols)
                grid_text(g, where.row + used, where.col + col, where.cols - col, STYLE_PLAIN,
                          span_first(span_from(text, part.from), part.len));
    }
}

void inside_pane_draw(const struct inside_pane *pane, struct grid *g, struct rect where,
                      bool beside)
{
    if (beside)
        draw_beside(pane, g, where);
    else
        draw_under(pane, g, where);
}

void inside_pane_text(const struct inside_pane *pane, struct styled *out)
{
    styled_add(out, STYLE_BOLD, buf_span(&pane->heading));
    styled_add_text(out, STYLE_PLAIN, "\n");
    for (unsigned i = 0; i < pane->count; i++) {
        const struct inside_row *row = &pane->at[i];
        unsigned label = (unsigned)strlen(row->label) + row->inferred;

        styled_printf(out, STYLE_DIM, " %s%s", row->label, row->inferred ? "?" : "");
        styled_repeat(out, STYLE_PLAIN, " ", label < RIGHT_LABEL - 1 ? RIGHT_LABEL - label : 2);
        styled_add(out, STYLE_PLAIN, buf_span(&row->value));
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
}
