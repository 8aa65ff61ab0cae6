/*
 * Hostile servers, met on the screen: while they send, keys show, the menu opens, /quit leaves; the
 * terminal gets nothing but what the program itself writes; memory keeps to its bound.
 */
#include <time.h>

#include "support/hostile.h"
#include "support/lab.h"

/* The promise is that a key shows at once; a busy machine that runs other tests may take this. A
 * sanitizer makes everything slower, and keeps what was freed for a while. */
#ifdef SANITIZED
#define KEY_SECONDS      10
#define MEMORY_KILOBYTES (1024L * 1024)
#else
#define KEY_SECONDS      2
#define MEMORY_KILOBYTES (256L * 1024)
#endif

static const struct hostile attacks[] = {
    { "silence", A(""), 0, "", HOSTILE_STAYS, false, "connected to 127.0.0.1" },
    { "garbage", A("\x80\xff\x01\x7f{}\xc3("), 20000, "\r\n", HOSTILE_STAYS, false,
      "octets above 127" },
    { "CSI", A("\x1b[31337m\x1b[?31337h\x1b[6n"), 1, "\r\n", HOSTILE_STAYS, false, "<ESC>[31337m" },
    { "OSC", A("\x1b]0;evil\x07"), 1, "\r\n", HOSTILE_STAYS, false, "<ESC>]0;evil<BEL>" },
    { "DCS", A("\x1bPevil\x1b\\"), 1, "\r\n", HOSTILE_STAYS, false, "<ESC>Pevil<ESC>\\" },
    { "APC", A("\x1b_evil\x1b\\"), 1, "\r\n", HOSTILE_STAYS, false, "<ESC>_evil<ESC>\\" },
    { "bidi", A("220 a\xe2\x80\xae"), 1, "b\r\n", HOSTILE_STAYS, false, "a<U+202E>b" },
    { "zero width", A("220 a\xe2\x80\x8b"), 1, "b\r\n", HOSTILE_STAYS, false, "a<U+200B>b" },
    { "C1", A("220 \xc2\x9b\x9b"), 1, "31m\r\n", HOSTILE_STAYS, false, "<U+009B><0x9B>31m" },
    { "NUL", A("220 a\0b"), 1, "\r\n", HOSTILE_STAYS, false, "a<NUL>b" },
    { "a line without end", A("22000000000000000000"), 5000000, "", HOSTILE_STAYS, false,
      "22000000" },
    { "a line with an end", A("220 xxxxxxxxxxxxxxxx"), 5000000, "\r\n", HOSTILE_FIN, false,
      "NO CONNECTION" },
    { "a reply without end", A("250-more to say\r\n"), HOSTILE_ENDLESS, "", HOSTILE_STAYS, false,
      "S: 250-more" },
    { "a million lines", A("250 line\r\n"), 1000000, "220 last\r\n", HOSTILE_STAYS, false,
      "S: 220 last" },
    { "octet by octet", A("220-one\r\n220 \xe6\xbc\xa2\r\n"), 1, "", HOSTILE_STAYS, true,
      "S: 220 \xe6\xbc\xa2" },
    { "closed in a line", A("220 hel"), 1, "", HOSTILE_FIN, false, "NO CONNECTION" },
    { "broken off in a line", A("220 hel"), 1, "", HOSTILE_RST, false, "S: 220 hel" },
    { "broken off in a letter", A("220 hel\xe6\xbc"), 1, "", HOSTILE_RST, false,
      "hel<0xE6><0xBC>" },
};

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool in_set(unsigned char c, const char *set)
{
    return c && strchr(set, c) != NULL;
}

/* The end of the sequence at `i`, which is one that ncurses or the program itself writes; 0: it is
 * none of these. Strings (OSC, DCS, APC, PM, SOS) are never among them here. */
static size_t sequence_end(struct span all, size_t i)
{
    size_t k = i + 2;

    if (k > all.len)
        return 0;
    if (in_set(all.at[i + 1], "=>78M"))
        return k;
    if (in_set(all.at[i + 1], "()"))
        return k < all.len && in_set(all.at[k], "B0") ? k + 1 : 0;
    if (all.at[i + 1] != '[')
        return 0;
    while (k < all.len && (ascii_is_digit(all.at[k]) || in_set(all.at[k], ";?")))
        k++;
    /* 31337 is the peers' number. */
    if (k == all.len || !in_set(all.at[k], "ABCDGHJKLMPSTXZ@bdhlmrt") ||
        span_search(span_make(all.at + i, k - i), SPAN("31337"), 0, false) != SPAN_NOT_FOUND)
        return 0;
    return k + 1;
}

