/*
 * Which command a reply answers, where one cannot see it: replies to commands that were sent
 * together come in their order (RFC 2920 3.1), and stand far from what they answer.
 */
#ifndef VIEW_ANSWERED_H
#define VIEW_ANSWERED_H
#include "dialogue/record.h"

/* The line begins a reply to a command of a group: other commands stand between, or other replies.
 * Of the line only numbers are looked at. */
bool answered_of_group(const struct record *r, unsigned d, const struct observed *line,
                       const struct observer *after);
/* "to RCPT TO:<bob@hamburger.edu>", secrets masked, and cut where it is long. */
void answered_words(const struct record *r, unsigned d, uint32_t command, unsigned marks,
                    struct buf *out);

#endif
