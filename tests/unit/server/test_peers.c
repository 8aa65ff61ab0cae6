/*
 * Programs of the world as clients of the lab's server: what they sent is what is stored.
 */
#include "support/peer.h"

#define LETTER                                                                                     \
    "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nSubject: lunch\r\n\r\n"                     \
    "Do you like ketchup?\r\n.\r\n..\r\n.profile\r\nHow about pickles?\r\n\r\n"

static void expect_stored(const struct peer *p, size_t n, struct span want)
{
    struct server_letter letter;

    cr_assert(server_letter(p->server, "bob", n, &letter));
    cr_expect_str_eq(letter.from, "alice@crepes.fr");
    cr_expect_str_eq(letter.to, "bob@hamburger.edu");
    cr_expect_str_eq(letter.client, "crepes.fr");
    cr_expect(span_eq(letter.octets, want), "got '%.*s'", SPAN_ARG(letter.octets));
}

static int run_swaks(struct peer *p, const char *to, struct span input)
{
    const char *const argv[] = {
        "swaks",  "--server",        p->address, "--port", p->port,  "--helo", "crepes.fr",
        "--from", "alice@crepes.fr", "--to",     to,       "--data", "-",      NULL
    };

    return peer_run(p, argv, input);
}

Test(peers, swaks_delivers_a_letter)
{
    struct peer p;

    peer_start(&p, &policy_lab);
    /* swaks puts a line end of its own before the dot */
    cr_expect_eq(run_swaks(&p, "bob@hamburger.edu", SPAN(LETTER)), 0);
    expect_stored(&p, 1, SPAN(LETTER "\r\n"));
    peer_end(&p);
}

Test(peers, swaks_hears_that_a_recipient_is_refused)
{
    struct peer p;

    peer_start(&p, &policy_lab);
    cr_expect_eq(run_swaks(&p, "carol@hamburger.edu", SPAN(LETTER)), 24, "its status for RCPT");
    cr_expect_eq(server_letters(p.server, "bob"), 0);
    peer_end(&p);
}

static int run_curl(struct peer *p, const char *to, struct span input)
{
    const char *const argv[] = { "curl",
                                 "-q",
                                 "-sS",
                                 "--noproxy",
                                 "*",
                                 "--url",
                                 p->url,
                                 "--mail-from",
                                 "alice@crepes.fr",
                                 "--mail-rcpt",
                                 to,
                                 "-T",
                                 "-",
                                 NULL };

    return peer_run(p, argv, input);
}

Test(peers, curl_delivers_a_letter)
{
    struct peer p;

    peer_start(&p, &policy_lab);
    cr_expect_eq(run_curl(&p, "bob@hamburger.edu", SPAN(LETTER)), 0);
    expect_stored(&p, 1, SPAN(LETTER));
    peer_end(&p);
}

Test(peers, curl_delivers_megabytes_to_the_octet)
{
    struct peer p;
    struct buf text = { 0 };

    peer_start(&p, &policy_lab);
    buf_add(&text, SPAN("Subject: long\r\n\r\n"));
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "%sline %d\r\n", i % 3 ? "" : ".", i);
    cr_expect_eq(run_curl(&p, "bob@hamburger.edu", buf_span(&text)), 0);
    expect_stored(&p, 1, buf_span(&text));
    buf_release(&text);
    peer_end(&p);
}

Test(peers, curl_hears_that_a_letter_is_too_large)
{
    struct policy small = policy_lab;
    struct peer p;

    small.size_limit = 20;
    peer_start(&p, &small);
    cr_expect_neq(run_curl(&p, "bob@hamburger.edu", SPAN(LETTER)), 0);
    cr_expect_eq(server_letters(p.server, "bob"), 0);
    peer_end(&p);
}
