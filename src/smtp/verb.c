#include "smtp/verb.h"

#define X(name, word) word,
static const char *const words[VERB_COUNT] = { VERBS(X) };
#undef X

/* The longest verb has 8 letters; a word of two more is at least two letters off. */
#define WORD_MAX 10

const char *verb_word(enum verb verb)
{
    return words[verb] ? words[verb] : "";
}

enum verb verb_by_word(struct span word)
{
    for (int v = 0; v < VERB_COUNT; v++)
        if (words[v] && span_eq_nocase(word, span_of(words[v])))
            return (enum verb)v;
    return VERB_UNKNOWN;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be changed, added, left out, or swapped with their neighbour. */
static unsigned distance(struct span a, struct span b)
{
    unsigned d[WORD_MAX + 1][WORD_MAX + 1];

    for (unsigned i = 0; i <= a.len; i++) {
        for (unsigned j = 0; j <= b.len; j++) {
            unsigned cost;

            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            cost = ascii_lower(a.at[i - 1]) != ascii_lower(b.at[j - 1]);
            d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
            if (i > 1 && j > 1 && ascii_lower(a.at[i - 1]) == ascii_lower(b.at[j - 2]) &&
                ascii_lower(a.at[i - 2]) == ascii_lower(b.at[j - 1]))
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.len][b.len];
}

enum verb verb_nearest(struct span word)
{
    enum verb best = VERB_UNKNOWN;
    unsigned best_score = 0;

    if (word.len < 3 || word.len > WORD_MAX)
        return VERB_UNKNOWN;
    for (int v = 0; v < VERB_COUNT; v++) {
        struct span known = span_of(words[v]);
        unsigned far, score;

        if (!known.len)
            continue;
        far = distance(word, known);
        if (far > (known.len > 5 ? 2u : 1u))
            continue;
        /* people rarely miss the first letter: among equals it decides */
        score = 2 * far + (ascii_lower(word.at[0]) != ascii_lower(known.at[0]));
        if (best == VERB_UNKNOWN || score < best_score) {
            best = (enum verb)v;
            best_score = score;
        }
    }
    return best;
}
