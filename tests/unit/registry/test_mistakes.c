#include "registry/mistakes.h"

#include <criterion/criterion.h>

#include "smtp/command.h"
#include "support/prose.h"

static const char *name(int m)
{
    return mistake_rows[m].name;
}

Test(mistakes, have_words_that_read_well)
{
    for (int m = 0; m < MISTAKE_COUNT; m++) {
        const struct mistake_words *w = mistake_words((enum mistake)m);

        EXPECT_SENTENCE(w->what, 120, name(m));
        EXPECT_SENTENCE(w->why, 160, name(m));
        cr_expect_not(prose_is_breathless(w->what), "%s", w->what);
        cr_expect_not(prose_is_breathless(w->why), "%s", w->why);
    }
}

Test(mistakes, are_all_told_apart)
{
    for (int a = 0; a < MISTAKE_COUNT; a++)
        for (int b = 0; b < a; b++)
            cr_expect_str_neq(mistake_words((enum mistake)a)->what,
                              mistake_words((enum mistake)b)->what, "%s and %s", name(a), name(b));
}

/* What is shown as right is taken by the parser, with nothing worse than its own risk. */
Test(mistakes, show_a_right_form_that_is_right)
{
    for (int m = 0; m < MISTAKE_COUNT; m++) {
        struct line line = { span_of(mistake_words((enum mistake)m)->right), 0, LINE_CRLF, 0 };
        struct command c;

        if (!line.head.len || span_eq(line.head, SPAN(".")) ||
            span_starts(line.head, SPAN("Subject:")))
            continue;
        line.len = line.head.len;
        command_parse(&line, COMMAND_LINE_MAX, &c);
        cr_expect(c.verb != VERB_UNKNOWN, "%s", name(m));
        cr_expect_eq(c.mistakes.count, 0, "%s: %s", name(m), mistake_words((enum mistake)m)->right);
    }
}
