/* `serve` on a terminal: lists of sessions and letters, each of which opens. */
#include "support/lab.h"
#include "support/served.h"

#define LETTER                                                                                     \
    "EHLO client.example\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"        \
    "DATA\r\n"
#define REST "Subject: Lunch\r\n\r\nAt noon.\r\n.\r\nQUIT\r\n"

static void say(const char *place, const char *first, const char *until, const char *rest)
{
    int fd = served_connect(place);
    struct buf said = served_talk(fd, first, until);

    buf_release(&said);
    said = served_talk(fd, rest, NULL);
    buf_release(&said);
    close(fd);
}

/* Where it listens, as its status line says. */
static struct terminal *open_screen(char place[64])
{
    struct terminal *t = lab_start(&(struct lab){ .args = { "serve", "--listen", "127.0.0.1:0" } });
    const char *at;

    SHOWS(t, "No client has connected yet.");
    at = strstr(terminal_text(t), "127.0.0.1:");
    cr_assert(at);
    snprintf(place, 64, "%.*s", (int)strcspn(at, " "), at);
    return t;
}

Test(serve_screen, lists_sessions_and_opens_the_dialogue)
{
    char place[64];
    struct terminal *t = open_screen(place);

    say(place, LETTER, "354 ", REST);
    SHOWS(t, "delivered");
    SHOWS(t, "alice@crepes.fr > bob@hamburger");
    SHOWS(t, "here 0  sessions 1  letters 1, in memory");
    say(place, "EHLO two.example\r\n", "250 ", "RCPT TO:<x@y.example>\r\nQUIT\r\n");
    SHOWS(t, "refused");
    terminal_type(t, "\x1b[A");
    TYPE(t, "\r", "C: EHLO client.example");
    SHOWS(t, "talk of 127.0.0.1");
    HIDES(t, "two.example");
    TYPE(t, "\x1b", "sessions  (Tab: letters)");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(serve_screen, explains_finds_and_saves_what_a_client_said)
{
    char place[64], saved[] = "/tmp/smtpscope-talk-XXXXXX", typed[64];
    struct terminal *t = open_screen(place);
    int fd = mkstemp(saved);

    cr_assert(fd >= 0);
    close(fd);
    unlink(saved);
    say(place, LETTER, "354 ", REST);
    SHOWS(t, "delivered");
    TYPE(t, "/explain\r", "open a session first");
    TYPE(t, "/talk 7\r", "no session of that number");
    TYPE(t, "/talk 1\r", "what line 1 means");
    TYPE(t, "\x1b[B", "what line 2 means");
    TYPE(t, "\r", "PgUp PgDn scroll"); /* the last row, drawn last */
    SHOWS(t, "Form: EHLO");
    TYPE(t, "\x1b", "Enter explains it");
    TYPE(t, "/find rcpt to\r", "C: RCPT TO:<bob");
    SHOWS(t, "RCPT: names one recipient");
    TYPE(t, "/find nowhere\r", "No line of this talk");
    TYPE(t, "\x1b[5~\x1b[6~\x1b[H", "what line 1 means");
    TYPE(t, "\x1b[F", "C: QUIT");
    snprintf(typed, sizeof typed, "/save %s\r", saved);
    TYPE(t, typed, "smtpscope replay plays it again");
    cr_expect_eq(unlink(saved), 0);
    TYPE(t, "/fi\t", "/filter delivered");
    terminal_type(t, "l\trefu\t\r");
    SHOWS(t, "0 with 'refused'");
    SHOWS(t, "Nothing here has that in it.");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(serve_screen, opens_a_letter)
{
    char place[64];
    struct terminal *t = open_screen(place);

    say(place, LETTER, "354 ", REST);
    SHOWS(t, "delivered");
    TYPE(t, "\t", "28 octets");
    TYPE(t, "\r", "At noon.");
    TYPE(t, "\x1b", "letters  (Tab: sessions)");
    TYPE(t, "\t", "delivered");
    TYPE(t, "\x03", "Ctrl-C once more ends the server");
    terminal_type(t, "\x03");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(serve_screen, takes_a_letter_apart)
{
    char place[64], saved[] = "/tmp/smtpscope-part-XXXXXX", typed[64];
    struct terminal *t = open_screen(place);
    int fd = mkstemp(saved);

    cr_assert(fd >= 0);
    close(fd);
    say(place, LETTER, "354 ", REST);
    SHOWS(t, "delivered");
    TYPE(t, "/letter parts\r", "Which letter?");
    TYPE(t, "\t", "28 octets");
    TYPE(t, "\r", "/letter parts takes it apart");
    TYPE(t, "/letter parts\r", "1 part in a letter of");
    TYPE(t, "/letter part 1\r", "At noon.");
    TYPE(t, "/letter part 2\r", "A number from 1 to 1");
    snprintf(typed, sizeof typed, "/letter save 1 %s\r", saved);
    TYPE(t, typed, "there is a file");
    unlink(saved);
    TYPE(t, typed, "Part 1 is saved: 10 octets in");
    cr_expect_eq(unlink(saved), 0);
    TYPE(t, "/letter\r", "/letter parts takes it apart");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(serve_screen, filters_by_what_is_typed)
{
    char place[64];
    struct terminal *t = open_screen(place);

    say(place, "EHLO one.example\r\n", "250 ", "QUIT\r\n");
    say(place, "EHLO two.example\r\n", "250 ", "QUIT\r\n");
    SHOWS(t, "two.example");
    TYPE(t, "/filter ONE\r", "1 with 'ONE'");
    HIDES(t, "two.example");
    SHOWS(t, "one.example");
    TYPE(t, "/filter\r", "two.example");
    TYPE(t, "hello\r", "Commands start with /");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(serve_screen, plays_a_fault_that_is_added_while_it_runs)
{
    char place[64];
    struct terminal *t = open_screen(place);

    TYPE(t, "/fault add RCPT reply=\"450 4.2.1 busy\"\r", "; played 0 of 0");
    terminal_type(t, "\x1b");
    say(place, "EHLO x.example\r\n", "250 ", "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nQUIT\r\n");
    SHOWS(t, " fault ");
    TYPE(t, "/fault off 1\r", "off, played 1 of 1");
    TYPE(t, "/nonsense\r", "/nonsense is no command here");
    TYPE(t, "/help\r", "/filter TEXT");
    TYPE(t, "\x1b[F", "/fault add LINE");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(serve_screen, fits_every_size)
{
    static const unsigned sizes[][2] = { { 1, 1 }, { 2, 4 }, { 3, 10 }, { 5, 20 }, { 50, 200 } };
    char place[64];
    struct terminal *t = open_screen(place);

    say(place, LETTER, "354 ", REST);
    SHOWS(t, "delivered");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        terminal_resize(t, sizes[i][0], sizes[i][1]);
        terminal_type(t, "\r\x1b[B\x1b[6~\x1b[5~\t\r\x1b[B\t");
    }
    TYPE(t, "/filter\r", "bob@hamburger.edu  at client.example");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}
