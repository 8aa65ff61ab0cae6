#include "view/letter.h"

#include <locale.h>

#include "base/utf8.h"
#include "support/talks.h"

static struct buf shown;

static const char *letter(const struct record *r, uint32_t n, unsigned cols, bool ascii)
{
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    buf_clear(&shown);
    letter_text(r, 1, n, cols, ascii, &s);
    buf_add(&shown, buf_span(&s.text));
    styled_release(&s);
    return buf_text(&shown);
}

/* Up to the 354: alice writes to bob and carol; mallory is refused. */
#define UP_TO_354                                                                                  \
    "S: 220 hamburger.edu\nC: HELO crepes.fr\nS: 250 hello\n"                                      \
    "C: MAIL FROM:<alice@crepes.fr>\nS: 250 ok\n"                                                  \
    "C: RCPT TO:<bob@hamburger.edu>\nS: 250 ok\n"                                                  \
    "C: RCPT TO:<carol@hamburger.edu>\nS: 250 ok\n"                                                \
    "C: RCPT TO:<mallory@x.org>\nS: 550 no\n"                                                      \
    "C: DATA\nS: 354 go on\n"

/* What stands above the header in most of the letters below. */
#define ENVELOPE                                                                                   \
    "envelope  what MAIL and RCPT said; servers deliver by it\n"                                   \
    "  from  alice@crepes.fr\n"                                                                    \
    "  to    bob@hamburger.edu\n"                                                                  \
    "        carol@hamburger.edu\n"                                                                \
    "  ! 1 more recipient was refused: this letter does not go there\n"                            \
    "header    what the letter says about itself; its reader sees it\n"
#define TAKEN "letter    sent, answered with 250: the server has taken charge of it\n"

