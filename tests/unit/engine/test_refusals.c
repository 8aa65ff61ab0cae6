/* The lines that learners get wrong (tests/data/mistakes.md), as a strict server answers them: the
 * code and enhanced code of the mistake's row, whatever came before, and what was decided. */
#include <stdlib.h>

#include "engine/engine.h"
#include "engine/inner.h"
#include "smtp/mistake.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define GREETED "EHLO crepes.fr\r\n"
#define SENDER  GREETED "MAIL FROM:<alice@crepes.fr>\r\n"
#define READY   SENDER "RCPT TO:<bob@hamburger.edu>\r\n"

static const struct row {
    unsigned number; /* of the course table; 0: ours */
    const char *before;
    struct span line;
    enum mistake mistake;
} rows[] = {
    { 1, "", SPAN_INIT("HELO\r\n"), MISTAKE_HELO_NO_NAME },
    { 1, GREETED, SPAN_INIT("EHLO \r\n"), MISTAKE_HELO_NO_NAME },
    { 2, GREETED, SPAN_INIT("HELO my laptop\r\n"), MISTAKE_HELO_BAD_NAME },
    { 2, GREETED, SPAN_INIT("EHLO my_pc\r\n"), MISTAKE_HELO_BAD_NAME },
    { 3, "", SPAN_INIT("MAIL FROM:<alice@crepes.fr>\r\n"), MISTAKE_BEFORE_HELO },
    { 4, GREETED, SPAN_INIT("MAIL FROM:alice@crepes.fr\r\n"), MISTAKE_NO_BRACKETS },
    { 6, GREETED, SPAN_INIT("MAIL FROM :<alice@crepes.fr>\r\n"), MISTAKE_SPACE_BEFORE_COLON },
    { 6, GREETED, SPAN_INIT("MAIL FROM<alice@crepes.fr>\r\n"), MISTAKE_NO_COLON },
    { 6, GREETED, SPAN_INIT("MAIL <alice@crepes.fr>\r\n"), MISTAKE_NO_FROM },
    { 6, SENDER, SPAN_INIT("RCPT <bob@hamburger.edu>\r\n"), MISTAKE_NO_TO },
    { 7, GREETED, SPAN_INIT("MAIL FROM:Alice <alice@crepes.fr>\r\n"), MISTAKE_DISPLAY_NAME },
    { 8, GREETED, SPAN_INIT("From: alice@crepes.fr\r\n"), MISTAKE_HEADER_AS_COMMAND },
    { 8, GREETED, SPAN_INIT("Subject: lunch\r\n"), MISTAKE_HEADER_AS_COMMAND },
    { 9, GREETED, SPAN_INIT("RCPT TO:<bob@hamburger.edu>\r\n"), MISTAKE_RCPT_BEFORE_MAIL },
    { 10, GREETED, SPAN_INIT("DATA\r\n"), MISTAKE_DATA_BEFORE_MAIL },
    { 10, SENDER, SPAN_INIT("DATA\r\n"), MISTAKE_DATA_BEFORE_RCPT },
    { 11, SENDER, SPAN_INIT("MAIL FROM:<carol@crepes.fr>\r\n"), MISTAKE_NESTED_MAIL },
    { 12, SENDER, SPAN_INIT("RCPT TO:<bob@hamburger.edu>,<carol@hamburger.edu>\r\n"),
      MISTAKE_TWO_ADDRESSES },
    { 15, GREETED, SPAN_INIT("MAIL FROM:<alice>\r\n"), MISTAKE_NO_DOMAIN },
    { 15, SENDER, SPAN_INIT("RCPT TO:<bob>\r\n"), MISTAKE_NO_DOMAIN },
    { 16, GREETED, SPAN_INIT("MIA\x7f\x7f\x41IL FROM:<alice@crepes.fr>\r\n"),
      MISTAKE_CONTROL_OCTET },
    { 17, SENDER, SPAN_INIT("RCPT TO:<bon\x08\x62@hamburger.edu>\r\n"), MISTAKE_CONTROL_OCTET },
    { 18, SENDER, SPAN_INIT("RCPT TO:<bob@hamburger.edu>\x1b[D\r\n"), MISTAKE_CONTROL_OCTET },
    { 19, GREETED, SPAN_INIT("NOOP\n"), MISTAKE_BARE_LF },
    { 19, "", SPAN_INIT("HELO crepes.fr\n"), MISTAKE_BARE_LF },
    { 25, "HELO crepes.fr\r\n", SPAN_INIT("MAIL FROM:<alice@crepes.fr> SIZE=100\r\n"),
      MISTAKE_PARAMETER_AFTER_HELO },
    { 26, GREETED, SPAN_INIT("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n"), MISTAKE_AUTH_NOT_OFFERED },
    { 28, GREETED, SPAN_INIT("STARTTLS\r\n"), MISTAKE_STARTTLS_NOT_OFFERED },
    { 32, READY, SPAN_INIT("DATA now\r\n"), MISTAKE_UNEXPECTED_ARGUMENT },
    { 32, GREETED, SPAN_INIT("QUIT now\r\n"), MISTAKE_UNEXPECTED_ARGUMENT },
    { 33, "", SPAN_INIT("GET / HTTP/1.1\r\n"), MISTAKE_HTTP_REQUEST },
    { 0, GREETED, SPAN_INIT("\r\n"), MISTAKE_EMPTY_LINE },
    { 0, GREETED, SPAN_INIT(" NOOP\r\n"), MISTAKE_LEADING_SPACE },
    { 0, GREETED, SPAN_INIT("HLEO crepes.fr\r\n"), MISTAKE_MISSPELT_VERB },
    { 0, GREETED, SPAN_INIT("FROBNICATE\r\n"), MISTAKE_UNKNOWN_VERB },
    { 0, GREETED, SPAN_INIT("ls\r\n"), MISTAKE_CONSOLE_WORD },
    { 0, GREETED, SPAN_INIT("250 Ok\r\n"), MISTAKE_REPLY_AS_COMMAND },
    { 0, GREETED, SPAN_INIT("NOOP a\rb\r\n"), MISTAKE_BARE_CR },
    { 0, GREETED, SPAN_INIT("NOOP \0\r\n"), MISTAKE_CONTROL_OCTET },
    { 0, GREETED, SPAN_INIT("NOOP \xe9\r\n"), MISTAKE_EIGHT_BIT },
    { 0, GREETED, SPAN_INIT("VRFY\r\n"), MISTAKE_MISSING_ARGUMENT },
    { 0, GREETED, SPAN_INIT("MAIL TO:<alice@crepes.fr>\r\n"), MISTAKE_FROM_AND_TO_SWAPPED },
    { 0, GREETED, SPAN_INIT("MAIL FROM:\r\n"), MISTAKE_NO_PATH },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<alice@crepes.fr\r\n"), MISTAKE_BRACKET_NOT_CLOSED },
    { 0, GREETED, SPAN_INIT("MAIL FROM:alice@crepes.fr>\r\n"), MISTAKE_BRACKET_NOT_OPENED },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<@crepes.fr>\r\n"), MISTAKE_NO_LOCAL_PART },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a..b@crepes.fr>\r\n"), MISTAKE_BAD_LOCAL_PART },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@-crepes.fr>\r\n"), MISTAKE_BAD_DOMAIN },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@[300.0.0.1]>\r\n"), MISTAKE_BAD_LITERAL },
    { 0, SENDER, SPAN_INIT("RCPT TO:<bob@192.0.2.1>\r\n"), MISTAKE_NO_SQUARE_BRACKETS },
    { 0, GREETED, SPAN_INIT("EHLO [192.0.2.300]\r\n"), MISTAKE_BAD_LITERAL },
    { 0, GREETED, SPAN_INIT("VRFY <bob\r\n"), MISTAKE_BRACKET_NOT_CLOSED },
    { 0, GREETED, SPAN_INIT("VRFY bob>\r\n"), MISTAKE_BRACKET_NOT_OPENED },
    { 0, GREETED, SPAN_INIT("VRFY bob@\r\n"), MISTAKE_BAD_DOMAIN },
    { 0, GREETED, SPAN_INIT("VRFY @hamburger.edu\r\n"), MISTAKE_NO_LOCAL_PART },
    { 0, GREETED, SPAN_INIT("VRFY <>\r\n"), MISTAKE_NO_LOCAL_PART },
    { 0, GREETED, SPAN_INIT("VRFY b..b@hamburger.edu\r\n"), MISTAKE_BAD_LOCAL_PART },
    { 0, GREETED, SPAN_INIT("VRFY <bob@hamburger.edu> please\r\n"), MISTAKE_UNEXPECTED_ARGUMENT },
    { 0, GREETED, SPAN_INIT("VRFY <b\xe9@x.y>\r\n"), MISTAKE_EIGHT_BIT },
    /* many harmless ones before it do not hide what is wrong */
    { 0, GREETED,
      SPAN_INIT("MAIL  FROM: <@x.fr,@y.fr:j\xc3\xb6rg@b.fr>  SIZE=1  SIZE=2  SIZE=3  SIZE=4  "
                "SIZE=5  SIZE=6\r\n"),
      MISTAKE_UTF8_WITHOUT_SMTPUTF8 },
    { 0, SENDER, SPAN_INIT("RCPT TO:<>\r\n"), MISTAKE_NULL_RECIPIENT },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<\xc3\xa9va@crepes.fr>\r\n"),
      MISTAKE_UTF8_WITHOUT_SMTPUTF8 },
    { 0, SENDER, SPAN_INIT("RCPT TO:<\xc3\xa9va@hamburger.edu>\r\n"),
      MISTAKE_UTF8_WITHOUT_SMTPUTF8 },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> =1\r\n"), MISTAKE_BAD_PARAMETER },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> SIZE\r\n"), MISTAKE_BAD_PARAMETER },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> SIZE=1 size=2\r\n"), MISTAKE_PARAMETER_TWICE },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> HOLDFOR=9\r\n"), MISTAKE_PARAMETER_NOT_OFFERED },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> RET=ALL\r\n"), MISTAKE_BAD_PARAMETER },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> ENVID=a+\r\n"), MISTAKE_BAD_XTEXT },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> AUTH=<>\r\n"), MISTAKE_PARAMETER_NOT_OFFERED },
    { 0, SENDER, SPAN_INIT("RCPT TO:<bob@hamburger.edu> NOTIFY=NEVER,DELAY\r\n"),
      MISTAKE_BAD_PARAMETER },
    { 0, SENDER, SPAN_INIT("RCPT TO:<bob@hamburger.edu> ORCPT=bob\r\n"), MISTAKE_BAD_PARAMETER },
    { 0, SENDER, SPAN_INIT("RCPT TO:<bob@hamburger.edu> RET=FULL\r\n"),
      MISTAKE_PARAMETER_NOT_OFFERED },
    { 0, GREETED, SPAN_INIT("MAIL FROM:<a@b.fr> BODY=BINARYMIME\r\n"),
      MISTAKE_PARAMETER_NOT_OFFERED },
    { 0, SENDER, SPAN_INIT("RCPT TO:<bob@hamburger.edu> SIZE=1\r\n"),
      MISTAKE_PARAMETER_NOT_OFFERED },
    { 0, GREETED, SPAN_INIT("BDAT x\r\n"), MISTAKE_DATA_BEFORE_MAIL },
    { 0, READY, SPAN_INIT("BDAT x\r\n"), MISTAKE_BAD_ARGUMENT },
    { 0, READY, SPAN_INIT("BDAT 1 FIRST\r\n"), MISTAKE_BAD_ARGUMENT },
    { 0, GREETED, SPAN_INIT("LHLO crepes.fr\r\n"), MISTAKE_VERB_NOT_OFFERED },
    { 0, GREETED, SPAN_INIT("ETRN crepes.fr\r\n"), MISTAKE_VERB_NOT_OFFERED },
};

