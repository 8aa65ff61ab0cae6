/* Encryption at the prompt and without one: /starttls, /trust, /tls, and when nothing is sent. */
#include "base/marks.h"
#include "desk.h"
#include "net/pki.h"
#include "support/certs.h"

/* A desk whose peer is a server with a certificate; it answers by itself. */
struct bench {
    struct desk desk;
    struct tls_context *context;
    char folder[64], ca[256];
    const char *offered;  /* in the EHLO reply, in plain text */
    const char *starttls; /* what it answers */
    size_t seen;
    unsigned hellos;
};

static void bench_answer(struct bench *b, struct span line)
{
    struct stream *peer = b->desk.peer;
    struct span rest;
    enum verb verb = verb_by_word(span_cut(line, ' ', &rest));

    if (verb == VERB_EHLO || verb == VERB_LHLO) {
        stream_write(peer, SPAN("250-mx\r\n"));
        if (b->hellos++)
            stream_write(peer, SPAN("250 AUTH PLAIN\r\n"));
        else
            stream_write(peer, span_of(b->offered));
    } else if (verb == VERB_STARTTLS) {
        stream_write(peer, span_of(b->starttls));
        if (b->starttls[0] == '2')
            stream_start_tls(peer, b->context, true, NULL);
    } else if (verb == VERB_QUIT) {
        stream_write(peer, SPAN("221 bye\r\n"));
    } else {
        stream_write(peer, SPAN("250 ok\r\n"));
    }
}

/* Turns until nothing is under way, the peer answering each line. */
static bool bench_quiet(struct bench *b)
{
    struct span all = buf_span(&b->desk.heard), rest;

    while (span_find(span_from(all, b->seen), '\n') < all.len - b->seen) {
        struct span line = span_cut(span_from(all, b->seen), '\n', &rest);

        b->seen += line.len + 1;
        bench_answer(b, span_first(line, line.len - 1));
    }
    return b->desk.quit || (desk_quiet(&b->desk) && *console_prompt_text(b->desk.console) &&
                            !console_queued(b->desk.console));
}

static void bench_start(struct bench *b, unsigned options, struct console_config more)
{
    struct error err = { "" };

    *b = (struct bench){ .offered = "250 STARTTLS\r\n", .starttls = "220 go\r\n" };
    certs_folder(b->folder);
    certs_path(b->folder, "ca.pem", b->ca);
    b->context = pki_server_context(b->folder, "mx.example.org", &err);
    cr_assert_not_null(b->context, "%s", err.text);
    if (more.ca_file)
        more.ca_file = b->ca;
    desk_start_as(&b->desk, options | DESK_LISTENER, &more);
}

static void bench_connect(struct bench *b)
{
    struct desk *d = &b->desk;

    console_connect(d->console, "127.0.0.1", listener_port(d->listener));
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    stream_write(d->peer, SPAN("220 mx.example.org\r\n"));
}

static void bench_settle(struct bench *b)
{
    cr_assert(TURN_UNTIL(b->desk.loop, bench_quiet(b)));
}

static void bench_type(struct bench *b, const char *line)
{
    console_enter(b->desk.console, span_of(line));
    bench_settle(b);
}

static void bench_end(struct bench *b)
{
    desk_end(&b->desk);
    tls_context_free(b->context);
    certs_remove(b->folder);
}

#define TRUSTING .ca_file = ""

