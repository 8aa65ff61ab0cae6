/*
 * Looking a host's name up, without blocking and without a thread: the machine's own names, the
 * hosts file, then its name servers. SMTP's MX records are not asked for here.
 */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H
#include "net/address.h"
#include "net/stream.h"

/* Addresses tried for one name. Big sites have a handful for each family; trying more would only
 * make a person wait. */
#define RESOLVE_MAX 8
/* A hosts file larger than this is not read to its end. */
#define RESOLVE_HOSTS_MAX ((size_t)1024 * 1024)

struct addresses {
    unsigned count;
    struct address at[RESOLVE_MAX]; /* without port; IPv6 and IPv4 alternate, IPv6 first */
};

struct event_base;
struct resolver;
/* Copies the paths; reads the first when it first has to ask a name server. Never NULL. */
struct resolver *resolver_new(struct event_base *base, const char *resolv_conf, const char *hosts);
void resolver_free(struct resolver *r); /* NULL is fine; cancels what is under way */

/* found->count 0: `why` says in a few words why there are none, else it is NULL. Both borrowed for
 * the call; the lookup is over, do not cancel it. */
typedef void resolve_fn(void *ctx, const struct addresses *found, const char *why);
struct lookup;
/* Never NULL; fn is called later, never from here. No time limit: cancel it. */
struct lookup *resolve_start(struct resolver *r, const char *host, enum stream_family family,
                             resolve_fn *fn, void *ctx);
void resolve_cancel(struct lookup *u); /* fn is not called any more; NULL is fine */

/* A line of a hosts file: does it name `host`? True: *out is its address. */
bool resolve_hosts_line(struct span line, const char *host, struct address *out);

#endif
