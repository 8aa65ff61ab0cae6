/*
 * Lines of a letter, one by one: where header and body part, where the dot is, and what a learner
 * gets wrong in there. Not here: what the letter's octets are (smtp/body.h), what its fields say
 * (message/).
 *
 * Sources: RFC 5321 4.1.1.4, 4.5.2, 4.5.3.1.6; RFC 5322 2.1, 2.2 (fields), 4.5 (obsolete ones).
 */
#ifndef DIALOGUE_LETTER_H
#define DIALOGUE_LETTER_H
#include "dialogue/observer.h"

/* A letter may begin with the next client line. */
void letter_begin(struct observer *o);
/* Takes a line, sets role, letter_line, in_header and letter_mistakes in *out. A line whose octets
 * are gone (head empty, len not) counts with its length alone. Returns flags for the pairing:
 * RUN_DOT, RUN_NEAR_MISS or 0. */
unsigned letter_line(struct observer *o, const struct line *line, struct observed *out);
/* What the line would be if it were a command; cheap. */
enum verb letter_verb(const struct line *line);

#endif
