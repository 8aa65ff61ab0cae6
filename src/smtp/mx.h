/*
 * Which of a domain's mail servers is tried first. Nothing is looked up here.
 * Sources: RFC 5321 5.1 (preference, ties shuffled, implicit MX), RFC 7505 (null MX).
 */
#ifndef SMTP_MX_H
#define SMTP_MX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mx {
    unsigned preference; /* the lowest is tried first */
    const char *host;    /* borrowed; "." or "" for the root */
};

/* Puts them into the order in which they are tried; those of one preference are shuffled, so that
 * all clients together spread their load: the same `seed` gives the same order. */
void mx_order(struct mx *list, size_t count, uint64_t seed);
/* One record alone that names the root: the domain takes no mail, ever (RFC 7505 3). */
bool mx_is_null(const struct mx *list, size_t count);

#endif