Test(tls, follows_a_typed_starttls)
{
    struct bench b;

    bench_start(&b, 0, (struct console_config){ TRUSTING });
    bench_connect(&b);
    bench_settle(&b);
    bench_type(&b, "EHLO crepes.fr");
    console_enter(b.desk.console, SPAN("STARTTLS"));
    cr_assert(TURN_UNTIL(b.desk.loop, bench_quiet(&b) && desk_now(&b.desk)->tls));
    cr_expect_eq(desk_now(&b.desk)->trust, TRUST_VERIFIED);
    cr_expect_eq(desk_now(&b.desk)->state, AT_HELLO);
    cr_expect_eq(b.hellos, 1, "the person sends EHLO again");
    bench_type(&b, "EHLO crepes.fr");
    cr_expect(desk_now(&b.desk)->esmtp);
    bench_type(&b, "AUTH PLAIN AGEAYg==");
    cr_expect(desk_has(&b.desk.heard, "AUTH PLAIN AGEAYg==\r\n"));
    bench_type(&b, "/tls");
    cr_expect_eq(b.desk.pane, PANE_TLS);
    cr_expect(desk_has(&b.desk.opened, "The certificate is verified.\n"), "%s",
              buf_text(&b.desk.opened));
    cr_expect(desk_has(&b.desk.opened, "protocol     TLSv1.3"), "%s", buf_text(&b.desk.opened));
    cr_expect(desk_has(&b.desk.opened, "SHA-256"), "%s", buf_text(&b.desk.opened));
    cr_expect(desk_has(&b.desk.opened, "new is AUTH. STARTTLS is gone"), "%s",
              buf_text(&b.desk.opened));
    bench_end(&b);
}

Test(tls, greets_before_and_after_where_the_console_does_it)
{
    struct bench b;
    struct buf talk = { 0 };

    bench_start(&b, 0, (struct console_config){ TRUSTING });
    bench_connect(&b);
    bench_settle(&b);
    bench_type(&b, "/starttls");
    cr_assert(
        TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.hellos == 2 && desk_now(&b.desk)->esmtp));
    cr_expect_str_eq(desk_talk(&b.desk, 1, &talk),
                     "S: 220 mx.example.org\nC: EHLO crepes.fr\nS: 250-mx\nS: 250 STARTTLS\n"
                     "C: STARTTLS\nS: 220 go\nC: EHLO crepes.fr\nS: 250-mx\nS: 250 AUTH PLAIN\n");
    cr_expect(desk_has(&b.desk.said, "The greeting is sent again"), "%s", buf_text(&b.desk.said));
    bench_type(&b, "/starttls");
    cr_expect(desk_has(&b.desk.said, "encrypted already"), "%s", buf_text(&b.desk.said));
    bench_type(&b, "/trust");
    cr_expect(desk_has(&b.desk.said, "nothing to trust"), "%s", buf_text(&b.desk.said));
    bench_end(&b);
    buf_release(&talk);
}

Test(tls, asks_also_where_it_is_not_offered_and_says_so)
{
    struct bench b;

    bench_start(&b, 0, (struct console_config){ TRUSTING });
    b.offered = "250 SIZE\r\n";
    b.starttls = "502 no\r\n";
    bench_connect(&b);
    bench_settle(&b);
    bench_type(&b, "/starttls");
    cr_expect(desk_has(&b.desk.said, "does not offer STARTTLS. It is asked all the same"), "%s",
              buf_text(&b.desk.said));
    cr_expect(desk_has(&b.desk.complained, "the server refused STARTTLS\n"), "%s",
              buf_text(&b.desk.complained));
    cr_expect_not(b.desk.quit, "a person decides what comes next");
    bench_type(&b, "NOOP");
    cr_expect(desk_has(&b.desk.heard, "NOOP\r\n"));
    bench_end(&b);
}

