/* Saving, recording and playing scripts. */
#include <sys/stat.h>

#include "desk.h"

static void read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    unsigned char part[4096];
    size_t got;

    cr_assert_not_null(f, "%s", path);
    buf_clear(out);
    while ((got = fread(part, 1, sizeof(part), f)) > 0)
        buf_add(out, span_make(part, got));
    fclose(f);
}

static void play(struct desk *d, const char *script)
{
    console_play(d->console, mem_strdup(script), strlen(script), false, true);
}

static bool left(const struct desk *d)
{
    return d->quit;
}

static void send_letter(struct desk *d)
{
    desk_type(d, "EHLO crepes.fr");
    desk_type(d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(d, "RCPT TO:<nobody@hamburger.edu>");
    desk_type(d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(d, "DATA");
    desk_type(d, "Subject: spaces at the end  ");
    desk_type(d, "");
    desk_type(d, "..dots \xc3\xa9");
    desk_type(d, ".");
    desk_settle(d);
}

Test(play, what_is_saved_plays_and_matches)
{
    struct desk d, again;
    struct error err = { "" };
    struct buf text = { 0 }, one = { 0 }, two = { 0 };
    char *path = desk_new_file();
    struct stat about;

    desk_lab(&d);
    send_letter(&d);
    desk_type(&d, "QUIT");
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    console_connect_lab(d.console);
    desk_settle(&d);
    desk_type(&d, "NOOP");
    desk_type(&d, "QUIT");
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    cr_assert(console_save(d.console, path, &err), "%s", err.text);
    cr_expect_eq(stat(path, &about), 0);

    desk_start(&again, DESK_LAB);
    read_file(path, &text);
    play(&again, buf_text(&text));
    cr_assert(TURN_UNTIL(again.loop, left(&again)));
    cr_expect_eq(again.status, 0, "%s%s", buf_text(&again.complained), buf_text(&text));
    for (unsigned n = 1; n <= 2; n++)
        cr_expect_str_eq(desk_talk(&again, n, &two), desk_talk(&d, n, &one));
    cr_expect_eq(server_letters(again.server, "bob"), 1);
    desk_end(&again);
    desk_end(&d);
    unlink(path);
    mem_free(path);
    buf_release(&text);
    buf_release(&one);
    buf_release(&two);
}

Test(play, what_is_recorded_is_what_is_saved)
{
    struct desk d;
    struct error err = { "" };
    struct buf saved = { 0 }, recorded = { 0 };
    char *save = desk_new_file(), *record = desk_new_file();

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    cr_assert(console_record_to(d.console, record, &err), "%s", err.text);
    read_file(record, &recorded);
    cr_expect(desk_has(&recorded, "C: HELO crepes.fr\n"), "what was there already");
    desk_type(&d, "NOOP");
    read_file(record, &recorded);
    cr_expect(desk_has(&recorded, "C: NOOP\n"), "as it happens");
    desk_type(&d, "QUIT");
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    cr_assert(console_save(d.console, save, &err));
    read_file(record, &recorded);
    read_file(save, &saved);
    cr_expect_str_eq(buf_text(&recorded), buf_text(&saved));
    desk_end(&d);
    unlink(save);
    unlink(record);
    mem_free(save);
    mem_free(record);
    buf_release(&saved);
    buf_release(&recorded);
}

Test(play, saves_no_secret)
{
    struct desk d;
    struct error err = { "" };
    struct buf text = { 0 };
    char *path = desk_new_file();

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("AUTH PLAIN AGFsaWNlAHNlc2FtZQ=="));
    stream_write(d.peer, SPAN("334 more\r\n"));
    desk_settle(&d);
    console_enter(d.console, SPAN("c2VzYW1l"));
    stream_write(d.peer, SPAN("535 no\r\n"));
    desk_settle(&d);
    cr_assert(console_save(d.console, path, &err));
    read_file(path, &text);
    cr_expect_not(desk_has(&text, "AGFsa"), "%s", buf_text(&text));
    cr_expect_not(desk_has(&text, "c2Vz"), "%s", buf_text(&text));
    cr_expect(desk_has(&text, "C: AUTH PLAIN ${secret}\n"), "%s", buf_text(&text));
    cr_expect(desk_has(&text, "C: ${secret}\n"), "%s", buf_text(&text));
    desk_end(&d);
    unlink(path);
    mem_free(path);
    buf_release(&text);
}

Test(play, saves_what_came_last_without_a_line_end)
{
    struct desk d;
    struct error err = { "" };
    struct buf text = { 0 };
    char *path = desk_new_file();

    desk_peer(&d, 0, "220 hi\r\n221 half");
    desk_settle(&d);
    stream_finish(d.peer);
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    cr_assert(console_save(d.console, path, &err));
    read_file(path, &text);
    cr_expect(desk_has(&text, "221 half"), "%s", buf_text(&text));
    cr_expect(desk_has(&text, "the server closed the connection"), "%s", buf_text(&text));
    desk_end(&d);
    unlink(path);
    mem_free(path);
    buf_release(&text);
}

/* Scripts played in the lab. */
static const struct {
    const char *name, *script;
    int status;
    const char *complaint;
} scripts[] = {
    { "matches", "S: 220\nC: HELO crepes.fr\nS: 250\nC: QUIT\nS: 221\n", 0, "" },
    { "an empty script", "", 0, "" },
    { "remarks alone", "# nothing\n", 0, "" },
    { "a code that differs", "S: 220\nC: HELO crepes.fr\nS: 550\n", 1,
      "line 3 of the script: the code differs\n  expected  550\n  came      250 Hello" },
    { "a text that differs", "S: 220\nC: NOOP\nS= 250 Fine\n", 1, "the text differs" },
    { "a reply too many", "S: 220\nC: QUIT\nS: 221\nS: 250\n", 1, "the connection ended" },
    { "a wrong line", "S: 220\nB: HELO\n", 2, "2:1" },
    { "several at once", "S: 220\nC: EHLO a.example\nC: NOOP\nC: QUIT\nS: 250\nS: 250\nS: 221\n", 0,
      "" },
    { "commands", "S: 220\nC: HELO a.example\n/expect 250\n/wait 0.01\n/state\nS: 250\n", 0, "" },
    { "an /expect that fails", "S: 220\nC: NOOP\n/expect 5\nS: 250\nC: QUIT\nS: 221\n", 1,
      "/expect 5" },
    { "a wrong command", "S: 220\n/hlep\nC: QUIT\nS: 221\n", 2, "/help" },
    { "a second talk", "S: 220\nC: QUIT\nS: 221\n#2 S: 220\n#2 C: NOOP\n#2 S: 250\n", 0, "" },
    { "two talks side by side", "S: 220\n#2 S: 220\n#2 C: NOOP\nC: NOOP\n#2 S: 250\nS: 250\n", 0,
      "" },
    { "a second talk by command", "S: 220\nC: QUIT\nS: 221\n/connect\nS: 220\nC: NOOP\nS: 250\n", 0,
      "" },
    { "a pipeline", "S: 220\n/pipeline\nC: NOOP\n/go\nS: 250\n", 0, "" },
    { "raw octets", "S: 220\nC\\: \"NO\"\nC\\: \"OP\\r\\n\"\nS: 250\n", 0, "" },
};

Test(play, plays_scripts_and_tells_how_it_went)
{
    for (size_t i = 0; i < ROWS(scripts); i++) {
        struct desk d;

        desk_start(&d, DESK_LAB);
        play(&d, scripts[i].script);
        cr_assert(TURN_UNTIL(d.loop, left(&d)), "%s", scripts[i].name);
        cr_expect_eq(d.status, scripts[i].status, "%s: %d %s", scripts[i].name, d.status,
                     buf_text(&d.complained));
        if (*scripts[i].complaint)
            cr_expect(desk_has(&d.complained, scripts[i].complaint), "%s: %s", scripts[i].name,
                      buf_text(&d.complained));
        else
            cr_expect_str_eq(buf_text(&d.complained), "", "%s", scripts[i].name);
        desk_end(&d);
    }
}

Test(play, plays_into_the_talk_that_is_there)
{
    static const char script[] = "C: HELO crepes.fr\nS: 250\nC: MAIL FROM:<a@crepes.fr>\nS: 250\n";
    struct desk d;
    char *path = desk_file(script, sizeof(script) - 1);
    struct buf line = { 0 };

    desk_lab(&d);
    desk_type(&d, "NOOP");
    buf_printf(&line, "/play %s", path);
    console_enter(d.console, buf_span(&line));
    cr_expect(console_playing(d.console));
    cr_assert(TURN_UNTIL(d.loop, !console_playing(d.console)));
    cr_expect(desk_has(&d.said, "every reply matched"), "%s", buf_text(&d.said));
    cr_expect_eq(console_dialogue(d.console), 1);
    cr_expect_eq(desk_now(&d)->state, AT_MAIL);
    cr_expect_not(d.quit);
    unlink(path);
    mem_free(path);
    buf_release(&line);
    desk_end(&d);
}

Test(play, begins_a_new_talk_for_a_greeting)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "NOOP");
    console_play(d.console, mem_strdup("S: 220\nC: NOOP\nS: 250\n"), 22, false, false);
    cr_assert(TURN_UNTIL(d.loop, !console_playing(d.console)));
    cr_expect_eq(console_dialogue(d.console), 2);
    cr_expect_str_eq(buf_text(&d.complained), "");
    desk_end(&d);
    desk_lab(&d);
    console_play(d.console, mem_strdup("S: 220\nC: NOOP\nS: 250\n"), 22, false, false);
    cr_assert(TURN_UNTIL(d.loop, !console_playing(d.console)));
    cr_expect_eq(console_dialogue(d.console), 1, "nothing was said yet: the greeting is this one");
    desk_end(&d);
}

