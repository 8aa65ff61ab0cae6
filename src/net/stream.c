/*
 * A stream over a connected socket, and the queue in front of it. How a connection is made is in
 * connect.c.
 */
#include "net/stream.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/connect.h"

struct stream {
    struct loop *loop;
    struct stream_hooks hooks;
    struct connect *connect; /* while connecting */
    int fd;                  /* -1: not connected (yet, or any more) */
    struct event *readable, *writable;
    struct evbuffer *queue;
    char local[ADDRESS_TEXT_MAX], peer[ADDRESS_TEXT_MAX];
    unsigned local_port, peer_port;
    bool paused;
    bool finish;    /* FIN is wanted ... */
    bool finished;  /* ... and sent */
    bool peer_done; /* its FIN came */
    bool broken;    /* sending failed: the reader will find out why, and tell */
    unsigned calls; /* hooks running now */
    bool dead;
};

/* Sent of one stream's queue in one wake-up, at most one piece more. */
#define STREAM_WRITE_MAX ((size_t)256 * 1024)

/* One for all streams: octets live in it only during a hook's call, and one runs at a time. */
static unsigned char read_buffer[STREAM_READ_MAX];

static void drop_socket(struct stream *s)
{
    if (s->readable)
        event_free(s->readable);
    if (s->writable)
        event_free(s->writable);
    s->readable = s->writable = NULL;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    evbuffer_drain(s->queue, evbuffer_get_length(s->queue));
}

static void destroy(struct stream *s)
{
    connect_free(s->connect);
    drop_socket(s);
    evbuffer_free(s->queue);
    mem_free(s);
}

/* False: the stream was freed by the hook. */
static bool call_done(struct stream *s)
{
    s->calls--;
    if (!s->dead)
        return true;
    if (s->calls == 0)
        destroy(s);
    return false;
}

static bool tell(struct stream *s, enum stream_event e, const char *detail)
{
    s->calls++;
    if (s->hooks.event)
        s->hooks.event(s->hooks.ctx, e, detail);
    return call_done(s);
}

static bool give(struct stream *s, struct span octets)
{
    s->calls++;
    if (s->hooks.octets)
        s->hooks.octets(s->hooks.ctx, octets);
    return call_done(s);
}

static void send_fin(struct stream *s)
{
    if (!s->finish || s->finished || s->fd < 0 || evbuffer_get_length(s->queue))
        return;
    shutdown(s->fd, SHUT_WR);
    s->finished = true;
}

/* Sending failed. What the peer sent before is still to be read, and how it ended, too. */
static void send_failed(struct stream *s)
{
    s->broken = true;
    evbuffer_drain(s->queue, evbuffer_get_length(s->queue));
    event_del(s->writable);
    if (!s->paused && !s->peer_done)
        event_active(s->readable, EV_READ, 0);
}

/* Sends what the system takes of `octets`; how much that was. */
static size_t send_now(struct stream *s, struct span octets)
{
    size_t sent = 0;

    while (sent < octets.len) {
        ssize_t n = send(s->fd, octets.at + sent, octets.len - sent, MSG_NOSIGNAL);

        if (n >= 0) {
            sent += (size_t)n;
        } else if (errno != EINTR) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                send_failed(s);
                return octets.len; /* nobody will ever want the rest */
            }
            break;
        }
    }
    return sent;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct stream *s = arg;
    ssize_t n;

    (void)what;
    do {
        n = recv((int)fd, read_buffer, sizeof(read_buffer), 0);
    } while (n < 0 && errno == EINTR);
    if (n > 0) {
        give(s, span_make(read_buffer, (size_t)n));
    } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return;
    } else if (n == 0 && !s->broken) {
        s->peer_done = true;
        event_del(s->readable);
        tell(s, STREAM_CLOSED, "");
    } else {
        drop_socket(s);
        tell(s, STREAM_RESET, "");
    }
}

/* Sending failed from the loop, and the reader cannot find out: nothing more is to come, or it is
 * stopped, perhaps until the queue is shorter. */
static void tell_failed(struct stream *s)
{
    if (s->peer_done) {
        drop_socket(s);
        tell(s, STREAM_RESET, "");
    } else if (s->paused) {
        tell(s, STREAM_DRAINED, "");
    }
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct stream *s = arg;

    (void)fd;
    (void)what;
    for (size_t all = 0; evbuffer_get_length(s->queue);) {
        size_t len = evbuffer_get_contiguous_space(s->queue), sent;

        if (all >= STREAM_WRITE_MAX)
            return;
        sent = send_now(s, span_make(evbuffer_pullup(s->queue, (ev_ssize_t)len), len));
        if (s->broken) {
            tell_failed(s);
            return;
        }
        evbuffer_drain(s->queue, sent);
        all += sent;
        if (sent < len)
            return;
    }
    event_del(s->writable);
    send_fin(s);
    tell(s, STREAM_DRAINED, "");
}

