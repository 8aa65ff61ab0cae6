/*
 * Standard output for a log: written a hundred times a second at most, and never waited for. A
 * reader who is too slow loses whole lines, and is told how many; clients are never held up by it.
 */
#ifndef APP_OUTLET_H
#define APP_OUTLET_H
#include "base/buf.h"
#include "net/loop.h"

/* Octets that wait for the reader. Some ten thousand lines: a reader who is that far behind reads
 * nothing at all. */
#define OUTLET_MAX ((size_t)1024 * 1024)

struct outlet;
struct outlet *outlet_new(struct loop *l, int fd); /* never NULL; fd stays the caller's */
/* Where the next line belongs; NULL: there is no room, and the line is counted as lost. Once full
 * there is none until half of it is free, so that losses are few and whole. Borrowed until the next
 * call. */
struct buf *outlet_line(struct outlet *o);
/* How many lines were lost since it was last asked. */
uint64_t outlet_lost(struct outlet *o);
/* At the end of each turn of the loop. Writes what can be written without waiting, now or soon. */
void outlet_turn(struct outlet *o);
/* Waits for the reader, at most so long. */
void outlet_finish(struct outlet *o, int64_t microseconds);
/* Why nothing can be written any more (errno); 0: it can. */
int outlet_broken(const struct outlet *o);
void outlet_free(struct outlet *o); /* NULL is fine; what waits is dropped */

#endif
