#include "registry/keywords.h"

#include "dialogue/observer.h"
#include "support/prose.h"
#include "support/table.h"

/* The registered keywords and their RFCs, and the vendors': names and numbers only. */
static const struct {
    const char *keyword, *mail, *rcpt, *verbs, *status, *source;
} facts[] = {
    { "8BITMIME", "BODY", "", "", "registered", "RFC 6152" },
    { "ATRN", "", "", "ATRN", "registered", "RFC 2645" },
    { "AUTH", "AUTH", "", "AUTH", "registered", "RFC 4954" },
    { "BINARYMIME", "BODY", "", "", "registered", "RFC 3030" },
    { "BURL", "", "", "BURL", "registered", "RFC 4468" },
    { "CHECKPOINT", "TRANSID", "", "", "registered", "RFC 1845" },
    { "CHUNKING", "", "", "BDAT", "registered", "RFC 3030" },
    { "CONNEG", "", "CONNEG", "", "registered", "RFC 4141" },
    { "CONPERM", "CONPERM", "", "", "registered", "RFC 4141" },
    { "DELIVERBY", "BY", "", "", "registered", "RFC 2852" },
    { "DSN", "RET ENVID", "NOTIFY ORCPT", "", "registered", "RFC 3461" },
    { "ENHANCEDSTATUSCODES", "", "", "", "registered", "RFC 2034" },
    { "ETRN", "", "", "ETRN", "registered", "RFC 1985" },
    { "EXPN", "", "", "EXPN", "registered", "RFC 5321" },
    { "FUTURERELEASE", "HOLDFOR HOLDUNTIL", "", "", "registered", "RFC 4865" },
    { "HELP", "", "", "HELP", "registered", "RFC 5321" },
    { "LIMITS", "", "", "", "registered", "RFC 9422" },
    { "MT-PRIORITY", "MT-PRIORITY", "", "", "registered", "RFC 6710" },
    { "MTRK", "MTRK", "", "", "registered", "RFC 3885" },
    { "NO-SOLICITING", "SOLICIT", "", "", "registered", "RFC 3865" },
    { "ONEX", "", "", "ONEX", "obsolete", "IANA" },
    { "PIPELINING", "", "", "", "registered", "RFC 2920" },
    { "REQUIRETLS", "REQUIRETLS", "", "", "registered", "RFC 8689" },
    { "RRVS", "", "RRVS", "", "registered", "RFC 7293" },
    { "SAML", "", "", "SAML", "obsolete", "RFC 5321" },
    { "SEND", "", "", "SEND", "obsolete", "RFC 5321" },
    { "SIZE", "SIZE", "", "", "registered", "RFC 1870" },
    { "SMTPUTF8", "SMTPUTF8", "", "", "registered", "RFC 6531" },
    { "SOML", "", "", "SOML", "obsolete", "RFC 5321" },
    { "STARTTLS", "", "", "STARTTLS", "registered", "RFC 3207" },
    { "SUBMITTER", "SUBMITTER", "", "", "obsolete", "RFC 4405" },
    { "TURN", "", "", "TURN", "obsolete", "RFC 5321" },
    { "UTF8SMTP", "ALT-ADDRESS", "ALT-ADDRESS", "", "obsolete", "RFC 5336" },
    { "VERB", "", "", "VERB", "obsolete", "IANA" },
    { "VRFY", "", "", "VRFY", "customary", "RFC 5321" },
    { "VERP", "XVERP", "", "", "vendor", "Postfix" },
    { "XVERP", "VERP", "", "", "vendor", "Courier" },
    { "XCLIENT", "", "", "XCLIENT", "vendor", "Postfix" },
    { "XFORWARD", "", "", "XFORWARD", "vendor", "Postfix" },
    { "PRDR", "PRDR", "", "", "vendor", "draft-hall-prdr" },
    { "PIPECONNECT", "", "", "", "vendor", "Exim" },
    { "X_PIPE_CONNECT", "", "", "", "vendor", "Exim" },
    { "XEXCH50", "", "", "XEXCH50", "vendor", "Exchange" },
    { "X-ANONYMOUSTLS", "", "", "X-ANONYMOUSTLS", "vendor", "Exchange" },
    { "X-EXPS", "", "", "X-EXPS", "vendor", "Exchange" },
    { "XRDST", "XRDST", "", "", "vendor", "Exchange" },
    { "XSHADOW", "XSHADOW", "", "XSHADOW XQDISCARD", "vendor", "Exchange" },
    { "XSHADOWREQUEST", "", "", "", "vendor", "Exchange" },
    { "XOORG", "XOORG", "", "", "vendor", "Exchange" },
    { "XPROXY", "", "", "XPROXY XPROXYFROM XPROXYTO", "vendor", "Exchange" },
    { "XMESSAGECONTEXT", "", "", "", "vendor", "Exchange" },
    { "XSYSPROBE", "XSYSPROBEID", "", "", "vendor", "Exchange" },
    { "XORIGFROM", "XORIGFROM", "", "", "vendor", "Exchange" },
    { "X-LINK2STATE", "", "", "X-LINK2STATE", "vendor", "Exchange" },
    { "XADR", "", "", "XADR", "vendor", "PMDF" },
    { "XSTA", "", "", "XSTA", "vendor", "PMDF" },
    { "XCIR", "", "", "XCIR", "vendor", "PMDF" },
    { "XGEN", "", "", "XGEN", "vendor", "PMDF" },
    { "XLOOP", "", "", "", "vendor", "PMDF" },
    { "XUSR", "", "", "XUSR", "vendor", "Sendmail" },
    { "CLIENTID", "", "", "CLIENTID", "vendor", "Internet-Draft" },
    { "X-NOTHING", "", "", "", "vendor", "seen" },
    { "coremail", "", "", "", "vendor", "Coremail" },
    { "OK", "", "", "", "customary", "seen" },
};

