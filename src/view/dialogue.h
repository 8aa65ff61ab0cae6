/*
 * The dialogue pane: both sides' lines with times and notes, and what happened to the connection.
 *
 * Its content is a row of items: for each talk a head (item 0), each line with its notes (items 1
 * to n), and a tail (item n + 1: lines not ended yet). An item takes as many screen rows as
 * its text needs at the pane's width, so a place is (talk, item, row in the item). Only what is
 * visible is ever laid out: a million lines scroll as quickly as ten.
 */
#ifndef VIEW_DIALOGUE_H
#define VIEW_DIALOGUE_H
#include "dialogue/notes.h"
#include "dialogue/record.h"
#include "view/grid.h"

/* Rows that one line of a peer takes at most; what is beyond is counted, not shown. The selected
 * line may take more. */
#define DIALOGUE_LINE_ROWS     8
#define DIALOGUE_SELECTED_ROWS 64

struct dialogue_look {
    const struct record *record; /* borrowed */
    unsigned dialogue;           /* the last talk shown; earlier ones stand above it ... */
    bool alone;                  /* ... unless they are other people's */
    struct notes_style notes;
    unsigned cols;
    uint32_t selected; /* line of `dialogue` that bears the mark; 0: none */
    struct span found; /* what is searched for, to be highlighted; empty: nothing */
    bool times;        /* times at the right edge */
    bool events;       /* also show what went well: looking up, connecting, connected */
    unsigned welcome;  /* greet newcomers while they have sent nothing: rows of the pane; 0: no */
    bool ascii;
};

struct dialogue_pos {
    unsigned talk;
    uint32_t item;
    unsigned row;
};
/* <0, 0, >0 as memcmp. */
int dialogue_pos_compare(struct dialogue_pos a, struct dialogue_pos b);

/* The first row to show so that the end of the talk stands in the last of `rows` rows. */
struct dialogue_pos dialogue_end(const struct dialogue_look *look, unsigned rows);
/* `by` rows further down, or up when negative; never before the start or beyond dialogue_end().
 * A place that no longer fits (after a resize) is brought back first. A way of thousands of rows is
 * not counted to the last one: beyond 4096 rows each item counts as one. */
struct dialogue_pos dialogue_scroll(const struct dialogue_look *look, struct dialogue_pos from,
                                    int by, unsigned rows);
/* The place nearest to `from` at which line n of look->dialogue stands in the pane, whole if it
 * fits. */
struct dialogue_pos dialogue_show(const struct dialogue_look *look, struct dialogue_pos from,
                                  unsigned rows, uint32_t n);

struct dialogue_drawn {
    uint64_t above, below; /* lines wholly or partly hidden */
    uint32_t first, last;  /* lines of look->dialogue visible, at least in part; 0: none */
    unsigned rows;         /* that hold something */
    unsigned mark_row;     /* row in the grid of the selected line's first row */
    bool mark;             /* the selected line is visible */
};
/* Draws into `where` (look->cols must be where.cols), which must be blank. */
void dialogue_draw(const struct dialogue_look *look, struct dialogue_pos top, struct grid *g,
                   struct rect where, struct dialogue_drawn *drawn);
/* From dialogue_end() on, or in a pane of a row or two from the start of the last line on; that is
 * returned. Cheaper than both one after the other. */
struct dialogue_pos dialogue_draw_end(const struct dialogue_look *look, struct grid *g,
                                      struct rect where, struct dialogue_drawn *drawn);

/* Which line stands in that row of a pane drawn from `top`: its talk and number (0: a head, a tail
 * or nothing). For the mouse. */
struct dialogue_pos dialogue_at(const struct dialogue_look *look, struct dialogue_pos top,
                                unsigned row);

/* A time between two lines in as few cells as it takes: "0.4 ms", "41 ms", "6.4 s", "2 min 5 s". */
void dialogue_time(struct buf *out, int64_t micros);
/* The time that belongs to line n: how long a reply took (its first line), or how long the client
 * thought (command lines). -1: none. */
int64_t dialogue_line_time(const struct record *r, unsigned d, const struct observed *line);

#endif
