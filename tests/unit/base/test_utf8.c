#include "base/utf8.h"

#include <criterion/criterion.h>
#include <locale.h>

Test(utf8, every_character_comes_back)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        unsigned char octets[4];
        uint32_t back = 0;
        size_t len;

        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        len = utf8_encode(code, octets);
        cr_assert_eq(utf8_decode(span_make(octets, len), &back), len, "U+%04X", code);
        cr_assert_eq(back, code);
        cr_assert_eq(len > 1 ? utf8_decode(span_make(octets, len - 1), &back) : 0, 0, "U+%04X cut",
                     code);
    }
}

static const struct {
    const char *name;
    struct span text;
    bool valid;
    size_t cells, tail;
} rows[] = {
    { "ascii", SPAN_INIT("abc"), true, 3, 0 },
    { "wide", SPAN_INIT("\xe6\x97\xa5\xe6\x9c\xac"), true, 4, 0 },
    { "combining", SPAN_INIT("e\xcc\x81"), true, 1, 0 },
    { "emoji", SPAN_INIT("\xf0\x9f\x98\x80"), true, 2, 0 },
    { "overlong", SPAN_INIT("\xe0\x80\x80"), false, 3, 0 },
    { "surrogate", SPAN_INIT("\xed\xa0\x80"), false, 3, 0 },
    { "too high", SPAN_INIT("\xf4\x90\x80\x80"), false, 4, 0 },
    { "cut after one of three", SPAN_INIT("a\xe6"), false, 2, 1 },
    { "cut after two of three", SPAN_INIT("a\xe6\x97"), false, 3, 2 },
    { "cut after three of four", SPAN_INIT("\xf0\x9f\x98"), false, 3, 3 },
    { "a tail without a head", SPAN_INIT("\x97\x97"), false, 2, 0 },
};

Test(utf8, valid_width_and_cut)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t tail = 0;

        utf8_cut(rows[i].text, &tail);
        cr_expect_eq(utf8_valid(rows[i].text), rows[i].valid, "%s", rows[i].name);
        cr_expect_eq(utf8_cells(rows[i].text), rows[i].cells, "%s", rows[i].name);
        cr_expect_eq(tail, rows[i].tail, "%s: tail %zu", rows[i].name, tail);
    }
}
