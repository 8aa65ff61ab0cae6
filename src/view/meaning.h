/* The pane that says what the last line, or the selected one, means. */
#ifndef VIEW_MEANING_H
#define VIEW_MEANING_H
#include "dialogue/notes.h"
#include "dialogue/record.h"
#include "view/grid.h"

struct meaning {
    struct buf heading; /* "what the last line means" */
    struct buf text;    /* what notes say; empty: nothing to say */
    bool event;         /* it is about no line, but what happened to the talk */
};
/* Line n (0: the last one that means something by itself: in a letter that is the reply before it,
 * after the end of the talk what ended it). Zero-filled is empty; clears first. */
void meaning_fill(struct meaning *m, const struct record *r, unsigned d, uint32_t n,
                  const struct notes_style *style);
/* Any line that a walk gave last. */
struct walk;
void meaning_fill_line(struct meaning *m, const struct walk *at, const struct notes_style *style);
void meaning_release(struct meaning *m);
/* Rows that all of the text takes. */
unsigned meaning_rows(const struct meaning *m, unsigned cols);
/* Draws the text, wrapped, one cell in from the edges; a text that does not fit ends in "...";
 * about a line, in "... F2: more", the key of the screen that shows all of it. */
void meaning_draw(const struct meaning *m, struct grid *g, struct rect where);

#endif