static const struct {
    const char *name, *talk, *want;
} rows[] = {
    { "under way, nothing of it yet", UP_TO_354,
      "letter    under way; a line with only a dot ends it\n" ENVELOPE
      "body      0 lines; the letter as a whole has 0 octets\n" },
    { "under way, in its header", UP_TO_354 "C: From: alice@crepes.fr\n",
      "letter    under way; a line with only a dot ends it\n" ENVELOPE "│ From: alice@crepes.fr\n"
      "body      0 lines; the letter as a whole has 23 octets\n" },
    { "without a header", UP_TO_354 "C: Do you like ketchup?\nC: ..dot\nC: .\nS: 250 ok\n",
      TAKEN ENVELOPE
      "  ! This letter has no header: a header is lines such as \"Subject: lunch\",\n"
      "    then an empty line. The reader sees neither author, date nor subject.\n"
      "body      2 lines; the letter as a whole has 28 octets\n"
      "│ Do you like ketchup?\n"
      "│ .dot\n" },
    { "all as it should be",
      UP_TO_354
      "C: From: Alice <alice@crepes.fr>\nC: To: bob@HAMBURGER.edu\nC: Cc: Carol\n"
      "C:  <carol@hamburger.edu>\nC: Subject: lunch\nC: Date: today\nC: \nC: Hello\nC: .\n"
      "S: 250 ok\nC: QUIT\nS: 221 bye\n",
      TAKEN ENVELOPE "│ From: Alice <alice@crepes.fr>\n"
                     "│ To: bob@HAMBURGER.edu\n"
                     "│ Cc: Carol\n"
                     "│  <carol@hamburger.edu>\n"
                     "│ Subject: lunch\n"
                     "│ Date: today\n"
                     "body      1 line; the letter as a whole has 127 octets\n"
                     "│ Hello\n" },
    { "header and envelope differ",
      UP_TO_354
      "C: From: \"Bank, The\" <office@bank.example>\nC: To: bob@hamburger.edu, dave@x.org\n"
      "C: Bcc: eve@x.org\nC: \nC: Hello\nC: .\nS: 550 no\n",
      "letter    sent, answered with 550: the server refused it\n" ENVELOPE
      "│ From: \"Bank, The\" <office@bank.example>\n"
      "│ To: bob@hamburger.edu, dave@x.org\n"
      "│ Bcc: eve@x.org\n"
      "  ! From: says office@bank.example, the envelope says alice@crepes.fr. Both\n"
      "    may be honest (mailing lists do this), or one is not: SMTP never compares\n"
      "    them.\n"
      "  ! carol@hamburger.edu gets this letter and is not named in the header: a\n"
      "    blind copy.\n"
      "  ! dave@x.org is named in the header and not in the envelope: this letter\n"
      "    does not go there.\n"
      "  ! No Date: the reader does not see when it was written. Every letter should\n"
      "    have one.\n"
      "  ! No Subject: mail programs show an empty line in their lists.\n"
      "  ! Bcc: stands in the letter, so every reader sees who was to be hidden.\n"
      "body      1 line; the letter as a whole has 101 octets\n"
      "│ Hello\n" },
    { "no empty line, no From, no To",
      UP_TO_354 "C: Subject: lunch\nC: Dear Bob,\nC: \nC: come\nC: .\nS: 452 later\n",
      "letter    sent, answered with 452: the server does not take it now; the sender\n"
      "          may try again\n" ENVELOPE "│ Subject: lunch\n"
      "  ! There is no empty line between header and body: where one ends and the\n"
      "    other starts is guesswork, and programs guess differently.\n"
      "  ! No From: the reader does not see who wrote this. Every letter should have\n"
      "    one.\n"
      "  ! No Date: the reader does not see when it was written. Every letter should\n"
      "    have one.\n"
      "  ! No To: the reader does not see whom it is meant for.\n"
      "body      3 lines; the letter as a whole has 35 octets\n"
      "│ Dear Bob,\n"
      "│\n"
      "│ come\n" },
    { "a notice, with an attack in it",
      "S: 220 x\nC: EHLO y\nS: 250 x\nC: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<a\033[2J@b>\nS: 250 "
      "ok\n"
      "C: DATA\nS: 354 go\nC: From: p@q\nC: To: \xe2\x80\xae@x\nC: Date: d\nC: Subject: "
      "\033]0;x\007\n"
      "C: \nC: \xff\033[31m\nC: .\nS: 250 ok\n",
      TAKEN "envelope  what MAIL and RCPT said; servers deliver by it\n"
            "  from  <>  (nobody: a notice that must not be answered)\n"
            "  to    a<ESC>[2J@b\n"
            "header    what the letter says about itself; its reader sees it\n"
            "│ From: p@q\n"
            "│ To: <U+202E>@x\n"
            "│ Date: d\n"
            "│ Subject: <ESC>]0;x<BEL>\n"
            "  ! From: says p@q, the envelope names no sender.\n"
            "  ! a<ESC>[2J@b gets this letter and is not named in the header: a blind copy.\n"
            "  ! <U+202E>@x is named in the header and not in the envelope: this letter\n"
            "    does not go there.\n"
            "body      1 line; the letter as a whole has 58 octets\n"
            "│ <0xFF><ESC>[31m\n" },
    { "a server that takes anything", "S: 220 x\nC: DATA\nS: 354 go\nC: \nC: .\nS: 250 ok\n",
      TAKEN "envelope  what MAIL and RCPT said; servers deliver by it\n"
            "  ! no sender: the server took the letter without MAIL\n"
            "  ! no recipient was accepted; the server takes the letter all the same\n"
            "header    what the letter says about itself; its reader sees it\n"
            "  ! This letter has no header: a header is lines such as \"Subject: lunch\",\n"
            "    then an empty line. The reader sees neither author, date nor subject.\n"
            "body      0 lines; the letter as a whole has 2 octets\n" },
    { "sent blindly, before any reply",
      "S: 220 x\nC: HELO y\nS: 250 x\nC: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>\nC: DATA\nC: Hello\nC: "
      ".\n"
      "C: QUIT\nS: 250 ok\nS: 250 ok\nS: 354 go\nS: 250 taken\nS: 221 bye\n",
      TAKEN "envelope  what MAIL and RCPT said; servers deliver by it\n"
            "  from  a@b\n"
            "  to    c@d\n"
            "header    what the letter says about itself; its reader sees it\n"
            "  ! This letter has no header: a header is lines such as \"Subject: lunch\",\n"
            "    then an empty line. The reader sees neither author, date nor subject.\n"
            "body      1 line; the letter as a whole has 7 octets\n"
            "│ Hello\n" },
    { "sent blindly, no reply yet",
      "S: 220 x\nC: HELO y\nS: 250 x\nC: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>\nC: DATA\nC: X: y\n",
      "letter    under way; a line with only a dot ends it\n"
      "envelope  what MAIL and RCPT said; servers deliver by it\n"
      "  ! the server has not yet agreed to take this letter\n"
      "header    what the letter says about itself; its reader sees it\n"
      "│ X: y\n"
      "body      0 lines; the letter as a whole has 6 octets\n" },
    { "broken off", UP_TO_354 "C: X: y\nS: 421 bye\n- CLOSED_BY_SERVER\n",
      "letter    broken off by the server with 421; the sender may try again\n" ENVELOPE "│ X: y\n"
      "body      0 lines; the letter as a whole has 6 octets\n" },
};

Test(letter, shows_envelope_header_and_body_as_they_differ)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of(rows[i].talk);

        letter(r, UINT32_MAX, 78, false);
        cr_expect_str_eq(buf_text(&shown), rows[i].want, "%s:\n%s", rows[i].name, buf_text(&shown));
        record_free(r);
    }
    buf_release(&shown);
}

Test(letter, says_when_there_is_none)
{
    static const char none[] =
        "There is no letter yet: it starts when the server answers DATA with 354.\n";
    struct record *r = talk_of("S: 220 x\nC: HELO y\nS: 250 x\nC: DATA\nS: 503 no\n");
    struct styled s = { 0 };

    cr_expect_not(letter_text(r, 1, UINT32_MAX, 78, false, &s));
    cr_expect_str_eq(buf_text(&s.text), none);
    cr_expect_str_eq(letter(r, 0, 78, false), none, "before the first line");
    styled_release(&s);
    record_free(r);
    buf_release(&shown);
}

static bool says(const char *text)
{
    return strstr(buf_text(&shown), text) != NULL;
}

