/* Hostile servers, met through pipes: shown as marks, bounded in memory, left with a status. */
#include "support/hostile.h"

/* The longest line here, held once as a chunk, and as much again for growth and the program. A
 * sanitizer keeps what was freed for a while. */
#ifdef SANITIZED
#define MEMORY_KILOBYTES (1024L * 1024)
#else
#define MEMORY_KILOBYTES (256L * 1024)
#endif

static const struct hostile attacks[] = {
    { "NULs", A("\0\0\0\0\0\0\0\0"), 1000000, "\r\n", HOSTILE_FIN, false, "<NUL>" },
    { "OSC", A("\x1b]0;evil\x07"), 200000, "\r\n", HOSTILE_FIN, false, "<ESC>]0;evil<BEL>" },
    { "DCS", A("\x1bPevil\x1b\\"), 1, "\r\n", HOSTILE_FIN, false, "<ESC>Pevil<ESC>\\" },
    { "APC", A("\x1b_evil\x1b\\"), 1, "\r\n", HOSTILE_FIN, false, "<ESC>_evil<ESC>\\" },
    { "bidi", A("220 \xe2\x80\xae"), 1, "\r\n", HOSTILE_FIN, false, "<U+202E>" },
    { "zero width", A("220 \xe2\x80\x8b"), 1, "\r\n", HOSTILE_FIN, false, "<U+200B>" },
    { "C1", A("220 \xc2\x9b"), 1, "31m\r\n", HOSTILE_FIN, false, "<U+009B>31m" },
    { "a line without end", A("22000000000000000000"), 5000000, "", HOSTILE_FIN, false, "closed" },
    { "a line with an end", A("220 xxxxxxxxxxxxxxxx"), 5000000, "\r\n", HOSTILE_FIN, false,
      "closed" },
    { "a reply without end", A("220-more\r\n"), 200000, "", HOSTILE_FIN, false, "S: 220-more\n" },
    { "closed in a letter", A("220-hel\xe6\xbc"), 1, "", HOSTILE_FIN, false, "hel<0xE6><0xBC>" },
    { "broken off at once", A(""), 0, "", HOSTILE_RST, false, "broken off" },
    { "broken off in a line", A("554-go aw"), 1, "", HOSTILE_RST, false, "S: 554-go aw" },
    { "broken off in a letter", A("220-hel\xe6\xbc"), 1, "", HOSTILE_RST, false,
      "hel<0xE6><0xBC>" },
    { "octet by octet", A("220-one\r\n220 \xe6\xbc\xa2\r\n"), 1, "", HOSTILE_FIN, true,
      "S: 220 \xe6\xbc\xa2\n" },
};

Test(hostile, servers_are_shown_in_marks_and_left_with_status_5)
{
    for (size_t i = 0; i < ROWS(attacks); i++) {
        const struct hostile *h = &attacks[i];
        struct tiny t = hostile_start(h);
        struct ran r = RUN("HELO a.example\nQUIT\n", "--plain", t.place);

        cr_expect_eq(r.status, 5, "%s: %d %s", h->name, r.status, buf_text(&r.err));
        cr_expect(has(&r.out, h->shown), "%s: %.2000s", h->name, buf_text(&r.out));
        for (size_t k = 0; k < r.out.len; k++)
            cr_assert(r.out.at[k] == '\n' || (r.out.at[k] >= 0x20 && r.out.at[k] != 0x7f),
                      "%s: octet %zu is raw", h->name, k);
        tiny_end(&t);
        ran_release(&r);
    }
}

Test(hostile, line_of_100_megabytes_is_bounded_in_memory)
{
    static const struct hostile h = {
        "", A("22000000000000000000"), 5000000, "", HOSTILE_FIN, false, ""
    };
    struct tiny t = hostile_start(&h);
    struct ran r = RUN("HELO a.example\n", "--plain", t.place);

    cr_expect_eq(r.status, 5, "%d", r.status);
    cr_expect_leq(hostile_peak(), MEMORY_KILOBYTES, "%ld KiB", hostile_peak());
    tiny_end(&t);
    ran_release(&r);
}

