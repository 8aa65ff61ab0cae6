/*
 * How near a mistyped word is to a known one, so that a refusal can name what was meant.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H
#include "base/span.h"

/* Longer words are near to nothing. */
#define NEAR_WORD_MAX 24

/* How many letters must be changed, added, left out, or swapped with their neighbour; ASCII letter
 * case is ignored. Each word at most NEAR_WORD_MAX octets. */
unsigned near_distance(struct span a, struct span b);
/* Is `typed` likely to be meant for `known`? True: the lower *score, the likelier. */
bool near_enough(struct span typed, struct span known, unsigned *score);

#endif
