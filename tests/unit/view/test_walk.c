#include "view/walk.h"

#include <criterion/criterion.h>

#include "support/talks.h"

/* Every line given by a walk is the one that the record itself gives, with its state. */
static void expect_like_the_record(const struct record *r, uint32_t first)
{
    struct walk w;
    uint32_t n = first;

    walk_start(&w, r, 1, first);
    for (; walk_next(&w); n++) {
        struct observer want;
        struct observed seen = w.line;
        enum side side = w.kept.side;
        int64_t time = w.kept.time;
        struct observed again;

        cr_assert_eq(seen.number, n);
        cr_expect_eq(side, record_line_side(r, 1, n));
        cr_expect_eq(time, record_line_time(r, 1, n));
        record_observed(r, 1, n, &again);
        cr_expect_eq(again.role, seen.role, "line %u", (unsigned)n);
        cr_expect_eq(again.after, seen.after, "line %u", (unsigned)n);
        if (n == record_lines(r, 1))
            continue; /* the record's state has heard the events behind the last line */
        record_state(r, 1, n, &want);
        cr_expect(observer_same(&want, &w.after), "line %u", (unsigned)n);
    }
    cr_expect_eq(n, record_lines(r, 1) + 1);
}

Test(walk, gives_each_line_as_the_record_does_from_any_start)
{
    struct record *r = talk_textbook();

    for (uint32_t first = 1; first <= record_lines(r, 1) + 1; first++)
        expect_like_the_record(r, first);
    record_free(r);
}

Test(walk, starts_in_the_middle_of_a_long_talk)
{
    struct record *r = talk_of("S: 220 a\nC: HELO b\nS: 250 a\n");

    for (int i = 0; i < 400; i++)
        talk_add(r, 1, "C: NOOP\nS: 250 ok\n");
    expect_like_the_record(r, 255);
    expect_like_the_record(r, 256);
    expect_like_the_record(r, 257);
    expect_like_the_record(r, 700);
    record_free(r);
}

Test(walk, tells_events_before_the_line_that_follows_them)
{
    struct record *r = talk_of("- CONNECTED 127.0.0.1\nS: 220 a\n- CLOSED_BY_SERVER\n");
    struct walk w;

    walk_start(&w, r, 1, 1);
    cr_assert(walk_next(&w));
    cr_expect_not(w.after.over, "the end comes after the line");
    cr_expect_not(walk_next(&w));
    walk_start(&w, r, 1, 2);
    cr_expect(w.after.over, "nothing comes after the last line but its events");
    cr_expect_not(walk_next(&w));
    record_free(r);
}

Test(walk, goes_on_when_the_dialogue_grows)
{
    struct record *r = talk_of("S: 220 a\n");
    struct walk w;

    walk_start(&w, r, 1, 2);
    cr_expect_not(walk_next(&w));
    talk_add(r, 1, "C: HELO b\nS: 250 a\n");
    cr_assert(walk_next(&w));
    cr_expect_eq(w.line.command.verb, VERB_HELO);
    cr_assert(walk_next(&w));
    cr_expect_eq(w.after.state, AT_READY);
    cr_expect_not(walk_next(&w));
    record_free(r);
}

Test(walk, hands_out_secrets_with_their_place)
{
    struct record *r = talk_of("S: 220 a\nC: EHLO b\nS: 250 AUTH PLAIN\nC: AUTH PLAIN c2VjcmV0\n");
    struct walk w;

    walk_start(&w, r, 1, 4);
    cr_assert(walk_next(&w));
    cr_expect(span_eq(w.line.secret, SPAN("c2VjcmV0")));
    cr_expect(span_eq(w.kept.line.head, SPAN("AUTH PLAIN c2VjcmV0")));
    record_free(r);
}

/* Commands sent ahead of their replies: each reply comes with the mistakes of its own command. */
Test(walk, tells_the_mistakes_of_the_command_that_a_reply_answers)
{
    struct record *r = talk_of("S: 220 a\nC: HELO b.c\nS: 250 a\nC: NOOP\nC:  RSET\nC: DATA\n"
                               "S: 250 a\nS: 500-a\nS: 500 a\nS: 503 a\nS: 421 a\n");
    static const unsigned found[] = { 0, 0, 0, 0, 2, 2, 0, 1, 1, 0, 0 };

    for (uint32_t first = 1; first <= 11; first++) {
        struct walk w;

        walk_start(&w, r, 1, first);
        for (uint32_t n = first; walk_next(&w); n++) {
            /* order is known of a command that was walked over last; of others the form */
            if (w.line.role == ROLE_REPLY)
                cr_expect_eq(w.asked.count, found[n - 1], "line %u from %u: %u", (unsigned)n,
                             (unsigned)first, w.asked.count);
        }
    }
    record_free(r);
}
