/* Talks: servers that die, new talks beside old ones. */
#include "desk.h"

Test(talks, keep_the_dialogue_when_the_server_dies)
{
    for (int reset = 0; reset < 2; reset++) {
        struct desk d;

        desk_peer(&d, 0, "220 hi\r\n");
        desk_settle(&d);
        if (reset)
            stream_abort(d.peer);
        else
            stream_finish(d.peer);
        cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
        cr_expect_eq(console_dialogue(d.console), 1);
        cr_expect_eq(record_lines(d.record, 1), 1);
        cr_expect_str_eq(console_prompt_text(d.console), "no server> ");
        console_enter(d.console, SPAN("NOOP"));
        cr_expect(desk_has(&d.said, "/connect starts a new talk with the same server"), "%s",
                  buf_text(&d.said));
        stream_free(d.peer);
        d.peer = NULL;
        console_enter(d.console, SPAN("/connect"));
        cr_expect_eq(console_dialogue(d.console), 2);
        cr_assert(TURN_UNTIL(d.loop, d.peer));
        stream_write(d.peer, SPAN("220 again\r\n"));
        cr_assert(TURN_UNTIL(d.loop, record_lines(d.record, 2) == 1));
        cr_expect_eq(record_lines(d.record, 1), 1, "talk 1 is as it was");
        cr_expect_not(d.quit);
        desk_end(&d);
    }
}

Test(talks, stand_side_by_side)
{
    struct desk d;
    struct buf one = { 0 }, two = { 0 };

    desk_lab(&d);
    desk_type(&d, "HELO one.example");
    desk_type(&d, "/connect");
    cr_expect_eq(console_dialogue(d.console), 2);
    cr_expect(desk_has(&d.said, "Talk 1 stays open"), "%s", buf_text(&d.said));
    desk_type(&d, "HELO two.example");
    desk_type(&d, "/talk 1");
    cr_expect_eq(console_dialogue(d.console), 1);
    desk_type(&d, "NOOP");
    desk_talk(&d, 1, &one);
    desk_talk(&d, 2, &two);
    cr_expect(desk_has(&one, "C: HELO one.example\nS: 250 Hello one.example, pleased to meet "
                             "you\nC: NOOP\nS: 250"),
              "%s", buf_text(&one));
    cr_expect(desk_has(&two, "C: HELO two.example"), "%s", buf_text(&two));
    desk_type(&d, "/talk 2");
    desk_type(&d, "QUIT");
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    desk_type(&d, "/talk 1");
    cr_expect(console_talking(d.console));
    desk_type(&d, "QUIT");
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    console_enter(d.console, SPAN("/talk 2"));
    cr_expect_eq(console_dialogue(d.console), 1);
    cr_expect_eq(console_shown(d.console), 2, "it is over, so it is read only");
    cr_expect(desk_has(&d.said, "can be read, not talked in"), "%s", buf_text(&d.said));
    buf_release(&one);
    buf_release(&two);
    desk_end(&d);
}

/* Another program that talks to the lab's server, as talk 2. */
static struct stream *other_client(struct desk *d)
{
    struct stream_target to = { .host = "127.0.0.1", .port = server_port(d->server) };
    struct stream_hooks hooks = { desk_peer_octets, desk_peer_event, d };
    struct stream *s = stream_connect(d->loop, &to, &hooks);

    stream_write(s, SPAN("HELO other.example\r\n"));
    cr_assert(TURN_UNTIL(d->loop, record_count(d->record) == 2 && record_lines(d->record, 2) == 3));
    return s;
}

Test(talks, of_other_clients_are_looked_at)
{
    struct desk d;
    struct stream *other;
    struct buf hint = { 0 };

    desk_lab(&d);
    other = other_client(&d);
    console_enter(d.console, SPAN("/talk"));
    cr_expect_eq(d.pane, PANE_TALKS);
    cr_expect(desk_has(&d.opened, "yours, open: what you type goes here"), "%s",
              buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "127.0.0.1 to hamburger.edu"), "%s", buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "another client's, open\n"), "%s", buf_text(&d.opened));
    console_enter(d.console, SPAN("/talk 2"));
    cr_expect_eq(console_shown(d.console), 2);
    cr_expect_eq(console_dialogue(d.console), 1);
    cr_expect(desk_has(&d.said, "What you type goes to talk 1; /talk back"), "%s",
              buf_text(&d.said));
    console_prompt_hint(d.console, &hint);
    cr_expect_str_eq(buf_text(&hint), "talk 2 is shown, /talk back");
    console_enter(d.console, SPAN("/state"));
    cr_expect(desk_has(&d.opened, "HELO: no extensions"), "the state shown is talk 2's: %s",
              buf_text(&d.opened));
    console_enter(d.console, SPAN("/talk back"));
    cr_expect_eq(console_shown(d.console), 1);
    console_enter(d.console, SPAN("/talk 2"));
    desk_type(&d, "NOOP");
    cr_expect_eq(console_shown(d.console), 1, "whoever types wants to see what comes of it");
    console_enter(d.console, SPAN("/talk 2"));
    desk_type(&d, "/connect");
    cr_expect_eq(console_shown(d.console), 3);
    buf_release(&hint);
    stream_free(other);
    desk_end(&d);
}

