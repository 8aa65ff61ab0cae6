/*
 * The letter as three things that need not agree: the envelope (what MAIL and RCPT said), the
 * header (what the letter says about itself), the body. And mailboxes with letters in them.
 */
#ifndef VIEW_LETTER_H
#define VIEW_LETTER_H
#include "dialogue/record.h"
#include "view/styled.h"

/* Lines of one letter that are shown; a longer one says how many more there are. */
#define LETTER_SHOWN_LINES 2000

/* The letter under way or sent last, at or before line n of dialogue d (UINT32_MAX: the last).
 * Appends lines of at most `cols` cells. False: there is none (out says so in words). */
bool letter_text(const struct record *r, unsigned d, uint32_t n, unsigned cols, bool ascii,
                 struct styled *out);

#endif
