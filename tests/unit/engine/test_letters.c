/* Letters: to the octet what was sent, kept until they are stored, and counted on the way. */
#include <stdlib.h>

#include "engine/engine.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define READY    "HELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
#define ENVELOPE "alice@crepes.fr bob@hamburger.edu: "

/* What RFC 5321 4.5.2 says, as simply as it can be said: after a CRLF one dot is taken away, and a
 * dot alone between two CRLF ends the letter. Returns the octets used; 0: no end. */
static size_t reference(struct span wire, struct buf *letter)
{
    bool start = true; /* after CRLF */

    for (size_t i = 0; i < wire.len; i++) {
        if (start && wire.at[i] == '.') {
            if (i + 2 < wire.len && wire.at[i + 1] == '\r' && wire.at[i + 2] == '\n')
                return i + 3;
            if (++i == wire.len)
                return 0;
            if (wire.at[i] == '\n') /* a bare LF: no stuffing that a strict server knows */
                buf_add_octet(letter, '.');
        }
        buf_add_octet(letter, wire.at[i]);
        start = wire.at[i] == '\n' && i > 0 && wire.at[i - 1] == '\r';
    }
    return 0;
}

Test(letters, are_unstuffed_as_a_simple_reference_does_it)
{
    static const unsigned char signs[] = { '.', '\r', '\n', 'x', '.', '\n', '\r', 0xe9 };
    uint32_t seed = 1;

    for (int round = 0; round < 20000; round++) {
        struct buf wire = { 0 }, want = { 0 }, got = { 0 };
        struct drive d;
        size_t used;

        for (int i = 0; i < 24; i++) {
            seed = seed * 1664525u + 1013904223u;
            buf_add_octet(&wire, signs[seed >> 29]);
            if (seed >> 28 & 1 && wire.at[wire.len - 1] == '\r')
                buf_add_octet(&wire, '\n');
        }
        buf_add(&wire, SPAN("\r\n.\r\n"));
        used = reference(buf_span(&wire), &want);
        cr_assert_neq(used, 0);
        drive_start(&d, &policy_lab);
        drive_push(&d, SPAN(READY "DATA\r\n"));
        feed(drive_feed, &d, span_first(buf_span(&wire), used), (size_t)round % (used + 1));
        buf_add_text(&got, ENVELOPE);
        buf_add(&got, buf_span(&want));
        buf_add_octet(&got, '\n');
        cr_expect(span_eq(buf_span(&d.letters), buf_span(&got)), "round %d", round);
        cr_expect_eq(d.stores, 1, "round %d", round);
        drive_end(&d);
        buf_release(&wire);
        buf_release(&want);
        buf_release(&got);
    }
}

Test(letters, end_with_nothing_but_a_dot_between_two_line_ends)
{
    static const struct span not_ends[] = {
        SPAN_INIT("x\n.\n"),       SPAN_INIT("x\n.\r\n"),    SPAN_INIT("x\r\n.\n"),
        SPAN_INIT("x\r.\r"),       SPAN_INIT("x\r\r\n.\r"),  SPAN_INIT("x\r\n.\r\r\n"),
        SPAN_INIT("x\r\n. \r\n"),  SPAN_INIT("x\r\n..\r\n"), SPAN_INIT("x\r\n.\0\r\n"),
        SPAN_INIT("x\r\n\0.\r\n"), SPAN_INIT("x .\r\n"),
    };

    for (size_t i = 0; i < ROWS(not_ends); i++) {
        struct drive d;

        drive_start(&d, &policy_lab);
        drive_push(&d, SPAN(READY "DATA\r\n"));
        drive_push(&d, not_ends[i]);
        drive_push(&d, SPAN("MAIL FROM:<smuggled@crepes.fr>\r\n"));
        cr_expect_eq(d.stores, 0, "row %zu", i);
        drive_push(&d, SPAN("\r\n.\r\n"));
        cr_expect_eq(d.stores, 1, "row %zu", i);
        drive_end(&d);
    }
}

