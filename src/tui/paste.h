/*
 * Pasted lines, held for the person to send: nothing that was pasted is ever carried out by itself.
 * Not here: the page that shows them (held.c). No I/O.
 */
#ifndef TUI_PASTE_H
#define TUI_PASTE_H
#include "base/buf.h"

struct paste {
    struct buf text; /* owned: lines, each ended by "\n" */
    size_t at;       /* the next line starts here */
    unsigned lines, sent;
    bool running; /* all of the rest, one after the other */
};
/* Zero-filled is empty. */
void paste_release(struct paste *p);
/* How many lines it is, whatever ends them; an end after the last one begins no further line. */
unsigned paste_count(struct span text);
void paste_hold(struct paste *p, struct span text);
/* The next line, without its end; borrowed until paste_release or paste_hold. False: none left. */
bool paste_peek(const struct paste *p, struct span *line);
/* It is sent. */
void paste_pass(struct paste *p);

#endif
