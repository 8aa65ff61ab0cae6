/* The status line, and the rules that part the panes and bear their headings. */
#ifndef VIEW_STATUS_H
#define VIEW_STATUS_H
#include "dialogue/record.h"
#include "view/grid.h"

struct status_look {
    const struct record *record; /* borrowed */
    unsigned dialogue;           /* 0: no talk yet */
    const char *client;          /* "crepes.fr"; "" when it has no name yet */
    bool lab;
    const char *place;    /* where the lab's server can be connected to; NULL or "": not said */
    bool counted;         /* say "talk 1 of 1" even while there is only one (a wide screen) */
    unsigned talk, talks; /* numbers as the user counts them; 0: dialogue and all of the record */
};
/* What does not fit is left out, the least needed first. Drawn in STYLE_INVERSE. */
void status_draw(const struct status_look *look, struct grid *g, unsigned row);

enum rule_look {
    RULE_CALM = 0,
    RULE_FOCUS = 1, /* shows without colour: a double rule */
    RULE_LOUD = 2   /* `right` must not be overlooked */
};
/* "── heading ──────── right ─". */
void rule_draw(struct grid *g, unsigned row, unsigned col, unsigned cols, struct span heading,
               struct span right, enum rule_look look);

#endif
