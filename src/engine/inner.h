/*
 * The engine as its own files see it. Private to them.
 */
#ifndef ENGINE_INNER_H
#define ENGINE_INNER_H
#include "engine/outbox.h"
#include "engine/persona.h"
#include "smtp/command.h"
#include "smtp/session.h"

/* Why a letter that is coming in will not be kept. */
enum engine_doom { DOOM_NONE, DOOM_TOO_LARGE, DOOM_NO_ROOM };
/* What the engine waits for; until it comes, no octet is looked at. */
enum engine_pending { PENDING_NOTHING, PENDING_STORE, PENDING_AUTH, PENDING_TLS, PENDING_TIME };

/* Things that are worth saying aloud, once in a session. X(name, words) */
#define ENGINE_NOTES(X)                                                                            \
    X(BARE_LF, "the client ends lines in LF alone, which is no line end in SMTP")                  \
    X(LETTER_BARE_LF, "the letter has line ends of LF alone: only CRLF ends a line")               \
    X(NEAR_MISS, "a dot stood alone beside a bare LF: that does not end the letter")               \
    X(NAME, "the client greeted with a name that is no full name of a host")                       \
    X(AFTER_QUIT, "the client sent octets behind QUIT: they are dropped")                          \
    X(PIPELINED, "the client sent commands ahead, and PIPELINING was not offered to it")           \
    X(PAST_SYNC, "the client sent octets behind a command whose reply it had to await")            \
    X(NO_DOT, "the client left without the dot that ends a letter")                                \
    X(EIGHT_BIT, "the letter has octets above 127, and MAIL did not say BODY=8BITMIME")            \
    X(LONG_LINE, "the letter has lines longer than 998 octets")                                    \
    X(NUL, "the letter has octets that are zero")                                                  \
    X(LOGIN_IN_CLEAR, "the client sends its login without TLS: anybody on the way can read it")
enum engine_note {
#define X(name, words) NOTE_##name,
    ENGINE_NOTES(X)
#undef X
};

/* What a fault answers for one recipient at the end of a letter, where each has a reply (LMTP). */
struct own_reply {
    struct buf octets; /* empty: the usual reply */
    bool refuses;      /* the letter is not stored for this one */
};

/* From MAIL to the end of the letter, or what stops it. */
struct transaction {
    struct buf from;        /* reverse-path's mailbox */
    struct buf to;          /* texts of the recipients, each with a NUL at its end */
    size_t (*to_at)[3];     /* where a mailbox, its notify, its orcpt start; owned */
    const char **to_text;   /* the same as pointers, while a letter is out; owned */
    struct engine_dsn *dsn; /* owned */
    size_t to_count, to_room, refused;
    struct own_reply *own; /* owned; by recipient; NULL: all have the usual reply */
    struct buf envid;
    const char *ret, *type; /* "FULL", "HDRS"; BODY's value; "" */
    bool utf8, failed;      /* failed: a chunk was refused; only RSET clears it */

    struct body body;
    struct buf octets;  /* of the letter, unstuffed */
    uint64_t told;      /* how many of them the last FACT_BODY counted */
    uint64_t wire;      /* octets behind the 354 or BDAT lines */
    uint64_t announced; /* SIZE= */
    enum engine_doom doom;
    struct engine_letter letter; /* while pending */
};

/* A chunk that is coming in. */
struct chunk {
    uint64_t left, size;
    bool on, last, dropped; /* dropped: its octets are thrown away, then `situation` is said */
    unsigned situation;
};

struct login {
    struct buf octets; /* of the present step; secret */
    char mechanism[24];
    struct engine_login step;
    bool started; /* a challenge is out */
};

/*
 * Where faults come in (faulty.c). With none, the usual case, each
 * place costs one branch.
 */
