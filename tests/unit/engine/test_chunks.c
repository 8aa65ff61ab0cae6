/* BDAT: letters by count (RFC 3030), and LMTP's reply for each recipient (RFC 2033). */
#include <stdlib.h>

#include "engine/engine.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define EHLO  "EHLO crepes.fr\r\n"
#define READY EHLO "MAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
#define LHLO  "LHLO crepes.fr\r\n"
#define BOTH                                                                                       \
    LHLO "MAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nRCPT TO:<x@y.org>\r\n"              \
         "RCPT TO:<postmaster>\r\n"
#define STORED "250 2.0.0 Message accepted for delivery\r\n"
#define OK     "250 2.0.0 Ok\r\n"
#define FAILED "503 5.5.1 A chunk of this letter was refused; send RSET\r\n"
#define LARGE  "552 5.3.4 Letter too large\r\n"
#define RSET   "250 2.0.0 Ok, nothing of a letter is kept\r\n"

static const struct row {
    const char *before, *sent, *replies, *letters;
} rows[] = {
    { READY, "BDAT 5 LAST\r\nab\r\nxNOOP\r\n", STORED OK, "a@b.fr bob@hamburger.edu: ab\r\nx\n" },
    { READY, "bdat 4\r\n.\r\n.BDAT 0 last\r\nNOOP\r\n",
      "250 2.0.0 Octets received: 4\r\n" STORED OK, "a@b.fr bob@hamburger.edu: .\r\n.\n" },
    { READY, "BDAT 1\r\n\rBDAT 1 LAST\r\n\n", "250 2.0.0 Octets received: 1\r\n" STORED,
      "a@b.fr bob@hamburger.edu: \r\n\n" },
    { READY, "BDAT 2 LAST\r\nx\r", STORED, "a@b.fr bob@hamburger.edu: x\r\n" },
    { READY, "BDAT 0 LAST\r\n", STORED, "a@b.fr bob@hamburger.edu: \n" },
    /* what is refused takes its octets with it */
    { EHLO, "BDAT 6\r\nQUIT\r\nNOOP\r\n", "503 5.5.1 Send MAIL and RCPT first\r\n" OK, "" },
    { EHLO, "BDAT 0\r\nNOOP\r\n", "503 5.5.1 Send MAIL and RCPT first\r\n" OK, "" },
    { EHLO "MAIL FROM:<>\r\n", "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n",
      "503 5.5.1 No valid recipient yet; send RCPT first\r\n" OK, "" },
    { "", "BDAT 6\r\nQUIT\r\n", "503 Send HELO or EHLO first\r\n", "" },
    /* too large, announced and summed up */
    { READY, "BDAT 11 LAST\r\n0123456789xBDAT 1\r\nyRSET\r\n", LARGE FAILED RSET, "" },
    { READY, "BDAT 6\r\n012345BDAT 5\r\n6789xBDAT 0 LAST\r\nMAIL FROM:<>\r\nRSET\r\nNOOP\r\n",
      "250 2.0.0 Octets received: 6\r\n" LARGE FAILED
      "503 5.5.1 A letter comes by BDAT now; RSET would drop it\r\n" RSET OK,
      "" },
    { READY, "BDAT 10 LAST\r\n0123456789", STORED, "a@b.fr bob@hamburger.edu: 0123456789\n" },
    /* DATA and BDAT do not mix */
    { READY, "BDAT 1\r\nxDATA\r\nRCPT TO:<postmaster>\r\nEHLO a.fr\r\nNOOP\r\nBDAT 1 LAST\r\ny",
      "250 2.0.0 Octets received: 1\r\n503 5.5.1 BDAT and DATA do not mix in one letter\r\n"
      "503 5.5.1 A letter comes by BDAT now; RSET would drop it\r\n"
      "503 A letter comes by BDAT now; RSET would drop it\r\n" OK STORED,
      "a@b.fr bob@hamburger.edu: xy\n" },
    { EHLO, "MAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<postmaster>\r\nDATA\r\nBDAT 1 LAST\r\nx",
      "250 2.1.0 <> ... Sender ok\r\n250 2.1.5 postmaster ... Recipient ok\r\n"
      "503 5.5.1 A BINARYMIME letter comes by BDAT, not by DATA\r\n" STORED,
      " postmaster: x\n" },
};

static struct policy chunks(void)
{
    struct policy p = policy_lab;

    p.extensions |= EXTENSION_BIT(BINARYMIME);
    p.size_limit = 10;
    return p;
}

