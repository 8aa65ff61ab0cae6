/*
 * What stands around the program is not as it should be: its input, its output, its environment.
 * Clear words, the right status, and nothing lost.
 */
#include "support/hostile.h"
#include "support/lab.h"
#include "support/served.h"

/* Runs a line of the shell; "$P" is the program. */
static struct ran shell(struct span input, const char *line)
{
    char *program = strdup(getenv("SMTPSCOPE"));
    struct ran r;

    setenv("P", program, 1);
    setenv("SMTPSCOPE", "/bin/sh", 1);
    r = run_with(input, NULL, (const char *const[]){ "-c", line, NULL });
    setenv("SMTPSCOPE", program, 1);
    free(program);
    return r;
}

static bool is(const struct buf *text, const char *part)
{
    return !part || (*part ? has(text, part) : text->len == 0);
}

static const struct {
    const char *line, *input;
    int status;
    const char *out, *err; /* parts of them; "": nothing at all; NULL: whatever */
} lines[] = {
    { "\"$P\" --plain <&-", "", 0, "S: 220 hamburger.edu", "" },
    { "\"$P\" --plain >&-", "QUIT\n", 0, "", "" },
    { "\"$P\" --plain 2>&-", "QUIT\n", 0, "S: 221", "" },
    { "\"$P\" --plain <&- >&- 2>&-", "", 0, "", "" },
    { "\"$P\" --plain >/dev/full", "QUIT\n", 2, "",
      "smtpscope: standard output cannot be written: No space left on device\n" },
    { "\"$P\" --plain 2>/dev/full", "QUIT\n", 0, "S: 221", "" },
    { "\"$P\" explain 250 >/dev/full", "", 2, "", "No space left on device" },
    { "\"$P\" --help >/dev/full", "", 2, "", "No space left on device" },
    { "\"$P\" --version >/dev/full", "", 2, "", "No space left on device" },
    { "env -i \"$P\" --plain", "QUIT\n", 0, "S: 221", "" },
    { "HOME=/dev/null/home XDG_STATE_HOME=/dev/null \"$P\" --plain", "QUIT\n", 0, "S: 221", "" },
    { "LC_ALL=C \"$P\" --plain", "NOOP \xc3\xa9\nQUIT\n", 0, "C: NOOP \xc3\xa9", "" },
    { "LC_ALL=xx LANG=yy \"$P\" --plain", "NOOP \xc3\xa9\nQUIT\n", 0, "C: NOOP ", "" },
    { "TZ=/nowhere TERM= \"$P\" --plain", "QUIT\n", 0, "S: 221", "" },
    { "\"$P\" --plain --record /dev/null/x", "QUIT\n", 2, "", "/dev/null/x" },
    { "\"$P\" --plain --record /dev/full", "HELO a\nQUIT\n", 2, NULL, "/dev/full" },
    { "d=$(mktemp -d); (ulimit -f 0; \"$P\" --plain --record $d/x); s=$?; rm -r $d; exit $s",
      "HELO a\nQUIT\n", 2, "S: 221", "/x cannot be written: File too large" },
    { "\"$P\" --plain mx.invalid:25", "QUIT\n", 3, "no host has a name that ends with .invalid",
      NULL },
};

Test(surroundings, streams_and_environment_are_borne)
{
    for (size_t i = 0; i < ROWS(lines); i++) {
        struct ran r = shell(span_of(lines[i].input), lines[i].line);

        cr_expect_eq(r.status, lines[i].status, "%s: %d", lines[i].line, r.status);
        cr_expect(is(&r.out, lines[i].out), "%s: out %s", lines[i].line, buf_text(&r.out));
        cr_expect(is(&r.err, lines[i].err), "%s: err %s", lines[i].line, buf_text(&r.err));
        ran_release(&r);
    }
}

Test(surroundings, reader_who_goes_away_in_the_middle_ends_it_quietly)
{
    struct buf input = { 0 };
    struct ran r;

    for (unsigned i = 0; i < 20000; i++)
        buf_add_text(&input, "NOOP\n");
    r = shell(buf_span(&input), "{ \"$P\" --plain; echo status $? >&2; } | head -n 1");
    cr_expect_str_eq(buf_text(&r.err), "status 141\n", "%s", buf_text(&r.err));
    buf_release(&input);
    ran_release(&r);
}

Test(surroundings, input_of_any_octets_is_sent_and_shown_in_marks)
{
    struct buf input = { 0 };
    struct ran r;
    uint32_t x = 1;

    buf_add(&input, SPAN("NOOP \0nul\0\n"));
    for (unsigned i = 0; i < 64 * 1024; i++) {
        x = x * 1664525 + 1013904223;
        buf_add_octet(&input, (unsigned char)(x >> 24));
    }
    buf_add_text(&input, "\n/quit\n");
    r = run_with(buf_span(&input), NULL, (const char *const[]){ "--plain", NULL });
    /* Among so many, some begin with a slash, and are no command of the console. */
    cr_expect(r.status == 2, "%d %s", r.status, buf_text(&r.err));
    cr_expect(has(&r.out, "C: NOOP <NUL>nul<NUL>"), "%.300s", buf_text(&r.out));
    for (size_t k = 0; k < r.out.len; k++)
        cr_assert(r.out.at[k] == '\n' || (r.out.at[k] >= 0x20 && r.out.at[k] != 0x7f),
                  "octet %zu is raw", k);
    buf_release(&input);
    ran_release(&r);
}

