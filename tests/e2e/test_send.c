/* One letter from the command line, to our own server and to Postfix. */
#include "support/postfix.h"
#include "support/served.h"
#include "support/table.h"

#define ENVELOPE "--from", "alice@crepes.fr", "--to", "bob@hamburger.edu"

static const struct {
    const char *args[10]; /* behind "send" */
    const char *why;
} wrong[] = {
    { { "--to", "bob@hamburger.edu", "--body", "x", "h:25" }, "--from is missing" },
    { { "--from", "alice@crepes.fr", "--body", "x", "h:25" }, "--to is missing" },
    { { ENVELOPE, "--body", "x" }, "send needs HOST" },
    { { ENVELOPE, "--body", "x", "--file", "y", "h:25" }, "exclude each other" },
    { { ENVELOPE, "--file", "y", "--subject", "x", "h:25" }, "sent as it is" },
    { { ENVELOPE, "--file", "/nonexistent", "h:25" }, "/nonexistent" },
    { { ENVELOPE, "--header", "nonsense", "h:25" }, "--header needs a field" },
    { { "--from", "a>b", "--to", "c", "h:25" }, "--from needs one address" },
    { { "--from", "a", "--to", "c,,d", "h:25" }, "--to and --cc need addresses" },
    { { "--from", "a", "--to", "postmaster", "--mx" }, "recipients with a domain" },
    { { ENVELOPE, "--mx", "192.0.2.1" }, "no MX records" },
    { { ENVELOPE, "--password-file", "x", "h:25" }, "needs --auth" },
};

Test(send, refuses_a_command_line_that_makes_no_letter)
{
    for (size_t i = 0; i < ROWS(wrong); i++) {
        const char *args[RUN_ARGS_MAX + 1] = { "send" };
        struct ran r;

        memcpy(args + 1, wrong[i].args, sizeof wrong[i].args);
        r = run_with(SPAN("text"), NULL, args);
        cr_expect_eq(r.status, 2, "row %zu: %d", i, r.status);
        cr_expect(has(&r.err, wrong[i].why), "row %zu: %s", i, buf_text(&r.err));
        cr_expect_str_eq(buf_text(&r.out), "", "row %zu", i);
        ran_release(&r);
    }
}

Test(send, shows_the_dialogue_and_succeeds)
{
    struct served s = SERVED("--store", "memory");
    struct ran r = RUN("", "send", ENVELOPE, "--cc", "carol@hamburger.edu", "--subject",
                       "d\xc3\xa9jeuner", "--header", "X-Test: 1", "--body", "Ketchup?", s.place);
    struct ran end;

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect_str_eq(buf_text(&r.err), "");
    cr_expect(has(&r.out, "C: MAIL FROM:<alice@crepes.fr> SIZE="), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "C: RCPT TO:<carol@hamburger.edu>"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "To: bob@hamburger.edu"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "Cc: carol@hamburger.edu"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "Subject: =?UTF-8?B?ZMOpamV1bmVy?="), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "X-Test: 1"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "Message-ID: <"), "%s", buf_text(&r.out));
    end = served_end(&s);
    ran_release(&r);
    ran_release(&end);
}

Test(send, sends_a_file_as_it_is_and_a_text_from_a_pipe_with_a_header)
{
    struct served s = SERVED("--store", "memory");
    struct ran whole = RUN("Subject: x\n\n.dots", "send", ENVELOPE, s.place);
    struct ran file = RUN(".text", "send", ENVELOPE, "--file", "-", s.place);
    struct ran text = RUN("just a text\n", "send", ENVELOPE, "--subject", "hi", s.place);
    struct ran end = served_end(&s);

    cr_expect_eq(whole.status, 0, "%s", buf_text(&whole.err));
    cr_expect(has(&whole.out, "..dots"), "%s", buf_text(&whole.out));
    cr_expect_not(has(&whole.out, "Message-ID"), "%s", buf_text(&whole.out));
    cr_expect_eq(file.status, 0, "%s", buf_text(&file.err));
    cr_expect_not(has(&file.out, "Message-ID"), "%s", buf_text(&file.out));
    cr_expect_eq(text.status, 0, "%s", buf_text(&text.err));
    cr_expect(has(&text.out, "Subject: hi"), "%s", buf_text(&text.out));
    ran_release(&whole);
    ran_release(&file);
    ran_release(&text);
    ran_release(&end);
}

Test(send, never_succeeds_when_a_recipient_was_refused)
{
    struct served s = SERVED("--domain", "hamburger.edu");
    struct ran r =
        RUN("", "send", ENVELOPE, "--to", "x@elsewhere.example", "--body", "x", "--json", s.place);
    struct ran none =
        RUN("", "send", "--from", "a@b.fr", "--to", "x@elsewhere.example", "--body", "x", s.place);
    struct ran end = served_end(&s);

    cr_expect_eq(r.status, 1, "%d", r.status);
    cr_expect(has(&r.err, "rcpt: <x@elsewhere.example> was refused: 55"), "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "{\"status\":1,\"stage\":\"rcpt\",\"doing\":"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "{\"address\":\"bob@hamburger.edu\",\"accepted\":true},"
                          "{\"address\":\"x@elsewhere.example\",\"accepted\":false}"),
              "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "{\"stage\":\"letter\",\"recipient\":null,\"code\":250"), "%s",
              buf_text(&r.out));
    cr_expect_eq(none.status, 1);
    cr_expect_not(has(&none.out, "C: | x"), "%s", buf_text(&none.out));
    ran_release(&r);
    ran_release(&none);
    ran_release(&end);
}

