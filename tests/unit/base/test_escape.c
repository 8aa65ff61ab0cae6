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

static const struct {
    const char *name, *text;
    struct span want;
    size_t column;
} repeats[] = {
    { "none", "ab\\n", SPAN_INIT("ab\n"), 0 },
    { "some", "a\\*3{bc}d", SPAN_INIT("abcbcbcd"), 0 },
    { "with escapes", "\"\\*2{\\x7d\\r}\"", SPAN_INIT("}\r}\r"), 0 },
    { "two", "\\*2{a}\\*1{b}", SPAN_INIT("aab"), 0 },
    { "no count", "a\\*{b}", SPAN_INIT(""), 2 },
    { "no braces", "\\*3", SPAN_INIT(""), 1 },
    { "not closed", "\\*3{a", SPAN_INIT(""), 1 },
    { "closed by the quote", "\"\\*3{a\"", SPAN_INIT(""), 2 },
    { "nothing in it", "\\*3{}", SPAN_INIT(""), 1 },
    { "zero times", "\\*0{a}", SPAN_INIT(""), 1 },
    { "a bad escape in it", "\\*3{\\q}", SPAN_INIT(""), 1 },
    { "one in another", "\\*3{\\*3{a}}", SPAN_INIT(""), 1 },
    { "too many", "\\*1000001{a}", SPAN_INIT(""), 1 },
    { "too many together", "\\*999999{a}\\*2{a}", SPAN_INIT(""), 12 },
    { "a count beyond all numbers", "\\*99999999999999999999{a}", SPAN_INIT(""), 1 },
};

Test(escape, repeats_where_it_may)
{
    for (size_t i = 0; i < sizeof repeats / sizeof repeats[0]; i++) {
        struct buf out = { 0 };
        struct error err = { "" };
        size_t column = 0;
        bool ok = escape_read_repeated(&out, span_of(repeats[i].text), &column, &err);

        cr_expect_eq(ok, repeats[i].column == 0, "%s: %s", repeats[i].name, err.text);
        cr_expect_eq(column, repeats[i].column, "%s: column %zu", repeats[i].name, column);
        cr_expect(span_eq(buf_span(&out), repeats[i].want), "%s", repeats[i].name);
        cr_expect_eq(ok, err.text[0] == '\0', "%s", repeats[i].name);
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
