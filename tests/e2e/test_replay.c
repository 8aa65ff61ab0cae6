/* Recording and replaying. */
#include <sys/stat.h>

#include "support/run.h"
#include "support/table.h"

static const char talk[] =
    "# a talk\nS: 220 hamburger.edu\nC: HELO crepes.fr\nS: 250\n"
    "C: MAIL FROM:<alice@crepes.fr>\nS: 250\nC: RCPT TO:<bob@hamburger.edu>\n"
    "S: 250\nC: DATA\nS: 354\nC: ..\nC: x\nC: .\nS: 250\nC: QUIT\nS: 221\n";

static const char *const polite[] = { "220 tiny.example\r\n", "250-tiny.example\r\n250 Hi\r\n",
                                      "221 bye\r\n", NULL };

Test(replay, what_matches_is_status_0)
{
    struct ran r = RUN(talk, "replay", "-");

    cr_expect_eq(r.status, 0, "%s%s", buf_text(&r.out), buf_text(&r.err));
    cr_expect_eq(r.err.len, 0, "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(replay, a_host_may_be_named)
{
    struct tiny t = tiny_start(polite);
    struct ran r = RUN("S: 220\nC: EHLO a\nS: 250\nC: QUIT\nS: 221\n", "replay", "-", t.place);

    cr_expect_eq(r.status, 0, "%s%s", buf_text(&r.out), buf_text(&r.err));
    tiny_end(&t);
    ran_release(&r);
}

Test(replay, the_first_mismatch_is_shown_beside_what_was_expected)
{
    struct ran r = RUN("S: 220\nC: HELO a\nS: 250 fine\nC: RCPT TO:<bob@hamburger.edu>\nS: 250 ok\n"
                       "C: NOOP\nS: 554 never\n",
                       "replay", "-");
    size_t expected = span_search(buf_span(&r.err), SPAN("250 ok"), 0, false);
    size_t came = span_search(buf_span(&r.err), SPAN("503"), 0, false);

    cr_expect_eq(r.status, 1, "%d", r.status);
    cr_expect(has(&r.err, "line 5"), "%s", buf_text(&r.err));
    cr_expect(has(&r.err, "the code differs"), "%s", buf_text(&r.err));
    cr_expect(expected != SPAN_NOT_FOUND && came != SPAN_NOT_FOUND && expected < came, "%s",
              buf_text(&r.err));
    cr_expect(!has(&r.err, "554 never"), "only the first: %s", buf_text(&r.err));
    ran_release(&r);
}

Test(replay, texts_are_compared_where_asked_for)
{
    struct ran same = RUN("S= 220 hamburger.edu\n", "replay", "-");
    struct ran other = RUN("S= 220 pizza.example\n", "replay", "-");

    cr_expect_eq(same.status, 0, "%s", buf_text(&same.err));
    cr_expect_eq(other.status, 1);
    cr_expect(has(&other.err, "the text differs"), "%s", buf_text(&other.err));
    ran_release(&same);
    ran_release(&other);
}

Test(replay, a_broken_script_is_refused_before_anything_is_sent)
{
    struct ran r = RUN("S: 220\nC: HELO a\nS: 25\nc: QUIT\n", "replay", "-", "127.0.0.1:1");

    cr_expect_eq(r.status, 2, "%d", r.status);
    cr_expect_str_eq(buf_text(&r.err),
                     "stdin:3:4: a reply starts with a code of three digits: S: 250 Ok\n"
                     "stdin:4:1: the C is a capital letter: C: NOOP\n");
    cr_expect_eq(r.out.len, 0);
    ran_release(&r);
}

Test(replay, a_command_that_there_is_none_of_is_refused_before_anything_is_sent)
{
    struct ran r =
        RUN("S: 220\nC: HELO a\nS: 250\n/foo bar\n/wait 0\n", "replay", "-", "127.0.0.1:1");

    cr_expect_eq(r.status, 2, "%d", r.status);
    cr_expect_str_eq(buf_text(&r.err), "stdin:4:1: /foo is no command; /help shows them all\n");
    cr_expect_eq(r.out.len, 0);
    ran_release(&r);
}

Test(replay, a_script_that_is_not_there_is_status_2)
{
    struct ran r = RUN("", "replay", "/dev/null/x.smtp");

    cr_expect_eq(r.status, 2);
    cr_expect(has(&r.err, "/dev/null/x.smtp cannot be read: Not a directory"), "%s",
              buf_text(&r.err));
    ran_release(&r);
}

Test(replay, no_connection_is_status_3)
{
    struct ran r = RUN(talk, "replay", "-", run_dead_place());

    cr_expect_eq(r.status, 3, "%d %s", r.status, buf_text(&r.err));
    ran_release(&r);
}

Test(replay, a_server_that_breaks_off_is_status_5)
{
    static const char *const rude[] = { "220 rude.example\r\n", NULL };
    struct tiny t = tiny_start(rude);
    struct ran r = RUN("S: 220\nC: HELO a\nS: 250\n", "replay", "-", t.place);

    cr_expect_eq(r.status, 5, "%d %s", r.status, buf_text(&r.err));
    cr_expect(has(&r.err, "the connection ended"), "%s", buf_text(&r.err));
    tiny_end(&t);
    ran_release(&r);
}

Test(replay, what_was_recorded_matches_and_a_changed_code_does_not)
{
    static const char *const codes[] = { "S: 220", "S: 250", "S: 354", "S: 221" };
    char *folder = run_folder();
    const char *path = run_path(folder, "talk.smtp");
    struct ran r = RUN("HELO crepes.fr\nMAIL FROM:<alice@crepes.fr>\nRCPT TO:<bob@hamburger.edu>\n"
                       "DATA\n..dots \n\n\tgr\xc3\xbc\xc3\x9f\n\xff\n.\nNOSUCH\nQUIT\n",
                       "--record", path);
    struct ran again = RUN("", "replay", path);
    struct buf text = run_slurp(path);

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect_eq(again.status, 0, "%s\n%s", buf_text(&text), buf_text(&again.err));
    cr_expect(has(&text, "C\\: \"..dots \\r\\n\""), "%s", buf_text(&text));
    for (size_t i = 0; i < ROWS(codes); i++) {
        char *at = strstr(buf_text(&text), codes[i]) ? (char *)text.at : NULL;
        struct ran changed;

        cr_assert(at, "%s", codes[i]);
        at += strstr(buf_text(&text), codes[i]) - buf_text(&text);
        at[5] = '9';
        changed = run_with(buf_span(&text), NULL, (const char *const[]){ "replay", "-", NULL });
        cr_expect_eq(changed.status, 1, "%s: %d %s", codes[i], changed.status,
                     buf_text(&changed.err));
        at[5] = codes[i][5];
        ran_release(&changed);
    }
    buf_release(&text);
    unlink(path);
    rmdir(folder);
    ran_release(&r);
    ran_release(&again);
}

Test(replay, a_file_that_stands_there_is_not_recorded_over)
{
    char *folder = run_folder();
    const char *path = run_file(folder, "own.smtp", span_of(talk));
    const char *fifo = run_path(folder, "fifo");
    struct ran r = RUN("", "replay", "--record", path, path);
    struct buf text = run_slurp(path);

    cr_expect_eq(r.status, 2, "%d", r.status);
    cr_expect(has(&r.err, "own.smtp already. Please choose another name"), "%s", buf_text(&r.err));
    cr_expect_str_eq(buf_text(&text), talk);
    ran_release(&r);
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    r = RUN("QUIT\n", "--record", fifo);
    cr_expect_eq(r.status, 2, "%d", r.status);
    cr_expect(has(&r.err, "fifo already"), "%s", buf_text(&r.err));
    unlink(fifo);
    unlink(path);
    rmdir(folder);
    buf_release(&text);
    ran_release(&r);
}

Test(replay, a_record_that_cannot_be_written_is_status_2)
{
    struct ran r = RUN("QUIT\n", "--record", "/dev/null/x.smtp");

    cr_expect_eq(r.status, 2);
    cr_expect(has(&r.err, "/dev/null/x.smtp"), "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(replay, what_the_protocol_forbids_is_said_and_done)
{
    struct ran r = RUN("S: 220\nC: HELO a\nC: NOOP\nS: 250\nS: 250\n", "replay", "-");

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "line 2 of the script: More is sent"), "%s", buf_text(&r.out));
    ran_release(&r);
}

Test(replay, an_empty_script_matches)
{
    struct ran r = RUN("", "replay", "-");

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    ran_release(&r);
}
