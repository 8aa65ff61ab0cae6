/* AUTH: the exchange around a login, line by line (RFC 4954). */
#include "engine/engine.h"

#include <stdlib.h>

#include "smtp/command.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define EHLO "EHLO crepes.fr\r\n"

static struct policy logins(void)
{
    struct policy p = policy_lab;

    p.extensions |= EXTENSION_BIT(AUTH);
    p.mechanisms = "PLAIN LOGIN";
    p.auth_without_tls = true;
    return p;
}

/* After EHLO; `verdict` is every step's. */
static const struct row {
    const char *sent;
    enum engine_verdict verdict;
    const char *challenge, *replies, *logins;
} rows[] = {
    { "AUTH PLAIN AGEAYg==\r\nNOOP\r\n", ENGINE_AUTH_DENIED, "",
      "535 5.7.8 User or password is wrong\r\n250 2.0.0 Ok\r\n", "PLAIN \0a\0b\n" },
    { "auth plain =\r\n", ENGINE_AUTH_OK, "alice", "235 2.7.0 Logged in\r\n", "PLAIN \n" },
    { "AUTH PLAIN\r\n", ENGINE_AUTH_LATER, "", "454 4.7.0 The login cannot be checked now\r\n",
      "PLAIN none\n" },
    { "AUTH PLAIN AGEA\r\n", ENGINE_AUTH_BROKEN, "",
      "501 5.5.2 This is not what the mechanism asks for\r\n", NULL },
    { "AUTH LOGIN\r\nYQ==\r\n*\r\nNOOP\r\n", ENGINE_AUTH_MORE, "User:",
      "334 VXNlcjo=\r\n334 VXNlcjo=\r\n501 5.7.0 The login is cancelled\r\n250 2.0.0 Ok\r\n",
      "LOGIN none\n- a\n" },
    { "AUTH LOGIN\r\n\r\n=\r\nNOOP\r\n", ENGINE_AUTH_MORE, "",
      "334 \r\n334 \r\n501 5.5.2 This is not valid base64\r\n250 2.0.0 Ok\r\n",
      "LOGIN none\n- \n" },
    { "AUTH LOGIN\r\nYQ==\nNOOP\r\n", ENGINE_AUTH_MORE, "?",
      "334 Pw==\r\n500 5.5.2 A line must end in CR LF, not in LF alone\r\n250 2.0.0 Ok\r\n",
      "LOGIN none\n" },
    { "AUTH LOGIN\r\nQUIT\r\nQUIT\r\n", ENGINE_AUTH_MORE, "?",
      "334 Pw==\r\n334 Pw==\r\n334 Pw==\r\n", NULL },
    { "AUTH PLAIN !\r\n", ENGINE_AUTH_OK, "", "501 5.5.2 This is not valid base64\r\n", "" },
    { "AUTH PLAIN =AAA\r\n", ENGINE_AUTH_OK, "", "501 5.5.2 This is not valid base64\r\n", "" },
    { "AUTH PLAIN YQ=\r\n", ENGINE_AUTH_OK, "", "501 5.5.2 This is not valid base64\r\n", "" },
    { "AUTH\r\n", ENGINE_AUTH_OK, "", "501 5.5.4 Syntax: AUTH mechanism [initial-response]\r\n",
      "" },
    { "AUTH PL!AIN\r\n", ENGINE_AUTH_OK, "",
      "501 5.5.4 Syntax: AUTH mechanism [initial-response]\r\n", "" },
    { "AUTH PLAIN YQ== YQ==\r\n", ENGINE_AUTH_OK, "",
      "501 5.5.4 Syntax: AUTH mechanism [initial-response]\r\n", "" },
    { "AUTH CRAM-MD5\r\nAUTH PLAI\r\nAUTH PLAINS\r\n", ENGINE_AUTH_OK, "",
      "504 5.5.4 This mechanism is not offered here\r\n"
      "504 5.5.4 This mechanism is not offered here\r\n"
      "504 5.5.4 This mechanism is not offered here\r\n",
      "" },
    { "AUTH PLAIN YQ==\r\nAUTH PLAIN YQ==\r\n", ENGINE_AUTH_OK, "alice",
      "235 2.7.0 Logged in\r\n503 5.5.1 Logged in already\r\n", "PLAIN a\n" },
    { "MAIL FROM:<>\r\nAUTH PLAIN YQ==\r\n", ENGINE_AUTH_OK, "alice",
      "250 2.1.0 <> ... Sender ok\r\n"
      "503 5.5.1 The sender is known already; RSET would drop this letter\r\n",
      "" },
    { "MAIL FROM:<> AUTH=<>\r\nRSET\r\nMAIL FROM:<> AUTH=a+40b\r\n", ENGINE_AUTH_OK, "",
      "250 2.1.0 <> ... Sender ok\r\n"
      "250 2.0.0 Ok, nothing of a letter is kept\r\n250 2.1.0 <> ... Sender ok\r\n",
      "" },
};

