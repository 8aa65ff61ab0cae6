#include "view/wrap.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "base/buf.h"
#include "base/utf8.h"

static const struct {
    const char *name;
    unsigned cols;
    const char *text, *want; /* rows ended by "/" */
} rows[] = {
    { "fits", 10, "one two", "one two/" },
    { "exactly", 7, "one two", "one two/" },
    { "at a space", 6, "one two", "one/two/" },
    { "space at the edge", 3, "one two", "one/two/" },
    { "inside a word", 4, "abcdefghij", "abcd/efgh/ij/" },
    { "long word after a short one", 4, "a bcdefgh", "a/bcde/fgh/" },
    { "spaces at a break belong to no row", 4, "one    two", "one/two/" },
    { "other spaces stay", 10, "  one  two", "  one  two/" },
    { "spaces before the first word", 4, "   abcdef", "   a/bcde/f/" },
    { "spaces at the end", 3, "one   ", "one/" },
    { "only spaces", 2, "     ", "/" },
    { "line feeds", 10, "a\n\nb\n", "a//b//" },
    { "a line feed behind a break", 3, "one \ntwo", "one/two/" },
    { "a line feed after a full row", 3, "one\ntwo", "one/two/" },
    { "empty", 10, "", "/" },
    { "one column", 1, "ab c", "a/b/c/" },
    { "no column counts as one", 0, "ab", "a/b/" },
    { "wide characters", 4, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
      "\xe6\x97\xa5\xe6\x9c\xac/\xe8\xaa\x9e/" },
    { "a wide one is not cut", 3, "\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5/\xe6\x9c\xac/" },
    { "wider than the row stands alone", 1, "a\xe6\x97\xa5z", "a/\xe6\x97\xa5/z/" },
    { "combining marks cost nothing", 2,
      "e\xcc\x81"
      "e\xcc\x81"
      "e",
      "e\xcc\x81"
      "e\xcc\x81/e/" },
    { "invalid octets count one cell each", 2, "\xff\xfe\xfd", "\xff\xfe/\xfd/" },
    { "controls count one cell", 2, "\001\002\003", "\001\002/\003/" },
};

struct collector {
    struct span text;
    struct buf out;
};

static void collect(void *ctx, size_t from, size_t len)
{
    struct collector *c = ctx;

    buf_add(&c->out, span_first(span_from(c->text, from), len));
    buf_add_text(&c->out, "/");
}

Test(wrap, breaks_where_it_should)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct collector c = { .text = span_of(rows[i].text) };
        unsigned count = wrap_text(c.text, rows[i].cols, collect, &c), want = 0;

        for (const char *p = rows[i].want; *p; p++)
            want += *p == '/';
        cr_expect_str_eq(buf_text(&c.out), rows[i].want, "%s: %s", rows[i].name, buf_text(&c.out));
        cr_expect_eq(count, want, "%s: %u rows", rows[i].name, count);
        cr_expect_eq(wrap_text(c.text, rows[i].cols, NULL, NULL), want, "%s", rows[i].name);
        buf_release(&c.out);
    }
}

/* At every width no row is too wide, rows stand in order, and only spaces and line feeds are lost.
 */
Test(wrap, loses_nothing_at_any_width)
{
    static const char text[] = "The server takes  this\n recipient:\n\n\xe6\x97\xa5\xe6\x9c\xac "
                               "e\xcc\x81t\xc3\xa9 aVeryLongWordThatIsCutSomewhere. ";
    struct span all = span_of(text);

    setlocale(LC_ALL, "C.UTF-8");
    for (unsigned cols = 2; cols < 90; cols++) {
        struct wrap_row row;
        size_t at = 0, end = 0;

        while (wrap_next(all, cols, &at, &row)) {
            cr_expect(utf8_cells(span_first(span_from(all, row.from), row.len)) <= cols);
            cr_assert_geq(row.from, end);
            for (; end < row.from; end++)
                cr_expect(text[end] == ' ' || text[end] == '\n', "cols %u, octet %zu", cols, end);
            end = row.from + row.len;
        }
        for (; end < all.len; end++)
            cr_expect(text[end] == ' ' || text[end] == '\n', "cols %u, octet %zu", cols, end);
        cr_expect_not(wrap_next(all, cols, &at, &row), "it stays at its end");
    }
}
