/*
 * Making a connection. One overall time-out; each address may use its share of what is left, so
 * that one dead address leaves time for the others.
 *
 * Sources: RFC 5321 5.1 (every address is tried), RFC 8305 4 (families alternate).
 */
#include "net/connect.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/resolve.h"

struct connect {
    struct loop *loop;
    struct connect_hooks hooks;
    char *host;
    unsigned port;
    enum stream_family family;
    char *source; /* our own address, as given; NULL: the system chooses */
    struct address from;
    int64_t deadline;
    struct lookup *lookup;
    struct addresses found;
    unsigned next;       /* address to try next */
    int fd;              /* -1: none */
    struct event *wait;  /* the socket under way; NULL: none */
    struct event *timer; /* the first step, this address's share, or the overall limit */
    bool started, over;
    enum stream_event failure; /* that of the address that told most */
    char failure_detail[ADDRESS_TEXT_MAX + 180];
    unsigned calls; /* hooks running now */
    bool dead;
};

static void step(struct connect *c);

static void destroy(struct connect *c)
{
    resolve_cancel(c->lookup);
    if (c->wait)
        event_free(c->wait);
    event_free(c->timer);
    if (c->fd >= 0)
        close(c->fd);
    mem_free(c->host);
    mem_free(c->source);
    mem_free(c);
}

/* False: the connector was freed by the hook. */
static bool tell(struct connect *c, enum stream_event e, const char *detail)
{
    c->calls++;
    c->hooks.event(c->hooks.ctx, e, detail);
    c->calls--;
    if (!c->dead)
        return true;
    if (c->calls == 0)
        destroy(c);
    return false;
}