/* Runs it until it has written `octets`, sends the signal, and waits for the end. */
static int flooded_until(const struct hostile *h, size_t octets, int number)
{
    struct tiny t = hostile_start(h);
    int in[2], out[2], status = 0;
    unsigned char block[4096];
    pid_t pid;

    cr_assert(pipe(in) == 0 && pipe(out) == 0);
    pid = fork();
    if (pid == 0) {
        signal(number, SIG_DFL);
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        run_exec((const char *const[]){ "--plain", t.place, NULL });
    }
    close(in[0]);
    close(out[1]);
    for (size_t all = 0; all < octets;) {
        ssize_t n = read(out[0], block, sizeof block);

        cr_assert(n > 0, "it ended after %zu octets", all);
        all += (size_t)n;
    }
    kill(pid, number);
    while (read(out[0], block, sizeof block) > 0)
        continue;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    close(in[1]);
    close(out[0]);
    tiny_end(&t);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const struct {
    const char *name;
    int number;
} ends[] = { { "SIGINT", SIGINT }, { "SIGTERM", SIGTERM }, { "SIGHUP", SIGHUP } };

Test(hostile, reply_without_end_is_left_by_a_signal)
{
    static const struct hostile h = { "", A("250-more\r\n"), HOSTILE_ENDLESS,
                                      "", HOSTILE_STAYS,     false,
                                      "" };

    for (size_t i = 0; i < ROWS(ends); i++) {
        int status = flooded_until(&h, 1000000, ends[i].number);

        cr_expect_eq(status, 128 + ends[i].number, "%s: %d", ends[i].name, status);
    }
    cr_expect_leq(hostile_peak(), MEMORY_KILOBYTES, "%ld KiB", hostile_peak());
}

/* The lines of the dialogue alone, without times. */
static void add_wire(const struct buf *out, struct buf *wire)
{
    struct span rest = buf_span(out);

    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        if (span_starts(line, SPAN("S:")) || span_starts(line, SPAN("C:"))) {
            buf_add(wire, line);
            buf_add_octet(wire, '\n');
        }
    }
}

Test(hostile, replies_of_one_octet_at_a_time_are_paired_like_others)
{
    static const char *const replies[] = { "220-a\r\n220 mx.example ESMTP\r\n",
                                           "250-mx.example\r\n250-PIPELINING\r\n250 SIZE 99999\r\n",
                                           "250 2.1.0 Ok\r\n",
                                           "550-5.1.1 no\r\n550 5.1.1 such user\r\n",
                                           "250-2.1.5 two\r\n250 2.1.5 lines\r\n",
                                           "354 go on\r\n",
                                           "250 2.0.0 queued\r\n",
                                           "221 bye\r\n",
                                           NULL };
    struct buf wire[2] = { { 0 }, { 0 } };

    for (int slow = 0; slow < 2; slow++) {
        struct tiny t;
        struct ran r;

        tiny_slow = slow;
        t = tiny_start(replies);
        r = RUN("EHLO crepes.example\n/pipeline\nMAIL FROM:<a@crepes.example>\nRCPT TO:<no@x.org>\n"
                "RCPT TO:<bob@x.org>\n/go\nDATA\nSubject: x\n\n..dot\n.\nQUIT\n",
                "--plain", t.place);
        cr_expect_eq(r.status, 0, "%d: %s", slow, buf_text(&r.err));
        cr_expect(has(&r.out, "   = RCPT 550: "), "%s", buf_text(&r.out));
        add_wire(&r.out, &wire[slow]);
        ran_release(&r);
        tiny_end(&t);
    }
    cr_expect(span_eq(buf_span(&wire[0]), buf_span(&wire[1])), "%s\n%s", buf_text(&wire[0]),
              buf_text(&wire[1]));
    cr_expect(has(&wire[0], "S: 221 bye\n"), "%s", buf_text(&wire[0]));
    buf_release(&wire[0]);
    buf_release(&wire[1]);
}
