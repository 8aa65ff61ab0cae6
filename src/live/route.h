/*
 * The way to the mail servers of a domain: which they are, in which order they are tried, and when
 * it is the next one's turn. A client (live/client.h) asks for it, and connects to the server whose
 * turn it is; each connection is a dialogue of its own.
 *
 * Sources: RFC 5321 5.1 (MX, their order, trying each), RFC 7505 (null MX), RFC 4035 (bogus).
 */
#ifndef LIVE_ROUTE_H
#define LIVE_ROUTE_H
#include "dialogue/record.h"
#include "net/loop.h"

struct route;
/* Asks nobody yet. Servers of one preference are shuffled by `seed`. Copies; borrows loop. Never
 * NULL. */
struct route *route_new(struct loop *l, const char *domain, uint64_t seed);
void route_free(struct route *w); /* NULL is fine; what is under way is cancelled */
const char *route_domain(const struct route *w);

/* Asks for the MX records; fn is called later, once, never from here. */
typedef void route_fn(void *ctx);
void route_ask(struct route *w, route_fn *fn, void *ctx);
void route_stop(struct route *w); /* fn is not called any more */
/* It was asked, and answered: the rest has a meaning. */
bool route_known(const struct route *w);
/* What was asked and answered, in what time, as TALK_LOOKUP tells it: "MX crepes.fr: 10
 * mx1.crepes.fr, 20 mx2.crepes.fr (3 ms)", in the order of their turns. */
const char *route_told(const struct route *w);
/* Why there is no server to try, in words; NULL: there is one. */
const char *route_why(const struct route *w);

/* The server whose turn it is; NULL: there is none. Borrowed until route_next(). */
const char *route_host(const struct route *w);
/* The same as TALK_CHOSEN tells it: "mx2.crepes.fr (preference 20, 2 of 2)". */
void route_chosen(const struct route *w, struct buf *out);
bool route_next(struct route *w); /* it is the next one's turn; false: that was the last */

/* How the attempt in a dialogue goes. */
enum route_turn {
    ROUTE_OPEN,  /* it is not known yet */
    ROUTE_STAYS, /* this is the server; or the user ended it */
    ROUTE_NEXT,  /* no connection, or a greeting that takes no mail: the next one's turn */
};
enum route_turn route_turn(const struct record *r, unsigned d);

#endif
