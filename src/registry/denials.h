/*
 * Why a recipient is refused, as the enhanced status code or well-known words of the reply tell.
 * One code stands for many reasons: 550 is as good for a wrong address as for a closed relay.
 * Words are those of Postfix, Exim, Sendmail, Exchange and of large providers.
 */
#ifndef REGISTRY_DENIALS_H
#define REGISTRY_DENIALS_H
#include "smtp/reply.h"

struct denial_row {
    const char *name;     /* for an admin, a phrase */
    const char *enhanced; /* "1.1 1.10": subjects and details that say it, of either class */
    const char *words;    /* "user unknown|no such user": any of them in the text says it */
    /* What it means, behind "550 = ": a sentence or two that fit two rows of the pane. NULL: it
     * says nothing with a code of that class. */
    const char *never; /* 5yz */
    const char *later; /* 4yz */
    const char *source;
};
extern const struct denial_row denial_rows[];
extern const size_t denial_row_count;

/* The reason that a reply of 4yz or 5yz to RCPT gives; NULL: none that is known. `words`: its text
 * behind the codes. */
const struct denial_row *denial_row(unsigned code, struct enhanced_code enhanced,
                                    struct span words);
/* The row's sentence for a reply of that code. */
const char *denial_text(const struct denial_row *row, unsigned code);

#endif
