/*
 * The octets: every write and every read of a dialogue as a block of its own, in hexadecimal and as
 * text, with times. Secrets are masked. Rows are found, not counted: a million blocks cost no more
 * than the rows that are shown.
 */
#ifndef VIEW_OCTETS_H
#define VIEW_OCTETS_H
#include "dialogue/record.h"
#include "view/grid.h"

/* Rows in all: what the signs mean, then for each block its head and a row for sixteen octets. */
uint32_t octets_rows(const struct record *r, unsigned d);
/* Draws the rows from `first` on; costs only what is drawn. */
void octets_draw(const struct record *r, unsigned d, uint32_t first, bool ascii, struct grid *g,
                 struct rect where);
/* What the signs mean, and the last `blocks` blocks (at most so many that their rows are
 * OCTETS_TEXT_ROWS, or one), for the plain mode. */
#define OCTETS_TEXT_ROWS 10000
void octets_text(const struct record *r, unsigned d, uint32_t blocks, unsigned cols, bool ascii,
                 struct styled *out);
/* One block, from 0. */
void octets_block(const struct record *r, unsigned d, uint32_t block, unsigned cols, bool ascii,
                  struct styled *out);

#endif