/* The peer's address may be NULL: not known. */
static void open_socket(struct stream *s, int fd, const struct address *peer)
{
    int one = 1;
    struct address a;
    struct event_base *base = loop_base(s->loop);

    s->fd = fd;
    evutil_make_socket_nonblocking(fd);
    evutil_make_socket_closeonexec(fd);
    /* A dialogue is small lines that wait for each other: none may be held back. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (address_local(fd, &a)) {
        s->local_port = address_port(&a);
        address_text(&a, s->local);
    }
    if (peer) {
        s->peer_port = address_port(peer);
        address_text(peer, s->peer);
    }
    s->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, s);
    s->writable = event_new(base, fd, EV_WRITE | EV_PERSIST, on_writable, s);
    event_priority_set(s->readable, LOOP_NETWORK);
    event_priority_set(s->writable, LOOP_NETWORK);
    if (!s->paused)
        event_add(s->readable, NULL);
    if (evbuffer_get_length(s->queue))
        event_add(s->writable, NULL);
    else
        send_fin(s);
}

static void connect_event(void *ctx, enum stream_event e, const char *detail)
{
    struct stream *s = ctx;

    if (e == STREAM_CONNECTED)
        return; /* told when ports and peer are known */
    if (e != STREAM_RESOLVED && e != STREAM_CONNECTING) {
        connect_free(s->connect);
        s->connect = NULL;
    }
    tell(s, e, detail);
}

static void connect_made(void *ctx, const struct connected *made)
{
    struct stream *s = ctx;
    char where[ADDRESS_TEXT_MAX];

    address_port_text(made->peer, where);
    open_socket(s, made->fd, made->peer);
    s->broken = made->broken;
    connect_free(s->connect);
    s->connect = NULL;
    tell(s, STREAM_CONNECTED, where);
}

static struct stream *stream_new(struct loop *l, const struct stream_hooks *hooks)
{
    struct stream *s = mem_zero(1, sizeof(*s));

    *s = (struct stream){ .loop = l, .hooks = *hooks, .fd = -1, .queue = evbuffer_new() };
    return s;
}

struct stream *stream_connect(struct loop *l, const struct stream_target *t,
                              const struct stream_hooks *hooks)
{
    struct stream *s = stream_new(l, hooks);
    struct connect_hooks own = { connect_event, connect_made, s };

    s->connect = connect_new(l, t, &own);
    return s;
}

struct stream *stream_accepted(struct loop *l, int fd, const struct stream_hooks *hooks)
{
    struct stream *s = stream_new(l, hooks);
    struct address peer;

    open_socket(s, fd, address_peer(fd, &peer) ? &peer : NULL);
    return s;
}

void stream_write(struct stream *s, struct span octets)
{
    size_t sent = 0;

    if ((s->fd < 0 && !s->connect) || s->broken || s->finish || octets.len == 0)
        return;
    if (s->fd >= 0 && evbuffer_get_length(s->queue) == 0)
        sent = send_now(s, octets);
    if (sent == octets.len)
        return;
    evbuffer_add(s->queue, octets.at + sent, octets.len - sent);
    if (s->fd >= 0)
        event_add(s->writable, NULL);
}

size_t stream_queued(const struct stream *s)
{
    return evbuffer_get_length(s->queue);
}

bool stream_backed_up(const struct stream *s)
{
    return evbuffer_get_length(s->queue) > STREAM_QUEUE_HIGH;
}

void stream_pause(struct stream *s, bool paused)
{
    if (s->paused == paused)
        return;
    s->paused = paused;
    if (s->fd < 0 || s->peer_done)
        return;
    if (paused) {
        event_del(s->readable);
    } else {
        event_add(s->readable, NULL);
        if (s->broken)
            event_active(s->readable, EV_READ, 0);
    }
}

void stream_finish(struct stream *s)
{
    s->finish = true;
    if (s->connect) {
        connect_free(s->connect);
        s->connect = NULL;
        evbuffer_drain(s->queue, evbuffer_get_length(s->queue));
        return;
    }
    send_fin(s);
}

void stream_abort(struct stream *s)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };

    connect_free(s->connect);
    s->connect = NULL;
    if (s->fd >= 0)
        setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    drop_socket(s);
}

void stream_free(struct stream *s)
{
    if (!s)
        return;
    if (s->calls) {
        s->dead = true;
        stream_finish(s); /* nothing more is sent or told */
        if (s->readable)
            event_del(s->readable);
        if (s->writable)
            event_del(s->writable);
        return;
    }
    destroy(s);
}

unsigned stream_local_port(const struct stream *s)
{
    /* Bound from the moment the attempt began: a server of our own may ask before we connect. */
    return s->connect ? connect_local_port(s->connect) : s->local_port;
}

const char *stream_local(const struct stream *s)
{
    return s->local;
}

unsigned stream_peer_port(const struct stream *s)
{
    return s->peer_port;
}

const char *stream_peer(const struct stream *s)
{
    return s->peer;
}
