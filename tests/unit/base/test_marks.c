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
    { "blank Braille pattern", SPAN_INIT("a\xe2\xa0\x80"), 0, "a<U+2800>" },
    { "hieroglyph control", SPAN_INIT("\xf0\x93\x90\xb0"), 0, "<U+13430>" },
    { "emoji with its selector", SPAN_INIT("\xe2\x9d\xa4\xef\xb8\x8f"), 0,
      "\xe2\x9d\xa4\xef\xb8\x8f" },
    { "joined emoji", SPAN_INIT("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"), 0,
      "\xf0\x9f\x91\xa9<U+200D>\xf0\x9f\x92\xbb" },
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

/* All of category Cf in Unicode 15.0 (extracted/DerivedGeneralCategory.txt), then what else hides.
 */
static const struct {
    uint32_t first, last;
} hides[] = {
    { 0xad, 0xad },       { 0x600, 0x605 },     { 0x61c, 0x61c },     { 0x6dd, 0x6dd },
    { 0x70f, 0x70f },     { 0x890, 0x891 },     { 0x8e2, 0x8e2 },     { 0x180e, 0x180e },
    { 0x200b, 0x200f },   { 0x202a, 0x202e },   { 0x2060, 0x2064 },   { 0x2066, 0x206f },
    { 0xfeff, 0xfeff },   { 0xfff9, 0xfffb },   { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
    { 0x13430, 0x1343f }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0001, 0xe0001 },
    { 0xe0020, 0xe007f }, { 0x80, 0x9f },       { 0x2028, 0x2029 },   { 0x2800, 0x2800 },
    { 0x3164, 0x3164 },   { 0xffa0, 0xffa0 },   { 0xfdd0, 0xfdef },   { 0xfffe, 0xffff },
    { 0x1fffe, 0x1ffff }, { 0xe000, 0xf8ff },   { 0xe0100, 0xe01ef }, { 0x10fffe, 0x10ffff },
};

Test(marks, hide_every_format_control_and_every_blank_that_is_no_space)
{
    for (size_t i = 0; i < sizeof hides / sizeof hides[0]; i++) {
        for (uint32_t code = hides[i].first; code <= hides[i].last; code++)
            cr_expect(marks_hidden(code), "U+%04X", (unsigned)code);
    }
}

Test(marks, leave_letters_and_emoji_as_they_are)
{
    static const uint32_t shown[] = {
        0x20,   0x7e,   0xa0,    0xac,    0xae,    0xe9,    0x5ff,   0x606,   0x6dc,
        0x6de,  0x27ff, 0x2801,  0x2764,  0xfe0f,  0xfdcf,  0xfdf0,  0xfffc,  0xfffd,
        0x65e5, 0xac00, 0x110be, 0x1342f, 0x1d158, 0x1d17b, 0x1f3fb, 0x1f468, 0x1f600,
    };

    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        cr_expect_not(marks_hidden(shown[i]), "U+%04X", (unsigned)shown[i]);
}