Test(keywords, are_all_there_with_what_they_bring)
{
    cr_expect_eq(keyword_row_count, ROWS(facts));
    for (size_t i = 0; i < ROWS(facts); i++) {
        int number = keyword_number(span_of(facts[i].keyword));
        const struct keyword_row *row = &keyword_rows[number < 0 ? 0 : number];

        cr_expect_str_eq(row->keyword, facts[i].keyword);
        cr_expect_str_eq(row->mail_params, facts[i].mail, "%s", row->keyword);
        cr_expect_str_eq(row->rcpt_params, facts[i].rcpt, "%s", row->keyword);
        cr_expect_str_eq(row->verbs, facts[i].verbs, "%s", row->keyword);
        cr_expect_str_eq(row->status, facts[i].status, "%s", row->keyword);
        cr_expect(span_starts(span_of(row->source), span_of(facts[i].source)), "%s: %s",
                  row->keyword, row->source);
    }
}

Test(keywords, fit_into_the_observers_bits)
{
    cr_expect_leq(keyword_row_count, 64 * OBSERVER_KEYWORD_WORDS);
}

Test(keywords, have_words_fit_to_be_shown)
{
    for (size_t i = 0; i < keyword_row_count; i++) {
        const struct keyword_row *row = &keyword_rows[i];

        EXPECT_SENTENCE(row->meaning, 160, row->keyword);
        EXPECT_LABEL(row->source, 40, row->keyword);
        if (*row->params)
            EXPECT_LABEL(row->params, 40, row->keyword);
    }
}

/* The name in the other letter case. */
static void turn_case(char *name)
{
    for (; *name; name++)
        *name = (char)(ascii_is_alpha((unsigned char)*name) ? *name ^ 0x20 : *name);
}

Test(keywords, are_found_by_name_in_any_letter_case)
{
    for (size_t i = 0; i < keyword_row_count; i++) {
        char name[40];

        cr_assert_lt(strlen(keyword_rows[i].keyword), sizeof name);
        memcpy(name, keyword_rows[i].keyword, strlen(keyword_rows[i].keyword) + 1);
        cr_expect_eq(keyword_number(span_of(name)), (int)i, "%s", name);
        turn_case(name);
        cr_expect_eq(keyword_number(span_of(name)), (int)i, "%s", name);
    }
}

Test(keywords, with_an_octet_more_or_less_are_others)
{
    for (size_t i = 0; i < keyword_row_count; i++) {
        const char *keyword = keyword_rows[i].keyword;
        size_t len = strlen(keyword);
        char longer[40] = { 0 };
        int number = keyword_number(span_make(keyword, len - 1));

        memcpy(longer, keyword, len);
        cr_expect_eq(keyword_number(span_make(longer, len + 1)), -1, "%s and a NUL", keyword);
        longer[len] = '=';
        cr_expect_eq(keyword_number(span_of(longer)), -1, "%s", longer);
        longer[len] = '\377';
        cr_expect_eq(keyword_number(span_of(longer)), -1, "%s", longer);
        cr_expect(number < 0 || strlen(keyword_rows[number].keyword) == len - 1, "%s", keyword);
    }
    cr_expect_eq(keyword_number(SPAN("")), -1);
    cr_expect_eq(keyword_number((struct span){ NULL, 0 }), -1);
    cr_expect_eq(keyword_number(SPAN("0")), -1);
    cr_expect_eq(keyword_number(SPAN("zzz")), -1);
    cr_expect_eq(keyword_number(SPAN("AUTH=")), -1);
}
