/*
 * ESMTP parameters: `KEYWORD` and `KEYWORD=value` after a path. Their form, and for those that are
 * known the form of the value; whether the server offered them is the session's matter.
 *
 * Sources: RFC 5321 4.1.2 (esmtp-param), RFC 6531 3.3, and the RFCs in the table of param.c.
 */
#ifndef SMTP_PARAM_H
#define SMTP_PARAM_H
#include "smtp/mistake.h"

/* No server offers this many; RFC 5321 4.5.3.1.4 bounds the line anyway. */
#define COMMAND_PARAMS_MAX 32

/* `keyword[=value]` after a path. Spans point into the line. */
struct param {
    struct span keyword, value; /* value.at NULL: no "=" */
    unsigned column;
};

/* Reads one parameter, a word without spaces, and appends it to list[COMMAND_PARAMS_MAX]; a word
 * without a keyword is BAD_PARAMETER and not kept. */
void param_read(struct span word, unsigned column, struct param *list, unsigned *count,
                struct mistakes *found);
/* Once all are read: their values, and parameters given twice. `utf8`: SMTPUTF8 holds, so values
 * may be UTF-8. */
void params_check(const struct param *list, unsigned count, bool utf8, struct mistakes *found);

#endif
