#include "smtp/session.h"

#include <criterion/criterion.h>

#include "support/prose.h"

Test(session, every_state_is_reachable_from_connect)
{
    unsigned all = SESSION_IN(SESSION_STATE_COUNT) - 1u, seen = SESSION_IN(AT_CONNECT), before;

    do {
        before = seen;
        for (size_t i = 0; i < session_step_count; i++)
            if (session_steps[i].standard && (session_steps[i].from & seen))
                seen |= SESSION_IN(session_steps[i].to);
    } while (seen != before);
    cr_expect_eq(seen, all, "unreachable: %#x", all & ~seen);
}

Test(session, every_standard_step_starts_where_its_verb_is_allowed)
{
    for (size_t i = 0; i < session_step_count; i++)
        if (session_steps[i].standard)
            cr_expect_eq(session_steps[i].from & ~session_allowed[session_steps[i].verb], 0u,
                         "row %zu", i);
}

Test(session, every_verb_is_allowed_somewhere)
{
    for (int verb = VERB_UNKNOWN + 1; verb < VERB_COUNT; verb++)
        cr_expect_neq(session_allowed[verb], 0u, "verb %d", verb);
}

Test(session, every_step_says_why_and_where_from)
{
    for (size_t i = 0; i < session_step_count; i++) {
        cr_expect(strlen(session_steps[i].why) > 5, "row %zu", i);
        cr_expect_eq(strncmp(session_steps[i].source, "RFC ", 4), 0, "row %zu", i);
    }
}

static const struct {
    const char *name;
    enum session_state now;
    enum verb verb;
    unsigned code;
    int to; /* -1: stays */
    bool standard;
} steps[] = {
    { "greeting", AT_CONNECT, VERB_CONNECT, 220, AT_HELLO, true },
    { "refused greeting", AT_CONNECT, VERB_CONNECT, 554, AT_REFUSED, true },
    { "HELO", AT_HELLO, VERB_HELO, 250, AT_READY, true },
    { "EHLO in a transaction", AT_RCPT, VERB_EHLO, 250, AT_READY, true },
    { "HELO refused", AT_HELLO, VERB_HELO, 501, -1, true },
    { "MAIL", AT_READY, VERB_MAIL, 250, AT_MAIL, true },
    { "MAIL without HELO, as Postfix takes it", AT_HELLO, VERB_MAIL, 250, AT_MAIL, false },
    { "RCPT", AT_MAIL, VERB_RCPT, 250, AT_RCPT, true },
    { "RCPT 251", AT_MAIL, VERB_RCPT, 251, AT_RCPT, true },
    { "RCPT refused", AT_MAIL, VERB_RCPT, 550, -1, true },
    { "DATA", AT_RCPT, VERB_DATA, 354, AT_BODY, true },
    { "DATA without a recipient", AT_MAIL, VERB_DATA, 354, AT_BODY, false },
    { "DATA refused: the transaction stays", AT_RCPT, VERB_DATA, 554, -1, true },
    { "a chunk refused for now", AT_CHUNK, VERB_BDAT, 452, AT_CHUNK, true },
    { "a chunk refused", AT_RCPT, VERB_BDAT, 554, AT_CHUNK, true },
    { "a chunk not known", AT_RCPT, VERB_BDAT, 500, -1, true },
    { "EHLO in clear after STARTTLS", AT_TLS, VERB_EHLO, 250, AT_READY, false },
    { "MAIL after the end", AT_END, VERB_MAIL, 250, AT_MAIL, false },
    { "RCPT after the end", AT_END, VERB_RCPT, 250, AT_RCPT, false },
    { "DATA after the end", AT_END, VERB_DATA, 354, AT_BODY, false },
    { "AUTH after STARTTLS, in clear", AT_TLS, VERB_AUTH, 235, AT_READY, false },
    { "AUTH between chunks", AT_CHUNK, VERB_AUTH, 334, AT_AUTH, false },
    { "QUIT after STARTTLS", AT_TLS, VERB_QUIT, 221, AT_END, false },
    { "DATA with an argument, refused", AT_RCPT, VERB_DATA, 501, -1, true },
    { "letter taken", AT_BODY, VERB_BODY_END, 250, AT_READY, true },
    { "letter refused", AT_BODY, VERB_BODY_END, 554, AT_READY, true },
    { "RSET", AT_RCPT, VERB_RSET, 250, AT_READY, true },
    { "RSET before HELO stays there", AT_HELLO, VERB_RSET, 250, -1, true },
    { "QUIT", AT_MAIL, VERB_QUIT, 221, AT_END, true },
    { "421 anywhere", AT_BODY, VERB_NOOP, 421, AT_END, true },
    { "221 to a header line, as Postfix does", AT_READY, VERB_UNKNOWN, 221, AT_END, false },
    { "250 to a verb of the vendor", AT_READY, VERB_UNKNOWN, 250, -1, true },
};

