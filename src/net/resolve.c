/*
 * Name lookups over libevent's own DNS client. Not here: MX records and DNSSEC.
 *
 * Sources: RFC 6761 6.3 ("localhost" never goes to a name server) and 6.4 (nor does "invalid"),
 * hosts(5), resolv.conf(5).
 */
#include "net/resolve.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"

struct resolver {
    struct event_base *base;
    struct evdns_base *dns; /* NULL: not needed yet */
    bool has_servers;
    char *resolv_conf, *hosts;
};

struct lookup {
    struct event *done; /* delivers the result from the loop, never from resolve_start() */
    struct evdns_getaddrinfo_request *request; /* NULL: none under way */
    struct addresses v6, v4, found;
    const char *why;
    bool cancelled, starting;
    resolve_fn *fn;
    void *ctx;
};

struct resolver *resolver_new(struct event_base *base, const char *resolv_conf, const char *hosts)
{
    struct resolver *r = mem_zero(1, sizeof(*r));

    r->base = base;
    r->resolv_conf = mem_strdup(resolv_conf);
    r->hosts = mem_strdup(hosts);
    return r;
}

void resolver_free(struct resolver *r)
{
    if (!r)
        return;
    if (r->dns) {
        /* A cancelled lookup is given back from the loop: its turn must come before the end. */
        event_base_loop(r->base, EVLOOP_NONBLOCK);
        evdns_base_free(r->dns, 0);
    }
    mem_free(r->resolv_conf);
    mem_free(r->hosts);
    mem_free(r);
}

static void quiet(int warning, const char *text)
{
    (void)warning;
    (void)text;
}

/* True when there is a name server to ask. */
static bool dns_ready(struct resolver *r)
{
    if (!r->dns) {
        evdns_set_log_fn(quiet);
        r->dns = evdns_base_new(r->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
        /* Without a usable file libevent would ask 127.0.0.1, and wait. */
        r->has_servers =
            r->dns && evdns_base_resolv_conf_parse(
                          r->dns, DNS_OPTION_SEARCH | DNS_OPTION_NAMESERVERS | DNS_OPTION_MISC,
                          r->resolv_conf) == 0;
    }
    return r->has_servers;
}

static void add(struct addresses *list, const struct address *a)
{
    if (list->count < RESOLVE_MAX)
        list->at[list->count++] = *a;
}

static void lookup_add(struct lookup *u, const struct address *a)
{
    if (a->at.ss_family == AF_INET6)
        add(&u->v6, a);
    else if (a->at.ss_family == AF_INET)
        add(&u->v4, a);
}

static void lookup_free(struct lookup *u)
{
    event_free(u->done);
    mem_free(u);
}

static void deliver(evutil_socket_t fd, short what, void *arg)
{
    struct lookup *u = arg;

    (void)fd;
    (void)what;
    for (unsigned i = 0; i < RESOLVE_MAX; i++) {
        if (i < u->v6.count)
            add(&u->found, &u->v6.at[i]);
        if (i < u->v4.count)
            add(&u->found, &u->v4.at[i]);
    }
    u->fn(u->ctx, &u->found, u->found.count ? NULL : u->why);
    lookup_free(u);
}

static void lookup_done(struct lookup *u)
{
    struct timeval none = { 0, 0 };

    event_add(u->done, &none);
}

/* libevent tells a name that does not exist from all else, and no more. */
static const char *why_not(int error)
{
    return error == EVUTIL_EAI_NONAME ? "the name servers know no such name"
                                      : "the name servers gave no address for it";
}

static void answered(int error, struct evutil_addrinfo *list, void *arg)
{
    struct lookup *u = arg;

    u->request = NULL;
    for (struct evutil_addrinfo *i = list; i && !u->cancelled; i = i->ai_next) {
        struct address a = { .len = 0 };

        if (i->ai_addrlen > sizeof(a.at))
            continue;
        memcpy(&a.at, i->ai_addr, i->ai_addrlen);
        a.len = (socklen_t)i->ai_addrlen;
        lookup_add(u, &a);
    }
    if (list)
        evutil_freeaddrinfo(list);
    u->why = why_not(error);
    if (u->cancelled)
        lookup_free(u);
    else if (!u->starting)
        lookup_done(u);
}

bool resolve_hosts_line(struct span line, const char *host, struct address *out)
{
    struct span word, name = span_of(host);
    char number[ADDRESS_TEXT_MAX];
    bool first = true;

    if (name.len && name.at[name.len - 1] == '.')
        name.len--;
    line = span_first(line, span_find(line, '#'));
    for (;;) {
        size_t len = 0;

        line = span_trim(line);
        while (len < line.len && line.at[len] != ' ' && line.at[len] != '\t')
            len++;
        if (len == 0)
            return false;
        word = span_first(line, len);
        line = span_from(line, len);
        if (first) {
            if (len >= sizeof(number))
                return false;
            memcpy(number, word.at, len);
            number[len] = '\0';
            if (!address_numeric(number, 0, out))
                return false;
            first = false;
        } else if (span_eq_nocase(word, name)) {
            return true;
        }
    }
}

/* Read anew at each lookup: it is small, and a person who has just edited it wants to see that. */
static void ask_hosts(struct lookup *u, const char *path, const char *host)
{
    FILE *f = fopen(path, "re");
    struct buf all = { 0 };
    unsigned char piece[4096];
    size_t got;
    struct span rest;
    struct address a;

    if (!f)
        return;
    while (all.len < RESOLVE_HOSTS_MAX && (got = fread(piece, 1, sizeof(piece), f)) > 0)
        buf_add(&all, span_make(piece, got));
    fclose(f);
    rest = buf_span(&all);
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if (resolve_hosts_line(line, host, &a))
            lookup_add(u, &a);
    }
    buf_release(&all);
}

