/*
 * Mistakes in command lines: every one that a client can make against the standard, as rows.
 * Words for people are in registry/mistakes.h; here stand the grammar's facts and the reply that a
 * strict server gives.
 *
 * Numbers after // are the rows of the course table of 33 learners' mistakes, kept in
 * tests/data/mistakes.md.
 */
#ifndef SMTP_MISTAKE_H
#define SMTP_MISTAKE_H
#include "base/span.h"

/* X(name, severity, strict reply code, enhanced code text, source) ; code 0: no reply of its own
 * (the line is accepted, or swallowed as letter text). */
#define MISTAKES(X)                                                                                \
    /* the shape of the line */                                                                    \
    X(EMPTY_LINE, WRONG, 500, "5.5.2", "RFC 5321 4.1.1")                                           \
    X(LEADING_SPACE, WRONG, 500, "5.5.2", "RFC 5321 4.1.1")                                        \
    X(TRAILING_SPACE, HARMLESS, 0, "", "RFC 5321 4.1.1")                                           \
    X(UNKNOWN_VERB, WRONG, 500, "5.5.2", "RFC 5321 4.2.4")                                         \
    X(MISSPELT_VERB, WRONG, 500, "5.5.2", "RFC 5321 4.2.4")                                        \
    X(HEADER_AS_COMMAND, WRONG, 500, "5.5.2", "RFC 5321 3.3")   /* 8 */                            \
    X(HTTP_REQUEST, WRONG, 500, "5.5.2", "RFC 5321 4.2.4")      /* 33 */                           \
    X(CONSOLE_WORD, WRONG, 500, "5.5.2", "RFC 5321 4.2.4")      /* ls, exit, clear ... */          \
    X(REPLY_AS_COMMAND, WRONG, 500, "5.5.2", "RFC 5321 4.2.4")  /* pasted a server line */         \
    X(LINE_TOO_LONG, WRONG, 500, "5.5.2", "RFC 5321 4.5.3.1.4") /* 30 */                           \
    X(CONTROL_OCTET, WRONG, 501, "5.5.2", "RFC 5321 4.1.2")     /* 16, 17, 18 */                   \
    X(BARE_LF, WRONG, 500, "5.5.2", "RFC 5321 2.3.8")           /* 19 */                           \
    X(BARE_CR, WRONG, 500, "5.5.2", "RFC 5321 2.3.8")                                              \
    X(EIGHT_BIT, WRONG, 501, "5.5.2", "RFC 5321 2.4")                                              \
    X(UNEXPECTED_ARGUMENT, WRONG, 501, "5.5.4", "RFC 5321 4.1.1") /* 32 */                         \
    X(MISSING_ARGUMENT, WRONG, 501, "5.5.4", "RFC 5321 4.1.1")    /* VRFY, BDAT, AUTH alone */     \
    X(BAD_ARGUMENT, WRONG, 501, "5.5.4", "RFC 5321 4.1.1")        /* BDAT x, AUTH a!b */           \
    X(EXTRA_SPACE, HARMLESS, 0, "", "RFC 5321 4.1.1")             /* two spaces, a tab */          \
    /* HELO and EHLO */                                                                            \
    X(HELO_NO_NAME, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.1")  /* 1 */                              \
    X(HELO_BAD_NAME, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.1") /* 2 */                              \
    X(HELO_UNQUALIFIED, RISKY, 0, "", "RFC 5321 2.3.5")                                            \
    X(HELO_BARE_ADDRESS, RISKY, 0, "", "RFC 5321 4.1.3") /* an IP address without brackets */      \
    /* paths */                                                                                    \
    X(NO_FROM, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.2") /* MAIL without FROM */                    \
    X(NO_TO, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.3")   /* RCPT without TO */                      \
    X(FROM_AND_TO_SWAPPED, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.2")                                \
    X(NO_COLON, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.2")           /* 6 */                         \
    X(SPACE_BEFORE_COLON, WRONG, 501, "5.5.4", "RFC 5321 4.1.1.2") /* 6 */                         \
    X(SPACE_AFTER_COLON, HARMLESS, 0, "", "RFC 5321 3.3")          /* 5 */                         \
    X(NO_PATH, WRONG, 501, "5.5.4", "RFC 5321 4.1.2")                                              \
    X(NO_BRACKETS, WRONG, 501, "5.5.2", "RFC 5321 4.1.2") /* 4 */                                  \
    X(BRACKET_NOT_CLOSED, WRONG, 501, "5.5.2", "RFC 5321 4.1.2")                                   \
    X(BRACKET_NOT_OPENED, WRONG, 501, "5.5.2", "RFC 5321 4.1.2")                                   \
    X(DISPLAY_NAME, WRONG, 501, "5.5.2", "RFC 5321 4.1.2")    /* 7 */                              \
    X(TWO_ADDRESSES, WRONG, 501, "5.1.3", "RFC 5321 4.1.1.3") /* 12 */                             \
    X(NO_DOMAIN, WRONG, 501, "5.1.3", "RFC 5321 2.3.5")       /* 15 */                             \
    X(NO_LOCAL_PART, WRONG, 501, "5.1.3", "RFC 5321 4.1.2")                                        \
    X(BAD_LOCAL_PART, WRONG, 501, "5.1.3", "RFC 5321 4.1.2")                                       \
    X(SPACE_IN_PATH, WRONG, 501, "5.1.3", "RFC 5321 4.1.2")                                        \
    X(BAD_DOMAIN, WRONG, 501, "5.1.3", "RFC 5321 4.1.2")                                           \
    X(BAD_LITERAL, WRONG, 501, "5.1.3", "RFC 5321 4.1.3")                                          \
    X(NO_SQUARE_BRACKETS, WRONG, 501, "5.1.3", "RFC 5321 4.1.3") /* bob@192.0.2.1 */               \
    X(LOCAL_PART_TOO_LONG, WRONG, 501, "5.1.3", "RFC 5321 4.5.3.1.1")                              \
    X(DOMAIN_TOO_LONG, WRONG, 501, "5.1.3", "RFC 5321 4.5.3.1.2")                                  \
    X(PATH_TOO_LONG, WRONG, 501, "5.1.3", "RFC 5321 4.5.3.1.3")                                    \
    X(SOURCE_ROUTE, HARMLESS, 0, "", "RFC 5321 3.3, C")                                            \
    X(NULL_RECIPIENT, WRONG, 501, "5.1.3", "RFC 5321 4.1.1.3")                                     \
    X(UTF8_WITHOUT_SMTPUTF8, WRONG, 553, "5.6.7", "RFC 6531 3.4")                                  \
    /* ESMTP parameters */                                                                         \
    X(BAD_PARAMETER, WRONG, 501, "5.5.4", "RFC 5321 4.1.2")                                        \
    X(BAD_XTEXT, WRONG, 501, "5.5.4", "RFC 3461 4")                                                \
    X(PARAMETER_TWICE, WRONG, 501, "5.5.4", "RFC 5321 4.1.2")                                      \
    X(TOO_MANY_PARAMETERS, WRONG, 501, "5.5.4", "a limit of this program")                         \
    X(PARAMETER_NOT_OFFERED, WRONG, 555, "5.5.4", "RFC 5321 4.1.1.11")                             \
    X(PARAMETER_AFTER_HELO, WRONG, 555, "5.5.4", "RFC 5321 4.1.1.11") /* 25 */                     \
    /* order: found by whoever knows the session, not by the line alone */                         \
    X(TOO_EARLY, RISKY, 554, "5.5.0", "RFC 5321 3.1")          /* before the greeting */           \
    X(BEFORE_HELO, WRONG, 503, "5.5.1", "RFC 5321 4.1.4")      /* 3 */                             \
    X(RCPT_BEFORE_MAIL, WRONG, 503, "5.5.1", "RFC 5321 4.1.4") /* 9 */                             \
    X(DATA_BEFORE_MAIL, WRONG, 503, "5.5.1", "RFC 5321 4.1.4") /* 10 */                            \
    X(DATA_BEFORE_RCPT, WRONG, 503, "5.5.1", "RFC 5321 3.3")   /* 10 */                            \
    X(NESTED_MAIL, WRONG, 503, "5.5.1", "RFC 5321 4.1.4")      /* 11 */                            \
    X(AUTH_NOT_OFFERED, WRONG, 503, "5.5.1", "RFC 4954 4")     /* 26 */                            \
    X(AUTH_WITHOUT_TLS, RISKY, 0, "", "RFC 4954 4")            /* 26 */                            \
    X(AUTH_NOT_BASE64, WRONG, 501, "5.5.2", "RFC 4954 4")      /* 27 */                            \
    X(STARTTLS_NOT_OFFERED, WRONG, 502, "5.5.1", "RFC 3207 4")                                     \
    X(MAIL_AFTER_STARTTLS, WRONG, 503, "5.5.1", "RFC 3207 4.2") /* 28 */                           \
    X(PIPELINED_NOT_OFFERED, RISKY, 0, "", "RFC 2920 3.1")      /* 29 */                           \
    X(PIPELINED_PAST_SYNC, RISKY, 0, "", "RFC 2920 3.1")        /* 29 */                           \
    X(VERB_NOT_OFFERED, WRONG, 502, "5.5.1", "RFC 5321 4.2.4")                                     \
    X(AFTER_REFUSED_GREETING, WRONG, 503, "5.5.1", "RFC 5321 3.1")                                 \
    X(TOO_MANY_ERRORS, RISKY, 0, "", "RFC 5321 4.3.2") /* 31 */                                    \
    /* inside DATA */                                                                              \
    X(COMMAND_IN_LETTER, RISKY, 0, "", "RFC 5321 4.1.1.4") /* 20 */                                \
    X(DOT_NOT_ALONE, RISKY, 0, "", "RFC 5321 4.1.1.4")     /* 21 */                                \
    X(LEADING_DOT, RISKY, 0, "", "RFC 5321 4.5.2")         /* 22 */                                \
    X(NO_BLANK_LINE, RISKY, 0, "", "RFC 5322 2.1")         /* 23 */                                \
    X(NO_HEADER, RISKY, 0, "", "RFC 5322 3.6")             /* 24 */                                \
    X(DOT_BARE_LF, RISKY, 0, "", "RFC 5321 4.1.1.4")       /* a dot line that ends in LF alone */  \
    X(LETTER_LINE_TOO_LONG, RISKY, 0, "", "RFC 5321 4.5.3.1.6")                                    \
    X(LETTER_EIGHT_BIT, RISKY, 0, "", "RFC 6152")

