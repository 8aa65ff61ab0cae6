/*
 * Two TLS sessions in one process, and the octets between them: no sockets.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H
#include "net/tls.h"
#include "support/feed.h"

struct wire_end {
    struct tls *tls;
    struct buf plain; /* decrypted here */
    struct buf out;   /* on its way to the other end */
};
struct wire {
    struct wire_end client, server;
};

static inline void wire_start(struct wire *w, struct tls_context *client,
                              struct tls_context *server, const char *name)
{
    *w = (struct wire){ 0 };
    w->client.tls = tls_new(client, false, name);
    w->server.tls = tls_new(server, true, NULL);
    tls_take(w->client.tls, (struct span){ 0 }, &w->client.plain, &w->client.out);
}

static inline void wire_end(struct wire *w)
{
    struct wire_end *ends[] = { &w->client, &w->server };

    for (int i = 0; i < 2; i++) {
        tls_free(ends[i]->tls);
        buf_release(&ends[i]->plain);
        buf_release(&ends[i]->out);
    }
}

static inline void wire_piece(void *ctx, struct span piece)
{
    struct wire_end *to = ctx;

    tls_take(to->tls, piece, &to->plain, &to->out);
}

/* Carries one flight, fed in way `way` (support/feed.h). False: there was nothing. */
static inline bool wire_carry(struct wire_end *from, struct wire_end *to, size_t way)
{
    struct buf flight = from->out;
    bool any = flight.len > 0;

    from->out = (struct buf){ 0 };
    if (any)
        feed(wire_piece, to, buf_span(&flight), way > flight.len ? flight.len : way);
    buf_release(&flight);
    return any;
}

/* Until neither has anything to say. */
static inline void wire_settle(struct wire *w, size_t way)
{
    while (wire_carry(&w->client, &w->server, way) || wire_carry(&w->server, &w->client, way))
        continue;
}

#endif
