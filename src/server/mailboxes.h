/*
 * Mailboxes in memory: letters are kept once, however many mailboxes hold them. Bounded by
 * SERVER_LETTERS_MAX and SERVER_STORE_OCTETS_MAX: what goes beyond is refused, or the oldest
 * letters make room for it. Not here: who may have a mailbox (policy).
 */
#ifndef SERVER_MAILBOXES_H
#define SERVER_MAILBOXES_H
#include "engine/engine.h"
#include "server/server.h"

struct mailboxes;
/* The policy's mailboxes, empty. Borrows policy. */
struct mailboxes *mailboxes_new(const struct policy *policy);
void mailboxes_free(struct mailboxes *m); /* NULL is fine */
/* From here on the oldest letters go when there is no room for a new one, and with its last letter
 * a mailbox that the policy does not name. Off at first. */
void mailboxes_set_rolling(struct mailboxes *m, bool on);
/* Is there room for so many octets of letters that come in? (Rolling: as if there were no letter.)
 */
bool mailboxes_have_room(const struct mailboxes *m, size_t octets);

#define MAILBOX_NONE SIZE_MAX
size_t mailboxes_count(const struct mailboxes *m);
const char *mailboxes_name(const struct mailboxes *m, size_t i); /* "bob@hamburger.edu" */
/* By full name, or the first by local part; MAILBOX_NONE: there is none. */
size_t mailboxes_find(const struct mailboxes *m, struct span name);
/* The name that facts use: the local part alone where the domain is the server's own. */
struct span mailboxes_short_name(const struct mailboxes *m, size_t i);
size_t mailboxes_letters(const struct mailboxes *m, size_t i);
/* Letter n (from 1) of mailbox i; false: there is none. */
bool mailboxes_letter(const struct mailboxes *m, size_t i, size_t n, struct server_letter *out);
/* Octets of all letters. */
size_t mailboxes_octets(const struct mailboxes *m);
/* Puts a letter into the mailboxes that it is for, once into each; those that are new are made.
 * told() gets each mailbox's number. False: there is no room, nothing was stored. */
bool mailboxes_add(struct mailboxes *m, const struct engine_letter *letter, int64_t when,
                   void (*told)(void *ctx, size_t i), void *ctx);

#endif
