/* /auth: a whole login, against a server that checks it; what is chosen, asked, hidden and said. */
#include "base/marks.h"
#include "desk.h"
#include "message/base64.h"
#include "net/sasl.h"

static const struct sasl_user alice = { "alice", "sesame" };

struct bench {
    struct desk desk;
    const char *offered;
    struct sasl *sasl;
    size_t seen;
    unsigned auths;
    char mechanism[32];
};

static void bench_say(struct bench *b, const char *code, struct span octets)
{
    struct buf line = { 0 };

    buf_printf(&line, "%s ", code);
    base64_encode(octets, &line);
    buf_add_text(&line, "\r\n");
    stream_write(b->desk.peer, buf_span(&line));
    buf_release(&line);
}

/* A message of the client; in.at NULL: it sent none with AUTH. */
static void bench_sasl(struct bench *b, struct span in)
{
    struct buf out = { 0 };

    switch (sasl_step(b->sasl, in, &out)) {
    case SASL_MORE:
        bench_say(b, "334", buf_span(&out));
        buf_release(&out);
        return;
    case SASL_DONE:
        stream_write(b->desk.peer, SPAN("235 welcome\r\n"));
        break;
    default:
        stream_write(b->desk.peer, SPAN("535 no\r\n"));
    }
    sasl_free(b->sasl);
    b->sasl = NULL;
    buf_release(&out);
}

static void bench_auth(struct bench *b, struct span args)
{
    static const struct sasl_users users = { &alice, 1 };
    struct span first, name = span_cut(args, ' ', &first);
    struct buf in = { 0 };

    b->auths++;
    snprintf(b->mechanism, sizeof b->mechanism, "%.*s", SPAN_ARG(name));
    b->sasl = sasl_server(name, &users, (struct span){ 0 }, NULL);
    if (!b->sasl) {
        stream_write(b->desk.peer, SPAN("504 unknown\r\n"));
        return;
    }
    if (first.len)
        cr_assert(base64_decode(first, &in));
    bench_sasl(b, first.len ? buf_span(&in) : (struct span){ NULL, 0 });
    buf_release(&in);
}

static void bench_answer(struct bench *b, struct span line)
{
    struct span rest, word = span_cut(line, ' ', &rest);
    struct buf octets = { 0 };

    if (span_eq(line, SPAN("*"))) {
        sasl_free(b->sasl);
        b->sasl = NULL;
        stream_write(b->desk.peer, SPAN("501 cancelled\r\n"));
    } else if (b->sasl) {
        cr_expect(base64_decode(line, &octets), "%.*s", SPAN_ARG(line));
        bench_sasl(b, octets.at ? buf_span(&octets) : SPAN(""));
    } else if (span_eq(word, SPAN("EHLO"))) {
        buf_printf(&octets, "250-mx\r\n250 %s\r\n", b->offered);
        stream_write(b->desk.peer, buf_span(&octets));
    } else if (span_eq(word, SPAN("AUTH"))) {
        bench_auth(b, rest);
    } else {
        stream_write(b->desk.peer, SPAN("250 ok\r\n"));
    }
    buf_release(&octets);
}

static bool bench_quiet(struct bench *b)
{
    struct span all = buf_span(&b->desk.heard), rest;

    while (span_find(span_from(all, b->seen), '\n') < all.len - b->seen) {
        struct span line = span_cut(span_from(all, b->seen), '\n', &rest);

        b->seen += line.len + 1;
        bench_answer(b, span_first(line, line.len - 1));
    }
    return b->desk.quit || desk_quiet(&b->desk);
}

static void bench_start(struct bench *b, unsigned options, const struct console_config *more,
                        const char *offered)
{
    struct desk *d = &b->desk;

    *b = (struct bench){ .offered = offered };
    desk_start_as(d, options | DESK_LISTENER, more);
    console_connect(d->console, "127.0.0.1", listener_port(d->listener));
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    stream_write(d->peer, SPAN("220 mx\r\n"));
    if (!(options & DESK_PIPE))
        cr_assert(TURN_UNTIL(d->loop, desk_now(d)->greeted));
}

static void bench_end(struct bench *b)
{
    sasl_free(b->sasl);
    desk_end(&b->desk);
}

/* Types, and turns until that is said, or complained of. */
static void bench_type(struct bench *b, const char *line, const char *said)
{
    console_enter(b->desk.console, span_of(line));
    cr_assert(TURN_UNTIL(b->desk.loop, bench_quiet(b) && (desk_has(&b->desk.said, said) ||
                                                          desk_has(&b->desk.complained, said))),
              "%s: %s%s", line, buf_text(&b->desk.said), buf_text(&b->desk.complained));
}

