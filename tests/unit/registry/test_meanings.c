#include <criterion/criterion.h>
#include <stdio.h>

#include "registry/codes.h"
#include "support/prose.h"

/* Every row of every group, by number; NULL: past the last. */
static const struct meaning_row *row_at(size_t i)
{
    for (size_t g = 0; g < MEANING_GROUPS; g++) {
        if (i < meaning_groups[g]->count)
            return &meaning_groups[g]->rows[i];
        i -= meaning_groups[g]->count;
    }
    return NULL;
}

/* A row's text as a reader sees it: with a code in front. */
static void shown(const struct meaning_row *m, char *at, size_t room)
{
    snprintf(at, room, "%s%s", m->code < 10 ? "299 = " : "", m->learner);
}

Test(meanings, cover_every_class_of_every_verb)
{
    for (int v = 0; v < VERB_COUNT; v++) {
        for (unsigned digit = 2; digit <= 5; digit++) {
            const struct meaning_row *m = meaning_row((enum verb)v, digit * 100 + 99);

            cr_expect(m && m->code == digit, "verb %d, %uyz", v, digit);
        }
        cr_expect_null(meaning_row((enum verb)v, 0));
        cr_expect_null(meaning_row((enum verb)v, 199));
    }
}

Test(meanings, read_well_and_fit_two_rows)
{
    const struct meaning_row *m;

    for (size_t i = 0; (m = row_at(i)); i++) {
        char text[400];
        const char *learner = text;

        shown(m, text, sizeof text);
        EXPECT_SENTENCE(learner, 156, m->source);
        cr_expect_not(prose_is_breathless(text), "%s", text);
        cr_expect(prose_rows(text, 78) <= 2, "three rows: %s", text);
        EXPECT_SENTENCE(m->advice, 120, text);
        EXPECT_LABEL(m->admin, 70, text);
        cr_expect(span_starts(span_of(m->source), SPAN("RFC ")), "%s", m->source);
    }
}

Test(meanings, begin_with_their_code)
{
    const struct meaning_row *m;

    for (size_t i = 0; (m = row_at(i)); i++) {
        char start[16];

        snprintf(start, sizeof start, "%03u = ", m->code);
        if (m->code >= 100)
            cr_expect(span_starts(span_of(m->learner), span_of(start)), "%s", m->learner);
        else
            cr_expect(m->code >= 2 && m->code <= 5 && m->learner[0] >= 'a', "%s", m->learner);
    }
}

Test(meanings, are_all_different)
{
    const struct meaning_row *x;

    for (size_t a = 0; (x = row_at(a)); a++) {
        for (size_t b = 0; b < a; b++) {
            const struct meaning_row *y = row_at(b);

            cr_expect(x->verb != y->verb || x->code != y->code, "two rows: %s", x->learner);
            cr_expect_str_neq(x->learner, y->learner);
        }
    }
}

/* A 2yz text never sounds like a refusal of another class: the exact row wins over its class. */
Test(meanings, are_found_by_code_before_class)
{
    static const struct {
        enum verb verb;
        unsigned code, row;
    } rows[] = {
        { VERB_CONNECT, 220, 220 },  { VERB_CONNECT, 250, 2 },     { VERB_RCPT, 550, 550 },
        { VERB_RCPT, 557, 5 },       { VERB_RCPT, 421, 421 },      { VERB_DATA, 354, 354 },
        { VERB_BODY_END, 250, 250 }, { VERB_RSET, 250, 250 },      { VERB_UNKNOWN, 500, 500 },
        { VERB_QUIT, 250, 2 },       { VERB_AUTH_LINE, 334, 334 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct meaning_row *m = meaning_row(rows[i].verb, rows[i].code);

        cr_assert_not_null(m);
        cr_expect_eq(m->code, rows[i].row, "row %zu: %u", i, m->code);
    }
}
