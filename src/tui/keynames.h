/*
 * Which key a sequence means, once the scanner (keys.c) knows where it ends.
 */
#ifndef TUI_KEYNAMES_H
#define TUI_KEYNAMES_H
#include "tui/keys.h"

#define ESC    0x1b /* the octet, not the key */
#define CTRL_X 0x18

/* K_NONE: no key of ours. */
enum key_code keys_by_number(unsigned n);         /* CSI n ~ */
enum key_code keys_by_letter(unsigned char last); /* CSI or SS3, ended by this octet */

#endif
