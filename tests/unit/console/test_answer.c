/* /b64, /unb64 and /answer, against servers that a test plays by hand. */
#include "desk.h"
#include "message/base64.h"
#include "net/sasl.h"

static const struct {
    const char *line, *says, *complains;
} rows[] = {
    { "/b64 alice", "YWxpY2U=\n", "" },
    { "/b64 \"\\0alice\\0secret\"", "AGFsaWNlAHNlY3JldA==\n", "" },
    { "/b64", "", "/b64 needs a text, as in /b64 alice or /b64 \"\\0alice\\0secret\"\n" },
    { "/b64 \\q", "", "/b64, character 1 of its text: " },
    { "/unb64 VXNlcm5hbWU6", "\"Username:\"\n", "" },
    { "/unb64 AGFsaWNlAHNlY3JldA==", "\"\\0alice\\0secret\"\n", "" },
    { "/unb64 G1sySg==", "\"\\e[2J\"\n", "" },
    { "/unb64", "", "/unb64 needs a text in base64, as in /unb64 VXNlcm5hbWU6\n" },
    { "/unb64 YW!j", "", "/unb64, character 3: this is not base64: it holds a character" },
    { "/answer alice", "", "/answer: the server has not asked." },
};

Test(answer, encodes_and_decodes)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct desk d;

        desk_start(&d, 0);
        console_enter(d.console, span_of(rows[i].line));
        cr_expect_str_eq(buf_text(&d.said), rows[i].says, "%s", rows[i].line);
        cr_expect(span_starts(buf_span(&d.complained), span_of(rows[i].complains)), "%s: %s",
                  rows[i].line, buf_text(&d.complained));
        cr_expect_eq(d.complained.len != 0, *rows[i].complains != 0, "%s", rows[i].line);
        cr_expect(!console_may_remember(d.console, span_of(rows[i].line)), "%s", rows[i].line);
        desk_end(&d);
    }
}

/* The server's part: what it said to each AUTH line. */
struct login_row {
    const char *name, *auth, *mechanism;
};

static const struct login_row logins[] = {
    { "PLAIN", "AUTH PLAIN", "PLAIN" },
    { "LOGIN", "AUTH LOGIN", "LOGIN" },
    { "LOGIN with the name", "AUTH LOGIN YWxpY2U=", "LOGIN" },
    { "CRAM-MD5", "AUTH CRAM-MD5", "CRAM-MD5" },
    { "SCRAM-SHA-1", "AUTH SCRAM-SHA-1", "SCRAM-SHA-1" },
    { "SCRAM-SHA-256", "AUTH SCRAM-SHA-256", "SCRAM-SHA-256" },
    { "XOAUTH2", "AUTH XOAUTH2", "XOAUTH2" },
    { "OAUTHBEARER", "AUTH OAUTHBEARER", "OAUTHBEARER" },
};

static const struct sasl_user alice = { "alice", "hunter2" };
static const struct sasl_users users = { &alice, 1 };

static void say_334(struct desk *d, struct span message)
{
    struct buf line = { 0 };

    buf_add_text(&line, "334 ");
    base64_encode(message, &line);
    buf_add_text(&line, "\r\n");
    stream_write(d->peer, buf_span(&line));
    buf_release(&line);
    cr_assert(TURN_UNTIL(d->loop, console_prompt(d->console) == PROMPT_SECRET &&
                                      !observer_outstanding(desk_now(d))));
}

/* The line that has come, decoded; "" for an empty one. */
static void hear(struct desk *d, struct buf *out)
{
    cr_assert(TURN_UNTIL(d->loop, d->heard.len && d->heard.at[d->heard.len - 1] == '\n'));
    buf_clear(out);
    buf_reserve(out, 1);
    cr_assert(base64_decode(span_first(buf_span(&d->heard), d->heard.len - 2), out), "%s",
              buf_text(&d->heard));
    buf_clear(&d->heard);
}

static void begin(struct desk *d, const char *auth)
{
    desk_peer(d, 0, "220 hamburger.edu\r\n");
    desk_settle(d);
    console_enter(d->console, span_of(auth));
    cr_assert(TURN_UNTIL(d->loop, d->heard.len && d->heard.at[d->heard.len - 1] == '\n'));
    buf_clear(&d->heard);
}

/* Nothing that a person can see, save or find again holds the password. */
static void expect_no_trace(struct desk *d, const char *name)
{
    static const char *const traces[] = { "hunter2", "aHVudGVyMg", "h1bnRlcj" };
    char *path = desk_new_file();
    struct error err = { "" };
    char saved[4096] = "";
    FILE *f;

    cr_assert(console_save(d->console, path, &err), "%s", err.text);
    f = fopen(path, "r");
    cr_assert(fread(saved, 1, sizeof saved - 1, f) > 0);
    fclose(f);
    for (size_t i = 0; i < ROWS(traces); i++) {
        cr_expect_null(strstr(buf_text(&d->said), traces[i]), "%s", name);
        cr_expect_null(strstr(buf_text(&d->complained), traces[i]), "%s", name);
        cr_expect_null(strstr(saved, traces[i]), "%s: %s", name, saved);
        cr_expect_eq(record_find(d->record, 1, 0, false, span_of(traces[i])), 0, "%s", name);
    }
    unlink(path);
    mem_free(path);
}