Test(tls, lets_secrets_wait_for_trust_and_nothing_else)
{
    struct bench b;

    bench_start(&b, 0, (struct console_config){ 0 });
    bench_connect(&b);
    bench_settle(&b);
    bench_type(&b, "/starttls");
    cr_assert(
        TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.hellos == 2 && desk_now(&b.desk)->esmtp));
    cr_expect_eq(desk_now(&b.desk)->trust, TRUST_UNVERIFIED);
    bench_type(&b, "MAIL FROM:<a@b.example>");
    cr_expect(desk_has(&b.desk.heard, "MAIL FROM"));
    bench_type(&b, "AUTH PLAIN AGEAYg==");
    bench_type(&b, "/raw \"AUTH PLAIN AGEAYg==\\r\\n\"");
    cr_expect_not(desk_has(&b.desk.heard, "AUTH PLAIN"));
    cr_expect(desk_has(&b.desk.said, "/trust trusts this server all the same"), "%s",
              buf_text(&b.desk.said));
    bench_type(&b, "/tls");
    cr_expect(desk_has(&b.desk.opened, "NOT verified; secrets wait for /trust"), "%s",
              buf_text(&b.desk.opened));
    bench_type(&b, "/trust");
    cr_assert(TURN_UNTIL(b.desk.loop, desk_has(&b.desk.heard, "AUTH PLAIN AGEAYg==\r\n")));
    bench_settle(&b);
    cr_expect_eq(desk_now(&b.desk)->trust, TRUST_GIVEN);
    bench_type(&b, "/tls");
    cr_expect(desk_has(&b.desk.opened, "you trust the server all the same"), "%s",
              buf_text(&b.desk.opened));
    bench_end(&b);
}

/* Without a person, and on the command line's wish: status 4, and nothing more is sent. */
Test(tls, sends_nothing_to_a_server_that_nobody_vouches_for)
{
    static const struct console_config configs[] = { { .starttls = true },
                                                     { .alone = true },
                                                     { .starttls = true, .alone = true } };

    for (size_t i = 0; i < ROWS(configs); i++) {
        struct bench b;

        bench_start(&b, configs[i].alone ? DESK_PIPE : 0, configs[i]);
        bench_connect(&b);
        if (!configs[i].starttls)
            console_queue(b.desk.console, SPAN("/starttls"));
        console_queue(b.desk.console, SPAN("MAIL FROM:<a@b.example>"));
        if (configs[i].alone)
            console_input_ended(b.desk.console);
        cr_assert(TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.desk.quit), "%zu", i);
        cr_expect_eq(b.desk.status, STATUS_TLS, "%zu: %d", i, b.desk.status);
        cr_expect(desk_has(&b.desk.complained, "is not verified: "), "%s",
                  buf_text(&b.desk.complained));
        cr_expect(desk_has(&b.desk.complained, "--insecure"), "%s", buf_text(&b.desk.complained));
        cr_expect_not(desk_has(&b.desk.heard, "MAIL"));
        bench_end(&b);
    }
}

Test(tls, goes_on_in_plain_text_only_where_that_was_not_ruled_out)
{
    for (unsigned alone = 0; alone < 2; alone++) {
        struct bench b;

        bench_start(&b, alone ? DESK_PIPE : 0,
                    (struct console_config){ TRUSTING, .starttls = true, .alone = alone == 1 });
        b.starttls = "454 no\r\n";
        bench_connect(&b);
        console_queue(b.desk.console, SPAN("MAIL FROM:<a@b.example>"));
        cr_assert(TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.desk.quit));
        cr_expect_eq(b.desk.status, STATUS_TLS);
        cr_expect(desk_has(&b.desk.complained, "the server refused STARTTLS. The talk is not "
                                               "encrypted, so nothing more is sent"),
                  "%s", buf_text(&b.desk.complained));
        cr_expect_not(desk_has(&b.desk.heard, "MAIL"));
        bench_end(&b);
    }
}

Test(tls, goes_on_with_any_server_when_told_to)
{
    struct bench b;

    bench_start(&b, DESK_PIPE,
                (struct console_config){ .starttls = true, .alone = true, .insecure = true });
    bench_connect(&b);
    console_queue(b.desk.console, SPAN("AUTH PLAIN AGEAYg=="));
    console_queue(b.desk.console, SPAN("QUIT"));
    console_input_ended(b.desk.console);
    cr_assert(TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.desk.peer_gone));
    cr_expect(desk_has(&b.desk.heard, "STARTTLS\r\nEHLO crepes.fr\r\nAUTH PLAIN AGEAYg==\r\nQUIT"),
              "%s", buf_text(&b.desk.heard));
    cr_expect_eq(desk_now(&b.desk)->trust, TRUST_GIVEN);
    bench_end(&b);
}

