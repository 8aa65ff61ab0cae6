#include "dialogue/observer.h"
#include "registry/keywords.h"
#include "support/prose.h"
#include "support/table.h"

static const struct {
    const char *command, *param, *keyword, *source;
} facts[] = {
    { "MAIL", "ALT-ADDRESS", "UTF8SMTP", "RFC 5336 3.4" },
    { "MAIL", "AUTH", "AUTH", "RFC 4954 5" },
    { "MAIL", "BODY", "8BITMIME BINARYMIME", "RFC 6152 3" },
    { "MAIL", "BY", "DELIVERBY", "RFC 2852 4" },
    { "MAIL", "CONPERM", "CONPERM", "RFC 4141 4.2" },
    { "MAIL", "ENVID", "DSN", "RFC 3461 4.4" },
    { "MAIL", "HOLDFOR", "FUTURERELEASE", "RFC 4865 3" },
    { "MAIL", "HOLDUNTIL", "FUTURERELEASE", "RFC 4865 3" },
    { "MAIL", "MT-PRIORITY", "MT-PRIORITY", "RFC 6710 3" },
    { "MAIL", "MTRK", "MTRK", "RFC 3885 3.1" },
    { "MAIL", "PRDR", "PRDR", "draft-hall-prdr, Exim" },
    { "MAIL", "REQUIRETLS", "REQUIRETLS", "RFC 8689 2" },
    { "MAIL", "RET", "DSN", "RFC 3461 4.3" },
    { "MAIL", "SIZE", "SIZE", "RFC 1870 6" },
    { "MAIL", "SMTPUTF8", "SMTPUTF8", "RFC 6531 3.4" },
    { "MAIL", "SOLICIT", "NO-SOLICITING", "RFC 3865 2.3" },
    { "MAIL", "SUBMITTER", "SUBMITTER", "RFC 4405" },
    { "MAIL", "TRANSID", "CHECKPOINT", "RFC 1845 3" },
    { "MAIL", "VERP", "XVERP", "Courier" },
    { "MAIL", "XOORG", "XOORG", "Exchange" },
    { "MAIL", "XORIGFROM", "XORIGFROM", "Exchange" },
    { "MAIL", "XRDST", "XRDST", "Exchange" },
    { "MAIL", "XSHADOW", "XSHADOW", "Exchange" },
    { "MAIL", "XSYSPROBEID", "XSYSPROBE", "Exchange" },
    { "MAIL", "XVERP", "VERP", "Postfix VERP_README" },
    { "RCPT", "ALT-ADDRESS", "UTF8SMTP", "RFC 5336 3.4" },
    { "RCPT", "CONNEG", "CONNEG", "RFC 4141 5.2" },
    { "RCPT", "NOTIFY", "DSN", "RFC 3461 4.1" },
    { "RCPT", "ORCPT", "DSN", "RFC 3461 4.2" },
    { "RCPT", "RRVS", "RRVS", "RFC 7293 3.1" },
    { "EXPN", "SMTPUTF8", "SMTPUTF8", "RFC 6531 3.7.4.2" },
    { "EXPN", "UTF8REPLY", "UTF8SMTP", "RFC 5336 3.1" },
    { "VRFY", "SMTPUTF8", "SMTPUTF8", "RFC 6531 3.7.4.2" },
    { "VRFY", "UTF8REPLY", "UTF8SMTP", "RFC 5336 3.1" },
};

Test(params, are_all_there_with_the_keyword_that_allows_them)
{
    cr_expect_eq(param_row_count, ROWS(facts));
    for (size_t i = 0; i < ROWS(facts); i++) {
        const struct param_row *row = param_row(span_of(facts[i].command), span_of(facts[i].param));

        cr_assert_not_null(row, "%s %s", facts[i].command, facts[i].param);
        cr_expect_str_eq(row->command, facts[i].command);
        cr_expect_str_eq(row->param, facts[i].param);
        cr_expect_str_eq(row->keyword, facts[i].keyword, "%s", row->param);
        cr_expect_str_eq(row->source, facts[i].source, "%s", row->param);
    }
}

