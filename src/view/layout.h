/*
 * Where the panes of the screen stand, for any size. Private to screen*.c.
 *
 * The rows are shared out from what cannot be missed to what can: status line, rule, dialogue and
 * prompt; then the key footer, what may come next, what the line means, what the server is inside.
 * Each is given only while the dialogue keeps rows enough.
 */
#ifndef VIEW_LAYOUT_H
#define VIEW_LAYOUT_H
#include "view/inside.h"
#include "view/screen.h"

struct layout {
    struct rect rule_dialogue, rule_inside, rule_meaning; /* rows 0: there is none */
    struct rect rule_prompt;                              /* above what may come next */
    unsigned split; /* column between dialogue and inside, beside each other; 0: they are not */
};

/* Sets *out and the rects of *spots. inside: what the pane would show now; NULL: there is no talk.
 * meaning: rows for all of what the line means, taken from the dialogue where it can spare them; 0:
 * as many as usual. */
void layout_make(const struct screen *s, const struct inside_pane *inside, unsigned meaning,
                 struct layout *out, struct screen_spots *spots);

#endif