/* Nothing but text, and what moves the cursor or paints. */
static void expect_tame(struct terminal *t, const char *name)
{
    struct span all = terminal_output(t);
    static const char *const never[] = { "\xe2\x80\xae", "\xe2\x80\x8b", "\xc2\x9b" };

    for (size_t i = 0; i < all.len;) {
        size_t end = i + 1;

        if (all.at[i] == 0x1b)
            end = sequence_end(all, i);
        else if ((all.at[i] < 0x20 && !in_set(all.at[i], "\r\n\b\t")) || all.at[i] == 0x7f)
            end = 0;
        cr_assert(end, "%s: at %zu of %zu: %02x %02x %.20s", name, i, all.len, all.at[i],
                  i + 1 < all.len ? all.at[i + 1] : 0, (const char *)all.at + i + 1);
        i = end;
    }
    for (size_t i = 0; i < ROWS(never); i++)
        cr_expect_eq(span_search(all, span_of(never[i]), 0, false), SPAN_NOT_FOUND, "%s: raw %zu",
                     name, i);
}

static void expect_memory(const char *name)
{
    cr_expect_leq(hostile_peak(), MEMORY_KILOBYTES, "%s: %ld KiB", name, hostile_peak());
}

/* Keys, menu, and the way out, whatever the server does meanwhile. */
static void expect_in_hand(struct terminal *t, const char *name)
{
    double begun = seconds(), took;

    terminal_type(t, "typed");
    cr_assert(terminal_shows(t, "typed"), "%s\n%s", name, terminal_text(t));
    took = seconds() - begun;
    cr_expect_leq(took, KEY_SECONDS, "%s: a key took %.3f s", name, took);
    terminal_type(t, "\x15");
    cr_assert(terminal_hides(t, "typed"), "%s\n%s", name, terminal_text(t));
    terminal_type(t, "\x1b");
    cr_assert(terminal_shows(t, "leave smtpscope"), "%s\n%s", name, terminal_text(t));
    terminal_type(t, "\x1b");
    cr_assert(terminal_hides(t, "leave smtpscope"), "%s\n%s", name, terminal_text(t));
    terminal_type(t, "NOOP\r"); /* so that there is a talk to print and to keep */
    begun = seconds();
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0, "%s\n%s", name, terminal_text(t));
    took = seconds() - begun;
    cr_expect_leq(took, KEY_SECONDS, "%s: leaving took %.3f s", name, took);
    expect_memory(name);
    cr_expect(terminal_as_before(t), "%s", name);
    cr_expect_not(terminal_alternate(t), "%s", name);
}

TABLE_TEST(siege, server_is_borne, attacks)
{
    const struct hostile *h = &attacks[*number];
    struct tiny server = hostile_start(h);
    struct terminal *t = lab_start(&(struct lab){ .args = { server.place } });

    cr_assert(terminal_shows(t, h->shown), "%s\n%s", h->name, terminal_text(t));
    expect_in_hand(t, h->name);
    expect_tame(t, h->name);
    tiny_end(&server);
    terminal_free(t);
}

Test(siege, long_talk_is_printed_by_its_end_alone)
{
    static const struct hostile h = {
        "", A("220 line\r\n"), 5000, "220 last\r\n", HOSTILE_STAYS, false, ""
    };
    struct tiny server = hostile_start(&h);
    struct terminal *t = lab_start(&(struct lab){ .args = { server.place } });

    SHOWS(t, "S: 220 last");
    TYPE(t, "NOOP\r", "C: NOOP");
    terminal_mark(t);
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    cr_expect(terminal_sent(t, "-- 3002 earlier lines are not printed here"));
    SHOWS(t, "S: 220 last");
    SHOWS(t, "Saved: ");
    tiny_end(&server);
    terminal_free(t);
}

#define LETTER_OCTETS ((long)50 * 1000 * 1000)

/* Takes a letter's commands, and nothing of the letter. */
static void serve_deaf(int listening)
{
    FILE *peer = fdopen(accept(listening, NULL, NULL), "r+");
    char line[512] = "";

    if (!peer)
        _exit(1);
    setvbuf(peer, NULL, _IONBF, 0); /* not an octet more than the commands */
    tiny_say(peer, "220 deaf.example\r\n");
    while (strncmp(line, "DATA", 4) != 0 && fgets(line, sizeof line, peer))
        tiny_say(peer, strncmp(line, "DATA", 4) == 0 ? "354 go on\r\n" : "250 ok\r\n");
    pause();
    _exit(0);
}

