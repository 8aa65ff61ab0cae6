#include "message/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Its value, or 64. */
static unsigned value(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static enum base64_fault found(enum base64_fault fault, size_t here, size_t *at)
{
    *at = here;
    return fault;
}

enum base64_fault base64_check(struct span text, size_t *at)
{
    size_t plain = 0, end, room;

    while (plain < text.len && value(text.at[plain]) < 64)
        plain++;
    for (end = plain; end < text.len && text.at[end] == '='; end++)
        continue;
    /* One character alone over a multiple of four is no octet yet: nothing can pad it. */
    room = plain % 4 >= 2 ? 4 - plain % 4 : 0;
    if (end - plain > room)
        return found(BASE64_PADDING, plain + room, at);
    if (end < text.len)
        return value(text.at[end]) < 64 ? found(BASE64_PADDING, plain, at)
                                        : found(BASE64_OCTET, end, at);
    if (text.len % 4)
        return found(BASE64_LENGTH, text.len, at);
    if (room && value(text.at[plain - 1]) & (room == 2 ? 15u : 3u))
        return found(BASE64_BITS, plain - 1, at);
    return found(BASE64_NONE, text.len, at);
}

const char *base64_fault_text(enum base64_fault fault)
{
    static const char *const texts[] = {
#define X(name, text) text,
        BASE64_FAULTS(X)
#undef X
    };

    return texts[fault];
}

bool base64_decode(struct span text, struct buf *out)
{
    size_t at;

    if (base64_check(text, &at))
        return false;
    buf_reserve(out, text.len / 4 * 3); /* a password is not left behind where it grew */
    for (size_t i = 0; i < text.len; i += 4) {
        unsigned n = 0, octets = 3;

        for (size_t k = 0; k < 4; k++) {
            unsigned v = value(text.at[i + k]);

            n = n << 6 | (v & 63);
            octets -= v == 64;
        }
        for (unsigned k = 0; k < octets; k++)
            buf_add_octet(out, (unsigned char)(n >> (16 - 8 * k) & 255));
    }
    return true;
}

void base64_encode(struct span octets, struct buf *out)
{
    buf_reserve(out, (octets.len + 2) / 3 * 4);
    for (size_t i = 0; i < octets.len; i += 3) {
        size_t here = octets.len - i < 3 ? octets.len - i : 3;
        unsigned n = (unsigned)octets.at[i] << 16;

        if (here > 1)
            n |= (unsigned)octets.at[i + 1] << 8;
        if (here > 2)
            n |= octets.at[i + 2];
        for (unsigned d = 0; d < 4; d++)
            buf_add_octet(out, d <= here ? (unsigned char)digits[n >> (18 - 6 * d) & 63] : '=');
    }
}
