#include "registry/codes.h"

#include "support/prose.h"
#include "support/table.h"

/* Every code of RFC 5321 4.2.3 and of the extensions, and those that are only seen: numbers. */
static const struct {
    unsigned code;
    const char *given_to, *source;
} facts[] = {
    { 211, "HELP", "RFC 5321 4.2.3" },
    { 214, "HELP", "RFC 5321 4.2.3" },
    { 220, "CONNECT STARTTLS XCLIENT", "RFC 5321 4.2.3, RFC 3207 4" },
    { 221, "QUIT", "RFC 5321 4.2.3" },
    { 235, "AUTH", "RFC 4954 6" },
    { 250, "EHLO HELO LHLO MAIL RCPT . BDAT BURL RSET VRFY EXPN NOOP ETRN ATRN XFORWARD",
      "RFC 5321 4.2.3" },
    { 251, "RCPT VRFY ETRN", "RFC 5321 3.4, RFC 1985 5.1" },
    { 252, "VRFY EXPN ETRN", "RFC 5321 3.5.3, RFC 1985 5.1" },
    { 253, "ETRN", "RFC 1985 5.1" },
    { 334, "AUTH", "RFC 4954 4" },
    { 353, ".", "draft-hall-prdr, Exim" },
    { 354, "DATA", "RFC 5321 4.2.3" },
    { 421, "CONNECT any", "RFC 5321 4.2.3, 3.8" },
    { 422, "AUTH", "IANA X.7.12" },
    { 424, "RCPT", "OpenSMTPD" },
    { 426, ".", "seen in reports" },
    { 430, "any", "IANA X.5.1" },
    { 432, "AUTH", "RFC 4954 6" },
    { 435, "AUTH", "Exim" },
    { 442, "", "seen in reports" },
    { 450, "MAIL RCPT . ATRN", "RFC 5321 4.2.3, RFC 2645 7" },
    { 451, "MAIL RCPT . BDAT BURL ATRN", "RFC 5321 4.2.3, RFC 2645 7" },
    { 452, "MAIL RCPT . BDAT", "RFC 5321 4.2.3, 4.5.3.1.10" },
    { 453, "ATRN", "RFC 2645 7" },
    { 454, "AUTH STARTTLS", "RFC 4954 6, RFC 3207 4" },
    { 455, "MAIL RCPT", "RFC 5321 4.2.3, 4.1.1.11" },
    { 458, "ETRN", "RFC 1985 5.1" },
    { 459, "ETRN", "RFC 1985 5.1" },
    { 471, "", "seen in help pages" },
    { 500, "any", "RFC 5321 4.2.3" },
    { 501, "any", "RFC 5321 4.2.3" },
    { 502, "any", "RFC 5321 4.2.3, 4.2.4" },
    { 503, "any", "RFC 5321 4.2.3, 4.1.4" },
    { 504, "any", "RFC 5321 4.2.3, RFC 4954 4" },
    { 510, "", "seen in help pages" },
    { 521, "CONNECT", "RFC 7504 3" },
    { 522, "RCPT .", "seen in reports" },
    { 523, "AUTH MAIL", "RFC 5248 2.4" },
    { 524, "AUTH", "IANA X.7.11" },
    { 525, "AUTH", "RFC 5248 2.4" },
    { 530, "any", "RFC 4954 6, RFC 3207 4" },
    { 533, "any", "IANA X.7.1" },
    { 534, "AUTH", "RFC 4954 6" },
    { 535, "AUTH", "RFC 4954 6" },
    { 538, "AUTH", "RFC 4954 6" },
    { 541, "RCPT", "seen on the wire" },
    { 542, "RCPT", "seen on the wire" },
    { 550, "EHLO HELO MAIL RCPT . VRFY EXPN XCLIENT XFORWARD", "RFC 5321 4.2.3" },
    { 551, "RCPT VRFY", "RFC 5321 3.4" },
    { 552, "MAIL RCPT . BDAT BURL", "RFC 5321 4.2.3, 4.5.3.1.10" },
    { 553, "MAIL RCPT VRFY", "RFC 5321 4.2.3" },
    { 554, "CONNECT MAIL RCPT DATA . BDAT BURL STARTTLS", "RFC 5321 4.2.3, 3.1" },
    { 555, "MAIL RCPT", "RFC 5321 4.2.3, 4.1.1.11" },
    { 556, "RCPT", "RFC 7504 4, RFC 7505 4.1" },
    { 571, "CONNECT RCPT .", "seen in reports" },
};

Test(codes, are_all_there_with_who_gives_them)
{
    cr_expect_eq(code_row_count, ROWS(facts));
    for (size_t i = 0; i < ROWS(facts); i++) {
        const struct code_row *row = code_row(facts[i].code);

        cr_assert_not_null(row, "%u", facts[i].code);
        cr_expect_eq(row->code, facts[i].code);
        cr_expect_str_eq(row->given_to, facts[i].given_to, "%u", row->code);
        cr_expect_str_eq(row->source, facts[i].source, "%u", row->code);
    }
}

