/*
 * One letter handed over in one connection, with no person at the prompt: greeting, TLS, login,
 * envelope, letter, QUIT. It uses what the server offers (SIZE, 8BITMIME, SMTPUTF8, PIPELINING),
 * pairs each reply with what it answers, and goes on with the recipients that were accepted. The
 * dialogue is in the record, as any other. Which server comes next is the owner's matter.
 *
 * Sources: RFC 5321 3.2, 3.3, 4.1.1 (the commands), 4.2 (replies); RFC 1870, 6152, 6531, 2920,
 * 3207, 4954, 2033.
 */
#ifndef LIVE_DELIVERY_H
#define LIVE_DELIVERY_H
#include "live/client.h"

/* X(name, its word, what the program was doing) */
#define DELIVERY_STAGES(X)                                                                         \
    X(CONNECT, "connect", "connecting")                                                            \
    X(GREETING, "greeting", "waiting for the server's greeting")                                   \
    X(HELLO, "hello", "greeting the server")                                                       \
    X(TLS, "tls", "encrypting the talk")                                                           \
    X(AUTH, "auth", "logging in")                                                                  \
    X(MAIL, "mail", "naming the sender (MAIL)")                                                    \
    X(RCPT, "rcpt", "naming the recipients (RCPT)")                                                \
    X(DATA, "data", "asking to send the letter (DATA)")                                            \
    X(LETTER, "letter", "handing over the letter")                                                 \
    X(QUIT, "quit", "saying goodbye (QUIT)")
#define X(name, word, doing) DELIVERY_##name,
enum delivery_stage { DELIVERY_STAGES(X) DELIVERY_STAGE_COUNT };
#undef X
const char *delivery_stage_word(enum delivery_stage s);
const char *delivery_stage_doing(enum delivery_stage s);

/* Everything is borrowed until the delivery is freed. */
struct delivery_plan {
    struct client_options client; /* where to, and how; .name is what EHLO says */
    struct tls_context *tls;      /* NULL: there is none, and no encryption */
    bool starttls, lmtp;
    bool name_guessed; /* nobody chose the name: where it has no dot, the address is better */
    bool in_clear;     /* a password may be sent in plain text */
    const char *user, *secret; /* NULL: no login */
    const char *from;          /* without brackets; "": the null reverse-path */
    const char *const *to;     /* the same */
    size_t to_count;
    struct span letter; /* line ends are made CRLF, dots doubled */
    int64_t timeout;    /* for each reply */
};

/* A reply, with what it answers. */
struct delivery_reply {
    enum delivery_stage stage;
    size_t recipient; /* RCPT, and LETTER in LMTP: which; else plan.to_count */
    unsigned code;    /* 0: it has none */
    struct enhanced_code enhanced;
    char *text;       /* its lines without code and enhanced code, "\n" between */
    int64_t sent, at; /* record's time of the command, and of the reply */
};

struct delivery;
struct delivery_hooks {
    void (*changed)(void *ctx); /* the record has more */
    void (*ended)(void *ctx);   /* the connection is gone */
    void *ctx;
};
/* Begins. Never NULL; hooks are called from the loop only. */
struct delivery *delivery_new(struct loop *l, struct record *r, const struct delivery_plan *plan,
                              const struct delivery_hooks *hooks);
void delivery_free(struct delivery *d); /* NULL is fine; not in its hooks */
unsigned delivery_dialogue(const struct delivery *d);
bool delivery_ended(const struct delivery *d);
void delivery_stop(struct delivery *d, const char *why); /* gives it up; `why` is a literal */

size_t delivery_replies(const struct delivery *d);
const struct delivery_reply *delivery_reply(const struct delivery *d, size_t i);
/* Did the server take the letter for this recipient? */
bool delivery_accepted(const struct delivery *d, size_t recipient);
/* The stage where it went wrong first, or QUIT. */
enum delivery_stage delivery_stage(const struct delivery *d);
/* enum status: OK only when every recipient was accepted, and the letter. */
int delivery_status(const struct delivery *d);
/* What went wrong first, in words; "" when nothing did. What a server said in it is quoted as it
 * came. */
const char *delivery_why(const struct delivery *d);
bool delivery_encrypted(const struct delivery *d); /* it was, when the letter went */

#endif
