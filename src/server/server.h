/*
 * A server of the lab around the engine: listener, sockets, mailboxes in memory. It states its
 * facts into the record; for connections that no client of ours feeds, it records the octets too.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H
#include "dialogue/record.h"
#include "engine/policy.h"
#include "net/loop.h"

/* Clients at once, and letters and octets kept in memory: a peer must not choose our memory use. */
#define SERVER_CLIENTS_MAX      256
#define SERVER_LETTERS_MAX      10000
#define SERVER_STORE_OCTETS_MAX ((size_t)64 * 1024 * 1024) /* letters coming in count, too */
/* Strangers' dialogues that are recorded: a record forgets none. Later ones are served unseen. */
#define SERVER_STRANGERS_MAX 10000
/* Octets of all of them together: half of the record, so that they never end the learner's own
 * talk. Talks that would go beyond it are ended; later ones are served unseen. */
#define SERVER_STRANGERS_OCTETS_MAX (RECORD_OCTETS_MAX / 2)

struct server_letter {
    const char *from;
    const char *to;     /* the mailbox that this copy is in */
    const char *client; /* HELO name */
    int64_t when;       /* wall clock */
    struct span octets;
};

struct server_hooks {
    /* Which dialogue is the connection from this local port of ours? 0: none, it is a stranger's
     * and the server opens one itself and records octets too. */
    unsigned (*dialogue_of)(void *ctx, unsigned client_port);
    void (*changed)(void *ctx); /* record or mailboxes changed; must not free the server */
    void *ctx;
};

struct server;
/* Listens on 127.0.0.1, or `address`; port 0: a free one. Borrows policy and record. NULL: err. */
struct server *server_new(struct loop *l, struct record *r, const struct policy *policy,
                          const char *address, unsigned port, const struct server_hooks *hooks,
                          struct error *err);
void server_free(struct server *s); /* NULL is fine; breaks off what is under way */
/* Clients that are silent for too long are sent away, from the next one on. Off at first: a learner
 * may think. */
void server_set_timeouts(struct server *s, bool on);
/* Less room for strangers than SERVER_STRANGERS_OCTETS_MAX. */
void server_set_strangers_room(struct server *s, uint64_t octets);
size_t server_clients(const struct server *s); /* connected now */
unsigned server_port(const struct server *s);
const char *server_name(const struct server *s);
size_t server_mailboxes(const struct server *s);
const char *server_mailbox(const struct server *s, size_t i);       /* "bob@hamburger.edu" */
size_t server_letters(const struct server *s, const char *mailbox); /* full name, or local part */
/* Letter n (from 1, oldest first) of a mailbox; false: there is none. Borrowed until the next
 * change. */
bool server_letter(const struct server *s, const char *mailbox, size_t n,
                   struct server_letter *out);

#endif
