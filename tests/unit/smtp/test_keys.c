#include "smtp/keys.h"

#include "support/table.h"

Test(keys, are_measured)
{
    static const struct {
        const char *name;
        struct span typed;
        size_t octets;
    } rows[] = {
        { "nothing", SPAN_INIT(""), 0 },
        { "a letter", SPAN_INIT("a"), 0 },
        { "a tab is space", SPAN_INIT("\t"), 0 },
        { "above 127", SPAN_INIT("\xc3\xa9"), 0 },
        { "NUL", SPAN_INIT("\0a"), 1 },
        { "backspace", SPAN_INIT("\x08"), 1 },
        { "delete", SPAN_INIT("\x7f"), 1 },
        { "Ctrl-A", SPAN_INIT("\x01z"), 1 },
        { "Esc alone", SPAN_INIT("\x1b"), 1 },
        { "Esc and a letter", SPAN_INIT("\x1bz"), 1 },
        { "arrow left", SPAN_INIT("\x1b[Dx"), 3 },
        { "arrow in application mode", SPAN_INIT("\x1bOD"), 3 },
        { "Ctrl and arrow", SPAN_INIT("\x1b[1;5D"), 6 },
        { "the Delete key", SPAN_INIT("\x1b[3~x"), 4 },
        { "cut short", SPAN_INIT("\x1b["), 1 },
        { "cut in its parameters", SPAN_INIT("\x1b[1;5"), 1 },
        { "more parameters than a key has", SPAN_INIT("\x1b[123456789D"), 1 },
        { "as many as are looked at", SPAN_INIT("\x1b[12345678D"), 11 },
        { "a control inside", SPAN_INIT("\x1b[1\x01"), 1 },
    };

    for (size_t i = 0; i < ROWS(rows); i++)
        cr_expect_eq(key_octets(rows[i].typed), rows[i].octets, "%s: %zu", rows[i].name,
                     key_octets(rows[i].typed));
}

Test(keys, are_obeyed_as_the_typist_meant)
{
    static const struct {
        struct span typed, meant;
    } rows[] = {
        { SPAN_INIT("HELO"), SPAN_INIT("HELO") },
        { SPAN_INIT("HELP\x08O"), SPAN_INIT("HELO") },
        { SPAN_INIT("HEX\x7fLO"), SPAN_INIT("HELO") },
        { SPAN_INIT("\x08\x08HELO"), SPAN_INIT("HELO") },
        { SPAN_INIT("AB\x08\x08\x08HELO"), SPAN_INIT("HELO") },
        { SPAN_INIT("HE\x1b[DLO"), SPAN_INIT("HELO") },
        { SPAN_INIT("HELO\x01\x02"), SPAN_INIT("HELO") },
        { SPAN_INIT("A\tB"), SPAN_INIT("A\tB") },
        { SPAN_INIT(""), SPAN_INIT("") },
    };
    unsigned char out[16];

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct span got = keys_obey(rows[i].typed, out, sizeof out);

        cr_expect(span_eq(got, rows[i].meant), "row %zu: %.*s", i, SPAN_ARG(got));
    }
}

Test(keys, never_write_past_their_room)
{
    unsigned char out[8];

    memset(out, '#', sizeof out);
    cr_expect(span_eq(keys_obey(SPAN("ABCDEFGH"), out, 4), SPAN("ABCD")));
    cr_expect_eq(out[4], '#');
    cr_expect_eq(keys_obey(SPAN("ABC"), out, 0).len, 0);
}
