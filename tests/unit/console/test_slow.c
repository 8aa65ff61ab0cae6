/* /slow, the parts of /raw, /send bytes and /early: a peer that tells the reads it saw. */
#include "desk.h"

static bool heard(const struct desk *d, const char *text)
{
    return span_eq(buf_span(&d->heard), span_of(text));
}

/* The lengths of the client's writes from block `from` on, as the record has them. */
static const char *writes(const struct desk *d, uint32_t from, struct buf *out)
{
    unsigned n = console_dialogue(d->console);
    struct record_read read;

    buf_clear(out);
    for (uint32_t i = from; i < record_reads(d->record, n); i++) {
        record_read_get(d->record, n, i, &read);
        if (read.side == SIDE_CLIENT)
            buf_printf(out, "%lu ", (unsigned long)read.len);
    }
    return buf_text(out);
}

Test(slow, sends_what_is_typed_a_few_octets_at_a_time)
{
    struct desk d;
    struct buf out = { 0 };

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/slow 3 1"));
    cr_expect(desk_has(&d.said, "goes out 3 octets at a time, 1 ms apart"), "%s",
              buf_text(&d.said));
    console_enter(d.console, SPAN("NOOP abc"));
    console_prompt_hint(d.console, &out);
    cr_expect_str_eq(buf_text(&out), "3 of 10 octets sent, Ctrl-C stops");
    console_enter(d.console, SPAN("QUIT"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "NOOP abc\r\n")));
    cr_expect_str_eq(buf_text(&d.reads), "NOO|P a|bc\r|\n|");
    stream_write(d.peer, SPAN("250 ok\r\n"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "NOOP abc\r\nQUIT\r\n")));
    cr_expect_str_eq(buf_text(&d.reads), "NOO|P a|bc\r|\n|QUI|T\r\n|");
    cr_expect_str_eq(writes(&d, 1, &out), "3 3 3 1 3 3 ");
    buf_release(&out);
    desk_end(&d);
}

Test(slow, off_is_whole_again)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/slow 1 20ms"));
    cr_expect(desk_has(&d.said, "1 octet at a time, 20 ms apart"), "%s", buf_text(&d.said));
    console_enter(d.console, SPAN("/slow off"));
    cr_expect(desk_has(&d.said, "goes out whole"), "%s", buf_text(&d.said));
    console_enter(d.console, SPAN("NOOP"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "NOOP\r\n")));
    cr_expect_str_eq(buf_text(&d.reads), "NOOP\r\n|");
    desk_end(&d);
}

Test(slow, says_what_it_needs)
{
    static const char *const wrong[] = { "/slow x",       "/slow 0",   "/slow 65537",
                                         "/slow 1 60001", "/slow 1 a", "/slow 1 ms" };

    for (size_t i = 0; i < ROWS(wrong); i++) {
        struct desk d;

        desk_start(&d, 0);
        console_enter(d.console, span_of(wrong[i]));
        cr_expect(desk_has(&d.complained, "/slow needs how many octets"), "%s", wrong[i]);
        desk_end(&d);
    }
}

Test(slow, is_stopped_by_ctrl_c)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/slow 4 60000"));
    console_enter(d.console, SPAN("NOOP abc"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "NOOP")));
    cr_expect(console_interrupt(d.console));
    cr_expect(desk_has(&d.said, "Stopped after 4 of 10 octets"), "%s", buf_text(&d.said));
    console_enter(d.console, SPAN("/slow off"));
    console_enter(d.console, SPAN("x"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "NOOPx\r\n")));
    desk_end(&d);
}

Test(slow, ends_with_the_talk)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/slow 4 60000"));
    console_enter(d.console, SPAN("NOOP abc"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "NOOP")));
    stream_finish(d.peer);
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->over));
    cr_expect(desk_has(&d.said, "The talk was over after 4 of 10 octets"), "%s", buf_text(&d.said));
    cr_expect_eq(console_prompt(d.console), PROMPT_NO_SERVER);
    desk_end(&d);
}

