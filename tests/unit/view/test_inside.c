#include "view/inside.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "support/screens.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static const char *value_of(const struct inside_pane *pane, const char *label)
{
    for (unsigned i = 0; i < pane->count; i++)
        if (strcmp(pane->at[i].label, label) == 0)
            return buf_text(&pane->at[i].value);
    return "(no such label)";
}

static const struct inside_row *row_of(const struct inside_pane *pane, const char *label)
{
    for (unsigned i = 0; i < pane->count; i++)
        if (strcmp(pane->at[i].label, label) == 0)
            return &pane->at[i];
    return NULL;
}

/* Facts, and what the pane says for a label then. */
Test(inside, tells_the_facts_of_the_labs_server, .init = utf8)
{
    static const struct {
        const char *facts, *label, *value;
    } rows[] = {
        { "", "waits for", "your greeting" },
        { "", "greeted", "nobody yet" },
        { "", "letter from", "nobody yet" },
        { "", "letter to", "nobody yet" },
        { "", "so far", "(no such label)" },
        { "", "just decided", "nothing yet" },
        { "", "Bob's mailbox", "empty" },
        { "* GREETED 0 crepes.fr\n", "greeted", "crepes.fr, by HELO: no extensions" },
        { "* GREETED 1 crepes.fr\n", "greeted", "crepes.fr, by EHLO" },
        { "* FROM a@b\n", "letter from", "a@b" },
        { "* FROM a@b\n", "so far", "nothing of the letter itself" },
        { "* FROM \n", "letter from", "<> (nobody: no reply is wanted)" },
        { "* FROM a@b\n* TO c@d\n", "letter to", "c@d" },
        { "* FROM a@b\n* TO c@d\n* TO e@f\n* TO g@h\n", "letter to", "c@d and 2 more" },
        { "* FROM a@b\n* BODY 1 1 0\n", "so far",
          "header 1 line, body 0 lines, 1 octet with its line end" },
        { "* FROM a@b\n* BODY 1234567 20 0\n", "so far",
          "header 20 lines, body 0 lines, 1,234,567 octets with their line ends" },
        { "* FROM a@b\n* CLEARED RSET\n", "letter from", "nobody yet" },
        { "* DECIDED 250 mailbox bob exists here\n", "just decided", "mailbox bob exists here" },
        { "* STORED 1 bob\n", "Bob's mailbox", "1 letter" },
        { "* STORED 2 bob\n", "Bob's mailbox", "2 letters" },
        { "* STORED 2 carol\n", "Carol's mailbox", "2 letters" },
        { "* STORED 2 carol\n", "also here", "bob: empty" },
        { "* STORED 1 carol\n* STORED 3 d.e@f\n", "also here", "bob: empty, d.e: 3 letters" },
        { "* STORED 2 carol\n* FROM a@b\n* TO BOB@hamburger.edu\n", "Bob's mailbox", "empty" },
        { "* STORED 1 postmaster\n", "mailbox", "postmaster: 1 letter" },
        { "* STORED 1 7up\n", "mailbox", "7up: 1 letter" },
        { "* STORED 1 \303\251va\n", "mailbox", "\303\251va: 1 letter" },
        { "* STORED 1 @odd\n", "mailbox", "@odd: 1 letter" },
        { "* CLOSED QUIT was sent\n", "closed", "QUIT was sent" },
        { "* CLOSED QUIT was sent\n", "waits for", "(no such label)" },
        { "* WAITS \033[1m\n", "waits for", "<ESC>[1m" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = screens_lab();
        struct inside_pane pane = { 0 };

        screens_add(r, rows[i].facts);
        inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
        cr_expect_str_eq(value_of(&pane, rows[i].label), rows[i].value, "%s: %s = %s",
                         rows[i].facts, rows[i].label, value_of(&pane, rows[i].label));
        inside_pane_release(&pane);
        record_free(r);
    }
}

Test(inside, names_the_server_and_says_that_nobody_sees_this, .init = utf8)
{
    struct record *r = screens_letter(), *nameless = talk_of("");
    struct inside_pane pane = { 0 };

    inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
    cr_expect_str_eq(buf_text(&pane.heading), "inside hamburger.edu");
    inside_pane_fill(&pane, r, 1, 8, false);
    cr_expect_str_eq(buf_text(&pane.heading),
                     "inside hamburger.edu  (in real life you never see this)");
    cr_expect_str_eq(value_of(&pane, "letter to"), "bob@hamburger.edu");
    inside_pane_fill(&pane, r, 1, 1, false);
    cr_expect_str_eq(value_of(&pane, "letter to"), "nobody yet");
    screens_add(nameless, "* DECIDED 250 yes\n");
    inside_pane_fill(&pane, nameless, 1, UINT32_MAX, false);
    cr_expect_str_eq(buf_text(&pane.heading),
                     "inside the server  (in real life you never see this)");
    cr_expect_str_eq(value_of(&pane, "waits for"), "nothing yet");
    inside_pane_release(&pane);
    record_free(r);
    record_free(nameless);
}

#define EHLO                                                                                       \
    "C: EHLO a.example\nS: 250-mx.example\nS: 250-SIZE 10240000\nS: 250-PIPELINING\nS: 250 HELP\n"
#define MAIL "C: MAIL FROM:<a@b.example>\nS: 250 a\n"
#define RCPT "C: RCPT TO:<c@d.example>\nS: 250 a\n"

Test(inside, concludes_what_it_can_of_a_real_server, .init = utf8)
{
    static const struct {
        const char *talk, *label, *value;
        bool inferred;
    } rows[] = {
        { "", "waits for", "nothing: it has to greet", true },
        { "", "software", "no greeting yet", false },
        { "", "round trip", "not measured", false },
        { "", "keywords", "not known yet: EHLO asks for them", false },
        { "", "size limit", "not named", false },
        { "", "TLS", "no: open to all on the way", false },
        { "", "accepted", "0 letters", false },
        { "- CONNECTING 127.0.0.1:25\n+ 41\n- CONNECTED 127.0.0.1:25\n", "round trip",
          "41 ms, to connect", false },
        { "S: 220 mx ESMTP Postfix\n", "software", "Postfix, its greeting says", true },
        { "S: 220-mx ESMTP\nS: 220 Exim 4.96\n", "software", "its greeting names none", false },
        { "S: 220 mx ESMTP EXIM 4.96\n", "software", "Exim, its greeting says", true },
        { "S: 220 mx\n", "software", "its greeting names none", false },
        { "S: 220 mx\n", "waits for", "your greeting", true },
        { "S: 554 no\n", "waits for", "QUIT: it takes no letters", true },
        { "S: 220 mx\nC: HELO a.example\nS: 250 a\n", "keywords",
          "not known: HELO does not ask for them", false },
        { "S: 220 mx\n" EHLO, "keywords", "SIZE PIPELINING HELP", false },
        { "S: 220 mx\nC: EHLO a.example\nS: 250-mx\nS: 250-SIZE\nS: 250-AUTH LOGIN\nS: 250 "
          "STARTTLS\n",
          "keywords", "AUTH STARTTLS SIZE", false },
        { "S: 220 mx\n" EHLO, "size limit", "10,240,000 octets", false },
        { "S: 220 mx\nC: EHLO a.example\nS: 250 mx\n", "keywords", "it offers none", false },
        { "S: 220 mx\nC: EHLO a.example\nS: 250-mx\nS: 250 XFOO\n", "keywords",
          "some that are not known here", false },
        { "S: 220 mx\nC: EHLO a.example\nS: 250-mx\nS: 250-HELP\nS: 250 XFOO\n", "keywords",
          "HELP and others", false },
        { "S: 220 mx\n" EHLO MAIL, "letter from", "<a@b.example>", false },
        { "S: 220 mx\n" EHLO MAIL, "letter to", "nobody yet", false },
        { "S: 220 mx\n" EHLO MAIL RCPT, "letter to", "<c@d.example>", false },
        { "S: 220 mx\n" EHLO MAIL RCPT RCPT, "letter to", "<c@d.example> and 1 more", false },
        { "S: 220 mx\n" EHLO MAIL RCPT "C: DATA\nS: 354 go\nC: a\nC: .\nS: 250 ok\n", "accepted",
          "1 letter", false },
        { "S: 220 mx\n- RESET\n", "waits for", "nothing: the talk is over", true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of(rows[i].talk);
        struct inside_pane pane = { 0 };
        const struct inside_row *row;

        inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
        row = row_of(&pane, rows[i].label);
        cr_assert(row, "%s", rows[i].label);
        if (strcmp(rows[i].label, "keywords") == 0 && strstr(rows[i].value, "SIZE "))
            cr_expect(strstr(buf_text(&row->value), "SIZE") &&
                      strstr(buf_text(&row->value), "PIPELINING"));
        else
            cr_expect_str_eq(buf_text(&row->value), rows[i].value, "%s: %s = %s", rows[i].talk,
                             rows[i].label, buf_text(&row->value));
        cr_expect_eq(row->inferred, rows[i].inferred, "%s: %s", rows[i].talk, rows[i].label);
        inside_pane_release(&pane);
        record_free(r);
    }
}

Test(inside, names_a_real_server_as_it_is_known, .init = utf8)
{
    struct record *r = record_new(NULL);
    struct inside_pane pane = { 0 };

    record_open(r, "", "", 0);
    inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
    cr_expect_str_eq(buf_text(&pane.heading),
                     "what we know of the server  (? = concluded, not told)");
    record_set_server(r, 1, "mx\033.example");
    inside_pane_fill(&pane, r, 1, 0, false);
    cr_expect_str_eq(buf_text(&pane.heading),
                     "what we know of mx<ESC>.example  (? = concluded, not told)");
    inside_pane_release(&pane);
    record_free(r);
}

static struct buf drawn(const struct inside_pane *pane, unsigned rows, unsigned cols, bool beside)
{
    struct grid g;
    struct buf text;

    grid_init(&g, rows, cols);
    inside_pane_draw(pane, &g, (struct rect){ 0, 0, rows, cols }, beside);
    text = screens_text(&g);
    grid_release(&g);
    return text;
}

static void expect_drawn(const struct inside_pane *pane, unsigned rows, unsigned cols, bool beside,
                         const char *want)
{
    struct buf got = drawn(pane, rows, cols, beside);

    cr_expect_str_eq(buf_text(&got), want, "%ux%u:\n%s", rows, cols, buf_text(&got));
    buf_release(&got);
}

Test(inside, stands_in_two_columns_or_in_one, .init = utf8)
{
    struct record *r = screens_letter();
    struct inside_pane pane = { 0 };

    inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
    cr_expect_eq(inside_pane_rows(&pane, 80, false), 3);
    cr_expect_eq(inside_pane_rows_all(&pane, 80), 5);
    expect_drawn(&pane, 5, 80, false,
                 " waits for    more letter, or the dot       Bob's mailbox   empty\n"
                 " letter from  alice@crepes.fr               letter to       bob@hamburger.edu\n"
                 " so far       header 1 line, body 2 lines, 46 octets with their line ends\n"
                 " greeted      crepes.fr, by HELO: no extensions\n"
                 " just decided sender and recipient are known: the letter may come\n");
    cr_expect_eq(inside_pane_rows(&pane, 71, false), 7);
    cr_expect_eq(inside_pane_rows_all(&pane, 71), 7);
    expect_drawn(&pane, 2, 30, false,
                 " waits for    more letter,...\n"
                 " greeted      crepes.fr, b...\n");
    cr_expect_eq(inside_pane_rows(&pane, 40, true), 12);
    expect_drawn(&pane, 8, 40, true,
                 "  waits for    more letter, or the dot\n"
                 "  greeted      crepes.fr, by HELO: no\n"
                 "               extensions\n"
                 "  letter from  alice@crepes.fr\n"
                 "  letter to    bob@hamburger.edu\n"
                 "  so far       header 1 line, body 2\n"
                 "               lines, 46 octets with\n"
                 "               their line ends\n");
    for (unsigned cols = 0; cols < 90; cols++) {
        struct buf text = drawn(&pane, 3, cols, cols % 2);

        buf_release(&text);
    }
    inside_pane_release(&pane);
    record_free(r);
}

Test(inside, says_in_full_why_the_talk_ended, .init = utf8)
{
    struct record *r = screens_lab();
    struct inside_pane pane = { 0 };

    screens_add(r, "* CLOSED the client closed the connection\n");
    inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
    cr_expect_eq(inside_pane_rows(&pane, 80, false), 2);
    expect_drawn(&pane, 2, 80, false,
                 " closed       the client closed the connection\n"
                 " letter from  nobody yet                    Bob's mailbox   empty\n");
    inside_pane_release(&pane);
    record_free(r);
}

Test(inside, marks_what_is_only_concluded, .init = utf8)
{
    struct record *r = talk_of("S: 220 mx ESMTP Postfix\n");
    struct inside_pane pane = { 0 };
    struct styled text = { 0 };

    inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
    expect_drawn(&pane, 2, 80, false,
                 " waits for?   your greeting                 round trip      not measured\n"
                 " software?    Postfix, its greeting says    size limit      not named\n");
    inside_pane_text(&pane, &text);
    cr_expect(span_starts(buf_span(&text.text),
                          SPAN("what we know of hamburger.edu  (? = concluded, not told)\n"
                               " waits for?      your greeting\n"
                               " round trip      not measured\n"
                               " software?       Postfix, its greeting says\n")),
              "%s", buf_text(&text.text));
    styled_release(&text);
    inside_pane_release(&pane);
    record_free(r);
}

Test(inside, keeps_to_ascii_when_asked, .init = utf8)
{
    struct record *r = screens_lab();
    struct inside_pane pane = { 0 };

    screens_add(r, "* FROM \303\251@b\n");
    inside_pane_fill(&pane, r, 1, UINT32_MAX, true);
    cr_expect_str_eq(value_of(&pane, "letter from"), "<U+00E9>@b");
    inside_pane_release(&pane);
    record_free(r);
}
