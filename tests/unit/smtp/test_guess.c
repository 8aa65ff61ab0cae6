#include "smtp/guess.h"

#include "support/table.h"

static const struct {
    const char *word, *argument;
    enum mistake mistake;
    enum verb meant;
} rows[] = {
    /* the console's and the shell's words */
    { "ls", "", MISTAKE_CONSOLE_WORD, VERB_UNKNOWN },
    { "LS", "-l", MISTAKE_CONSOLE_WORD, VERB_UNKNOWN },
    { "clear", "", MISTAKE_CONSOLE_WORD, VERB_UNKNOWN },
    { "telnet", "localhost 25", MISTAKE_CONSOLE_WORD, VERB_UNKNOWN },
    { "exit", "", MISTAKE_CONSOLE_WORD, VERB_QUIT },
    { "logout", "", MISTAKE_CONSOLE_WORD, VERB_QUIT },
    { ":q!", "", MISTAKE_CONSOLE_WORD, VERB_QUIT },
    { "?", "", MISTAKE_CONSOLE_WORD, VERB_HELP },
    { "man", "smtp", MISTAKE_CONSOLE_WORD, VERB_HELP },
    { "/help", "", MISTAKE_CONSOLE_WORD, VERB_UNKNOWN },
    { "/", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "/1", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    /* a server's line */
    { "250", "ok", MISTAKE_REPLY_AS_COMMAND, VERB_UNKNOWN },
    { "250-SIZE", "1000", MISTAKE_REPLY_AS_COMMAND, VERB_UNKNOWN },
    { "554", "", MISTAKE_REPLY_AS_COMMAND, VERB_UNKNOWN },
    { "S:", "250 ok", MISTAKE_REPLY_AS_COMMAND, VERB_UNKNOWN },
    { "25", "ok", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "199", "ok", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "650", "ok", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "2500", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "25o", "ok", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    /* a browser's request */
    { "GET", "/ HTTP/1.1", MISTAKE_HTTP_REQUEST, VERB_UNKNOWN },
    { "get", "/", MISTAKE_HTTP_REQUEST, VERB_UNKNOWN },
    { "POST", "http://x.y/ HTTP/1.1", MISTAKE_HTTP_REQUEST, VERB_UNKNOWN },
    { "CONNECT", "x.y:443 HTTP/1.1", MISTAKE_HTTP_REQUEST, VERB_UNKNOWN },
    { "PRI", "* HTTP/2.0", MISTAKE_HTTP_REQUEST, VERB_UNKNOWN },
    { "GET", "mail", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "CONNECT", "x.y", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    /* a client's line, pasted with its mark */
    { "C:", "HELO crepes.fr", MISTAKE_UNKNOWN_VERB, VERB_HELO },
    { "c:", "QUIT", MISTAKE_UNKNOWN_VERB, VERB_QUIT },
    { "C:", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "C:", "hi", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    /* a verb that runs into what follows it */
    { "MAILFROM:<bob@x.y>", "", MISTAKE_MISSPELT_VERB, VERB_MAIL },
    { "mailfrom", "bob@x.y", MISTAKE_MISSPELT_VERB, VERB_MAIL },
    { "FROM:<bob@x.y>", "", MISTAKE_MISSPELT_VERB, VERB_MAIL },
    { "RCPTTO:<bob@x.y>", "", MISTAKE_MISSPELT_VERB, VERB_RCPT },
    { "TO:<bob@x.y>", "", MISTAKE_MISSPELT_VERB, VERB_RCPT },
    { "RCPT:TO", "<bob@x.y>", MISTAKE_MISSPELT_VERB, VERB_RCPT },
    { "MAIL:", "FROM:<bob@x.y>", MISTAKE_MISSPELT_VERB, VERB_MAIL },
    { "MAIL-FROM:<bob@x.y>", "", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "HELOcrepes.fr", "", MISTAKE_MISSPELT_VERB, VERB_HELO },
    { "EHLO:", "crepes.fr", MISTAKE_MISSPELT_VERB, VERB_EHLO },
    { "QUIT.", "", MISTAKE_MISSPELT_VERB, VERB_QUIT },
    { "QUIT;", "", MISTAKE_MISSPELT_VERB, VERB_QUIT },
    { "DATA:", "", MISTAKE_MISSPELT_VERB, VERB_DATA },
    { "EHLO\xc2\xa0x.y", "", MISTAKE_MISSPELT_VERB, VERB_EHLO },
    { "DATAx.y", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "HELOPE", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    /* a header field */
    { "Subject:", "hi", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "Subject:hi", "", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "Subject", ": hi", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "subject", "hi", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "From:", "alice@crepes.fr", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "To", "bob@x.y", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "X-Mailer:", "pen", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "X_Odd:", "1", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "Xyz", ": 1", MISTAKE_HEADER_AS_COMMAND, VERB_UNKNOWN },
    { "http://x.y/", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { ":", "x", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "1st:", "x", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "caf\xc3\xa9:", "x", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    /* misspelt, or nothing at all */
    { "HLEO", "crepes.fr", MISTAKE_MISSPELT_VERB, VERB_HELO },
    { "START", "TLS", MISTAKE_MISSPELT_VERB, VERB_STARTTLS },
    { "start", "tls now", MISTAKE_MISSPELT_VERB, VERB_STARTTLS },
    { "START", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "XYZZY", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "\xff", "", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
    { "Hi", "Bob", MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN },
};

Test(guess, says_what_a_line_may_have_been)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct guess g = guess_line(span_of(rows[i].word), span_of(rows[i].argument));

        cr_expect_eq(g.mistake, rows[i].mistake, "%s %s: %s", rows[i].word, rows[i].argument,
                     mistake_rows[g.mistake].name);
        cr_expect_eq(g.meant, rows[i].meant, "%s %s: meant %s", rows[i].word, rows[i].argument,
                     verb_word(g.meant));
    }
}
