/*
 * Text in the character sets that letters are written in, as UTF-8. Which sets there are is asked
 * of the C library; only those that mail uses are asked for, as a letter chooses the name.
 */
#ifndef MIME_CHARSET_H
#define MIME_CHARSET_H
#include "base/buf.h"

/* Appends the text in UTF-8. Octets that are no character of the set stay as they are, and so does
 * all of it when the set is UTF-8, ASCII or not named. False: nobody here knows this set; the
 * octets are appended as they are. */
bool charset_to_utf8(struct span charset, struct span text, struct buf *out);

#endif
