/*
 * A dialogue with a server over the network, as its client: connects, sends, and feeds the record
 * with everything that travels. What it means is for others to say.
 */
#ifndef LIVE_CLIENT_H
#define LIVE_CLIENT_H
#include "dialogue/record.h"
#include "live/route.h"
#include "net/stream.h"

struct client_options {
    struct stream_target target;
    /* The host is the server of a domain whose turn it is: looked up first, where that was not done
     * yet. NULL: target.host is the host. Borrowed until the client has ended. */
    struct route *route;
    const char *name;      /* the HELO name shown for the client's side; "" */
    bool local;            /* the server is the lab's: nothing is said about names and networks */
    bool tls_first;        /* the handshake comes first of all (RFC 8314 3.3) */
    unsigned proxy_header; /* its version, 1 or 2, sent before all else; 0: none is */
    /* What becomes of a server whose certificate is not verified. */
    enum client_doubt {
        CLIENT_TELLS,  /* it is told, and the owner decides; client_doubtful() */
        CLIENT_STOPS,  /* the talk ends: nothing more is sent */
        CLIENT_TRUSTS, /* it is told, and trusted all the same */
    } doubt;
};

struct client_hooks {
    void (*changed)(void *ctx); /* the record has more of this dialogue */
    void (*ended)(void *ctx);   /* the connection is gone; changed() came before */
    void *ctx;
    /* For the handshake that begins now, after a 220 to STARTTLS; borrowed until the client is
     * freed. NULL, or no such hook: there is none, and the talk ends. */
    struct tls_context *(*tls)(void *ctx);
};

struct client;
/* Opens a dialogue in the record and starts connecting; hooks are called from the loop only. Copies
 * options and hooks; borrows loop and record. Never NULL. */
struct client *client_new(struct loop *l, struct record *r, const struct client_options *o,
                          const struct client_hooks *hooks);
/* Closes, and records that when the talk was still open; NULL is fine; allowed in its hooks. */
void client_free(struct client *c);
unsigned client_dialogue(const struct client *c);
/* Octets can travel: the connection stands, and no TLS handshake is under way. */
bool client_connected(const struct client *c);
bool client_shaking(const struct client *c);   /* the handshake is under way */
bool client_encrypted(const struct client *c); /* the handshake is done */
/* Encrypted, with a server whose certificate is not verified, nor trusted by the user: nothing
 * secret should be sent. */
bool client_doubtful(const struct client *c);
/* The talk ended for TLS: the handshake failed, or the certificate was not verified. */
bool client_tls_failed(const struct client *c);
/* The user trusts the server. It is recorded. */
void client_trust(struct client *c);
/* stream_channel_binding() of it; false: there is none. */
bool client_channel_binding(const struct client *c, struct buf *out);
bool client_ended(const struct client *c);
/* Sends octets exactly as they are, and records them; not connected yet, or in the middle of a TLS
 * handshake: they wait, and are recorded when they go. False: the connection is gone or being
 * closed (nothing is recorded). */
bool client_send(struct client *c, struct span octets);
/* Octets accepted but not sent yet: a large letter watches this. */
size_t client_queued(const struct client *c);
/* FIN after what is queued; the end is told when the server's side has ended too, or after two
 * seconds. What is queued has half a minute to leave. */
void client_close(struct client *c);
/* Gives the talk up at once, without waiting for the server: `why` (a literal) is recorded. */
void client_stop(struct client *c, const char *why);
void client_pause(struct client *c, bool paused);
const char *client_local(const struct client *c);   /* our own address; "" not known, or ended */
unsigned client_local_port(const struct client *c); /* 0: not known yet, or ended */

#endif
