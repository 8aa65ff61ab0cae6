/* What Enter does with a line, at the lab's server and at none. */
#include "desk.h"

static const char textbook[] = "S: 220 hamburger.edu\n"
                               "C: HELO crepes.fr\n"
                               "S: 250 Hello crepes.fr, pleased to meet you\n"
                               "C: MAIL FROM: <alice@crepes.fr>\n"
                               "S: 250 alice@crepes.fr ... Sender ok\n"
                               "C: RCPT TO: <bob@hamburger.edu>\n"
                               "S: 250 bob@hamburger.edu ... Recipient ok\n"
                               "C: DATA\n"
                               "S: 354 Enter mail, end with \".\" on a line by itself\n"
                               "C: Do you like ketchup?\n"
                               "C: How about pickles?\n"
                               "C: .\n"
                               "S: 250 Message accepted for delivery\n"
                               "C: QUIT\n"
                               "S: 221 hamburger.edu closing connection\n";

Test(enter, holds_the_textbooks_dialogue)
{
    static const char *const lines[] = { "HELO crepes.fr",
                                         "MAIL FROM: <alice@crepes.fr>",
                                         "RCPT TO: <bob@hamburger.edu>",
                                         "DATA",
                                         "Do you like ketchup?",
                                         "How about pickles?",
                                         ".",
                                         "QUIT" };
    struct desk d;
    struct buf talk = { 0 };
    struct server_letter letter;

    desk_lab(&d);
    for (size_t i = 0; i < ROWS(lines); i++)
        desk_type(&d, lines[i]);
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    cr_expect_str_eq(desk_talk(&d, 1, &talk), textbook);
    cr_assert(server_letter(d.server, "bob", 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("Do you like ketchup?\r\nHow about pickles?\r\n")));
    cr_expect_str_eq(buf_text(&d.complained), "");
    cr_expect_eq(console_prompt(d.console), PROMPT_NO_SERVER);
    cr_expect_not(d.quit);
    cr_expect_eq(console_status(d.console), 0);
    buf_release(&talk);
    desk_end(&d);
}

static void begin_letter(struct desk *d)
{
    desk_type(d, "HELO crepes.fr");
    desk_type(d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(d, "DATA");
    cr_assert_eq(console_prompt(d->console), PROMPT_LETTER);
}

Test(enter, sends_every_line_of_the_letter_as_it_is)
{
    struct desk d;
    struct server_letter letter;

    desk_lab(&d);
    begin_letter(&d);
    desk_type(&d, "/help");
    desk_type(&d, "//two");
    desk_type(&d, "");
    desk_type(&d, ".hidden");
    desk_type(&d, "QUIT");
    desk_type(&d, ".");
    desk_settle(&d);
    cr_assert(server_letter(d.server, "bob", 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("/help\r\n//two\r\n\r\nhidden\r\nQUIT\r\n")),
              "the leading dot was sent once, so the server took it away");
    cr_expect_eq(d.opened.len, 0, "no command was run");
    desk_end(&d);
}

Test(enter, knows_the_consoles_lines_from_the_servers)
{
    struct desk d;
    struct buf talk = { 0 };

    desk_lab(&d);
    desk_type(&d, "//noop");
    desk_type(&d, "/state");
    desk_type(&d, "/hlep");
    desk_type(&d, "/xyzzy plugh");
    desk_type(&d, "/");
    desk_talk(&d, 1, &talk);
    cr_expect(desk_has(&talk, "C: /noop\n"), "%s", buf_text(&talk));
    cr_expect_eq(record_lines(d.record, 1), 3, "greeting, the line, its reply");
    cr_expect_eq(d.pane, PANE_STATE);
    cr_expect(desk_has(&d.complained, "no command /hlep. The nearest is /help.\n"), "%s",
              buf_text(&d.complained));
    cr_expect(desk_has(&d.complained, "no command /xyzzy. /help shows"), "%s",
              buf_text(&d.complained));
    buf_release(&talk);
    desk_end(&d);
}

Test(enter, holds_an_empty_line_back_once)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "");
    cr_expect_eq(record_lines(d.record, 1), 1, "nothing was sent");
    cr_expect(desk_has(&d.said, "Nothing was sent"), "%s", buf_text(&d.said));
    desk_type(&d, "");
    cr_expect_eq(record_lines(d.record, 1), 3, "the empty line and its reply");
    desk_type(&d, "NOOP");
    buf_clear(&d.said);
    desk_type(&d, "");
    cr_expect_eq(record_lines(d.record, 1), 5, "held back again");
    cr_expect_neq(d.said.len, 0);
    desk_end(&d);
}

