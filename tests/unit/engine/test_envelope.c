/* What MAIL and RCPT say beside the addresses, what is offered, and limits (RFC 3461, RFC 9422). */
#include <stdlib.h>

#include "engine/engine.h"
#include "support/drive.h"
#include "support/table.h"

#define EHLO "EHLO crepes.fr\r\n"

Test(envelope, keeps_what_dsn_says_decoded)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    d.hold = true;
    drive_push(&d, SPAN(EHLO "MAIL FROM:<a@b.fr> RET=hdrs ENVID=Q+2B1 BODY=8bitmime SIZE=9\r\n"
                             "RCPT TO:<bob@hamburger.edu> NOTIFY=SUCCESS,DELAY "
                             "ORCPT=rfc822;B+6Fb@x.fr\r\n"
                             "RCPT TO:<postmaster>\r\nDATA\r\n"));
    drive_push(&d, SPAN("x\r\n.\r\n"));
    cr_assert_eq(d.stores, 1, "%s", buf_text(&d.replies));
    cr_expect_str_eq(d.letter->ret, "HDRS");
    cr_expect_str_eq(d.letter->envid, "Q+1");
    cr_expect_str_eq(d.letter->body, "8BITMIME");
    cr_expect_str_eq(d.letter->user, "");
    cr_expect_str_eq(d.letter->dsn[0].notify, "SUCCESS,DELAY");
    cr_expect_str_eq(d.letter->dsn[0].orcpt, "rfc822;Bob@x.fr");
    cr_expect_str_eq(d.letter->dsn[1].notify, "");
    cr_expect_str_eq(d.letter->dsn[1].orcpt, "");
    cr_expect(d.letter->esmtp && !d.letter->tls && !d.letter->utf8 && !d.letter->lmtp);
    drive_end(&d);
}

/* One extension each: what EHLO says of it, and a line that only it allows. */
static const struct {
    unsigned set, off;
    const char *line, *sent;
    unsigned with, without; /* the reply's code */
} offers[] = {
    { EXTENSION_BIT(SIZE), 0, "SIZE 10485760", "MAIL FROM:<> SIZE=1", 250, 555 },
    { EXTENSION_BIT(8BITMIME), 0, "8BITMIME", "MAIL FROM:<> BODY=8BITMIME", 250, 555 },
    { EXTENSION_BIT(8BITMIME) | EXTENSION_BIT(SMTPUTF8), EXTENSION_BIT(8BITMIME), "SMTPUTF8",
      "MAIL FROM:<> SMTPUTF8", 250, 555 },
    { EXTENSION_BIT(CHUNKING) | EXTENSION_BIT(BINARYMIME), EXTENSION_BIT(CHUNKING), "BINARYMIME",
      "MAIL FROM:<> BODY=BINARYMIME", 250, 555 },
    { EXTENSION_BIT(CHUNKING), 0, "CHUNKING", "BDAT x", 503, 502 },
    { EXTENSION_BIT(DSN), 0, "DSN", "MAIL FROM:<> RET=FULL", 250, 555 },
    { EXTENSION_BIT(VRFY), 0, "VRFY", "VRFY bob", 250, 502 },
    { EXTENSION_BIT(EXPN), 0, "EXPN", "EXPN friends", 550, 502 },
    { EXTENSION_BIT(HELP), 0, "HELP", "HELP", 214, 502 },
    { EXTENSION_BIT(PIPELINING), 0, "PIPELINING", "NOOP", 250, 250 },
    { EXTENSION_BIT(LIMITS), 0, "LIMITS RCPTMAX=100", "NOOP", 250, 250 },
    { EXTENSION_BIT(STARTTLS), 0, "STARTTLS", "STARTTLS now", 501, 502 },
    { EXTENSION_BIT(AUTH), 0, "AUTH PLAIN", "AUTH X", 504, 503 },
};

static unsigned code_with(unsigned extensions, const char *line, const char *sent, bool *offered)
{
    struct policy p = policy_lab;
    struct buf text = { 0 };
    struct drive d;
    unsigned code;

    p.extensions = extensions;
    p.mechanisms = "PLAIN";
    p.auth_without_tls = true;
    drive_start(&d, &p);
    drive_push(&d, SPAN(EHLO));
    buf_printf(&text, "%s\r\n", line);
    *offered = strstr(buf_text(&d.replies), buf_text(&text)) != NULL;
    buf_clear(&d.replies);
    buf_clear(&text);
    buf_printf(&text, "%s\r\n", sent);
    drive_push(&d, buf_span(&text));
    code = (unsigned)strtoul(buf_text(&d.replies), NULL, 10);
    cr_expect_eq(buf_text(&d.replies)[4] == '5', false, "enhanced codes are not offered");
    buf_release(&text);
    drive_end(&d);
    return code;
}

Test(envelope, takes_what_is_offered_and_nothing_else)
{
    for (size_t i = 0; i < ROWS(offers); i++) {
        unsigned off = offers[i].off ? offers[i].off : offers[i].set;
        bool offered;

        cr_expect_eq(code_with(offers[i].set, offers[i].line, offers[i].sent, &offered),
                     offers[i].with, "%s", offers[i].line);
        cr_expect(offered, "%s", offers[i].line);
        cr_expect_eq(code_with(offers[i].set & ~off, offers[i].line, offers[i].sent, &offered),
                     offers[i].without, "%s", offers[i].line);
        cr_expect(!offered, "%s", offers[i].line);
    }
}

