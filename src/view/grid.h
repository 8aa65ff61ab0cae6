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
void grid_clear(struct grid *g, struct rect where);
struct cell *grid_at(struct grid *g, unsigned row, unsigned col);
/* Draws one line of text at row, col, cut at `cols` cells (a wide character that would be cut
 * becomes a blank). Returns the cells used. */
unsigned grid_text(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
                   struct span text);
unsigned grid_styled(struct grid *g, unsigned row, unsigned col, unsigned cols,
                     const struct styled *line);
/* The whole grid, or a part, as lines of UTF-8 with trailing blanks removed: for tests and dumps.
 */
void grid_to_text(const struct grid *g, struct buf *out);

/* Wrapping: splits text into rows of at most `cols` cells, at spaces where it can. Calls back per
 * row with octet offsets into the text; returns the rows. Fixed cost per octet. */
typedef void wrap_fn(void *ctx, size_t from, size_t len);
unsigned wrap_text(struct span text, unsigned cols, wrap_fn *fn, void *ctx);

#endif
