/* The engine as a client meets it: whole dialogues, however they are cut. */
#include "engine/engine.h"

#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

#define TEXTBOOK                                                                                   \
    "HELO crepes.fr\r\n"                                                                           \
    "MAIL FROM: <alice@crepes.fr>\r\n"                                                             \
    "RCPT TO: <bob@hamburger.edu>\r\n"                                                             \
    "DATA\r\n"                                                                                     \
    "Do you like ketchup?\r\n"                                                                     \
    "How about pickles?\r\n"                                                                       \
    ".\r\n"                                                                                        \
    "QUIT\r\n"
#define TEXTBOOK_REPLIES                                                                           \
    "220 hamburger.edu\r\n"                                                                        \
    "250 Hello crepes.fr, pleased to meet you\r\n"                                                 \
    "250 alice@crepes.fr ... Sender ok\r\n"                                                        \
    "250 bob@hamburger.edu ... Recipient ok\r\n"                                                   \
    "354 Enter mail, end with \".\" on a line by itself\r\n"                                       \
    "250 Message accepted for delivery\r\n"                                                        \
    "221 hamburger.edu closing connection\r\n"

/* Dialogues: what the client sends, all the replies, all the letters. */
static const struct row {
    const char *name, *sent, *replies, *letters;
} rows[] = {
    { "the textbook's", TEXTBOOK, TEXTBOOK_REPLIES,
      "alice@crepes.fr bob@hamburger.edu: Do you like ketchup?\r\nHow about pickles?\r\n\n" },
    { "two letters after EHLO, RSET between",
      "EHLO crepes.fr\r\n"
      "MAIL FROM:<> SIZE=10 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<postmaster>\r\n"
      "RCPT TO:<Bob@hamburger.edu>\r\nRCPT TO:<bob@Hamburger.EDU>\r\nDATA\r\n..dot\r\n.\r\n"
      "MAIL FROM:<a@b.fr>\r\nRSET\r\nMAIL FROM:<c@d.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
      "DATA\r\n.\r\nNOOP\r\nQUIT\r\n",
      "220 hamburger.edu\r\n"
      "250-hamburger.edu Hello crepes.fr, pleased to meet you\r\n250-PIPELINING\r\n250-SIZE "
      "10485760\r\n250-8BITMIME\r\n"
      "250-SMTPUTF8\r\n250-CHUNKING\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250-VRFY\r\n250-"
      "EXPN\r\n250 HELP\r\n"
      "250 2.1.0 <> ... Sender ok\r\n250 2.1.5 postmaster ... Recipient ok\r\n"
      "550 5.1.1 Bob@hamburger.edu ... User unknown\r\n"
      "250 2.1.5 bob@Hamburger.EDU ... Recipient ok\r\n"
      "354 Enter mail, end with \".\" on a line by itself\r\n"
      "250 2.0.0 Message accepted for delivery\r\n"
      "250 2.1.0 a@b.fr ... Sender ok\r\n250 2.0.0 Ok, nothing of a letter is kept\r\n"
      "250 2.1.0 c@d.fr ... Sender ok\r\n250 2.1.5 bob@hamburger.edu ... Recipient ok\r\n"
      "354 Enter mail, end with \".\" on a line by itself\r\n"
      "250 2.0.0 Message accepted for delivery\r\n250 2.0.0 Ok\r\n"
      "221 2.0.0 hamburger.edu closing connection\r\n",
      " postmaster,bob@Hamburger.EDU: .dot\r\n\nc@d.fr bob@hamburger.edu: \n" },
    { "a new greeting drops the letter",
      "HELO a.fr\r\nMAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nHELO c.fr\r\nDATA\r\n",
      "220 hamburger.edu\r\n250 Hello a.fr, pleased to meet you\r\n250 a@b.fr ... Sender ok\r\n"
      "250 bob@hamburger.edu ... Recipient ok\r\n250 Hello c.fr, pleased to meet you\r\n"
      "503 Send MAIL and RCPT first\r\n",
      "" },
};

Test(engine, answers_whole_dialogues_however_they_are_cut)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct span sent = span_of(rows[i].sent);

        for (size_t way = 0; way < feed_ways(sent.len); way++) {
            struct drive d;

            drive_start(&d, &policy_lab);
            feed(drive_feed, &d, sent, way);
            cr_expect_str_eq(buf_text(&d.replies), rows[i].replies, "%s, way %zu", rows[i].name,
                             way);
            cr_expect_str_eq(buf_text(&d.letters), rows[i].letters, "%s, way %zu", rows[i].name,
                             way);
            drive_end(&d);
        }
    }
}
