/* What can stand in the place of the panes: texts, the ladder, the states, the letter. Private to
 * screen.c, but for page_row. */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H
#include "view/screen.h"

/* Draws s->page into spots->page, sets page_top and page_rows. */
void page_draw(const struct screen *s, struct grid *g, struct screen_spots *spots);
/* Its heading, and how much of it is out of sight, once it is drawn. */
const char *page_heading(const struct screen *s);
void page_hidden(const struct screen_spots *spots, struct buf *out);

/* On which row of the page that line of a text begins, where lines are wrapped to `cols`. */
uint32_t page_row(const struct styled *text, unsigned cols, unsigned line);

#endif
