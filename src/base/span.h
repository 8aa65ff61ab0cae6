/*
 * A span: octets that somebody else owns, with their length. Not NUL-terminated.
 * Used everywhere inside the program; C strings stand only at its edges.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const unsigned char *at; /* may be NULL when len is 0 */
    size_t len;
};

/* A span of a string literal or an array with its closing NUL. */
#define SPAN(literal) ((struct span){ (const unsigned char *)("" literal), sizeof(literal) - 1 })

/* The same as an initialiser, for static tables. */
#define SPAN_INIT(literal)                                                                         \
    {                                                                                              \
        (const unsigned char *)("" literal), sizeof(literal) - 1                                   \
    }

/* For printf's "%.*s": SPAN_ARG(s). Only for octets known to be printable. */
#define SPAN_ARG(s) (int)(s).len, (const char *)((s).at ? (const void *)(s).at : (const void *)"")

static inline struct span span_of(const char *s)
{
    return (struct span){ (const unsigned char *)s, s ? strlen(s) : 0 };
}

static inline struct span span_make(const void *at, size_t len)
{
    return (struct span){ (const unsigned char *)at, len };
}

/* From `from` on; empty when `from` is at or past the end. */
static inline struct span span_from(struct span s, size_t from)
{
    if (from >= s.len)
        return (struct span){ s.at ? s.at + s.len : s.at, 0 };
    return (struct span){ s.at + from, s.len - from };
}

/* The first `len` octets, or all when there are fewer. */
static inline struct span span_first(struct span s, size_t len)
{
    return (struct span){ s.at, len < s.len ? len : s.len };
}

static inline bool span_eq(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Equal when ASCII letter case is ignored, whatever the locale. */
bool span_eq_nocase(struct span a, struct span b);
bool span_starts(struct span s, struct span prefix);
bool span_starts_nocase(struct span s, struct span prefix);
/* Where `octet` first stands, or s.len. */
size_t span_find(struct span s, unsigned char octet);
/* Where `needle` first stands at or after `from`, or SPAN_NOT_FOUND. `nocase`: ASCII letters. */
#define SPAN_NOT_FOUND SIZE_MAX
size_t span_search(struct span s, struct span needle, size_t from, bool nocase);
/* Without the SP and HT at both ends. */
struct span span_trim(struct span s);
/* The octets up to `octet` (or all), and *rest what follows it (empty when it does not occur). */
struct span span_cut(struct span s, unsigned char octet, struct span *rest);
/* A whole decimal number without sign. False (and *out untouched): empty, other octets, over
 * UINT64_MAX. */
bool span_number(struct span s, uint64_t *out);

/* ASCII only, whatever the locale says. */
static inline unsigned char ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}
static inline unsigned char ascii_upper(unsigned char c)
{
    return c >= 'a' && c <= 'z' ? (unsigned char)(c - 32) : c;
}
static inline bool ascii_is_alpha(unsigned char c)
{
    c = ascii_lower(c);
    return c >= 'a' && c <= 'z';
}
static inline bool ascii_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
static inline bool ascii_is_alnum(unsigned char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}
static inline bool ascii_is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

#endif
