#include "dialogue/fact.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void state(struct inside *in, enum fact_kind kind, const char *text, uint64_t number)
{
    struct fact f = {
        .kind = kind, .text = span_of(text), .number = number, .header_lines = 1, .body_lines = 2
    };

    inside_add(in, &f);
}

Test(fact, tells_the_inside_of_a_server_as_it_works)
{
    struct inside in;

    inside_init(&in);
    state(&in, FACT_OPENED, "hamburger.edu", 0);
    state(&in, FACT_MAILBOX, "bob", 0);
    state(&in, FACT_WAITS, "your greeting", 0);
    cr_expect_str_eq(in.host, "hamburger.edu");
    cr_expect_str_eq(in.waits, "your greeting");
    cr_expect_eq(in.mailbox_count, 1u);
    state(&in, FACT_GREETED, "crepes.fr", 1);
    cr_expect(in.esmtp);
    state(&in, FACT_FROM, "alice@crepes.fr", 0);
    state(&in, FACT_TO, "bob@hamburger.edu", 0);
    state(&in, FACT_DECIDED, "mailbox bob exists here", 250);
    state(&in, FACT_BODY, "", 46);
    cr_expect(in.transaction && in.letter);
    cr_expect_str_eq(in.from, "alice@crepes.fr");
    cr_expect_eq(in.to_count, 1u);
    cr_expect(in.octets == 46 && in.header_lines == 1 && in.body_lines == 2);
    cr_expect_eq(in.decided_code, 250u);
    state(&in, FACT_STORED, "bob", 1);
    state(&in, FACT_CLEARED, "stored", 0);
    cr_expect_eq(in.mailboxes[0].letters, 1u);
    cr_expect_not(in.transaction || in.letter);
    cr_expect_null(in.from);
    state(&in, FACT_FROM, "", 0); /* <> */
    cr_expect_str_eq(in.from, "");
    state(&in, FACT_CLOSED, "the client said QUIT", 0);
    cr_expect_null(in.waits);
    cr_expect_str_eq(in.closed, "the client said QUIT");
    inside_release(&in);
}

Test(fact, keeps_to_its_limits)
{
    struct inside in;

    inside_init(&in);
    for (int i = 0; i < 500; i++) {
        char name[16];

        snprintf(name, sizeof name, "box%d", i);
        state(&in, FACT_MAILBOX, name, 0);
        state(&in, FACT_TO, name, 0);
    }
    cr_expect_eq(in.mailbox_count, (unsigned)INSIDE_MAILBOXES_MAX);
    cr_expect_eq(in.to_count, (unsigned)INSIDE_RECIPIENTS_MAX);
    inside_release(&in);
}
