/*
 * Where the faults of a server (faults.h) meet one session: at each moment the rules are asked, and
 * the list of actions is rewritten. Private to the engine's files.
 *
 * A reply that refuses stands instead of the command, which is not carried out. Everything else is
 * done to what the engine has queued itself: other octets in the reply, waits before and inside it,
 * a reset where a reply was. At the end of a letter a lost reply leaves the letter stored: the
 * client cannot know (RFC 1047).
 */
#ifndef ENGINE_FAULTY_H
#define ENGINE_FAULTY_H
#include "engine/inner.h"

struct faulty;
void faulty_free(struct faulty *f); /* NULL is fine */
/* Octets of the client have come, and nobody has looked at them. True: a fault takes them all. */
bool faulty_takes(struct engine *e);
/* A fault wants that nothing is said any more. */
bool faulty_silent(const struct engine *e);

#endif
