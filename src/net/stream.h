/*
 * A stream of octets over TCP, later TLS. No SMTP here. Non-blocking; reads go through one shared
 * 64 KiB buffer; TCP_NODELAY; octets per wake-up are capped.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H
#include "base/error.h"
#include "base/span.h"
#include "net/loop.h"

/* At most this much is read from one stream in one wake-up. */
#define STREAM_READ_MAX ((size_t)64 * 1024)
/* Above this many octets queued, stream_backed_up() asks the source to stop. */
#define STREAM_QUEUE_HIGH ((size_t)256 * 1024)

enum stream_event {
    STREAM_RESOLVED,   /* detail: address */
    STREAM_CONNECTING, /* detail: address and port */
    STREAM_CONNECTED,  /* detail: address and port */
    STREAM_CLOSED,     /* the peer ended its side; all octets were delivered before it */
    STREAM_RESET,      /* broken off */
    STREAM_NOT_FOUND,
    STREAM_REFUSED,
    STREAM_UNREACHABLE,
    STREAM_TIMEOUT, /* no connection was made */
    STREAM_DRAINED, /* all that was queued is sent */
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
    int64_t timeout; /* for the connection attempt as a whole, microseconds */
};
/* Resolves and connects without blocking, every address in turn. Events tell; never NULL. */
struct stream *stream_connect(struct loop *l, const struct stream_target *t,
                              const struct stream_hooks *hooks);
/* Takes a connected socket over. */
struct stream *stream_accepted(struct loop *l, int fd, const struct stream_hooks *hooks);
void stream_write(struct stream *s, struct span octets); /* copies into the queue */
size_t stream_queued(const struct stream *s);
bool stream_backed_up(const struct stream *s);
void stream_pause(struct stream *s, bool paused); /* back-pressure: stop reading */
void stream_finish(struct stream *s);             /* FIN once the queue is sent; reading goes on */
void stream_abort(struct stream *s);              /* RST at once; no more events */
void stream_free(struct stream *s); /* closes; NULL is fine; allowed in its callbacks */
unsigned stream_local_port(const struct stream *s); /* 0: not bound yet */
unsigned stream_peer_port(const struct stream *s);
const char *stream_peer(const struct stream *s); /* "127.0.0.1", "" when not known */

/* Listening. */
struct listener;
struct listener *listener_new(struct loop *l, const char *address, unsigned port,
                              void (*accepted)(void *ctx, int fd), void *ctx, struct error *err);
unsigned listener_port(const struct listener *l);
const char *listener_address(const struct listener *l);
void listener_free(struct listener *l); /* NULL is fine */

/* "HOST", "HOST:PORT", "[v6]:PORT", "v6" taken apart; `port` is what is used when none is named.
 * False: err says what is wrong. host has room for 256 octets. */
bool address_parse(const char *text, unsigned port, char host[256], unsigned *port_out,
                   struct error *err);

#endif
