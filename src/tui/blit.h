/*
 * From the grid to the terminal: only what changed since the last time. Not here: what the grid
 * holds (view/screen.h), and the prompt's text (promptrow.c).
 */
#ifndef TUI_BLIT_H
#define TUI_BLIT_H
#include "view/grid.h"

struct blit {
    struct grid shown; /* owned: what the terminal shows */
};
/* Zero-filled is ready. */
void blit_release(struct blit *b);
/* Forgets what is shown: all of it is drawn the next time. */
void blit_forget(struct blit *b);
/* Gives ncurses the rows that differ; a grid of another size than the last one is drawn whole. */
void blit_grid(struct blit *b, const struct grid *g);
/* The same for one row of a grid of the same size. */
void blit_row(struct blit *b, const struct grid *g, unsigned row);
/* Sends it, with the cursor there. */
void blit_send(unsigned row, unsigned col);

#endif
