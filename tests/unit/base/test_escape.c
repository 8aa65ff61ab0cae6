#include "base/escape.h"

#include <criterion/criterion.h>

#include "base/utf8.h"

static const struct {
    const char *name, *text;
    struct span want;
    size_t column; /* 0: it is right */
} rows[] = {
    { "plain", "abc", SPAN_INIT("abc"), 0 },
    { "quoted", "\"abc\\r\\n\"", SPAN_INIT("abc\r\n"), 0 },
    { "all letters", "\\r\\n\\t\\0\\e\\a\\\\\\\"", SPAN_INIT("\r\n\t\0\x1b\a\\\""), 0 },
    { "hex", "\\x0d\\xFF", SPAN_INIT("\r\xff"), 0 },
    { "character", "\\u{e9}\\u{1F600}", SPAN_INIT("\xc3\xa9\xf0\x9f\x98\x80"), 0 },
    { "empty", "", SPAN_INIT(""), 0 },
    { "empty in quotes", "\"\"", SPAN_INIT(""), 0 },
    { "unknown escape", "ab\\q", SPAN_INIT(""), 3 },
    { "half a hex", "\\x0", SPAN_INIT(""), 1 },
    { "surrogate", "\\u{d800}", SPAN_INIT(""), 1 },
    { "open quote", "\"abc", SPAN_INIT(""), 5 },
    { "text after the quote", "\"abc\"d", SPAN_INIT(""), 6 },
    { "backslash at the end", "ab\\", SPAN_INIT(""), 3 },
};

Test(escape, reads_or_says_where_it_is_wrong)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = { 0 };
        struct error err = { "" };
        size_t column = 0;
        bool ok = escape_read(&out, span_of(rows[i].text), &column, &err);

        cr_expect_eq(ok, rows[i].column == 0, "%s: %s", rows[i].name, err.text);
        cr_expect_eq(column, rows[i].column, "%s: column %zu", rows[i].name, column);
        cr_expect(span_eq(buf_span(&out), rows[i].want), "%s: %s", rows[i].name, buf_text(&out));
        cr_expect_eq(ok, err.text[0] == '\0', "%s", rows[i].name);
        buf_release(&out);
    }
}

Test(escape, every_octet_comes_back)
{
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b += 5) {
            unsigned char octets[3] = { (unsigned char)a, (unsigned char)b, '0' };
            struct buf text = { 0 }, back = { 0 };
            size_t column;

            escape_write(&text, span_make(octets, 3));
            cr_expect(utf8_valid(buf_span(&text)));
            cr_expect(escape_read(&back, buf_span(&text), &column, NULL), "%u %u", a, b);
            cr_expect(span_eq(buf_span(&back), span_make(octets, 3)), "%u %u: %s", a, b,
                      buf_text(&text));
            buf_release(&text);
            buf_release(&back);
        }
    }
}
