/*
 * Playing a script: a machine without I/O. It says what to do next (send, await, run a console
 * command, pause); the caller does it, and tells the replies that come. All C: lines up to the next
 * S: go out in one write. Codes are compared, and texts where the script asks for it.
 */
#ifndef STORED_PLAYER_H
#define STORED_PLAYER_H
#include "stored/script.h"

/* Replies that came before the script awaits them. A peer may send without end; beyond these
 * limits playing stops with a mismatch. More than any pipelined group in use has. */
#define PLAYER_AHEAD_REPLIES 10000
#define PLAYER_AHEAD_OCTETS  ((size_t)4 * 1024 * 1024)

enum player_step {
    PLAYER_SEND,     /* send `octets` */
    PLAYER_AWAIT,    /* wait for a whole reply, then player_reply() */
    PLAYER_COMMAND,  /* run console command `octets` (without slash), then player_done() */
    PLAYER_PAUSE,    /* wait `pause` microseconds (only when timed), then player_done() */
    PLAYER_FINISHED, /* all was played and matched */
    PLAYER_MISMATCH, /* see player_mismatch(); playing has stopped */
    PLAYER_BROKEN,   /* the script itself is wrong: err; playing has stopped */
};
struct player_action {
    enum player_step step;
    struct span octets; /* SEND, COMMAND; AWAIT: the expected lines; borrowed until the next call */
    int64_t pause;
    unsigned dialogue;   /* whose step it is */
    unsigned line;       /* in the script */
    const char *warning; /* what this step does that the protocol forbids; NULL: nothing */
};
struct player_mismatch {
    unsigned line;        /* in the script */
    struct span expected; /* the reply's lines as in the script, without S:, joined by \n */
    struct span got;      /* the reply that came; empty: the connection ended, or time ran out */
    const char *why;      /* "the code differs", "the text differs", "the connection ended" ... */
};

struct player;
struct player *player_new(struct span script, bool timed); /* borrows the text */
void player_free(struct player *p);                        /* NULL is fine */
/* What to do now. Asked again before it is done, it gives the same AWAIT, COMMAND or PAUSE again;
 * a SEND is given once. */
void player_next(struct player *p, struct player_action *out, struct error *err);
/* A whole reply came: its lines without line ends, joined by \n. Unsolicited ones too, and at any
 * time: one that is not awaited yet is kept. */
void player_reply(struct player *p, unsigned code, struct span lines);
/* The command has ended, the pause is over. */
void player_done(struct player *p);
/* The connection is gone, or time ran out; `why` is copied. Replies that came before count; a
 * command that is done afterwards may have connected anew. */
void player_ended(struct player *p, const char *why);
/* Which dialogue the next player_reply() or player_ended() is about, in scripts that hold several;
 * without it, the one of the last action. */
void player_talk(struct player *p, unsigned dialogue);
void player_mismatch(const struct player *p, struct player_mismatch *out);

#endif
