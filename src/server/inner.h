/*
 * The server and its visits as they see each other. Private to server.c, visit.c, act.c and tell.c.
 */
#ifndef SERVER_INNER_H
#define SERVER_INNER_H
#include "net/proxy_header.h"
#include "net/stream.h"
#include "server/alarms.h"
#include "server/crowd.h"
#include "server/mailboxes.h"
#include "server/pace.h"
#include "server/server.h"

struct visit;
/* Where clients come in. */
struct door {
    struct server *server;
    struct listener *listener;
    bool tls; /* from the first octet on */
};
struct server {
    struct loop *loop;
    struct record *record;      /* NULL: nothing is recorded */
    const struct policy *given; /* the caller's ... */
    struct policy policy;       /* ... and what of it can be offered here */
    struct server_hooks hooks;
    struct door *doors[SERVER_PLACES_MAX]; /* owned; the first ones */
    size_t door_count;
    struct mailboxes *mailboxes;
    struct store *store;     /* NULL: the mailboxes */
    struct tls_context *tls; /* server_tls() gives it */
    struct tls_context *(*make_tls)(void *ctx);
    void *make_ctx;
    const struct sasl_users *users;
    struct faults *faults, *own_faults; /* own: NULL where the caller has some */
    struct buf fault_text, fault_words; /* of the one that was asked for last */
    struct alarms *alarms;
    struct visit *first; /* of a list */
    size_t visits, own;  /* own: those of our own clients */
    struct crowd crowd;  /* where clients come from; counted when there is a limit */
    unsigned clients_max, clients_per_address_max;
    const struct range *proxies; /* the caller's */
    size_t proxy_count;
    int64_t now;                               /* when the loop called last */
    uint64_t sessions;                         /* begun so far */
    uint64_t letters;                          /* handed to the store so far */
    int64_t started;                           /* wall clock */
    size_t incoming;                           /* octets of letters that are coming in */
    unsigned strangers;                        /* dialogues that were opened for them */
    uint64_t strangers_octets, strangers_room; /* in these dialogues, and at most */
    bool timeouts, forget_ended, forget_oldest;
    struct ended_talks *ended; /* owned; roll.c; NULL: none yet */
};

/* What keeps the engine's next action from being pulled. */
enum visit_busy {
    VISIT_TALKS,      /* nothing */
    VISIT_INTRODUCES, /* a proxy has not said yet for whom it comes */
    VISIT_WAITS,      /* ACTION_WAIT */
    VISIT_PACES,      /* octets leave slowly */
    VISIT_HANDSHAKES, /* TLS; facts still come */
    VISIT_CLOSES,     /* nothing, but our side is ended, or will be when the queue is sent */
    VISIT_BREAKS,     /* ACTION_RESET was done: it ends at once */
};

/* A proxy's visit: what came of its header, then whom it named. */
struct introduction {
    struct buf octets;
    bool tls; /* comes behind it */
    bool named;
    struct address from; /* where named */
    char text[ADDRESS_TEXT_MAX];
};

struct visit {
    struct alarm alarm; /* first: alarms know nothing else. May stand too early */
    int64_t until;      /* when waiting, the handshake, or closing is over at the latest */
    struct server *server;
    struct visit *next, **link; /* link: what points to this one */
    struct stream *stream;
    struct engine *engine;
    struct pace *pace;                  /* NULL: octets leave as usual */
    struct sasl *login;                 /* NULL: none is under way */
    const struct engine_letter *letter; /* is being stored; the engine's */
    struct store_job *job;              /* NULL: none, or it ends within store_put() */
    struct buf *said;                   /* a reply that is not whole yet, for events */
    struct introduction *introduction;  /* NULL: it came by itself */
    char *address;                      /* the client's, for events; NULL: nobody listens */
    uint64_t session, crowd;
    int64_t began;
    uint64_t letters;       /* stored */
    uint64_t letter_number; /* of the letter that is being stored */
    uint64_t octets;        /* its part of server->strangers_octets */
    size_t incoming;        /* ... and of server->incoming */
    unsigned dialogue;      /* 0: not recorded */
    enum visit_busy busy;
    bool stranger;    /* no client of ours feeds the dialogue: octets and end are ours to record */
    bool unrecorded;  /* its dialogue had no more room: octets and facts are not kept any more */
    bool client_done; /* the client's side is ended */
    bool opened;      /* the engine has greeted */
    bool acting;      /* inside go_on(): what comes back then is pulled there */
};

