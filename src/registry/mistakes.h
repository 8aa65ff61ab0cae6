/*
 * Mistakes in words for people: the rows of smtp/mistake.h, explained. A test proves that every
 * mistake has its words.
 */
#ifndef REGISTRY_MISTAKES_H
#define REGISTRY_MISTAKES_H
#include "smtp/mistake.h"

struct mistake_words {
    const char *what;  /* what is wrong, one sentence, at most 120 characters */
    const char *right; /* the right form, to be typed: "MAIL FROM:<alice@crepes.fr>"; "" when there
                          is none */
    const char *why;   /* why it matters, or what servers do with it, one or two sentences */
};
const struct mistake_words *mistake_words(enum mistake m); /* never NULL */

#endif
