/*
 * UTF-8, strictly (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF), and how
 * many terminal cells a character takes.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include "base/span.h"

/* The character at the start of s: its length in octets (1 to 4) and *out its code point.
 * 0: s is empty, or its first octet starts no valid character. */
size_t utf8_decode(struct span s, uint32_t *out);
/* Writes 1 to 4 octets; returns how many. code must be a valid scalar value. */
size_t utf8_encode(uint32_t code, unsigned char out[4]);
bool utf8_valid(struct span s);
/* True when s ends inside a character that may yet become valid: *tail is how many octets of it
 * stand at the end (1 to 3). */
bool utf8_cut(struct span s, size_t *tail);
/* Cells: 0 (combining), 1 or 2; -1 for what must not reach a terminal: controls, U+FEFF,
 * unassigned as the C library sees it. Asks wcwidth(), so that the terminal library and we
 * agree; a UTF-8 locale must be set for characters beyond ASCII (app/ sees to that). */
int utf8_width(uint32_t code);
/* Cells of a whole text: invalid octets count 1 each. */
size_t utf8_cells(struct span s);

#endif