/* The time stands still while the loop's call lasts. */
static inline int64_t visit_now(const struct visit *v)
{
    return v->server->now;
}

static inline void server_wakes(struct server *s)
{
    s->now = loop_now(s->loop);
}

/* visit.c: one client's connection, from accept to end. Takes fd; frees itself at the end, which
 * may be inside this call. */
void visit_start(struct server *s, int fd, const struct address *peer, bool tls, bool proxy);
/* Ends it at once, from outside its own calls. */
void visit_stop(struct visit *v);
/* Its time has come, or may have. */
void visit_alarm(struct alarm *a);
/* Pulls what the engine wants done and does it, as far as the client takes it. May free v. */
void visit_go_on(struct visit *v);

/* Where the client is: by what its proxy said, or by its connection. */
const char *visit_peer(const struct visit *v);
unsigned visit_peer_port(const struct visit *v);
/* Why a client from there is not let in now; NULL: it is. */
const char *server_crowded(const struct server *s, uint64_t key);
/* 421 in plain text, where the talk is. Does not end anything. */
void server_farewell(const struct server *s, const char *why, struct buf *out);

/* Frees it, and tells nobody. */
void visit_discard(struct visit *v);
/* It is known who comes: the talk begins, with what came already of it. May free v. */
void visit_admit(struct visit *v, const struct address *peer, bool tls, struct span came);

/* introduce.c: what a proxy says before the talk. Each may free v. */
void introduce_begin(struct visit *v, bool tls);
void introduce_take(struct visit *v, struct span octets);
/* It will not be let in. */
void introduce_refuse(struct visit *v, const char *why, const char *detail);

/* act.c: does one thing that the engine wants done. */
void visit_act(struct visit *v, const struct action *a);
/* Sends what is due of the octets that leave slowly. */
void visit_pace(struct visit *v);
/* TLS from here on. */
void visit_encrypt(struct visit *v);
/* The handshake is done: states what holds now. */
void visit_encrypted(struct visit *v);
/* Lets go of a login and of a letter that is being stored. */
void visit_let_go(struct visit *v);

/* roll.c: talks of strangers that have ended, or had no more room, kept until newer ones need their
 * room. */
void roll_keep(struct server *s, unsigned dialogue, uint64_t octets);
void roll_make_room(struct server *s); /* for one more, and for more of those that go on */

/* tell.c: what happened, into the record and to whoever listens. */
bool visit_recorded_here(const struct visit *v);
void tell_connected(struct visit *v);
void tell_turned_away(const struct server *s, const struct address *peer, const char *why);
/* A fact of the engine's. */
void tell_fact(const struct visit *v, const struct fact *f);
/* FACT_STORED, or FACT_MAILBOX, which is the record's alone, of mailbox i. */
void tell_mailbox(const struct visit *v, enum fact_kind kind, size_t i);
void tell_octets(struct visit *v, enum side side, struct span octets);
/* Events of a stranger's talk. */
void tell_talk(const struct visit *v, enum talk_event e, const char *detail);
void tell_stored(const struct visit *v, const char *path, const char *id);
/* The last one; the detail may be "". */
void tell_ended(const struct visit *v, enum talk_event e, const char *detail);

/* The certificate, made when it is needed for the first time. NULL: none can be. */
struct tls_context *server_tls(struct server *s);

#endif
