#include "smtp/mistake.h"

#include "smtp/reply.h"
#include "support/prose.h"
#include "support/table.h"

Test(mistake, rows_hold_together)
{
    for (int m = 0; m < MISTAKE_COUNT; m++) {
        const struct mistake_row *row = &mistake_rows[m];
        struct enhanced_code code;
        size_t octets = enhanced_code_parse(span_of(row->enhanced), &code);

        EXPECT_LABEL(row->name, 40, row->name);
        EXPECT_LABEL(row->source, 40, row->name);
        cr_expect(row->severity == HARMLESS || row->severity == RISKY || row->severity == WRONG);
        cr_expect(row->code == 0 || (row->code >= 500 && row->code < 560), "%s", row->name);
        cr_expect_eq(row->code > 0, row->enhanced[0] != '\0', "%s", row->name);
        cr_expect_eq(octets, strlen(row->enhanced), "%s", row->name);
        cr_expect(!octets || code.class == row->code / 100, "%s", row->name);
        cr_expect(row->severity != WRONG || row->code, "%s: wrong, and no reply", row->name);
        cr_expect(row->severity != HARMLESS || !row->code, "%s: harmless, and refused", row->name);
        for (int k = 0; k < m; k++)
            cr_expect_str_neq(row->name, mistake_rows[k].name);
    }
}

Test(mistake, list_keeps_the_first_ones_in_order)
{
    struct mistakes found = { 0 };

    for (unsigned i = 0; i < MISTAKES_MAX + 3; i++)
        mistakes_add(&found, (enum mistake)(MISTAKE_NO_PATH + i), i + 1, 2);
    cr_expect_eq(found.count, MISTAKES_MAX);
    for (unsigned i = 0; i < MISTAKES_MAX; i++) {
        cr_expect_eq(found.at[i].mistake, (enum mistake)(MISTAKE_NO_PATH + i));
        cr_expect_eq(found.at[i].column, i + 1);
        cr_expect_eq(found.at[i].len, 2);
        cr_expect(mistakes_have(&found, (enum mistake)(MISTAKE_NO_PATH + i)));
    }
    cr_expect_not(mistakes_have(&found, (enum mistake)(MISTAKE_NO_PATH + MISTAKES_MAX)));
}

Test(mistake, full_list_gives_the_mildest_up_for_a_graver_one)
{
    struct mistakes found = { 0 };

    mistakes_add(&found, MISTAKE_EXTRA_SPACE, 1, 1);
    mistakes_add(&found, MISTAKE_HELO_UNQUALIFIED, 2, 1);
    mistakes_add(&found, MISTAKE_EXTRA_SPACE, 3, 1);
    while (found.count < MISTAKES_MAX)
        mistakes_add(&found, MISTAKE_HELO_UNQUALIFIED, found.count + 1, 1);
    mistakes_add(&found, MISTAKE_TRAILING_SPACE, 20, 1);
    cr_expect_not(mistakes_have(&found, MISTAKE_TRAILING_SPACE), "no graver than what is there");
    mistakes_add(&found, MISTAKE_EIGHT_BIT, 21, 1);
    cr_expect_eq(found.count, MISTAKES_MAX);
    cr_expect_eq(found.at[0].column, 1);
    cr_expect_eq(found.at[2].column, 4, "the last harmless one went");
    cr_expect_eq(found.at[MISTAKES_MAX - 1].mistake, MISTAKE_EIGHT_BIT);
    mistakes_add(&found, MISTAKE_AUTH_WITHOUT_TLS, 22, 1);
    cr_expect_eq(found.at[0].column, 2, "then the first harmless one");
    mistakes_add(&found, MISTAKE_NO_COLON, 23, 1);
    cr_expect_not(mistakes_have(&found, MISTAKE_AUTH_WITHOUT_TLS), "then the last risky one");
    for (unsigned i = 0; i < MISTAKES_MAX; i++)
        mistakes_add(&found, MISTAKE_NO_TO, 30 + i, 1);
    cr_expect_eq(found.at[0].mistake, MISTAKE_EIGHT_BIT);
    cr_expect_eq(found.at[1].mistake, MISTAKE_NO_COLON);
    cr_expect_eq(found.at[MISTAKES_MAX - 1].column, 30 + MISTAKES_MAX - 3);
}

Test(mistake, worst_is_the_first_of_the_gravest)
{
    struct mistakes found = { 0 };

    cr_expect_null(mistakes_worst(&found, HARMLESS));
    mistakes_add(&found, MISTAKE_EXTRA_SPACE, 6, 1);
    cr_expect_eq(mistakes_worst(&found, HARMLESS), &found.at[0]);
    cr_expect_null(mistakes_worst(&found, RISKY));
    mistakes_add(&found, MISTAKE_HELO_UNQUALIFIED, 7, 1);
    cr_expect_eq(mistakes_worst(&found, HARMLESS), &found.at[1]);
    cr_expect_null(mistakes_worst(&found, WRONG));
    mistakes_add(&found, MISTAKE_NO_COLON, 8, 0);
    mistakes_add(&found, MISTAKE_NO_BRACKETS, 9, 3);
    mistakes_add(&found, MISTAKE_TRAILING_SPACE, 20, 1);
    cr_expect_eq(mistakes_worst(&found, HARMLESS), &found.at[2]);
    cr_expect_eq(mistakes_worst(&found, WRONG), &found.at[2]);
}