Test(letters, wait_for_the_store_while_commands_wait_for_them)
{
    struct drive d;
    struct buf more = { 0 };

    drive_start(&d, &policy_lab);
    d.hold = true;
    drive_push(&d, SPAN(READY "DATA\r\nx\r\n.\r\nNOOP\r\nMAIL FROM:<c@d.fr>\r\nQU"));
    cr_assert_eq(d.stores, 1);
    cr_expect_str_eq(d.letter->client, "crepes.fr");
    cr_expect_eq(d.letter->counts.octets, 3);
    cr_expect_eq(d.closes, 0);
    cr_expect_not_null(strstr(buf_text(&d.replies), "354 Enter mail"), "what is known is said");
    cr_expect_eq(engine_waiting(d.engine), 28);
    buf_clear(&d.replies);
    buf_add_repeat(&more, 'x', ENGINE_INPUT_MAX);
    cr_expect_eq(engine_push(d.engine, buf_span(&more), 0), ENGINE_INPUT_MAX - 28);
    cr_expect_eq(engine_push(d.engine, SPAN("y"), 0), 0, "no more has room");
    drive_pull(&d);
    cr_expect_eq(d.replies.len, 0);
    drive_stored(&d, true, NULL);
    cr_expect_str_eq(buf_text(&d.replies), "250 Message accepted for delivery\r\n250 Ok\r\n"
                                           "250 c@d.fr ... Sender ok\r\n");
    cr_expect_eq(engine_waiting(d.engine), 0);
    engine_stored(d.engine, true, NULL, 0); /* of a letter that nobody asked for */
    drive_pull(&d);
    cr_expect_eq(d.stores, 1);
    buf_release(&more);
    drive_end(&d);
}

Test(letters, may_be_followed_by_the_end_while_they_wait)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    d.hold = true;
    drive_push(&d, SPAN(READY "DATA\r\nx\r\n.\r\nQUIT\r\nNOOP\r\n"));
    cr_expect_eq(engine_waiting(d.engine), 12);
    drive_stored(&d, true, NULL);
    cr_expect_eq(engine_waiting(d.engine), 0);
    cr_expect_eq(d.closes, 1);
    cr_expect_not_null(strstr(buf_text(&d.replies), "delivery\r\n221 hamburger.edu"));
    cr_expect_null(strstr(buf_text(&d.replies), "250 Ok"));
    drive_end(&d);
}

Test(letters, that_cannot_be_stored_may_be_tried_again)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    d.refuse = "the disk is full";
    drive_push(&d, SPAN(READY "DATA\r\nx\r\n.\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "452 The letter could not be stored now\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.facts),
                              "DECIDED 452 the letter could not be stored (the disk is full): it "
                              "may be tried again\nCLEARED"));
    d.refuse = NULL;
    drive_push(&d, SPAN("MAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\ny\r\n.\r\n"));
    cr_expect_eq(d.stores, 2);
    drive_end(&d);
}

