#include "view/grid.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "view/signs.h"

#define WIDE    "\xe6\x97\xa5" /* two cells */
#define ACUTE   "\xcc\x81"     /* combining */
#define E_ACUTE "e" ACUTE

static struct grid g;
static struct buf shown;

static void start(unsigned rows, unsigned cols)
{
    setlocale(LC_ALL, "C.UTF-8");
    grid_init(&g, rows, cols);
}

static void end(void)
{
    grid_release(&g);
    buf_release(&shown);
}

static const char *text(void)
{
    buf_clear(&shown);
    grid_to_text(&g, &shown);
    return buf_text(&shown);
}

/* Every wide character has its right half, and nothing else has one. */
static void expect_whole(const char *name)
{
    for (unsigned row = 0; row < g.rows; row++)
        for (unsigned col = 0; col < g.cols; col++) {
            const struct cell *cell = grid_at(&g, row, col);

            if (cell->width == 2)
                cr_expect(col + 1 < g.cols && cell[1].width == 0, "%s: %u", name, col);
            if (cell->width == 0)
                cr_expect(col > 0 && cell[-1].width == 2 && !cell->chars[0], "%s: %u", name, col);
        }
}

static const struct {
    const char *name;
    unsigned col, cols;
    const char *text, *want;
    unsigned used;
} rows[] = {
    { "plain", 0, 6, "abc", "abc", 3 },
    { "further on", 2, 6, "abc", "  abc", 3 },
    { "cut at its columns", 0, 2, "abc", "ab", 2 },
    { "cut at the grid's edge", 4, 6, "abc", "    ab", 2 },
    { "no columns", 0, 0, "abc", "", 0 },
    { "beyond the edge", 6, 6, "abc", "", 0 },
    { "wide", 0, 6, WIDE WIDE, WIDE WIDE, 4 },
    { "wide, cut: a blank", 0, 3, WIDE WIDE, WIDE, 3 },
    { "wide in the last column: a blank", 5, 6, WIDE, "", 1 },
    { "wide in one column, then nothing more", 0, 1, WIDE "a", "", 1 },
    { "combining", 0, 6, E_ACUTE "x", E_ACUTE "x", 2 },
    { "combining on a wide one", 0, 6, WIDE ACUTE "x", WIDE ACUTE "x", 3 },
    { "combining on nothing is dropped", 0, 6, ACUTE "x", "x", 1 },
    { "more than a cell holds is dropped", 0, 6, "e" ACUTE ACUTE ACUTE ACUTE ACUTE "x",
      "e" ACUTE ACUTE ACUTE "x", 2 },
    { "combining at the very edge", 0, 1, E_ACUTE "x", E_ACUTE, 1 },
    { "controls never get through", 0, 6, "\033[2J", "?[2J", 4 },
    { "tab and line feed", 0, 6, "a\tb\n", "a?b?", 4 },
    { "invalid octets", 0, 6, "\xff\xe6\x97", "???", 3 },
};

Test(grid, draws_text_within_its_cells)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf want = { 0 };
        unsigned used;

        start(1, 6);
        used = grid_text(&g, 0, rows[i].col, rows[i].cols, STYLE_PLAIN, span_of(rows[i].text));
        buf_printf(&want, "%s\n", rows[i].want);
        cr_expect_str_eq(text(), buf_text(&want), "%s: %s", rows[i].name, text());
        cr_expect_eq(used, rows[i].used, "%s: %u", rows[i].name, used);
        expect_whole(rows[i].name);
        buf_release(&want);
        end();
    }
}

Test(grid, shows_no_NUL)
{
    start(1, 6);
    cr_expect_eq(grid_text(&g, 0, 0, 6, STYLE_PLAIN, SPAN("a\0b")), 3u);
    cr_expect_str_eq(text(), "a?b\n");
    end();
}

Test(grid, never_leaves_half_of_a_wide_character)
{
    for (unsigned col = 0; col < 6; col++) {
        start(1, 6);
        grid_text(&g, 0, 1, 5, STYLE_DIM, span_of(WIDE WIDE));
        grid_text(&g, 0, col, 6, STYLE_PLAIN, SPAN("x"));
        expect_whole("one over two");
        grid_text(&g, 0, 1, 5, STYLE_DIM, span_of(WIDE WIDE));
        grid_text(&g, 0, col, 6, STYLE_PLAIN, span_of(WIDE));
        expect_whole("two over two");
        grid_text(&g, 0, 1, 5, STYLE_DIM, span_of(WIDE WIDE));
        grid_clear(&g, (struct rect){ 0, col, 1, 1 });
        expect_whole("cleared");
        grid_fill(&g, 0, 0, 6, STYLE_DIM, SIGN_RULE_CODE);
        cr_expect_str_eq(text(), "──────\n");
        end();
    }
}

Test(grid, draws_nothing_outside)
{
    struct styled s = { 0 };

    start(2, 3);
    styled_add_text(&s, STYLE_BOLD, "abc");
    cr_expect_eq(grid_text(&g, 2, 0, 3, STYLE_PLAIN, SPAN("abc")), 0u);
    cr_expect_eq(grid_text(&g, UINT32_MAX, UINT32_MAX, UINT32_MAX, STYLE_PLAIN, SPAN("abc")), 0u);
    cr_expect_eq(grid_styled(&g, 0, 3, 3, &s), 0u);
    grid_fill(&g, 5, 0, 3, STYLE_PLAIN, '-');
    grid_fill(&g, 0, 9, 3, STYLE_PLAIN, '-');
    grid_clear(&g, (struct rect){ 1, 1, 100, UINT32_MAX });
    grid_restyle(&g, (struct rect){ 2, 0, 2, 3 }, STYLE_INVERSE);
    grid_copy_row(&g, 7, 0, 3, &g, 0);
    grid_copy_row(&g, 0, 0, 3, &g, 7);
    cr_expect_str_eq(text(), "\n\n");
    styled_release(&s);
    end();
}