static void play(const struct login_row *row)
{
    struct desk d;
    struct sasl *server = sasl_server(span_of(row->mechanism), &users, (struct span){ 0 }, NULL);
    struct buf in = { 0 }, out = { 0 };
    bool named = strchr(row->auth, '=') != NULL, first = true;
    enum sasl_result result = sasl_step(server, named ? SPAN("alice") : (struct span){ 0 }, &out);

    begin(&d, row->auth);
    while (result == SASL_MORE) {
        say_334(&d, buf_span(&out));
        console_enter(d.console, first ? SPAN("/answer alice") : SPAN("/answer"));
        if (first) {
            cr_expect_eq(d.heard.len, 0, "the password is still to come");
            cr_expect(!console_may_remember(d.console, SPAN("hunter2")));
            console_enter(d.console, SPAN("hunter2"));
        }
        first = false;
        hear(&d, &in);
        result = sasl_step(server, buf_span(&in), &out);
    }
    cr_expect_eq(result, SASL_DONE, "%s: %s", row->name, sasl_why(server));
    cr_expect_eq(d.complained.len, 0, "%s: %s", row->name, buf_text(&d.complained));
    stream_write(d.peer, SPAN("235 in\r\n"));
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->authenticated));
    expect_no_trace(&d, row->name);
    sasl_free(server);
    buf_release(&in);
    buf_release(&out);
    desk_end(&d);
}

Test(answer, computes_each_step_of_a_login)
{
    for (size_t i = 0; i < ROWS(logins); i++)
        play(&logins[i]);
}

Test(answer, takes_the_password_with_the_name)
{
    struct desk d;
    struct buf in = { 0 };

    begin(&d, "AUTH PLAIN");
    say_334(&d, SPAN(""));
    console_enter(d.console, SPAN("/answer alice hunter2"));
    hear(&d, &in);
    cr_expect(span_eq(buf_span(&in), SPAN("\0alice\0hunter2")));
    expect_no_trace(&d, "PLAIN");
    buf_release(&in);
    desk_end(&d);
}

Test(answer, is_dropped_by_an_interrupt)
{
    struct desk d;
    struct buf hint = { 0 };

    begin(&d, "AUTH PLAIN");
    say_334(&d, SPAN(""));
    console_enter(d.console, SPAN("/answer alice"));
    console_prompt_hint(d.console, &hint);
    cr_expect_str_eq(buf_text(&hint), "the password, for /answer");
    cr_expect(console_interrupt(d.console));
    cr_expect(desk_has(&d.said, "No answer was sent."));
    console_enter(d.console, SPAN("*"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len == 3));
    cr_expect_str_eq(buf_text(&d.heard), "*\r\n", "the next line goes to the server again");
    buf_release(&hint);
    desk_end(&d);
}

Test(answer, says_why_it_cannot)
{
    static const struct {
        const char *auth, *challenge, *line, *says;
    } cases[] = {
        { "AUTH GSSAPI", "334 ", "/answer alice x", "which message is due is not known" },
        { "AUTH PLAIN", "334 ", "/answer", "it needs the user's name" },
        { "AUTH CRAM-MD5", "334 !", "/answer alice x", "what the server asks is not base64" },
        { "AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPWFiYw==", "334 cj1hYmM=", "/answer alice x",
          "were not made by /answer" },
    };

    for (size_t i = 0; i < ROWS(cases); i++) {
        struct desk d;

        begin(&d, cases[i].auth);
        stream_write(d.peer, span_of(cases[i].challenge));
        stream_write(d.peer, SPAN("\r\n"));
        cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_SECRET));
        console_enter(d.console, span_of(cases[i].line));
        cr_expect(desk_has(&d.complained, cases[i].says), "%s: %s", cases[i].auth,
                  buf_text(&d.complained));
        cr_expect_eq(d.heard.len, 0, "%s", cases[i].auth);
        desk_end(&d);
    }
}

/* A server that asks for more than its method has. */
Test(answer, sends_nothing_that_the_method_does_not_have)
{
    struct desk d;
    struct buf in = { 0 };

    begin(&d, "AUTH PLAIN");
    say_334(&d, SPAN(""));
    console_enter(d.console, SPAN("/answer alice hunter2"));
    hear(&d, &in);
    say_334(&d, SPAN("more?"));
    console_enter(d.console, SPAN("/answer"));
    cr_expect(desk_has(&d.complained, "the server goes on though all is said"), "%s",
              buf_text(&d.complained));
    cr_expect_eq(d.heard.len, 0);
    buf_release(&in);
    desk_end(&d);
}

/* The login ends while the password is awaited: what is typed then is a line like any other. */
Test(answer, ends_with_the_login)
{
    struct desk d;
    struct buf hint = { 0 };

    begin(&d, "AUTH PLAIN");
    say_334(&d, SPAN(""));
    console_enter(d.console, SPAN("/answer alice"));
    stream_free(d.peer);
    d.peer = NULL;
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->over));
    console_prompt_hint(d.console, &hint);
    cr_expect_eq(hint.len, 0);
    buf_release(&hint);
    desk_end(&d);
}
