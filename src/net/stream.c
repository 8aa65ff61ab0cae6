/*
 * A stream over a connected socket, and the queue in front of it. How a connection is made is in
 * connect.c,
 * TLS over it in stream_tls.c. The queue and its event exist only while something is queued.
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
#include "net/stream_inside.h"

/* Sent of one stream's queue in one wake-up, at most one piece more. */
#define STREAM_WRITE_MAX ((size_t)256 * 1024)

/* Of Linux: what is sent waits for what is sent next. Elsewhere FIN has a segment of its own. */
#ifndef MSG_MORE
#define MSG_MORE 0
#endif

/* One for all streams: octets live in it only during a hook's call, and one runs at a time. */
static unsigned char read_buffer[STREAM_READ_MAX];

static void drop_queue(struct stream *s)
{
    if (s->writable)
        event_free(s->writable);
    if (s->queue)
        evbuffer_free(s->queue);
    s->writable = NULL;
    s->queue = NULL;
}

/* Nothing of it will ever be sent. */
static void drop_queued(struct stream *s)
{
    drop_queue(s);
    if (s->secure)
        secure_drop(s->secure);
}

static size_t queue_len(const struct stream *s)
{
    return s->queue ? evbuffer_get_length(s->queue) : 0;
}

void stream_drop_socket(struct stream *s)
{
    if (s->readable)
        event_free(s->readable);
    s->readable = NULL;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    drop_queued(s);
}

static void destroy(struct stream *s)
{
    connect_free(s->connect);
    stream_drop_socket(s);
    secure_free(s->secure);
    mem_free(s);
}

static bool call_done(struct stream *s)
{
    s->calls--;
    if (!s->dead)
        return true;
    if (s->calls == 0)
        destroy(s);
    return false;
}

bool stream_tell(struct stream *s, enum stream_event e, const char *detail)
{
    s->calls++;
    if (s->hooks.event)
        s->hooks.event(s->hooks.ctx, e, detail);
    return call_done(s);
}

bool stream_give(struct stream *s, struct span octets)
{
    s->calls++;
    if (s->hooks.octets)
        s->hooks.octets(s->hooks.ctx, octets);
    return call_done(s);
}

void stream_send_fin(struct stream *s)
{
    if (!s->finish || s->finished || s->fd < 0 || stream_queued(s))
        return;
    shutdown(s->fd, SHUT_WR);
    s->finished = true;
}

void stream_stop_reading(struct stream *s)
{
    if (s->readable)
        event_del(s->readable);
}

void stream_wake_reader(struct stream *s)
{
    if (s->readable && !s->paused && !s->peer_done)
        event_active(s->readable, EV_READ, 0);
}

/* Sending failed. What the peer sent before is still to be read, and how it ended, too. */
static void send_failed(struct stream *s)
{
    s->broken = true;
    drop_queued(s);
    stream_wake_reader(s);
}

/* Sends what the system takes of `octets`; how much that was. `more`: FIN follows at once, and goes
 * into the same segment. */
static size_t send_now(struct stream *s, struct span octets, bool more)
{
    int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
    size_t sent = 0;

    while (sent < octets.len) {
        ssize_t n = send(s->fd, octets.at + sent, octets.len - sent, flags);

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
    if (s->secure && secure_holds(s->secure)) {
        secure_take(s, (struct span){ 0 });
        return;
    }
    do {
        n = recv((int)fd, read_buffer, sizeof(read_buffer), 0);
    } while (n < 0 && errno == EINTR);
    if (n > 0 && s->secure) {
        secure_take(s, span_make(read_buffer, (size_t)n));
    } else if (n > 0) {
        stream_give(s, span_make(read_buffer, (size_t)n));
    } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return;
    } else if (n == 0 && !s->broken && s->secure) {
        secure_peer_ended(s);
    } else if (n == 0 && !s->broken) {
        s->peer_done = true;
        event_del(s->readable);
        stream_tell(s, STREAM_CLOSED, "");
    } else {
        stream_drop_socket(s);
        stream_tell(s, STREAM_RESET, "");
    }
}