Test(auth, is_answered_as_the_standard_says_however_cut)
{
    struct policy p = logins();

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct span sent = span_of(rows[i].sent);

        for (size_t way = 0; way < feed_ways(sent.len); way++) {
            struct drive d;

            drive_start(&d, &p);
            drive_push(&d, SPAN(EHLO));
            buf_clear(&d.replies);
            d.verdict = rows[i].verdict;
            d.challenge = rows[i].challenge;
            feed(drive_feed, &d, sent, way);
            cr_expect_str_eq(buf_text(&d.replies), rows[i].replies, "row %zu, way %zu", i, way);
            if (rows[i].logins && i > 0)
                cr_expect_str_eq(buf_text(&d.logins), rows[i].logins, "row %zu, way %zu", i, way);
            drive_end(&d);
        }
    }
}

Test(auth, hands_over_the_octets_exactly)
{
    struct policy p = logins();
    struct drive d;

    drive_start(&d, &p);
    drive_push(&d, SPAN(EHLO "AUTH PLAIN AGEAYg==\r\n"));
    cr_expect(span_eq(buf_span(&d.logins), SPAN("PLAIN \0a\0b\n")));
    drive_end(&d);
}

Test(auth, lets_commands_wait_until_it_is_decided)
{
    struct policy p = logins();
    struct drive d;

    drive_start(&d, &p);
    d.hold = true;
    drive_push(&d, SPAN(EHLO "AUTH PLAIN AGEAYg==\r\nMAIL FROM:<a@b.fr>\r\n"));
    cr_expect_eq(engine_waiting(d.engine), 20);
    cr_expect_eq(engine_deadline(d.engine), CLOCK_NEVER);
    buf_clear(&d.replies);
    engine_auth(d.engine, ENGINE_AUTH_OK, SPAN("alice"), 7);
    drive_pull(&d);
    cr_expect_str_eq(buf_text(&d.replies),
                     "235 2.7.0 Logged in\r\n250 2.1.0 a@b.fr ... Sender ok\r\n");
    cr_expect_eq(engine_deadline(d.engine), 7 + ENGINE_COMMAND_TIMEOUT);
    cr_expect_not_null(strstr(buf_text(&d.facts), "LOGIN 0 alice\n"));
    engine_auth(d.engine, ENGINE_AUTH_DENIED, SPAN(""), 8); /* of a login that nobody asked for */
    drive_push(&d, SPAN("RCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"));
    drive_push(&d, SPAN("x\r\n.\r\n"));
    cr_expect_str_eq(d.letter->user, "alice");
    drive_end(&d);
}

Test(auth, bears_long_lines_and_no_longer_ones)
{
    struct policy p = logins();

    for (size_t over = 0; over < 2; over++) {
        struct drive d;
        struct buf line = { 0 };

        drive_start(&d, &p);
        d.verdict = ENGINE_AUTH_MORE;
        drive_push(&d, SPAN(EHLO "AUTH PLAIN\r\n"));
        buf_clear(&d.replies);
        d.verdict = ENGINE_AUTH_DENIED;
        buf_add_repeat(&line, 'A', COMMAND_AUTH_LINE_MAX - COMMAND_AUTH_LINE_MAX % 4 + over * 4);
        buf_add_text(&line, "\r\n");
        drive_push(&d, buf_span(&line));
        cr_expect_str_eq(buf_text(&d.replies),
                         over ? "500 5.5.6 This line of the login is too long\r\n"
                              : "535 5.7.8 User or password is wrong\r\n");
        buf_release(&line);
        drive_end(&d);
    }
}

