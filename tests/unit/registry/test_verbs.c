#include "registry/verbs.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "smtp/command.h"
#include "support/prose.h"

Test(verbs, have_a_row_each_and_moments_have_none)
{
    for (int v = 0; v < VERB_COUNT; v++) {
        const struct verb_row *row = verb_row((enum verb)v);
        const char *word = verb_word((enum verb)v);

        cr_expect_eq(row != NULL, word[0] != 0, "verb %d", v);
        if (!row)
            continue;
        cr_expect_eq(row->verb, (enum verb)v, "%s", word);
        cr_expect(span_starts(span_of(row->syntax), span_of(word)), "%s", word);
        cr_expect(span_starts(span_of(row->source), SPAN("RFC ")), "%s", word);
        cr_expect(row->success[0] && row->failure[0], "%s", word);
        EXPECT_LABEL(row->purpose, 78, word);
        EXPECT_LABEL(row->short_hint, 50, word);
        EXPECT_SENTENCE(row->effect, 156, word);
        EXPECT_SENTENCE(row->sent, 156, word);
        cr_expect_not(prose_is_breathless(row->sent), "%s", row->sent);
        cr_expect(prose_rows(row->sent, 78) <= 2, "%s", word);
        cr_expect(span_starts(span_of(row->sent), span_of(word)), "%s", word);
    }
}

Test(verbs, name_each_code_once)
{
    for (int v = 0; v < VERB_COUNT; v++) {
        const struct verb_row *row = verb_row((enum verb)v);
        struct buf codes = { 0 };
        struct span rest;

        if (!row)
            continue;
        buf_printf(&codes, "%s %s", row->success, row->failure);
        rest = buf_span(&codes);
        while (rest.len) {
            struct span code = span_cut(rest, ' ', &rest);

            cr_expect_eq(code.len, 3, "%s: %s", verb_word((enum verb)v), buf_text(&codes));
            cr_expect_eq(span_search(rest, code, 0, false), SPAN_NOT_FOUND, "%s: %s",
                         verb_word((enum verb)v), buf_text(&codes));
        }
        buf_release(&codes);
    }
}

Test(verbs, have_examples_without_a_mistake)
{
    for (int v = 0; v < VERB_COUNT; v++) {
        struct line line = { { 0 }, 0, LINE_CRLF, 0 };
        struct command c;

        if (!verb_row((enum verb)v))
            continue;
        line.head = span_of(verb_row((enum verb)v)->example);
        line.len = line.head.len;
        command_parse(&line, COMMAND_LINE_MAX, &c);
        cr_expect_eq(c.verb, (enum verb)v, "%s", verb_word((enum verb)v));
        cr_expect_eq(c.mistakes.count, 0, "%s", verb_word((enum verb)v));
    }
}

Test(verbs, come_next_only_where_they_are_allowed)
{
    for (size_t i = 0; i < next_row_count; i++) {
        const struct next_row *row = &next_rows[i];

        cr_expect(session_allows(row->state, row->verb), "row %zu", i);
        cr_expect(row->shown[0] && row->typed[0] && row->hint[0], "row %zu", i);
        if (verb_word(row->verb)[0]) {
            cr_expect(span_starts(span_of(row->shown), span_of(verb_word(row->verb))));
            cr_expect(span_starts(span_of(row->typed), span_of(verb_word(row->verb))));
        }
    }
}

/* The textbook's dialogue, from the hints alone: each of its verbs is offered where it is due. */
Test(verbs, come_next_as_the_textbook_needs_them)
{
    static const struct {
        enum session_state state;
        enum verb verb;
        const char *typed;
        unsigned place; /* in the list of that state, from 1 */
    } due[] = {
        { AT_HELLO, VERB_HELO, "HELO %c", 1 },
        { AT_HELLO, VERB_EHLO, "EHLO %c", 2 },
        { AT_READY, VERB_MAIL, "MAIL FROM:<%f>", 1 },
        { AT_READY, VERB_QUIT, "QUIT", 2 },
        { AT_MAIL, VERB_RCPT, "RCPT TO:<%t>", 1 },
        { AT_MAIL, VERB_RSET, "RSET", 2 },
        { AT_RCPT, VERB_DATA, "DATA", 1 },
        { AT_RCPT, VERB_RCPT, "RCPT TO:<%t>", 2 },
        { AT_BODY, VERB_BODY_END, ".", 1 },
    };

    for (size_t i = 0; i < sizeof due / sizeof due[0]; i++) {
        const struct next_row *found = NULL;
        unsigned place = 0;

        for (size_t k = 0; k < next_row_count && !found; k++) {
            place += next_rows[k].state == due[i].state;
            if (next_rows[k].state == due[i].state && next_rows[k].verb == due[i].verb)
                found = &next_rows[k];
        }
        cr_assert_not_null(found, "row %zu", i);
        cr_expect_str_eq(found->typed, due[i].typed);
        cr_expect_eq(place, due[i].place, "row %zu at %u", i, place);
    }
}
