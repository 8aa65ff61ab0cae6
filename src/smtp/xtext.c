#include "smtp/xtext.h"

static const char upper_hex[] = "0123456789ABCDEF";

/* Its value, or 16. RFC 3461 4 has upper case only. */
static unsigned hex_value(unsigned char c)
{
    if (ascii_is_digit(c))
        return (unsigned)(c - '0');
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
}

static bool stands_for_itself(unsigned char c)
{
    return c >= 33 && c <= 126 && c != '+' && c != '=';
}

static bool is_hexchar(struct span text, size_t at)
{
    return at + 2 < text.len && text.at[at] == '+' && hex_value(text.at[at + 1]) < 16 &&
           hex_value(text.at[at + 2]) < 16;
}

size_t xtext_fault(struct span text, bool utf8)
{
    size_t i = 0;

    while (i < text.len) {
        if (stands_for_itself(text.at[i]) || (utf8 && text.at[i] >= 0x80))
            i++;
        else if (is_hexchar(text, i))
            i += 3;
        else
            return i;
    }
    return text.len;
}

bool xtext_decode(struct buf *out, struct span text)
{
    if (xtext_fault(text, false) < text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '+') {
            buf_add_octet(out, text.at[i]);
        } else {
            buf_add_octet(
                out, (unsigned char)(hex_value(text.at[i + 1]) << 4 | hex_value(text.at[i + 2])));
            i += 2;
        }
    }
    return true;
}

void xtext_encode(struct buf *out, struct span octets)
{
    for (size_t i = 0; i < octets.len; i++) {
        unsigned char c = octets.at[i];

        if (stands_for_itself(c)) {
            buf_add_octet(out, c);
        } else {
            buf_add_octet(out, '+');
            buf_add_octet(out, (unsigned char)upper_hex[c >> 4]);
            buf_add_octet(out, (unsigned char)upper_hex[c & 15]);
        }
    }
}