Test(play, keeps_the_scripts_time_when_asked)
{
    struct desk d;
    static const char script[] = "S: 220\n@+0.050\nC: NOOP\nS: 250\n";

    desk_lab(&d);
    console_play(d.console, mem_strdup(script), sizeof(script) - 1, true, true);
    cr_assert(TURN_UNTIL(d.loop, left(&d)));
    cr_expect_eq(d.status, 0, "%s", buf_text(&d.complained));
    cr_expect_geq(record_line_time(d.record, 1, 2) - record_line_time(d.record, 1, 1), 45000);
    desk_end(&d);
}

Test(play, is_interrupted)
{
    struct desk d;

    desk_lab(&d);
    console_play(d.console, mem_strdup("S: 220\nS: 250\n"), 14, false, false);
    loop_poll(d.loop);
    cr_expect(console_playing(d.console));
    cr_expect(console_interrupt(d.console));
    cr_expect_not(console_playing(d.console));
    cr_expect_not(console_interrupt(d.console), "nothing more to stop");
    desk_type(&d, "NOOP");
    cr_expect_eq(record_lines(d.record, 1), 3);
    desk_end(&d);
}

Test(play, tells_a_silent_peer_and_one_that_breaks_off)
{
    for (int broken = 0; broken < 2; broken++) {
        struct desk d;

        desk_peer(&d, DESK_SHORT_TIME, "220 hi\r\n");
        play(&d, "S: 220\nC: NOOP\nS: 250\n");
        cr_assert(TURN_UNTIL(d.loop, d.heard.len));
        if (broken)
            stream_abort(d.peer);
        cr_assert(TURN_UNTIL(d.loop, left(&d)));
        cr_expect_eq(d.status, 5, "status %d", d.status);
        cr_expect(desk_has(&d.complained, broken ? "the connection ended" : "in time"), "%s",
                  buf_text(&d.complained));
        desk_end(&d);
    }
}

