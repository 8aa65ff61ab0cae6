/*
 * A server of the lab around the engine: listener, sockets, mailboxes in memory. It states its
 * facts into the record; for connections that no client of ours feeds, it records the octets too.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H
#include "dialogue/record.h"
#include "engine/policy.h"
#include "net/range.h"
#include "net/sasl.h"
#include "net/tls.h"
#include "server/store.h"

/* Clients at once, and letters and octets kept in memory: a peer must not choose our memory use. */
#define SERVER_CLIENTS_MAX      256
#define SERVER_LETTERS_MAX      10000
#define SERVER_STORE_OCTETS_MAX ((size_t)64 * 1024 * 1024) /* letters coming in count, too */
/* Of letters that are coming in, where they share no room with those in memory; and of those in
 * memory where the oldest make room. A letter of the largest size must fit. */
#define SERVER_ROOM_MAX ((size_t)ENGINE_LETTER_MAX)
/* Strangers' dialogues that are recorded: a record forgets none. Later ones are served unseen. */
#define SERVER_STRANGERS_MAX 10000
/* Octets of all of them together: half of the record, so that they never end the learner's own
 * talk. A talk that goes beyond it is served on, but no longer recorded; later ones are served
 * unseen. */
#define SERVER_STRANGERS_OCTETS_MAX (RECORD_OCTETS_MAX / 2)

struct server_letter {
    const char *from;
    const char *to;     /* the mailbox that this copy is in */
    const char *client; /* HELO name */
    int64_t when;       /* wall clock */
    struct span octets;
};

/* What happened in a session, for whoever writes a log or a list of sessions. */
enum server_event_kind {
    SERVER_CONNECTED,
    SERVER_TURNED_AWAY, /* text: why; no session was opened, session is 0 */
    SERVER_FACT,        /* `fact` (engine's); the store's, too */
    SERVER_REPLIED,     /* a reply went out: code, and text: its last line as sent */
    SERVER_STORED,      /* path; letter's envelope */
    SERVER_CLOSED,      /* text: how it ended */
};
struct server_event {
    enum server_event_kind kind;
    uint64_t session;    /* from 1, never reused */
    const char *address; /* the client's */
    unsigned port;
    unsigned dialogue; /* of the record; 0: none */
    unsigned code;
    struct span text;
    const struct fact *fact;            /* SERVER_FACT */
    const struct engine_letter *letter; /* SERVER_STORED */
    const char *path, *id;              /* SERVER_STORED: "" when it has none */
    int64_t lasted;                     /* SERVER_CLOSED: microseconds ... */
    uint64_t letters;                   /* ... and how many were stored */
};

struct server_hooks {
    /* Which dialogue is the connection from this local port of ours? 0: none, it is a stranger's
     * and the server opens one itself and records octets too. */
    unsigned (*dialogue_of)(void *ctx, unsigned client_port);
    void (*changed)(void *ctx); /* record or mailboxes changed; must not free the server */
    /* NULL: nobody listens, and events cost nothing. Borrowed for the call. */
    void (*event)(void *ctx, const struct server_event *e);
    void *ctx;
};

struct faults;
struct server_options {
    struct loop *loop;
    struct record *record; /* NULL: nothing is recorded */
    const struct policy *policy;
    const char *address;     /* in numbers; NULL: 127.0.0.1 */
    unsigned port;           /* 0: a free one */
    struct store *store;     /* NULL: the server's own, in memory */
    bool rolling;            /* ... whose oldest letters go when it is full */
    struct faults *faults;   /* NULL: none */
    struct tls_context *tls; /* NULL: STARTTLS is not offered, unless ... */
    /* ... it is made when the first client wants it: NULL then, the owner has said why. Owned by
     * whoever made it, until server_free. */
    struct tls_context *(*make_tls)(void *ctx);
    void *make_ctx;
    bool implicit_tls;                /* TLS from the first octet */
    const struct sasl_users *users;   /* NULL: AUTH is not offered */
    unsigned clients_max;             /* 0: SERVER_CLIENTS_MAX */
    unsigned clients_per_address_max; /* 0: no limit of its own */
    /* Clients at these addresses are proxies: each begins with a PROXY header
     * (net/proxy_header.h), whose addresses count from then on. */
    const struct range *proxies;
    size_t proxy_count;
    bool timeouts;
    bool forget_ended;  /* a stranger's dialogue is dropped from the record when it ends ... */
    bool forget_oldest; /* ... or, the oldest of those first, when there is no room for more. A
                         * talk that is no longer recorded counts as ended */
};

struct server;
/* Borrows all that the options name, and copies the hooks. NULL: err. */
struct server *server_new(const struct server_options *o, const struct server_hooks *hooks,
                          struct error *err);
/* Clients may come in at another place, too: at most SERVER_PLACES_MAX. False: err. */
#define SERVER_PLACES_MAX 128
bool server_listen(struct server *s, const char *address, unsigned port, bool implicit_tls,
                   struct error *err);
void server_free(struct server *s); /* NULL is fine; breaks off what is under way */
/* Clients that are silent for too long are sent away, from the next one on. Off at first: a learner
 * may think. */
void server_set_timeouts(struct server *s, bool on);
/* Less room for strangers than SERVER_STRANGERS_OCTETS_MAX. */
void server_set_strangers_room(struct server *s, uint64_t octets);
size_t server_clients(const struct server *s); /* connected now */
unsigned server_port(const struct server *s);
unsigned server_port_at(const struct server *s, size_t i); /* of the first place, the next ... */
const char *server_name(const struct server *s);
size_t server_mailboxes(const struct server *s);
const char *server_mailbox(const struct server *s, size_t i);       /* "bob@hamburger.edu" */
size_t server_letters(const struct server *s, const char *mailbox); /* full name, or local part */
/* Letter n (from 1, oldest first) of a mailbox; false: there is none. Borrowed until the next
 * change. */
bool server_letter(const struct server *s, const char *mailbox, size_t n,
                   struct server_letter *out);

#endif
