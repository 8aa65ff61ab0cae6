#include "base/span.h"

static bool eq_nocase(const unsigned char *a, const unsigned char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

bool span_eq_nocase(struct span a, struct span b)
{
    return a.len == b.len && eq_nocase(a.at, b.at, a.len);
}

bool span_starts(struct span s, struct span prefix)
{
    return s.len >= prefix.len && span_eq(span_first(s, prefix.len), prefix);
}

bool span_starts_nocase(struct span s, struct span prefix)
{
    return s.len >= prefix.len && eq_nocase(s.at, prefix.at, prefix.len);
}

size_t span_find(struct span s, unsigned char octet)
{
    const unsigned char *hit = s.len ? memchr(s.at, octet, s.len) : NULL;

    return hit ? (size_t)(hit - s.at) : s.len;
}

size_t span_search(struct span s, struct span needle, size_t from, bool nocase)
{
    unsigned char low, up;

    if (needle.len == 0)
        return from <= s.len ? from : SPAN_NOT_FOUND;
    low = nocase ? ascii_lower(needle.at[0]) : needle.at[0];
    up = nocase ? ascii_upper(needle.at[0]) : needle.at[0];
    while (from <= s.len && s.len - from >= needle.len) {
        struct span rest = { s.at + from, s.len - from - needle.len + 1 };
        size_t hit = span_find(rest, low);

        if (up != low) {
            size_t other = span_find(span_first(rest, hit), up);

            hit = other < hit ? other : hit;
        }
        if (hit >= rest.len)
            break;
        from += hit;
        if (nocase ? eq_nocase(s.at + from, needle.at, needle.len)
                   : memcmp(s.at + from, needle.at, needle.len) == 0)
            return from;
        from++;
    }
    return SPAN_NOT_FOUND;
}

static bool blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

struct span span_trim(struct span s)
{
    while (s.len && blank(s.at[0]))
        s = span_from(s, 1);
    while (s.len && blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct span span_cut(struct span s, unsigned char octet, struct span *rest)
{
    size_t at = span_find(s, octet);

    *rest = span_from(s, at + 1);
    return span_first(s, at);
}

bool span_number(struct span s, uint64_t *out)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = s.at[i] - (unsigned)'0';

        if (!ascii_is_digit(s.at[i]) || n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}