Test(tls, comes_first_of_all_on_the_command_lines_wish)
{
    struct bench b;

    bench_start(&b, 0, (struct console_config){ TRUSTING, .tls_first = true });
    console_connect(b.desk.console, "127.0.0.1", listener_port(b.desk.listener));
    cr_assert(TURN_UNTIL(b.desk.loop, b.desk.peer));
    stream_start_tls(b.desk.peer, b.context, true, NULL);
    stream_write(b.desk.peer, SPAN("220 mx\r\n"));
    bench_settle(&b);
    cr_expect(desk_now(&b.desk)->tls);
    bench_type(&b, "NOOP");
    cr_expect_str_eq(buf_text(&b.desk.heard), "NOOP\r\n");
    bench_end(&b);
}

Test(tls, leaves_where_the_other_side_speaks_none)
{
    struct bench b;

    bench_start(&b, 0, (struct console_config){ TRUSTING, .tls_first = true });
    bench_connect(&b);
    cr_assert(TURN_UNTIL(b.desk.loop, b.desk.quit));
    cr_expect_eq(b.desk.status, STATUS_TLS);
    cr_expect(desk_has(&b.desk.complained, "No TLS with 127.0.0.1"), "%s",
              buf_text(&b.desk.complained));
    bench_end(&b);
}

Test(tls, needs_a_talk)
{
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("/starttls"));
    cr_expect(desk_has(&d.complained, "needs an open talk"), "%s", buf_text(&d.complained));
    console_enter(d.console, SPAN("/trust"));
    cr_expect(desk_has(&d.complained, "this talk is not encrypted"), "%s", buf_text(&d.complained));
    console_enter(d.console, SPAN("/tls"));
    cr_expect(desk_has(&d.said, "This talk is not encrypted"), "%s", buf_text(&d.said));
    desk_end(&d);
}

Test(tls, is_a_next_step_where_it_is_offered)
{
    struct bench b;
    struct next_step steps[CONSOLE_NEXT_MAX];

    bench_start(&b, 0, (struct console_config){ TRUSTING });
    bench_connect(&b);
    bench_settle(&b);
    bench_type(&b, "EHLO crepes.fr");
    cr_assert_gt(console_next(b.desk.console, steps), 1);
    cr_expect_str_eq(steps[0].typed, "STARTTLS");
    cr_expect_str_eq(steps[1].typed, "MAIL FROM:<alice@crepes.fr>");
    bench_end(&b);
}

Test(tls, says_which_ca_file_cannot_be_read)
{
    struct desk d;
    struct error err = { "" };

    desk_start_as(&d, 0, &(struct console_config){ .ca_file = "/nonexistent/ca.pem" });
    cr_expect_not(console_read_ca(d.console, &err));
    cr_expect(strstr(err.text, "/nonexistent/ca.pem"), "%s", err.text);
    desk_end(&d);
}

Test(tls, greets_with_lhlo_where_the_server_speaks_lmtp)
{
    struct bench b;
    struct next_step steps[CONSOLE_NEXT_MAX];

    bench_start(&b, 0, (struct console_config){ TRUSTING, .lmtp = true });
    bench_connect(&b);
    bench_settle(&b);
    cr_assert_eq(console_next(b.desk.console, steps), 1);
    cr_expect_str_eq(steps[0].typed, "LHLO crepes.fr");
    cr_expect_eq(console_complete(b.desk.console, "LH", NULL, NULL), 1);
    bench_type(&b, "/starttls");
    cr_assert(TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.hellos == 2 && desk_now(&b.desk)->lmtp));
    cr_expect_str_eq(buf_text(&b.desk.heard), "LHLO crepes.fr\r\nSTARTTLS\r\nLHLO crepes.fr\r\n");
    bench_end(&b);
}
