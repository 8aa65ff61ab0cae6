/* The prompt, what stands at its right end, and what may be remembered. */
#include "desk.h"

static const char *hint(const struct desk *d, struct buf *out)
{
    console_prompt_hint(d->console, out);
    return buf_text(out);
}

Test(prompt, says_where_the_line_goes_and_what_enter_does)
{
    struct desk d;
    struct buf out = { 0 };

    desk_start(&d, DESK_LAB);
    cr_expect_str_eq(console_prompt_text(d.console), "no server> ");
    cr_expect_str_eq(hint(&d, &out), "");
    console_connect_lab(d.console);
    cr_expect_str_eq(console_prompt_text(d.console), "C: ");
    cr_expect_str_eq(hint(&d, &out), "connecting");
    desk_settle(&d);
    cr_expect_str_eq(hint(&d, &out), "type here, then Enter");
    console_enter(d.console, SPAN("HELO crepes.fr"));
    cr_expect_str_eq(hint(&d, &out), "waiting for the reply");
    desk_settle(&d);
    cr_expect_str_eq(hint(&d, &out), "");
    desk_type(&d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(&d, "DATA");
    cr_expect_str_eq(console_prompt_text(d.console), "letter| ");
    cr_expect_str_eq(hint(&d, &out), "line 1, then Enter");
    desk_type(&d, "Subject: lunch");
    desk_type(&d, "");
    desk_type(&d, "Do you like ketchup?");
    desk_type(&d, "QUIT");
    cr_expect_str_eq(hint(&d, &out), "line 5, then Enter");
    desk_type(&d, ".");
    desk_settle(&d);
    cr_expect_str_eq(console_prompt_text(d.console), "C: ");
    desk_type(&d, "/pipeline");
    console_enter(d.console, SPAN("NOOP"));
    cr_expect_str_eq(console_prompt_text(d.console), "go> ");
    cr_expect_str_eq(hint(&d, &out), "1 line, /go sends");
    console_enter(d.console, SPAN("/go"));
    desk_settle(&d);
    console_enter(d.console, SPAN("/wait 60"));
    cr_expect_str_eq(hint(&d, &out), "waiting, Ctrl-C stops");
    console_enter(d.console, SPAN("QUIT"));
    cr_expect_str_eq(hint(&d, &out), "1 line waits");
    buf_release(&out);
    desk_end(&d);
}

Test(prompt, lets_the_server_speak_first)
{
    struct desk d;
    struct buf out = { 0 };
    struct next_step next[CONSOLE_NEXT_MAX];

    desk_peer(&d, 0, "");
    cr_assert(TURN_UNTIL(d.loop, d.changes && strcmp(hint(&d, &out), "connecting") != 0));
    cr_expect_str_eq(hint(&d, &out), "the server speaks first");
    cr_expect_eq(console_next(d.console, next), 1);
    cr_expect_str_eq(next[0].shown, "wait for the 220");
    cr_expect_str_eq(next[0].typed, "");
    cr_expect_eq(console_complete(d.console, "", NULL, NULL), 0, "Tab writes nothing");
    stream_write(d.peer, SPAN("220 hi\r\n"));
    desk_settle(&d);
    cr_expect_str_eq(hint(&d, &out), "type here, then Enter");
    cr_expect_geq(console_next(d.console, next), 2);
    buf_release(&out);
    desk_end(&d);
}

Test(prompt, hides_what_is_typed_in_a_login)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("EHLO a"));
    stream_write(d.peer, SPAN("250-hi\r\n250 AUTH LOGIN\r\n"));
    desk_settle(&d);
    cr_expect(console_may_remember(d.console, SPAN("AUTH LOGIN")));
    console_enter(d.console, SPAN("AUTH LOGIN"));
    cr_expect_not(console_may_remember(d.console, SPAN("YWxpY2U=")), "typed ahead");
    stream_write(d.peer, SPAN("334 VXNlcm5hbWU6\r\n"));
    cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_SECRET));
    cr_expect_str_eq(console_prompt_text(d.console), "(password) ");
    cr_expect_not(console_may_remember(d.console, SPAN("YWxpY2U=")));
    cr_expect_not(console_may_remember(d.console, SPAN("/help")));
    buf_clear(&d.heard);
    console_enter(d.console, SPAN("/9j/4AAQ"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    cr_expect_str_eq(buf_text(&d.heard), "/9j/4AAQ\r\n", "base64 may begin with a slash");
    cr_expect_str_eq(buf_text(&d.complained), "");
    stream_write(d.peer, SPAN("334 UGFzc3dvcmQ6\r\n"));
    desk_settle(&d);
    console_enter(d.console, SPAN("/state"));
    cr_expect_eq(d.pane, PANE_STATE, "a command is a command all the same");
    console_enter(d.console, SPAN("c2VzYW1l"));
    stream_write(d.peer, SPAN("235 welcome\r\n"));
    desk_settle(&d);
    cr_expect_eq(console_prompt(d.console), PROMPT_TALK);
    cr_expect(console_may_remember(d.console, SPAN("MAIL FROM:<alice@crepes.fr>")));
    desk_end(&d);
}

static const struct {
    const char *line;
    bool remember;
} lines[] = {
    { "HELO crepes.fr", true },
    { "AUTH LOGIN", true },
    { "AUTH PLAIN AGFsaWNlAHNlc2FtZQ==", false },
    { "auth plain AGFsaWNlAHNlc2FtZQ==", false },
    { "  AUTH PLAIN AGFsaWNlAHNlc2FtZQ==", false },
    { "ATUH PLAIN AGFsaWNlAHNlc2FtZQ==", false },
    { "//AUTH PLAIN AGFsaWNlAHNlc2FtZQ==", false },
    { "/raw \"AUTH PLAIN AGFsaWNlAHNlc2FtZQ==\\r\\n\"", false },
    { "/raw \"NOOP\\r\\n\"", true },
    { "/auth PLAIN alice sesame", false },
    { "AUTH AGFsaWNlAHNlc2FtZQ==", false },
    { "AUTHPLAIN AGFsaWNlAHNlc2FtZQ==", false },
    { "LOGIN alice sesame", false },
    { "PASS sesame", false },
    { "password sesame", false },
    { "/save passwords.txt", true },
    { "", true },
};

Test(prompt, remembers_no_line_of_a_letter)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    cr_expect(console_may_remember(d.console, SPAN("DATA")));
    console_enter(d.console, SPAN("DATA"));
    stream_write(d.peer, SPAN("354 go on\r\n"));
    cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_LETTER));
    cr_expect_not(console_may_remember(d.console, SPAN("Dear Bob,")));
    desk_end(&d);
}

