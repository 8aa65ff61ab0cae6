/*
 * Queries over libunbound. It hides nothing in threads here: its sockets and timers are events of
 * our own loop.
 */
#include "net/dns.h"

#include <stdio.h>
#include <unbound-event.h>
#include <unbound.h>

#include "base/buf.h"
#include "base/mem.h"

#define TYPE_MX  15
#define CLASS_IN 1
/* Lines of a resolv.conf that are looked at. */
#define CONF_LINES_MAX 1000

struct dns {
    struct ub_ctx *ctx; /* NULL: not asked for yet, or not to be had */
    struct loop *loop;
    char *resolv_conf;
    bool ready; /* set up; whether it worked or not */
    const char *why;
};

struct dns_query {
    struct dns *dns;
    struct watch *timer; /* delivers what is known already; or gives up */
    int id;
    bool asked; /* libunbound has it */
    bool starting;
    struct dns_answer answer;
    dns_fn *fn;
    void *ctx;
};

struct dns *dns_new(struct loop *l, const char *resolv_conf)
{
    struct dns *d = mem_zero(1, sizeof *d);

    *d = (struct dns){ .loop = l, .resolv_conf = mem_strdup(resolv_conf) };
    return d;
}

void dns_free(struct dns *d)
{
    if (!d)
        return;
    if (d->ctx)
        ub_ctx_delete(d->ctx);
    mem_free(d->resolv_conf);
    mem_free(d);
}

/* "192.0.2.1", "192.0.2.1:5353", "[::1]:5353" become "192.0.2.1@5353" and so on, as libunbound
 * wants it. */
static void forward_to(struct dns *d, struct span server, unsigned *count)
{
    struct buf to = { 0 };
    size_t close = span_find(server, ']');

    if (server.len && server.at[0] == '[' && close < server.len) {
        buf_add(&to, span_first(span_from(server, 1), close - 1));
        server = span_from(server, close + 1);
        if (server.len > 1)
            buf_add_octet(&to, '@');
        buf_add(&to, span_from(server, server.len ? 1 : 0));
    } else {
        struct span port, host = span_cut(server, ':', &port);
        bool v4 = port.len && span_find(port, ':') == port.len;

        buf_add(&to, v4 ? host : server);
        if (v4) {
            buf_add_octet(&to, '@');
            buf_add(&to, port);
        }
    }
    if (ub_ctx_set_fwd(d->ctx, buf_text(&to)) == 0)
        ++*count;
    buf_release(&to);
}

/* "nameserver 192.0.2.1": what follows the word; empty for any other line. */
static struct span server_of(struct span line)
{
    size_t len = 0;

    line = span_first(line, span_find(line, '#'));
    if (!span_starts(line, SPAN("nameserver")))
        return (struct span){ 0 };
    line = span_from(line, strlen("nameserver"));
    if (line.len == 0 || (line.at[0] != ' ' && line.at[0] != '\t'))
        return (struct span){ 0 };
    while (line.len && (line.at[0] == ' ' || line.at[0] == '\t'))
        line = span_from(line, 1);
    while (len < line.len && line.at[len] != ' ' && line.at[len] != '\t')
        len++;
    return span_first(line, len);
}

/* The name servers of resolv.conf. */
static unsigned read_servers(struct dns *d)
{
    FILE *f = fopen(d->resolv_conf, "re");
    char line[256];
    unsigned count = 0;

    if (!f)
        return 0;
    for (int n = 0; n < CONF_LINES_MAX && fgets(line, sizeof line, f); n++) {
        struct span server = server_of(span_first(span_of(line), strcspn(line, "\r\n")));

        if (server.len)
            forward_to(d, server, &count);
    }
    fclose(f);
    return count;
}

static void set_up(struct dns *d)
{
    d->ready = true;
    d->ctx = ub_ctx_create_event(loop_base(d->loop));
    if (!d->ctx) {
        d->why = "the library for name lookups does not start";
        return;
    }
    ub_ctx_debuglevel(d->ctx, 0);
    ub_ctx_debugout(d->ctx, NULL);
    /* A name server on this machine is as good as any other. */
    ub_ctx_set_option(d->ctx, "do-not-query-localhost:", "no");
    if (read_servers(d) == 0)
        d->why = "this machine names no name server to ask";
    /* Servers of tests and classes live below such names. Last: from here on no forwarder is
     * taken. */
    ub_ctx_zone_add(d->ctx, "test.", "transparent");
}

static void query_free(struct dns_query *q)
{
    watch_free(q->timer);
    mem_free(q);
}

static void deliver(struct dns_query *q)
{
    dns_fn *fn = q->fn;
    void *ctx = q->ctx;

    q->asked = false;
    fn(ctx, &q->answer);
    query_free(q);
}

static void fail(struct dns_query *q, const char *why)
{
    q->answer = (struct dns_answer){ .result = DNS_FAILED, .why = why };
}

static void timer_fired(void *arg)
{
    struct dns_query *q = arg;

    if (q->asked) {
        ub_cancel(q->dns->ctx, q->id);
        fail(q, "no name server answered in time");
    }
    deliver(q);
}

static void answered(void *arg, int rcode, void *packet, int len, int sec, char *why, int limited)
{
    struct dns_query *q = arg;

    (void)why;
    (void)limited;
    q->asked = false;
    if (packet && len > 0 && rcode != 2)
        dns_read_mx(packet, (size_t)len, &q->answer);
    else
        fail(q, "the name servers failed to answer");
    q->answer.secure = sec == 2;
    if (sec == 1) /* with data all the same, which is not to be used */
        q->answer = (struct dns_answer){ .result = DNS_BOGUS,
                                         .why = "the answer's signature (DNSSEC) is wrong" };
    if (q->starting)
        watch_set_timer(q->timer, 0);
    else
        deliver(q);
}

struct dns_query *dns_mx(struct loop *l, const char *domain, dns_fn *fn, void *ctx)
{
    struct dns *d = loop_dns(l);
    struct dns_query *q = mem_zero(1, sizeof *q);

    *q = (struct dns_query){ .dns = d, .fn = fn, .ctx = ctx };
    q->timer = loop_timer(l, timer_fired, q);
    if (!d->ready)
        set_up(d);
    if (d->why) {
        fail(q, d->why);
        watch_set_timer(q->timer, 0);
        return q;
    }
    watch_set_timer(q->timer, DNS_TIMEOUT);
    q->asked = q->starting = true;
    if (ub_resolve_event(d->ctx, domain, TYPE_MX, CLASS_IN, q, answered, &q->id) != 0) {
        q->asked = false;
        fail(q, "this is no name that can be looked up");
        watch_set_timer(q->timer, 0);
    }
    q->starting = false;
    return q;
}

void dns_cancel(struct dns_query *q)
{
    if (!q)
        return;
    if (q->asked)
        ub_cancel(q->dns->ctx, q->id);
    query_free(q);
}
