/*
 * Playing a script: a machine without I/O. It says what to do next (send, await, run a console
 * command, pause); the caller tells it the replies that came. All C: lines up to the next S: go out
 * in one write. Compares codes, and texts where the script asks for it.
 */
#ifndef STORED_PLAYER_H
#define STORED_PLAYER_H
#include "stored/script.h"

enum player_step {
    PLAYER_SEND,    /* send `octets` */
    PLAYER_AWAIT,   /* wait for a whole reply, then player_reply() */
    PLAYER_COMMAND, /* run console command `octets`, then player_done() */
    PLAYER_PAUSE, /* wait `pause` microseconds (only when timings are asked for), then player_done()
                   */
    PLAYER_FINISHED, /* all was played and matched */
    PLAYER_MISMATCH, /* see player_mismatch(); playing has stopped */
    PLAYER_BROKEN,   /* the script itself is wrong: err */
};
struct player_action {
    enum player_step step;
    struct span octets; /* borrowed until the next call */
    int64_t pause;
    unsigned line;       /* in the script */
    const char *warning; /* what this step does that the protocol forbids; NULL: nothing */
};
struct player_mismatch {
    unsigned line;        /* in the script */
    struct span expected; /* the S: lines as written, joined by \n */
    struct span
        got; /* the reply that came, joined by \n; empty: the connection ended, or time ran out */
    const char *why; /* "the code differs", "the text differs", "the connection ended" */
};

struct player;
struct player *player_new(struct span script, bool timed); /* borrows the text */
void player_free(struct player *p);                        /* NULL is fine */
void player_next(struct player *p, struct player_action *out, struct error *err);
/* A whole reply came: its lines without line ends, joined by \n. Unsolicited ones too. */
void player_reply(struct player *p, unsigned code, struct span lines);
void player_done(struct player *p);
void player_ended(struct player *p, const char *why); /* the connection is gone, or time ran out */
void player_mismatch(const struct player *p, struct player_mismatch *out);

#endif
