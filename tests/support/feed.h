/*
 * Feeding a parser: whole, at every cut, octet by octet. The pieces are copied to exactly sized
 * heap blocks, so that ASan sees a read one octet too far.
 */
#ifndef TESTS_FEED_H
#define TESTS_FEED_H
#include <stdlib.h>

#include "base/mem.h"
#include "base/span.h"

typedef void feed_fn(void *ctx, struct span piece);

static inline void feed_piece(feed_fn *fn, void *ctx, struct span all, size_t from, size_t len)
{
    unsigned char *copy = mem_alloc(len);

    if (len)
        memcpy(copy, all.at + from, len);
    fn(ctx, (struct span){ copy, len });
    mem_free(copy);
}

/* How many ways there are to feed `len` octets: whole, len-1 cuts, octet by octet. */
static inline size_t feed_ways(size_t len)
{
    return len + 1;
}

/* Way 0: whole; 1 .. len-1: cut there; len: octet by octet. */
static inline void feed(feed_fn *fn, void *ctx, struct span all, size_t way)
{
    if (way == 0 || all.len == 0) {
        feed_piece(fn, ctx, all, 0, all.len);
    } else if (way < all.len) {
        feed_piece(fn, ctx, all, 0, way);
        feed_piece(fn, ctx, all, way, all.len - way);
    } else {
        for (size_t i = 0; i < all.len; i++)
            feed_piece(fn, ctx, all, i, 1);
    }
}

#endif
