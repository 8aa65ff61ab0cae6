/* Listening on a TCP port. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H
#include "base/error.h"
#include "net/address.h"
#include "net/loop.h"

struct listener;
/* `address` in numbers, or "localhost"; port 0: a free one. accepted() gets each new connection's
 * descriptor (non-blocking, closed by exec, TCP_NODELAY) and owns it. NULL: err. */
struct listener *listener_new(struct loop *l, const char *address, unsigned port,
                              void (*accepted)(void *ctx, int fd), void *ctx, struct error *err);
unsigned listener_port(const struct listener *l);
const char *listener_address(const struct listener *l);
/* Inside accepted(): whose connection it is. */
const struct address *listener_peer(const struct listener *l);
void listener_free(struct listener *l); /* NULL is fine; allowed in accepted() */

#endif