Test(slow, remembers_no_login_that_is_going_out)
{
    struct desk d;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/slow 1 60000"));
    cr_expect(console_may_remember(d.console, SPAN("c2VjcmV0")));
    console_enter(d.console, SPAN("AUTH LOGIN"));
    cr_expect_not(console_may_remember(d.console, SPAN("c2VjcmV0")));
    cr_expect_not(console_may_remember(d.console, SPAN("/raw \"AUTH PLA\" \"IN AGEAYg==\\r\\n\"")));
    desk_end(&d);
}

Test(slow, keeps_step_in_a_pipe)
{
    struct desk d;

    desk_start(&d, DESK_LAB | DESK_PIPE);
    console_connect_lab(d.console);
    console_queue(d.console, SPAN("/slow 2 0"));
    console_queue(d.console, SPAN("HELO crepes.fr"));
    console_queue(d.console, SPAN("NOOP"));
    console_queue(d.console, SPAN("/expect 250"));
    console_queue(d.console, SPAN("QUIT"));
    console_input_ended(d.console);
    cr_assert(TURN_UNTIL(d.loop, d.quit));
    cr_expect_eq(d.status, 0);
    cr_expect_str_eq(buf_text(&d.complained), "");
    desk_end(&d);
}

Test(raw, parts_are_writes_of_their_own)
{
    struct desk d;
    struct buf out = { 0 };

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("/raw \"MA\" \"IL\\r\"  \"\\n\""));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "MAIL\r\n")));
    cr_expect_str_eq(buf_text(&d.reads), "MA|IL\r|\n|");
    cr_expect_str_eq(writes(&d, 1, &out), "2 3 1 ");
    buf_release(&out);
    desk_end(&d);
}

static const struct {
    const char *line, *complaint;
} bad[] = {
    { "/raw \"a\" b", "character 4 of its text: text after the closing \"" },
    { "/raw \"a\" \"\\q\"", "character 6 of its text: no such escape" },
    { "/raw \"a\" \"b", "the closing \" is missing" },
    { "/raw \\*0x{a}", "\\* wants a count" },
    { "/raw \\*2000000{a}", "\\* makes more than 1000000 octets" },
};

Test(raw, says_which_part_is_wrong)
{
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct desk d;

        desk_lab(&d);
        console_enter(d.console, span_of(bad[i].line));
        cr_expect(desk_has(&d.complained, bad[i].complaint), "%s: %s", bad[i].line,
                  buf_text(&d.complained));
        desk_end(&d);
    }
}

Test(raw, has_so_many_parts_and_no_more)
{
    struct desk d;
    struct buf line = { 0 };

    desk_lab(&d);
    buf_add_text(&line, "/raw");
    for (int i = 0; i < 65; i++)
        buf_add_text(&line, " \"a\"");
    console_enter(d.console, buf_span(&line));
    cr_expect(desk_has(&d.complained, "more than 64 parts"), "%s", buf_text(&d.complained));
    buf_release(&line);
    desk_end(&d);
}

Test(raw, repeats_a_text_for_lines_that_are_too_long)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "/raw \"NOOP \\*1500{x}\\r\\n\"");
    cr_expect_eq(record_lines(d.record, 1), 5u);
    {
        struct record_line line;

        record_line(d.record, 1, 4, 0, &line);
        cr_expect_eq(line.line.len, 1505u);
    }
    desk_end(&d);
}