/* The name of `domain`, which begins with a dot, or one below it. */
static bool is_in(const char *host, const char *domain)
{
    struct span name = span_of(host), end = span_of(domain);

    if (name.len && name.at[name.len - 1] == '.')
        name.len--;
    if (span_eq_nocase(name, span_from(end, 1)))
        return true;
    return name.len > end.len && span_eq_nocase(span_from(name, name.len - end.len), end);
}

static void ask_servers(struct lookup *u, struct resolver *r, const char *host,
                        enum stream_family family)
{
    /* ADDRCONFIG: no IPv6 addresses where this machine has no IPv6. */
    struct evutil_addrinfo hints = { .ai_flags = EVUTIL_AI_ADDRCONFIG,
                                     .ai_family = family == STREAM_V4   ? AF_INET
                                                  : family == STREAM_V6 ? AF_INET6
                                                                        : AF_UNSPEC,
                                     .ai_socktype = SOCK_STREAM,
                                     .ai_protocol = IPPROTO_TCP };

    if (!dns_ready(r)) {
        u->why = "this machine names no name server to ask";
        lookup_done(u);
        return;
    }
    u->starting = true;
    u->request = evdns_getaddrinfo(r->dns, host, NULL, &hints, answered, u);
    u->starting = false;
    if (!u->request)
        lookup_done(u); /* answered at once: why and addresses are set */
}

struct lookup *resolve_start(struct resolver *r, const char *host, enum stream_family family,
                             resolve_fn *fn, void *ctx)
{
    struct lookup *u = mem_zero(1, sizeof(*u));
    struct address a;

    *u = (struct lookup){ .fn = fn, .ctx = ctx, .why = why_not(0) };
    u->done = event_new(r->base, -1, 0, deliver, u);
    if (is_in(host, ".localhost")) {
        if (address_numeric("::1", 0, &a))
            lookup_add(u, &a);
        if (address_numeric("127.0.0.1", 0, &a))
            lookup_add(u, &a);
    } else {
        ask_hosts(u, r->hosts, host);
    }
    if (u->v6.count + u->v4.count == 0) {
        if (is_in(host, ".invalid")) {
            u->why = "no host has a name that ends with .invalid";
            lookup_done(u);
        } else {
            ask_servers(u, r, host, family);
        }
        return u;
    }
    if (family == STREAM_V4)
        u->v6.count = 0;
    if (family == STREAM_V6)
        u->v4.count = 0;
    u->why = "the name has no address of the family asked for";
    lookup_done(u);
    return u;
}

void resolve_cancel(struct lookup *u)
{
    if (!u)
        return;
    if (u->request) {
        /* answered() comes once more, from the loop, and frees it. */
        u->cancelled = true;
        evdns_getaddrinfo_cancel(u->request);
        return;
    }
    lookup_free(u);
}
