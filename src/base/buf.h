/*
 * A buffer of octets that grows. `at` is always NUL-terminated once something was added
 * (the NUL does not count), so a buffer of text can stand where a C string is wanted:
 * buf_text(). Zero-filled is a valid empty buffer.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stdarg.h>

#include "base/span.h"

struct buf {
    unsigned char *at; /* owned */
    size_t len, cap;
};

void buf_release(struct buf *b);              /* frees; b is empty again */
void buf_clear(struct buf *b);                /* len 0, memory kept */
void buf_reserve(struct buf *b, size_t more); /* room for `more` octets and the NUL */
void buf_add(struct buf *b, struct span s);
void buf_add_text(struct buf *b, const char *text);
void buf_add_octet(struct buf *b, unsigned char c);
void buf_add_number(struct buf *b, uint64_t number); /* in decimal digits */
void buf_add_repeat(struct buf *b, unsigned char c, size_t count);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Takes the first `count` octets away. */
void buf_consume(struct buf *b, size_t count);
void buf_truncate(struct buf *b, size_t len); /* len <= b->len */
static inline struct span buf_span(const struct buf *b)
{
    return (struct span){ b->at, b->len };
}
/* As a C string; "" when empty. Valid until the next change. */
const char *buf_text(const struct buf *b);
/* Gives the memory away as a C string (caller frees with mem_free); b is empty again. */
char *buf_detach(struct buf *b);

#endif
