/*
 * A short text typed beside the prompt's line, which stays as it is: what to find, what to search
 * the help for, a command, a password. Only its end can be edited. What it held is wiped, so that
 * no password stays in memory, in a history or in what can be put back with Ctrl-Y.
 */
#ifndef TUI_FIELD_H
#define TUI_FIELD_H
#include "tui/keys.h"

/* Octets: more than any password or command of a person's. What is beyond is not taken. */
#define FIELD_MAX ((size_t)4096)

struct field {
    struct buf text; /* owned */
};
/* Zero-filled is empty. */
void field_release(struct field *f);
void field_clear(struct field *f);
/* What was pasted, up to its first line end. */
void field_add(struct field *f, struct span text);
/* False: the key is none of its own. */
bool field_key(struct field *f, const struct key *key);

#endif
