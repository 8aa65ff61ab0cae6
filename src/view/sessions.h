/*
 * The sessions of a server and the letters that came in, as lists to look through: what the screen
 * of `serve` shows first. A row is filled in as things happen; what a session said is in the
 * record. Not here: keys, and where the facts come from.
 */
#ifndef VIEW_SESSIONS_H
#define VIEW_SESSIONS_H
#include "view/grid.h"

/* Rows of each list: when there are more, the oldest make room. */
#define SESSIONS_MAX 100000

struct session_row {
    uint64_t number;
    unsigned dialogue; /* of the record; 0: not recorded */
    char clock[9];     /* "23:33:01" */
    char *client;      /* owned: its address */
    char *name;        /* owned: as EHLO says; NULL: not said */
    char *from, *to;   /* owned: of the last transaction; NULL: none */
    unsigned letters, refusals;
    unsigned code; /* of the last refusal */
    bool ended, broken, fault, tls, login;
    bool asked; /* sessions.c: it may have changed since the filter looked at it */
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
    uint64_t *changed;      /* owned: numbers of rows that were asked for; at most `count` */
    size_t changes;
};
void sessions_release(struct sessions *s);
/* The next session, to be filled in. Valid until the next one. */
struct session_row *sessions_begin(struct sessions *s, uint64_t number);
/* To be changed. NULL: gone. */
struct session_row *sessions_find(struct sessions *s, uint64_t number);
struct message_row *sessions_store(struct sessions *s);
/* Copies a text into a field of a row. */
void sessions_set(char **field, struct span text);
/* Appends "delivered x2", "refused 550", "fault", ... */
enum style session_outcome(const struct session_row *row, struct buf *out);

struct sessions_look {
    struct sessions *list; /* borrowed */
    bool messages;         /* the letters, not the sessions */
    bool follow;           /* the newest row is selected */
    uint64_t selected;     /* else the one of this number, or the next that is shown */
    uint64_t seen;         /* the newest there was when the person left the end */
    struct buf filter;     /* owned; sessions_filter() */
    uint64_t *passing;     /* owned: numbers of the rows that pass it, in order */
    size_t count, room;
    uint64_t tested; /* up to this number */
};
void sessions_look_release(struct sessions_look *look);
/* Rows without the text in one of their fields (ASCII case ignored) are left out; "": none. */
void sessions_filter(struct sessions_look *look, struct span text);
/* Looks at what has changed, and at nothing else. How many rows are shown. Numbers of rows count
 * from 1 on, and those of rows that made room are not used again. */
size_t sessions_update(struct sessions_look *look);
/* After sessions_update(). */
uint64_t sessions_number(const struct sessions_look *look, size_t i); /* of the row shown there */
size_t sessions_place(const struct sessions_look *look);              /* of the selected one */
const struct message_row *sessions_message(const struct sessions *s, uint64_t number);

/* What stands where, as drawn. */
struct sessions_drawn {
    size_t shown;    /* rows that the filter lets through */
    size_t selected; /* of these; when there are none, 0 */
    size_t below;    /* rows below those on the screen */
    size_t fresh;    /* of these, since the person left the end */
};
/* Draws into `where`, which must be blank: newest at the bottom, the selected row in sight. */
void sessions_draw(struct sessions_look *look, struct grid *g, struct rect where,
                   struct sessions_drawn *drawn);

#endif
