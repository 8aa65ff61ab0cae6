#define _XOPEN_SOURCE 700 /* wcwidth */
#include "base/utf8.h"

#include <wchar.h>

static bool tail_octet(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

size_t utf8_decode(struct span s, uint32_t *out)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char c;
    uint32_t code;
    size_t len;

    if (s.len == 0)
        return 0;
    c = s.at[0];
    if (c < 0x80) {
        *out = c;
        return 1;
    }
    len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || s.len < len)
        return 0;
    code = c & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if (!tail_octet(s.at[i]))
            return 0;
        code = code << 6 | (s.at[i] & 0x3fU);
    }
    if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *out = code;
    return len;
}

size_t utf8_encode(uint32_t code, unsigned char out[4])
{
    if (code < 0x80) {
        out[0] = (unsigned char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (unsigned char)(0xc0 | code >> 6);
        out[1] = (unsigned char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (unsigned char)(0xe0 | code >> 12);
        out[1] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (unsigned char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (unsigned char)(0xf0 | code >> 18);
    out[1] = (unsigned char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (unsigned char)(0x80 | (code & 0x3f));
    return 4;
}

bool utf8_valid(struct span s)
{
    uint32_t code;

    while (s.len) {
        size_t len = utf8_decode(s, &code);

        if (!len)
            return false;
        s = span_from(s, len);
    }
    return true;
}

bool utf8_cut(struct span s, size_t *tail)
{
    for (size_t back = 1; back <= 3 && back <= s.len; back++) {
        unsigned char c = s.at[s.len - back];

        if (tail_octet(c))
            continue;
        if ((c >= 0xc2 && c <= 0xdf && back < 2) || (c >= 0xe0 && c <= 0xef && back < 3) ||
            (c >= 0xf0 && c <= 0xf4 && back < 4)) {
            *tail = back;
            return true;
        }
        return false;
    }
    return false;
}

int utf8_width(uint32_t code)
{
    if (code < 0x7f)
        return code < 0x20 ? -1 : 1;
    if (code < 0xa0 || code == 0xfeff)
        return -1;
    return wcwidth((wchar_t)code);
}

size_t utf8_cells(struct span s)
{
    size_t cells = 0;
    uint32_t code;

    while (s.len) {
        size_t len = utf8_decode(s, &code);
        int width = len ? utf8_width(code) : 1;

        cells += width < 0 ? 1 : (size_t)width;
        s = span_from(s, len ? len : 1);
    }
    return cells;
}
