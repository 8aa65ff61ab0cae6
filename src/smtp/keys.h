/*
 * Keys that a raw line sends instead of obeying: backspace, delete, arrows. Whoever types into
 * telnet or netcat sees a corrected line, while the server gets the keys.
 * Sources: ECMA-48 5.4 (control sequences), RFC 5321 4.1.2 (no control characters in commands).
 */
#ifndef SMTP_KEYS_H
#define SMTP_KEYS_H
#include "base/span.h"

/* True for what no command may hold: control characters but the tab, which counts as space. */
static inline bool key_is(unsigned char c)
{
    return ascii_is_control(c) && c != '\t';
}
/* Octets of the key press at the start of `s`: 3 for an arrow (ESC [ D), 1 for others; 0 when
 * s starts with none. */
size_t key_octets(struct span s);
/* `typed` with its keys obeyed, in out[room]: what the typist meant. Returns the part of `out`
 * that was used; text that does not fit is left out. */
struct span keys_obey(struct span typed, unsigned char *out, size_t room);

#endif