/* RFC 5321 4.3.2 and the extensions: what a command may get. */
static const struct {
    const char *given_to;
    unsigned codes[14];
} sequences[] = {
    { "CONNECT", { 220, 421, 521, 554 } },
    { "EHLO", { 250, 550 } },
    { "HELO", { 250, 550 } },
    { "LHLO", { 250 } },
    { "MAIL", { 250, 450, 451, 452, 455, 550, 552, 553, 555 } },
    { "RCPT", { 250, 251, 450, 451, 452, 455, 550, 551, 552, 553, 555, 556 } },
    { "DATA", { 354, 554 } },
    { ".", { 250, 450, 451, 452, 550, 552, 554 } },
    { "BDAT", { 250, 451, 452, 552, 554 } },
    { "BURL", { 250, 451, 552, 554 } },
    { "RSET", { 250 } },
    { "VRFY", { 250, 251, 252, 550, 551, 553 } },
    { "EXPN", { 250, 252, 550 } },
    { "HELP", { 211, 214 } },
    { "NOOP", { 250 } },
    { "QUIT", { 221 } },
    { "STARTTLS", { 220, 454, 554 } },
    { "AUTH", { 235, 334, 432, 454, 534, 535, 538 } },
    { "ETRN", { 250, 251, 252, 253, 458, 459 } },
    { "ATRN", { 250, 450, 451, 453 } },
    { "XCLIENT", { 220, 550 } },
    { "XFORWARD", { 250, 550 } },
    { "any", { 421, 500, 501, 502, 503, 504, 530 } },
};

static bool is_given_to(unsigned code, const char *to)
{
    struct span rest = span_of(code_row(code)->given_to);

    while (rest.len)
        if (span_eq(span_cut(rest, ' ', &rest), span_of(to)))
            return true;
    return false;
}

Test(codes, answer_the_commands_that_the_standards_name)
{
    for (size_t i = 0; i < ROWS(sequences); i++)
        for (size_t k = 0; sequences[i].codes[k]; k++)
            cr_expect(is_given_to(sequences[i].codes[k], sequences[i].given_to), "%u to %s",
                      sequences[i].codes[k], sequences[i].given_to);
}

Test(codes, have_words_fit_to_be_shown)
{
    for (size_t i = 0; i < code_row_count; i++) {
        const struct code_row *row = &code_rows[i];
        const char name[] = { (char)('0' + row->code / 100), (char)('0' + row->code / 10 % 10),
                              (char)('0' + row->code % 10), '\0' };

        EXPECT_LABEL(row->name, 40, name);
        EXPECT_SENTENCE(row->meaning, 200, name);
        EXPECT_SENTENCE(row->admin, 100, name);
        EXPECT_SENTENCE(row->advice, 100, name);
        cr_expect_lt(strlen(row->admin), strlen(row->meaning), "%s: the admin's is no shorter",
                     name);
        EXPECT_LABEL(row->source, 40, name);
    }
}

Test(codes, are_found_and_their_neighbours_are_not)
{
    size_t found = 0;

    for (unsigned code = 0; code < 1200; code++) {
        const struct code_row *row = code_row(code);

        if (!row)
            continue;
        cr_expect_eq(row, &code_rows[found], "%u stands out of order", code);
        cr_expect_eq(row->code, code);
        found++;
    }
    cr_expect_eq(found, code_row_count);
    cr_expect_null(code_row(UINT32_MAX));
}

Test(codes, have_digits_that_mean_something)
{
    static const struct {
        unsigned position;
        const char *digits;
    } rows[] = { { 0, "" }, { 1, "12345" }, { 2, "012345" }, { 3, "" } };

    for (size_t i = 0; i < ROWS(rows); i++)
        for (int digit = 0; digit < 128; digit++) {
            const struct digit_row *row = digit_row(rows[i].position, (char)digit);

            cr_expect_eq(row != NULL, digit && strchr(rows[i].digits, digit), "%u: %d",
                         rows[i].position, digit);
            if (!row)
                continue;
            cr_expect_eq(row->position, rows[i].position);
            cr_expect_eq(row->digit, (char)digit);
            EXPECT_LABEL(row->name, 20, row->name);
            EXPECT_SENTENCE(row->meaning, 120, row->name);
            EXPECT_SENTENCE(row->advice, 60, row->name);
            EXPECT_LABEL(row->source, 40, row->name);
        }
}

Test(codes, all_have_digits_that_are_known)
{
    for (size_t i = 0; i < code_row_count; i++) {
        unsigned code = code_rows[i].code;

        cr_expect_not_null(digit_row(1, (char)('0' + code / 100)), "%u", code);
        /* 7 is no digit of any standard: 471 and 571 are only seen */
        cr_expect_eq(digit_row(2, (char)('0' + code / 10 % 10)) == NULL, code / 10 % 10 == 7, "%u",
                     code);
    }
}
