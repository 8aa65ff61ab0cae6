/* STARTTLS: what begins, what is forgotten, and what never comes to life (RFC 3207). */
#include <stdlib.h>

#include "engine/engine.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define EHLO "EHLO crepes.fr\r\n"

static struct policy secure(void)
{
    struct policy p = policy_lab;

    p.extensions |= EXTENSION_BIT(STARTTLS) | EXTENSION_BIT(AUTH);
    p.mechanisms = "PLAIN LOGIN";
    return p;
}

static bool says(const struct buf *all, const char *what)
{
    return strstr(buf_text(all), what) != NULL;
}

Test(starttls, forgets_what_was_said_before)
{
    struct policy p = secure();
    struct drive d;

    drive_start(&d, &p);
    drive_push(&d, SPAN(EHLO));
    cr_expect(says(&d.replies, "250-STARTTLS\r\n"));
    cr_expect(!says(&d.replies, "AUTH"), "no login is offered in clear");
    buf_clear(&d.replies);
    drive_push(&d, SPAN("STARTTLS\r\n"));
    cr_expect_eq(d.handshakes, 1);
    cr_expect_str_eq(buf_text(&d.replies), "220 2.0.0 Ready to start TLS\r\n");
    cr_expect(says(&d.facts, "WAITS 0 the TLS handshake\nWAITS 0 your greeting\n"), "%s",
              buf_text(&d.facts));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("MAIL FROM:<a@b.fr>\r\n" EHLO "STARTTLS\r\n"));
    cr_expect(span_starts(buf_span(&d.replies), SPAN("503 Send HELO or EHLO first\r\n")));
    cr_expect(says(&d.replies, "250-AUTH PLAIN LOGIN\r\n"));
    cr_expect(!says(&d.replies, "250-STARTTLS"), "not inside TLS: RFC 3207 4.2");
    cr_expect(says(&d.replies, "503 5.5.1 TLS holds already\r\n"));
    drive_push(&d, SPAN("MAIL FROM:<a@b.fr>\r\nRCPT TO:<postmaster>\r\nDATA\r\n"));
    d.hold = true;
    drive_push(&d, SPAN("x\r\n.\r\n"));
    cr_expect(d.letter->tls && d.letter->esmtp);
    drive_end(&d);
}

Test(starttls, drops_what_was_sent_behind_it_however_cut)
{
    static const char talk[] = EHLO "STARTTLS\r\nMAIL FROM:<evil@b.fr>\r\nNO";
    struct policy p = secure();

    for (size_t way = 0; way < feed_ways(sizeof talk - 1); way++) {
        struct drive d;
        uint64_t injected = 0;

        drive_start(&d, &p);
        d.no_handshake = true;
        feed(drive_feed, &d, span_of(talk), way);
        for (const char *at = buf_text(&d.facts); (at = strstr(at, "INJECTED ")) != NULL; at++)
            injected += strtoul(at + strlen("INJECTED "), NULL, 10);
        cr_expect_eq(injected, strlen("MAIL FROM:<evil@b.fr>\r\nNO"), "way %zu", way);
        buf_clear(&d.replies);
        engine_encrypted(d.engine, 0);
        drive_push(&d, SPAN("NOOP\r\n"));
        cr_expect_str_eq(buf_text(&d.replies), "250 Ok\r\n", "way %zu: %s", way,
                         buf_text(&d.replies));
        drive_end(&d);
    }
}

Test(starttls, states_what_was_injected_though_nobody_listens_to_facts)
{
    struct policy p = secure();
    struct drive d;

    drive_start(&d, &p);
    engine_set_facts(d.engine, false);
    buf_clear(&d.facts);
    d.no_handshake = true;
    drive_push(&d, SPAN(EHLO "STARTTLS\r\nRSET\r\n"));
    cr_expect_str_eq(buf_text(&d.facts), "INJECTED 6 RSET??\n");
    drive_push(&d, SPAN("more"));
    engine_client_closed(d.engine, 0);
    drive_pull(&d);
    cr_expect_eq(d.closes, 1, "a handshake that never came");
    drive_end(&d);
}

static const struct row {
    const char *sent, *reply;
    bool fails, off;
} rows[] = {
    { "STARTTLS\r\n", "503 Send HELO or EHLO first\r\n", false, false },
    { "HELO a.fr\r\nSTARTTLS\r\n", "503 This command needs EHLO instead of HELO\r\n", false,
      false },
    { EHLO "STARTTLS now\r\n", "501 5.5.4 Syntax: STARTTLS\r\n", false, false },
    { EHLO "MAIL FROM:<>\r\nSTARTTLS\r\n",
      "503 5.5.1 The sender is known already; RSET would drop this letter\r\n", false, false },
    { EHLO "STARTTLS\r\n", "454 4.7.0 TLS is not available now\r\n", true, false },
    { EHLO "STARTTLS\r\n", "502 5.5.1 STARTTLS is not offered here\r\n", false, true },
};

Test(starttls, is_refused_where_it_cannot_be)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct policy p = secure();
        struct drive d;
        size_t len = strlen(rows[i].reply);

        p.tls_fails = rows[i].fails;
        if (rows[i].off)
            p.extensions &= ~EXTENSION_BIT(STARTTLS);
        drive_start(&d, &p);
        drive_push(&d, span_of(rows[i].sent));
        cr_expect(d.replies.len > len &&
                      strcmp(buf_text(&d.replies) + d.replies.len - len, rows[i].reply) == 0,
                  "row %zu: %s", i, buf_text(&d.replies));
        cr_expect_eq(d.handshakes, 0);
        drive_end(&d);
    }
}

Test(starttls, may_be_required)
{
    struct policy p = secure();
    struct drive d;

    p.require_tls = true;
    drive_start(&d, &p);
    buf_clear(&d.replies);
    drive_push(&d, SPAN("MAIL FROM:<>\r\n" EHLO));
    cr_expect(span_starts(buf_span(&d.replies), SPAN("530 Send STARTTLS first\r\n250-")));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("MAIL FROM:<>\r\nRCPT TO:<a@b.fr>\r\nVRFY bob\r\nHELP\r\nRSET\r\nNOOP\r\n"
                        "BDAT 6\r\nNOOP\r\nAUTH PLAIN\r\nQUIT\r\n"));
    cr_expect_str_eq(buf_text(&d.replies),
                     "530 5.7.0 Send STARTTLS first\r\n530 5.7.0 Send STARTTLS first\r\n"
                     "530 5.7.0 Send STARTTLS first\r\n530 5.7.0 Send STARTTLS first\r\n"
                     "530 5.7.0 Send STARTTLS first\r\n250 2.0.0 Ok\r\n"
                     "530 5.7.0 Send STARTTLS first\r\n530 5.7.0 Send STARTTLS first: a login "
                     "needs encryption here\r\n"
                     "221 2.0.0 hamburger.edu closing connection\r\n",
                     "%s", buf_text(&d.replies));
    drive_end(&d);
}

Test(starttls, is_not_offered_where_the_whole_connection_is_encrypted)
{
    struct policy p = secure();
    struct drive d = { .engine = engine_new(&p) };

    engine_encrypted(d.engine, 0);
    engine_open(d.engine, 0);
    drive_push(&d, SPAN(EHLO));
    cr_expect(span_starts(buf_span(&d.replies), SPAN("220 hamburger.edu\r\n250-")));
    cr_expect(!says(&d.replies, "STARTTLS") && says(&d.replies, "250-AUTH PLAIN LOGIN\r\n"));
    drive_end(&d);
}
