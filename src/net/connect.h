/*
 * Making a connection: look the host up, try each address in turn, give a connected socket. A
 * stream (net/stream.h) holds one while it connects.
 */
#ifndef NET_CONNECT_H
#define NET_CONNECT_H
#include "net/stream.h"

struct connect;
struct connected {
    int fd;
    const struct address *peer; /* borrowed for the call; a socket broken off has forgotten it */
    bool broken;                /* by the peer, already: what it sent before is still to be read */
};
struct connect_hooks {
    /* RESOLVED, CONNECTING, then CONNECTED, or one of the failures, which is the last call. */
    void (*event)(void *ctx, enum stream_event e, const char *detail);
    /* The socket is connected; the callee owns it. Comes after CONNECTED, and is the last call. */
    void (*connected)(void *ctx, const struct connected *made);
    void *ctx;
};
/* Copies. Calls hooks later, never from here. Never NULL. */
struct connect *connect_new(struct loop *l, const struct stream_target *t,
                            const struct connect_hooks *hooks);
void connect_free(struct connect *c);                 /* NULL is fine; allowed in its hooks */
unsigned connect_local_port(const struct connect *c); /* of the attempt under way; 0: none */

#endif
