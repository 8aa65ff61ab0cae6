/*
 * What a toy server is like: its name, mailboxes, limits and words. Rows of data; the engine reads
 * them. Persona and faults come on top of it later. RFC 5321 4.5.1 (what every server must
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

/* Borrowed by the engines that use it: must outlive them, and may change between calls. */
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
    bool reveal;             /* VRFY tells whether a mailbox exists */
    int64_t command_timeout; /* 0: ENGINE_COMMAND_TIMEOUT */
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
