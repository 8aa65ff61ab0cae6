/* Pasted lines, and the short text typed beside the prompt. */
#include "tui/paste.h"

#include "support/table.h"
#include "tui/field.h"

static const struct {
    const char *text;
    unsigned lines;
    const char *want; /* what is held: lines in brackets */
} rows[] = {
    { "", 0, "" },
    { "QUIT", 1, "[QUIT]" },
    { "QUIT\n", 1, "[QUIT]" },
    { "QUIT\r\n", 1, "[QUIT]" },
    { "HELO a\rQUIT\r", 2, "[HELO a][QUIT]" },
    { "HELO a\r\nQUIT", 2, "[HELO a][QUIT]" },
    { "a\n\nb\n", 3, "[a][][b]" },
    { "\r\n", 1, "[]" },
    { "\n\r", 2, "[][]" },
};

Test(paste, is_held_line_by_line)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct paste p = { 0 };
        struct buf got = { 0 };
        struct span line;

        cr_expect_eq(paste_count(span_of(rows[i].text)), rows[i].lines, "row %zu", i);
        paste_hold(&p, span_of(rows[i].text));
        cr_expect_eq(p.lines, rows[i].lines, "row %zu", i);
        while (paste_peek(&p, &line)) {
            buf_printf(&got, "[%.*s]", SPAN_ARG(line));
            paste_pass(&p);
        }
        cr_expect_str_eq(buf_text(&got), rows[i].want, "row %zu", i);
        cr_expect_eq(p.sent, rows[i].lines, "row %zu", i);
        paste_pass(&p);
        cr_expect_eq(p.sent, rows[i].lines, "nothing is left to pass");
        buf_release(&got);
        paste_release(&p);
    }
}

static void type(struct field *f, const char *text)
{
    struct keys keys = { 0 };
    struct key key;

    for (; *text; text++)
        if (keys_take(&keys, (unsigned char)*text, &key))
            field_key(f, &key);
    keys_release(&keys);
}

Test(field, is_edited_at_its_end)
{
    struct field f = { 0 };

    type(&f, "se\xc3\xa9\x7f\x7f"
             "ecret");
    cr_expect_str_eq(buf_text(&f.text), "secret");
    type(&f, "\x15\x7fx");
    cr_expect_str_eq(buf_text(&f.text), "x");
    field_add(&f, SPAN("yz\rmore"));
    cr_expect_str_eq(buf_text(&f.text), "xyz");
    cr_expect_not(field_key(&f, &(struct key){ .code = K_UP }));
    field_release(&f);
}

Test(field, takes_no_more_than_it_holds_and_leaves_nothing_behind)
{
    struct field f = { 0 };
    unsigned char many[FIELD_MAX];

    memset(many, 'p', sizeof many);
    field_add(&f, span_make(many, sizeof many));
    cr_expect_eq(f.text.len, FIELD_MAX);
    type(&f, "q");
    cr_expect_eq(f.text.len, FIELD_MAX);
    field_clear(&f);
    cr_expect_eq(f.text.len, 0);
    cr_expect_null(memchr(f.text.at, 'p', FIELD_MAX));
    field_release(&f);
}
