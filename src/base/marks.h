/*
 * Octets of a peer or a file as text that is safe to show: whatever could move a cursor, change a
 * colour, turn the reading direction, hide, or be invalid becomes a visible mark in angle brackets:
 * <NUL> <ESC> <CR> <LF> <DEL> <U+202E> <0xE9>. Tabs become <TAB> unless kept. Printable
 * UTF-8 stays as it is.
 */
#ifndef BASE_MARKS_H
#define BASE_MARKS_H
#include "base/buf.h"

enum marks_flags {
    MARKS_ASCII = 1,    /* every character beyond ASCII is shown as <U+00E9> */
    MARKS_KEEP_TAB = 2, /* a tab stays a tab */
};

/* Appends. */
void marks_add(struct buf *out, struct span octets, unsigned flags);
/* How many octets at the start need no mark: the fast path of every view. */
size_t marks_plain(struct span octets, unsigned flags);
/* True for code points that must not reach a terminal though they are valid: bidirectional
 * controls, zero-width and other invisible characters, C1 controls, noncharacters, private use. */
bool marks_hidden(uint32_t code);

#endif
