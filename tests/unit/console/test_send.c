/* /send, /raw and /pipeline: exact octets, held back when the server is slow. */
#include "desk.h"
#include "smtp/body.h"

static bool sent(const struct desk *d)
{
    return desk_quiet(d) && console_prompt(d->console) == PROMPT_TALK;
}

static void name_letter(struct desk *d)
{
    desk_type(d, "HELO crepes.fr");
    desk_type(d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(d, "RCPT TO:<bob@hamburger.edu>");
}

static void send_file(struct desk *d, const char *path)
{
    struct buf line = { 0 };

    buf_printf(&line, "/send %s", path);
    console_enter(d->console, buf_span(&line));
    buf_release(&line);
}

static const struct {
    const char *name, *file, *letter;
} files[] = {
    { "as it is", "Subject: x\r\n\r\nhello\r\n", "Subject: x\r\n\r\nhello\r\n" },
    { "line ends of Unix", "Subject: x\n\nhello\n", "Subject: x\r\n\r\nhello\r\n" },
    { "line ends of old Macs", "a\rb\r", "a\r\nb\r\n" },
    { "no line end at the end", "a\nb", "a\r\nb\r\n" },
    { "dots", ".\n..\n.a\na.\n", ".\r\n..\r\n.a\r\na.\r\n" },
    { "empty", "", "" },
};

Test(send, delivers_a_file_exactly)
{
    for (size_t i = 0; i < ROWS(files); i++) {
        struct desk d;
        struct server_letter letter;
        char *path = desk_file(files[i].file, strlen(files[i].file));

        desk_lab(&d);
        name_letter(&d);
        send_file(&d, path);
        cr_assert(TURN_UNTIL(d.loop, server_letters(d.server, "bob")), "%s", files[i].name);
        cr_assert(TURN_UNTIL(d.loop, sent(&d)));
        cr_assert(server_letter(d.server, "bob", 1, &letter));
        cr_expect(span_eq(letter.octets, span_of(files[i].letter)), "%s", files[i].name);
        cr_expect_str_eq(buf_text(&d.complained), "", "%s", files[i].name);
        unlink(path);
        mem_free(path);
        desk_end(&d);
    }
}

#define LARGE ((size_t)5 * 1000 * 1000)

static char *large_letter(void)
{
    char *text = mem_alloc(LARGE);

    for (size_t i = 0; i < LARGE; i++)
        text[i] = i % 77 == 76 ? '\n' : i % 77 == 0 && i % 3 == 0 ? '.' : (char)('a' + i % 26);
    return text;
}

Test(send, delivers_five_megabytes_to_the_octet_and_tells_how_far_it_is)
{
    struct desk d;
    char *text = large_letter(), *path = desk_file(text, LARGE);
    struct body_stuffer stuffer = { 0 };
    struct buf want = { 0 }, hint = { 0 };

    body_stuff(&stuffer, span_make(text, LARGE), &want);
    body_stuff_end(&stuffer, &want);
    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    send_file(&d, path);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    cr_expect_str_eq(buf_text(&d.heard), "DATA\r\n");
    buf_clear(&d.heard);
    stream_pause(d.peer, true);
    stream_write(d.peer, SPAN("354 go\r\n"));
    console_enter(d.console, SPAN("QUIT"));
    cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_LETTER));
    for (int i = 0; i < 200; i++)
        loop_poll(d.loop);
    console_prompt_hint(d.console, &hint);
    cr_expect(desk_has(&hint, "of 5.0 MB, Ctrl-C stops"), "%s", buf_text(&hint));
    cr_expect_eq(d.heard.len, 0);
    stream_pause(d.peer, false);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len >= want.len));
    cr_expect(span_eq(span_first(buf_span(&d.heard), want.len), buf_span(&want)));
    stream_write(d.peer, SPAN("250 taken\r\n"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len == want.len + 6));
    cr_expect(span_eq(span_from(buf_span(&d.heard), want.len), SPAN("QUIT\r\n")),
              "what was typed meanwhile came after it");
    cr_expect(desk_has(&d.said, "25% of "), "%s", buf_text(&d.said));
    cr_expect(desk_has(&d.said, "75% of "), "%s", buf_text(&d.said));
    unlink(path);
    mem_free(path);
    mem_free(text);
    buf_release(&want);
    buf_release(&hint);
    desk_end(&d);
}

