/*
 * How many clients are here from each address. An IPv6 client usually has a whole /64 to choose its
 * addresses from (RFC 6177 2), so these count as one.
 */
#ifndef SERVER_CROWD_H
#define SERVER_CROWD_H
#include <stdint.h>

#include "net/address.h"

/* Zero-filled is an empty crowd. */
struct crowd {
    struct crowd_place *at; /* owned; in crowd.c */
    size_t count, room;     /* addresses */
};
void crowd_release(struct crowd *c);
/* What stands for an address; never 0. */
uint64_t crowd_key(const struct address *a);
unsigned crowd_count(const struct crowd *c, uint64_t key);
void crowd_enter(struct crowd *c, uint64_t key);
void crowd_leave(struct crowd *c, uint64_t key); /* one that entered */

#endif
