#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"

#include <criterion/criterion.h>

Test(span, search)
{
    static const struct {
        const char *name, *text, *needle;
        size_t from;
        bool nocase;
        size_t want;
    } rows[] = {
        { "at the start", "abc", "ab", 0, false, 0 },
        { "at the end", "abcabd", "abd", 0, false, 3 },
        { "from later", "abab", "ab", 1, false, 2 },
        { "not there", "abc", "abd", 0, false, SPAN_NOT_FOUND },
        { "longer than the text", "ab", "abc", 0, false, SPAN_NOT_FOUND },
        { "case counts", "MAIL", "mail", 0, false, SPAN_NOT_FOUND },
        { "case ignored", "xMaIl", "mAiL", 0, true, 1 },
        { "a near hit first", "aaab", "aab", 0, true, 1 },
        { "empty needle", "ab", "", 2, false, 2 },
        { "from past the end", "ab", "a", 3, false, SPAN_NOT_FOUND },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(span_search(span_of(rows[i].text), span_of(rows[i].needle), rows[i].from,
                                 rows[i].nocase),
                     rows[i].want, "%s", rows[i].name);
}

Test(span, numbers)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t want;
    } rows[] = {
        { "0", true, 0 },    { "18446744073709551615", true, UINT64_MAX },
        { "007", true, 7 },  { "18446744073709551616", false, 0 },
        { "", false, 0 },    { "-1", false, 0 },
        { "25o", false, 0 }, { "99999999999999999999", false, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t n = 0;

        cr_expect_eq(span_number(span_of(rows[i].text), &n), rows[i].ok, "%s", rows[i].text);
        cr_expect_eq(n, rows[i].want, "%s", rows[i].text);
    }
}

Test(span, trim_cut_and_compare)
{
    struct span rest;

    cr_expect(span_eq(span_trim(SPAN(" \t a b \t")), SPAN("a b")));
    cr_expect(span_eq(span_trim(SPAN("  ")), SPAN("")));
    cr_expect(span_eq(span_cut(SPAN("a=b=c"), '=', &rest), SPAN("a")));
    cr_expect(span_eq(rest, SPAN("b=c")));
    cr_expect(span_eq(span_cut(SPAN("abc"), '=', &rest), SPAN("abc")));
    cr_expect_eq(rest.len, 0);
    cr_expect(span_starts_nocase(SPAN("mail from"), SPAN("MAIL")));
    cr_expect_not(span_starts(SPAN("ma"), SPAN("mail")));
    cr_expect_eq(span_from(SPAN("abc"), 9).len, 0);
}

Test(span, a_buffer_grows_shrinks_and_is_given_away)
{
    struct buf b = { 0 };
    char *text;

    cr_expect_str_eq(buf_text(&b), "");
    buf_printf(&b, "%d-%s", 42, "x");
    buf_add_repeat(&b, '.', 1000);
    cr_expect_eq(b.len, 1004);
    buf_consume(&b, 5);
    buf_truncate(&b, 2);
    cr_expect_str_eq(buf_text(&b), "..");
    buf_consume(&b, 0);
    text = buf_detach(&b);
    cr_expect_str_eq(text, "..");
    cr_expect_eq(b.len, 0);
    mem_free(text);
    buf_release(&b);
}

Test(span, a_buffer_prints_texts_of_any_length_and_numbers)
{
    struct buf b = { 0 };

    for (int width = 60; width < 70; width++) { /* around the room that is there at first */
        buf_release(&b);
        buf_printf(&b, "%*d", width, 7);
        cr_expect_eq(b.len, (size_t)width);
        cr_expect_eq(strlen(buf_text(&b)), (size_t)width, "%d", width);
        cr_expect_eq(b.at[width - 1], '7', "%d", width);
    }
    buf_clear(&b);
    buf_add_number(&b, 0);
    buf_add_octet(&b, ' ');
    buf_add_number(&b, 2525);
    buf_add_octet(&b, ' ');
    buf_add_number(&b, UINT64_MAX);
    cr_expect_str_eq(buf_text(&b), "0 2525 18446744073709551615");
    buf_release(&b);
}

Test(span, a_long_error_is_cut_visibly)
{
    struct error err = { "before" };

    error_set(&err, "%600s", "x");
    cr_expect_eq(strlen(err.text), sizeof err.text - 1);
    cr_expect_str_eq(err.text + sizeof err.text - 4, "...");
    error_set(NULL, "nobody listens");
}