/* More than the system takes for a server that does not read. */
#define HUGE ((off_t)256 * 1000 * 1000)

/* Turns until nothing more of the letter goes out for a tenth of a second. */
static uint64_t stalled(struct desk *d)
{
    uint64_t before;
    bool rang;

    do {
        struct watch *timer = loop_timer(d->loop, turn_late, &rang);

        before = desk_now(d)->body.counts.octets;
        rang = false;
        watch_set_timer(timer, CLOCK_SECOND / 10);
        while (!rang)
            loop_once(d->loop);
        watch_free(timer);
    } while (desk_now(d)->body.counts.octets != before);
    return before;
}

Test(send, holds_the_file_back_when_the_server_is_slow)
{
    struct desk d;
    char *path = desk_file("", 0);

    cr_assert_eq(truncate(path, HUGE), 0);
    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    send_file(&d, path);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    stream_pause(d.peer, true);
    stream_write(d.peer, SPAN("354 go\r\n"));
    cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_LETTER));
    cr_expect_lt(stalled(&d), (uint64_t)HUGE / 2, "it waits");
    cr_expect_eq(console_prompt(d.console), PROMPT_LETTER);
    unlink(path);
    mem_free(path);
    desk_end(&d);
}

Test(send, is_not_sent_when_data_is_refused)
{
    struct desk d;
    char *path = desk_file("hello\n", 6);

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    send_file(&d, path);
    cr_assert(TURN_UNTIL(d.loop, d.complained.len));
    cr_expect(desk_has(&d.complained, "is not sent: DATA was refused"), "%s",
              buf_text(&d.complained));
    desk_settle(&d);
    desk_type(&d, "NOOP");
    cr_expect_eq(record_lines(d.record, 1), 7);
    unlink(path);
    mem_free(path);
    desk_end(&d);
}

Test(send, begins_no_second_data_inside_the_letter)
{
    struct desk d;
    struct server_letter letter;
    struct buf line = { 0 };
    char *path = desk_file("b\n", 2);

    desk_lab(&d);
    name_letter(&d);
    desk_type(&d, "DATA");
    desk_type(&d, "a");
    buf_printf(&line, "/send %s", path);
    console_command(d.console, buf_span(&line));
    cr_assert(TURN_UNTIL(d.loop, server_letters(d.server, "bob")));
    cr_assert(server_letter(d.server, "bob", 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("a\r\nb\r\n")));
    unlink(path);
    mem_free(path);
    buf_release(&line);
    desk_end(&d);
}

Test(send, ends_when_the_talk_ends)
{
    struct desk d;
    char *path = desk_file("", 0);

    cr_assert_eq(truncate(path, HUGE), 0);
    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    send_file(&d, path);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    stream_pause(d.peer, true);
    stream_write(d.peer, SPAN("354 go\r\n"));
    cr_assert(TURN_UNTIL(d.loop, console_prompt(d.console) == PROMPT_LETTER));
    stream_abort(d.peer);
    cr_assert(TURN_UNTIL(d.loop, d.complained.len));
    cr_expect(desk_has(&d.complained, "the talk ended"), "%s", buf_text(&d.complained));
    unlink(path);
    mem_free(path);
    desk_end(&d);
}

Test(send, is_interrupted_at_a_line_end)
{
    struct desk d;
    char *text = large_letter(), *path = desk_file(text, LARGE);

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    send_file(&d, path);
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    stream_pause(d.peer, true);
    stream_write(d.peer, SPAN("354 go\r\n"));
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->body.counts.octets > 0));
    cr_expect(console_interrupt(d.console));
    cr_expect(desk_has(&d.said, "Sending is stopped after"), "%s", buf_text(&d.said));
    cr_expect_eq(console_prompt(d.console), PROMPT_LETTER);
    console_enter(d.console, SPAN("."));
    cr_expect_neq(console_prompt(d.console), PROMPT_LETTER, "a dot alone ends the letter");
    unlink(path);
    mem_free(path);
    mem_free(text);
    desk_end(&d);
}

