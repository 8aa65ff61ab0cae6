/*
 * What a line that starts with no verb may have been: a header field, a shell's word, a server's
 * line, a browser's request, a misspelt verb. Not a parser: a guess for people, never for pairing
 * or state. Sources: RFC 5321 4.1.1, RFC 5322 3.6, RFC 9112 3.
 */
#ifndef SMTP_GUESS_H
#define SMTP_GUESS_H
#include "smtp/mistake.h"
#include "smtp/verb.h"

struct guess {
    enum mistake mistake; /* MISSPELT_VERB, HEADER_AS_COMMAND ...; UNKNOWN_VERB when in doubt */
    enum verb meant;      /* VERB_UNKNOWN when in doubt */
};

/* `word`: the first word, no verb; `argument`: the rest, trimmed. */
struct guess guess_line(struct span word, struct span argument);

#endif
