/* The rows that say what may come next. */
#ifndef VIEW_NEXT_H
#define VIEW_NEXT_H
#include "view/grid.h"

struct next_item {
    const char *shown; /* "HELO crepes.fr"; borrowed */
    const char *hint;  /* what it does, in a few words */
};
/* As many as fit, in their order. `letter`: one row that says how the letter ends, whatever the
 * items are. `present`: what is shown above is the present, too; else these rows say that they are
 * what may come now. Empty items (count 0, no letter): nothing is drawn. */
void next_draw(const struct next_item *items, unsigned count, bool letter, bool present,
               struct grid *g, struct rect where);

#endif