Test(prompt, remembers_no_secret)
{
    struct desk d;

    desk_start(&d, 0);
    for (size_t i = 0; i < ROWS(lines); i++)
        cr_expect_eq(console_may_remember(d.console, span_of(lines[i].line)), lines[i].remember,
                     "%s", lines[i].line);
    console_enter(d.console, SPAN("/pipeline"));
    console_enter(d.console, SPAN("AUTH LOGIN"));
    cr_expect_not(console_may_remember(d.console, SPAN("YWxpY2U=")));
    desk_end(&d);
}

/* Whoever types ahead is not seen by the server yet, but a password is one all the same. */
Test(prompt, remembers_nothing_while_a_login_waits)
{
    static const char *const logins[] = { "AUTH LOGIN", "//AUTH LOGIN", "auth login",
                                          "/raw \"AUTH LOGIN\\r\\n\"" };

    for (size_t i = 0; i < ROWS(logins); i++) {
        struct desk d;

        desk_lab(&d);
        desk_type(&d, "EHLO crepes.fr");
        console_enter(d.console, SPAN("/wait 3600"));
        console_enter(d.console, SPAN("NOOP"));
        cr_expect(console_may_remember(d.console, SPAN("YWxpY2U=")));
        console_enter(d.console, span_of(logins[i]));
        cr_expect_not(console_may_remember(d.console, SPAN("YWxpY2U=")), "%s", logins[i]);
        console_enter(d.console, SPAN("YWxpY2U="));
        cr_expect_not(console_may_remember(d.console, SPAN("c2VzYW1l")), "%s", logins[i]);
        cr_expect(console_interrupt(d.console)); /* the wait; the lines are taken */
        cr_assert(TURN_UNTIL(d.loop, console_queued(d.console) == 0));
        desk_type(&d, "NOOP");
        cr_expect(console_may_remember(d.console, SPAN("YWxpY2U=")), "%s", logins[i]);
        desk_end(&d);
    }
}

Test(prompt, remembers_no_answer_to_an_auth_that_was_refused)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "EHLO crepes.fr");
    cr_expect(console_may_remember(d.console, SPAN("YWxpY2U=")), "only a typing mistake yet");
    desk_type(&d, "AUTH NONE");
    desk_type(&d, "YWxpY2U=");
    cr_expect_not(console_may_remember(d.console, SPAN("c2VzYW1l")));
    cr_expect(console_may_remember(d.console, SPAN("MAIL FROM:<alice@crepes.fr>")));
    desk_type(&d, "NOOP");
    cr_expect(console_may_remember(d.console, SPAN("HLEO crepes.fr")));
    desk_end(&d);
}