struct faults;
struct occasion {
    enum verb verb;                /* VERB_CONNECT, VERB_AUTH_LINE and VERB_BODY_END, too */
    const struct command *command; /* NULL at these moments */
    struct span address;           /* of MAIL, RCPT, VRFY */
    struct span name;              /* the client's */
};
struct fault_hooks {
    /* A reply is about to be made up, and what it stands for done. May queue actions and return
     * false: both happen behind them. True: the fault said all, and nothing is done. */
    bool (*before)(struct faults *f, struct engine *e, const struct occasion *o);
    /* The reply is queued: what comes behind it. */
    void (*after)(struct faults *f, struct engine *e, const struct occasion *o);
    /* engine->fault_octet octets of a letter have come; may set the next one. */
    void (*octet)(struct faults *f, struct engine *e);
    /* engine->fault_at has come. */
    void (*idle)(struct faults *f, struct engine *e);
};

struct engine {
    const struct policy *policy;
    const struct fault_hooks *fault_hooks; /* NULL: no faults */
    struct faults *faults;
    struct faulty *faulty; /* owned; what they remember of this session; NULL: no faults */
    uint64_t fault_octet;  /* of a letter, as sent; UINT64_MAX: none */
    int64_t fault_at;      /* CLOCK_NEVER: none */

    enum session_state state; /* reply.c writes it, nobody else */
    enum engine_pending pending;
    bool esmtp;      /* greeted by EHLO or LHLO: enhanced codes and parameters */
    bool certified;  /* the client showed a certificate that is trusted */
    bool tls, facts; /* facts: somebody listens */
    bool forgetful;  /* octets of letters are not kept */
    bool timeouts;
    bool client_gone;         /* its side has ended; what it sent before is still answered */
    bool over;                /* we have ended ours; nothing more is read */
    bool waiting;             /* ACTION_WAIT was pulled */
    bool ahead;               /* the present command came together with the one before it */
    enum verb last;           /* that one */
    unsigned noted;           /* set of engine_note */
    unsigned errors, unknown; /* refused commands, and those of them no table knows */
    unsigned mails;
    size_t behind; /* octets behind the present line, in the same input */
    int64_t now, deadline;

    struct line_reader *lines; /* of an unfinished line; NULL: none */
    struct buf input;          /* octets that wait, from input_at on */
    size_t input_at;
    struct outbox out;

    struct buf begun;           /* a command that waits for its CRLF (persona's lf_waits) */
    struct buf name;            /* the client's, by HELO or EHLO */
    char *user;                 /* owned; who logged in, NULL: nobody */
    struct transaction *letter; /* NULL: none */
    struct chunk chunk;
    struct login *login; /* NULL: none under way */
    struct buf domains;  /* of recipients in this session, each with a NUL; for RCPTDOMAINMAX */
    unsigned domain_count;
};

/* reply.c */

/* What the row of a persona fills its text with. */
struct reply_words {
    struct span address, text;
    uint64_t number;
    enum verb syntax; /* whose; VERB_UNKNOWN: of the verb that is answered */
};
/* Answers `verb` as the persona does in that situation (persona.h); the reply moves the state as
 * session.h's table says. Too many errors make it a 421. */
void engine_say(struct engine *e, enum verb verb, unsigned situation, struct reply_words words);
/* The same row as a line of a longer reply, before its last: with the same codes, since each line
 * of a reply has the same (RFC 2034 4). */
void engine_say_line(struct engine *e, enum verb verb, unsigned situation,
                     struct reply_words words);
/* engine_say() without words of its own, or with an address. */
void engine_say_plain(struct engine *e, enum verb verb, unsigned situation);
void engine_say_of(struct engine *e, enum verb verb, unsigned situation, struct span address);
/* Where a reply of that code leads. */
void engine_move(struct engine *e, enum verb verb, unsigned code);
/* The row's code. */
unsigned engine_code(const struct engine *e, enum verb verb, unsigned situation);
/* The persona does not refuse that mistake of that verb. */
bool engine_bears(const struct engine *e, enum verb verb, unsigned situation);
/* Refuses a line: a mistake or a situation, with the decision stated. */
void engine_refuse(struct engine *e, enum verb verb, unsigned situation);
/* The server closes by itself; 421 is said first (RFC 5321 3.8). */
void engine_hang_up(struct engine *e, enum verb verb, unsigned situation, const char *why);
const struct persona *engine_persona(const struct engine *e);

