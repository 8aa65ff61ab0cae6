/* Order and search for the sorted tables of this room: ASCII letter case does not count. */
#ifndef REGISTRY_FIND_H
#define REGISTRY_FIND_H
#include "base/span.h"

/* Below, at or above 0 as `a` stands before, at or after `b`. */
static inline int find_order(struct span a, const char *b)
{
    for (size_t i = 0; i < a.len; i++) {
        int left = ascii_lower(a.at[i]), right = ascii_lower((unsigned char)b[i]);

        if (left != right || !right) /* a NUL octet in `a` stands past the end of `b` */
            return left != right ? left - right : 1;
    }
    return b[a.len] ? -1 : 0;
}

#endif
