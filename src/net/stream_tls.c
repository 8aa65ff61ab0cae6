/*
 * TLS over a stream: between what its owner writes and the queue, and between what is read and the
 * owner's hooks. The session itself is in tls.c.
 *
 * Sources: RFC 3207 (a stream that changes to TLS), RFC 8446 6.1 (how a side ends).
 */
#include <event2/event.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/stream_inside.h"

/* Encrypted at a time: bounds the room for it, whatever is written at once. */
#define SECURE_PIECE ((size_t)64 * 1024)
/* What a failed session leaves unread in the socket would make close() send RST, and the peer might
 * never see our alert. At most this is read for it. */
#define SECURE_DREGS_MAX ((size_t)256 * 1024)

struct secure {
    struct tls *tls;
    struct buf waiting; /* written before the handshake was done */
    struct buf held;    /* decrypted, and not given yet: reading was stopped; of one wake-up */
    bool open_told;
    bool failed; /* the alert is on its way; then FAILED is told */
};

/* One of each for all streams: neither lives longer than a call. */
static struct buf plain_room, sealed_room;

static void send_sealed(struct stream *s)
{
    if (sealed_room.len)
        stream_send(s, buf_span(&sealed_room));
    buf_clear(&sealed_room);
}

static void seal(struct stream *s, struct span octets)
{
    while (octets.len) {
        enum tls_state st = tls_state(s->secure->tls);
        struct span piece = span_first(octets, SECURE_PIECE);

        if (st != TLS_OPEN && st != TLS_CLOSED)
            return; /* the reader tells why */
        tls_send(s->secure->tls, piece, &sealed_room);
        send_sealed(s);
        if (tls_state(s->secure->tls) == TLS_BROKEN)
            stream_wake_reader(s);
        octets = span_from(octets, piece.len);
    }
}

void stream_start_tls(struct stream *s, struct tls_context *c, bool server, const char *server_name)
{
    struct secure *x;

    if ((s->fd < 0 && !s->connect) || s->secure)
        return;
    x = mem_zero(1, sizeof(*x));
    x->tls = tls_new(c, server, server_name);
    s->secure = x;
    if (!server)
        tls_take(x->tls, (struct span){ 0 }, &plain_room, &sealed_room);
    send_sealed(s); /* behind what is queued in plain */
    if (secure_holds(x))
        stream_wake_reader(s);
}

void secure_free(struct secure *x)
{
    if (!x)
        return;
    tls_free(x->tls);
    buf_release(&x->waiting);
    buf_release(&x->held);
    mem_free(x);
}

void secure_drop(struct secure *x)
{
    buf_release(&x->waiting);
}

size_t secure_waiting(const struct secure *x)
{
    return x->waiting.len;
}

static void tell_failed(struct stream *s)
{
    unsigned char dregs[4096];

    if (s->fd >= 0) {
        shutdown(s->fd, SHUT_WR);
        for (size_t all = 0; all < SECURE_DREGS_MAX; all += sizeof(dregs))
            if (recv(s->fd, dregs, sizeof(dregs), 0) <= 0)
                break;
    }
    stream_drop_socket(s);
    stream_tell(s, STREAM_TLS_FAILED, tls_why(s->secure->tls));
}

/* The alert goes first; secure_drained() goes on when it had to be queued. */
static void fail(struct stream *s)
{
    s->secure->failed = true;
    s->finish = true; /* whatever is written from here on is dropped */
    s->peer_done = true;
    buf_release(&s->secure->waiting);
    stream_stop_reading(s);
    if (s->broken || stream_queued(s) == 0)
        tell_failed(s);
}

bool secure_drained(struct stream *s)
{
    if (!s->secure->failed)
        return false;
    tell_failed(s);
    return true;
}

/* The handshake is done. False: the stream was freed or broken off. */
static bool opened(struct stream *s)
{
    struct secure *x = s->secure;
    struct buf waiting = x->waiting; /* sending may fail, and drop what waits */
    bool waited = waiting.len > 0;

    x->waiting = (struct buf){ 0 };
    x->open_told = true;
    seal(s, buf_span(&waiting));
    buf_release(&waiting);
    if (s->finish) {
        tls_finish(x->tls, &sealed_room);
        send_sealed(s);
        stream_send_fin(s);
    }
    if (!stream_tell(s, STREAM_TLS_OPEN, ""))
        return false;
    if (waited && s->fd >= 0 && stream_queued(s) == 0 && !stream_tell(s, STREAM_DRAINED, ""))
        return false;
    return s->fd >= 0;
}

/* Tells what came, in its order: the open session, octets, its end. Octets that may not be given
 * now are kept. */
static void go_on(struct stream *s, struct span plain)
{
    struct secure *x = s->secure;

    if (!x->open_told && tls_report(x->tls) && !opened(s)) {
        return;
    } else if (s->paused) {
        buf_add(&x->held, plain);
    } else {
        if (plain.len && !stream_give(s, plain))
            return;
        if (s->fd < 0 || s->paused || s->peer_done)
            return;
        if (tls_state(x->tls) == TLS_BROKEN) {
            fail(s);
        } else if (tls_state(x->tls) == TLS_CLOSED) {
            s->peer_done = true;
            stream_stop_reading(s);
            stream_tell(s, STREAM_CLOSED, "");
        }
    }
}

bool secure_holds(const struct secure *x)
{
    return x->held.len || tls_state(x->tls) == TLS_BROKEN || tls_state(x->tls) == TLS_CLOSED;
}

void secure_take(struct stream *s, struct span octets)
{
    struct secure *x = s->secure;

    buf_clear(&plain_room);
    if (octets.len == 0) {
        buf_add(&plain_room, buf_span(&x->held));
        buf_release(&x->held);
    } else {
        tls_take(x->tls, octets, &plain_room, &sealed_room);
        send_sealed(s);
    }
    go_on(s, buf_span(&plain_room));
}

void stream_take_again(struct stream *s, struct span octets)
{
    if (s->secure && octets.len)
        secure_take(s, octets);
}

void secure_peer_ended(struct stream *s)
{
    bool cut = tls_cut(s->secure->tls);

    if (tls_state(s->secure->tls) == TLS_BROKEN) {
        fail(s);
        return;
    }
    s->peer_done = true;
    stream_stop_reading(s);
    if (cut && !stream_tell(s, STREAM_TLS_CUT, ""))
        return;
    if (s->fd >= 0)
        stream_tell(s, STREAM_CLOSED, "");
}

void secure_write(struct stream *s, struct span octets)
{
    if (tls_state(s->secure->tls) == TLS_HANDSHAKE)
        buf_add(&s->secure->waiting, octets);
    else
        seal(s, octets);
}

void secure_finish(struct stream *s)
{
    tls_finish(s->secure->tls, &sealed_room);
    send_sealed(s);
}

const struct tls_report *stream_tls(const struct stream *s)
{
    return s->secure ? tls_report(s->secure->tls) : NULL;
}

bool stream_channel_binding(const struct stream *s, struct buf *out)
{
    return s->secure && tls_channel_binding(s->secure->tls, out);
}
