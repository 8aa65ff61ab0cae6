/*
 * What a fault does to replies: says its own, or rewrites the actions that were queued. Private to
 * faulty.c and faulty_write.c.
 */
#ifndef ENGINE_FAULTY_WRITE_H
#define ENGINE_FAULTY_WRITE_H
#include "engine/faults.h"
#include "engine/inner.h"

/* Places where one reply is cut. */
#define FAULTY_PIECES_MAX 64

/* A fault_play that lasts until the letter is stored, whatever becomes of the rules: all owned. */
struct faulty_play {
    bool plays, refuses;
    bool said;        /* it has octets of its own */
    struct buf reply; /* these: whole, as they go out */
    unsigned code;
    int64_t delay, pause;
    unsigned slow;
    uint64_t *pieces; /* NULL: none */
    size_t piece_count;
    struct buf strip, add; /* keywords, each with a NUL at its end */
    enum fault_tls tls;
    enum fault_end end;
    size_t mark; /* of the outbox: what is queued behind it is rewritten */
    bool waits;  /* the rewritten list has waits */
};
void faulty_play_keep(struct faulty_play *out, const struct fault_play *play); /* copies */
void faulty_play_release(struct faulty_play *p);
/* Queues the fault's own octets. */
void faulty_say(struct engine *e, const struct faulty_play *p);
/* Rewrites what was queued since p->mark. */
void faulty_rewrite(struct engine *e, struct faulty_play *p);

#endif
