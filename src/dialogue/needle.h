/* Searching octets, ASCII letter case ignored, at the speed of memchr. Not in a locale's sense. */
#ifndef DIALOGUE_NEEDLE_H
#define DIALOGUE_NEEDLE_H
#include "base/span.h"

struct needle {
    struct span text;      /* borrowed */
    size_t rare;           /* index of its octet that text holds least often */
    unsigned char low, up; /* that octet, in both letter cases */
};

/* text.len > 0. Borrows it. */
struct needle needle_make(struct span text);

/* One search through one span. */
struct needle_scan {
    struct span in;
    size_t next_low, next_up; /* where the rare octet stands next, in each letter case */
};
struct needle_scan needle_start(const struct needle *n, struct span in);
/* True: *at is the next hit; hits may overlap. */
bool needle_next(const struct needle *n, struct needle_scan *scan, size_t *at);

#endif
