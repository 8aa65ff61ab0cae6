/*
 * MX records, over libunbound on our own event loop: no thread, nothing blocks. Addresses of hosts
 * are net/resolve.h's matter. Lookups go to the name servers that the machine names.
 *
 * Sources: RFC 1035 4 (messages), RFC 5321 5.1, RFC 4035 (what "secure" and "bogus" mean).
 */
#ifndef NET_DNS_H
#define NET_DNS_H
#include <stddef.h>

#include "net/loop.h"

/* MX records of one domain. The largest providers have a handful; more would be tried by nobody. */
#define DNS_MX_MAX 32
/* A name as text, with its NUL (RFC 1035 3.1: 255 octets on the wire). */
#define DNS_NAME_MAX 256
/* How long an answer is waited for, all name servers together. */
#define DNS_TIMEOUT (20 * CLOCK_SECOND)

enum dns_result {
    DNS_FOUND,
    DNS_NONE,    /* the name exists, and has no MX record: its addresses count (RFC 5321 5.1) */
    DNS_NO_NAME, /* there is no such name */
    DNS_FAILED,  /* no answer, or none of use */
    DNS_BOGUS,   /* the answer's signature is wrong (DNSSEC): it is not to be trusted */
};

struct dns_mx_record {
    unsigned preference;
    char host[DNS_NAME_MAX]; /* without a dot at the end; "" for the root: the null MX */
};
struct dns_answer {
    enum dns_result result;
    const char *why; /* DNS_FAILED, DNS_BOGUS: in a few words; else NULL */
    bool secure;     /* signed, and verified */
    unsigned count;
    struct dns_mx_record at[DNS_MX_MAX]; /* in the answer's order */
};

/* The answer is borrowed for the call; the query is over, do not cancel it. */
typedef void dns_fn(void *ctx, const struct dns_answer *answer);
struct dns_query;
/* Never NULL; fn is called later, never from here. */
struct dns_query *dns_mx(struct loop *l, const char *domain, dns_fn *fn, void *ctx);
void dns_cancel(struct dns_query *q); /* fn is not called any more; NULL is fine */

/* Who looks up, for the loop; made at the first query. */
struct dns;
struct dns *dns_new(struct loop *l, const char *resolv_conf); /* copies */
void dns_free(struct dns *d);                                 /* NULL is fine */

/* Reads a DNS message: the MX records of its answer. result is DNS_FAILED when it is no message. */
void dns_read_mx(const unsigned char *packet, size_t len, struct dns_answer *out);

#endif
