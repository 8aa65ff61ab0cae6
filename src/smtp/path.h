/*
 * Paths and mailboxes: <alice@crepes.fr>, <>, <postmaster>, <@a,@b:carol@d>, quoted local parts,
 * address literals, and with SMTPUTF8 also UTF-8 addresses. Grammar: RFC 5321 4.1.2, 4.1.3,
 * 3.3 (source routes), 4.5.3.1 (lengths), RFC 6531 3.3.
 */
#ifndef SMTP_PATH_H
#define SMTP_PATH_H
#include "smtp/domain.h"
#include "smtp/mistake.h"

enum path_kind {
    PATH_NONE,       /* nothing was recognised */
    PATH_NULL,       /* <> */
    PATH_POSTMASTER, /* <postmaster>, in any case, without a domain */
    PATH_MAILBOX,
};

/* Spans point into the parsed text. */
struct path {
    enum path_kind kind;
    bool brackets;       /* it stood in < > */
    bool utf8;           /* it needs SMTPUTF8 */
    bool quoted;         /* the local part is a quoted string */
    bool literal;        /* the domain is an address literal */
    struct span whole;   /* with brackets */
    struct span route;   /* source route without its colon, or empty */
    struct span mailbox; /* local-part@domain, or what stands for it */
    struct span local;   /* as written, quotes included */
    struct span domain;  /* empty: none (a bare name) */
};

/* Reads one path at the start of `text`, up to the space or whatever else follows it; spaces
 * before it are the caller's. Returns how many octets it takes (0: none could be
 * read at all). Mistakes are added to *found with columns from `column`, the column of
 * text.at[0] in its line; what can be read in spite of them is in *out. A path without a domain is
 * NO_DOMAIN unless it is <postmaster>; who may send <> or <postmaster> is the caller's matter. */
size_t path_parse(struct span text, unsigned column, struct path *out, struct mistakes *found);
/* Same mailbox? Domain compared without case, local part exactly, quotes removed; "postmaster"
 * without case (RFC 5321 2.3.5, 2.4, 4.1.1.3). */
bool mailbox_same(struct span a, struct span b);

#endif
