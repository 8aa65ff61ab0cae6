/*
 * Replies, line by line: whom they answer, and what they do to the state. The reply moves the
 * state, legal or not; where to stands in smtp/session.c. Private to the observer.
 *
 * Sources: RFC 5321 3.8 (421), 4.1.1.1 (EHLO reply), 4.2; RFC 2920 3.1 (order); RFC 2033 4.2 (one
 * reply for each recipient).
 */
#ifndef DIALOGUE_MOVES_H
#define DIALOGUE_MOVES_H
#include "dialogue/observer.h"

/* Takes a line of the server; fills the reply's part of *out. */
void moves_reply_line(struct observer *o, const struct line *line, struct observed *out);
/* A command joined those that wait: moves o->expected. flags: of its run. */
void moves_expect(struct observer *o, enum verb verb, unsigned flags);
/* The TLS handshake is done. */
void moves_encrypted(struct observer *o);
/* The talk is over: nothing waits any longer. */
void moves_end(struct observer *o);

#endif