Test(chunks, are_letters_by_count_however_cut)
{
    struct policy p = chunks();

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct span sent = span_of(rows[i].sent);

        for (size_t way = 0; way < feed_ways(sent.len); way++) {
            struct drive d;

            drive_start(&d, &p);
            drive_push(&d, span_of(rows[i].before));
            buf_clear(&d.replies);
            feed(drive_feed, &d, sent, way);
            cr_expect_str_eq(buf_text(&d.replies), rows[i].replies, "row %zu, way %zu", i, way);
            cr_expect_str_eq(buf_text(&d.letters), rows[i].letters, "row %zu, way %zu", i, way);
            drive_end(&d);
        }
    }
}

Test(chunks, that_cannot_be_stored_leave_a_letter_that_failed)
{
    struct policy p = chunks();
    struct drive d;

    drive_start(&d, &p);
    d.refuse = "no";
    drive_push(&d, SPAN(READY));
    buf_clear(&d.replies);
    drive_push(&d,
               SPAN("BDAT 1 LAST\r\nxBDAT 1 LAST\r\nyMAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n"));
    cr_expect_str_eq(buf_text(&d.replies),
                     "452 4.3.1 The letter could not be stored now\r\n" FAILED
                     "503 5.5.1 A letter comes by BDAT now; RSET would drop it\r\n" RSET
                     "250 2.1.0 <> ... Sender ok\r\n");
    drive_end(&d);
}

Test(chunks, keep_nothing_that_has_no_room)
{
    struct policy p = policy_lab;
    struct drive d;

    drive_start(&d, &p);
    drive_push(&d, SPAN(READY "BDAT 1000000\r\nmuch"));
    cr_expect_eq(engine_letter_octets(d.engine), 4);
    engine_no_room(d.engine);
    cr_expect_eq(engine_letter_octets(d.engine), 0);
    for (int i = 0; i < 99999; i++)
        drive_push(&d, SPAN("0123456789"));
    buf_clear(&d.replies);
    drive_push(&d, SPAN("012345"));
    cr_expect_str_eq(buf_text(&d.replies), "452 4.3.1 Not enough room for this letter now\r\n");
    drive_end(&d);
}

static const struct row lmtp_rows[] = {
    { "", "EHLO a.fr\r\nHELO a.fr\r\n",
      "500 This server speaks LMTP; send LHLO\r\n500 This server speaks LMTP; send LHLO\r\n", "" },
    { BOTH, "DATA\r\nx\r\n.\r\nNOOP\r\n",
      "354 Enter mail, end with \".\" on a line by itself\r\n"
      "250 2.1.5 bob@hamburger.edu ... Delivered\r\n250 2.1.5 postmaster ... Delivered\r\n" OK,
      "a@b.fr bob@hamburger.edu,postmaster: x\r\n\n" },
    { BOTH, "BDAT 1\r\nxBDAT 1 LAST\r\ny",
      "250 2.0.0 Octets received: 1\r\n250 2.1.5 bob@hamburger.edu ... Delivered\r\n"
      "250 2.1.5 postmaster ... Delivered\r\n",
      "a@b.fr bob@hamburger.edu,postmaster: xy\n" },
    { BOTH, "DATA\r\n0123456789\r\n.\r\nNOOP\r\n",
      "354 Enter mail, end with \".\" on a line by itself\r\n" LARGE LARGE OK, "" },
    { BOTH, "BDAT 11 LAST\r\n0123456789xNOOP\r\n", LARGE LARGE OK, "" },
    { LHLO "MAIL FROM:<>\r\n", "RCPT TO:<x@y.org>\r\nDATA\r\n",
      "550 5.7.1 x@y.org ... Relaying denied\r\n"
      "503 5.5.1 No valid recipient yet; send RCPT first\r\n",
      "" },
};

Test(chunks, and_letters_are_answered_for_each_recipient_in_lmtp)
{
    struct policy p = chunks();

    p.lmtp = true;
    for (size_t i = 0; i < ROWS(lmtp_rows); i++) {
        const struct row *row = &lmtp_rows[i];
        struct span sent = span_of(row->sent);

        for (size_t way = 0; way < feed_ways(sent.len); way++) {
            struct drive d;

            drive_start(&d, &p);
            drive_push(&d, span_of(row->before));
            buf_clear(&d.replies);
            feed(drive_feed, &d, sent, way);
            cr_expect_str_eq(buf_text(&d.replies), row->replies, "row %zu, way %zu", i, way);
            cr_expect_str_eq(buf_text(&d.letters), row->letters, "row %zu, way %zu", i, way);
            drive_end(&d);
        }
    }
}
