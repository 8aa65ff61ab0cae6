/* Piped lines: in step with the replies, and how they end. */
#include "desk.h"

static void pipe_lines(struct desk *d, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        console_queue(d->console, span_of(lines[i]));
}

static bool desk_left(const struct desk *d)
{
    return d->quit;
}

Test(queue, pipes_the_textbooks_dialogue_in_step)
{
    static const char *const lines[] = { "HELO crepes.fr\r",
                                         "MAIL FROM:<alice@crepes.fr>\r",
                                         "RCPT TO:<bob@hamburger.edu>\r",
                                         "DATA\r",
                                         "Subject: lunch\r",
                                         "\r",
                                         "/quit is text here\r",
                                         ".\r",
                                         "QUIT\r" };
    struct desk d;
    struct buf talk = { 0 };
    struct server_letter letter;

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    pipe_lines(&d, lines, ROWS(lines));
    cr_expect_eq(console_queued(d.console), ROWS(lines), "nothing before the greeting");
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 0);
    desk_talk(&d, 1, &talk);
    cr_expect(desk_has(&talk, "C: DATA\nS: 354"), "%s", buf_text(&talk));
    cr_expect(desk_has(&talk, "C: .\nS: 250"), "%s", buf_text(&talk));
    cr_expect(desk_has(&talk, "C: QUIT\nS: 221"), "%s", buf_text(&talk));
    cr_assert(server_letter(d.server, "bob", 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("Subject: lunch\r\n\r\n/quit is text here\r\n")));
    cr_expect_str_eq(buf_text(&d.complained), "");
    buf_release(&talk);
    desk_end(&d);
}

Test(queue, waits_for_each_reply)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE, "220-one\r\n");
    console_queue(d.console, SPAN("EHLO a"));
    console_queue(d.console, SPAN("NOOP"));
    cr_assert(TURN_UNTIL(d.loop, record_lines(d.record, 1) == 1));
    cr_expect_eq(console_queued(d.console), 2, "the greeting is not whole yet");
    stream_write(d.peer, SPAN("220 two\r\n"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    cr_expect_str_eq(buf_text(&d.heard), "EHLO a\r\n");
    stream_write(d.peer, SPAN("250-a\r\n250 b\r\n"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len > 8));
    cr_expect_str_eq(buf_text(&d.heard), "EHLO a\r\nNOOP\r\n");
    cr_expect_eq(console_queued(d.console), 0);
    desk_end(&d);
}

Test(queue, passes_over_the_letter_when_data_was_refused)
{
    static const char *const lines[] = { "HELO crepes.fr", "data", "Subject: x", "QUIT",
                                         "..not the dot",  ".",    "NOOP",       "QUIT" };
    struct desk d;
    struct buf talk = { 0 };

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    pipe_lines(&d, lines, ROWS(lines));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 1);
    desk_talk(&d, 1, &talk);
    cr_expect(desk_has(&talk, "C: data\nS: 503"), "%s", buf_text(&talk));
    cr_expect(desk_has(&talk, "C: NOOP\nS: 250"), "%s", buf_text(&talk));
    cr_expect_not(desk_has(&talk, "Subject"), "%s", buf_text(&talk));
    cr_expect_str_eq(buf_text(&d.complained),
                     "DATA was refused, so the 4 lines after it, up to the dot, were not sent.\n");
    buf_release(&talk);
    desk_end(&d);
}

Test(queue, tells_of_a_refused_data_whose_dot_never_came)
{
    static const char *const lines[] = { "HELO crepes.fr", "DATA", "Subject: x" };
    struct desk d;

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    pipe_lines(&d, lines, ROWS(lines));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 1);
    cr_expect_str_eq(buf_text(&d.complained),
                     "DATA was refused, so the 1 line after it, up to the dot, was not sent.\n");
    desk_end(&d);
}

Test(queue, tells_of_a_letter_without_its_dot)
{
    static const char *const lines[] = { "HELO crepes.fr", "MAIL FROM:<a@crepes.fr>",
                                         "RCPT TO:<bob@hamburger.edu>", "DATA", "half a letter" };
    struct desk d;

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    pipe_lines(&d, lines, ROWS(lines));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 1);
    cr_expect(desk_has(&d.complained, "no dot was sent"), "%s", buf_text(&d.complained));
    cr_expect_eq(server_letters(d.server, "bob"), 0);
    desk_end(&d);
}

