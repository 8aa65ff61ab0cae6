/* The list of sessions, or of letters, as a whole screen: with the frame of view/screen.h. */
#ifndef VIEW_OVERVIEW_H
#define VIEW_OVERVIEW_H
#include "view/screen.h"
#include "view/sessions.h"

/* The list stands in the place of the panes of `s`, whose page it is; `s` says the rest. */
void overview_draw(struct sessions_look *list, const struct screen *s, struct grid *g,
                   struct screen_spots *spots, struct sessions_drawn *drawn);

#endif