Test(letter, is_the_one_of_the_line_asked_for)
{
    struct record *r = talk_of(UP_TO_354 "C: Subject: one\nC: .\nS: 250 ok\n");
    uint32_t between = record_lines(r, 1);

    talk_add(r, 1,
             "C: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 250 ok\nC: DATA\n"
             "S: 354 go\nC: Subject: two\nC: .\nS: 554 no\n");
    letter(r, between, 78, false);
    cr_expect(says("Subject: one") && says("alice@crepes.fr") && says("answered with 250"));
    letter(r, UINT32_MAX, 78, false);
    cr_expect(says("Subject: two") && says("a@b") && says("answered with 554"));
    record_free(r);
    buf_release(&shown);
}

/* An empty letter whose DATA is followed by others that are refused. */
Test(letter, of_no_lines_is_found_behind_refused_ones)
{
    struct record *r = talk_of(UP_TO_354 "C: .\nS: 250 ok\n");

    for (int i = 0; i < 3; i++)
        talk_add(r, 1, "C: DATA\nS: 503 no\n");
    letter(r, UINT32_MAX, 78, false);
    cr_expect(says("alice@crepes.fr") && says("answered with 250"), "%s", buf_text(&shown));
    for (int i = 0; i < 600; i++)
        talk_add(r, 1, "C: NOOP\nS: 250 ok\n");
    letter(r, UINT32_MAX, 78, false);
    cr_expect(says("too far back"), "%s", buf_text(&shown));
    record_free(r);
    buf_release(&shown);
}

Test(letter, names_many_recipients_by_number)
{
    struct record *r = talk_of("S: 220 x\nC: HELO y\nS: 250 x\nC: MAIL FROM:<a@b>\nS: 250 ok\n");

    for (int i = 0; i < 30; i++)
        talk_add(r, 1, "C: RCPT TO:<c@d>\nS: 250 ok\nC: RCPT TO:<e@f>\nS: 550 no\n");
    talk_add(r, 1, "C: DATA\nS: 354 go\nC: To: g@h\nC: \n");
    letter(r, UINT32_MAX, 78, true);
    cr_expect(says("        and 14 more\n"), "%s", buf_text(&shown));
    cr_expect(says("30 more recipients were refused"));
    cr_expect(says("g@h") && !says("g@h is named"), "nobody knows: not all are remembered");
    record_free(r);
    buf_release(&shown);
}

Test(letter, shows_its_first_lines_when_it_is_long)
{
    struct record *r = talk_of(UP_TO_354 "C: From: a@b\nC: \n");
    struct buf line = { 0 };
    unsigned lines = 0;

    buf_add_text(&line, "..");
    buf_add_repeat(&line, 'x', 40000);
    buf_add_text(&line, "\r\n");
    for (int i = 0; i < 3000; i++)
        talk_octets_of(r, 1, SIDE_CLIENT, SPAN("text\r\n"));
    letter(r, UINT32_MAX, 200, true);
    for (const char *p = buf_text(&shown); (p = strstr(p, "| text\n")); p++)
        lines++;
    cr_expect_eq(lines, LETTER_SHOWN_LINES - 2u);
    cr_expect(says("  ! and 1002 more lines, not shown here\n"));
    cr_expect(says("body      3000 lines"));
    talk_octets_of(r, 1, SIDE_CLIENT, SPAN(".\r\n"));
    talk_add(r, 1,
             "S: 250 ok\nC: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 250 ok\nC: DATA\n"
             "S: 354 go\n");
    talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&line));
    letter(r, UINT32_MAX, 78, true);
    cr_expect(says(" ... and 39003 more octets\n"), "%s", buf_text(&shown));
    buf_release(&line);
    record_free(r);
    buf_release(&shown);
}

/* A gap is said in words. */
Test(letter, tells_what_is_no_longer_kept)
{
    struct record_limits limits = { .octets = 512 * 1024 };
    struct record *r = record_new(&limits);
    struct buf line = { 0 };

    record_open(r, "a", "b", 0);
    talk_add(r, 1, UP_TO_354 "C: From: a@b\nC: \n");
    buf_add_repeat(&line, 'x', 70);
    buf_add_text(&line, "\r\n");
    for (int i = 0; i < 14000; i++)
        talk_octets_of(r, 1, SIDE_CLIENT, buf_span(&line));
    letter(r, UINT32_MAX, 78, true);
    cr_expect(says("lines are no longer kept in memory"), "%s", buf_text(&shown));
    cr_expect(says("alice@crepes.fr"), "commands are kept");
    buf_release(&line);
    record_free(r);
    buf_release(&shown);
}

Test(letter, keeps_to_its_columns)
{
    struct record *r = talk_of(rows[6].talk);

    for (unsigned cols = 1; cols < 120; cols++) {
        struct span rest, line;

        letter(r, UINT32_MAX, cols, cols % 2);
        rest = buf_span(&shown);
        while (rest.len) {
            line = span_cut(rest, '\n', &rest);
            cr_expect(utf8_cells(line) <= cols, "%u: %.*s", cols, SPAN_ARG(line));
        }
    }
    record_free(r);
    buf_release(&shown);
}
