/*
 * Where accepted letters go: nowhere, memory, or a maildir. A letter that a store took is the
 * server's promise: a maildir has it on disk, whatever is killed when (see maildir.h).
 */
#ifndef SERVER_STORE_H
#define SERVER_STORE_H
#include "engine/engine.h"
#include "net/loop.h"

/* A letter on its way into a store, with what its trace lines say (RFC 5321 4.4). Borrowed for the
 * call: a store that takes time copies what it needs, but for the letter's octets, which stay until
 * done() or store_forget(). */
struct store_letter {
    const struct engine_letter *letter;
    const char *by;      /* the server's name */
    const char *address; /* the client's, "127.0.0.1" */
    const char *with;    /* "ESMTP", "ESMTPSA", "LMTP" ... (RFC 3848) */
    const char *tls;     /* "TLSv1.3 with cipher ..."; "" none */
    const char *id;      /* unique, for Received and the log; an atom (RFC 5322 3.2.3) */
    int64_t when;        /* wall clock, microseconds */
};

/* What became of it. `path`: where it lies, "" in memory and for none; `why`: NULL when it is
 * stored. Both borrowed for the call. */
typedef void store_done(void *ctx, bool ok, const char *why, const char *path);

struct store;
struct store_job; /* one letter that is being stored */

struct store *store_none(void);
/* Bounded by letters and octets; server_letter() and mailboxes read it (server/mailboxes.h). */
struct mailboxes;
struct store *store_memory(struct mailboxes *m); /* borrows m */
/* DIR/new, DIR/cur, DIR/tmp are made where they are missing. NULL: err. A letter there is one file,
 * whoever it is for: Return-Path, Delivered-To for each recipient, Received, and what the client
 * sent, octet for octet. */
struct store *store_maildir(struct loop *l, const char *dir, struct error *err);
/* False: letters are dropped, and their octets need not be kept for it. */
bool store_reads(const struct store *s);
/* Waits until what is under way is stored, and calls done() for it. NULL is fine. Not from inside
 * done(). */
void store_free(struct store *s);
/* Calls done() once: from inside this call (NULL is returned), or later from the loop. */
struct store_job *store_put(struct store *s, const struct store_letter *letter, store_done *done,
                            void *ctx);
/* The client is gone, and the letter's octets with it: done() is not called any more. The letter
 * may be stored all the same. */
void store_forget(struct store_job *j);

/* What `with` should say: "SMTP", "ESMTPSA", "UTF8LMTP" ... (RFC 3848, RFC 6531 4.3). */
const char *store_protocol(const struct engine_letter *letter);
/* Return-Path and Received for a letter (RFC 5321 4.4; Return-Path is for final delivery),
 * appended to *out, each line ended by CRLF. */
void store_trace(const struct store_letter *letter, struct buf *out);

#endif
