/* Faults of `serve` as its clients meet them: the real program, a configuration, real sockets. */
#include <errno.h>

#include "support/program.h"
#include "support/served.h"
#include "support/table.h"

#define HELLO      "HELO c.example\r\nMAIL FROM:<a@b.example>\r\n"
#define RCPT(name) "RCPT TO:<" name "@x.example>\r\n"
#define LETTER     "DATA\r\nSubject: lunch\r\n\r\nDo you like ketchup?\r\n.\r\n"
#define QUIT       "QUIT\r\n"
#define FOUR(text) text text text text
#define SIXTEEN(t) FOUR(FOUR(t))

static struct served serve_with(const char *config)
{
    return SERVED("--config", run_file(run_folder(), "serve.yaml", span_of(config)));
}

enum end { ENDS_CLOSED, ENDS_RESET };

/* All that the server says until the end. */
static enum end read_all(int fd, struct buf *said)
{
    struct pollfd p = { fd, POLLIN, 0 };
    unsigned char block[4096];
    ssize_t got;

    while (poll(&p, 1, RUN_MILLISECONDS) > 0) {
        got = read(fd, block, sizeof block);
        if (got <= 0)
            return got < 0 && errno == ECONNRESET ? ENDS_RESET : ENDS_CLOSED;
        buf_add(said, span_make(block, (size_t)got));
    }
    cr_assert_fail("the server is silent; so far: %s", buf_text(said));
    return ENDS_CLOSED;
}

/* The codes of whole replies, with blanks between. */
static const char *codes_of(const struct buf *said)
{
    static char codes[1024];
    struct span rest = buf_span(said);
    size_t at = 0;

    codes[0] = '\0';
    while (rest.len && at + 8 < sizeof codes) {
        struct span line = span_cut(rest, '\n', &rest);

        if (line.len > 3 && line.at[3] == ' ')
            at += (size_t)snprintf(codes + at, sizeof codes - at, "%s%.3s", at ? " " : "",
                                   (const char *)line.at);
    }
    return codes;
}

