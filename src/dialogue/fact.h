/*
 * Facts: what a server of ours states about itself while it works: decided, stored, waiting.
 * They stand in the record beside the octets; the pane that shows the server's inside, and the
 * judge of a lesson, read them from there and ask nobody. (docs: the record)
 */
#ifndef DIALOGUE_FACT_H
#define DIALOGUE_FACT_H
#include "base/span.h"

/* X(name, what `text` and `number` hold) */
#define FACTS(X)                                                                                   \
    X(OPENED, "text: the server's name")                                                           \
    X(WAITS, "text: what the server waits for, in words")                                          \
    X(GREETED, "text: client's name; number: 1 EHLO, 0 HELO")                                      \
    X(FROM, "text: reverse-path's mailbox, empty for <>; a transaction begins")                    \
    X(TO, "text: forward-path's mailbox, accepted")                                                \
    X(BODY, "text: empty; counts of the letter so far in number, header_lines, body_lines")        \
    X(CLEARED, "the transaction is over or dropped; text: why")                                    \
    X(DECIDED, "text: what was decided and why, one sentence; number: the reply code")             \
    X(STORED, "text: mailbox; number: letters in it now")                                          \
    X(MAILBOX, "text: a mailbox that exists here; number: letters in it")                          \
    X(CLOSED, "text: why the server ended the connection")                                         \
    X(LOGIN, "text: the user who logged in")                                                       \
    X(ENCRYPTED, "TLS begins to hold; text: protocol and cipher")                                  \
    X(INJECTED, "text: octets sent behind STARTTLS, thrown away; number: how many")                \
    X(NOTED, "text: something a client does that is worth saying aloud")                           \
    X(FAULT, "text: the fault that was played, as its rule says it")
#define X(name, what) FACT_##name,
enum fact_kind { FACTS(X) FACT_KIND_COUNT };
#undef X

struct fact {
    enum fact_kind kind;
    struct span text; /* borrowed by whoever gets the fact; a record copies it */
    uint64_t number;
    uint64_t header_lines, body_lines; /* FACT_BODY only */
};

/*
 * The inside of a server as its facts tell it: facts in, what a pane shows out.
 */
#define INSIDE_RECIPIENTS_MAX                                                                      \
    100 /* as many as the lab's server takes in one letter (RFC 5321 4.5.3.1.8) */
#define INSIDE_MAILBOXES_MAX 64 /* more than a class world has; later ones are not shown */
struct inside_mailbox {
    char *name; /* owned */
    uint64_t letters;
};
struct inside {
    char *host, *waits, *greeted, *from, *decided; /* owned; NULL: not stated yet, or over */
    char *closed; /* owned; why the server ended the connection; NULL: it did not */
    char *to[INSIDE_RECIPIENTS_MAX]; /* owned */
    unsigned to_count;
    struct inside_mailbox mailboxes[INSIDE_MAILBOXES_MAX];
    unsigned mailbox_count;
    bool esmtp, transaction, letter; /* letter: octets of it have come */
    uint64_t octets, header_lines, body_lines;
    unsigned decided_code;
};
void inside_init(struct inside *in);
void inside_release(struct inside *in);
void inside_add(struct inside *in, const struct fact *f); /* copies */

#endif
