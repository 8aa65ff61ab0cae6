/* Personas as tables: complete, short, and what a row leaves out comes from the strict one. */
#include "engine/persona.h"

#include <stdlib.h>

#include "support/drive.h"
#include "support/prose.h"
#include "support/table.h"

Test(persona, strict_has_words_for_every_situation_that_is_short_and_ascii)
{
    for (unsigned s = 0; s < SITUATION_COUNT; s++) {
        struct persona_row row = persona_row(&persona_strict, VERB_MAIL, s);
        const char *name = situation_name(s);

        EXPECT_LABEL(row.text, 66, name); /* with its codes it fits 80 columns */
        for (const char *at = row.text; *at; at++)
            cr_expect(*at >= ' ' && *at <= '~', "%s: %s", name, row.text);
        if (s < MISTAKE_COUNT)
            cr_expect_eq(row.code, mistake_rows[s].code, "%s", name);
        else if (row.flags != PERSONA_ACCEPT)
            cr_expect(row.code >= 200 && row.code < 600, "%s", name);
        if (row.enhanced[0])
            cr_expect_eq(row.enhanced[0], (char)('0' + row.code / 100), "%s", name);
    }
}

Test(persona, strict_knows_the_syntax_of_every_verb)
{
    for (unsigned v = 0; v < VERB_COUNT; v++) {
        const char *word = verb_word((enum verb)v);

        cr_expect(
            span_starts(span_of(persona_syntax(&persona_strict, (enum verb)v)), span_of(word)),
            "%s", word);
    }
}

static const struct persona_row rude_rows[SITUATION_COUNT] = {
    [SITUATION_GREETING] = { 220, NULL, "%h ESMTP\n100%%\nready", 0 },
    [SITUATION_RCPT_OK] = { 250, "2.1.5", "%l at %d: %v, from %c", 0 },
    [SITUATION_QUIT_OK] = { 221, NULL, "Bye", PERSONA_CLOSE },
    [MISTAKE_UNKNOWN_VERB] = { 502, "5.5.1", "What?", 0 },
    [MISTAKE_HTTP_REQUEST] = { 421, "4.7.0", "Go away", PERSONA_CLOSE },
    [SITUATION_TOO_MANY_UNKNOWN] = { 500, "5.5.2", "Enough", PERSONA_CLOSE },
};
static const struct persona_exception rude_exceptions[] = {
    { VERB_RSET, MISTAKE_UNEXPECTED_ARGUMENT, { 500, "5.5.1", "%v alone", 0 } },
};
static const char *const rude_syntax[VERB_COUNT] = { [VERB_HELO] = "HELO hostname" };
static const struct persona rude = {
    .name = "rude",
    .rows = rude_rows,
    .exceptions = rude_exceptions,
    .exception_count = ROWS(rude_exceptions),
    .syntax = rude_syntax,
    .enhanced_always = true,
    .unknown_max = 2,
};

static const struct {
    const char *sent, *replies;
    unsigned closes;
} rows[] = {
    { "", "", 0 },
    { "HELO\r\n", "501 5.5.4 Syntax: HELO hostname\r\n", 0 },
    { "EHLO\r\n", "501 5.5.4 Syntax: EHLO name-of-your-host\r\n", 0 },
    { "HELO a.fr\r\nMAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\n",
      "250 Hello a.fr, pleased to meet you\r\n250 2.1.0 <> ... Sender ok\r\n"
      "250 2.1.5 bob at hamburger.edu: RCPT, from a.fr\r\n",
      0 },
    { "RSET now\r\n", "500 5.5.1 RSET alone\r\n", 0 },
    { "QUIT now\r\nQUIT\r\nNOOP\r\n", "501 5.5.4 Syntax: QUIT\r\n221 Bye\r\n", 1 },
    { "GET / HTTP/1.0\r\nNOOP\r\n", "421 4.7.0 Go away\r\n", 1 },
    { "FROB\r\nFROB\r\nNOOP\r\nFROB\r\nNOOP\r\n",
      "502 5.5.1 What?\r\n502 5.5.1 What?\r\n250 2.0.0 Ok\r\n500 5.5.2 Enough\r\n", 1 },
};

Test(persona, says_its_own_words_and_the_strict_ones_for_the_rest)
{
    struct policy policy = policy_lab;

    policy.persona = &rude;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct drive d;

        drive_start(&d, &policy);
        cr_expect_str_eq(buf_text(&d.replies),
                         "220-hamburger.edu ESMTP\r\n220-100%\r\n220 ready\r\n");
        buf_clear(&d.replies);
        drive_push(&d, span_of(rows[i].sent));
        cr_expect_str_eq(buf_text(&d.replies), rows[i].replies, "row %zu", i);
        cr_expect_eq(d.closes, rows[i].closes, "row %zu", i);
        drive_end(&d);
    }
}