static void expect_refusal(const struct row *row, size_t way)
{
    const struct mistake_row *want = &mistake_rows[row->mistake];
    bool hello = span_starts(row->line, SPAN("HELO")) || span_starts(row->line, SPAN("EHLO"));
    bool enhanced = !hello && span_starts(span_of(row->before), SPAN("EHLO")); /* RFC 2034 4 */
    struct drive d;
    struct buf start = { 0 }, decided = { 0 };

    buf_printf(&start, enhanced ? "%u %s " : "%u ", want->code, want->enhanced);
    buf_printf(&decided, "DECIDED %u refused: ", want->code);
    drive_start(&d, &policy_lab);
    drive_push(&d, span_of(row->before));
    buf_clear(&d.replies);
    buf_clear(&d.facts);
    feed(drive_feed, &d, row->line, way);
    cr_expect(span_starts(buf_span(&d.replies), buf_span(&start)), "%s: want %s got %s", want->name,
              buf_text(&start), buf_text(&d.replies));
    cr_expect_eq(span_find(buf_span(&d.replies), '\n'), d.replies.len - 1, "%s: one reply",
                 want->name);
    cr_expect(span_starts(buf_span(&d.facts), buf_span(&decided)), "%s: %s", want->name,
              buf_text(&d.facts));
    cr_expect_eq(d.closes, 0);
    buf_release(&start);
    buf_release(&decided);
    drive_end(&d);
}

