/*
 * What is wrong with a command because of when it comes, or because of what the server offered.
 * What is wrong with the line by itself is smtp/command.h's matter.
 */
#ifndef DIALOGUE_ORDER_H
#define DIALOGUE_ORDER_H
#include "dialogue/observer.h"

/* Adds to c->mistakes. To be called before the command joins those that wait. */
void order_check(const struct observer *o, struct command *c);
/* True when a client must wait for the reply to this verb before it sends more (RFC 2920 3.1). */
bool order_must_wait(enum verb verb);

#endif