static const struct {
    const char *typed, *own;
} words[] = {
    { "help", "/help" },           { "HELP mail", "/help" },     { "exit", "/quit" },
    { "ls", "/server mailboxes" }, { "connect mx", "/connect" }, { " bye ", "/quit" },
};

Test(enter, sends_words_meant_for_the_console_and_says_its_own)
{
    for (size_t i = 0; i < ROWS(words); i++) {
        struct desk d;
        struct record_line line;

        desk_lab(&d);
        desk_type(&d, words[i].typed);
        record_line(d.record, 1, 2, 0, &line);
        cr_expect(span_eq(line.line.head, span_of(words[i].typed)), "%s", words[i].typed);
        cr_expect(desk_has(&d.said, words[i].own), "%s: %s", words[i].typed, buf_text(&d.said));
        desk_end(&d);
    }
}

Test(enter, says_nothing_about_smtps_own_words)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "QUIT");
    cr_expect_str_eq(buf_text(&d.said), "");
    desk_end(&d);
}

Test(enter, keeps_a_line_typed_without_a_server_and_offers_it_again)
{
    struct desk d;
    struct next_step steps[CONSOLE_NEXT_MAX];

    desk_start(&d, DESK_LAB);
    cr_expect_str_eq(console_prompt_text(d.console), "no server> ");
    console_enter(d.console, SPAN("HELO crepes.fr"));
    cr_expect(desk_has(&d.said, "Not sent, for there is no server: HELO crepes.fr\n"), "%s",
              buf_text(&d.said));
    cr_expect(desk_has(&d.said, "/connect"), "%s", buf_text(&d.said));
    console_enter(d.console, SPAN("/connect"));
    desk_settle(&d);
    cr_assert_geq(console_next(d.console, steps), 1);
    cr_expect_str_eq(steps[0].typed, "HELO crepes.fr");
    cr_expect_str_eq(steps[0].hint, "the line you typed before");
    desk_type(&d, "NOOP");
    console_next(d.console, steps);
    cr_expect_str_neq(steps[0].hint, "the line you typed before");
    desk_end(&d);
}

Test(enter, never_shows_a_password_that_was_not_sent)
{
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("AUTH PLAIN AGFsaWNlAHNlc2FtZQ=="));
    cr_expect_not(desk_has(&d.said, "AGFs"), "%s", buf_text(&d.said));
    cr_expect(desk_has(&d.said, "/connect HOST"), "%s", buf_text(&d.said));
    desk_end(&d);
}

Test(enter, lets_lines_wait_for_the_connection_in_their_order)
{
    struct desk d;
    struct buf talk = { 0 }, hint = { 0 };

    desk_start(&d, DESK_LAB);
    console_connect_lab(d.console);
    console_enter(d.console, SPAN("HELO crepes.fr"));
    console_enter(d.console, SPAN("NOOP"));
    cr_expect_eq(console_queued(d.console), 2);
    console_prompt_hint(d.console, &hint);
    cr_expect_str_eq(buf_text(&hint), "2 lines wait");
    desk_settle(&d);
    desk_talk(&d, 1, &talk);
    cr_expect(desk_has(&talk, "S: 220 hamburger.edu\nC: HELO crepes.fr\nS: 250 Hello crepes.fr, "
                              "pleased to meet you\nC: NOOP\nS: 250"),
              "%s", buf_text(&talk));
    buf_release(&talk);
    buf_release(&hint);
    desk_end(&d);
}
