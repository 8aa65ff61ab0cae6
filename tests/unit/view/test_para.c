#include "view/para.h"

#include <criterion/criterion.h>
#include <locale.h>

static const struct {
    const char *name;
    unsigned cols;
    const char *first, *text, *want;
} rows[] = {
    { "one line", 40, "  ! ", "be careful", "  ! be careful\n" },
    { "wrapped under itself", 14, "  ! ", "be careful with it", "  ! be careful\n    with it\n" },
    { "no room beside the lead", 10, "  ! ", "be careful", "!\nbe careful\n" },
    { "a blank lead vanishes", 10, "    ", "be careful", "be careful\n" },
    { "one column", 1, "", "abc", "a\nb\nc\n" },
    { "no column counts as one", 0, "", "ab", "a\nb\n" },
    { "endless", PARA_ENDLESS, "", "a b", "a b\n" },
    { "empty", 20, "- ", "", "- \n" },
    { "a wide lead", 12, "日 ", "one two three", "日 one two\n   three\n" },
};

Test(para, wraps_with_its_indent)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct styled s = { 0 };

        para_add(&s, rows[i].cols, STYLE_NOTE, rows[i].first, span_of(rows[i].text));
        cr_expect_str_eq(buf_text(&s.text), rows[i].want, "%s:\n%s", rows[i].name,
                         buf_text(&s.text));
        styled_release(&s);
    }
}

Test(para, leads_every_line)
{
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    para_lead(&s, 14, STYLE_DIM, "├─ ", "│  ", STYLE_PLAIN, SPAN("one two three four"));
    cr_expect_str_eq(buf_text(&s.text), "├─ one two\n│  three four\n");
    styled_release(&s);
}

static const struct {
    const char *name;
    unsigned cols;
    bool ascii;
    struct span octets;
    uint64_t more;
    const char *want;
} quotes[] = {
    { "plain", 20, false, SPAN_INIT("hello"), 0, "│ hello\n" },
    { "ASCII", 20, true, SPAN_INIT("caf\xc3\xa9"), 0, "| caf<U+00E9>\n" },
    { "empty", 20, false, SPAN_INIT(""), 0, "│\n" },
    { "wrapped", 10, false, SPAN_INIT("one two three"), 0, "│ one two\n│ three\n" },
    { "narrow: no bar", 5, false, SPAN_INIT("one two"), 0, "one\ntwo\n" },
    { "attack", 40, false, SPAN_INIT("\033[2J\0\xe2\x80\xae"), 0, "│ <ESC>[2J<NUL><U+202E>\n" },
    { "octets that are not here", 60, true, SPAN_INIT("x"), 5, "| x ... and 5 more octets\n" },
};

Test(para, quotes_a_line_behind_a_bar)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        struct styled s = { 0 };

        para_quote(&s, quotes[i].cols, quotes[i].ascii, STYLE_PLAIN, quotes[i].octets,
                   quotes[i].more);
        cr_expect_str_eq(buf_text(&s.text), quotes[i].want, "%s:\n%s", quotes[i].name,
                         buf_text(&s.text));
        styled_release(&s);
    }
}

Test(para, quotes_the_start_of_a_line_that_is_too_long)
{
    struct styled s = { 0 };
    struct buf line = { 0 };

    buf_add_repeat(&line, 'x', 100000);
    para_quote(&s, PARA_ENDLESS, true, STYLE_PLAIN, buf_span(&line), 900000);
    cr_expect_eq(s.text.len,
                 strlen("| ") + PARA_QUOTE_MAX + strlen(" ... and 999002 more octets\n"));
    cr_expect(span_search(buf_span(&s.text), SPAN(" ... and 999002 more octets\n"), 0, false) !=
              SPAN_NOT_FOUND);
    buf_release(&line);
    styled_release(&s);
}
