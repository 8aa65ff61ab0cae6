/* Text that must fit in one row. Private to the screen's panes. */
#ifndef VIEW_CUT_H
#define VIEW_CUT_H
#include "view/grid.h"

/* As grid_text; a text that is cut ends in "...", where there is room for it. */
unsigned cut_text(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
                  struct span text);
/* The part of a text of groups, each two spaces or more from the next, that fits in `cols` cells;
 * of the first group as much as there is. */
struct span cut_groups(struct span text, unsigned cols);

#endif
