#include "view/next.h"

#include "base/utf8.h"
#include "view/cut.h"

#define FIRST_COL 8
#define HINT_GAP  3
#define DOT_GAP   2 /* the dot and what it does read as one sentence */
#define ITEM_GAP  6

static unsigned cells(const char *text)
{
    return (unsigned)utf8_cells(span_of(text));
}

/* How wide a column of `count` items is: what is typed, and what it does behind it. */
static void measure(const struct next_item *items, unsigned count, unsigned *shown, unsigned *all)
{
    unsigned hint = 0;

    *shown = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned typed_here = cells(items[i].shown), hint_here = cells(items[i].hint);

        *shown = typed_here > *shown ? typed_here : *shown;
        hint = hint_here > hint ? hint_here : hint;
    }
    *all = *shown + (hint ? HINT_GAP + hint : 0);
}

static void draw_column(const struct next_item *items, unsigned count, unsigned hint_col,
                        struct grid *g, struct rect where, unsigned col)
{
    for (unsigned i = 0; i < count; i++) {
        grid_text(g, where.row + i, where.col + col, where.cols - col, STYLE_BOLD,
                  span_of(items[i].shown));
        if (hint_col < where.cols)
            cut_text(g, where.row + i, where.col + hint_col, where.cols - hint_col, STYLE_NOTE,
                     span_of(items[i].hint));
    }
}

void next_draw(const struct next_item *items, unsigned count, bool letter, bool present,
               struct grid *g, struct rect where)
{
    static const struct next_item dot = { ".",
                                          "alone ends the letter; anything else is its next line" };
    unsigned col = FIRST_COL;

    if (letter) {
        items = &dot;
        count = 1;
    }
    if (!count || !where.rows || where.cols < 2)
        return;
    grid_text(g, where.row, where.col + 1, where.cols - 1, STYLE_DIM,
              present ? SPAN("next") : SPAN("now"));
    while (count > 0) {
        unsigned here = count < where.rows ? count : where.rows, shown, all;

        measure(items, here, &shown, &all);
        /* the first column is cut at the edge, later ones come whole or not at all */
        if (col >= where.cols || (col > FIRST_COL && col + all >= where.cols))
            break;
        draw_column(items, here, col + shown + (letter ? DOT_GAP : HINT_GAP), g, where, col);
        items += here;
        count -= here;
        col += all + ITEM_GAP;
    }
}
