/*
 * The toy server's mind: one session without I/O. Octets, results and the time go in; actions come
 * out, and facts are stated among them. It satisfies RFC 5321 4.5.1 and is strict: only CRLF ends a
 * line (a bare LF gets its 500 at once, and never ends the data), only CRLF.CRLF ends the letter.
 * Not here: sockets, mailboxes, what a line says (smtp/), what it means to people (registry/).
 *
 * Pull actions until there are none after every push. Replies of a batch come as one write, after
 * the facts that were stated on the way, as they would reach a client. While a store or look-up is
 * pending the engine takes no further command octets (they wait inside, bounded by
 * ENGINE_INPUT_MAX).
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H
#include "base/clock.h"
#include "dialogue/fact.h"
#include "engine/policy.h"
#include "smtp/body.h"

/* Octets waiting while the engine is pending; engine_push takes no more beyond it. */
#define ENGINE_INPUT_MAX ((size_t)64 * 1024)
/* Octets of replies and facts that wait to be pulled: with more of them no further command is read,
 * so that a flood of short wrong lines stays cheap. One more reply may come on top. */
#define ENGINE_OUTPUT_MAX ((size_t)64 * 1024)
/* Octets of one letter where the policy names no limit. Large for a letter, small for a machine. */
#define ENGINE_LETTER_MAX ((uint64_t)256 * 1024 * 1024)
/* How long the server waits for the next command (RFC 5321 4.5.3.2.7: at least 5 minutes); the lab
 * turns it off. */
#define ENGINE_COMMAND_TIMEOUT (300 * CLOCK_SECOND)

enum action_kind {
    ACTION_WRITE,     /* octets to send */
    ACTION_WAIT,      /* do nothing until `until` (faults use it) */
    ACTION_CLOSE,     /* send what is queued, then FIN */
    ACTION_RESET,     /* RST */
    ACTION_START_TLS, /* after the queued octets, hand the stream to TLS */
    ACTION_STORE,     /* store `letter`, then call engine_stored() */
    ACTION_AUTH,      /* let `auth` be verified, then call engine_auth() */
    ACTION_SLOW, /* from here on octets go out `number` at a time, `until` apart; 0: as usual */
    ACTION_FACT, /* state `fact` */
};

/* What MAIL and RCPT said beside the addresses (RFC 3461 4); empty: not said. */
struct engine_dsn {
    const char *notify, *orcpt; /* of one recipient: "SUCCESS,DELAY"; xtext decoded */
};

/* A letter to be stored. Borrows from the engine until engine_stored(). */
struct engine_letter {
    struct span from;             /* reverse-path's mailbox; empty for <> */
    const char *const *to;        /* forward-paths' mailboxes */
    const struct engine_dsn *dsn; /* of each of them */
    size_t to_count;
    const char *ret, *envid; /* "FULL", "HDRS"; xtext decoded; "" */
    const char *body;        /* "7BIT", "8BITMIME", "BINARYMIME"; "" not said */
    const char *user;        /* who logged in; "" nobody */
    bool utf8, esmtp, lmtp, tls;
    struct span octets; /* unstuffed, as sent; how many there were: counts.octets */
    struct body_counts counts;
    const char *client; /* HELO name */
};

/* One step of a login. The octets are decoded from base64, and secret. */
struct engine_login {
    struct span mechanism; /* the first step: its name in capitals; later ones: empty */
    struct span octets;    /* .at NULL: no initial response was sent */
};
enum engine_verdict {
    ENGINE_AUTH_MORE,   /* send `octets` as the next challenge */
    ENGINE_AUTH_OK,     /* `octets`: who */
    ENGINE_AUTH_DENIED, /* 535 */
    ENGINE_AUTH_BROKEN, /* not what the mechanism asks for: 501 */
    ENGINE_AUTH_LATER,  /* cannot be verified now: 454 */
};

struct action {
    enum action_kind kind;
    struct span octets;       /* ACTION_WRITE; borrowed until the next call */
    int64_t until;            /* ACTION_WAIT: at that time; ACTION_SLOW: so long between */
    uint64_t number;          /* ACTION_SLOW */
    struct engine_login auth; /* ACTION_AUTH; borrowed until engine_auth() */
    struct fact fact;         /* ACTION_FACT; borrowed until the next call */
    const struct engine_letter *letter; /* ACTION_STORE */
    bool last;                          /* ACTION_WRITE: ACTION_CLOSE is next */
};

struct engine;
struct engine *engine_new(const struct policy *policy); /* borrows policy */
void engine_free(struct engine *e);                     /* NULL is fine */
/* Faults that play in this session; borrows them until engine_free. `address`: the client's, in
 * numbers. NULL: none. Before engine_open(). */
struct faults;
void engine_set_faults(struct engine *e, struct faults *faults, const char *address);
/* The connection is open: the greeting is among the actions that follow. */
void engine_open(struct engine *e, int64_t now);
/* Takes octets from the client; returns how many (fewer only while it cannot go on and
 * ENGINE_INPUT_MAX of them wait: push the rest later). After the end all are taken, and dropped. */
size_t engine_push(struct engine *e, struct span octets, int64_t now);
/* Octets that were taken and wait, for a store or for actions to be pulled: stop reading. */
size_t engine_waiting(const struct engine *e);
/* Octets held of the letter that is coming in, or waits to be stored. */
size_t engine_letter_octets(const struct engine *e);
/* There is no room for that letter: what came of it is dropped, its dot gets 452 4.3.1. No effect
 * when none is coming in. */
void engine_no_room(struct engine *e);
/* The client ended its side. */
void engine_client_closed(struct engine *e, int64_t now);
/* The result of ACTION_STORE: ok, or why not. `mailbox letters` facts are the store's to state. */
void engine_stored(struct engine *e, bool ok, const char *why, int64_t now);
/* The result of ACTION_AUTH. */
void engine_auth(struct engine *e, enum engine_verdict verdict, struct span octets, int64_t now);
/* After ACTION_START_TLS: the handshake is done, and all that was known is forgotten (RFC 3207
 * 4.2). For implicit TLS: before engine_open(). Octets that the client sent behind STARTTLS were
 * dropped and stated as FACT_INJECTED; they never come to life. */
void engine_encrypted(struct engine *e, int64_t now);
/* The client showed a certificate that is trusted: EXTERNAL can be offered (RFC 4422 A). */
void engine_set_certified(struct engine *e, bool on);
/* ACTION_WAIT is over: actions after it may be pulled. (engine_next gives none before.) */
void engine_waited(struct engine *e, int64_t now);
/* The time is now `now`: time-outs. */
void engine_tick(struct engine *e, int64_t now);
/* When engine_tick is due; CLOCK_NEVER when it is not. */
int64_t engine_deadline(const struct engine *e);
bool engine_over(
    const struct engine *e); /* it has ended its side, or will with what it says last */
/* The next thing to do; false: nothing until the next push. */
bool engine_next(struct engine *e, struct action *out);
void engine_set_timeouts(struct engine *e, bool on); /* off in the lab and in lessons */
/* Off: nobody will store the octets of letters, which are counted and dropped as they come, unless
 * the persona looks at the header; engine_letter.octets is empty then. On at first. */
void engine_set_keeping(struct engine *e, bool on);
/* Off: nobody listens, and no fact is put together but FACT_INJECTED. On at first. */
void engine_set_facts(struct engine *e, bool on);

#endif
