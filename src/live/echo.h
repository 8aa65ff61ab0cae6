/*
 * Secrets that a server sends back: what it repeats of a login must not stand in complaints or
 * reports. Not here: the record, which masks what the client sent.
 */
#ifndef LIVE_ECHO_H
#define LIVE_ECHO_H
#include "base/buf.h"

/* Shorter ones are in half of all words. */
#define ECHO_LEAST 4

/* Remembers a secret, as it was sent or as it was typed; those below ECHO_LEAST octets are not. */
void echo_add(struct buf *secrets, struct span secret);
/* `text` with MASK in the place of each of them, ended by a NUL. The caller frees it. */
char *echo_mask(const struct buf *secrets, struct span text);
void echo_release(struct buf *secrets); /* wipes */

#endif
