/*
 * The verbs of SMTP, and the moments that a reply can answer without being asked by a verb.
 * What they mean to a person is in registry/verbs.h. Sources: RFC 5321 4.1.1, RFC 3207, RFC 4954,
 * RFC 3030 (BDAT), RFC 2033 (LHLO), RFC 1985 (ETRN).
 */
#ifndef SMTP_VERB_H
#define SMTP_VERB_H
#include "base/span.h"

/* X(name, word on the wire; NULL where it is a moment and no verb) */
#define VERBS(X)                                                                                   \
    X(UNKNOWN, NULL)   /* a line that no table knows */                                            \
    X(CONNECT, NULL)   /* the connection itself, answered by the greeting */                       \
    X(TLS_DONE, NULL)  /* the end of a TLS handshake */                                            \
    X(AUTH_LINE, NULL) /* a line inside an AUTH exchange */                                        \
    X(BODY_END, NULL)  /* the dot */                                                               \
    X(EHLO, "EHLO")                                                                                \
    X(HELO, "HELO")                                                                                \
    X(LHLO, "LHLO")                                                                                \
    X(STARTTLS, "STARTTLS")                                                                        \
    X(AUTH, "AUTH")                                                                                \
    X(MAIL, "MAIL")                                                                                \
    X(RCPT, "RCPT")                                                                                \
    X(DATA, "DATA")                                                                                \
    X(BDAT, "BDAT")                                                                                \
    X(RSET, "RSET")                                                                                \
    X(NOOP, "NOOP")                                                                                \
    X(HELP, "HELP")                                                                                \
    X(VRFY, "VRFY")                                                                                \
    X(EXPN, "EXPN")                                                                                \
    X(ETRN, "ETRN")                                                                                \
    X(QUIT, "QUIT")
#define X(name, word) VERB_##name,
enum verb { VERBS(X) VERB_COUNT };
#undef X

/* "MAIL"; "" for moments. */
const char *verb_word(enum verb verb);
/* By word, letter case ignored (RFC 5321 2.4); VERB_UNKNOWN when no table knows it. */
enum verb verb_by_word(struct span word);
/* The known verb that `word` most likely was meant to be ("HLEO", "MIAL", "QIUT"), or VERB_UNKNOWN.
 */
enum verb verb_nearest(struct span word);

#endif
