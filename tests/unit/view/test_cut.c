#include "view/cut.h"

#include <criterion/criterion.h>
#include <locale.h>

static void expect_groups(const char *text, unsigned cols, const char *want)
{
    struct span got = cut_groups(span_of(text), cols);

    cr_expect(span_eq(got, span_of(want)), "%u: |%.*s|", cols, SPAN_ARG(got));
}

Test(cut, keeps_whole_groups)
{
    expect_groups("one  two three   four", 80, "one  two three   four");
    expect_groups("one  two three   four", 20, "one  two three");
    expect_groups("one  two three   four", 14, "one  two three");
    expect_groups("one  two three   four", 13, "one");
    expect_groups("one  two three   four", 2, "one");
    expect_groups("one two", 3, "one two");
    expect_groups("", 0, "");
}

static void expect_text(const char *text, unsigned cols, const char *want)
{
    struct grid g;
    struct buf got = { 0 };

    grid_init(&g, 1, 30);
    cut_text(&g, 0, 0, cols, STYLE_PLAIN, span_of(text));
    grid_to_text(&g, &got);
    cr_expect_str_eq(buf_text(&got), want);
    buf_release(&got);
    grid_release(&g);
}

Test(cut, says_with_dots_that_there_was_more)
{
    setlocale(LC_ALL, "C.UTF-8");
    expect_text("one two three", 13, "one two three\n");
    expect_text("one two three", 12, "one two t...\n");
    expect_text("one two three", 7, "one two\n");
    expect_text("\344\275\240\345\245\275\344\275\240\345\245\275\344\275\240", 9,
                "\344\275\240\345\245\275\344\275\240...\n");
    expect_text("\344\275\240\345\245\275\344\275\240\345\245\275\344\275\240", 8,
                "\344\275\240\345\245\275 ...\n");
}
