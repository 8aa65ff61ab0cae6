/*
 * The PROXY header: one line, or a few octets, in which a proxy says for whom it connects, before
 * anything else on the connection. Read and written here, both versions; no sockets, and no
 * decision whom to believe.
 *
 * Source: "The PROXY protocol, versions 1 & 2" (haproxy, proxy-protocol.txt) 2.1, 2.2.
 */
#ifndef NET_PROXY_HEADER_H
#define NET_PROXY_HEADER_H
#include "base/buf.h"
#include "net/address.h"

/* Octets of one header. Version 1 has 107 at most (2.1). Version 2 could have 65,551; its
 * addresses need 52, and what real proxies add (names, certificates' subjects) is a few hundred. */
#define PROXY_HEADER_MAX 4096

enum proxy_result {
    PROXY_MORE, /* it is not whole yet */
    PROXY_READ,
    PROXY_WRONG, /* it is none */
};
struct proxy_header {
    unsigned version; /* 1 or 2 */
    bool named; /* `from` and `to` are told; else the proxy speaks for itself, or does not know
                   for whom: the connection's own addresses hold */
    struct address from, to;
    size_t octets;   /* its length */
    const char *why; /* PROXY_WRONG: a clause for people, static */
};
/* Reads the header that `octets`, all that came so far, begin with. What follows it is not looked
 * at. `out` is filled in for PROXY_READ, and `why` for PROXY_WRONG. */
enum proxy_result proxy_header_read(struct span octets, struct proxy_header *out);
/* Appends the header of that version for a connection between these two; where they are not of one
 * family, it says that they are not known. */
void proxy_header_write(struct buf *out, unsigned version, const struct address *from,
                        const struct address *to);

#endif
