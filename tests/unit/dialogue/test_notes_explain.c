#include <criterion/criterion.h>

#include "dialogue/notes.h"
#include "support/prose.h"
#include "support/said.h"

static const struct notes_style learner = { NOTES_LEARNER, false, true };

/* The talk, and what the explanation of its last line says. */
static const struct {
    const char *talk, *says[5];
} rows[] = {
    { "S: 220 hamburger.edu",
      { "Line 1, from the server: the greeting.", "220 = the server is ready.",
        "Second digit 2, connection", "What to do: The client greets with EHLO",
        "The session: the server is ready and greets. (RFC 5321 3.1) Now the server has spoken" } },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 550 5.1.1 no",
      { "Line 7, from the server: a reply to RCPT in line 6.", "5.1.1, no such mailbox",
        "Try again: not unchanged.", "Source: RFC 5321 4.2.3, 3.3",
        "The session: it stays where it was: the server has the sender" } },
    { SAID_SENDER "C: RCPT TO:<x@y.z>\nS: 451 4.7.1 later", { "Try again: yes, later." } },
    { "S: 220-hello", { "More lines of it follow." } },
    { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 250-SIZE 1000", { "SIZE is an EHLO keyword" } },
    { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 251 SIZE 1000",
      { "A fault of the server: the lines of one reply differ in code" } },
    { SAID_READY "S: 421 bye",
      { "a reply that nobody asked for", "421 = nobody asked", "First digit 4, later",
        "the server closes the connection" } },
    { SAID_READY "C: XYZ\nS: 500 what",
      { "a reply to line 4.", "500 = the server does not know" } },
    { SAID_READY "C: NOOP\nS: hello", { "No reply code stands", "it stays where it was" } },
    { SAID_READY "C: MAIL FROM:alice@crepes.fr SIZE=1",
      { "Line 4, from the client.", "The angle brackets around the address are missing (column 11)",
        "(RFC 5321 4.1.2)", "Form: MAIL FROM:<reverse-path> [parameters]", "Parameter SIZE:" } },
    { SAID_READY "C: MAIL FROM:<>", { "The sender on the envelope: none (<>)." } },
    { SAID_READY "C: XYZ", { "This is no verb of SMTP." } },
    { SAID_LETTER "C: Subject: hi",
      { "A line of the letter's header.",
        "So far the letter has 1 line of header, 0 lines of text" } },
    { SAID_LETTER "C: Subject: hi\nC:\nC: .x", { "The server takes the dot", "(RFC 5321 4.5.2)" } },
    { SAID_LETTER "C: Subject: hi\nC:\nC: .", { "The lone dot ends the letter" } },
    { SAID_EXTENDED "C: AUTH LOGIN\nS: 334 x\nC: c2VjcmV0", { "It is secret" } },
    { SAID_RECIPIENT "C: BDAT 8 LAST\nC: 123456\nS: 250 ok",
      { "250 = the server has taken charge", "that was the last chunk" } },
};

Test(notes_explain, says_what_it_is_and_does_and_who_must_act)
{
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct said s;

        said(&s, rows[i].talk);
        buf_clear(&text);
        notes_explain(&s.seen, &s.observer, &s.asked, &learner, &text);
        for (size_t k = 0; k < 5; k++)
            cr_expect(!rows[i].says[k] || strstr(buf_text(&text), rows[i].says[k]), "%s: %s: %s",
                      rows[i].talk, rows[i].says[k], buf_text(&text));
        cr_expect_null(strstr(buf_text(&text), "c2Vj"), "%s", buf_text(&text));
        cr_expect(strstr(buf_text(&text), "RFC "), "%s", buf_text(&text));
        cr_expect(strstr(buf_text(&text), "\nThe session: "), "%s", buf_text(&text));
        cr_expect_null(strstr(buf_text(&text), "\n\n"), "%s", buf_text(&text));
    }
    buf_release(&text);
}

Test(notes_explain, gives_admins_the_short_form)
{
    const struct notes_style admin = { NOTES_ADMIN, false, false };
    struct buf text = { 0 };
    struct said s;

    said(&s, SAID_LETTER);
    notes_explain(&s.seen, &s.observer, &s.asked, &admin, &text);
    cr_expect(strstr(buf_text(&text), "354 after DATA: start mail input, end with the dot."), "%s",
              buf_text(&text));
    said(&s, "S: 554 no");
    buf_clear(&text);
    notes_explain(&s.seen, &s.observer, &s.asked, &admin, &text);
    cr_expect(strstr(buf_text(&text), "554 after this step:"), "%s", buf_text(&text));
    buf_release(&text);
}
