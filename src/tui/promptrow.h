/*
 * The text being typed, in the cells of one row: wide characters whole, what cannot be shown as
 * marks, scrolled sideways so that the cursor is seen with some of what stands around it.
 */
#ifndef TUI_PROMPTROW_H
#define TUI_PROMPTROW_H
#include "view/grid.h"

struct promptrow {
    struct span text;
    size_t cursor;          /* octet of the text before which it stands */
    const char *suggestion; /* faint, after the text; "" none */
};
/* Cells that the text takes. */
unsigned promptrow_cells(struct span text);
/* Draws into `cols` (at least 1) blank cells at row, col. *first: cells scrolled out at the left,
 * kept from one call to the next (0 at first). Returns the column in which the cursor stands. */
unsigned promptrow_draw(const struct promptrow *p, struct grid *g, unsigned row, unsigned col,
                        unsigned cols, unsigned *first);

#endif
