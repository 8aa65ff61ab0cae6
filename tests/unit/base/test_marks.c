#include "base/marks.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "base/utf8.h"

static const struct {
    const char *name;
    struct span octets;
    unsigned flags;
    const char *want;
} rows[] = {
    { "plain", SPAN_INIT("250 ok"), 0, "250 ok" },
    { "controls", SPAN_INIT("a\0\x1b[2J\r\n\x7f"), 0, "a<NUL><ESC>[2J<CR><LF><DEL>" },
    { "tab marked", SPAN_INIT("a\tb"), 0, "a<TAB>b" },
    { "tab kept", SPAN_INIT("a\tb"), MARKS_KEEP_TAB, "a\tb" },
    { "UTF-8", SPAN_INIT("caf\xc3\xa9 \xe6\x97\xa5"), 0, "caf\xc3\xa9 \xe6\x97\xa5" },
    { "UTF-8 as ASCII", SPAN_INIT("caf\xc3\xa9"), MARKS_ASCII, "caf<U+00E9>" },
    { "invalid", SPAN_INIT("caf\xe9!\xff"), 0, "caf<0xE9>!<0xFF>" },
    { "overlong", SPAN_INIT("\xc0\xaf"), 0, "<0xC0><0xAF>" },
    { "cut character", SPAN_INIT("\xe6\x97"), 0, "<0xE6><0x97>" },
    { "right to left override", SPAN_INIT("\xe2\x80\xaeow"), 0, "<U+202E>ow" },
    { "zero width", SPAN_INIT("a\xe2\x80\x8b"), 0, "a<U+200B>" },
    { "C1 control sequence",
      SPAN_INIT("\xc2\x9b"
                "31m"),
      0, "<U+009B>31m" },
    { "byte order mark", SPAN_INIT("\xef\xbb\xbf"), 0, "<U+FEFF>" },
    { "tag characters", SPAN_INIT("\xf3\xa0\x80\x81"), 0, "<U+E0001>" },
};

Test(marks, nothing_dangerous_gets_through)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = { 0 };

        marks_add(&out, rows[i].octets, rows[i].flags);
        cr_expect_str_eq(buf_text(&out), rows[i].want, "%s: %s", rows[i].name, buf_text(&out));
        buf_release(&out);
    }
}

Test(marks, any_two_octets_become_valid_text_without_controls)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (unsigned n = 0; n < 65536; n++) {
        unsigned char octets[2] = { (unsigned char)(n >> 8), (unsigned char)n };
        struct buf out = { 0 };

        marks_add(&out, span_make(octets, 2), 0);
        cr_assert(utf8_valid(buf_span(&out)), "%04x", n);
        for (size_t i = 0; i < out.len; i++)
            cr_assert_not(ascii_is_control(out.at[i]), "%04x", n);
        buf_release(&out);
    }
}
