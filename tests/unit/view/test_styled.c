#include "view/styled.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "base/marks.h"

/* "PLAIN:text|..." of all runs, so that text and styles are compared at once. */
static const char *runs_of(const struct styled *s)
{
    static struct buf out;
    static const char letters[] = "pCSYGLNF*xdbi?"; /* by enum style */
    size_t at = 0;

    buf_clear(&out);
    for (size_t i = 0; i < s->run_count; i++) {
        buf_printf(&out, "%s%c:%.*s", i ? "|" : "", letters[s->runs[i].style],
                   SPAN_ARG(span_first(span_from(buf_span(&s->text), at), s->runs[i].len)));
        at += s->runs[i].len;
    }
    cr_expect_eq(at, s->text.len, "runs add up to the text");
    return buf_text(&out);
}

Test(styled, joins_runs_of_one_style)
{
    struct styled s = { 0 };

    styled_add_text(&s, STYLE_BOLD, "a");
    styled_add(&s, STYLE_BOLD, SPAN("b"));
    styled_add(&s, STYLE_DIM, SPAN(""));
    styled_printf(&s, STYLE_BOLD, "%d", 3);
    styled_add_text(&s, STYLE_DIM, "x");
    cr_expect_str_eq(runs_of(&s), "b:ab3|d:x");
    styled_clear(&s);
    cr_expect_eq(s.run_count, 0u);
    cr_expect_eq(s.text.len, 0u);
    styled_repeat(&s, STYLE_NOTE, "-=", 3);
    styled_repeat(&s, STYLE_FAULT, "!", 0);
    cr_expect_str_eq(runs_of(&s), "*:-=-=-=");
    styled_release(&s);
    cr_expect_null(s.runs);
}

Test(styled, appends_another_text_with_its_styles)
{
    struct styled s = { 0 }, more = { 0 };

    styled_add_text(&s, STYLE_CLIENT, "C: ");
    styled_add_text(&more, STYLE_CLIENT, "HELO ");
    styled_add_text(&more, STYLE_SECRET, "***");
    styled_append(&s, &more);
    cr_expect_str_eq(runs_of(&s), "C:C: HELO |x:***");
    cr_expect_str_eq(runs_of(&more), "C:HELO |x:***");
    styled_release(&more);
    styled_append(&s, &more);
    cr_expect_str_eq(runs_of(&s), "C:C: HELO |x:***", "nothing to append");
    styled_release(&s);
}

Test(styled, makes_octets_of_a_peer_safe)
{
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    styled_add_marks(&s, STYLE_SERVER, SPAN("\033]0;x\007 \xe2\x80\xae \0"), 0);
    cr_expect_str_eq(runs_of(&s), "S:<ESC>]0;x<BEL> <U+202E> <NUL>");
    styled_clear(&s);
    styled_add_marks(&s, STYLE_SERVER, SPAN("\xc3\xa9\t"), MARKS_ASCII | MARKS_KEEP_TAB);
    cr_expect_str_eq(runs_of(&s), "S:<U+00E9>\t");
    styled_release(&s);
}

static const struct {
    const char *name;
    const char *text, *needle;
    size_t count;
    const char *want;
} rows[] = {
    { "in the middle", "say ok now", "ok", 1, "p:say |?:ok|p: now" },
    { "whatever the case", "Ok oK", "OK", 2, "?:Ok|p: |?:oK" },
    { "side by side", "aaaa", "aa", 2, "?:aaaa" },
    { "nowhere", "abc", "x", 0, "p:abc" },
    { "everywhere", "abc", "abc", 1, "?:abc" },
    { "no needle", "abc", "", 0, "p:abc" },
    { "no text", "", "a", 0, "" },
    { "needle longer than the text", "ab", "abc", 0, "p:ab" },
};

Test(styled, finds_what_is_searched_for)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct styled s = { 0 };
        size_t count =
            styled_add_found(&s, STYLE_PLAIN, span_of(rows[i].text), span_of(rows[i].needle));

        cr_expect_eq(count, rows[i].count, "%s: %zu", rows[i].name, count);
        cr_expect_str_eq(runs_of(&s), rows[i].want, "%s: %s", rows[i].name, runs_of(&s));
        styled_release(&s);
    }
}

Test(styled, takes_many_runs)
{
    struct styled s = { 0 };

    for (unsigned i = 0; i < 1000; i++)
        styled_add_text(&s, i % 2 ? STYLE_BOLD : STYLE_DIM, "x");
    cr_expect_eq(s.run_count, 1000u);
    cr_expect_eq(s.text.len, 1000u);
    styled_release(&s);
}
