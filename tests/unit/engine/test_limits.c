/* What a peer could overdo: lengths, counts, silence, floods. */
#include <stdlib.h>

#include "engine/engine.h"
#include "smtp/command.h"
#include "support/drive.h"
#include "support/table.h"

#define READY "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"

static unsigned count(const struct buf *text, const char *what)
{
    unsigned n = 0;

    for (const char *at = buf_text(text); (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

/* The code of the reply to a line of `len` octets, without its end, after `before`. */
static unsigned code_of_length(const char *before, const char *start, size_t len)
{
    struct drive d;
    struct buf line = { 0 };
    unsigned code;

    drive_start(&d, &policy_lab);
    drive_push(&d, span_of(before));
    buf_clear(&d.replies);
    buf_add_text(&line, start);
    buf_add_repeat(&line, 'x', len - line.len);
    buf_add_text(&line, "\r\n");
    drive_push(&d, buf_span(&line));
    code = (unsigned)strtoul(buf_text(&d.replies), NULL, 10);
    buf_release(&line);
    drive_end(&d);
    return code;
}

Test(limits, hold_for_lines)
{
    cr_expect_eq(code_of_length("", "NOOP ", 510), 250);
    cr_expect_eq(code_of_length("", "NOOP ", 511), 500);
    cr_expect_eq(code_of_length("", "NOOP ", 1500), 500, "row 30 of the course table");
    cr_expect_eq(code_of_length("EHLO a.fr\r\n", "NOOP ", 511), 500);
    cr_expect_eq(code_of_length("EHLO a.fr\r\n", "MAIL FROM:<a@b.fr> X=", 679), 555);
    cr_expect_eq(code_of_length("EHLO a.fr\r\n", "MAIL FROM:<a@b.fr> X=", 680), 500);
    cr_expect_eq(code_of_length("HELO a.fr\r\n", "MAIL FROM:<a@b.fr> X=", 511), 500);
    cr_expect_eq(code_of_length("", "NOOP ", 100000000), 500, "and cost nothing");
    cr_expect_eq(code_of_length("", "VRFY ", 5 + 254), 550);
    cr_expect_eq(code_of_length("", "VRFY ", 5 + 255), 501, "its reply would be too long");
}

Test(limits, hold_for_recipients)
{
    struct policy two = policy_lab;
    struct drive d;

    two.recipients_max = 2;
    drive_start(&d, &two);
    drive_push(&d, SPAN(READY));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("RCPT TO:<postmaster>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
                        "DATA\r\nx\r\n.\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "250 2.1.5 postmaster ... Recipient ok\r\n"
                                           "452 4.5.3 Too many recipients\r\n"
                                           "354 Enter mail, end with \".\" on a line by itself\r\n"
                                           "250 2.0.0 Message accepted for delivery\r\n");
    cr_expect_str_eq(buf_text(&d.letters), "alice@crepes.fr bob@hamburger.edu,postmaster: x\r\n\n");
    cr_expect_not_null(strstr(buf_text(&d.facts), "this letter has 2 recipients"));
    drive_end(&d);
}

Test(limits, hold_for_the_letter_when_it_is_announced_and_when_it_came)
{
    struct policy small = policy_lab;
    struct drive d;

    small.size_limit = 10;
    drive_start(&d, &small);
    drive_push(&d, SPAN("EHLO crepes.fr\r\nMAIL FROM:<a@b.fr> SIZE=11\r\n"
                        "MAIL FROM:<a@b.fr> SIZE=99999999999999999999\r\n"
                        "MAIL FROM:<a@b.fr> SIZE=10\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "250-SIZE 10\r\n"));
    cr_expect_eq(count(&d.replies, "552 5.3.4 Letter larger than 10 octets\r\n"), 2);
    cr_expect_not_null(strstr(buf_text(&d.facts), "announced with 11 octets, 10 is the limit"));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("RCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"));
    for (int i = 0; i < 100000; i++)
        drive_push(&d, SPAN("too much\r\n"));
    cr_expect_eq(engine_letter_octets(d.engine), 0, "what is refused is not kept");
    drive_push(&d, SPAN(".\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "552 5.3.4 Letter too large\r\n"));
    cr_expect_eq(d.stores, 0);
    drive_push(&d, SPAN("MAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"
                        "..345678\r\n.\r\n"));
    cr_expect_str_eq(buf_text(&d.letters), "a@b.fr bob@hamburger.edu: .345678\r\n\n",
                     "ten octets without the stuffed dot");
    drive_end(&d);
}

Test(limits, hold_for_errors)
{
    struct policy strict = policy_lab;
    struct drive d;

    strict.errors_max = 3;
    drive_start(&d, &strict);
    drive_push(&d, SPAN(READY "RCPT TO:<x@y.org>\r\nls\r\n\r\nNOOP\r\n"));
    cr_expect_eq(d.closes, 0);
    buf_clear(&d.replies);
    drive_push(&d, SPAN("exit\r\nNOOP\r\nNOOP\r\n"));
    cr_expect_str_eq(buf_text(&d.replies),
                     "421 4.7.0 hamburger.edu Too many errors, closing connection\r\n");
    cr_expect_eq(d.closes, 1);
    cr_expect_not_null(strstr(buf_text(&d.facts), "CLOSED 0 too many commands were refused\n"));
    cr_expect_not_null(strstr(buf_text(&d.facts), "CLEARED 0 too many commands were refused\n"));
    cr_expect_eq(engine_push(d.engine, SPAN("NOOP\r\n"), 0), 6, "the rest is dropped");
    engine_client_closed(d.engine, 0);
    drive_pull(&d);
    cr_expect_eq(d.closes, 1);
    drive_end(&d);
}

Test(limits, hold_for_silence)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    cr_expect_eq(engine_deadline(d.engine), ENGINE_COMMAND_TIMEOUT);
    d.now = 10;
    drive_push(&d, SPAN("HELO crepes.fr\r\n"));
    cr_expect_eq(engine_deadline(d.engine), 10 + ENGINE_COMMAND_TIMEOUT);
    d.now = 20;
    drive_push(&d, SPAN("MAIL FR"));
    cr_expect_eq(engine_deadline(d.engine), 10 + ENGINE_COMMAND_TIMEOUT,
                 "half a line is no sign of life");
    engine_tick(d.engine, 9 + ENGINE_COMMAND_TIMEOUT);
    drive_pull(&d);
    cr_expect_eq(d.closes, 0);
    buf_clear(&d.replies);
    engine_tick(d.engine, 10 + ENGINE_COMMAND_TIMEOUT);
    drive_pull(&d);
    cr_expect_eq(d.closes, 1);
    cr_expect_str_eq(buf_text(&d.replies), "421 hamburger.edu Timeout, closing connection\r\n");
    cr_expect_eq(engine_deadline(d.engine), CLOCK_NEVER);
    engine_tick(d.engine, CLOCK_NEVER);
    drive_pull(&d);
    cr_expect_eq(d.closes, 1);
    drive_end(&d);
}

Test(limits, of_silence_move_with_the_letter_and_stand_still_while_it_is_stored)
{
    struct policy brisk = policy_lab;
    struct drive d;

    brisk.command_timeout = CLOCK_SECOND;
    drive_start(&d, &brisk);
    d.hold = true;
    drive_push(&d, SPAN(READY "DATA\r\n"));
    d.now = 5;
    drive_push(&d, SPAN("x"));
    cr_expect_eq(engine_deadline(d.engine), CLOCK_SECOND + 5);
    drive_push(&d, SPAN("\r\n.\r\n"));
    cr_expect_eq(engine_deadline(d.engine), CLOCK_NEVER);
    d.now = 7;
    drive_stored(&d, true, NULL);
    cr_expect_eq(engine_deadline(d.engine), CLOCK_SECOND + 7);
    engine_set_timeouts(d.engine, false);
    cr_expect_eq(engine_deadline(d.engine), CLOCK_NEVER, "a learner may think");
    engine_tick(d.engine, 100 * CLOCK_SECOND);
    drive_pull(&d);
    cr_expect_eq(d.closes, 0);
    drive_end(&d);
}

Test(limits, hold_for_floods_that_are_not_pulled)
{
    struct engine *e = engine_new(&policy_lab);
    struct buf flood = { 0 };
    struct action a;
    size_t took = 0, now, replies = 0, most = 0, writes = 0;

    for (int i = 0; i < 100000; i++)
        buf_add(&flood, SPAN("\r\n"));
    engine_open(e, 0);
    for (int i = 0; i < 10; i++)
        took += engine_push(e, span_from(buf_span(&flood), took), 0);
    cr_expect_leq(engine_waiting(e), ENGINE_INPUT_MAX);
    cr_expect_lt(took, flood.len / 2, "it takes no more: %zu", took);
    do {
        while (engine_next(e, &a)) {
            if (a.kind != ACTION_WRITE)
                continue;
            writes++;
            if (a.octets.len > most)
                most = a.octets.len;
            for (size_t at = 0; at < a.octets.len; at++)
                replies += a.octets.at[at] == '\n';
        }
        now = engine_push(e, span_from(buf_span(&flood), took), 0);
        took += now;
    } while (now);
    while (engine_next(e, &a))
        ;
    cr_expect_eq(took, flood.len);
    cr_expect_leq(most, ENGINE_OUTPUT_MAX + 512);
    cr_expect_gt(writes, 1);
    cr_expect_leq(replies, 100001u, "one for each line, and the greeting");
    cr_expect_gt(replies, 90000u);
    buf_release(&flood);
    engine_free(e);
}

Test(limits, of_silence_may_be_others_inside_a_letter)
{
    struct policy p = policy_lab;
    struct drive d;

    p.data_timeout = 3;
    drive_start(&d, &p);
    drive_push(&d, SPAN(READY "DATA\r\nx"));
    cr_expect_eq(engine_deadline(d.engine), 3);
    drive_push(&d, SPAN("\r\n.\r\n"));
    cr_expect_eq(engine_deadline(d.engine), ENGINE_COMMAND_TIMEOUT);
    drive_end(&d);
}