Test(auth, challenges_may_be_longer_than_other_replies)
{
    struct policy p = logins();
    struct buf octets = { 0 };
    struct drive d;

    drive_start(&d, &p);
    d.hold = true;
    drive_push(&d, SPAN(EHLO "AUTH PLAIN\r\n"));
    buf_clear(&d.replies);
    buf_add_repeat(&octets, 'x', 3000);
    engine_auth(d.engine, ENGINE_AUTH_MORE, buf_span(&octets), 0);
    drive_pull(&d);
    cr_expect_eq(d.replies.len, 4 + 4000 + 2);
    buf_release(&octets);
    drive_end(&d);
}

Test(auth, needs_ehlo_and_tls_unless_the_policy_does_without)
{
    struct policy p = logins();
    struct drive d;

    drive_start(&d, &p);
    buf_clear(&d.replies);
    drive_push(&d, SPAN("AUTH PLAIN YQ==\r\nHELO a.fr\r\nAUTH PLAIN YQ==\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "503 Send HELO or EHLO first\r\n"
                                           "250 Hello a.fr, pleased to meet you\r\n"
                                           "503 This command needs EHLO instead of HELO\r\n");
    drive_end(&d);
    p.auth_without_tls = false;
    drive_start(&d, &p);
    drive_push(&d, SPAN(EHLO));
    cr_expect_null(strstr(buf_text(&d.replies), "AUTH"));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("AUTH PLAIN YQ==\r\n"));
    cr_expect_str_eq(buf_text(&d.replies),
                     "530 5.7.0 Send STARTTLS first: a login needs encryption here\r\n");
    drive_end(&d);
}

Test(auth, may_be_required_and_lets_relay)
{
    struct policy p = logins();
    struct drive d;

    p.require_auth = p.relay_after_auth = true;
    drive_start(&d, &p);
    d.verdict = ENGINE_AUTH_OK;
    d.challenge = "alice";
    drive_push(&d, SPAN(EHLO));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("MAIL FROM:<a@b.fr>\r\nRSET\r\nAUTH PLAIN YQ==\r\nMAIL FROM:<a@b.fr>\r\n"
                        "RCPT TO:<x@elsewhere.org>\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "530 5.7.0 Log in with AUTH first\r\n"
                                           "250 2.0.0 Ok, nothing of a letter is kept\r\n"
                                           "235 2.7.0 Logged in\r\n"
                                           "250 2.1.0 a@b.fr ... Sender ok\r\n"
                                           "250 2.1.5 x@elsewhere.org ... Recipient ok\r\n");
    drive_end(&d);
}

Test(auth, offers_what_the_connection_bears)
{
    struct policy policy = policy_lab;
    struct drive d;

    policy.mechanisms = "SCRAM-SHA-1-PLUS EXTERNAL PLAIN";
    policy.extensions |= EXTENSION_BIT(AUTH);
    policy.auth_without_tls = true;
    drive_start(&d, &policy);
    drive_push(&d, SPAN("EHLO a.fr\r\nAUTH EXTERNAL\r\nAUTH SCRAM-SHA-1-PLUS\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "250-AUTH PLAIN\r\n"), "%s",
                       buf_text(&d.replies));
    cr_expect_not_null(strstr(buf_text(&d.replies), "\r\n504 5.5.4 "), "%s", buf_text(&d.replies));
    drive_end(&d);
    drive_start(&d, &policy);
    engine_encrypted(d.engine, d.now);
    engine_set_certified(d.engine, true);
    drive_push(&d, SPAN("EHLO a.fr\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "250-AUTH SCRAM-SHA-1-PLUS EXTERNAL PLAIN\r\n"),
                       "%s", buf_text(&d.replies));
    drive_end(&d);
}
