/*
 * A range of addresses, as people name those they trust: "127.0.0.1", "192.0.2.0/24", "::1".
 * Source: RFC 4632 3.1 (prefixes).
 */
#ifndef NET_RANGE_H
#define NET_RANGE_H
#include "base/span.h"
#include "net/address.h"

struct range {
    struct address first;
    unsigned bits; /* that must be equal */
};
/* "ADDR" or "ADDR/BITS", in numbers. False: err. */
bool range_read(const char *text, struct range *out, struct error *err);
/* An IPv4 address that came in as IPv6 (::ffff:a.b.c.d, RFC 4291 2.5.5.2) is taken as IPv4. */
bool range_holds(const struct range *r, const struct address *a);
bool ranges_hold(const struct range *r, size_t count, const struct address *a);

#endif
