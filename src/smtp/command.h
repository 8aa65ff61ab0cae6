/*
 * Command lines: verb, argument, path, ESMTP parameters, and a diagnosis of everything that is
 * wrong with the line taken by itself. Whether it may come now is session.h's matter.
 *
 * Sources: RFC 5321 4.1.1 (syntax), 4.1.2 (paths, parameters), 4.5.3.1.4 (length), RFC 3461 4
 * (xtext).
 */
#ifndef SMTP_COMMAND_H
#define SMTP_COMMAND_H
#include "smtp/line.h"
#include "smtp/param.h"
#include "smtp/path.h"
#include "smtp/verb.h"
#include "smtp/xtext.h"

/* Spans point into the parsed line. */
struct command {
    enum verb verb;
    struct span word;     /* the first word as written */
    struct span argument; /* all after the first word, trimmed */
    struct path path;     /* MAIL, RCPT, and VRFY of a mailbox; kind PATH_NONE elsewhere */
    struct param params[COMMAND_PARAMS_MAX];
    unsigned param_count;
    enum verb meant; /* UNKNOWN verbs: what it may have been meant to be */
    struct mistakes mistakes;
};

#define COMMAND_LINE_MAX      510   /* 512 with CRLF, RFC 5321 4.5.3.1.4 */
#define COMMAND_AUTH_LINE_MAX 12286 /* AUTH and its lines, 12,288 with CRLF, RFC 4954 4 */

/* Takes a line apart, in time linear in its length, without memory of its own. The longest command
 * line allowed grows with the extensions in use; pass COMMAND_LINE_MAX unless more is known (AUTH
 * always has its own). Faults of the line (bare LF ...) become mistakes. A line whose mistakes
 * leave no doubt what is meant is still taken apart: ` HELO x` has the verb HELO. So look at
 * mistakes_worst(..., WRONG) before acting on it as a strict server. */
void command_parse(const struct line *line, uint64_t longest, struct command *out);
/* The parameter of that name, letter case ignored; NULL when it is not there. */
const struct param *command_param(const struct command *c, struct span keyword);

#endif
