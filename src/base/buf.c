#include "base/buf.h"

#include "base/mem.h"

#include <assert.h>
#include <stdio.h>

/* What most formats come to: with so much room they are gone through once. */
#define PRINTED_USUALLY 63

void buf_release(struct buf *b)
{
    mem_free(b->at);
    *b = (struct buf){ 0 };
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->at)
        b->at[0] = '\0';
}

static void grow(struct buf *b, size_t want)
{
    if (want < b->cap * 2)
        want = b->cap * 2;
    if (want < 32)
        want = 32;
    b->at = mem_resize(b->at, want, 1);
    b->cap = want;
    b->at[b->len] = '\0';
}

/* In every addition, so its usual case must cost next to nothing. */
static inline void reserve(struct buf *b, size_t more)
{
    size_t want = b->len + more + 1;

    if (want > b->cap)
        grow(b, want);
}

void buf_reserve(struct buf *b, size_t more)
{
    reserve(b, more);
}

void buf_add(struct buf *b, struct span s)
{
    reserve(b, s.len);
    if (s.len)
        memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
    b->at[b->len] = '\0';
}

void buf_add_text(struct buf *b, const char *text)
{
    buf_add(b, span_of(text));
}

void buf_add_octet(struct buf *b, unsigned char c)
{
    reserve(b, 1);
    b->at[b->len++] = c;
    b->at[b->len] = '\0';
}

void buf_add_number(struct buf *b, uint64_t number)
{
    unsigned char digits[20]; /* of 2^64 - 1 */
    size_t first = sizeof digits;

    do {
        digits[--first] = (unsigned char)('0' + number % 10);
        number /= 10;
    } while (number);
    buf_add(b, span_make(digits + first, sizeof digits - first));
}

void buf_add_repeat(struct buf *b, unsigned char c, size_t count)
{
    buf_reserve(b, count);
    memset(b->at + b->len, c, count);
    b->len += count;
    b->at[b->len] = '\0';
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    size_t room;
    int len;

    reserve(b, PRINTED_USUALLY);
    room = b->cap - b->len;
    va_copy(again, args);
    len = vsnprintf((char *)b->at + b->len, room, format, again);
    va_end(again);
    assert(len >= 0);
    if ((size_t)len >= room) {
        reserve(b, (size_t)len);
        vsnprintf((char *)b->at + b->len, (size_t)len + 1, format, args);
    }
    b->len += (size_t)len;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

void buf_consume(struct buf *b, size_t count)
{
    assert(count <= b->len);
    if (count == 0)
        return;
    memmove(b->at, b->at + count, b->len - count);
    buf_truncate(b, b->len - count);
}

void buf_truncate(struct buf *b, size_t len)
{
    assert(len <= b->len);
    b->len = len;
    if (b->at)
        b->at[len] = '\0';
}

const char *buf_text(const struct buf *b)
{
    return b->at ? (const char *)b->at : "";
}

char *buf_detach(struct buf *b)
{
    char *text;

    buf_reserve(b, 0);
    text = (char *)b->at;
    *b = (struct buf){ 0 };
    return text;
}