/* Sending failed from the loop, and the reader cannot find out: nothing more is to come, or it is
 * stopped, perhaps until the queue is shorter. */
static void tell_failed(struct stream *s)
{
    if (s->secure && secure_drained(s))
        return;
    if (s->peer_done) {
        stream_drop_socket(s);
        stream_tell(s, STREAM_RESET, "");
    } else if (s->paused) {
        stream_tell(s, STREAM_DRAINED, "");
    }
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct stream *s = arg;

    (void)fd;
    (void)what;
    for (size_t all = 0; queue_len(s);) {
        size_t len = evbuffer_get_contiguous_space(s->queue), sent;

        if (all >= STREAM_WRITE_MAX)
            return;
        sent = send_now(s, span_make(evbuffer_pullup(s->queue, (ev_ssize_t)len), len), false);
        if (s->broken) {
            tell_failed(s);
            return;
        }
        evbuffer_drain(s->queue, sent);
        all += sent;
        if (sent < len)
            return;
    }
    drop_queue(s);
    if (s->secure && secure_drained(s))
        return;
    stream_send_fin(s);
    if (stream_queued(s) == 0) /* what waits for a handshake is queued, too */
        stream_tell(s, STREAM_DRAINED, "");
}

/* The queue is made when there is something to put into it. */
static void enqueue(struct stream *s, struct span octets)
{
    if (!s->queue)
        s->queue = evbuffer_new();
    evbuffer_add(s->queue, octets.at, octets.len);
}

static void await_writable(struct stream *s)
{
    if (s->writable)
        return;
    s->writable = event_new(loop_base(s->loop), s->fd, EV_WRITE | EV_PERSIST, on_writable, s);
    event_priority_set(s->writable, LOOP_NETWORK);
    event_add(s->writable, NULL);
}

static void keep_end(union stream_end *end, const struct address *a)
{
    if (a->len <= sizeof(*end))
        memcpy(end, &a->at, a->len);
}

static void keep_local(struct stream *s, int fd)
{
    struct address a;

    if (address_local(fd, &a))
        keep_end(&s->local, &a);
}

static struct address address_of(const union stream_end *end)
{
    struct address a = { .len = end->any.sa_family == AF_INET    ? sizeof(end->v4)
                                : end->any.sa_family == AF_INET6 ? sizeof(end->v6)
                                                                 : 0 };

    memcpy(&a.at, end, sizeof(*end));
    return a;
}

