#include <criterion/criterion.h>
#include <stdio.h>

#include "dialogue/notes.h"
#include "support/prose.h"
#include "support/said.h"

static const struct notes_style learner = { NOTES_LEARNER, false, true };

static void meaning(const char *talk, const struct notes_style *style, struct buf *out)
{
    struct said s;

    said(&s, talk);
    buf_clear(out);
    notes_meaning(&s.seen, &s.observer, &s.asked, style, out);
}

/* The talk, and what its last line means, or how that begins. */
static const struct {
    const char *talk, *text;
} rows[] = {
    { "S: 220 hamburger.edu",
      "220 = the server is ready. In SMTP the server speaks first; now you say who you are. The "
      "first digit is the verdict: 2 yes, 3 go on, 4 later, 5 no." },
    { SAID_LETTER,
      "354 = go on, send the letter. The server stays silent until the dot: silence is normal "
      "here. What is sent cannot be unsent; SMTP has no \"cancel\"." },
    { SAID_RECIPIENT,
      "250 = the server takes this recipient. It has promised nothing about the letter yet: that "
      "comes with the 250 after the final dot." },
    { "S: 220-hi", "220- = the hyphen says that more lines of this reply follow" },
    { SAID_READY, "250 = the server has heard who you say you are. Now a letter" },
    { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 250-SIZE 1000", "SIZE = " },
    { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 250-AUTH=LOGIN", "AUTH = " },
    { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 250-XFROB", "One more extension" },
    { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: odd", "No reply code stands" },
    { SAID_EXTENDED, "250 = the server has heard who you say you are. Each line after the first" },
    { SAID_READY "C: MAIL FROM:<a@b.c>", "MAIL begins a letter." },
    { SAID_READY "C: NOOP", "NOOP does nothing." },
    { SAID_READY "C: MAIL FROM <a@b.c>", "The colon is missing before the address." },
    { SAID_READY "C: MAIL FROM: <a@b.c>", "MAIL begins a letter." },
    { SAID_READY "C: Subject: x", "This is a header line of a letter, and no command." },
    { SAID_READY "S: 421 bye", "421 = nobody asked: the server closes the connection by itself" },
    { SAID_READY "S: 250 what", "250 = nobody asked for this reply: no command waits" },
    { SAID_READY "S: what", "Nobody asked for this reply" },
    { SAID_LETTER "C: Subject: x\nS: 451 no", "451 = nobody asked: the server breaks off the" },
    { SAID_READY "C: NOOP\nS: 199 x", "199 = no meaning in SMTP" },
    { SAID_READY "C: NOOP\nS: what", "No reply code stands" },
    { SAID_READY "C: NOOP\nS: 290 x", "290 = the server is there and listens, and says so" },
    { SAID_READY "C: XFROB\nS: 502 no", "502 = the server does not do what this line asks" },
    { SAID_LETTER "C: Subject: lunch", "A line of the letter's header." },
    { SAID_LETTER "C: Subject: lunch\nC:", "The empty line ends the header." },
    { SAID_LETTER "C: Subject: lunch\nC:\nC: hi", "A line of the letter. The server takes it" },
    { SAID_LETTER "C: Subject: lunch\nC:\nC: hi\nC:", "A line of the letter. The server takes it" },
    { SAID_LETTER "C: hi", "The letter starts without a header" },
    { SAID_LETTER "C: Subject: x\nC:\nC: QUIT", "QUIT is now a line of Bob's letter:" },
    { SAID_LETTER "C: Subject: x\nC:\nC: .", "The lone dot ends the letter" },
    { SAID_LETTER "C: Subject: x\nC:\nC: .\nS: 552 no", "552 = the letter is too large" },
    { SAID_EXTENDED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6", "334 = the login goes on" },
    { SAID_EXTENDED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YWxpY2U=", "Decoded: user alice." },
    { SAID_EXTENDED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: *", "The star gives up the login." },
    { SAID_EXTENDED "C: AUTH LOGIN\nS: 334 x\nC: x\nS: 535 no",
      "535 = the answers were not right" },
    { SAID_RECIPIENT "C: BDAT 10 LAST\nC: 12345678", "Octets of the letter" },
    { SAID_RECIPIENT "C: BDAT 10 LAST\nC: 12345678\nS: 250 ok",
      "250 = the server has taken charge" },
    { SAID_RECIPIENT "C: BDAT 10\nC: 12345678\nS: 250 ok", "250 = the server has this part" },
    { SAID_READY "C: QUIT\nS: 221 bye", "221 = the server says goodbye and closes" },
    /* why a reply says no */
    { SAID_READY "C:   RSET\nS: 500 what", "500 = the line starts with a space, before the verb." },
    { SAID_READY "C: XFROB\nS: 500 what", "500 = the server does not know this line" },
    { SAID_SENDER "C: MAIL FROM:<a@b.c>\nS: 503 no", "503 = a letter is under way;" },
    { "S: 220 x\nC: DATA\nS: 503 no", "503 = the client has not said who it is yet." },
    { SAID_READY "C: DATA\nS: 503 no", "503 = no letter was begun" },
    { SAID_SENDER "C: DATA\nS: 503 no", "503 = the letter has no accepted recipient yet." },
    { SAID_SENDER "C: DATA\nS: 554 no", "554 = the letter has no accepted recipient yet." },
    { SAID_READY "C: RCPT TO bob\nS: 503 no", "503 = a recipient comes after the sender" },
    { SAID_READY "C: RCPT TO bob\nS: 501 no", "501 = the colon is missing" },
    { SAID_READY "C: MAIL FROM:<a@b.c> SIZE=1\nS: 555 no", "555 = parameters belong to ext" },
    { "S: 220 x\nC: HELO pc\nS: 504 no", "504 = the name has only one part" },
    { "S: 220 x\nC: HELO pc\nS: 550 no", "550 = the name has only one part" },
    { SAID_READY "C: NOOP\nC: MAIL FROM:<a@b.c>\nS: 250 ok\nS: 554 no", "554 = the line was sent" },
    { SAID_READY "C: MAIL FROM:a@b.c\nS: 552 no", "552 = the letter would be too large" },
    { SAID_READY "C: MAIL FROM:a@b.c\nS: 550 no", "550 = the server refuses this sender" },
    { SAID_READY "C: MAIL FROM:a@b.c\nS: 553 no", "553 = the angle brackets around" },
    { SAID_EXTENDED "C: MAIL FROM:<a@b.c> FOO=1\nS: 555 no", "555 = the server did not offer" },
    { SAID_EXTENDED "C: MAIL FROM:<a@b.c> FOO=1\nS: 501 no", "501 = the server did not offer" },
    { SAID_EXTENDED "C: AUTH PLAIN\nS: 538 no", "538 = this login sends the password" },
    { SAID_SENDER "C: RCPT TO:<bo\bb@y.z>\nS: 550 no", "550 = a control character is in the line" },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 550 5.1.1 User unknown",
      "550 = there is no such mailbox here. Check the address, letter by letter: the same again "
      "gets the same answer." },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 550 5.7.1 Relaying denied",
      "550 = this mailbox is not at home here" },
    { SAID_SENDER "C: RCPT TO:x@y.z\nS: 550 5.7.1 Relaying denied",
      "550 = this mailbox is not at home here" },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 551 User not local", "551 = this mailbox is elsewhere" },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 550 no",
      "550 = this recipient is refused. Either there is no such mailbox here, or a rule forbids "
      "it, such as: no mail for other domains." },
    { SAID_RECIPIENT "C: RCPT TO:<x@y.z>\nS: 550 no",
      "550 = this recipient is refused. Either there is no such mailbox here, or a rule forbids "
      "it, such as: no mail for other domains. The others still stand." },
    { SAID_RECIPIENT "C: RCPT TO:<x@y.z>\nS: 450 5.1.1 no",
      "450 = the server does not find this mailbox now. Check the address; if it is right, try "
      "again later. The letter's other recipients still stand." },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 557 no", "557 = this recipient is refused." },
    { SAID_RECIPIENT "C: RCPT TO:<x@y.z>\nS: 499 no",
      "499 = this recipient is not accepted for now. A program tries again later. The letter's "
      "other recipients still stand." },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 421 bye", "421 = the server cannot go on and closes" },
};

Test(notes_meaning, is_right_for_the_line_and_fits_two_rows)
{
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got;

        meaning(rows[i].talk, &learner, &text);
        got = buf_text(&text);
        cr_expect(span_starts(buf_span(&text), span_of(rows[i].text)), "%s: %s", rows[i].talk, got);
        EXPECT_LABEL(got, NOTES_MEANING_MAX, rows[i].talk);
        cr_expect(prose_rows(got, 78) <= 2, "%s", got);
        cr_expect_eq(got[strlen(got) - 1], '.', "%s", got);
        cr_expect_not(prose_is_breathless(got), "%s", got);
    }
    buf_release(&text);
}

/* Whatever mistake a reply is explained by. */
Test(notes_meaning, fits_two_rows_for_every_mistake)
{
    struct buf text = { 0 };

    for (int m = 0; m < MISTAKE_COUNT; m++) {
        const struct mistakes asked = { { { (enum mistake)m, 0, 0 } }, 1 };
        struct said s;
        char reply[16];

        said(&s, SAID_READY "C: NOOP");
        snprintf(reply, sizeof reply, "%u no", mistake_rows[m].code);
        said_line(&s, SIDE_SERVER, span_of(reply));
        buf_clear(&text);
        notes_meaning(&s.seen, &s.observer, &asked, &learner, &text);
        cr_expect(prose_rows(buf_text(&text), 78) <= 2, "%s", buf_text(&text));
        cr_expect(text.len <= NOTES_MEANING_MAX, "%s", buf_text(&text));
    }
    buf_release(&text);
}

static const char textbook[] =
    "S: 220 hamburger.edu\nC: HELO crepes.fr\nS: 250 Hello crepes.fr, pleased to meet you\n"
    "C: MAIL FROM: <alice@crepes.fr>\nS: 250 alice@crepes.fr ... Sender ok\n"
    "C: RCPT TO: <bob@hamburger.edu>\nS: 250 bob@hamburger.edu ... Recipient ok\nC: DATA\n"
    "S: 354 Enter mail, end with \".\" on a line by itself\nC: Do you like ketchup?\n"
    "C: How about pickles?\nC: .\nS: 250 Message accepted for delivery\nC: QUIT\n"
    "S: 221 hamburger.edu closing connection\n";
#define TEXTBOOK_LINES 15

Test(notes_meaning, differs_for_every_line_of_the_textbook)
{
    struct buf texts[TEXTBOOK_LINES] = { 0 };
    struct span rest = span_of(textbook);
    unsigned lines = 0;
    struct said s;

    observer_init(&s.observer);
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        said_line(&s, line.at[0] == 'S' ? SIDE_SERVER : SIDE_CLIENT, span_from(line, 3));
        notes_meaning(&s.seen, &s.observer, &s.asked, &learner, &texts[lines]);
        for (unsigned i = 0; i < lines; i++)
            cr_expect_str_neq(buf_text(&texts[i]), buf_text(&texts[lines]), "line %u", lines + 1);
        lines++;
    }
    cr_expect_eq(lines, TEXTBOOK_LINES);
    for (unsigned i = 0; i < TEXTBOOK_LINES; i++)
        buf_release(&texts[i]);
}

Test(notes_meaning, carries_its_source_when_asked)
{
    const struct notes_style sources = { NOTES_LEARNER, true, true };
    const struct notes_style admin = { NOTES_ADMIN, false, false };
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        meaning(rows[i].talk, &sources, &text);
        cr_expect(strstr(buf_text(&text), "(RFC "), "%s: %s", rows[i].talk, buf_text(&text));
    }
    meaning(SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 550 5.1.1 no", &admin, &text);
    cr_expect(span_starts(buf_span(&text), SPAN("RCPT 550: No such mailbox. The sender checks")),
              "%s", buf_text(&text));
    meaning(SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 554 5.7.1 Relay access denied", &admin, &text);
    cr_expect(span_starts(buf_span(&text), SPAN("RCPT 554: Relaying denied. 5.7.1: ")), "%s",
              buf_text(&text));
    meaning(SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 550 no", &admin, &text);
    cr_expect(span_starts(buf_span(&text), SPAN("RCPT 550: No such mailbox, relaying denied, or")),
              "%s", buf_text(&text));
    meaning("S: 220 x", &admin, &text);
    cr_expect_str_eq(buf_text(&text), "220: Service ready. The client greets with EHLO, or with "
                                      "HELO. (RFC 5321 3.1, 4.2.1)");
    meaning(SAID_READY "C: RSET", &admin, &text);
    cr_expect(span_starts(buf_span(&text), SPAN("RSET: ")), "%s", buf_text(&text));
    buf_release(&text);
}