Test(session, steps_lead_where_they_should)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct session_step *s = session_step(steps[i].now, steps[i].verb, steps[i].code);

        if (steps[i].to < 0) {
            cr_expect_null(s, "%s", steps[i].name);
            continue;
        }
        cr_assert_not_null(s, "%s", steps[i].name);
        cr_expect_eq((int)s->to, steps[i].to, "%s", steps[i].name);
        cr_expect_eq(s->standard, steps[i].standard, "%s", steps[i].name);
    }
}

static const struct {
    enum session_state now;
    enum verb verb;
    enum mistake want;
} misplaced[] = {
    { AT_HELLO, VERB_MAIL, MISTAKE_BEFORE_HELO },
    { AT_HELLO, VERB_DATA, MISTAKE_BEFORE_HELO },
    { AT_READY, VERB_RCPT, MISTAKE_RCPT_BEFORE_MAIL },
    { AT_READY, VERB_DATA, MISTAKE_DATA_BEFORE_MAIL },
    { AT_MAIL, VERB_DATA, MISTAKE_DATA_BEFORE_RCPT },
    { AT_MAIL, VERB_MAIL, MISTAKE_NESTED_MAIL },
    { AT_RCPT, VERB_MAIL, MISTAKE_NESTED_MAIL },
    { AT_CONNECT, VERB_EHLO, MISTAKE_TOO_EARLY },
    { AT_REFUSED, VERB_EHLO, MISTAKE_AFTER_REFUSED_GREETING },
    { AT_HELLO, VERB_RCPT, MISTAKE_BEFORE_HELO },
    { AT_HELLO, VERB_AUTH, MISTAKE_BEFORE_HELO },
    { AT_HELLO, VERB_STARTTLS, MISTAKE_BEFORE_HELO },
    { AT_MAIL, VERB_STARTTLS, MISTAKE_NESTED_MAIL },
    { AT_RCPT, VERB_AUTH, MISTAKE_NESTED_MAIL },
    { AT_RCPT, VERB_ETRN, MISTAKE_NESTED_MAIL },
    { AT_CHUNK, VERB_DATA, MISTAKE_NESTED_MAIL },
    { AT_CHUNK, VERB_RCPT, MISTAKE_NESTED_MAIL },
    { AT_CHUNK, VERB_MAIL, MISTAKE_NESTED_MAIL },
    { AT_CHUNK, VERB_BDAT, MISTAKE_COUNT },
    { AT_CHUNK, VERB_RSET, MISTAKE_COUNT },
    { AT_HELLO, VERB_UNKNOWN, MISTAKE_COUNT },
    { AT_READY, VERB_MAIL, MISTAKE_COUNT },
    { AT_HELLO, VERB_NOOP, MISTAKE_COUNT },
    { AT_READY, VERB_HELO, MISTAKE_COUNT },
    { AT_REFUSED, VERB_QUIT, MISTAKE_COUNT },
};

Test(session, misplaced_verbs_are_named)
{
    for (size_t i = 0; i < sizeof misplaced / sizeof misplaced[0]; i++)
        cr_expect_eq(session_misplaced(misplaced[i].now, misplaced[i].verb), misplaced[i].want,
                     "row %zu", i);
}

Test(session, states_have_names_and_say_what_they_are)
{
    for (int i = 0; i < SESSION_STATE_COUNT; i++) {
        const char *shown = session_state_shown((enum session_state)i);

        EXPECT_LABEL(shown, 12, shown);
        EXPECT_LABEL(session_state_what((enum session_state)i), 72, shown);
        EXPECT_LABEL(session_state_waits((enum session_state)i), 40, shown);
        for (int k = 0; k < i; k++)
            cr_expect_str_neq(shown, session_state_shown((enum session_state)k));
    }
}

Test(session, last_chunk_ends_a_letter_as_the_dot_does)
{
    static const struct {
        enum session_state now;
        unsigned code;
        int to; /* -1: stays */
    } rows[] = {
        { AT_RCPT, 250, AT_READY },  { AT_CHUNK, 250, AT_READY }, { AT_CHUNK, 451, AT_CHUNK },
        { AT_CHUNK, 552, AT_CHUNK }, { AT_RCPT, 554, AT_CHUNK },  { AT_RCPT, 502, -1 },
        { AT_CHUNK, 421, AT_END },   { AT_BODY, 421, AT_END },    { AT_BODY, 250, -1 },
        { AT_CHUNK, 354, -1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct session_step *s = session_last_chunk(rows[i].now, rows[i].code);

        cr_expect_eq(s ? (int)s->to : -1, rows[i].to, "row %zu", i);
        cr_expect(!s || (*s->why && !strncmp(s->source, "RFC ", 4)), "row %zu", i);
    }
}
