/*
 * What a toy server is like: its name, mailboxes, limits and words. Rows of data; the engine reads
 * them. Whose words it speaks is persona.h's. RFC 5321 4.5.1 (what every server must
 * do), 4.5.3.1 (limits).
 */
#ifndef ENGINE_POLICY_H
#define ENGINE_POLICY_H
#include "base/clock.h"
#include "base/span.h"

struct policy_mailbox {
    const char *local;  /* "bob" */
    const char *domain; /* "hamburger.edu" */
};

/* What a server can offer in its reply to EHLO; each can be switched off. X(name, keyword) */
#define EXTENSIONS(X)                                                                              \
    X(PIPELINING, "PIPELINING")                                                                    \
    X(SIZE, "SIZE")                                                                                \
    X(8BITMIME, "8BITMIME")                                                                        \
    X(SMTPUTF8, "SMTPUTF8")                                                                        \
    X(CHUNKING, "CHUNKING")                                                                        \
    X(BINARYMIME, "BINARYMIME") /* needs CHUNKING (RFC 3030 3) */                                  \
    X(DSN, "DSN")                                                                                  \
    X(ENHANCEDSTATUSCODES, "ENHANCEDSTATUSCODES")                                                  \
    X(STARTTLS, "STARTTLS")                                                                        \
    X(AUTH, "AUTH")                                                                                \
    X(LIMITS, "LIMITS")                                                                            \
    X(VRFY, "VRFY")                                                                                \
    X(EXPN, "EXPN")                                                                                \
    X(HELP, "HELP")
#define X(name, keyword) EXTENSION_##name,
enum extension { EXTENSIONS(X) EXTENSION_COUNT };
#undef X
#define EXTENSION_BIT(name) (1u << EXTENSION_##name)
extern const char *const extension_keywords[EXTENSION_COUNT];

/* What VRFY and EXPN tell. */
enum policy_tells {
    POLICY_TELLS_NOTHING, /* 252 to VRFY, 550 to EXPN */
    POLICY_TELLS,         /* who exists, who is in a list */
    POLICY_TELLS_ALL,     /* VRFY says yes to everything */
};

/* A mailing list, for EXPN. */
struct policy_list {
    const char *name;           /* "friends" */
    const char *const *members; /* mailboxes */
    size_t count;
};

/* Borrowed by the engines that use it: must outlive them, and may change between calls. */
struct persona;
struct policy {
    const char *hostname;
    const struct policy_mailbox *mailboxes; /* exists here; postmaster always does */
    size_t mailbox_count;
    const char *const *domains; /* local ones; others are refused as relaying */
    size_t domain_count;
    bool any_recipient;      /* every local part is taken, and without domains every recipient
                                (serve's default) */
    uint64_t size_limit;     /* octets of one letter; 0: ENGINE_LETTER_MAX */
    unsigned recipients_max; /* of one letter, at least 100 (RFC 5321 4.5.3.1.8) */
    unsigned errors_max;     /* 5yz replies; instead of one more comes 421 and the end; 0: never */
    int64_t command_timeout; /* for the next line; 0: ENGINE_COMMAND_TIMEOUT */
    unsigned extensions;     /* set of EXTENSION_BIT(): offered, where their conditions hold */
    bool lmtp;               /* LHLO, and a reply for each recipient (RFC 2033) */
    bool auth_without_tls;   /* AUTH is offered and taken in plain text, too */
    bool tls_fails;          /* STARTTLS is offered, and answered with 454 */
    bool require_tls, require_auth; /* 530 to what needs them (RFC 3207 4, RFC 4954 6) */
    bool relay_after_auth;          /* who has logged in may name any recipient */
    const char *mechanisms;         /* for AUTH, space between: "PLAIN LOGIN"; NULL: none */
    enum policy_tells vrfy, expn;
    const struct policy_list *lists;
    size_t list_count;
    /* Limits (RFC 5321 4.5.3.1; RFC 9422 names the second row); 0: the standard's or none. */
    unsigned command_line_max, text_line_max;
    unsigned mail_max, rcpt_domain_max;
    int64_t data_timeout;          /* inside a letter; 0: as for commands */
    const struct persona *persona; /* whose codes and words; NULL: our own, strict ones */
};
/* The lab: hamburger.edu with the mailboxes bob, and the textbook's words. */
extern const struct policy policy_lab;

enum policy_verdict { POLICY_LOCAL, POLICY_UNKNOWN_USER, POLICY_RELAY };
/* `mailbox`: local-part@domain, or "postmaster". */
enum policy_verdict policy_recipient(const struct policy *p, struct span mailbox);
/* Around the last "@"; the domain is empty when there is none. */
struct span policy_local_part(struct span mailbox);
struct span policy_domain(struct span mailbox);

#endif
