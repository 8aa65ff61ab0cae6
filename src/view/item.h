/*
 * One item of the dialogue pane, laid out: the text of its rows and where they break. An item
 * is a line with its notes and the events behind it, the head of a talk, or its tail. Private to
 * the dialogue pane (dialogue.c).
 */
#ifndef VIEW_ITEM_H
#define VIEW_ITEM_H
#include "view/dialogue.h"
#include "view/styled.h"
#include "view/walk.h"

/* Rows of one item, whatever its notes and events are. */
#define ITEM_ROWS_MAX 160

/* Parts of item.text. */
struct item_row {
    uint32_t lead, lead_len; /* what stands in front: "C:", a note's sign */
    uint32_t from, len;
    uint16_t lead_col, col;
};

/* Zero-filled but for `look` is the start; used for one item after the other. Items that follow
 * each other cost only themselves. */
struct item {
    const struct dialogue_look *look; /* borrowed */
    struct styled text;
    struct item_row at[ITEM_ROWS_MAX];
    unsigned count;
    int64_t time; /* beside the first row; -1: none */
    /* private */
    struct walk walk;
    struct walk start; /* where it began; a line not far behind costs no replay */
    bool walking;      /* walk is somewhere */
    struct notes notes;
    struct buf work;
};

/* The number of its tail: one more than lines there are. */
uint32_t item_last(const struct dialogue_look *look, unsigned talk);
void item_lay(struct item *it, unsigned talk, uint32_t number);
void item_draw(struct item *it, unsigned row, struct grid *g, unsigned grid_row, unsigned grid_col);
void item_release(struct item *it);

#endif
