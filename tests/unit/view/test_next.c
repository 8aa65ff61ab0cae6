#include "view/next.h"

#include <criterion/criterion.h>

static void expect_next(const struct next_item *items, unsigned count, bool letter, unsigned rows,
                        unsigned cols, const char *want)
{
    struct grid g;
    struct buf got = { 0 };

    grid_init(&g, rows, cols);
    next_draw(items, count, letter, true, &g, (struct rect){ 0, 0, rows, cols });
    grid_to_text(&g, &got);
    cr_expect_str_eq(buf_text(&got), want, "%u items, %ux%u:\n%s", count, rows, cols,
                     buf_text(&got));
    buf_release(&got);
    grid_release(&g);
}

static const struct next_item four[] = {
    { "DATA", "write the letter" },
    { "RCPT TO:<...>", "one more" },
    { "RSET", "drop it" },
    { "QUIT", "" },
};

Test(next, aligns_the_hints_of_a_column)
{
    expect_next(four, 2, false, 2, 60,
                " next   DATA            write the letter\n"
                "        RCPT TO:<...>   one more\n");
}

Test(next, puts_more_items_into_more_columns)
{
    expect_next(four, 4, false, 2, 80,
                " next   DATA            write the letter      RSET   drop it\n"
                "        RCPT TO:<...>   one more              QUIT\n");
    expect_next(four, 4, false, 1, 100,
                " next   DATA   write the letter      RCPT TO:<...>   one more      RSET   drop it"
                "      QUIT\n");
}

Test(next, leaves_out_what_does_not_fit)
{
    expect_next(four, 4, false, 1, 62,
                " next   DATA   write the letter      RCPT TO:<...>   one more\n");
    expect_next(four, 4, false, 1, 61, " next   DATA   write the letter\n");
    expect_next(four, 4, false, 1, 28, " next   DATA   write the ...\n");
    expect_next(four, 4, false, 1, 13, " next   DATA\n");
    expect_next(four, 4, false, 1, 8, " next\n");
    expect_next(four, 4, false, 1, 3, " ne\n");
    expect_next(four, 4, false, 1, 1, "\n");
}

Test(next, says_how_a_letter_ends)
{
    expect_next(four, 4, true, 1, 80,
                " next   .  alone ends the letter; anything else is its next line\n");
    expect_next(NULL, 0, true, 2, 80,
                " next   .  alone ends the letter; anything else is its next line\n\n");
}

Test(next, says_now_while_the_screen_shows_the_past)
{
    struct grid g;
    struct buf got = { 0 };

    grid_init(&g, 1, 40);
    next_draw(four, 1, false, false, &g, (struct rect){ 0, 0, 1, 40 });
    grid_to_text(&g, &got);
    cr_expect_str_eq(buf_text(&got), " now    DATA   write the letter\n");
    buf_release(&got);
    grid_release(&g);
}

Test(next, draws_nothing_for_nothing)
{
    expect_next(NULL, 0, false, 2, 20, "\n\n");
    expect_next(four, 4, false, 0, 20, "");
}
