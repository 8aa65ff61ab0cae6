/*
 * One fault: what goes wrong at a server of ours, when, for whom, how often. A row of data with two
 * written forms, read and checked by the same rows:
 *
 *     RCPT to=*@x.org times=1-2 reply="450 4.2.1 busy" delay=2s          a line
 *     at: RCPT / to: "*@x.org" / times: 1-2 / ...                        keys of YAML
 *
 * Which faults play, and what they leave of the actions, is faults.h and faulty.h.
 */
#ifndef ENGINE_FAULT_H
#define ENGINE_FAULT_H
#include "base/rows.h"
#include "smtp/param.h"
#include "smtp/verb.h"

/* X(name, word in rules, when it is) */
#define FAULT_MOMENTS(X)                                                                           \
    X(CONNECT, "connect", "instead of the greeting, or with it")                                   \
    X(HELO, "HELO", "at this command")                                                             \
    X(EHLO, "EHLO", "at this command")                                                             \
    X(LHLO, "LHLO", "at this command")                                                             \
    X(STARTTLS, "STARTTLS", "at this command")                                                     \
    X(AUTH, "AUTH", "at this command")                                                             \
    X(MAIL, "MAIL", "at this command")                                                             \
    X(RCPT, "RCPT", "at this command")                                                             \
    X(DATA, "DATA", "at this command")                                                             \
    X(BDAT, "BDAT", "at this command")                                                             \
    X(RSET, "RSET", "at this command")                                                             \
    X(NOOP, "NOOP", "at this command")                                                             \
    X(VRFY, "VRFY", "at this command")                                                             \
    X(EXPN, "EXPN", "at this command")                                                             \
    X(HELP, "HELP", "at this command")                                                             \
    X(QUIT, "QUIT", "at this command")                                                             \
    X(COMMAND, "command", "at any command")                                                        \
    X(END, "end", "at the end of a letter: its dot, or BDAT LAST")                                 \
    X(BODY, "body", "inside a letter, when octet N of it has come")                                \
    X(IDLE, "idle", "when the client has been silent for a time")
#define X(name, word, when) FAULT_##name,
enum fault_moment { FAULT_MOMENTS(X) FAULT_MOMENT_COUNT };
#undef X
/* A verb's moment; FAULT_COMMAND when it has none of its own. */
enum fault_moment fault_moment_of(enum verb verb);
const char *fault_moment_word(enum fault_moment m);

enum fault_per { FAULT_PER_ALL, FAULT_PER_SESSION, FAULT_PER_CLIENT };
enum fault_full { FAULT_NOT_FULL, FAULT_FULL_452, FAULT_FULL_552 };
enum fault_tls {
    FAULT_TLS_FINE,
    FAULT_TLS_REFUSE,
    FAULT_TLS_CLOSE,
    FAULT_TLS_GARBAGE,
    FAULT_TLS_PLAINTEXT
};

/* Texts are owned; NULL or empty: not asked for. */
struct fault {
    int at; /* enum fault_moment */
    char *from, *to, *parameter, *client, *address;
    char *times;
    int per; /* enum fault_per */
    unsigned chance, rate;
    int64_t in, greylist, after;
    uint64_t octet;
    char *reply, *raw;
    int full; /* enum fault_full */
    int64_t delay, pause;
    unsigned slow;
    struct row_texts pieces, strip, add;
    int tls; /* enum fault_tls */
    bool drop, reset, silent, off;
};
extern const struct rows fault_rows;

/* "3", "1-2", "2-", "every 5". False: it is none of these. */
struct fault_times {
    uint64_t first, last, every; /* every 0: from first to last */
};
bool fault_times_read(struct span text, struct fault_times *out);

/* Reads the line form into *f (fault_init is done inside). False: *why says what is wrong, and *f
 * is as after fault_init. Release with fault_release. */
bool fault_parse(struct fault *f, struct span line, struct buf *why);
/* Appends the line form; fault_parse reads it back the same. */
void fault_print(const struct fault *f, struct buf *out);
void fault_init(struct fault *f);
void fault_release(struct fault *f);

/* Appends it as a sentence, without the dot at its end: when, for whom, how often, what happens.
 * What the rule quotes is as it stands there: make it safe to show. */
void fault_words(const struct fault *f, struct buf *out);
/* Ready-made ones, each a line, and what it stands for. */
struct fault_example {
    const char *line, *what;
};
extern const struct fault_example fault_examples[];
extern const size_t fault_example_count;
/* For completion: appends a value that may stand behind a key in a line. False: no more; a key that
 * stands alone has none. */
bool fault_value(struct span key, size_t i, struct buf *out);

/* What happens when faults are asked for. Borrows for the call. */
struct fault_event {
    enum fault_moment at;
    bool command;     /* it is a command: rules at `command` match, too */
    struct span from; /* the sender, of MAIL or of the letter under way; .at NULL: there is none */
    struct span to;   /* of RCPT; later all recipients, each but the last with a NUL */
    struct span client;         /* HELO name */
    const char *address;        /* the client's, in numbers; "" not known */
    const struct param *params; /* of MAIL and RCPT */
    unsigned param_count;
    uint64_t number; /* BODY: which octet; IDLE: how long the silence is */
    int64_t now;
};
/* Is that what the rule waits for, leaving aside how often, chance, rate and greylisting? */
bool fault_matches(const struct fault *f, const struct fault_event *ev);
/* "*" stands for any octets, "?" for one; ASCII case is ignored. */
bool fault_glob(struct span pattern, struct span text);

#endif
