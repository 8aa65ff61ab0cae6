/*
 * The second pane. For the lab's server its inside, as its facts tell it: what it waits for, the
 * letter it has in hand, mailboxes, what it just decided. For a real server what we know of it:
 * inferred from the dialogue, and marked as such.
 */
#ifndef VIEW_INSIDE_H
#define VIEW_INSIDE_H
#include "dialogue/record.h"
#include "view/grid.h"

/* Where a line of the pane stands under the dialogue. */
enum inside_place { INSIDE_LEFT, INSIDE_RIGHT, INSIDE_WHOLE };

/* One labelled line of the pane. */
struct inside_row {
    char label[24];
    struct buf value; /* owned; safe to show */
    bool inferred;    /* concluded, not told */
    unsigned line;    /* under the dialogue: its row, from 0 */
    enum inside_place place;
};
#define INSIDE_ROWS_MAX 12
/* In the order in which they stand beside the dialogue. Values of unused rows keep their memory. */
struct inside_pane {
    struct buf heading; /* "inside hamburger.edu  (in real life you never see this)" */
    struct inside_row at[INSIDE_ROWS_MAX];
    unsigned count;
    unsigned basic; /* rows that matter most under the dialogue; what is below them can wait */
};
/* The state after line n of dialogue d (UINT32_MAX: now). Zero-filled is empty; clears first. */
void inside_pane_fill(struct inside_pane *pane, const struct record *r, unsigned d, uint32_t n,
                      bool ascii);
/* The same, for whoever knows the state there. */
void inside_pane_fill_state(struct inside_pane *pane, const struct record *r, unsigned d,
                            uint32_t n, const struct observer *state, bool ascii);
void inside_pane_release(struct inside_pane *pane);

/* Rows that it wants under the dialogue (two columns of labels), or beside it (one column). */
unsigned inside_pane_rows(const struct inside_pane *pane, unsigned cols, bool beside);
/* Rows under the dialogue with all that there is to say. */
unsigned inside_pane_rows_all(const struct inside_pane *pane, unsigned cols);
void inside_pane_draw(const struct inside_pane *pane, struct grid *g, struct rect where,
                      bool beside);
/* As lines of text, for the plain mode. */
void inside_pane_text(const struct inside_pane *pane, struct styled *out);

#endif
