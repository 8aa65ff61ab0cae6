/*
 * The ladder: the dialogue as a sequence diagram, time running down, with the round-trip times. A
 * row for each line and each event.
 */
#ifndef VIEW_LADDER_H
#define VIEW_LADDER_H
#include "dialogue/record.h"
#include "view/grid.h"

uint32_t ladder_rows(const struct record *r, unsigned d);
/* Row (from 0) in which line n stands. */
uint32_t ladder_row_of(const struct record *r, unsigned d, uint32_t n);
/* Draws head (the two names) and the rows from `first` on; costs only what is drawn.
 * mark: line to mark, 0: none. */
void ladder_draw(const struct record *r, unsigned d, uint32_t first, uint32_t mark, bool ascii,
                 struct grid *g, struct rect where);
/* All of it as text (at most LADDER_TEXT_LINES lines, the last ones), for the plain mode. */
#define LADDER_TEXT_LINES 10000
void ladder_text(const struct record *r, unsigned d, unsigned cols, bool ascii, struct buf *out);

#endif
