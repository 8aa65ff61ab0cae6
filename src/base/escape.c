#include "base/escape.h"

#include "base/marks.h"
#include "base/utf8.h"

static const struct {
    char letter;
    unsigned char octet;
} letters[] = { { 'r', '\r' }, { 'n', '\n' }, { 't', '\t' },  { '0', '\0' },
                { 'e', 0x1b }, { 'a', '\a' }, { '\\', '\\' }, { '"', '"' } };

static int hex(unsigned char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \u{HEX}: how many octets after the backslash; 0 when it is not of that form. */
static size_t read_code_point(struct span s, uint32_t *code)
{
    size_t i = 2;

    *code = 0;
    if (s.len < 4 || s.at[1] != '{')
        return 0;
    for (; i < s.len && hex(s.at[i]) >= 0 && i < 8; i++)
        *code = *code << 4 | (uint32_t)hex(s.at[i]);
    if (i == 2 || i >= s.len || s.at[i] != '}' || *code > 0x10ffff ||
        (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return i + 1;
}

/* What stands after a backslash: octets taken, or 0 with err set. */
static size_t read_one(struct buf *out, struct span s, struct error *err)
{
    unsigned char utf8[4];
    uint32_t code;
    size_t len;

    if (s.len == 0) {
        error_set(err, "a backslash at the very end: write \\\\ for a backslash itself");
        return 0;
    }
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (s.at[0] == (unsigned char)letters[i].letter) {
            buf_add_octet(out, letters[i].octet);
            return 1;
        }
    if (s.at[0] == 'x') {
        if (s.len < 3 || hex(s.at[1]) < 0 || hex(s.at[2]) < 0) {
            error_set(err, "\\x wants two hexadecimal digits, as in \\x0d");
            return 0;
        }
        buf_add_octet(out, (unsigned char)(hex(s.at[1]) << 4 | hex(s.at[2])));
        return 3;
    }
    if (s.at[0] == 'u') {
        len = read_code_point(s, &code);
        if (len)
            buf_add(out, span_make(utf8, utf8_encode(code, utf8)));
        else
            error_set(err, "\\u wants a character's number in braces, as in \\u{e9}");
        return len;
    }
    error_set(err, "no such escape; there are \\r \\n \\t \\0 \\e \\a \\\\ \\\" \\xHH \\u{HEX}");
    return 0;
}

/* \*N{TEXT}: octets after the backslash, or 0 with err set. `start`: where *out began. */
static size_t read_repeat(struct buf *out, size_t start, struct span s, struct error *err)
{
    size_t at = 1, took = 0, room = ESCAPE_REPEATED_MAX - (out->len - start);
    struct buf once = { 0 };
    uint64_t times = 0;

    while (at < s.len && ascii_is_digit(s.at[at]))
        at++;
    if (!span_number(span_make(s.at + 1, at - 1), &times) || !times || at == s.len ||
        s.at[at] != '{')
        goto malformed;
    for (at++; at < s.len && s.at[at] != '}' && s.at[at] != '"'; at += took) {
        took = 1;
        if (s.at[at] != '\\') {
            buf_add_octet(&once, s.at[at]);
            continue;
        }
        took = read_one(&once, span_from(s, at + 1), err);
        if (!took)
            goto out;
        took++;
    }
    took = 0;
    if (at == s.len || s.at[at] != '}' || !once.len)
        goto malformed;
    if (times > room / once.len) {
        error_set(err, "\\* makes more than %zu octets", ESCAPE_REPEATED_MAX);
        goto out;
    }
    for (took = at + 1; times; times--)
        buf_add(out, buf_span(&once));
    goto out;
malformed:
    error_set(err, "\\* wants a count and a text in braces, as in \\*1500{x}");
out:
    buf_release(&once);
    return took;
}

static bool read_text(struct buf *out, struct span text, bool repeat, size_t *column,
                      struct error *err)
{
    size_t start = out->len, at = 0, end = text.len;
    bool quoted = text.len && text.at[0] == '"';

    if (quoted)
        at = 1;
    while (at < end && !(quoted && text.at[at] == '"')) {
        size_t took;

        if (text.at[at] != '\\') {
            buf_add_octet(out, text.at[at++]);
            continue;
        }
        if (repeat && at + 1 < end && text.at[at + 1] == '*' &&
            out->len - start <= ESCAPE_REPEATED_MAX)
            took = read_repeat(out, start, span_from(text, at + 1), err);
        else
            took = read_one(out, span_from(text, at + 1), err);
        if (!took)
            goto bad;
        at += 1 + took;
    }
    if (quoted && at >= end) {
        error_set(err, "the closing \" is missing");
        goto bad;
    }
    if (quoted && at + 1 < end) {
        at++;
        error_set(err, "text after the closing \": write \\\" for a quote inside");
        goto bad;
    }
    return true;
bad:
    *column = at + 1;
    if (out->at)
        buf_truncate(out, start);
    return false;
}

bool escape_read(struct buf *out, struct span text, size_t *column, struct error *err)
{
    return read_text(out, text, false, column, err);
}

bool escape_read_repeated(struct buf *out, struct span text, size_t *column, struct error *err)
{
    return read_text(out, text, true, column, err);
}

void escape_write(struct buf *out, struct span octets)
{
    while (octets.len) {
        size_t plain = marks_plain(octets, 0), i;

        for (i = 0; i < plain; i++) {
            if (octets.at[i] == '\\' || octets.at[i] == '"')
                buf_add_octet(out, '\\');
            buf_add_octet(out, octets.at[i]);
        }
        octets = span_from(octets, plain);
        if (!octets.len)
            return;
        for (i = 0; i < 5; i++) /* only control characters: \r \n \t \0 \e */
            if (octets.at[0] == letters[i].octet)
                break;
        if (i < 5)
            buf_printf(out, "\\%c", letters[i].letter);
        else
            buf_printf(out, "\\x%02x", (unsigned)octets.at[0]);
        octets = span_from(octets, 1);
    }
}