Test(grid, clears_and_restyles_a_part)
{
    start(3, 4);
    for (unsigned row = 0; row < 3; row++)
        grid_text(&g, row, 0, 4, STYLE_CLIENT, SPAN("abcd"));
    grid_clear(&g, (struct rect){ 1, 1, 5, 2 });
    cr_expect_str_eq(text(), "abcd\na  d\na  d\n");
    cr_expect_eq(grid_at(&g, 1, 1)->style, STYLE_PLAIN);
    grid_restyle(&g, (struct rect){ 0, 2, 1, 9 }, STYLE_INVERSE);
    cr_expect_eq(grid_at(&g, 0, 1)->style, STYLE_CLIENT);
    cr_expect_eq(grid_at(&g, 0, 2)->style, STYLE_INVERSE);
    cr_expect_eq(grid_at(&g, 0, 3)->style, STYLE_INVERSE);
    end();
}

Test(grid, draws_styled_text_and_slices_of_it)
{
    struct styled s = { 0 };

    start(1, 10);
    styled_add_text(&s, STYLE_SERVER, "S: ");
    styled_add_text(&s, STYLE_YES, "250");
    styled_add_text(&s, STYLE_PLAIN, " ok\n");
    cr_expect_eq(grid_styled(&g, 0, 0, 10, &s), 9u);
    cr_expect_str_eq(text(), "S: 250 ok\n");
    cr_expect_eq(grid_at(&g, 0, 2)->style, STYLE_SERVER);
    cr_expect_eq(grid_at(&g, 0, 3)->style, STYLE_YES);
    cr_expect_eq(grid_at(&g, 0, 6)->style, STYLE_PLAIN);
    grid_clear(&g, (struct rect){ 0, 0, 1, 10 });
    cr_expect_eq(grid_slice(&g, 0, 1, 10, &s, 2, 3), 3u);
    cr_expect_str_eq(text(), "  25\n");
    cr_expect_eq(grid_at(&g, 0, 2)->style, STYLE_YES);
    cr_expect_eq(grid_slice(&g, 0, 0, 10, &s, 100, 3), 0u);
    cr_expect_eq(grid_slice(&g, 0, 0, 2, &s, 3, 100), 2u);
    cr_expect_str_eq(text(), "2525\n");
    styled_release(&s);
    end();
}

Test(grid, copies_rows_without_cutting_a_wide_character)
{
    struct grid from;

    start(1, 6);
    grid_init(&from, 2, 4);
    grid_text(&from, 1, 0, 4, STYLE_NOTE, span_of("a" WIDE "b"));
    grid_copy_row(&g, 0, 1, 4, &from, 1);
    cr_expect_str_eq(text(), " a" WIDE "b\n");
    grid_copy_row(&g, 0, 0, 2, &from, 1);
    expect_whole("cut copy");
    cr_expect_str_eq(text(), "a " WIDE "b\n");
    grid_copy_row(&g, 0, 2, 1, &from, 1);
    expect_whole("over the left half");
    cr_expect_str_eq(text(), "a a b\n");
    grid_copy_row(&g, 0, 0, 6, &from, 0);
    cr_expect_str_eq(text(), "    b\n", "no more than the other grid has");
    grid_resize(&from, 1, 0);
    grid_copy_row(&g, 0, 0, 6, &from, 0);
    cr_expect_str_eq(text(), "    b\n");
    grid_release(&from);
    end();
}

Test(grid, grows_and_changes_its_size)
{
    start(1, 3);
    grid_text(&g, 0, 0, 3, STYLE_BOLD, SPAN("abc"));
    grid_add_rows(&g, 2);
    cr_expect_str_eq(text(), "abc\n\n\n");
    grid_text(&g, 2, 1, 2, STYLE_BOLD, SPAN("z"));
    cr_expect_str_eq(text(), "abc\n\n z\n");
    grid_resize(&g, 3, 3);
    cr_expect_str_eq(text(), "\n\n\n", "the same size: only blank again");
    grid_resize(&g, 1, 5);
    grid_text(&g, 0, 0, 5, STYLE_BOLD, SPAN("abcdef"));
    cr_expect_str_eq(text(), "abcde\n");
    grid_resize(&g, 0, 0);
    grid_text(&g, 0, 0, 5, STYLE_BOLD, SPAN("abcdef"));
    grid_add_rows(&g, 0);
    cr_expect_str_eq(text(), "");
    end();
}

Test(grid, becomes_ascii)
{
    start(1, 12);
    grid_text(&g, 0, 0, 12, STYLE_PLAIN, span_of("a│▸" WIDE E_ACUTE "\xc3\xa9✗"));
    grid_to_ascii(&g);
    cr_expect_str_eq(text(), "a|>??e?x\n", "%s", text());
    for (unsigned col = 0; col < g.cols; col++) {
        const struct cell *cell = grid_at(&g, 0, col);

        cr_expect(cell->width == 1 && cell->chars[0] < 0x80 && !cell->chars[1], "%u", col);
    }
    end();
}

Test(grid, text_keeps_blanks_inside_and_drops_those_at_the_end)
{
    start(1, 8);
    grid_text(&g, 0, 2, 6, STYLE_PLAIN, SPAN("a b   "));
    cr_expect_str_eq(text(), "  a b\n");
    end();
}
