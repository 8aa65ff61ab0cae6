/* Verbs: purpose, syntax, example, effect, as rows. RFC 5321 4.1.1 and the extensions' RFCs. */
#ifndef REGISTRY_VERBS_H
#define REGISTRY_VERBS_H
#include "smtp/session.h"
#include "smtp/verb.h"

struct verb_row {
    enum verb verb;
    const char *purpose;    /* one sentence for a learner: "names the sender of the letter" */
    const char *short_hint; /* beside it on the line of next steps: "write the letter" */
    const char *syntax;     /* "MAIL FROM:<reverse-path> [parameters]" */
    const char *example;    /* "MAIL FROM:<alice@crepes.fr>" */
    const char *effect;     /* what a 2yz does to the session */
    const char
        *sent; /* what a learner reads when it was sent and no reply has come: <= 156 characters */
    const char *success, *failure; /* codes, for reference: "250", "552 451 ..." */
    const char *source;
};
const struct verb_row *verb_row(enum verb verb); /* NULL for UNKNOWN and the moments */

/*
 * The next steps a person would take from a state, most likely first.
 */
struct next_row {
    enum session_state state;
    enum verb verb;    /* VERB_BODY_END: the dot */
    bool esmtp_only;   /* shown only after EHLO */
    const char *shown; /* what stands on the line: "RCPT TO:<...>"; %c client's name, %f sender, %t
                          recipient */
    const char *typed; /* what Tab writes: "RCPT TO:<%t>" */
    const char *hint;  /* "one more recipient" */
};
extern const struct next_row next_rows[];
extern const size_t next_row_count;

#endif
