#include "base/near.h"

#include <assert.h>

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned near_distance(struct span a, struct span b)
{
    unsigned d[NEAR_WORD_MAX + 1][NEAR_WORD_MAX + 1];

    assert(a.len <= NEAR_WORD_MAX && b.len <= NEAR_WORD_MAX);
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

bool near_enough(struct span typed, struct span known, unsigned *score)
{
    unsigned far;

    if (typed.len < 3 || typed.len > NEAR_WORD_MAX || !known.len || known.len > NEAR_WORD_MAX)
        return false;
    far = near_distance(typed, known);
    if (far > (known.len > 5 ? 2u : 1u))
        return false;
    /* people rarely miss the first letter: among equals it decides */
    *score = 2 * far + (ascii_lower(typed.at[0]) != ascii_lower(known.at[0]));
    return true;
}