static void drop_socket(struct connect *c)
{
    if (c->wait)
        event_free(c->wait);
    c->wait = NULL;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

static void finish(struct connect *c, enum stream_event e, const char *detail)
{
    drop_socket(c);
    event_del(c->timer);
    c->over = true;
    tell(c, e, detail);
}

static void set_timer(struct connect *c, int64_t in)
{
    struct timeval t;

    if (in < 0)
        in = 0;
    t.tv_sec = (time_t)(in / CLOCK_SECOND);
    t.tv_usec = (suseconds_t)(in % CLOCK_SECOND);
    event_add(c->timer, &t);
}

/* How much a failure says: a host that refuses is there; a network that is missing may be ours. */
static int weight(enum stream_event e)
{
    return e == STREAM_REFUSED ? 3 : e == STREAM_TIMEOUT ? 2 : e == STREAM_UNREACHABLE ? 1 : 0;
}

/* `why` stands after an address that could not be reached. */
static void failed_why(struct connect *c, enum stream_event e, const char *why)
{
    char where[ADDRESS_TEXT_MAX];

    drop_socket(c);
    address_port_text(&c->found.at[c->next - 1], where);
    if (weight(e) > weight(c->failure)) {
        c->failure = e;
        snprintf(c->failure_detail, sizeof(c->failure_detail),
                 e == STREAM_UNREACHABLE ? "%s (%.150s)" : "%s", where, why);
    }
    step(c);
}

static void failed(struct connect *c, int error)
{
    failed_why(c,
               error == ECONNREFUSED ? STREAM_REFUSED
               : error == ETIMEDOUT  ? STREAM_TIMEOUT
                                     : STREAM_UNREACHABLE,
               strerror(error));
}

/* Our own end, when one was asked for. False: it is told why not. */
static bool bind_source(struct connect *c)
{
    char why[160];

    if (!c->source || bind(c->fd, (const struct sockaddr *)&c->from.at, c->from.len) == 0)
        return true;
    if (errno == EADDRNOTAVAIL)
        snprintf(why, sizeof(why), "this machine has no address %.60s to connect from", c->source);
    else
        snprintf(why, sizeof(why), "we cannot connect from %.60s: %.60s", c->source,
                 strerror(errno));
    failed_why(c, STREAM_UNREACHABLE, why);
    return false;
}

static void succeeded(struct connect *c, bool broken)
{
    char where[ADDRESS_TEXT_MAX];
    struct connected made = { c->fd, &c->found.at[c->next - 1], broken };

    c->fd = -1;
    drop_socket(c);
    event_del(c->timer);
    c->over = true;
    address_port_text(made.peer, where);
    if (!tell(c, STREAM_CONNECTED, where)) {
        close(made.fd);
        return;
    }
    c->hooks.connected(c->hooks.ctx, &made);
}

/* Connecting to a free port of one's own machine may meet itself: the system chose that very port
 * for our end. Nobody listens there. */
static bool met_itself(int fd)
{
    struct address here, there;

    return address_local(fd, &here) && address_peer(fd, &there) && here.len == there.len &&
           memcmp(&here.at, &there.at, here.len) == 0;
}

/* Only a connection that stood can be broken off (RFC 9293 3.5.2: whoever answers a SYN with RST
 * refuses it). EPIPE: the peer had closed its side before. */
static bool broken_off(int error)
{
    return error == ECONNRESET || error == EPIPE;
}

static void socket_ready(evutil_socket_t fd, short what, void *arg)
{
    struct connect *c = arg;
    int error = 0;
    socklen_t len = sizeof(error);

    (void)what;
    if (getsockopt((int)fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (error == 0 && met_itself((int)fd))
        error = ECONNREFUSED;
    if (error == 0 || broken_off(error))
        succeeded(c, error != 0);
    else
        failed(c, error);
}

/* Tries the next address, or says that there are no more. */
static void step(struct connect *c)
{
    struct address *a;
    char where[ADDRESS_TEXT_MAX];
    int64_t left = c->deadline - loop_now(c->loop);

    if (c->next == c->found.count) {
        finish(c, c->failure, c->failure_detail);
        return;
    }
    a = &c->found.at[c->next++];
    address_set_port(a, c->port);
    address_port_text(a, where);
    if (!tell(c, STREAM_CONNECTING, where))
        return;
    set_timer(c, left / (int64_t)(c->found.count - c->next + 1));
    c->fd = socket(a->at.ss_family, SOCK_STREAM, 0);
    if (c->fd < 0) {
        failed(c, errno);
        return;
    }
    evutil_make_socket_nonblocking(c->fd);
    evutil_make_socket_closeonexec(c->fd);
    if (!bind_source(c))
        return;
    if (connect(c->fd, (const struct sockaddr *)&a->at, a->len) != 0 && errno != EINPROGRESS &&
        errno != EINTR) {
        failed(c, errno);
        return;
    }
    /* Connected at once or not: the socket becomes writable, and SO_ERROR tells. */
    c->wait = event_new(loop_base(c->loop), c->fd, EV_WRITE, socket_ready, c);
    event_priority_set(c->wait, LOOP_NETWORK);
    event_add(c->wait, NULL);
}

static void resolved(void *ctx, const struct addresses *found, const char *why)
{
    struct connect *c = ctx;
    struct buf list = { 0 };
    bool alive;

    c->lookup = NULL;
    if (found->count == 0) {
        finish(c, STREAM_NOT_FOUND, why);
        return;
    }
    c->found = *found;
    for (unsigned i = 0; i < found->count; i++) {
        char text[ADDRESS_TEXT_MAX];

        address_text(&found->at[i], text);
        buf_printf(&list, "%s%s", i ? ", " : "", text);
    }
    alive = tell(c, STREAM_RESOLVED, buf_text(&list));
    buf_release(&list);
    if (alive)
        step(c);
}

/* Our own address decides which family is possible. False: it is told why none is. */
static bool use_source(struct connect *c)
{
    char why[ADDRESS_TEXT_MAX + 80];
    enum stream_family family;

    if (!c->source)
        return true;
    if (!address_numeric(c->source, 0, &c->from)) {
        snprintf(why, sizeof(why), "'%.80s' is no address in numbers to connect from", c->source);
        finish(c, STREAM_UNREACHABLE, why);
        return false;
    }
    family = c->from.at.ss_family == AF_INET6 ? STREAM_V6 : STREAM_V4;
    if (c->family != STREAM_ANY && c->family != family) {
        snprintf(why, sizeof(why), "our own address %.60s is IPv%d, and only IPv%d is wanted",
                 c->source, family == STREAM_V6 ? 6 : 4, family == STREAM_V6 ? 4 : 6);
        finish(c, STREAM_UNREACHABLE, why);
        return false;
    }
    c->family = family;
    return true;
}

static const char *wrong_family(const struct connect *c)
{
    if (c->source)
        return c->family == STREAM_V6 ? "this is an IPv4 address, and our own is IPv6"
                                      : "this is an IPv6 address, and our own is IPv4";
    return c->family == STREAM_V6 ? "this is an IPv4 address, and only IPv6 is wanted"
                                  : "this is an IPv6 address, and only IPv4 is wanted";
}

static void start(struct connect *c)
{
    int64_t left = c->deadline - loop_now(c->loop);

    c->started = true;
    if (!use_source(c))
        return;
    if (!address_numeric(c->host, c->port, &c->found.at[0])) {
        set_timer(c, left);
        c->lookup = resolve_start(loop_resolver(c->loop), c->host, c->family, resolved, c);
        return;
    }
    c->found.count = 1;
    if (c->family != STREAM_ANY &&
        (c->family == STREAM_V6) != (c->found.at[0].at.ss_family == AF_INET6)) {
        finish(c, STREAM_NOT_FOUND, wrong_family(c));
        return;
    }
    step(c);
}

static void timer_ran(evutil_socket_t fd, short what, void *arg)
{
    struct connect *c = arg;

    (void)fd;
    (void)what;
    if (!c->started) {
        start(c);
    } else if (c->lookup) {
        resolve_cancel(c->lookup);
        c->lookup = NULL;
        finish(c, STREAM_NOT_FOUND, "no name server answered in time");
    } else {
        failed(c, ETIMEDOUT);
    }
}

struct connect *connect_new(struct loop *l, const struct stream_target *t,
                            const struct connect_hooks *hooks)
{
    struct connect *c = mem_zero(1, sizeof(*c));

    *c = (struct connect){ .loop = l,
                           .hooks = *hooks,
                           .host = mem_strdup(t->host),
                           .port = t->port,
                           .family = t->family,
                           .source = t->source ? mem_strdup(t->source) : NULL,
                           .deadline = loop_now(l) + t->timeout,
                           .fd = -1,
                           .failure = STREAM_NOT_FOUND };
    c->timer = event_new(loop_base(l), -1, 0, timer_ran, c);
    event_priority_set(c->timer, LOOP_NETWORK);
    set_timer(c, 0);
    return c;
}

void connect_free(struct connect *c)
{
    if (!c)
        return;
    if (c->calls) {
        c->dead = true;
        return;
    }
    destroy(c);
}

unsigned connect_local_port(const struct connect *c)
{
    struct address a;

    return c->fd >= 0 && address_local(c->fd, &a) ? address_port(&a) : 0;
}
