#include <criterion/criterion.h>

#include "dialogue/notes.h"
#include "support/prose.h"

static const struct notes_style learner = { NOTES_LEARNER, false, false };

/* What is asked, and up to three things that the answer says. */
static const struct {
    const char *asked, *says[3];
} rows[] = {
    { "550 5.1.1 <x>: no such user",
      { "550 = ", "5.1.1, no such mailbox: ", "Try again: not unchanged." } },
    { "S: 450 4.7.1 come back later", { "450 = ", "4.7, security or policy", "Try again: yes" } },
    { "250", { "250 = done.", "First digit 2, yes", "It can answer EHLO" } },
    { "  354 go on", { "354 = go on", "First digit 3", "It can answer DATA." } },
    { "554", { "It can answer a new connection, MAIL, RCPT, DATA, the dot", "", "" } },
    { "421", { "It can answer a new connection and any command.", "", "" } },
    { "999 x", { "999 is no reply code of SMTP", "the first is 2 (yes)", "(RFC 5321 4.2.1)" } },
    { "064", { "064 is no reply code of SMTP", "", "" } },
    { "S: 250ok", { "250 = done.", "A fault of the server: after the code", "" } },
    { "S: hello", { "No reply code stands", "A fault of the server", "" } },
    { "S: 299 odd", { "299 is in no standard", "Second digit 9", "What to do: Go on" } },
    { "199 odd",
      { "First digit 1, preliminary",
        "none that the standard allows: first digit 2 to 5, second 0 to 5",
        "a fault of the server" } },
    { "250-a.b\r\n250-SIZE 1000\r\n250 PIPELINING\r\n",
      { "250 = the server has heard who you say you are.", "SIZE is an EHLO keyword",
        "PIPELINING is an EHLO keyword" } },
    { "250-STARTTLS", { "250 = the server has heard who", "STARTTLS is an EHLO keyword", "" } },
    { "550", { "It can answer EHLO, HELO, MAIL, RCPT, the dot, VRFY and EXPN.\n", "", "" } },
    { "220", { "It can answer a new connection and STARTTLS.\n", "", "" } },
    { "550-5.7.1 one\n550 5.7.1 two", { "550 = refused.", "5.7.1, not allowed", "" } },
    { "250-a\n251 b", { "the lines of one reply differ", "the last one is taken", "251 = " } },
    { "5.1.1", { "5.1.1 is an enhanced status code", "no such mailbox", "(RFC 3463" } },
    { "Status: 4.2.2", { "4.2.2 is an enhanced status code", "mailbox full", "" } },
    { "dsn=5.4.4", { "5.4.4 is an enhanced status code", "", "" } },
    { "X.7.1", { "X.7.1 is an enhanced status code", "X stands for 2 (yes)", "not allowed" } },
    { "x.9.9", { "X.9.9 is an enhanced", "in no registry", "" } },
    { "5.7.999", { "5.7, security or policy", "in no registry", "" } },
    { "MAIL FROM: <alice@crepes.fr> SIZE=3",
      { "The space after the colon", "MAIL begins a letter", "Parameter SIZE:" } },
    { "C: RCPT TO:<bob@x.org> FOO=1",
      { "RCPT names one recipient", "The recipient on the envelope: bob@x.org.",
        "Parameter FOO: this program does not know it." } },
    { ">>> MAIL FROM:<>", { "The sender on the envelope: none (<>).", "RFC 5321 4.5.5", "" } },
    { "QUIT", { "QUIT ends the talk.", "Form: QUIT", "Source: RFC 5321 4.1.1.10." } },
    { "quit", { "QUIT ends the talk.", "", "" } },
    { "STARTTLS", { "STARTTLS asks to encrypt", "STARTTLS is an EHLO keyword", "" } },
    { "ETRN", { "ETRN asks the server", "It brings the command: ETRN.", "" } },
    { "PIPELINING", { "PIPELINING is an EHLO keyword", "(RFC 2920", "" } },
    { "SIZE 1000", { "SIZE is an EHLO keyword", "", "" } },
    { "DSN", { "It allows with MAIL: RET ENVID.", "It allows with RCPT: NOTIFY ORCPT.", "" } },
    { "AUTH=LOGIN", { "AUTH is an EHLO keyword", "AUTH is a parameter of MAIL", "" } },
    { "AUTH PLAIN LOGIN", { "AUTH is an EHLO keyword", "", "" } },
    { "AUTH PLAIN c2VjcmV0", { "AUTH logs in", "", "" } },
    { "BODY=8BITMIME", { "BODY is a parameter of MAIL", "", "" } },
    { "NOTIFY", { "NOTIFY is a parameter of RCPT", "Its value: ", "" } },
    { "Subject: hi", { "This is a header line of a letter", "after DATA", "" } },
    { "HLEO x", { "This looks like HELO, misspelt.", "Right: HELO crepes.fr", "" } },
    { "GET / HTTP/1.1", { "This is HTTP", "", "" } },
    { "C: xyzzy", { "This is no verb of SMTP.", "", "" } },
    { ".", { "A line with only a dot ends the letter", "", "" } },
    { "<gone@x.org>: host mx[192.0.2.1] said: 550 5.1.1 gone (in reply to RCPT TO command)",
      { "550 = there is no such mailbox here.", "5.1.1, no such mailbox", "" } },
    { "host mx said: 552 too big (in reply to end of DATA command)",
      { "552 = the letter is too large", "", "" } },
    { "Diagnostic-Code: smtp; 550 5.7.1 no", { "550 = refused", "5.7.1", "" } },
    { "Nov 3 mx postfix: to=<a@b>, status=bounced (450-4.2.1 busy)", { "450 = ", "4.2.1", "" } },
    { "SMTP error from remote mail server after RCPT TO:<x@y.z>: 550 5.1.1 no",
      { "550 = there is no such mailbox here.", "", "" } },
    { "C: RCPT TO:<x@y.z>\nS: 550 no",
      { "> C: RCPT TO:<x@y.z>", "550 = this recipient is refused", "> S: 550 no" } },
    { "C: DATA\nS: 354 go\nC: QUIT\n\nC: .\nS: 250 ok",
      { "> C: QUIT\nA line of the letter", "A line with only a dot",
        "250 = the server has taken" } },
    { "C: AUTH LOGIN\nS: 334 x\nC: c2VjcmV0\nS: 235 ok",
      { "> C: ********", "An answer in the login", "235 = the server accepts your answers" } },
    { "C: AUTH LOGIN\nS: 503 no\nC: Ym9i\nS: 500 what\nC: c2VjcmV0\nS: 500 what",
      { "> C: ********\nAn answer in the login", "> S: 503 no", "> S: 500 what" } },
    { "C: AUHT LOGIN\nC: Ym9i\nC: c2VjcmV0\nC: HLEO x",
      { "> C: AUHT LOGIN", "> C: ********", "> C: HLEO x" } },
    { "C: AUTH c2VjcmV0\nS: 504 no", { "> C: AUTH ********", "504 = ", "" } },
    { "C: AUTH PLAIN c2VjcmV0\nS: 235 ok\nC: HLEO x", { "235 = ", "> C: HLEO x", "" } },
    { "AUTH LOGIN\n334 x\nc2VjcmV0", { "> ********", "An answer in the login", "" } },
    { "C: AUTH PLAIN c2VjcmV0\nS: 535 no", { "> C: AUTH PLAIN ********", "535 = ", "" } },
};

