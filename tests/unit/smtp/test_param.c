#include "smtp/param.h"

#include "support/parsed.h"
#include "support/table.h"

#define T(text) SPAN_INIT(text)

/* Parameters with single spaces between them, the first in column 1; how many are kept; mistakes.
 */
static const struct row {
    struct span words;
    bool utf8;
    unsigned kept;
    const char *found;
} rows[] = {
    { T("X"), false, 1, "" },
    { T("X=1"), false, 1, "" },
    { T("X-Y9=!~"), false, 1, "" },
    { T("9=1"), false, 1, "" },
    { T("A-"), false, 1, "" },
    { T("="), false, 0, "BAD_PARAMETER 1+1" },
    { T("=1"), false, 0, "BAD_PARAMETER 1+1" },
    { T("-A=1"), false, 0, "BAD_PARAMETER 1+1" },
    { T("A_B=1"), false, 0, "BAD_PARAMETER 2+1" },
    { T("caf\xc3\xa9=1"), true, 0, "BAD_PARAMETER 4+1" },
    { T("X="), false, 1, "BAD_PARAMETER 3+0" },
    { T("X=a=b"), false, 1, "BAD_PARAMETER 4+1" },
    { T("X=a\x7f"), false, 1, "BAD_PARAMETER 4+1" },
    { T("X=caf\xc3\xa9"), false, 1, "BAD_PARAMETER 6+1" },
    { T("X=caf\xc3\xa9"), true, 1, "" },
    { T("X=caf\xe9"), true, 1, "BAD_PARAMETER 6+1" },
    { T("SIZE=0"), false, 1, "" },
    { T("size=12345678901234567890"), false, 1, "" },
    { T("SIZE=123456789012345678901"), false, 1, "BAD_PARAMETER 6+21" },
    { T("SIZE=1k"), false, 1, "BAD_PARAMETER 6+2" },
    { T("SIZE=-1"), false, 1, "BAD_PARAMETER 6+2" },
    { T("SIZE"), false, 1, "BAD_PARAMETER 1+4" },
    { T("BODY=7BIT"), false, 1, "" },
    { T("BODY=8BITMIME"), false, 1, "" },
    { T("BODY=binarymime"), false, 1, "" },
    { T("BODY=8BIT"), false, 1, "BAD_PARAMETER 6+4" },
    { T("BODY"), false, 1, "BAD_PARAMETER 1+4" },
    { T("SMTPUTF8"), false, 1, "" },
    { T("SMTPUTF8=1"), false, 1, "BAD_PARAMETER 10+1" },
    { T("REQUIRETLS"), false, 1, "" },
    { T("REQUIRETLS=yes"), false, 1, "BAD_PARAMETER 12+3" },
    { T("CONPERM CONNEG"), false, 2, "" },
    { T("CONPERM=1 CONNEG=1"), false, 2, "BAD_PARAMETER 9+1, BAD_PARAMETER 18+1" },
    { T("RET=FULL"), false, 1, "" },
    { T("RET=hdrs"), false, 1, "" },
    { T("RET=ALL"), false, 1, "BAD_PARAMETER 5+3" },
    { T("ENVID=QQ314159"), false, 1, "" },
    { T("ENVID=a+2Bb"), false, 1, "" },
    { T("ENVID=a+2bb"), false, 1, "BAD_XTEXT 8+1" },
    { T("ENVID=a+0D+0AX:+20y"), false, 1, "BAD_XTEXT 8+1" },
    { T("ENVID=a+20b"), false, 1, "" },
    { T("ORCPT=rfc822;a+7Fb"), false, 1, "BAD_XTEXT 15+1" },
    { T("ENVID"), false, 1, "BAD_PARAMETER 1+5" },
    { T("NOTIFY=NEVER"), false, 1, "" },
    { T("NOTIFY=success,Failure,DELAY"), false, 1, "" },
    { T("NOTIFY=NEVER,DELAY"), false, 1, "BAD_PARAMETER 8+11" },
    { T("NOTIFY=DELAY,"), false, 1, "BAD_PARAMETER 8+6" },
    { T("NOTIFY=,DELAY"), false, 1, "BAD_PARAMETER 8+6" },
    { T("NOTIFY=OFTEN"), false, 1, "BAD_PARAMETER 8+5" },
    { T("NOTIFY"), false, 1, "BAD_PARAMETER 1+6" },
    { T("ORCPT=rfc822;bob@x.y"), false, 1, "" },
    { T("ORCPT=rfc822;bob+2Btag@x.y"), false, 1, "" },
    { T("ORCPT=rfc822;bob+tag@x.y"), false, 1, "BAD_XTEXT 17+1" },
    { T("ORCPT=utf-8;caf\xc3\xa9@x.y"), true, 1, "" },
    { T("ORCPT=bob@x.y"), false, 1, "BAD_PARAMETER 7+7" },
    { T("ORCPT=;bob@x.y"), false, 1, "BAD_PARAMETER 7+8" },
    { T("ORCPT=rfc822;"), false, 1, "BAD_PARAMETER 7+7" },
    { T("ORCPT"), false, 1, "BAD_PARAMETER 1+5" },
    { T("AUTH=<>"), false, 1, "" },
    { T("AUTH=alice+40crepes.fr"), false, 1, "" },
    { T("AUTH=alice+"), false, 1, "BAD_XTEXT 11+1" },
    { T("SUBMITTER=alice@crepes.fr"), false, 1, "" },
    { T("MT-PRIORITY=0"), false, 1, "" },
    { T("MT-PRIORITY=-9"), false, 1, "" },
    { T("MT-PRIORITY=10"), false, 1, "BAD_PARAMETER 13+2" },
    { T("MT-PRIORITY=-"), false, 1, "BAD_PARAMETER 13+1" },
    { T("MT-PRIORITY=+1"), false, 1, "BAD_PARAMETER 13+2" },
    { T("HOLDFOR=999999999"), false, 1, "" },
    { T("HOLDFOR=1234567890"), false, 1, "BAD_PARAMETER 9+10" },
    { T("SIZE=1 size=2"), false, 2, "PARAMETER_TWICE 8+4" },
    { T("X Y X=1 X=2"), false, 4, "PARAMETER_TWICE 5+1, PARAMETER_TWICE 9+1" },
    { T("SIZE=a SIZE=b"), false, 2, "BAD_PARAMETER 6+1, BAD_PARAMETER 13+1, PARAMETER_TWICE 8+4" },
};

