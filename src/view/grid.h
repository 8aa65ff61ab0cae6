/*
 * A grid of styled cells: what the screen shows, before any terminal is in sight. Views draw into
 * it, tests read it as text, tui/ only copies it out.
 */
#ifndef VIEW_GRID_H
#define VIEW_GRID_H
#include "view/styled.h"

#define CELL_CHARS 4 /* a base character and what combines with it; more is dropped */

struct cell {
    uint32_t chars[CELL_CHARS]; /* 0-filled; chars[0] == 0: the right half of a wide character */
    uint8_t style;              /* enum style */
    uint8_t width;              /* 1 or 2; 0 for the right half */
};

struct grid {
    struct cell *cells; /* owned, rows * cols */
    unsigned rows, cols;
};

struct rect {
    unsigned row, col, rows, cols;
};

void grid_init(struct grid *g, unsigned rows, unsigned cols); /* blank */
void grid_release(struct grid *g);
void grid_resize(struct grid *g, unsigned rows, unsigned cols); /* blank again */
void grid_clear(struct grid *g, struct rect where); /* what lies outside the grid is left out */
struct cell *grid_at(struct grid *g, unsigned row, unsigned col); /* both must lie inside */
/* All that draws is cut at the grid's edges; a place outside draws nothing.
 *
 * Draws one line of text at row, col, cut at `cols` cells (a wide character that would be cut
 * becomes a blank). Returns the cells used. */
unsigned grid_text(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
                   struct span text);
unsigned grid_styled(struct grid *g, unsigned row, unsigned col, unsigned cols,
                     const struct styled *line);
/* The whole grid as lines of UTF-8 with trailing blanks removed: for tests and dumps. */
void grid_to_text(const struct grid *g, struct buf *out);

/* A part of styled text: `len` octets from `from`. Line feeds in it are not shown. */
unsigned grid_slice(struct grid *g, unsigned row, unsigned col, unsigned cols,
                    const struct styled *text, size_t from, size_t len);
/* The same character (one cell wide) in `cols` cells. */
void grid_fill(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
               uint32_t code);
/* Gives every cell of a part this style: a selection. */
void grid_restyle(struct grid *g, struct rect where, enum style style);
/* One row of another grid, `cols` cells from column 0 there. */
void grid_copy_row(struct grid *g, unsigned row, unsigned col, unsigned cols,
                   const struct grid *from, unsigned from_row);
/* Adds blank rows below; what is there stays. */
void grid_add_rows(struct grid *g, unsigned more);
/* Every cell beyond ASCII becomes its twin (view/signs.h), or "?" where it has none. */
void grid_to_ascii(struct grid *g);

#endif
