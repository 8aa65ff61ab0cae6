/* The typed text in its row: wide and strange characters, and the sideways scroll. */
#include "tui/promptrow.h"

#include <locale.h>

#include "support/table.h"

#define COLS 10

static const struct {
    const char *name;
    struct span text;
    size_t cursor;
    const char *suggestion;
    const char *want;
    unsigned column;
} rows[] = {
    { "nothing", SPAN_INIT(""), 0, "", "", 0 },
    { "letters", SPAN_INIT("HELO"), 4, "", "HELO", 4 },
    { "the cursor inside", SPAN_INIT("HELO"), 1, "", "HELO", 1 },
    { "wide characters", SPAN_INIT("\xe6\xbc\xa2\xe5\xad\x97"), 3, "", "\xe6\xbc\xa2\xe5\xad\x97",
      2 },
    { "a combining one", SPAN_INIT("e\xcc\x81x"), 4, "", "e\xcc\x81x", 2 },
    { "a control character",
      SPAN_INIT("a\x1b"
                "b"),
      2, "", "a<ESC>b", 6 },
    { "an invalid octet", SPAN_INIT("a\xff"), 2, "", "a<0xFF>", 7 },
    { "a hidden one", SPAN_INIT("\xe2\x80\xae"), 3, "", "<U+202E>", 8 },
    { "a suggestion", SPAN_INIT("HE"), 2, "LO a", "HELO a", 2 },
    { "a suggestion too long is cut", SPAN_INIT("HE"), 2, "LO crepes.fr", "HELO crepe", 2 },
    { "as long as the row, the cursor before the end", SPAN_INIT("0123456789"), 0, "", "0123456789",
      0 },
    { "as long as the row, the cursor after it", SPAN_INIT("0123456789"), 10, "", "3456789", 7 },
    { "longer than the row", SPAN_INIT("0123456789abcdef"), 16, "", "9abcdef", 7 },
    { "half a wide character at the edge",
      SPAN_INIT("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"), 18, "",
      " \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 7 },
};

Test(promptrow, shows_text_and_cursor)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct promptrow p = { rows[i].text, rows[i].cursor, rows[i].suggestion };
        struct grid g;
        struct buf got = { 0 };
        unsigned first = 0, column;

        grid_init(&g, 1, COLS);
        column = promptrow_draw(&p, &g, 0, 0, COLS, &first);
        grid_to_text(&g, &got);
        buf_truncate(&got, got.len - 1);
        cr_expect_str_eq(buf_text(&got), rows[i].want, "%s: got %s", rows[i].name, buf_text(&got));
        cr_expect_eq(column, rows[i].column, "%s: column %u", rows[i].name, column);
        buf_release(&got);
        grid_release(&g);
    }
}

Test(promptrow, keeps_the_cursor_in_the_row_wherever_it_goes)
{
    setlocale(LC_ALL, "C.UTF-8");
    struct span text = SPAN("0123456789\xe6\xbc\xa2"
                            "abcdefghijklm\x01nopqrstuvwxyz");

    for (unsigned cols = 1; cols < 12; cols++) {
        unsigned first = 0;

        for (size_t step = 0; step < 2 * text.len; step++) {
            size_t at = step < text.len ? step : 2 * text.len - step;
            struct promptrow p = { text, at, "" };
            struct grid g;

            if ((text.at[at < text.len ? at : 0] & 0xc0) == 0x80)
                continue;
            grid_init(&g, 1, cols);
            cr_expect_lt(promptrow_draw(&p, &g, 0, 0, cols, &first), cols, "%u at %zu", cols, at);
            grid_release(&g);
        }
    }
}

Test(promptrow, counts_cells)
{
    setlocale(LC_ALL, "C.UTF-8");
    cr_expect_eq(promptrow_cells(SPAN("")), 0);
    cr_expect_eq(promptrow_cells(SPAN("a\xe6\xbc\xa2\t")), 8);
}