static const struct {
    const char *offered, *command, *mechanism;
} logins[] = {
    { "AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", "/auth alice", "SCRAM-SHA-256" },
    { "AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1", "/auth alice", "SCRAM-SHA-1" },
    { "AUTH LOGIN CRAM-MD5", "/auth cram-md5 alice", "CRAM-MD5" },
    { "AUTH LOGIN PLAIN", "/auth LOGIN alice", "LOGIN" },
    { "AUTH PLAIN", "/auth alice", "PLAIN" },
    { "SIZE", "/auth PLAIN alice", "PLAIN" },
};

Test(auth, logs_in_by_each_method_and_asks_for_the_password)
{
    const struct console_config more = { .insecure = true };

    for (size_t i = 0; i < ROWS(logins); i++) {
        struct bench b;
        struct console *c;

        bench_start(&b, 0, &more, logins[i].offered);
        c = b.desk.console;
        bench_type(&b, logins[i].command, "type the password of alice");
        cr_expect_eq(console_prompt(c), PROMPT_SECRET);
        cr_expect_not(console_may_remember(c, SPAN("sesame")));
        cr_expect_eq(console_complete(c, "ses", NULL, NULL), 0);
        bench_type(&b, "sesame", "Logged in as alice, by ");
        cr_expect_str_eq(b.mechanism, logins[i].mechanism);
        cr_expect_eq(b.auths, 1);
        cr_expect(desk_now(&b.desk)->authenticated);
        cr_expect_eq(console_prompt(c), PROMPT_TALK);
        cr_expect_not(desk_has(&b.desk.said, "sesame"));
        cr_expect_not(desk_has(&b.desk.said, "not proved"), "%s", buf_text(&b.desk.said));
        bench_type(&b, "/auth alice x", "logged in already");
        cr_expect_eq(b.auths, 1);
        bench_end(&b);
    }
}

Test(auth, tries_once_and_says_what_came_of_it)
{
    static const char *const methods[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256" };
    const struct console_config more = { .insecure = true };

    for (size_t i = 0; i < ROWS(methods); i++) {
        struct bench b;
        char offered[64], command[64];

        snprintf(offered, sizeof offered, "AUTH %s", methods[i]);
        snprintf(command, sizeof command, "/auth %s alice wrong", methods[i]);
        bench_start(&b, 0, &more, offered);
        bench_type(&b, command, "not logged in as alice");
        cr_expect(desk_has(&b.desk.complained, "535, which means a wrong user or password"), "%s",
                  buf_text(&b.desk.complained));
        cr_expect_eq(b.auths, 1, "%s", methods[i]);
        cr_expect_eq(console_prompt(b.desk.console), PROMPT_TALK);
        bench_end(&b);
    }
}

Test(auth, shows_a_password_to_all_on_the_way_only_when_asked_twice)
{
    struct bench b;

    bench_start(&b, 0, NULL, "AUTH PLAIN");
    bench_type(&b, "/auth alice sesame", "all on the way could read the password");
    cr_expect_eq(b.auths, 0);
    bench_type(&b, "/auth alice sesame", "Logged in as alice");
    cr_expect_eq(b.auths, 1);
    bench_end(&b);
    bench_start(&b, 0, NULL, "AUTH PLAIN CRAM-MD5");
    bench_type(&b, "/auth alice sesame", "Logged in as alice, by CRAM-MD5");
    bench_end(&b);
}

Test(auth, needs_a_method_a_user_and_a_talk)
{
    struct bench b;
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("/auth alice"));
    cr_expect(desk_has(&d.complained, "it needs an open talk"), "%s", buf_text(&d.complained));
    desk_end(&d);
    bench_start(&b, 0, NULL, "SIZE");
    bench_type(&b, "/auth", "it needs the user's name");
    bench_type(&b, "/auth PLAIN", "it needs the user's name");
    bench_type(&b, "/auth alice x", "Many offer it only after /starttls");
    b.offered = "AUTH NTLM";
    bench_type(&b, "EHLO again", "");
    bench_type(&b, "/auth alice x", "no method that this program knows");
    cr_expect_eq(b.auths, 0);
    bench_end(&b);
}

