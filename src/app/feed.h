/*
 * What the terminal sends, handed to readline in whole keys. By itself readline waits for the rest
 * of a character or of a paste, and while it waits nothing else happens in the program. At most one
 * may exist: readline is the process's.
 */
#ifndef APP_FEED_H
#define APP_FEED_H
#include "net/loop.h"

struct feed;
/* readline must be initialised, its callback handler installed. ended: the terminal is gone. */
struct feed *feed_new(struct loop *l, void (*ended)(void *ctx), void *ctx); /* never NULL */
/* Forgets the key or paste that has only begun. False: there was none. */
bool feed_clear(struct feed *f);
/* No more keys. */
void feed_end(struct feed *f);
void feed_free(struct feed *f); /* NULL is fine */

#endif