Test(send, octet_by_octet_is_a_write_for_each)
{
    struct desk d;
    char *path = desk_file("a\n.b\n", 5);
    struct buf line = { 0 }, out = { 0 };
    uint32_t from;

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    buf_printf(&line, "/send %s bytes 1ms", path);
    console_enter(d.console, buf_span(&line));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "DATA\r\n")));
    cr_expect(desk_has(&d.said, "bytes: Each octet goes out in a write of its own."), "%s",
              buf_text(&d.said));
    from = record_reads(d.record, 1);
    buf_clear(&d.heard);
    buf_clear(&d.reads);
    stream_write(d.peer, SPAN("354 go\r\n"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "a\r\n..b\r\n.\r\n")));
    cr_expect_str_eq(buf_text(&d.reads), "a|\r|\n|.|.|b|\r|\n|.|\r|\n|");
    cr_expect_str_eq(writes(&d, from, &out), "1 1 1 1 1 1 1 1 1 1 1 ");
    unlink(path);
    mem_free(path);
    buf_release(&line);
    buf_release(&out);
    desk_end(&d);
}

static const struct {
    const char *words, *want, *said;
} faulty[] = {
    { " lf nostuff", "a\n.\nb\r\n.\r\n", "SMTP smuggling" },
    { " nodot", "a\r\n..\r\nb\r\n", "The letter is not ended" },
    { " asis", "a\n.\nb\n.\r\n", "The file does not end with CRLF" },
};

Test(send, breaks_the_rules_that_its_words_name)
{
    for (size_t i = 0; i < ROWS(faulty); i++) {
        struct desk d;
        char *path = desk_file("a\n.\nb\n", 6);
        struct buf line = { 0 };

        desk_peer(&d, 0, "220 hi\r\n");
        desk_settle(&d);
        buf_printf(&line, "/send %s%s", path, faulty[i].words);
        console_enter(d.console, buf_span(&line));
        cr_assert(TURN_UNTIL(d.loop, heard(&d, "DATA\r\n")));
        buf_clear(&d.heard);
        stream_write(d.peer, SPAN("354 go\r\n"));
        cr_assert(TURN_UNTIL(d.loop, heard(&d, faulty[i].want)), "%s: %s", faulty[i].words,
                  buf_text(&d.heard));
        cr_expect(desk_has(&d.said, faulty[i].said), "%s: %s", faulty[i].words, buf_text(&d.said));
        unlink(path);
        mem_free(path);
        buf_release(&line);
        desk_end(&d);
    }
}

/* The connection stands, though nothing was said. */
static bool client_up(const struct desk *d)
{
    struct record_event e;
    uint32_t count = record_events(d->record, 1);

    for (uint32_t i = 0; i < count; i++) {
        record_event_get(d->record, 1, i, &e);
        if (e.event == TALK_CONNECTED)
            return true;
    }
    return false;
}

Test(early, what_is_typed_goes_out_before_the_greeting)
{
    struct desk d;

    desk_peer(&d, 0, "");
    cr_assert(TURN_UNTIL(d.loop, client_up(&d)));
    console_enter(d.console, SPAN("EHLO me.example"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "EHLO me.example\r\n")));
    desk_end(&d);
}

Test(early, waits_for_nobody_in_a_pipe)
{
    struct desk d;

    desk_peer(&d, DESK_PIPE, "");
    console_queue(d.console, SPAN("/early EHLO me.example"));
    console_queue(d.console, SPAN("/early NOOP"));
    console_queue(d.console, SPAN("QUIT"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "EHLO me.example\r\nNOOP\r\n")));
    stream_write(d.peer, SPAN("220 hi\r\n250 hello\r\n250 ok\r\n"));
    cr_assert(TURN_UNTIL(d.loop, heard(&d, "EHLO me.example\r\nNOOP\r\nQUIT\r\n")));
    desk_end(&d);
}

Test(early, says_what_it_needs)
{
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("/early"));
    cr_expect(desk_has(&d.complained, "/early needs a line"), "%s", buf_text(&d.complained));
    console_enter(d.console, SPAN("/early NOOP"));
    cr_expect(desk_has(&d.complained, "there is no server"), "%s", buf_text(&d.complained));
    desk_end(&d);
}