static void prepare_socket(int fd)
{
    int one = 1;

    evutil_make_socket_nonblocking(fd);
    evutil_make_socket_closeonexec(fd);
    /* A dialogue is small lines that wait for each other: none may be held back. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* The peer's address may be NULL: not known. */
static void open_socket(struct stream *s, int fd, const struct address *peer)
{
    s->fd = fd;
    if (peer)
        keep_end(&s->peer, peer);
    s->readable = event_new(loop_base(s->loop), fd, EV_READ | EV_PERSIST, on_readable, s);
    event_priority_set(s->readable, LOOP_NETWORK);
    if (!s->paused)
        event_add(s->readable, NULL);
    if (s->secure && secure_holds(s->secure))
        stream_wake_reader(s);
    if (queue_len(s))
        await_writable(s);
    else
        stream_send_fin(s);
}

static void connect_event(void *ctx, enum stream_event e, const char *detail)
{
    struct stream *s = ctx;

    if (e == STREAM_CONNECTED)
        return; /* told when ports and peer are known */
    if (e != STREAM_RESOLVED && e != STREAM_CONNECTING) {
        connect_free(s->connect);
        s->connect = NULL;
        drop_queued(s);
    }
    stream_tell(s, e, detail);
}

static void connect_made(void *ctx, const struct connected *made)
{
    struct stream *s = ctx;
    char where[ADDRESS_TEXT_MAX];

    address_port_text(made->peer, where);
    prepare_socket(made->fd);
    keep_local(s, made->fd);
    open_socket(s, made->fd, made->peer);
    s->broken = made->broken;
    connect_free(s->connect);
    s->connect = NULL;
    stream_tell(s, STREAM_CONNECTED, where);
}

static struct stream *stream_new(struct loop *l, const struct stream_hooks *hooks)
{
    struct stream *s = mem_zero(1, sizeof(*s));

    *s = (struct stream){ .loop = l, .hooks = *hooks, .fd = -1 };
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

    prepare_socket(fd);
    keep_local(s, fd);
    open_socket(s, fd, address_peer(fd, &peer) ? &peer : NULL);
    return s;
}

struct stream *stream_from_listener(struct loop *l, int fd, const struct address *peer,
                                    const struct stream_hooks *hooks)
{
    struct stream *s = stream_new(l, hooks);

    open_socket(s, fd, peer);
    return s;
}

static void send_or_queue(struct stream *s, struct span octets, bool more)
{
    size_t sent = 0;

    if ((s->fd < 0 && !s->connect) || s->broken || s->finished)
        return;
    if (s->fd >= 0 && queue_len(s) == 0)
        sent = send_now(s, octets, more);
    if (sent == octets.len)
        return;
    enqueue(s, span_from(octets, sent));
    if (s->fd >= 0)
        await_writable(s);
}

void stream_send(struct stream *s, struct span octets)
{
    send_or_queue(s, octets, false);
}

void stream_write(struct stream *s, struct span octets)
{
    if ((s->fd < 0 && !s->connect) || s->broken || s->finish || octets.len == 0)
        return;
    if (s->secure)
        secure_write(s, octets);
    else
        stream_send(s, octets);
}

size_t stream_queued(const struct stream *s)
{
    return queue_len(s) + (s->secure ? secure_waiting(s->secure) : 0);
}

bool stream_backed_up(const struct stream *s)
{
    return stream_queued(s) > STREAM_QUEUE_HIGH;
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
        if (s->broken || (s->secure && secure_holds(s->secure)))
            stream_wake_reader(s);
    }
}

void stream_finish(struct stream *s)
{
    bool again = s->finish;

    s->finish = true;
    if (s->connect) {
        connect_free(s->connect);
        s->connect = NULL;
        drop_queued(s);
        return;
    }
    if (s->secure && !again)
        secure_finish(s);
    stream_send_fin(s);
}

void stream_write_last(struct stream *s, struct span octets)
{
    if (s->secure || s->finish)
        stream_write(s, octets);
    else
        send_or_queue(s, octets, true);
    stream_finish(s);
}

void stream_abort(struct stream *s)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };

    connect_free(s->connect);
    s->connect = NULL;
    if (s->fd >= 0)
        setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    stream_drop_socket(s);
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
    struct address a = address_of(&s->local);

    /* Bound from the moment the attempt began: a server of our own may ask before we connect. */
    return s->connect ? connect_local_port(s->connect) : address_port(&a);
}

unsigned stream_peer_port(const struct stream *s)
{
    switch (s->peer.any.sa_family) {
    case AF_INET:
        return ntohs(s->peer.v4.sin_port);
    case AF_INET6:
        return ntohs(s->peer.v6.sin6_port);
    default:
        return 0;
    }
}

static const char *end_text(const union stream_end *end, char room[ADDRESS_TEXT_MAX])
{
    struct address a = address_of(end);

    room[0] = '\0';
    if (a.len)
        address_text(&a, room);
    return room;
}

/* Made when asked for: text in each stream would be most of its size. */
const char *stream_local(const struct stream *s)
{
    static char room[ADDRESS_TEXT_MAX];

    return end_text(&s->local, room);
}

const char *stream_peer(const struct stream *s)
{
    static char room[ADDRESS_TEXT_MAX];

    return end_text(&s->peer, room);
}