Test(refusals, have_the_code_of_the_mistake_however_cut)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t way = 0; way < feed_ways(rows[i].line.len); way++)
            expect_refusal(&rows[i], way);
}

Test(refusals, change_nothing)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct drive d;

        drive_start(&d, &policy_lab);
        drive_push(&d, SPAN(READY));
        drive_push(&d, rows[i].line);
        if (rows[i].number == 3 || rows[i].number == 9 || rows[i].number == 10 ||
            rows[i].mistake == MISTAKE_PARAMETER_AFTER_HELO) {
            drive_end(&d); /* only wrong where it stood */
            continue;
        }
        buf_clear(&d.replies);
        drive_push(&d, SPAN("DATA\r\nx\r\n.\r\n"));
        cr_expect_str_eq(buf_text(&d.letters), "alice@crepes.fr bob@hamburger.edu: x\r\n\n", "%s",
                         mistake_rows[rows[i].mistake].name);
        drive_end(&d);
    }
}

/* What learners do that a strict server takes all the same: rows 5, 20 to 24, 29. */
Test(refusals, are_not_for_what_is_harmless_or_letter_text)
{
    static const char talk[] = "HELO laptop\r\nMAIL  FROM: <alice@crepes.fr> \r\n"
                               "RCPT TO: <@a.fr:bob@hamburger.edu>\r\nDATA\r\n"
                               "Subject: lunch\r\ntext\r\nQUIT\r\nhello.\r\n. \r\n.x\r\n.\r\n";
    struct drive d;

    drive_start(&d, &policy_lab);
    drive_push(&d, span_of(talk));
    cr_expect_str_eq(buf_text(&d.letters), "alice@crepes.fr bob@hamburger.edu: "
                                           "Subject: lunch\r\ntext\r\nQUIT\r\nhello.\r\n \r\n"
                                           "x\r\n\n");
    cr_expect_not_null(strstr(buf_text(&d.replies), "250 Message accepted for delivery\r\n"));
    drive_end(&d);
}

/* Rows 13 and 14: not the line is wrong, but the recipient is not ours. */
Test(refusals, say_why_a_recipient_is_not_taken)
{
    struct drive d;

    drive_start(&d, &policy_lab);
    drive_push(&d, SPAN(SENDER));
    buf_clear(&d.replies);
    buf_clear(&d.facts);
    drive_push(&d, SPAN("RCPT TO:<nobody@hamburger.edu>\r\nRCPT TO:<x@elsewhere.org>\r\nDATA\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "550 5.1.1 nobody@hamburger.edu ... User unknown\r\n"
                                           "550 5.7.1 x@elsewhere.org ... Relaying denied\r\n"
                                           "503 5.5.1 No valid recipient yet; send RCPT first\r\n");
    cr_expect_str_eq(buf_text(&d.facts),
                     "DECIDED 550 there is no mailbox nobody here: recipient refused\n"
                     "DECIDED 550 elsewhere.org is not a domain of this server, which passes "
                     "nothing on: recipient refused\n"
                     "DECIDED 503 refused: No valid recipient yet; send RCPT first\n");
    drive_end(&d);
}
