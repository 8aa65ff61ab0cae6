/*
 * Many points in time over one timer of the loop. A server has an alarm for each client: setting
 * one touches a heap, and the loop's timer only when it is now the earliest.
 */
#ifndef SERVER_ALARMS_H
#define SERVER_ALARMS_H
#include <stddef.h>

#include "net/loop.h"

struct alarms;
/* Held by value in what it wakes. Zero-filled: not set. */
struct alarm {
    int64_t at;
    size_t place; /* in the heap, from 1; 0: not set */
};
/* fn() is called for each alarm whose time has come, which is not set any more then. It may set
 * and drop any alarm, and must not free the alarms. */
struct alarms *alarms_new(struct loop *l, void (*fn)(struct alarm *a));
void alarms_free(struct alarms *all);                            /* NULL is fine; none may be set */
void alarm_set(struct alarms *all, struct alarm *a, int64_t at); /* anew, if it was set */
void alarm_drop(struct alarms *all, struct alarm *a);            /* fine when it is not set */

#endif