Test(notes_text, explains_what_is_pasted)
{
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_clear(&text);
        cr_expect(notes_explain_text(span_of(rows[i].asked), &learner, &text), "%s", rows[i].asked);
        for (size_t k = 0; k < 3; k++)
            cr_expect(!rows[i].says[k] || strstr(buf_text(&text), rows[i].says[k]), "%s: %s: %s",
                      rows[i].asked, rows[i].says[k], buf_text(&text));
        cr_expect_null(strstr(buf_text(&text), "c2Vj"), "%s", buf_text(&text));
        cr_expect_null(strstr(buf_text(&text), "\n\n"), "%s", buf_text(&text));
    }
    buf_release(&text);
}

Test(notes_text, says_what_can_be_asked_when_nothing_is_recognised)
{
    static const char *const asked[] = { "", " ", "xyzzy", "12", "9999 x", "5.1", "\n" };
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        buf_clear(&text);
        cr_expect_not(notes_explain_text(span_of(asked[i]), &learner, &text), "%s", asked[i]);
        cr_expect(span_starts(buf_span(&text), SPAN("Nothing here was recognised.")));
    }
    buf_release(&text);
}

Test(notes_text, has_an_end)
{
    struct buf talk = { 0 }, text = { 0 };

    for (int i = 0; i < 1000; i++)
        buf_add_text(&talk, "C: NOOP\nS: 250 ok\n");
    cr_expect(notes_explain_text(buf_span(&talk), &learner, &text));
    cr_expect(strstr(buf_text(&text), "The rest of the text, after 64 lines, is left out."));
    cr_expect(text.len < 64 * 1024);
    buf_clear(&talk);
    for (int i = 0; i < 1000; i++)
        buf_add_text(&talk, "250-PIPELINING\n");
    buf_clear(&text);
    cr_expect(notes_explain_text(buf_span(&talk), &learner, &text));
    cr_expect(text.len < 64 * 1024);
    buf_release(&talk);
    buf_release(&text);
}

Test(notes_text, is_shorter_in_words_for_admins)
{
    const struct notes_style admin = { NOTES_ADMIN, false, false };
    struct buf text = { 0 };

    cr_expect(notes_explain_text(SPAN("554 5.7.1 Relay access denied"), &admin, &text));
    cr_expect(strstr(buf_text(&text), "554: Transaction failed; at connect: no service. It can"),
              "%s", buf_text(&text));
    cr_expect(strstr(buf_text(&text), "log in first, or use the server of your own provider."));
    buf_clear(&text);
    cr_expect(notes_explain_text(SPAN("550 no"), &admin, &text));
    cr_expect(strstr(buf_text(&text), "EXPN, XCLIENT and XFORWARD."), "%s", buf_text(&text));
    buf_clear(&text);

    cr_expect(notes_explain_text(SPAN("C: RCPT TO:<x@y.z>\nS: 550 5.1.1 no"), &admin, &text));
    cr_expect(
        strstr(buf_text(&text), "550 after RCPT: no such mailbox, relaying denied, or policy."),
        "%s", buf_text(&text));
    buf_release(&text);
}
