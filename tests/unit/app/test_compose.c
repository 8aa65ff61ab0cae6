/* A letter out of what the command line says. */
#include "app/compose.h"

#include "base/clock.h"
#include "support/table.h"

static char bob[] = "bob@hamburger.edu, carol@hamburger.edu", dave[] = "dave@pancake.org";
static char reply_to[] = "Reply-To: x@crepes.fr", subject[] = "subject: mine",
            plain[] = "Content-Type: text/html", nonsense[] = "nonsense", spaced[] = "My Name: x",
            two[] = "X-A: 1\nX-B: 2", unnamed[] = ": x";

static void compose(struct compose *c, struct option_list *headers, struct buf *out)
{
    static const struct option_list to = { { bob }, 1 }, cc = { { dave }, 1 };
    struct error err = { "" };

    c->to = &to;
    c->cc = &cc;
    c->headers = headers;
    c->host = "crepes.fr";
    c->number = 0x2a;
    buf_clear(out);
    cr_expect(compose_letter(c, out, &err), "%s", err.text);
}

Test(compose, makes_the_fields_that_a_letter_needs)
{
    struct option_list headers = { { reply_to }, 1 };
    struct compose c = { .from = "alice@crepes.fr",
                         .subject = "lunch",
                         .body = SPAN("Ketchup?"),
                         .wall = 994 * CLOCK_SECOND };
    struct buf text = { 0 };

    compose(&c, &headers, &text);
    cr_expect_str_eq(buf_text(&text), "From: alice@crepes.fr\r\n"
                                      "To: bob@hamburger.edu,\r\n\tcarol@hamburger.edu\r\n"
                                      "Cc: dave@pancake.org\r\n"
                                      "Subject: lunch\r\n"
                                      "Date: Thu, 1 Jan 1970 00:16:34 +0000\r\n"
                                      "Message-ID: <3b3f3c80.2a@crepes.fr>\r\n"
                                      "Reply-To: x@crepes.fr\r\n\r\nKetchup?");
    buf_release(&text);
}

Test(compose, lets_given_fields_take_the_place_of_made_ones)
{
    struct option_list headers = { { subject, plain }, 2 };
    struct compose c = { .from = "", .subject = "lunch", .body = SPAN("\xc3\xa9") };
    struct buf text = { 0 };

    compose(&c, &headers, &text);
    cr_expect_not(strstr(buf_text(&text), "lunch"), "%s", buf_text(&text));
    cr_expect(strstr(buf_text(&text), "From: MAILER-DAEMON@crepes.fr\r\n"), "%s", buf_text(&text));
    cr_expect_not(strstr(buf_text(&text), "text/plain"), "%s", buf_text(&text));
    buf_release(&text);
}

Test(compose, says_what_a_text_outside_ascii_is)
{
    struct option_list headers = { { NULL }, 0 };
    struct compose c = { .from = "alice@crepes.fr",
                         .subject = "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                                    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                                    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9x\xc3\xa9",
                         .body = SPAN("d\xc3\xa9jeuner") };
    struct buf text = { 0 };

    compose(&c, &headers, &text);
    cr_expect(strstr(buf_text(&text), "MIME-Version: 1.0\r\n"), "%s", buf_text(&text));
    cr_expect(strstr(buf_text(&text), "charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"), "%s",
              buf_text(&text));
    cr_expect(strstr(buf_text(&text), "?=\r\n =?UTF-8?B?w6k=?=\r\n"), "cut between characters: %s",
              buf_text(&text));
    buf_release(&text);
}

Test(compose, refuses_what_is_no_field)
{
    char *const wrong[] = { nonsense, spaced, two, unnamed };
    struct buf text = { 0 };

    for (size_t i = 0; i < ROWS(wrong); i++) {
        struct option_list headers = { { wrong[i] }, 1 };
        struct compose c = { .from = "a@b.fr", .headers = &headers };
        struct error err = { "" };

        cr_expect_not(compose_letter(&c, &text, &err), "%s", wrong[i]);
        cr_expect(strstr(err.text, "--header needs a field"), "%s: %s", wrong[i], err.text);
    }
    buf_release(&text);
}
