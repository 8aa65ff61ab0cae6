#include "base/json.h"

#include <assert.h>

#include "base/marks.h"
#include "base/utf8.h"

#define REPLACEMENT 0xfffdu

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){ .out = out };
}

/* What stands before a value: a comma, its key. */
static void begin(struct json *j, const char *key)
{
    if (j->follows)
        buf_add_octet(j->out, ',');
    j->follows = true;
    if (!key)
        return;
    buf_add_octet(j->out, '"');
    buf_add_text(j->out, key);
    buf_add(j->out, SPAN("\":"));
}

void json_open(struct json *j, const char *key, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    begin(j, key);
    buf_add_octet(j->out, (unsigned char)bracket);
    j->follows = false;
}

void json_close(struct json *j, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    buf_add_octet(j->out, (unsigned char)bracket);
    j->follows = true;
}

void json_number(struct json *j, const char *key, uint64_t value)
{
    unsigned char digits[20];
    size_t at = sizeof digits;

    begin(j, key);
    do {
        digits[--at] = (unsigned char)('0' + value % 10);
        value /= 10;
    } while (value);
    buf_add(j->out, span_make(digits + at, sizeof digits - at));
}

void json_bool(struct json *j, const char *key, bool value)
{
    begin(j, key);
    buf_add_text(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
    begin(j, key);
    buf_add(j->out, SPAN("null"));
}

static void add_u(struct buf *out, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";

    buf_add(out, SPAN("\\u"));
    for (int shift = 12; shift >= 0; shift -= 4)
        buf_add_octet(out, (unsigned char)hex[unit >> shift & 15]);
}

/* Beyond 16 bits two units stand for one character (RFC 8259 7). */
static void add_escaped(struct buf *out, uint32_t code)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i + 1 < sizeof short_forms; i += 2)
        if (code == (unsigned char)short_forms[i]) {
            buf_add_octet(out, '\\');
            buf_add_octet(out, (unsigned char)short_forms[i + 1]);
            return;
        }
    if (code > 0xffff) {
        add_u(out, 0xd800 + ((code - 0x10000) >> 10));
        code = 0xdc00 + ((code - 0x10000) & 0x3ff);
    }
    add_u(out, code);
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static size_t plain_length(struct span s)
{
    size_t len = 0;

    while (len < s.len && plain(s.at[len]))
        len++;
    return len;
}

/* False: some octets were no UTF-8. */
static bool add_quoted(struct buf *out, struct span s)
{
    bool good = true;

    buf_add_octet(out, '"');
    while (s.len) {
        size_t len = plain_length(s);
        uint32_t code;

        buf_add(out, span_first(s, len));
        s = span_from(s, len);
        if (!s.len)
            break;
        len = utf8_decode(s, &code);
        if (!len) {
            good = false;
            code = REPLACEMENT;
        }
        if (len > 1 && !marks_hidden(code))
            buf_add(out, span_first(s, len));
        else
            add_escaped(out, code);
        s = span_from(s, len ? len : 1);
    }
    buf_add_octet(out, '"');
    return good;
}

void json_string(struct json *j, const char *key, struct span text)
{
    begin(j, key);
    add_quoted(j->out, text);
}

void json_text(struct json *j, const char *key, const char *text)
{
    if (text)
        json_string(j, key, span_of(text));
    else
        json_null(j, key);
}

/* RFC 4648 4. The room of base64 lies above this one. */
static void add_base64(struct buf *out, struct span s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < s.len; i += 3) {
        size_t left = s.len - i;
        uint32_t bits = (uint32_t)s.at[i] << 16 | (left > 1 ? (uint32_t)s.at[i + 1] << 8 : 0u) |
                        (left > 2 ? s.at[i + 2] : 0u);

        for (size_t digit = 0; digit < 4; digit++)
            buf_add_octet(out, digit <= left ? (unsigned char)digits[bits >> (18 - 6 * digit) & 63]
                                             : '=');
    }
}

void json_octets(struct json *j, const char *key, struct span octets)
{
    assert(key);
    begin(j, key);
    if (add_quoted(j->out, octets))
        return;
    buf_add(j->out, SPAN(",\""));
    buf_add_text(j->out, key);
    buf_add(j->out, SPAN("_base64\":\""));
    add_base64(j->out, octets);
    buf_add_octet(j->out, '"');
}
