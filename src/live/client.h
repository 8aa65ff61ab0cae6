/*
 * A dialogue with a server over the network, as its client: connects, sends, and feeds the record
 * with everything that travels. What it means is for others to say.
 */
#ifndef LIVE_CLIENT_H
#define LIVE_CLIENT_H
#include "dialogue/record.h"
#include "net/stream.h"

struct client_options {
    struct stream_target target;
    const char *name; /* the HELO name shown for the client's side; "" */
    bool local;       /* the server is the lab's: nothing is said about names and networks */
};

struct client_hooks {
    void (*changed)(void *ctx); /* the record has more of this dialogue */
    void (*ended)(void *ctx);   /* the connection is gone; changed() came before */
    void *ctx;
};

struct client;
/* Opens a dialogue in the record and starts connecting; hooks are called from the loop only. Copies
 * options and hooks; borrows loop and record. Never NULL. */
struct client *client_new(struct loop *l, struct record *r, const struct client_options *o,
                          const struct client_hooks *hooks);
/* Closes, and records that when the talk was still open; NULL is fine; allowed in its hooks. */
void client_free(struct client *c);
unsigned client_dialogue(const struct client *c);
bool client_connected(const struct client *c);
bool client_ended(const struct client *c);
/* Sends octets exactly as they are, and records them; not connected yet: they wait, and are
 * recorded when they go. False: the connection is gone or being closed (nothing is recorded). */
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
