/* A real server: Postfix on loopback. Skipped where there is none, or nobody may start it. */
#include "support/lab.h"
#include "support/postfix.h"

static const char talk[] = "EHLO crepes.example\nMAIL FROM:<alice@crepes.example>\n"
                           "RCPT TO:<bob@postfix.example>\nRCPT TO:<x@elsewhere.example>\nDATA\n"
                           "Subject: lunch\n\n..dots\n.\nNOSUCH\nRSET\nQUIT\n";

Test(postfix, what_was_recorded_replays_and_fails_when_one_code_is_changed)
{
    struct postfix p;

    if (postfix_start(&p)) {
        const char *path = run_path(p.folder, "talk.smtp");
        struct ran r = RUN(talk, "--plain", "--record", path, p.place);
        struct ran again = RUN("", "replay", path, p.place);
        struct buf text = run_slurp(path);
        char *code = strstr((char *)text.at, "S: 554");
        struct ran changed;

        cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
        cr_expect(has(&r.out, "S: 220 postfix.example ESMTP Postfix"), "%s", buf_text(&r.out));
        cr_expect(has(&r.out, "S: 250 2.0.0 Ok: queued as"), "%s", buf_text(&r.out));
        cr_expect_eq(again.status, 0, "%s%s", buf_text(&again.out), buf_text(&again.err));
        cr_assert(code, "%s", buf_text(&text));
        memcpy(code, "S: 250", 6);
        changed =
            run_with(buf_span(&text), NULL, (const char *const[]){ "replay", "-", p.place, NULL });
        cr_expect_eq(changed.status, 1, "%d", changed.status);
        cr_expect(has(&changed.err, "the code differs"), "%s", buf_text(&changed.err));
        cr_expect(has(&changed.err, "came      554 5.7.1"), "%s", buf_text(&changed.err));
        buf_release(&text);
        ran_release(&r);
        ran_release(&again);
        ran_release(&changed);
    }
    postfix_stop(&p);
    if (!p.started)
        cr_skip_test("Postfix cannot be started here");
}

Test(postfix, is_talked_to_on_the_screen)
{
    struct postfix p;

    if (postfix_start(&p)) {
        struct terminal *t =
            lab_start(&(struct lab){ .rows = 40, .cols = 120, .args = { p.place } });

        SHOWS(t, "S: 220 postfix.example ESMTP Postfix");
        TYPE(t, "EHLO crepes.example\r", "S: 250");
        SHOWS(t, "what we know of 127.0.0.1");
        SHOWS(t, "Postfix");
        SHOWS(t, "PIPELINING");
        TYPE(t, "NOSUCH\r", " 5.5.2 Error: command not recognized");
        TYPE(t, "MAIL FROM:<alice@crepes.example>\r", "S: 250 2.1.0 Ok");
        TYPE(t, "RCPT TO:<bob@postfix.example>\r", "S: 250 2.1.5 Ok");
        TYPE(t, "DATA\r", "letter|");
        TYPE(t, "Subject: lunch\r\rKetchup?\r.\r", "S: 250 2.0.0 Ok: queued as");
        TYPE(t, "QUIT\r", "S: 221 2.0.0 Bye");
        SHOWS(t, "no server>");
        terminal_type(t, "/quit\r");
        cr_expect_eq(terminal_ends(t), 0, "%s", terminal_text(t));
        SHOWS(t, "Saved: ");
        terminal_free(t);
    }
    postfix_stop(&p);
    if (!p.started)
        cr_skip_test("Postfix cannot be started here");
}