Test(auth, takes_the_password_from_the_configuration_where_nobody_can_be_asked)
{
    static const struct {
        struct console_config more;
        const char *offered, *said;
        int status;
        unsigned auths;
    } rows[] = {
        { { .alone = true, .auth = "alice", .secret = "sesame" },
          "AUTH CRAM-MD5",
          "Logged in",
          0,
          1 },
        { { .alone = true, .auth = "alice", .secret = "wrong" }, "AUTH CRAM-MD5", "535", 1, 1 },
        { { .alone = true, .auth = "alice" }, "AUTH CRAM-MD5", "SMTPSCOPE_PASSWORD", 2, 0 },
        { { .alone = true, .auth = "alice", .secret = "sesame" },
          "AUTH PLAIN",
          "--starttls",
          4,
          0 },
        { { .alone = true, .insecure = true, .auth = "alice", .secret = "sesame" },
          "AUTH PLAIN",
          "Logged in",
          0,
          1 },
        { { .alone = true, .auth = "alice", .secret = "x" }, "SIZE", "offers no login", 1, 0 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct bench b;

        bench_start(&b, DESK_PIPE, &rows[i].more, rows[i].offered);
        console_queue(b.desk.console, SPAN("NOOP"));
        console_input_ended(b.desk.console);
        cr_assert(TURN_UNTIL(b.desk.loop, bench_quiet(&b) && b.desk.quit), "%zu", i);
        cr_expect(desk_has(&b.desk.said, rows[i].said) ||
                      desk_has(&b.desk.complained, rows[i].said),
                  "%zu: %s%s", i, buf_text(&b.desk.said), buf_text(&b.desk.complained));
        cr_expect_eq(b.desk.status, rows[i].status, "%zu: %d", i, b.desk.status);
        cr_expect_eq(b.auths, rows[i].auths, "%zu", i);
        cr_expect_eq(desk_has(&b.desk.heard, "NOOP"), rows[i].status == 0, "%zu", i);
        bench_end(&b);
    }
}

Test(auth, keeps_what_it_sent_out_of_saved_scripts)
{
    const struct console_config more = { .insecure = true };
    struct bench b;
    char *path = desk_new_file(), *text;
    size_t len;
    struct error err = { "" };
    FILE *f;

    bench_start(&b, 0, &more, "AUTH PLAIN");
    bench_type(&b, "/auth alice sesame", "Logged in");
    cr_expect_not(console_may_remember(b.desk.console, SPAN("/auth alice sesame")));
    cr_assert(console_save(b.desk.console, path, &err), "%s", err.text);
    f = fopen(path, "r");
    cr_assert_not_null(f);
    text = mem_zero(1, 4096);
    len = fread(text, 1, 4095, f);
    fclose(f);
    cr_expect_gt(len, 0);
    cr_expect(strstr(text, "C: AUTH PLAIN ${secret}\n"), "%s", text);
    unlink(path);
    mem_free(path);
    mem_free(text);
    bench_end(&b);
}

Test(auth, gives_up_when_the_server_asks_nonsense)
{
    struct desk d;

    desk_peer(&d, 0, "220 mx\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("EHLO a.example"));
    stream_write(d.peer, SPAN("250-mx\r\n250 AUTH CRAM-MD5\r\n"));
    desk_settle(&d);
    console_enter(d.console, SPAN("/auth alice sesame"));
    cr_assert(TURN_UNTIL(d.loop, desk_has(&d.heard, "AUTH CRAM-MD5\r\n")));
    stream_write(d.peer, SPAN("334 ?\r\n"));
    cr_assert(TURN_UNTIL(d.loop, desk_has(&d.heard, "*\r\n")));
    stream_write(d.peer, SPAN("501 ok\r\n"));
    cr_assert(TURN_UNTIL(d.loop, desk_has(&d.complained, "not logged in as alice")));
    cr_expect(desk_has(&d.complained, "not base64"), "%s", buf_text(&d.complained));
    desk_end(&d);
}

Test(auth, is_stopped_at_the_password)
{
    struct bench b;

    bench_start(&b, 0, NULL, "AUTH CRAM-MD5");
    bench_type(&b, "/auth alice", "type the password of alice");
    cr_expect(console_interrupt(b.desk.console));
    cr_expect_eq(console_prompt(b.desk.console), PROMPT_TALK);
    cr_expect_eq(b.auths, 0);
    bench_type(&b, "NOOP", "");
    cr_expect(desk_has(&b.desk.heard, "NOOP"));
    bench_end(&b);
}