Test(envelope, may_be_binary_and_not_eight_bit_where_only_that_is_offered)
{
    bool offered;

    cr_expect_eq(code_with(EXTENSION_BIT(CHUNKING) | EXTENSION_BIT(BINARYMIME), "BINARYMIME",
                           "MAIL FROM:<> BODY=8BITMIME", &offered),
                 555);
    cr_expect(offered);
}

Test(envelope, of_a_session_has_the_limits_that_were_named)
{
    struct policy p = policy_lab;
    struct drive d;

    p.extensions |= EXTENSION_BIT(LIMITS);
    p.any_recipient = true;
    p.domain_count = 0;
    p.mail_max = 2;
    p.recipients_max = 2;
    p.rcpt_domain_max = 2;
    drive_start(&d, &p);
    drive_push(&d, SPAN(EHLO));
    cr_expect_not_null(
        strstr(buf_text(&d.replies), "LIMITS MAILMAX=2 RCPTMAX=2 RCPTDOMAINMAX=2\r\n"));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("MAIL FROM:<> FOO=1\r\n")); /* refused ones are not counted */
    buf_clear(&d.replies);
    drive_push(&d, SPAN("MAIL FROM:<>\r\nRCPT TO:<a@a.fr>\r\nRCPT TO:<b@A.FR>\r\n"
                        "RCPT TO:<c@c.fr>\r\nRSET\r\nMAIL FROM:<>\r\nRCPT TO:<c@c.fr>\r\n"
                        "RCPT TO:<d@d.fr>\r\nRSET\r\nMAIL FROM:<>\r\nNOOP\r\n"));
    cr_expect_str_eq(buf_text(&d.replies),
                     "250 2.1.0 <> ... Sender ok\r\n250 2.1.5 a@a.fr ... Recipient ok\r\n"
                     "250 2.1.5 b@A.FR ... Recipient ok\r\n452 4.5.3 Too many recipients\r\n"
                     "250 2.0.0 Ok, nothing of a letter is kept\r\n250 2.1.0 <> ... Sender ok\r\n"
                     "250 2.1.5 c@c.fr ... Recipient ok\r\n452 4.5.3 Too many domains of "
                     "recipients\r\n250 2.0.0 Ok, nothing of a letter is kept\r\n"
                     "421 4.7.0 hamburger.edu Too many letters, closing connection\r\n");
    cr_expect_eq(d.closes, 1);
    drive_end(&d);
}

Test(envelope, lines_may_be_as_long_as_the_policy_says)
{
    struct policy p = policy_lab;
    struct drive d;

    p.command_line_max = 20;
    p.text_line_max = 5;
    drive_start(&d, &p);
    drive_push(&d, SPAN("NOOP 7890123456789012\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "220 hamburger.edu\r\n500 Line too long\r\n");
    p.command_line_max = 0;
    buf_clear(&d.replies);
    drive_push(&d, SPAN("HELO a.fr\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n123456\r\n"
                        ".\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "354 Enter"));
    cr_expect_not_null(
        strstr(buf_text(&d.replies), "\r\n554 A line of the letter is too long\r\n"));
    drive_end(&d);
}

static const char *const friends[] = { "bob@hamburger.edu", "carol@crepes.fr" };
static const struct policy_list lists[] = { { "friends", friends, 2 }, { "nobody", NULL, 0 } };
static const struct {
    enum policy_tells vrfy, expn;
    const char *sent, *reply;
} asked[] = {
    { POLICY_TELLS, POLICY_TELLS, "EXPN Friends",
      "250-2.1.5 <bob@hamburger.edu>\r\n250 2.1.5 <carol@crepes.fr>\r\n" },
    { POLICY_TELLS, POLICY_TELLS, "EXPN friends@hamburger.edu",
      "250-2.1.5 <bob@hamburger.edu>\r\n250 2.1.5 <carol@crepes.fr>\r\n" },
    { POLICY_TELLS, POLICY_TELLS, "EXPN nobody",
      "550 5.1.1 There is no such mailing list here\r\n" },
    { POLICY_TELLS, POLICY_TELLS_NOTHING, "EXPN friends",
      "550 5.7.2 Who is in a list is not told here\r\n" },
    { POLICY_TELLS_ALL, POLICY_TELLS, "VRFY carol", "250 2.1.5 <carol@hamburger.edu>\r\n" },
    { POLICY_TELLS_NOTHING, POLICY_TELLS, "VRFY bob",
      "252 2.0.0 Cannot tell; send the letter and see\r\n" },
};

Test(envelope, addresses_are_told_as_the_policy_says)
{
    for (size_t i = 0; i < ROWS(asked); i++) {
        struct policy p = policy_lab;
        struct drive d;

        p.vrfy = asked[i].vrfy;
        p.expn = asked[i].expn;
        p.lists = lists;
        p.list_count = ROWS(lists);
        drive_start(&d, &p);
        drive_push(&d, SPAN(EHLO));
        buf_clear(&d.replies);
        drive_push(&d, span_of(asked[i].sent));
        drive_push(&d, SPAN("\r\n"));
        cr_expect_str_eq(buf_text(&d.replies), asked[i].reply, "%s", asked[i].sent);
        drive_end(&d);
    }
}