/* Lines, separated by "|", to the lab; and the status at the end. */
static const struct {
    const char *name, *lines;
    int status;
    const char *complaint; /* part of it; "" none */
} ends[] = {
    { "a refusal is no failure", "HELO crepes.fr|RCPT TO:<bob@hamburger.edu>|QUIT", 0, "" },
    { "without QUIT the talk is closed", "HELO crepes.fr", 0, "" },
    { "nothing at all", "", 0, "" },
    { "expected and so", "HELO crepes.fr|/expect 250|DATA|/expect 5", 1, "DATA was refused" },
    { "expected and not so", "HELO crepes.fr|/expect 550|QUIT", 1,
      "/expect 550: the last reply was 250" },
    { "expected by two digits", "HELO crepes.fr|/expect 25|/expect 2|/expect 220", 1,
      "/expect 220: the last reply was 250" },
    { "commands after the end", "HELO crepes.fr|QUIT|/server mailboxes|/state", 0, "" },
    { "an unknown command", "HELO crepes.fr|/hlep|QUIT", 2, "/help" },
    { "lines after QUIT", "QUIT|NOOP|NOOP", 1, "2 lines were not sent: the talk is over" },
    { "quit in the middle", "HELO crepes.fr|/quit|NOOP", 0, "" },
    { "a pipeline without its end", "HELO crepes.fr|/pipeline|NOOP", 1, "/pipeline without /go" },
    { "a pipeline", "HELO crepes.fr|/pipeline|NOOP|NOOP|/go|/expect 250|QUIT", 0, "" },
    { "an empty line is sent", "|/expect 500|QUIT", 0, "" },
    { "closed and connected anew", "NOOP|/close|/connect|HELO a.example|/expect 250|QUIT", 0, "" },
    { "wait", "HELO crepes.fr|/wait 0.01|/expect 250|QUIT", 0, "" },
};

Test(queue, ends_with_a_status_that_tells_how_it_went)
{
    for (size_t i = 0; i < ROWS(ends); i++) {
        struct desk d;
        struct span rest = span_of(ends[i].lines);

        desk_start(&d, DESK_LAB | DESK_PIPE);
        console_connect_lab(d.console);
        if (*ends[i].lines)
            do
                console_queue(d.console, span_cut(rest, '|', &rest));
            while (rest.len);
        console_input_ended(d.console);
        cr_assert(TURN_UNTIL(d.loop, desk_left(&d)), "%s", ends[i].name);
        cr_expect_eq(d.status, ends[i].status, "%s: status %d: %s", ends[i].name, d.status,
                     buf_text(&d.complained));
        if (*ends[i].complaint)
            cr_expect(desk_has(&d.complained, ends[i].complaint), "%s: %s", ends[i].name,
                      buf_text(&d.complained));
        else
            cr_expect_str_eq(buf_text(&d.complained), "", "%s: %s", ends[i].name,
                             buf_text(&d.complained));
        desk_end(&d);
    }
}

Test(queue, leaves_with_3_when_there_is_no_connection)
{
    struct desk d;
    unsigned port;

    desk_start(&d, DESK_PIPE | DESK_LISTENER);
    port = listener_port(d.listener);
    listener_free(d.listener);
    d.listener = NULL;
    console_connect(d.console, "127.0.0.1", port);
    console_queue(d.console, SPAN("HELO crepes.fr"));
    console_queue(d.console, SPAN("QUIT"));
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)), "though the input did not end");
    cr_expect_eq(d.status, 3);
    cr_expect_str_eq(buf_text(&d.complained), "2 lines were not sent: there is no connection.\n");
    desk_end(&d);
}

Test(queue, leaves_with_5_when_the_peer_breaks_off)
{
    for (int reset = 0; reset < 2; reset++) {
        struct desk d;

        desk_peer(&d, DESK_PIPE, "220 hi\r\n");
        console_queue(d.console, SPAN("HELO a"));
        console_queue(d.console, SPAN("NOOP"));
        cr_assert(TURN_UNTIL(d.loop, d.heard.len));
        if (reset)
            stream_abort(d.peer);
        else
            stream_finish(d.peer);
        cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
        cr_expect_eq(d.status, 5, "status %d", d.status);
        cr_expect(desk_has(&d.complained, "1 line was not sent"), "%s", buf_text(&d.complained));
        desk_end(&d);
    }
}

struct feeder {
    struct desk *desk;
    struct watch *timer;
    unsigned given;
};

static void feed_line(void *ctx)
{
    struct feeder *f = ctx;

    f->given++;
    console_queue(f->desk->console, SPAN("NOOP"));
    watch_set_timer(f->timer, CLOCK_SECOND / 100);
}

/* Only the server's life counts: input that goes on is none. */
Test(queue, gives_up_on_a_silent_server_while_the_input_goes_on)
{
    struct desk d;
    struct feeder f = { .desk = &d };

    desk_peer(&d, DESK_PIPE | DESK_SHORT_TIME, "220 hi\r\n");
    f.timer = loop_timer(d.loop, feed_line, &f);
    watch_set_timer(f.timer, 0);
    cr_expect(TURN_UNTIL(d.loop, d.quit));
    cr_expect_eq(d.status, STATUS_BROKEN);
    cr_expect_gt(f.given, 2);
    cr_expect(desk_has(&d.complained, "No reply within"), "%s", buf_text(&d.complained));
    watch_free(f.timer);
    desk_end(&d);
}