Test(letters, are_dropped_when_there_is_no_room)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    engine_no_room(d.engine);
    drive_push(&d, SPAN(READY "DATA\r\nmuch"));
    cr_expect_eq(engine_letter_octets(d.engine), 4);
    engine_no_room(d.engine);
    cr_expect_eq(engine_letter_octets(d.engine), 0);
    drive_push(&d, SPAN(" more\r\n.\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "452 Not enough room for this letter now\r\n"));
    cr_expect_eq(d.stores, 0);
    drive_push(&d, SPAN("MAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\ny\r\n.\r\n"));
    cr_expect_eq(d.stores, 1, "the next one may fit");
    drive_end(&d);
}

Test(letters, are_dropped_when_the_client_leaves)
{
    static const struct {
        const char *sent, *cleared, *closed;
        unsigned stores;
    } rows[] = {
        { "", NULL, "CLOSED 0 the client closed the connection\n", 0 },
        { "HELO crepes.fr\r\nNOO", NULL, "CLOSED 0 the client closed the connection\n", 0 },
        { READY, "CLEARED 0 the client left in the middle",
          "CLOSED 0 the client left in the middle: its letter is dropped\n", 0 },
        { READY "DATA\r\nx\r\n.\r", "CLEARED 0 the client left in the middle",
          "CLOSED 0 the client left in the middle: its letter is dropped\n", 0 },
        { READY "DATA\r\nx\r\n.\r\n", "CLEARED 0 the letter is stored",
          "CLOSED 0 the client closed the connection\n", 1 },
        { "QUIT\r\n", NULL, "CLOSED 0 the client said QUIT\n", 0 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct drive d;

        drive_start(&d, &policy_lab);
        drive_push(&d, span_of(rows[i].sent));
        engine_client_closed(d.engine, d.now);
        drive_pull(&d);
        cr_expect_eq(d.closes, 1, "row %zu", i);
        cr_expect_eq(d.stores, rows[i].stores, "row %zu", i);
        cr_expect_not_null(strstr(buf_text(&d.facts), rows[i].closed), "row %zu: %s", i,
                           buf_text(&d.facts));
        cr_expect_eq(strstr(buf_text(&d.facts), "CLEARED") != NULL, rows[i].cleared != NULL);
        if (rows[i].cleared)
            cr_expect_not_null(strstr(buf_text(&d.facts), rows[i].cleared), "row %zu", i);
        cr_expect_eq(engine_push(d.engine, SPAN("NOOP\r\n"), 0), 6);
        drive_end(&d);
    }
}

Test(letters, are_stored_though_the_client_left_after_the_dot)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    d.hold = true;
    drive_push(&d, SPAN(READY "DATA\r\nx\r\n.\r\nNOOP\r\n"));
    engine_client_closed(d.engine, 0);
    drive_pull(&d);
    cr_expect_eq(d.closes, 0, "the store is out");
    drive_stored(&d, true, NULL);
    cr_expect_not_null(strstr(buf_text(&d.replies), "delivery\r\n250 Ok\r\n"));
    cr_expect_eq(d.closes, 1);
    drive_end(&d);
}

Test(letters, are_counted_once_a_push)
{
    struct drive d;
    struct buf much = { 0 };

    drive_start(&d, &policy_lab);
    drive_push(&d, SPAN(READY "DATA\r\n"));
    cr_expect_eq(d.body_facts, 0, "nothing of the letter itself");
    drive_push(&d, SPAN("Subject: lunch\r\n"));
    drive_push(&d, SPAN("\r\nDo you like ketchup?\r\nQUIT\r\n"));
    cr_expect_eq(d.body_facts, 2);
    cr_expect_not_null(strstr(buf_text(&d.facts), "BODY 16 1 0\nBODY 46 1 2\n"), "%s",
                       buf_text(&d.facts));
    for (int i = 0; i < 10000; i++)
        buf_add(&much, SPAN("a line of the letter\r\n"));
    drive_push(&d, buf_span(&much));
    cr_expect_eq(d.body_facts, 3);
    drive_push(&d, SPAN(".\r\n"));
    cr_expect_eq(d.body_facts, 3, "no news");
    buf_release(&much);
    drive_end(&d);
}

Test(letters, come_in_batches_with_one_write_each)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    drive_push(&d, SPAN("EHLO crepes.fr\r\n"));
    cr_expect_eq(d.writes, 2);
    drive_push(&d, SPAN("MAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nRCPT TO:<x@y.fr>\r\nDATA\r\n"));
    cr_expect_eq(d.writes, 3);
    drive_push(&d, SPAN("x\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n"));
    cr_expect_eq(d.writes, 4);
    drive_push(&d, SPAN("x\r\n.\r\nQUIT\r\n"));
    cr_expect_eq(d.writes, 5);
    drive_end(&d);
}
