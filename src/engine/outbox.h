/*
 * What the engine wants done, in order, until it is pulled. Facts go out as they are stated; the
 * octets of replies gather behind them into one write. When all is pulled the memory is given back:
 * an idle session holds none.
 */
#ifndef ENGINE_OUTBOX_H
#define ENGINE_OUTBOX_H
#include "base/buf.h"
#include "engine/engine.h"

struct outbox_item; /* in outbox.c */

struct outbox {
    struct outbox_item *items; /* owned */
    size_t count, room, next;  /* next: the first one not pulled */
    struct buf replies;        /* octets of all writes */
    size_t written;            /* how many of them have an item */
    struct buf words;          /* texts of all facts */
};

void outbox_release(struct outbox *o);
/* One reply line: code, "-" or " ", the enhanced code if it is not empty; then its text is added to
 * o->replies; the end cuts it to what a line may hold (RFC 5321 4.5.3.1.5). */
size_t outbox_line(struct outbox *o, unsigned code, bool more, const char *enhanced);
void outbox_line_end(struct outbox *o, size_t start); /* start: what outbox_line returned */
/* Copies the fact's text. */
void outbox_fact(struct outbox *o, const struct fact *f);
/* The same with a text put together here. */
void outbox_vfact(struct outbox *o, enum fact_kind kind, uint64_t number, const char *format,
                  va_list args) __attribute__((format(printf, 4, 0)));
/* More text for the fact that was added last. */
void outbox_fact_more(struct outbox *o, struct span text);
/* Any other action: replies so far go out before it. */
void outbox_act(struct outbox *o, enum action_kind kind);
void outbox_store(struct outbox *o, const struct engine_letter *letter); /* borrows */
void outbox_auth(struct outbox *o, const struct engine_login *step);     /* borrows */
void outbox_wait(struct outbox *o, int64_t until);
/* From here on: `number` octets at a time, `apart` between; 0: as usual. */
void outbox_slow(struct outbox *o, uint64_t number, int64_t apart);
/* Octets that wait to be pulled. */
size_t outbox_waiting(const struct outbox *o);
/*
 * For faults, which change what was queued.
 */
size_t outbox_mark(struct outbox *o); /* what is queued from here on is another matter */
void outbox_octets(struct outbox *o, struct span octets); /* of a reply, whatever they are */
/* Takes all that was queued since the mark out of the list and hands it to fn, one by one, with the
 * octets of writes (a copy). fn puts it back, or queues something else. What was pulled meanwhile
 * is not among it. */
typedef void outbox_rewriter(void *ctx, const struct outbox_item *item, struct span octets);
void outbox_rewrite(struct outbox *o, size_t mark, outbox_rewriter *fn, void *ctx);
void outbox_put(struct outbox *o, const struct outbox_item *item);
/* The last ACTION_CLOSE becomes ACTION_RESET. */
void outbox_reset_instead(struct outbox *o);
/* The next one. False: all are pulled. */
bool outbox_next(struct outbox *o, struct action *out);

#endif