Test(send, says_nothing_when_it_shall_be_quiet_and_all_is_well)
{
    struct served s = SERVED("--lmtp");
    struct ran good = RUN("", "send", ENVELOPE, "--body", "x", "--quiet", "--lmtp", s.place);
    struct ran bad = RUN("", "send", ENVELOPE, "--body", "x", "--quiet", run_free_place());
    struct ran end = served_end(&s);

    cr_expect_eq(good.status, 0, "%s", buf_text(&good.err));
    cr_expect_str_eq(buf_text(&good.out), "");
    cr_expect_str_eq(buf_text(&good.err), "");
    cr_expect_eq(bad.status, 3);
    cr_expect_str_eq(buf_text(&bad.out), "");
    cr_expect(has(&bad.err, "connect: while connecting: the connection was refused"), "%s",
              buf_text(&bad.err));
    ran_release(&good);
    ran_release(&bad);
    ran_release(&end);
}

Test(send, encrypts_and_logs_in_or_says_why_not)
{
    const char *folder = run_folder(), *ca = run_path(folder, "ca.pem");
    const char *good = run_file(folder, "good", SPAN("wonderland\n"));
    const char *bad = run_file(folder, "bad", SPAN("looking-glass\n"));
    struct served s;
    struct ran r;

    setenv("XDG_STATE_HOME", folder, 1);
    r = RUN("", "serve", "--export-ca", ca);
    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    ran_release(&r);
    s = SERVED("--auth", "alice:wonderland", "--require-auth");

    r = RUN("", "send", ENVELOPE, "--body", "x", "--starttls", "--ca", ca, "--auth", "alice",
            "--password-file", good, s.place);
    cr_expect_eq(r.status, 0, "%s%s", buf_text(&r.out), buf_text(&r.err));
    cr_expect_not(has(&r.out, "wonderland"), "%s", buf_text(&r.out));
    ran_release(&r);
    r = RUN("", "send", ENVELOPE, "--body", "x", "--starttls", "--ca", ca, "--auth", "alice",
            "--password-file", bad, s.place);
    cr_expect_eq(r.status, 1, "%d", r.status);
    cr_expect(has(&r.err, "auth: while logging in: 535"), "%s", buf_text(&r.err));
    ran_release(&r);
    r = RUN("", "send", ENVELOPE, "--body", "x", "--starttls", s.place);
    cr_expect_eq(r.status, 4, "%d", r.status);
    cr_expect(has(&r.err, "tls: while encrypting the talk"), "%s", buf_text(&r.err));
    ran_release(&r);
    r = RUN("", "send", ENVELOPE, "--body", "x", s.place);
    cr_expect_eq(r.status, 1, "%d", r.status);
    ran_release(&r);
    r = served_end(&s);
    ran_release(&r);
}

Test(send, reaches_postfix)
{
    struct postfix p;

    if (postfix_start(&p)) {
        struct ran r =
            RUN("", "send", "--from", "alice@crepes.example", "--to", "bob@postfix.example", "--to",
                "x@elsewhere.example", "--body", ".x", "--json", p.place);

        cr_expect_eq(r.status, 1, "%s", buf_text(&r.err));
        cr_expect(has(&r.err, "rcpt: <x@elsewhere.example> was refused: 454") ||
                      has(&r.err, "rcpt: <x@elsewhere.example> was refused: 554"),
                  "%s", buf_text(&r.err));
        cr_expect(has(&r.out, "{\"address\":\"bob@postfix.example\",\"accepted\":true}"), "%s",
                  buf_text(&r.out));
        cr_expect(has(&r.out, "queued as"), "%s", buf_text(&r.out));
        ran_release(&r);
    }
    postfix_stop(&p);
    if (!p.started)
        cr_skip_test("Postfix cannot be started here");
}

Test(send, says_first_for_whom_it_connects)
{
    static const char *const versions[] = { "v1", "v2" };
    struct served s = SERVED("--store", "memory", "--proxy-protocol=127.0.0.0/8");
    struct ran end;

    for (size_t i = 0; i < ROWS(versions); i++) {
        struct ran r =
            RUN("", "send", ENVELOPE, "--body", "x", "--proxy-header", versions[i], s.place);

        cr_expect_eq(r.status, 0, "%s: %s", versions[i], buf_text(&r.err));
        cr_expect(has(&r.out, "-- PROXY header sent: version "), "%s", buf_text(&r.out));
        cr_expect_not(has(&r.out, "C: PROXY"), "%s", buf_text(&r.out));
        ran_release(&r);
    }
    end = served_end(&s);
    ran_release(&end);
}
