#include "smtp/verb.h"

#include "base/near.h"

#define X(name, word) word,
static const char *const words[VERB_COUNT] = { VERBS(X) };
#undef X

const char *verb_word(enum verb verb)
{
    return words[verb] ? words[verb] : "";
}

enum verb verb_by_word(struct span word)
{
    unsigned char first = word.len ? ascii_upper(word.at[0]) : 0; /* as most words differ there */

    for (int v = 0; v < VERB_COUNT; v++)
        if (words[v] && (unsigned char)words[v][0] == first &&
            span_eq_nocase(word, span_of(words[v])))
            return (enum verb)v;
    return VERB_UNKNOWN;
}

enum verb verb_nearest(struct span word)
{
    enum verb best = VERB_UNKNOWN;
    unsigned best_score = 0;

    for (int v = 0; v < VERB_COUNT; v++) {
        unsigned score;

        if (!near_enough(word, span_of(words[v]), &score))
            continue;
        if (best == VERB_UNKNOWN || score < best_score) {
            best = (enum verb)v;
            best_score = score;
        }
    }
    return best;
}