Test(queue, gives_a_silent_peer_up)
{
    struct desk d;
    struct record_event last;

    desk_peer(&d, DESK_PIPE | DESK_SHORT_TIME, "220 hi\r\n");
    console_queue(d.console, SPAN("HELO a"));
    console_queue(d.console, SPAN("NOOP"));
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 5);
    cr_expect_str_eq(buf_text(&d.heard), "HELO a\r\n");
    cr_expect(desk_has(&d.complained, "No reply within"), "%s", buf_text(&d.complained));
    cr_expect(desk_has(&d.complained, "1 line was not sent.\n"), "%s", buf_text(&d.complained));
    record_event_get(d.record, 1, record_events(d.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_STOPPED, "by the program, not by the person");
    desk_end(&d);
}

Test(queue, counts_what_a_pipe_sends_after_the_servers_end)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE, "220 hi\r\n421 closing\r\n");
    cr_assert(TURN_UNTIL(d.loop, console_dialogue(d.console) && record_lines(d.record, 1) == 2));
    stream_finish(d.peer);
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    cr_expect_not(d.quit, "the pipe is open");
    console_queue(d.console, SPAN("NOOP"));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 5);
    cr_expect_str_eq(buf_text(&d.complained), "1 line was not sent: the talk is over.\n");
    desk_end(&d);
}

Test(queue, does_not_wait_for_a_pipe_that_stays_open)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE, "421 closing\r\n");
    cr_assert(TURN_UNTIL(d.loop, console_dialogue(d.console) && record_lines(d.record, 1) == 1));
    stream_finish(d.peer);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 5);
    cr_expect(desk_has(&d.complained, "what else comes from the input is not sent"), "%s",
              buf_text(&d.complained));
    desk_end(&d);
}

Test(queue, goes_on_when_a_close_is_done)
{
    struct desk d;
    struct record_event e;

    desk_peer(&d, DESK_PIPE, "220 hi\r\n");
    console_queue(d.console, SPAN("/close"));
    console_queue(d.console, SPAN("/connect 127.0.0.1 1"));
    cr_assert(TURN_UNTIL(d.loop, d.peer_gone));
    cr_expect_eq(record_count(d.record), 1, "the server has not closed yet");
    stream_finish(d.peer);
    cr_assert(TURN_UNTIL(d.loop, record_count(d.record) == 2));
    record_event_get(d.record, 1, record_events(d.record, 1) - 1, &e);
    cr_expect_eq(e.event, TALK_CLOSED_BY_CLIENT);
    desk_end(&d);
}

Test(queue, gives_up_on_a_greeting_that_does_not_come)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE | DESK_SHORT_TIME, "");
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 5);
    desk_end(&d);
}

Test(queue, lets_the_server_close_after_its_farewell)
{
    struct desk d;
    struct record_event last;

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    console_queue(d.console, SPAN("QUIT"));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    record_event_get(d.record, 1, record_events(d.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_CLOSED_BY_SERVER);
    cr_expect_eq(d.status, 0);
    desk_end(&d);
}

Test(queue, closes_itself_when_the_server_does_not)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE, "220 hi\r\n");
    console_queue(d.console, SPAN("QUIT"));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    stream_write(d.peer, SPAN("221 bye\r\n"));
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 0);
    cr_expect_str_eq(buf_text(&d.complained), "");
    desk_end(&d);
}

Test(queue, waits_for_outstanding_replies_at_the_end)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE, "220 hi\r\n");
    console_queue(d.console, SPAN("QUIT"));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    loop_poll(d.loop);
    cr_expect_not(d.quit);
    stream_write(d.peer, SPAN("221 bye\r\n"));
    cr_assert(TURN_UNTIL(d.loop, d.peer_gone));
    stream_free(d.peer);
    d.peer = NULL;
    cr_assert(TURN_UNTIL(d.loop, desk_left(&d)));
    cr_expect_eq(d.status, 0);
    desk_end(&d);
}

#define BODY_LINES 40000

Test(queue, holds_a_large_letter_back_while_the_server_is_slow)
{
    struct desk d;
    size_t all = 0;

    desk_peer(&d, DESK_PIPE, "220 hi\r\n");
    stream_pause(d.peer, true);
    console_queue(d.console, SPAN("DATA"));
    cr_assert(TURN_UNTIL(d.loop, record_lines(d.record, 1) == 2));
    stream_write(d.peer, SPAN("354 go\r\n"));
    for (int i = 0; i < BODY_LINES; i++) {
        console_queue(d.console, SPAN("0123456789012345678901234567890123456789012345678901234567"
                                      "8901234567890123456789012345678901234567890123456789012345"
                                      "67890123456789012345678901234567890123456789"));
        all += 162;
    }
    console_queue(d.console, SPAN("."));
    cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_LETTER));
    cr_expect_gt(console_queued(d.console), 100, "not all of it is under way");
    stream_pause(d.peer, false);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len == all + sizeof("DATA\r\n.\r\n") - 1));
    cr_expect_eq(console_queued(d.console), 0);
    desk_end(&d);
}