/* facts.c */

void engine_fact(struct engine *e, enum fact_kind kind, uint64_t number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* One sentence with one span in it: before, span, after. Cheaper. */
void engine_decide(struct engine *e, unsigned code, const char *before, struct span middle,
                   const char *after);
void engine_tell(struct engine *e, enum fact_kind kind, uint64_t number, struct span text);
void engine_note(struct engine *e, enum engine_note note);

/* engine.c */

void engine_end(struct engine *e, const char *why);
/* Nothing more is looked at until `microseconds` have gone by; what was queued goes out before. */
void engine_pause(struct engine *e, int64_t microseconds);
/* The clock of silence starts anew, unless it stands still. */
void engine_touch(struct engine *e);

/* greet.c */

void engine_greet(struct engine *e, const struct command *c);
/* Of the policy's mechanisms: those that bind to TLS need it, EXTERNAL a certificate. */
bool engine_mechanism_fits(const struct engine *e, struct span name);
bool engine_offers(const struct engine *e, enum extension extension);

/* envelope.c */

void engine_mail(struct engine *e, const struct command *c);
void engine_rcpt(struct engine *e, const struct command *c);

/* params.c */

/* False: some parameter was refused. */
bool engine_check_params(struct engine *e, const struct command *c);
/* How long a line of that verb may be, without CRLF. */
uint64_t engine_line_max(const struct engine *e, enum verb verb);

/* transaction.c */

void transaction_begin(struct engine *e);
void transaction_add(struct engine *e, const struct command *c);
/* Fills in what a store gets. */
void transaction_letter(struct engine *e);
void transaction_free_own(struct own_reply *own, size_t count); /* NULL is fine */
/* The transaction is over, if there was one. */
void engine_clear(struct engine *e, const char *why);

/* letter.c */

void engine_data(struct engine *e, const struct command *c);
/* Takes octets inside DATA; returns how many. */
size_t letter_take(struct engine *e, struct span octets);
/* All of the letter came: stores or refuses it. */
void letter_came(struct engine *e);
void letter_stored(struct engine *e, bool ok, const char *why);
/* Where octets of the letter are kept; NULL: they are not. */
struct buf *letter_room(struct engine *e);
void letter_doom(struct engine *e, enum engine_doom why);
void letter_tell_progress(struct engine *e);
/* Octets that one letter may have. */
uint64_t engine_size_limit(const struct engine *e);

/* chunk.c */

void engine_bdat(struct engine *e, const struct command *c);
/* BDAT where it may not be: its octets are taken and dropped, then it is refused (RFC 3030 2). */
void chunk_drop(struct engine *e, const struct command *c, unsigned situation);
size_t chunk_take(struct engine *e, struct span octets);

/* auth.c */

void engine_auth_command(struct engine *e, const struct command *c);
void auth_line(struct engine *e, const struct line *line);
void auth_forget(struct engine *e);

/* starttls.c */

void engine_starttls(struct engine *e, const struct command *c);
/* Octets that came in clear behind STARTTLS. */
void starttls_drop(struct engine *e, struct span octets);

/* ask.c */

void engine_vrfy(struct engine *e, const struct command *c);
void engine_expn(struct engine *e, const struct command *c);
void engine_help(struct engine *e, const struct command *c);

/* commands.c */

/* Takes one whole command line and answers it. */
void engine_command(struct engine *e, const struct line *line);
/* The verb is one that this server knows now. */
bool engine_knows(const struct engine *e, enum verb verb);

static inline bool engine_before(struct engine *e, enum verb verb, const struct command *c)
{
    struct occasion o = { verb, c, c ? c->path.mailbox : (struct span){ 0 }, buf_span(&e->name) };

    return e->fault_hooks && e->fault_hooks->before(e->faults, e, &o);
}
static inline void engine_after(struct engine *e, enum verb verb, const struct command *c)
{
    struct occasion o = { verb, c, c ? c->path.mailbox : (struct span){ 0 }, buf_span(&e->name) };

    if (e->fault_hooks)
        e->fault_hooks->after(e->faults, e, &o);
}

#endif
