/*
 * A stream of octets over TCP, or TLS over it. No SMTP here. Non-blocking; reads go through one
 * shared 64 KiB buffer; TCP_NODELAY; octets per wake-up are capped.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H
#include "base/error.h"
#include "base/span.h"
#include "net/address.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/tls.h"

/* At most this much is read from one stream in one wake-up. */
#define STREAM_READ_MAX ((size_t)64 * 1024)
/* Above this many octets queued, stream_backed_up() asks the source to stop. */
#define STREAM_QUEUE_HIGH ((size_t)256 * 1024)

enum stream_event {
    STREAM_RESOLVED,    /* detail: the addresses, "::1, 127.0.0.1"; not for a host in numbers */
    STREAM_CONNECTING,  /* detail: address and port; once for each address that is tried */
    STREAM_CONNECTED,   /* detail: address and port */
    STREAM_CLOSED,      /* the peer ended its side; all octets were delivered before it */
    STREAM_RESET,       /* broken off; all octets that came were delivered before it */
    STREAM_NOT_FOUND,   /* detail: why */
    STREAM_REFUSED,     /* detail: address and port, also of the next two */
    STREAM_UNREACHABLE, /* and why, after it */
    STREAM_TIMEOUT,     /* no connection was made in time */
    STREAM_TLS_OPEN,    /* the handshake is done: stream_tls() tells about it */
    STREAM_TLS_FAILED,  /* detail: why; the stream is dead, nothing follows. Also after OPEN */
    STREAM_TLS_CUT, /* before CLOSED: the peer ended without saying so inside TLS (RFC 8446 6.1):
                       what was sent last may be missing */
    STREAM_DRAINED, /* nothing is queued any more: all is sent, or, for one that is paused,
                       sending failed; not told when nothing had to be queued */
};

struct stream;
struct stream_hooks {
    void (*octets)(void *ctx, struct span octets); /* borrowed for the call */
    void (*event)(void *ctx, enum stream_event e, const char *detail);
    void *ctx;
};

enum stream_family { STREAM_ANY, STREAM_V4, STREAM_V6 };
struct stream_target {
    const char *host; /* name, or IPv4, or IPv6 address without brackets */
    unsigned port;
    enum stream_family family;
    int64_t timeout;    /* for the connection attempt as a whole, microseconds */
    const char *source; /* our own address, in numbers; NULL: the system chooses */
};
/* Resolves and connects without blocking, every address in turn, IPv6 and IPv4 alternating; when
 * all fail, the event is that of the address that told most. Copies *t and *hooks. Events tell, and
 * never from inside this call; never NULL. */
struct stream *stream_connect(struct loop *l, const struct stream_target *t,
                              const struct stream_hooks *hooks);
/* Takes a connected socket over (made non-blocking here). */
struct stream *stream_accepted(struct loop *l, int fd, const struct stream_hooks *hooks);
/* The same for one that a listener (net/listener.h) hands over, with its peer: the socket is ready
 * as it is, and the system is not asked again. Its own address is not known. */
struct stream *stream_from_listener(struct loop *l, int fd, const struct address *peer,
                                    const struct stream_hooks *hooks);
/* Sends at once what the system takes, copies the rest into the queue. Before the connection stands
 * all of it waits there; after its end it is dropped. Calls no hook. */
void stream_write(struct stream *s, struct span octets);
/* The same and stream_finish(), with the last octets and FIN in one segment where that can be. */
void stream_write_last(struct stream *s, struct span octets);
size_t stream_queued(const struct stream *s);
bool stream_backed_up(const struct stream *s);
void stream_pause(struct stream *s, bool paused); /* back-pressure: stop reading */
/* FIN once the queue is sent; reading goes on. Not connected yet: the attempt ends, without event.
 */
void stream_finish(struct stream *s);
void stream_abort(struct stream *s); /* RST at once; no more events */
/* Closes, and drops what is still queued (stream_finish() and waiting for the end sends it). NULL
 * is fine; allowed in its hooks. */
void stream_free(struct stream *s);
/* From here on octets travel inside TLS. What is queued goes out before it, in plain; what arrives
 * from here on is the handshake's. Octets written before it is done wait, and go out encrypted.
 * Borrows the context; `server_name` as in tls_new(). Once for a stream; STREAM_TLS_OPEN or
 * STREAM_TLS_FAILED tell, never from inside this call. */
void stream_start_tls(struct stream *s, struct tls_context *c, bool server,
                      const char *server_name);
/* After it, for octets that were delivered and belong to the session: they are taken as if they
 * came now. May call the hooks, so do nothing behind it but return. */
void stream_take_again(struct stream *s, struct span octets);
/* NULL: none, or its handshake is not done. */
const struct tls_report *stream_tls(const struct stream *s);
/* tls_channel_binding() of it; false: not encrypted. */
bool stream_channel_binding(const struct stream *s, struct buf *out);
unsigned stream_local_port(const struct stream *s); /* 0: not bound yet */
/* "127.0.0.1", "" when not known; until it is asked again, of any stream. */
const char *stream_local(const struct stream *s);
unsigned stream_peer_port(const struct stream *s);
const char *stream_peer(const struct stream *s); /* likewise */

#endif
