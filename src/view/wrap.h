/*
 * Wrapping: where a text breaks into rows of a given width. It only finds the places; what is
 * drawn, and with which indent, is the caller's. Cells are counted as base/utf8.h counts them.
 */
#ifndef VIEW_WRAP_H
#define VIEW_WRAP_H
#include "base/span.h"

/* One row: octets from `from`, `len` of them, without the space it was broken at. */
typedef void wrap_fn(void *ctx, size_t from, size_t len);

/* Splits text into rows of at most `cols` cells (0 counts as 1), at spaces where it can, else
 * between characters, and at every "\n". Spaces at a break belong to no row; others stay. Calls
 * back for each row (fn may be NULL) and returns how many there are; an empty text is one empty
 * row. A character wider than cols stands alone. Fixed cost per octet. */
unsigned wrap_text(struct span text, unsigned cols, wrap_fn *fn, void *ctx);

/* The same, one row at a time: *at is where the next row starts (0 at first). False: no more. */
struct wrap_row {
    size_t from, len;
};
bool wrap_next(struct span text, unsigned cols, size_t *at, struct wrap_row *out);

#endif