Test(play, reads_a_long_reply_once_and_compares_it)
{
    struct desk d;
    struct buf reply = { 0 };

    desk_peer(&d, 0, "220 hi\r\n");
    play(&d, "S: 220\nC: HELP\nS: 214\n");
    cr_assert(TURN_UNTIL(d.loop, d.heard.len));
    for (int i = 0; i < 60000; i++)
        buf_add_text(&reply, "214-a line of help that does not end yet\r\n");
    stream_write(d.peer, buf_span(&reply));
    stream_write(d.peer, SPAN("214 end\r\n"));
    cr_assert(TURN_UNTIL(d.loop, left(&d)));
    cr_expect_eq(d.status, 0, "%s", buf_text(&d.complained));
    buf_release(&reply);
    desk_end(&d);
}

Test(play, tells_that_nobody_listens)
{
    struct desk d;
    unsigned port;

    desk_start(&d, DESK_LISTENER);
    port = listener_port(d.listener);
    listener_free(d.listener);
    d.listener = NULL;
    console_connect(d.console, "127.0.0.1", port);
    play(&d, "S: 220\nC: NOOP\nS: 250\n");
    cr_assert(TURN_UNTIL(d.loop, left(&d)));
    cr_expect_eq(d.status, 3, "status %d", d.status);
    desk_end(&d);
}

Test(play, save_writes_no_other_file_over)
{
    struct desk d;
    struct buf line = { 0 }, text = { 0 };
    char *path = desk_file("mine", 4);

    desk_lab(&d);
    buf_printf(&line, "/save %s", path);
    console_enter(d.console, buf_span(&line));
    cr_expect(desk_has(&d.complained, "there is a file"), "%s", buf_text(&d.complained));
    read_file(path, &text);
    cr_expect_str_eq(buf_text(&text), "mine");
    unlink(path);
    buf_clear(&d.complained);
    console_enter(d.console, buf_span(&line));
    desk_type(&d, "NOOP");
    console_enter(d.console, buf_span(&line));
    cr_expect_str_eq(buf_text(&d.complained), "", "its own file is written anew");
    read_file(path, &text);
    cr_expect(desk_has(&text, "C: NOOP"), "%s", buf_text(&text));
    unlink(path);
    mem_free(path);
    buf_release(&line);
    buf_release(&text);
    desk_end(&d);
}
