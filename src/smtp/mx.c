#include "smtp/mx.h"

#include <stdlib.h>
#include <string.h>

static int by_preference(const void *a, const void *b)
{
    const struct mx *x = a, *y = b;

    return (x->preference > y->preference) - (x->preference < y->preference);
}

/* The next number of a small generator (splitmix64): only evenly spread, never a secret. */
static uint64_t next_number(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void shuffle(struct mx *list, size_t count, uint64_t *state)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)(next_number(state) % i);
        struct mx moved = list[i - 1];

        list[i - 1] = list[k];
        list[k] = moved;
    }
}

void mx_order(struct mx *list, size_t count, uint64_t seed)
{
    size_t start = 0;

    if (count == 0)
        return;
    qsort(list, count, sizeof *list, by_preference);
    for (size_t i = 1; i <= count; i++) {
        if (i < count && list[i].preference == list[start].preference)
            continue;
        shuffle(list + start, i - start, &seed);
        start = i;
    }
}

bool mx_is_null(const struct mx *list, size_t count)
{
    return count == 1 && (list[0].host[0] == '\0' || strcmp(list[0].host, ".") == 0);
}
