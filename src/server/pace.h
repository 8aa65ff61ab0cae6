/*
 * Octets that leave slowly, a few at a time: for a fault that is to be seen at work. Holds what has
 * not left yet; who sends it, and when it is called again, is the visit's matter.
 */
#ifndef SERVER_PACE_H
#define SERVER_PACE_H
#include "base/buf.h"
#include "base/clock.h"

struct pace;
/* `number` octets, then none for `gap` microseconds. */
struct pace *pace_new(uint64_t number, int64_t gap);
void pace_free(struct pace *p); /* NULL is fine */
void pace_change(struct pace *p, uint64_t number, int64_t gap);
void pace_add(struct pace *p, struct span octets); /* copies */
bool pace_empty(const struct pace *p);
/* When the next octets may leave. */
int64_t pace_due(const struct pace *p);
/* The next octets, at a time that is not before pace_due(); borrowed until the next call. */
struct span pace_take(struct pace *p, int64_t now);

#endif
