/*
 * What keys are for: one table gives the bindings, the menu, the footer, the help and the manual's
 * list of keys. Not here: how octets become keys (keys.h), where they go (typed.c), what a request
 * does (request.c).
 */
#ifndef TUI_KEYTABLE_H
#define TUI_KEYTABLE_H
#include "tui/keys.h"

enum request {
    REQ_NONE, /* the key is the prompt's */
    REQ_MENU,
    REQ_HELP,
    REQ_EXPLAIN,
    REQ_INSIDE,
    REQ_LADDER,
    REQ_OCTETS,
    REQ_STATES,
    REQ_LETTER,
    REQ_FIND,
    REQ_END_LETTER,
    REQ_HANG_UP,
    REQ_LEAVE,
    REQ_LESSON,
    REQ_TALKS,
    REQ_FAULTS,
    REQ_COMMAND,
    REQ_COPY_LINE,
    REQ_COPY_ALL,
    REQ_BARE,
    REQ_MAXIMISE,
    REQ_GROW,
    REQ_SHRINK,
    REQ_MEANING,
    REQ_MOUSE,
    REQ_COMPLETE,
    REQ_PAGE_UP,
    REQ_PAGE_DOWN,
    REQ_START,
    REQ_END,
    REQ_WHEEL_UP,
    REQ_WHEEL_DOWN,
    REQ_CLICK,
    REQ_SELECT_UP,
    REQ_SELECT_DOWN,
    REQ_FOCUS,
    REQ_CANCEL,
    REQ_END_OF_FILE,
    REQ_QUOTE,
    REQ_REDRAW,
    REQ_SUSPEND,
    REQ_IGNORE,
    REQ_COUNT
};

enum key_when {
    KEY_EMPTY_LINE = 1, /* only while nothing is typed; else the key is the prompt's */
    MENU_LETTER = 2,    /* in the menu only inside DATA */
    MENU_TALK = 4       /* in the menu only while there is a connection */
};

#define KEY_BINDINGS 3
struct key_row {
    enum request request;
    struct key keys[KEY_BINDINGS]; /* K_NONE: no more */
    unsigned when;
    char digit;         /* in the menu; 0: by arrows only */
    const char *menu;   /* its words in the menu; NULL: not there */
    const char *footer; /* its words in the footer; NULL: not there */
    const char *help;
};
extern const struct key_row key_rows[];
extern const size_t key_row_count;

/* What a key asks for. `empty`: nothing is typed. */
enum request key_request(const struct key *key, bool empty);
const struct key_row *key_row_of(enum request request);
/* The row whose digit it is, NULL when none or not offered now. */
const struct key_row *key_row_of_digit(char digit, bool letter, bool talking);
/* Is the row offered in the menu now? */
bool key_row_offered(const struct key_row *row, bool letter, bool talking);
/* Appends the names of its keys: "F1", "Ctrl-], F10". */
void key_row_names(const struct key_row *row, struct buf *out);
/* Appends all ways to it: "F4, Esc 4", "menu: lesson". */
void key_row_ways(const struct key_row *row, struct buf *out);

#endif