static void read_all(struct span words, struct param *list, unsigned *count, struct mistakes *found)
{
    const unsigned char *start = words.at;

    while (words.len) {
        struct span word = span_cut(words, ' ', &words);

        param_read(word, (unsigned)(word.at - start) + 1, list, count, found);
    }
}

Test(param, forms_and_values_are_judged)
{
    struct buf told = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct param list[COMMAND_PARAMS_MAX];
        struct mistakes found = { 0 };
        unsigned count = 0;

        read_all(rows[i].words, list, &count, &found);
        params_check(list, count, rows[i].utf8, &found);
        cr_expect_eq(count, rows[i].kept, "%.*s", SPAN_ARG(rows[i].words));
        cr_expect_str_eq(found_text(&found, &told), rows[i].found, "%.*s: %s",
                         SPAN_ARG(rows[i].words), buf_text(&told));
        cr_expect_null(found_fault(&found, rows[i].words.len), "%.*s", SPAN_ARG(rows[i].words));
    }
    buf_release(&told);
}

Test(param, parts_point_into_the_word)
{
    struct param list[COMMAND_PARAMS_MAX];
    struct mistakes found = { 0 };
    unsigned count = 0;

    read_all(SPAN("A B= C=d"), list, &count, &found);
    cr_assert_eq(count, 3);
    cr_expect(span_eq(list[0].keyword, SPAN("A")) && list[0].value.at == NULL);
    cr_expect(span_eq(list[1].keyword, SPAN("B")) && list[1].value.at && list[1].value.len == 0);
    cr_expect(span_eq(list[2].value, SPAN("d")));
    cr_expect_eq(list[0].column, 1);
    cr_expect_eq(list[1].column, 3);
    cr_expect_eq(list[2].column, 6);
}

Test(param, values_of_bounded_length_have_it)
{
    static const struct {
        const char *start;
        size_t most;
    } bounds[] = { { "ENVID=", 100 }, { "AUTH=", 500 }, { "ORCPT=rfc822;", 493 } };

    for (size_t i = 0; i < ROWS(bounds); i++)
        for (size_t over = 0; over < 2; over++) {
            struct param list[COMMAND_PARAMS_MAX];
            struct mistakes found = { 0 };
            struct buf word = { 0 };
            unsigned count = 0;

            buf_add_text(&word, bounds[i].start);
            buf_add_repeat(&word, 'x', bounds[i].most + over);
            read_all(buf_span(&word), list, &count, &found);
            params_check(list, count, false, &found);
            cr_expect_eq(found.count, over, "%s and %zu octets", bounds[i].start,
                         bounds[i].most + over);
            buf_release(&word);
        }
}

Test(param, more_than_there_is_room_for_are_told_once)
{
    struct param list[COMMAND_PARAMS_MAX];
    struct mistakes found = { 0 };
    unsigned count = 0;

    for (unsigned i = 0; i < COMMAND_PARAMS_MAX + 3; i++)
        param_read(SPAN("X=1"), i + 1, list, &count, &found);
    cr_expect_eq(count, COMMAND_PARAMS_MAX);
    cr_assert_eq(found.count, 1);
    cr_expect_eq(found.at[0].mistake, MISTAKE_TOO_MANY_PARAMETERS);
    cr_expect_eq(found.at[0].column, COMMAND_PARAMS_MAX + 1);
}
