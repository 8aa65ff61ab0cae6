#include "view/ansi.h"

#include <criterion/criterion.h>
#include <locale.h>

static void sample(struct styled *s)
{
    styled_add_text(s, STYLE_SERVER, "S: ");
    styled_add_text(s, STYLE_YES, "250");
    styled_add_text(s, STYLE_PLAIN, " caf\xc3\xa9\n");
    styled_add_text(s, STYLE_FAULT, "\xe2\x9c\x97 one\n\ntwo");
}

static const struct {
    const char *name;
    unsigned flags;
    const char *want;
} rows[] = {
    { "as it is", 0, "S: 250 caf\xc3\xa9\n\xe2\x9c\x97 one\n\ntwo" },
    { "in ASCII", ANSI_ASCII, "S: 250 caf<U+00E9>\nx one\n\ntwo" },
    { "in colour, no style over a line end", ANSI_COLOUR,
      "\033[35mS: \033[0m\033[32m250\033[0m caf\xc3\xa9\n"
      "\033[1;31m\xe2\x9c\x97 one\033[0m\n\n\033[1;31mtwo\033[0m" },
    { "both", ANSI_COLOUR | ANSI_ASCII,
      "\033[35mS: \033[0m\033[32m250\033[0m caf<U+00E9>\n"
      "\033[1;31mx one\033[0m\n\n\033[1;31mtwo\033[0m" },
};

Test(ansi, writes_styles_as_asked)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct styled s = { 0 };
        struct buf out = { 0 };

        sample(&s);
        ansi_write(&s, rows[i].flags, &out);
        cr_expect_str_eq(buf_text(&out), rows[i].want, "%s: %s", rows[i].name, buf_text(&out));
        buf_release(&out);
        styled_release(&s);
    }
}

Test(ansi, appends)
{
    struct styled s = { 0 };
    struct buf out = { 0 };

    buf_add_text(&out, "before ");
    ansi_write(&s, ANSI_COLOUR, &out);
    cr_expect_str_eq(buf_text(&out), "before ", "empty text writes nothing");
    styled_add_text(&s, STYLE_PLAIN, "after");
    ansi_write(&s, ANSI_COLOUR, &out);
    cr_expect_str_eq(buf_text(&out), "before after");
    buf_release(&out);
    styled_release(&s);
}

Test(ansi, shows_invalid_octets_in_ascii)
{
    struct styled s = { 0 };
    struct buf out = { 0 };

    styled_add(&s, STYLE_PLAIN, SPAN("a\xff\xe2\x9c"));
    ansi_write(&s, ANSI_ASCII, &out);
    cr_expect_str_eq(buf_text(&out), "a<0xFF><0xE2><0x9C>");
    buf_release(&out);
    styled_release(&s);
}

Test(ansi, every_style_has_a_name_and_only_plain_has_no_colour)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        cr_expect_neq(style_name((enum style)i)[0], '\0', "style %d", i);
        cr_expect_eq(ansi_sgr((enum style)i)[0] == '\0', i == STYLE_PLAIN, "style %d", i);
        for (int other = 0; other < i; other++)
            cr_expect_str_neq(style_name((enum style)i), style_name((enum style)other));
    }
    cr_expect_str_eq(style_name(STYLE_FAULT), "FAULT");
    cr_expect_str_eq(style_name(STYLE_COUNT), "");
    cr_expect_str_eq(ansi_sgr(STYLE_COUNT), "");
}
