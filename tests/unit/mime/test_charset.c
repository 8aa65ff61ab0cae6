#include "mime/charset.h"

#include "support/table.h"

static const struct {
    const char *name;
    struct span charset, text, want;
    bool known;
} rows[] = {
    { "no charset", SPAN_INIT(""), SPAN_INIT("a\xe9z"), SPAN_INIT("a\xe9z"), true },
    { "ASCII", SPAN_INIT("US-ASCII"), SPAN_INIT("a\xe9z"), SPAN_INIT("a\xe9z"), true },
    { "UTF-8", SPAN_INIT("utf-8"), SPAN_INIT("caf\xc3\xa9"), SPAN_INIT("caf\xc3\xa9"), true },
    { "Latin 1", SPAN_INIT("ISO-8859-1"), SPAN_INIT("caf\xe9"), SPAN_INIT("caf\xc3\xa9"), true },
    { "Windows", SPAN_INIT("windows-1252"), SPAN_INIT("\x80 5"), SPAN_INIT("\xe2\x82\xac 5"),
      true },
    { "Japanese", SPAN_INIT("iso-2022-jp"), SPAN_INIT("\033$B8l\033(B."),
      SPAN_INIT("\xe8\xaa\x9e."), true },
    { "an octet that is no character", SPAN_INIT("windows-1252"), SPAN_INIT("a\x81\xe9"),
      SPAN_INIT("a\x81\xc3\xa9"), true },
    { "half a character at the end", SPAN_INIT("shift_jis"), SPAN_INIT("a\x93"), SPAN_INIT("a\x93"),
      true },
    { "nothing", SPAN_INIT("iso-8859-1"), SPAN_INIT(""), SPAN_INIT(""), true },
    { "a set that nobody knows", SPAN_INIT("x-klingon"), SPAN_INIT("a\xe9"), SPAN_INIT("a\xe9"),
      false },
    { "one that is not asked for", SPAN_INIT("ISO-2022-CN-EXT"), SPAN_INIT("a"), SPAN_INIT("a"),
      false },
    { "one that only begins well", SPAN_INIT("iso-8859-99"), SPAN_INIT("a"), SPAN_INIT("a"),
      false },
    { "a name with a path in it", SPAN_INIT("iso-8859-1/../x"), SPAN_INIT("a"), SPAN_INIT("a"),
      false },
    { "a name that asks for more", SPAN_INIT("iso-8859-1//TRANSLIT"), SPAN_INIT("a"),
      SPAN_INIT("a"), false },
    { "an endless name", SPAN_INIT("iso-8859-1111111111111111111111111111111111111111111"),
      SPAN_INIT("a"), SPAN_INIT("a"), false },
};

Test(charset, becomes_utf8)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf got = { 0 };

        cr_expect_eq(charset_to_utf8(rows[i].charset, rows[i].text, &got), rows[i].known, "%s",
                     rows[i].name);
        cr_expect(span_eq(buf_span(&got), rows[i].want), "%s: %.*s", rows[i].name,
                  SPAN_ARG(buf_span(&got)));
        buf_release(&got);
    }
}

Test(charset, converts_long_texts_whole)
{
    struct buf text = { 0 }, got = { 0 };

    buf_add_repeat(&text, 0xe9, 100000);
    cr_expect(charset_to_utf8(SPAN("latin1"), buf_span(&text), &got) == false);
    buf_clear(&got);
    cr_expect(charset_to_utf8(SPAN("iso-8859-15"), buf_span(&text), &got));
    cr_expect_eq(got.len, 200000);
    buf_release(&text);
    buf_release(&got);
}