#ifdef SANITIZED
#define MEMORY_KILOBYTES (256L * 1024)
#else
#define MEMORY_KILOBYTES (32L * 1024)
#endif

Test(surroundings, line_of_50_megabytes_is_refused_in_little_memory)
{
    struct ran r =
        shell(SPAN("QUIT\n"), "{ head -c 50000000 /dev/zero; echo; cat; } | \"$P\" --plain");

    cr_expect_eq(r.status, 1, "%d", r.status);
    cr_expect(has(&r.err, "line 1 of the input has more than 512000 octets"), "%s",
              buf_text(&r.err));
    cr_expect(has(&r.out, "S: 221"), "%s", buf_text(&r.out));
    cr_expect_leq(hostile_peak(), MEMORY_KILOBYTES, "%ld KiB", hostile_peak());
    ran_release(&r);
}

#ifdef __linux__
/* The system answers attempts at a listener whose queue is full with silence; others refuse them.
 */
Test(surroundings, connection_that_is_not_made_in_time_is_status_3)
{
    struct tiny t;
    int listening = hostile_listen(&t, 0), fill[4];
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    struct ran r;

    cr_assert(getsockname(listening, (struct sockaddr *)&at, &len) == 0);
    for (size_t i = 0; i < ROWS(fill); i++) {
        fill[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(fill[i], F_SETFL, O_NONBLOCK);
        connect(fill[i], (struct sockaddr *)&at, len);
    }
    r = RUN("QUIT\n", "--plain", "--timeout", "1", t.place);
    cr_expect_eq(r.status, 3, "%d", r.status);
    cr_expect(has(&r.out, "no answer to the connection attempt"), "%s", buf_text(&r.out));
    for (size_t i = 0; i < ROWS(fill); i++)
        close(fill[i]);
    close(listening);
    ran_release(&r);
}
#endif

static const struct {
    struct lab lab;
    const char *said;
} dull[] = {
    { { .env = { "TERM=dumb" } }, "cannot place its cursor; using --plain" },
    { { .env = { "TERM" } }, "TERM is not set" },
    { { .env = { "TERM=no-such" } }, "(TERM) is not known here; using --plain" },
    { { .env = { "TERM=../../etc/passwd" } }, "(TERM) is not known here; using --plain" },
};

Test(surroundings, terminal_that_bears_no_screen_gets_lines)
{
    for (size_t i = 0; i < ROWS(dull); i++) {
        struct terminal *t = lab_start(&dull[i].lab);

        SHOWS(t, dull[i].said);
        SHOWS(t, "S: 220 hamburger.edu");
        TYPE(t, "QUIT\r", "S: 221");
        terminal_type(t, "/quit\r");
        cr_expect_eq(terminal_ends(t), 0, "%s\n%s", dull[i].said, terminal_text(t));
        cr_expect(terminal_as_before(t), "%s", dull[i].said);
        terminal_free(t);
    }
}

static const struct {
    struct lab lab;
    const char *said;
} homeless[] = {
    { { .env = { "XDG_STATE_HOME=/dev/null" } },
      "not saved: /dev/null/smtpscope: Not a directory" },
    { { .env = { "HOME=/dev/null/home" } }, "not saved: /dev/null/home/.local: Not a directory" },
    { { .env = { "HOME" } }, "not saved: your home folder: No such file" },
    { { .env = { "HOME=" } }, "not saved: your home folder: No such file" },
};

Test(surroundings, talk_that_cannot_be_saved_is_printed_and_it_is_said)
{
    for (size_t i = 0; i < ROWS(homeless); i++) {
        struct terminal *t = lab_open(&homeless[i].lab);

        TYPE(t, "NOOP\r", "C: NOOP");
        terminal_type(t, "/quit\r");
        cr_expect_eq(terminal_ends(t), 0, "%s", terminal_text(t));
        SHOWS(t, homeless[i].said);
        SHOWS(t, "C: NOOP");
        terminal_free(t);
    }
}

Test(surroundings, smallest_terminal_can_be_left)
{
    struct terminal *t = lab_start(&(struct lab){ .rows = 1, .cols = 1 });
    int status;

    cr_assert(terminal_sent(t, "\x1b[?2004h"));
    terminal_type(t, "/quit\r");
    status = terminal_ends(t);
    /* 3: it was left before the connection stood; nothing on the screen says when it does. */
    cr_expect(status == 0 || status == 3, "%d", status);
    cr_expect(terminal_as_before(t));
    terminal_free(t);
}

#define LETTER "send", "--from=alice@crepes.fr", "--to=bob@hamburger.edu", "--body=x"

Test(surroundings, send_asks_for_the_password_without_showing_it)
{
    struct served s = SERVED("--auth", "alice:wonderland", "--auth-without-tls");
    struct terminal *t =
        lab_start(&(struct lab){ .args = { LETTER, "--auth=alice", s.place }, .rows = 60 });
    struct ran end;

    SHOWS(t, "Password of alice");
    terminal_type(t, "wonderland\n");
    SHOWS(t, "235");
    cr_expect_eq(terminal_ends(t), 0, "%s", terminal_text(t));
    cr_expect_not(strstr(terminal_text(t), "wonderland"), "%s", terminal_text(t));
    terminal_free(t);

    t = lab_start(&(struct lab){ .args = { LETTER, "--auth=alice", s.place } });
    SHOWS(t, "Password of alice");
    terminal_type(t, "wonder\003");
    SHOWS(t, "there is no password");
    cr_expect_eq(terminal_ends(t), 2);
    terminal_free(t);
    end = served_end(&s);
    ran_release(&end);
}
