/*
 * The sessions of a server and the letters that came in, as lists to look through: what the screen
 * of `serve` shows first. A row is filled in as things happen; what a session said is in the
 * record. Not here: keys, and where the facts come from.
 */
#ifndef VIEW_SESSIONS_H
#define VIEW_SESSIONS_H
#include "view/grid.h"

/* Rows of each list: when there are more, the oldest make room. */
#define SESSIONS_MAX 10000

struct session_row {
    uint64_t number;
    unsigned dialogue; /* of the record; 0: not recorded */
    char clock[9];     /* "23:33:01" */
    char *client;      /* owned: its address */
    char *name;        /* owned: as EHLO says; NULL: not said */
    char *from, *to;   /* owned: of the last transaction; NULL: none */
    unsigned letters, refusals;
    bool ended, broken, fault;
};
struct message_row {
    uint64_t session;
    unsigned dialogue;
    uint32_t line; /* of the dialogue, when it was stored */
    char clock[9];
    char *from, *to; /* owned; never NULL */
    uint64_t octets;
};
/* Zero-filled is empty. */
struct sessions {
    struct session_row *at; /* owned; numbers follow each other */
    size_t count;
    struct message_row *messages; /* owned */
    size_t message_count;
    uint64_t begun, stored; /* all that there were */
};
void sessions_release(struct sessions *s);
/* The next session. Valid until the next one. */
struct session_row *sessions_begin(struct sessions *s, uint64_t number);
struct session_row *sessions_find(const struct sessions *s, uint64_t number); /* NULL: gone */
struct message_row *sessions_store(struct sessions *s);
/* Copies a text into a field of a row. */
void sessions_set(char **field, struct span text);
/* "delivered", "refused", ... */
const char *session_outcome(const struct session_row *row, enum style *style);

struct sessions_look {
    const struct sessions *list; /* borrowed */
    bool messages;               /* the letters, not the sessions */
    struct span filter;          /* rows without it (ASCII case ignored) are left out; "": none */
    bool follow;                 /* the newest row is selected */
    size_t selected;             /* else this one of those that are shown, from 0 */
};
/* What stands where, as drawn. */
struct sessions_drawn {
    size_t shown;    /* rows that the filter lets through */
    size_t selected; /* of these; when there are none, 0 */
    size_t below;    /* rows below those on the screen */
};
/* The selected row's place in the list, as it is now; false: no row is shown. */
bool sessions_selected(const struct sessions_look *look, size_t *index);
/* Draws into `where`, which must be blank: newest at the bottom, the selected row in sight. */
void sessions_draw(const struct sessions_look *look, struct grid *g, struct rect where,
                   struct sessions_drawn *drawn);

#endif