Test(raw, sends_exactly_these_octets)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/raw \"NO\\x00\\u{e9}\\n\""));
    console_enter(d.console, SPAN("/raw OP\\r"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len >= 9));
    cr_expect(span_eq(buf_span(&d.heard), SPAN("NO\0\xc3\xa9\nOP\r")));
    desk_end(&d);
}

Test(raw, says_when_no_line_end_was_sent)
{
    struct desk d;

    desk_lab(&d);
    console_enter(d.console, SPAN("/raw NO"));
    cr_expect_str_eq(buf_text(&d.said), "No line end was sent: the server goes on waiting for the "
                                        "rest of the line.\n");
    buf_clear(&d.said);
    desk_type(&d, "/raw \"OP\\r\\n\"");
    cr_expect_str_eq(buf_text(&d.said), "");
    desk_end(&d);
}

Test(pipeline, sends_all_at_once_and_not_before)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/pipeline"));
    console_enter(d.console, SPAN("MAIL FROM:<a@b>"));
    console_enter(d.console, SPAN("RCPT TO:<c@d>"));
    console_enter(d.console, SPAN(""));
    console_enter(d.console, SPAN("//slash"));
    console_enter(d.console, SPAN("/raw \"DA\""));
    console_enter(d.console, SPAN("/state"));
    console_enter(d.console, SPAN("/pipeline TA"));
    cr_expect_eq(d.pane, PANE_STATE);
    for (int i = 0; i < 20; i++)
        loop_poll(d.loop);
    cr_expect_eq(d.heard.len, 0);
    cr_expect_eq(record_lines(d.record, 1), 1);
    console_enter(d.console, SPAN("/go"));
    cr_assert(TURN_UNTIL(d.loop, d.heard.len >= 48));
    cr_expect_str_eq(buf_text(&d.heard),
                     "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n\r\n/slash\r\nDATA\r\n");
    cr_expect_eq(record_reads(d.record, 1), 2, "the greeting, and one write");
    desk_end(&d);
}

Test(pipeline, says_when_there_is_nothing_in_it)
{
    struct desk d;

    desk_lab(&d);
    console_enter(d.console, SPAN("/pipeline"));
    console_enter(d.console, SPAN("/go"));
    cr_expect(desk_has(&d.said, "Nothing was collected, so nothing was sent.\n"), "%s",
              buf_text(&d.said));
    cr_expect_eq(console_prompt(d.console), PROMPT_TALK);
    desk_end(&d);
}

Test(pipeline, is_dropped_or_kept_but_never_lost_by_itself)
{
    struct desk d;

    desk_start(&d, DESK_LAB);
    console_enter(d.console, SPAN("/pipeline"));
    console_enter(d.console, SPAN("NOOP"));
    console_enter(d.console, SPAN("/go"));
    cr_expect(desk_has(&d.complained, "the lines are still here"), "%s", buf_text(&d.complained));
    cr_expect_eq(console_prompt(d.console), PROMPT_PIPELINE);
    console_enter(d.console, SPAN("/connect"));
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->greeted));
    console_enter(d.console, SPAN("/go"));
    desk_settle(&d);
    cr_expect_eq(record_lines(d.record, 1), 3);
    console_enter(d.console, SPAN("/pipeline"));
    console_enter(d.console, SPAN("NOOP"));
    cr_expect(console_interrupt(d.console));
    cr_expect_eq(console_prompt(d.console), PROMPT_TALK);
    cr_expect(desk_has(&d.said, "1 collected line is dropped"), "%s", buf_text(&d.said));
    cr_expect_eq(record_lines(d.record, 1), 3);
    desk_end(&d);
}

Test(wait, lets_lines_wait_and_is_interrupted)
{
    struct desk d;

    desk_lab(&d);
    console_enter(d.console, SPAN("/wait 3600"));
    console_enter(d.console, SPAN("NOOP"));
    console_enter(d.console, SPAN("/help"));
    cr_expect_eq(d.pane, PANE_HELP, "help comes at once");
    cr_expect_eq(console_queued(d.console), 1);
    cr_expect_eq(record_lines(d.record, 1), 1);
    cr_expect(console_interrupt(d.console));
    desk_settle(&d);
    cr_expect_eq(record_lines(d.record, 1), 3, "the line that waited was sent");
    desk_end(&d);
}