enum severity { HARMLESS, RISKY, WRONG };
#define X(name, severity, code, enhanced, source) MISTAKE_##name,
enum mistake { MISTAKES(X) MISTAKE_COUNT };
#undef X

struct mistake_row {
    const char *name; /* "HELO_NO_NAME" */
    enum severity severity;
    unsigned code;        /* a strict server's reply; 0: none of its own */
    const char *enhanced; /* "5.5.4", or "" */
    const char *source;
};
extern const struct mistake_row mistake_rows[MISTAKE_COUNT];

/* One mistake in one line: where, in columns of octets from 1 (0: the line as a whole). With len
 * 0 something is missing before that column, which may then be one past the end of the line;
 * otherwise the octets lie inside the line. */
struct mistake_at {
    enum mistake mistake;
    unsigned column, len;
};

/* What was found in one line, in the order found: MISTAKES_MAX at most, since a line with more is
 * hopeless anyway. The first ones stay, but a graver one that comes late takes the place of the
 * last of the mildest. */
#define MISTAKES_MAX 8
struct mistakes {
    struct mistake_at at[MISTAKES_MAX];
    unsigned count;
};

void mistakes_add(struct mistakes *found, enum mistake mistake, unsigned column, unsigned len);
bool mistakes_have(const struct mistakes *found, enum mistake mistake);
/* The gravest, the first of equals; NULL when there is none of at least `least`. */
const struct mistake_at *mistakes_worst(const struct mistakes *found, enum severity least);

#endif