Test(siege, sending_to_a_server_that_reads_no_more_can_be_stopped)
{
    struct tiny server;
    int listening = hostile_listen(&server, 1);
    struct terminal *t;
    struct buf command = { 0 };
    FILE *letter;
    int status;

    server.pid = fork();
    if (server.pid == 0) {
        alarm(RUN_MILLISECONDS / 1000);
        serve_deaf(listening);
    }
    close(listening);
    t = lab_start(&(struct lab){ .args = { server.place } });
    buf_printf(&command, "%s/letter", terminal_home(t));
    letter = fopen(buf_text(&command), "w");
    cr_assert(letter);
    for (long i = 0; i < LETTER_OCTETS; i += 64)
        fputs("..a line of a letter that is as long as sixty-four octets, so..\n", letter);
    cr_assert_eq(fclose(letter), 0);
    SHOWS(t, "S: 220 deaf");
    TYPE(t, "HELO a\r", "C: HELO a");
    TYPE(t, "MAIL FROM:<a@a.example>\r", "C: MAIL FROM:<a@a.example>");
    TYPE(t, "RCPT TO:<b@b.example>\r", "C: RCPT TO:<b@b.example>");
    SHOWS(t, "DATA ");
    buf_clear(&command);
    buf_printf(&command, "/send %s/letter\r", terminal_home(t));
    terminal_type(t, buf_text(&command));
    SHOWS(t, "Ctrl-C stops");
    TYPE(t, "typed", "typed");
    terminal_type(t, "\x15");
    HIDES(t, "typed");
    terminal_type(t, "\x03");
    SHOWS(t, "Sending is stopped");
    terminal_type(t, "\x1b");
    SHOWS(t, "leave smtpscope");
    terminal_type(t, "0");
    status = terminal_ends(t);
    cr_expect_eq(status, 0, "%d\n%s", status, terminal_text(t));
    expect_memory("deaf");
    cr_expect(terminal_as_before(t));
    buf_release(&command);
    tiny_end(&server);
    terminal_free(t);
}

static const struct {
    const char *name;
    int number;
} ends[] = { { "SIGHUP", SIGHUP }, { "SIGTERM", SIGTERM }, { "SIGINT", SIGINT } };

Test(siege, flood_does_not_keep_signals_waiting)
{
    static const struct hostile h = { "", A("250-more\r\n"), HOSTILE_ENDLESS,
                                      "", HOSTILE_STAYS,     false,
                                      "" };

    for (size_t i = 0; i < ROWS(ends); i++) {
        struct tiny server = hostile_start(&h);
        struct terminal *t = lab_start(&(struct lab){ .args = { server.place } });

        SHOWS(t, "S: 250-more");
        kill(terminal_pid(t), ends[i].number);
        cr_expect_eq(terminal_ends(t), 128 + ends[i].number, "%s", ends[i].name);
        cr_expect(terminal_as_before(t), "%s", ends[i].name);
        cr_expect_not(terminal_alternate(t), "%s", ends[i].name);
        terminal_free(t);
        tiny_end(&server);
    }
}

Test(siege, flood_ends_when_the_terminal_vanishes)
{
    static const struct hostile h = { "", A("250-more\r\n"), HOSTILE_ENDLESS,
                                      "", HOSTILE_STAYS,     false,
                                      "" };
    struct tiny server = hostile_start(&h);
    struct terminal *t = lab_start(&(struct lab){ .args = { server.place } });

    SHOWS(t, "S: 250-more");
    terminal_hang_up(t);
    cr_expect_neq(terminal_ends(t), -1, "it still runs");
    terminal_free(t);
    tiny_end(&server);
}

Test(siege, flood_can_be_stopped_for_a_while)
{
    static const struct hostile h = { "", A("250-more\r\n"), HOSTILE_ENDLESS,
                                      "", HOSTILE_STAYS,     false,
                                      "" };
    struct tiny server = hostile_start(&h);
    struct terminal *t = lab_start(&(struct lab){ .args = { server.place }, .job = true });

    SHOWS(t, "S: 250-more");
    TYPE(t, "\x1a", "[stopped]");
    cr_expect(terminal_as_before(t));
    TYPE(t, "fg\n", "S: 250-more");
    TYPE(t, "typed", "typed");
    terminal_type(t, "\x15/quit\r");
    SHOWS(t, "[exited 0]");
    cr_expect(terminal_as_before(t));
    terminal_free(t);
    tiny_end(&server);
}