Test(talks, in_the_lab_can_be_had_by_other_programs_too)
{
    struct desk d;
    struct buf place = { 0 };

    desk_lab(&d);
    buf_printf(&place, "127.0.0.1:%u", server_port(d.server));
    cr_expect_str_eq(console_lab(d.console), buf_text(&place));
    console_enter(d.console, SPAN("/server"));
    cr_expect_eq(d.pane, PANE_SERVER);
    cr_expect(desk_has(&d.opened, buf_text(&place)), "%s", buf_text(&d.opened));
    console_enter(d.console, SPAN("/server show"));
    cr_expect_eq(d.pane, PANE_SERVER);
    cr_expect(desk_has(&d.opened, buf_text(&place)), "%s", buf_text(&d.opened));
    buf_release(&place);
    desk_end(&d);
}

Test(talks, propose_an_address_in_place_of_a_name_without_a_dot)
{
    struct desk d;
    struct next_step next[CONSOLE_NEXT_MAX];

    desk_peer(&d, DESK_BARE_NAME, "220 hi\r\n");
    desk_settle(&d);
    console_next(d.console, next);
    cr_expect_str_eq(next[0].typed, "HELO [127.0.0.1]");
    console_enter(d.console, SPAN("HELO vm"));
    stream_write(d.peer, SPAN("250 hi\r\n"));
    desk_settle(&d);
    console_next(d.console, next);
    cr_expect_str_eq(next[0].typed, "MAIL FROM:<alice@vm>", "what was typed is chosen");
    desk_end(&d);
}

static const struct {
    const char *typed;
    bool lab_port; /* the listener's port is put in place of PORT */
} ways[] = {
    { "/connect 127.0.0.1:%u", true },
    { "/connect 127.0.0.1 %u", true },
    { "/connect   localhost   %u", true },
};

Test(talks, begin_as_a_person_writes_hosts)
{
    for (size_t i = 0; i < ROWS(ways); i++) {
        struct desk d;
        struct buf line = { 0 };
        struct span text = span_of(ways[i].typed);
        size_t at = span_search(text, SPAN("%u"), 0, false);

        desk_start(&d, DESK_LISTENER);
        buf_add(&line, span_first(text, at));
        buf_printf(&line, "%u", listener_port(d.listener));
        console_enter(d.console, buf_span(&line));
        cr_assert(TURN_UNTIL(d.loop, d.peer), "%s", ways[i].typed);
        cr_expect_str_eq(buf_text(&d.complained), "");
        buf_release(&line);
        desk_end(&d);
    }
}

Test(talks, tell_what_was_not_sent_when_no_connection_came)
{
    struct desk d;
    unsigned port;

    desk_start(&d, DESK_LISTENER);
    port = listener_port(d.listener);
    listener_free(d.listener);
    d.listener = NULL;
    console_connect(d.console, "127.0.0.1", port);
    console_enter(d.console, SPAN("HELO crepes.fr"));
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    cr_expect_eq(console_queued(d.console), 0);
    cr_expect(desk_has(&d.said, "Not sent, for there is no server: HELO crepes.fr"), "%s",
              buf_text(&d.said));
    cr_expect_not(d.quit, "a person is at the prompt");
    cr_expect_eq(console_status(d.console), 3);
    desk_end(&d);
}

Test(talks, end_well_for_a_person_who_does_not_wait_for_the_connection)
{
    for (int piped = 0; piped < 2; piped++) {
        struct desk d;

        desk_start(&d, DESK_LISTENER | (piped ? DESK_PIPE : 0u));
        console_connect(d.console, "127.0.0.1", listener_port(d.listener));
        cr_expect_eq(console_status(d.console), piped ? 3 : 0);
        desk_end(&d);
    }
}

Test(talks, end_well_in_the_lab_however_early)
{
    struct desk d;

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    cr_expect_eq(console_status(d.console), 0);
    desk_end(&d);
}

Test(talks, close_without_quit)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "/close");
    cr_expect_eq(console_prompt(d.console), PROMPT_NO_SERVER);
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->over));
    cr_expect_eq(console_status(d.console), 0);
    desk_end(&d);
}

Test(talks, know_their_connections_by_port)
{
    struct desk d;

    desk_lab(&d);
    cr_expect_eq(console_dialogue_of(d.console, 1), 0);
    cr_expect_gt(record_facts(d.record, 1), 0, "the server found the dialogue");
    cr_expect_eq(record_count(d.record), 1, "and opened none of its own");
    desk_end(&d);
}