static void say(int fd, const char *text)
{
    cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

/* Each ends the connection. What was said is not compared where a reset may have eaten it. */
static const struct {
    const char *name, *config, *sent, *codes;
    enum end end;
    const char *logged, *never;
} stories[] = {
    { "no fault", "faults: []\n", HELLO RCPT("bob") QUIT, "220 250 250 250 221", ENDS_CLOSED,
      " rcpt to <bob@x.example>", " fault " },
    { "drop at a command", "faults:\n- RCPT drop\n", HELLO RCPT("bob"), "220 250 250", ENDS_CLOSED,
      " fault RCPT drop\n", " rcpt to " },
    { "drop behind a reply", "faults:\n- RCPT reply=\"450 4.2.1 busy\" drop\n", HELLO RCPT("bob"),
      "220 250 250 450", ENDS_CLOSED, " refused 450 4.2.1 busy", " rcpt to " },
    { "reset at a command", "faults:\n- RCPT reset\n", HELLO RCPT("bob"), NULL, ENDS_RESET,
      " fault RCPT reset\n", " rcpt to " },
    { "drop inside a letter", "faults:\n- body octet=20 drop\n", HELLO RCPT("bob") LETTER, NULL,
      ENDS_CLOSED, " fault body octet=20 drop\n", " stored " },
    { "the reply to a letter is lost", "faults:\n- end drop\n", HELLO RCPT("bob") LETTER,
      "220 250 250 250 354", ENDS_CLOSED, " stored ", " refused " },
    { "a letter is refused at its end", "faults:\n- end reply=\"554 5.7.1 no\"\n",
      HELLO RCPT("bob") LETTER QUIT, "220 250 250 250 354 554 221", ENDS_CLOSED, " fault end ",
      " stored " },
    { "no greeting", "faults:\n- connect reply=\"554 5.3.2 not now\" drop\n", "", "554",
      ENDS_CLOSED, " fault connect ", " greeted " },
    { "421 closes", "faults:\n- MAIL reply=\"421 4.3.2 bye\"\n", HELLO, "220 250 421", ENDS_CLOSED,
      " fault MAIL ", " mail from " },
    { "the third time", "faults:\n- RCPT times=3 full=452\n", HELLO FOUR(RCPT("bob")) QUIT,
      "220 250 250 250 250 452 250 221", ENDS_CLOSED, " fault RCPT ", " stored " },
    { "times 1 and 2", "faults:\n- RCPT times=1-2 full=552\n", HELLO FOUR(RCPT("bob")) QUIT,
      "220 250 250 552 552 250 250 221", ENDS_CLOSED, " fault RCPT ", " stored " },
    { "every second time", "faults:\n- at: RCPT\n  times: every 2\n  full: 452\n",
      HELLO FOUR(RCPT("bob")) QUIT, "220 250 250 250 452 250 452 221", ENDS_CLOSED, " fault RCPT ",
      " stored " },
    { "one full mailbox", "faults:\n- RCPT to=full-one@* full=452\n",
      HELLO RCPT("full-one") RCPT("bob") QUIT, "220 250 250 452 250 221", ENDS_CLOSED,
      " rcpt to <bob@x.example>", " stored " },
    { "greylisting puts the first tries off", "faults:\n- RCPT greylist=1h\n",
      HELLO RCPT("bob") RCPT("bob") QUIT, "220 250 250 451 451 221", ENDS_CLOSED, " fault RCPT ",
      " rcpt to " },
    { "more than the rate", "faults:\n- NOOP rate=2 in=1h\n", "NOOP\r\nNOOP\r\nNOOP\r\n",
      "220 250 250 421", ENDS_CLOSED, " fault NOOP rate=2 in=1h\n", " stored " },
    { "a reply of several lines",
      "faults:\n- at: NOOP\n  reply: \"250-one\\n250-two\\n250 three\"\n", "NOOP\r\n" QUIT,
      "220 250 221", ENDS_CLOSED, " fault NOOP ", " stored " },
    { "another moment of idleness", "faults:\n- idle after=20ms reply=\"421 4.4.2 too long\"\n",
      "NOOP\r\n", "220 250 421", ENDS_CLOSED, " fault idle ", " stored " },
    { "a keyword is missing", "extensions: [STARTTLS]\nfaults:\n- EHLO strip=STARTTLS\n",
      "EHLO c.example\r\n" QUIT, "220 250 221", ENDS_CLOSED, " fault EHLO strip=STARTTLS\n",
      " stored " },
    { "magic addresses", "store: memory\n",
      HELLO RCPT("busy+450") RCPT("tempfail") RCPT("unknown") RCPT("nobody") RCPT("full")
          RCPT("greylist+3600") RCPT("multi") RCPT("ok") RCPT("busy+599") RCPT("busy+250") QUIT,
      "220 250 250 450 451 550 550 452 451 250 250 599 250 221", ENDS_CLOSED,
      " rcpt to <ok@x.example>", " stored " },
    { "magic that refuses later", "store: memory\n", HELLO RCPT("after+552") LETTER QUIT,
      "220 250 250 250 354 552 221", ENDS_CLOSED, " rcpt to <after+552@", " stored " },
    { "magic that closes", "store: memory\n", HELLO RCPT("closing"), "220 250 250 421", ENDS_CLOSED,
      " fault RCPT ", " rcpt to " },
    { "magic that drops", "store: memory\n", HELLO RCPT("drop"), "220 250 250", ENDS_CLOSED,
      " fault RCPT drop\n", " rcpt to " },
    { "magic that resets", "store: memory\n", HELLO RCPT("reset"), NULL, ENDS_RESET,
      " fault RCPT reset\n", " rcpt to " },
    { "magic is off", "magic: off\n", HELLO RCPT("busy+450") QUIT, "220 250 250 250 221",
      ENDS_CLOSED, " rcpt to <busy+450@", " fault " },
    { "LMTP refuses for one recipient", "lmtp: on\n",
      "LHLO c.example\r\nMAIL FROM:<a@b.example>\r\n" RCPT("bob") RCPT("after+552") RCPT("carol")
          LETTER QUIT,
      "220 250 250 250 250 250 354 250 552 250 221", ENDS_CLOSED,
      "to <bob@x.example>,<carol@x.example>", ",<after+552" },
};

Test(faults, are_what_clients_meet)
{
    for (size_t i = 0; i < ROWS(stories); i++) {
        struct served s = serve_with(stories[i].config);
        int fd = served_connect(s.place);
        struct buf said = { 0 };
        struct ran r;

        say(fd, stories[i].sent);
        cr_expect_eq(read_all(fd, &said), stories[i].end, "%s: %s", stories[i].name,
                     buf_text(&said));
        if (stories[i].codes)
            cr_expect_str_eq(codes_of(&said), stories[i].codes, "%s: %s", stories[i].name,
                             buf_text(&said));
        close(fd);
        served_shows(&s, " by the ");
        r = served_end(&s);
        cr_expect_eq(r.status, 0, "%s", stories[i].name);
        cr_expect(has(&r.out, stories[i].logged), "%s: %s", stories[i].name, buf_text(&r.out));
        cr_expect_not(has(&r.out, stories[i].never), "%s: %s", stories[i].name, buf_text(&r.out));
        ran_release(&r);
        buf_release(&said);
    }
}

/* Waits so long that nobody sees their end: what is there before them is all that comes. */
static const struct {
    const char *name, *config, *sent, *comes, *fault;
} waits[] = {
    { "a reply is delayed", "faults:\n- NOOP delay=1h\n", "NOOP\r\n", "", " fault NOOP delay=1h" },
    { "octets are slow", "faults:\n- NOOP slow=2 pause=1h\n", "NOOP\r\n", "25",
      " fault NOOP slow=2" },
    { "a reply comes in pieces", "faults:\n- NOOP pieces=1,4 pause=1h\n", "NOOP\r\n", "2",
      " fault NOOP pieces=1,4" },
    { "no reply ever", "faults:\n- NOOP silent\n", "NOOP\r\nQUIT\r\n", "", " fault NOOP silent" },
    { "magic silence", "store: memory\n", HELLO RCPT("silent") QUIT,
      "250 Hello c.example, pleased to meet you\r\n250 a@b.example ... Sender ok\r\n",
      " fault RCPT silent" },
};

Test(faults, make_one_client_wait_and_no_other)
{
    for (size_t i = 0; i < ROWS(waits); i++) {
        struct served s = serve_with(waits[i].config);
        int slow = served_connect(s.place), other;
        struct buf said = served_talk(slow, "", "\r\n"), more = { 0 }, free_talk;
        struct pollfd p = { slow, POLLIN, 0 };
        struct ran r;

        say(slow, waits[i].sent);
        while (more.len < strlen(waits[i].comes))
            cr_assert(poll(&p, 1, RUN_MILLISECONDS) > 0 && run_read(slow, &more), "%s",
                      waits[i].name);
        served_shows(&s, waits[i].fault);
        other = served_connect(s.place);
        free_talk = served_talk(other, "HELO d.example\r\nQUIT\r\n", NULL);
        cr_expect_str_eq(codes_of(&free_talk), "220 250 221", "%s", waits[i].name);
        cr_expect_str_eq(buf_text(&more), waits[i].comes, "%s", waits[i].name);
        cr_expect_eq(poll(&p, 1, 0), 0, "%s: nothing more came, and it is open", waits[i].name);
        r = served_end(&s);
        cr_expect_eq(r.status, 0, "a server that waits can be ended: %s", waits[i].name);
        ran_release(&r);
        buf_release(&said);
        buf_release(&more);
        buf_release(&free_talk);
        close(slow);
        close(other);
    }
}

Test(faults, let_the_whole_reply_through_in_the_end)
{
    struct served s = serve_with("faults:\n- HELO delay=30ms slow=1 pause=1ms\n"
                                 "- MAIL pieces=1,2,3 pause=5ms\n");
    int fd = served_connect(s.place);
    struct buf said = { 0 };
    struct ran r;

    say(fd, HELLO QUIT);
    read_all(fd, &said);
    cr_expect(has(&said, "\r\n250 Hello c.example, pleased to meet you\r\n"
                         "250 a@b.example ... Sender ok\r\n221 "),
              "%s", buf_text(&said));
    r = served_end(&s);
    ran_release(&r);
    buf_release(&said);
    close(fd);
}

/* A client that tries again as often as it has to. */
Test(faults, greylisting_lets_a_client_in_that_comes_again)
{
    struct served s = serve_with("faults:\n- RCPT greylist=40ms\n");
    int fd = served_connect(s.place);
    struct buf said = served_talk(fd, HELLO, "Sender ok\r\n");
    unsigned refused = 0;
    bool taken = false;
    struct ran r;

    while (!taken) {
        buf_release(&said);
        said = served_talk(fd, RCPT("bob"), "\r\n");
        taken = span_starts(buf_span(&said), SPAN("250 "));
        refused += span_starts(buf_span(&said), SPAN("451 4.7.1 "));
        cr_assert(taken || refused, "%s", buf_text(&said));
    }
    cr_expect_geq(refused, 1, "a stranger is put off");
    buf_release(&said);
    r = served_end(&s);
    ran_release(&r);
    close(fd);
}

static const struct {
    const char *kind;
    const char *answer; /* to what begins a handshake */
    size_t len;
} handshakes[] = {
    { "close", "", 0 },
    { "garbage", "\x15\xff", 2 },
    { "plaintext", "500 5.5.1 ", 10 },
};

Test(faults, break_handshakes)
{
    for (size_t i = 0; i < ROWS(handshakes); i++) {
        struct buf config = { 0 }, said, after = { 0 };
        struct served s;
        struct ran r, swaks;
        int fd;

        buf_printf(&config, "faults:\n- STARTTLS tls=%s\n", handshakes[i].kind);
        s = serve_with(buf_text(&config));
        fd = served_connect(s.place);
        said = served_talk(fd, "EHLO c.example\r\nSTARTTLS\r\n", "\r\n220 ");
        served_shows(&s, " fault STARTTLS ");
        /* The rest of the 220 may still be on its way. */
        say(fd, "\x16\x03\x01");
        read_all(fd, &after);
        buf_add(&said, buf_span(&after));
        after.len = 0;
        buf_add(&after, span_from(buf_span(&said),
                                  span_search(buf_span(&said), SPAN("\r\n220 "), 0, false) + 2));
        cr_expect(
            span_eq(span_first(span_from(buf_span(&after), span_find(buf_span(&after), '\n') + 1),
                               handshakes[i].len),
                    span_make(handshakes[i].answer, handshakes[i].len)),
            "%s", handshakes[i].kind);
        if (handshakes[i].len == 0)
            cr_expect_eq(span_find(buf_span(&after), '\n') + 1, after.len,
                         "nothing behind the 220");
        if (program_there("swaks")) {
            swaks = PROGRAM(SPAN(""), "swaks", "--server", s.place, "--from", "a@b.example", "--to",
                            "c@x.example", "--tls");
            cr_expect_eq(swaks.status, 29, "its status for a handshake that failed: %s",
                         program_said(&swaks));
            ran_release(&swaks);
        }
        r = served_end(&s);
        cr_expect_not(has(&r.out, " stored "), "%s", buf_text(&r.out));
        ran_release(&r);
        buf_release(&config);
        buf_release(&said);
        buf_release(&after);
        close(fd);
    }
}

Test(faults, that_refuse_tls_have_their_reply)
{
    struct served s = serve_with("faults:\n- STARTTLS tls=refuse\n");
    int fd = served_connect(s.place);
    struct buf said = served_talk(fd, "EHLO c.example\r\nSTARTTLS\r\nQUIT\r\n", NULL);
    struct ran r;

    cr_expect_str_eq(codes_of(&said), "220 250 454 221", "%s", buf_text(&said));
    r = served_end(&s);
    ran_release(&r);
    buf_release(&said);
    close(fd);
}

/* The pattern of refusals that a seed makes. */
static void pattern(const char *seed, char out[1024])
{
    struct buf config = { 0 }, said;
    struct served s;
    struct ran r;
    int fd;

    buf_printf(&config, "seed: %s\nfaults:\n- NOOP chance=50 reply=\"450 4.0.0 by chance\"\n",
               seed);
    s = serve_with(buf_text(&config));
    fd = served_connect(s.place);
    said = served_talk(fd, SIXTEEN("NOOP\r\nNOOP\r\n") QUIT, NULL);
    snprintf(out, 1024, "%s", codes_of(&said));
    r = served_end(&s);
    ran_release(&r);
    buf_release(&config);
    buf_release(&said);
    close(fd);
}

Test(faults, by_chance_follow_from_the_seed)
{
    char first[1024], again[1024], other[1024];

    pattern("7", first);
    pattern("7", again);
    pattern("8", other);
    cr_expect_str_eq(first, again);
    cr_expect_str_neq(first, other);
    cr_expect(strstr(first, " 450") && strstr(first, " 250"), "%s", first);
}

Test(faults, are_told_by_other_peoples_clients)
{
    static const struct {
        const char *config;
        int swaks; /* its status: of the stage that failed */
    } stages[] = { { "faults:\n- connect reply=\"554 5.3.2 no\"\n", 21 },
                   { "faults:\n- MAIL reply=\"451 4.3.0 no\"\n", 23 },
                   { "faults:\n- RCPT full=552\n", 24 },
                   { "faults:\n- DATA reply=\"451 4.3.0 no\"\n", 25 },
                   { "faults:\n- end reply=\"451 4.3.0 no\"\n", 26 } };

    PROGRAM_NEEDED("swaks");
    for (size_t i = 0; i < ROWS(stages); i++) {
        struct served s = serve_with(stages[i].config);
        struct ran r = PROGRAM(SPAN(""), "swaks", "--server", s.place, "--from", "a@b.example",
                               "--to", "c@x.example");

        cr_expect_eq(r.status, stages[i].swaks, "%s: %d: %s", stages[i].config, r.status,
                     program_said(&r));
        ran_release(&r);
        r = served_end(&s);
        cr_expect_not(has(&r.out, " stored "), "%s", buf_text(&r.out));
        ran_release(&r);
    }
}

Test(faults, outlast_a_clients_patience)
{
    struct served s = serve_with("faults:\n- RCPT silent\n");
    const char *letter = run_file(run_folder(), "letter", SPAN("Subject: x\r\n\r\nHi.\r\n"));
    char url[160];
    struct ran r;

    PROGRAM_NEEDED("curl");
    snprintf(url, sizeof url, "smtp://%s/c.example", s.place);
    r = PROGRAM(SPAN(""), "curl", "-q", "-sS", "--noproxy", "*", "--max-time", "1", "--mail-from",
                "a@b.example", "--mail-rcpt", "c@x.example", "-T", letter, url);
    cr_expect_eq(r.status, 28, "its status for a time-out: %s", program_said(&r));
    ran_release(&r);
    served_shows(&s, " closed by the client");
    r = served_end(&s);
    ran_release(&r);
}

Test(faults, that_are_wrong_are_all_named_with_their_right_form)
{
    const char *path = run_file(run_folder(), "bad.yaml",
                                SPAN("faults:\n"
                                     "  - RCPT dealy=2s drop\n"
                                     "  - at: RCPT\n"
                                     "    reply: 99 no\n"
                                     "  - at: body\n"
                                     "    drop: yes\n"
                                     "  - at: SEND\n"
                                     "    drop: yes\n"
                                     "  - NOOP times=0 drop\n"
                                     "seed: many\n"));
    static const char *const complaints[] = {
        "bad.yaml:2:5: unknown key 'dealy'; did you mean 'delay'?",
        "bad.yaml:4:12: 'reply' must be a code from 200 to 599",
        "bad.yaml:5:5: at body needs 'octet'",
        "bad.yaml:7:9: 'at' must be",
        "bad.yaml:9:5: 'times' must be",
        "bad.yaml:10:7: 'seed' must be a whole number"
    };
    struct ran r = RUN("", "serve", "--listen=127.0.0.1:0", "--config", path);

    cr_expect_eq(r.status, 2);
    cr_expect_eq(r.out.len, 0, "%s", buf_text(&r.out));
    for (size_t i = 0; i < ROWS(complaints); i++)
        cr_expect(has(&r.err, complaints[i]), "%s: %s", complaints[i], buf_text(&r.err));
    ran_release(&r);
}