Test(params, have_words_fit_to_be_shown)
{
    for (size_t i = 0; i < param_row_count; i++) {
        EXPECT_SENTENCE(param_rows[i].meaning, 160, param_rows[i].param);
        if (*param_rows[i].value)
            EXPECT_LABEL(param_rows[i].value, 48, param_rows[i].param);
    }
}

/* Does a list of words hold this one? */
static bool lists(const char *words, const char *word)
{
    struct span rest = span_of(words);

    while (rest.len)
        if (span_eq(span_cut(rest, ' ', &rest), span_of(word)))
            return true;
    return false;
}

Test(params, are_those_that_the_keywords_name)
{
    for (size_t i = 0; i < keyword_row_count; i++) {
        const struct keyword_row *keyword = &keyword_rows[i];
        struct span rest = span_of(keyword->mail_params), name;

        while (rest.len) {
            name = span_cut(rest, ' ', &rest);
            cr_assert_not_null(param_row(SPAN("MAIL"), name), "%.*s", SPAN_ARG(name));
            cr_expect(lists(param_row(SPAN("MAIL"), name)->keyword, keyword->keyword), "%.*s",
                      SPAN_ARG(name));
        }
        rest = span_of(keyword->rcpt_params);
        while (rest.len) {
            name = span_cut(rest, ' ', &rest);
            cr_assert_not_null(param_row(SPAN("RCPT"), name), "%.*s", SPAN_ARG(name));
            cr_expect(lists(param_row(SPAN("RCPT"), name)->keyword, keyword->keyword), "%.*s",
                      SPAN_ARG(name));
        }
    }
}

Test(params, name_keywords_that_name_them_back)
{
    for (size_t i = 0; i < param_row_count; i++) {
        const struct param_row *row = &param_rows[i];
        struct span rest = span_of(row->keyword);
        bool mail = !strcmp(row->command, "MAIL"), rcpt = !strcmp(row->command, "RCPT");

        while (rest.len) {
            int number = keyword_number(span_cut(rest, ' ', &rest));

            cr_assert_geq(number, 0, "%s", row->param);
            cr_expect(!mail || lists(keyword_rows[number].mail_params, row->param), "%s",
                      row->param);
            cr_expect(!rcpt || lists(keyword_rows[number].rcpt_params, row->param), "%s",
                      row->param);
        }
    }
}

Test(params, are_found_in_any_letter_case_and_only_under_their_command)
{
    cr_expect_eq(param_row(SPAN("mail"), SPAN("Size")), param_row(SPAN("MAIL"), SPAN("SIZE")));
    cr_expect_not_null(param_row(SPAN("mail"), SPAN("Size")));
    cr_expect_null(param_row(SPAN("RCPT"), SPAN("SIZE")));
    cr_expect_null(param_row(SPAN("MAIL"), SPAN("NOTIFY")));
    cr_expect_null(param_row(SPAN("DATA"), SPAN("SIZE")));
    cr_expect_null(param_row(SPAN("MAI"), SPAN("SIZE")));
    cr_expect_null(param_row(SPAN("MAIL"), SPAN("")));
    cr_expect_null(param_row(SPAN(""), SPAN("")));
    cr_expect_null(param_row(SPAN("MAIL"), SPAN("SIZ")));
    cr_expect_null(param_row(SPAN("MAIL"), SPAN("SIZES")));
    cr_expect_null(param_row(SPAN("MAIL"), SPAN("SIZE\0")));
    cr_expect_null(param_row(SPAN("ZZZZ"), SPAN("ZZZZ")));
}

Test(params, are_offered_by_their_own_keywords_only)
{
    for (size_t i = 0; i < param_row_count; i++) {
        const struct param_row *row = &param_rows[i];
        uint64_t none[OBSERVER_KEYWORD_WORDS] = { 0 };

        cr_expect_not(param_offered(row, none), "%s", row->param);
        for (size_t k = 0; k < keyword_row_count; k++) {
            uint64_t bits[OBSERVER_KEYWORD_WORDS] = { 0 };

            bits[k / 64] = (uint64_t)1 << k % 64;
            cr_expect_eq(param_offered(row, bits), lists(row->keyword, keyword_rows[k].keyword),
                         "%s %s offered by %s", row->command, row->param, keyword_rows[k].keyword);
        }
    }
}
