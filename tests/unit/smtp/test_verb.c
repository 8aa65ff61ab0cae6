#include "smtp/verb.h"

#include "support/table.h"

static const char *const words[] = { "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL",
                                     "RCPT", "DATA", "BDAT", "RSET",     "NOOP", "HELP",
                                     "VRFY", "EXPN", "ETRN", "QUIT" };

Test(verb, words_are_those_of_the_standards_in_order)
{
    cr_expect_eq(VERB_EHLO + ROWS(words), VERB_COUNT);
    for (size_t i = 0; i < ROWS(words); i++) {
        enum verb verb = (enum verb)(VERB_EHLO + i);

        cr_expect_str_eq(verb_word(verb), words[i]);
        cr_expect_eq(verb_by_word(span_of(words[i])), verb, "%s", words[i]);
        cr_expect_eq(verb_nearest(span_of(words[i])), verb, "%s", words[i]);
    }
}

Test(verb, moments_have_no_word)
{
    for (int v = 0; v < VERB_EHLO; v++)
        cr_expect_str_eq(verb_word((enum verb)v), "", "%d", v);
    cr_expect_eq(verb_by_word(SPAN("")), VERB_UNKNOWN);
}

Test(verb, is_known_in_any_letter_case_and_only_whole)
{
    cr_expect_eq(verb_by_word(SPAN("mail")), VERB_MAIL);
    cr_expect_eq(verb_by_word(SPAN("StArTtLs")), VERB_STARTTLS);
    cr_expect_eq(verb_by_word(SPAN("MAI")), VERB_UNKNOWN);
    cr_expect_eq(verb_by_word(SPAN("MAILS")), VERB_UNKNOWN);
    cr_expect_eq(verb_by_word(SPAN("MAIL\0")), VERB_UNKNOWN);
    cr_expect_eq(verb_by_word(SPAN("CONNECT")), VERB_UNKNOWN);
    cr_expect_eq(verb_by_word(SPAN("BODY_END")), VERB_UNKNOWN);
}

Test(verb, misspelt_is_guessed)
{
    static const struct {
        const char *word;
        enum verb meant;
    } rows[] = {
        { "HLEO", VERB_HELO },          { "HELLO", VERB_HELO },
        { "HEL", VERB_HELO },           { "helo", VERB_HELO },
        { "EHELO", VERB_EHLO },         { "EHL", VERB_EHLO },
        { "ELHO", VERB_EHLO },          { "MIAL", VERB_MAIL },
        { "MALI", VERB_MAIL },          { "MAIK", VERB_MAIL },
        { "MAILL", VERB_MAIL },         { "RCTP", VERB_RCPT },
        { "RCPTT", VERB_RCPT },         { "RCP", VERB_RCPT },
        { "DTAA", VERB_DATA },          { "DAT", VERB_DATA },
        { "BDTA", VERB_BDAT },          { "QIUT", VERB_QUIT },
        { "QUI", VERB_QUIT },           { "QUITT", VERB_QUIT },
        { "STARTLS", VERB_STARTTLS },   { "STRATTLS", VERB_STARTTLS },
        { "STARTTTLS", VERB_STARTTLS }, { "START_TLS", VERB_STARTTLS },
        { "STARTSSL", VERB_STARTTLS },  { "RESET", VERB_RSET },
        { "RSTE", VERB_RSET },          { "NOP", VERB_NOOP },
        { "ATUH", VERB_AUTH },          { "VFRY", VERB_VRFY },
        { "", VERB_UNKNOWN },           { "QT", VERB_UNKNOWN },
        { "XYZZY", VERB_UNKNOWN },      { "RECIPIENT", VERB_UNKNOWN },
        { "MAILFROM", VERB_UNKNOWN },   { "SUBJECT", VERB_UNKNOWN },
        { "HEHEHE", VERB_UNKNOWN },     { "STARTTLSNOWABC", VERB_UNKNOWN },
        { "MLAI", VERB_UNKNOWN }, /* two swaps are too far for four letters */
    };

    for (size_t i = 0; i < ROWS(rows); i++)
        cr_expect_eq(verb_nearest(span_of(rows[i].word)), rows[i].meant, "%s: %s", rows[i].word,
                     verb_word(verb_nearest(span_of(rows[i].word))));
}
