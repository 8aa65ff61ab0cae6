/*
 * The whole screen: panes laid out for any size, drawn into a grid. tui/ copies the grid to the
 * terminal and draws the typed text where `spots` says; tests read the grid.
 *
 * As the screen shrinks it drops: what the server is inside, what the line means, what may come
 * next, the key footer. From SCREEN_WIDE columns on the inside stands beside the dialogue.
 */
#ifndef VIEW_SCREEN_H
#define VIEW_SCREEN_H
#include "view/dialogue.h"
#include "view/next.h"

#define SCREEN_WIDE     110
#define SCREEN_MIN_ROWS 4
#define SCREEN_MIN_COLS 20

enum screen_focus { FOCUS_PROMPT, FOCUS_DIALOGUE, FOCUS_INSIDE, FOCUS_MEANING };
/* What stands in the place of the panes. */
enum screen_page {
    PAGE_NONE,
    PAGE_TEXT, /* `page_text`: help, explanations, a menu, mailboxes, a letter */
    PAGE_LADDER,
    PAGE_STATES,
    PAGE_LETTER,
    PAGE_OCTETS
};

struct screen {
    unsigned rows, cols;
    const struct record *record; /* borrowed, as all below */
    unsigned dialogue;           /* the current talk; 0: none yet */
    struct notes_style notes;    /* notes.lab: the server is ours */
    bool ascii;
    const char *client;  /* the client's name; "" when not known */
    const char *place;   /* of the lab's server: "127.0.0.1:40123"; NULL: not said */
    bool alone;          /* a client's talk with a server of ours: no earlier one stands above it */
    const char *status;  /* said in the first row in the place of all about the talk; NULL: that */
    const char *heading; /* of the dialogue pane; NULL: its own */

    /* the dialogue pane */
    bool follow; /* stay at the end; else `top` is the first row shown */
    struct dialogue_pos top;
    uint32_t seen;     /* lines there were when the user left the end: later ones are "new" */
    uint32_t selected; /* line of `dialogue`; 0: none */
    struct span found;

    /* the prompt */
    const char *prompt; /* "C: " */
    const char *hint;   /* at its right; "" none */
    bool letter;        /* inside DATA */
    const struct next_item *next;
    unsigned next_count;
    const char *footer, *footer_right; /* keys; footer_right may be NULL */

    enum screen_focus focus;
    bool maximised;  /* the focused pane alone */
    bool no_inside;  /* closed by the user */
    bool no_meaning; /* the same */
    int inside_more; /* rows (or, beside the dialogue, columns) more than it would get */

    enum screen_page page;
    const struct styled *page_text;
    const char *page_heading; /* NULL: the page's own */
    uint32_t page_top;        /* first row shown; kept within bounds when drawn */
    int page_mark;            /* PAGE_TEXT: the row that is selected; -1: none */
};

/* Where things came to stand. Rects with rows 0 are not on the screen. */
struct screen_spots {
    bool too_small;
    bool wide;
    struct rect status, dialogue, inside, meaning, next, footer, page;
    struct rect prompt;      /* where the typed text goes; one row */
    unsigned hint_col;       /* where the hint begins in the prompt's row; cols: there is none */
    struct dialogue_pos top; /* first row of the dialogue pane, as drawn */
    struct dialogue_drawn drawn;
    uint32_t explained; /* the line whose state and meaning are shown; 0: the last */
    uint32_t page_top, page_rows;
};

/* Resizes the grid and draws. */
void screen_draw(const struct screen *s, struct grid *g, struct screen_spots *spots);
/* What dialogue_scroll and the like want to know, as screen_draw would say it. */
void screen_look(const struct screen *s, const struct screen_spots *spots,
                 struct dialogue_look *out);

#endif
