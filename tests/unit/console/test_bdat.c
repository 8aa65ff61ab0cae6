/* Chunks: /bdat counts, and typed lines keep to what BDAT said. */
#include "desk.h"

/* Behind an accepted recipient, where CHUNKING was offered or not. */
static void begin(struct desk *d, unsigned options, bool offered)
{
    desk_peer(d, options, "220 mx\r\n");
    cr_assert(TURN_UNTIL(d->loop, desk_now(d)->greeted));
    console_enter(d->console, SPAN("EHLO a.example"));
    stream_write(d->peer,
                 offered ? SPAN("250-mx\r\n250 CHUNKING\r\n") : SPAN("250-mx\r\n250 DSN\r\n"));
    desk_settle(d);
    console_enter(d->console, SPAN("MAIL FROM:<a@b.example>"));
    stream_write(d->peer, SPAN("250 ok\r\n"));
    desk_settle(d);
    console_enter(d->console, SPAN("RCPT TO:<c@b.example>"));
    stream_write(d->peer, SPAN("250 ok\r\n"));
    desk_settle(d);
    buf_clear(&d->heard);
}

static void heard(struct desk *d, const char *want)
{
    cr_assert(TURN_UNTIL(d->loop, desk_has(&d->heard, want)), "%s", buf_text(&d->heard));
    cr_expect_str_eq(buf_text(&d->heard), want);
}

static const struct {
    const char *command, *wire, *said;
} counted[] = {
    { "/bdat \"Hello\\r\\n\"", "BDAT 7\r\nHello\r\n", "" },
    { "/bdat \"Hello\\r\\n\" LAST", "BDAT 7 LAST\r\nHello\r\n", "" },
    { "/bdat \"Hello\" last", "BDAT 5 LAST\r\nHello", "" },
    { "/bdat \"a\\nb\\r\\n\"", "BDAT 5\r\na\nb\r\n", "bare LF" },
};

Test(bdat, counts_the_octets_of_a_text)
{
    for (size_t i = 0; i < ROWS(counted); i++) {
        struct desk d;

        begin(&d, 0, true);
        console_enter(d.console, span_of(counted[i].command));
        heard(&d, counted[i].wire);
        cr_expect_eq(console_prompt(d.console), PROMPT_TALK, "%s", counted[i].command);
        cr_expect(desk_has(&d.said, counted[i].said), "%s", buf_text(&d.said));
        stream_write(d.peer, SPAN("250 ok\r\n"));
        desk_settle(&d);
        cr_expect_eq(desk_now(&d)->state, strstr(counted[i].wire, "LAST") ? AT_READY : AT_CHUNK);
        console_enter(d.console, SPAN("NOOP"));
        stream_write(d.peer, SPAN("250 ok\r\n"));
        desk_settle(&d);
        cr_expect_eq(observer_outstanding(desk_now(&d)), 0);
        desk_end(&d);
    }
}

Test(bdat, sends_a_file_as_it_is)
{
    struct desk d;
    char *path = desk_file("From: a@b\r\n\r\n.\r\n", 16), command[128];

    begin(&d, 0, false);
    snprintf(command, sizeof command, "/bdat %s LAST", path);
    console_enter(d.console, span_of(command));
    heard(&d, "BDAT 16 LAST\r\nFrom: a@b\r\n\r\n.\r\n");
    cr_expect(desk_has(&d.said, "has not offered CHUNKING"), "%s", buf_text(&d.said));
    unlink(path);
    mem_free(path);
    desk_end(&d);
}

Test(bdat, counts_what_is_typed_and_ends_with_the_last_octet)
{
    struct desk d;
    struct buf hint = { 0 };

    begin(&d, 0, true);
    console_enter(d.console, SPAN("BDAT 12 LAST"));
    cr_expect_eq(console_prompt(d.console), PROMPT_LETTER);
    console_prompt_hint(d.console, &hint);
    cr_expect_str_eq(buf_text(&hint), "12 octets to come, line ends are 2");
    console_enter(d.console, SPAN("Hello"));
    console_prompt_hint(d.console, &hint);
    cr_expect_str_eq(buf_text(&hint), "5 octets to come, line ends are 2");
    console_enter(d.console, SPAN("far too long"));
    cr_expect(
        desk_has(&d.complained, "has only 5 octets left, and this line has 14 with its line end"),
        "%s", buf_text(&d.complained));
    cr_expect(desk_has(&d.complained, "as a command (oo long). Nothing was sent"), "%s",
              buf_text(&d.complained));
    console_enter(d.console, SPAN("Alice"));
    heard(&d, "BDAT 12 LAST\r\nHello\r\nAlice");
    cr_expect(desk_has(&d.said, "The chunk is full"), "%s", buf_text(&d.said));
    cr_expect_eq(console_prompt(d.console), PROMPT_TALK);
    stream_write(d.peer, SPAN("250 taken\r\n"));
    desk_settle(&d);
    cr_expect_eq(desk_now(&d)->state, AT_READY);
    buf_release(&hint);
    desk_end(&d);
}

Test(bdat, runs_over_only_when_asked_twice)
{
    struct desk d;

    begin(&d, 0, true);
    console_enter(d.console, SPAN("BDAT 3"));
    console_enter(d.console, SPAN("abcNOOP"));
    console_enter(d.console, SPAN("abcNOOP"));
    heard(&d, "BDAT 3\r\nabcNOOP\r\n");
    cr_expect_eq(observer_outstanding(desk_now(&d)), 2, "the server reads a NOOP behind it");
    desk_end(&d);
}

Test(bdat, says_of_a_pipe_what_it_runs_over)
{
    struct desk d;

    begin(&d, DESK_PIPE, true);
    console_queue(d.console, SPAN("BDAT 4"));
    console_queue(d.console, SPAN("abc"));
    heard(&d, "BDAT 4\r\nabc\r\n");
    cr_expect(desk_has(&d.complained, "has only 4 octets left"), "%s", buf_text(&d.complained));
    desk_end(&d);
}

Test(bdat, needs_octets_and_a_talk)
{
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("/bdat"));
    cr_expect(desk_has(&d.complained, "/bdat needs a file"), "%s", buf_text(&d.complained));
    console_enter(d.console, SPAN("/bdat \"x\""));
    cr_expect(desk_has(&d.complained, "there is no server"), "%s", buf_text(&d.complained));
    desk_end(&d);
    begin(&d, 0, true);
    console_enter(d.console, SPAN("/bdat /nonexistent LAST"));
    console_enter(d.console, SPAN("/bdat \"\\q\""));
    cr_expect(desk_has(&d.complained, "/bdat: /nonexistent"), "%s", buf_text(&d.complained));
    cr_expect_eq(d.heard.len, 0);
    desk_end(&d);
}
