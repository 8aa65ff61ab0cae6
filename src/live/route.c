#include "live/route.h"

#include <inttypes.h>

#include "base/mem.h"
#include "net/dns.h"
#include "smtp/mx.h"

struct route {
    struct loop *loop;
    char *domain; /* owned */
    uint64_t seed;
    struct dns_query *query; /* NULL: none is under way */
    int64_t asked_at;
    route_fn *fn;
    void *ctx;
    bool known;
    struct buf told, why;
    struct mx at[DNS_MX_MAX]; /* in the order of their turns; hosts are owned */
    size_t count, turn;
};

struct route *route_new(struct loop *l, const char *domain, uint64_t seed)
{
    struct route *w = mem_zero(1, sizeof *w);

    *w = (struct route){ .loop = l, .domain = mem_strdup(domain), .seed = seed };
    return w;
}

static void drop_hosts(struct route *w)
{
    while (w->count) {
        char *host = (char *)(uintptr_t)w->at[--w->count].host;

        mem_free(host);
    }
}

void route_free(struct route *w)
{
    if (!w)
        return;
    route_stop(w);
    drop_hosts(w);
    buf_release(&w->told);
    buf_release(&w->why);
    mem_free(w->domain);
    mem_free(w);
}

const char *route_domain(const struct route *w)
{
    return w->domain;
}

static void add_host(struct route *w, unsigned preference, const char *host)
{
    w->at[w->count++] = (struct mx){ preference, mem_strdup(host) };
}

/* The records in the order of their turns. */
static void take_records(struct route *w, const struct dns_answer *a)
{
    for (unsigned i = 0; i < a->count; i++)
        add_host(w, a->at[i].preference, a->at[i].host);
    mx_order(w->at, w->count, w->seed);
    for (size_t i = 0; i < w->count; i++)
        buf_printf(&w->told, "%s%u %s", i ? ", " : "", w->at[i].preference,
                   w->at[i].host[0] ? w->at[i].host : ".");
    if (a->secure)
        buf_add_text(&w->told, ", signed");
    if (!mx_is_null(w->at, w->count))
        return;
    buf_printf(&w->why,
               "%s takes no mail at all: its one MX record names no server (null MX, RFC 7505 3)",
               w->domain);
    drop_hosts(w);
}

/* Roots among other records name no server, either (RFC 7505 3 forbids them). */
static void drop_roots(struct route *w)
{
    size_t kept = 0;

    for (size_t i = 0; i < w->count; i++) {
        char *host = (char *)(uintptr_t)w->at[i].host;

        if (host[0])
            w->at[kept++] = w->at[i];
        else
            mem_free(host);
    }
    if (!kept && w->count)
        buf_printf(&w->why, "none of the MX records of %s names a server", w->domain);
    w->count = kept;
}

static void answered(void *ctx, const struct dns_answer *a)
{
    struct route *w = ctx;
    int64_t ms = (loop_now(w->loop) - w->asked_at + 500) / 1000;

    w->query = NULL;
    w->known = true;
    buf_printf(&w->told, "MX %s: ", w->domain);
    switch (a->result) {
    case DNS_FOUND:
        take_records(w, a);
        drop_roots(w);
        break;
    case DNS_NONE: /* RFC 5321 5.1: as if it were an MX of preference 0 */
        add_host(w, 0, w->domain);
        buf_printf(&w->told, "none, so %s itself is meant (implicit MX)", w->domain);
        break;
    case DNS_NO_NAME:
        buf_add_text(&w->told, "no such name");
        buf_printf(&w->why, "there is no domain %s", w->domain);
        break;
    case DNS_FAILED:
        buf_add_text(&w->told, "no answer of use");
        buf_printf(&w->why, "%s; RFC 5321 5.1 has a mail server try again later", a->why);
        break;
    case DNS_BOGUS:
        buf_add_text(&w->told, "an answer that is not to be trusted");
        buf_printf(&w->why, "%s: it may be forged, and is not used", a->why);
        break;
    }
    buf_printf(&w->told, " (%" PRId64 " ms)", ms);
    w->fn(w->ctx);
}

void route_ask(struct route *w, route_fn *fn, void *ctx)
{
    w->fn = fn;
    w->ctx = ctx;
    w->asked_at = loop_now(w->loop);
    w->query = dns_mx(w->loop, w->domain, answered, w);
}

void route_stop(struct route *w)
{
    dns_cancel(w->query);
    w->query = NULL;
}

bool route_known(const struct route *w)
{
    return w->known;
}

const char *route_told(const struct route *w)
{
    return buf_text(&w->told);
}

const char *route_why(const struct route *w)
{
    return w->why.len ? buf_text(&w->why) : NULL;
}

const char *route_host(const struct route *w)
{
    return w->turn < w->count ? w->at[w->turn].host : NULL;
}

void route_chosen(const struct route *w, struct buf *out)
{
    const struct mx *m = &w->at[w->turn];

    buf_printf(out, "%s (preference %u, %zu of %zu)", m->host, m->preference, w->turn + 1,
               w->count);
}

bool route_next(struct route *w)
{
    if (w->turn < w->count)
        w->turn++;
    return w->turn < w->count;
}

/* The event that ended the dialogue; false: it goes on. */
static bool ending(const struct record *r, unsigned d, enum talk_event *out)
{
    struct record_event e;

    for (uint32_t i = record_events(r, d); i--;) {
        record_event_get(r, d, i, &e);
        *out = e.event;
        if (talk_event_ends(e.event))
            return true;
    }
    return false;
}

/* Of the first whole reply; 0: none has come. */
static unsigned greeting_code(const struct record *r, unsigned d)
{
    struct record_line line;

    for (uint32_t n = 1; record_now(r, d)->greeted && n <= record_lines(r, d); n++) {
        if (record_line_side(r, d, n) != SIDE_SERVER)
            continue;
        record_line(r, d, n, 0, &line);
        if (line.reply_end)
            return line.code;
    }
    return 0;
}

enum route_turn route_turn(const struct record *r, unsigned d)
{
    unsigned code = greeting_code(r, d);
    enum talk_event end;

    if (code)
        return code / 100 == 4 || code / 100 == 5 ? ROUTE_NEXT : ROUTE_STAYS;
    if (!ending(r, d, &end))
        return ROUTE_OPEN;
    switch (end) {
    case TALK_NOT_FOUND:
    case TALK_REFUSED:
    case TALK_UNREACHABLE:
    case TALK_CONNECT_TIMEOUT:
    case TALK_CLOSED_BY_SERVER:
    case TALK_RESET:
        return ROUTE_NEXT;
    default:
        return ROUTE_STAYS;
    }
}
