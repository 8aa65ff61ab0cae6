/* Plain mode, driven through pipes: against a tiny server, and against the lab. */
#include "support/run.h"
#include "support/table.h"

static const char *const polite[] = { "220 tiny.example ready\r\n",
                                      "250 tiny.example\r\n",
                                      "250 ok\r\n",
                                      "250 ok\r\n",
                                      "354 go on\r\n",
                                      "250 taken\r\n",
                                      "221 bye\r\n",
                                      NULL };

static const char session[] = "HELO a.example\r\nMAIL FROM:<a@a.example>\nRCPT TO:<b@b.example>\n"
                              "DATA\nSubject: x\n\n..dots\n.\nQUIT";

Test(plain, a_piped_session_gives_an_annotated_transcript)
{
    struct tiny t = tiny_start(polite);
    struct ran r = RUN(session, "--plain", t.place);

    cr_expect_eq(r.status, 0, "%d %s", r.status, buf_text(&r.err));
    cr_expect_eq(r.err.len, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "S: 220 tiny.example ready\n   "), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "C: HELO a.example\nS: 250 tiny.example\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "C: | ..dots\nC: .\nS: 250 taken\n   "), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "C: QUIT\nS: 221 bye\n"), "the last line had no line end");
    cr_expect(!has(&r.out, "<CR>"), "one CR before LF is the pipe's");
    cr_expect_eq(span_find(buf_span(&r.out), 0x1b), r.out.len, "no colours in a pipe");
    tiny_end(&t);
    ran_release(&r);
}

Test(plain, host_and_port_may_be_two_words)
{
    struct tiny t = tiny_start(polite);
    char *colon = strchr(t.place, ':');
    struct ran r;

    *colon = '\0';
    r = RUN(session, "--level", "learner", "--sources", t.place, colon + 1);
    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "RFC 5321"), "%s", buf_text(&r.out));
    tiny_end(&t);
    ran_release(&r);
}

Test(plain, the_lab_answers_like_the_textbook)
{
    struct ran r = RUN("HELO crepes.fr\nMAIL FROM: <alice@crepes.fr>\nRCPT TO: "
                       "<bob@hamburger.edu>\nDATA\nDo you like ketchup?\nHow about pickles?\n.\n"
                       "/server mailboxes\nQUIT\n",
                       "--plain");
    static const char *const replies[] = {
        "S: 220 hamburger.edu\n",
        "S: 250 Hello crepes.fr, pleased to meet you\n",
        "S: 250 alice@crepes.fr ... Sender ok\n",
        "S: 250 bob@hamburger.edu ... Recipient ok\n",
        "S: 354 Enter mail, end with \".\" on a line by itself\n",
        "S: 250 Message accepted for delivery\n",
        "S: 221 hamburger.edu closing connection\n",
    };
    const char *at = buf_text(&r.out);

    cr_expect_eq(r.status, 0, "%d %s", r.status, buf_text(&r.err));
    for (size_t i = 0; i < ROWS(replies); i++) {
        at = strstr(at, replies[i]);
        cr_assert(at, "%s: %s", replies[i], buf_text(&r.out));
    }
    cr_expect(has(&r.out, "bob"), "the letter is in the mailbox: %s", buf_text(&r.out));
    ran_release(&r);
}

Test(plain, a_talk_that_is_over_can_be_read_again)
{
    struct ran r = RUN("HELO crepes.fr\n/close\n/talk 1\n", "--plain");
    const char *first = strstr(buf_text(&r.out), "C: HELO crepes.fr\n");

    cr_expect_eq(r.status, 0, "%d %s", r.status, buf_text(&r.err));
    cr_assert(first);
    cr_expect(strstr(first + 1, "-- talk 1\nS: 220 hamburger.edu\n"), "%s", buf_text(&r.out));
    cr_expect(strstr(first + 1, "C: HELO crepes.fr\n"), "%s", buf_text(&r.out));
    ran_release(&r);
}

Test(plain, a_file_is_read_like_a_pipe)
{
    char *folder = run_folder();
    struct tiny t = tiny_start(polite);
    const char *path = run_file(folder, "session", span_of(session));
    struct ran r = run_with(SPAN(""), path, (const char *const[]){ "--plain", t.place, NULL });

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "S: 221 bye"), "%s", buf_text(&r.out));
    tiny_end(&t);
    unlink(path);
    rmdir(folder);
    ran_release(&r);
}

Test(plain, no_input_at_all_is_an_end, .timeout = 30)
{
    struct ran r = run_with(SPAN(""), "/dev/null", (const char *const[]){ "--plain", NULL });

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "S: 220 hamburger.edu"), "%s", buf_text(&r.out));
    ran_release(&r);
}

Test(plain, a_line_too_long_is_refused_and_the_rest_goes_on)
{
    struct buf input = { 0 };
    struct ran r;

    buf_add_text(&input, "NOOP ");
    buf_add_repeat(&input, 'x', 600000);
    buf_add_text(&input, "\nHELO crepes.fr\nQUIT\n");
    r = run_with(buf_span(&input), NULL, (const char *const[]){ "--plain", NULL });
    cr_expect_eq(r.status, 1, "%d", r.status);
    cr_expect(has(&r.err, "line 1 of the input has more than 512000 octets and is not sent"), "%s",
              buf_text(&r.err));
    cr_expect(has(&r.out, "S: 250 Hello crepes.fr"), "%s", buf_text(&r.out));
    cr_expect(!has(&r.out, "xxxx"));
    buf_release(&input);
    ran_release(&r);
}

Test(plain, ten_thousand_lines_keep_step)
{
    struct buf input = { 0 };
    struct ran r;
    size_t replies = 0, at = 0;

    buf_add_text(&input, "HELO crepes.fr\n");
    for (int i = 0; i < 10000; i++)
        buf_add_text(&input, "NOOP\n");
    buf_add_text(&input, "QUIT\n");
    r = run_with(buf_span(&input), NULL, (const char *const[]){ "--plain", NULL });
    cr_expect_eq(r.status, 0, "%d %s", r.status, buf_text(&r.err));
    while ((at = span_search(buf_span(&r.out), SPAN("C: NOOP\nS: 250"), at, false)) !=
           SPAN_NOT_FOUND) {
        replies++;
        at++;
    }
    cr_expect_eq(replies, 10000, "%zu", replies);
    buf_release(&input);
    ran_release(&r);
}

/* The signal may come before the program waits for its reader: it is sent until it ends. */
static int end_of_unread(int number)
{
    static const char *const args[] = { "--plain", NULL };
    struct span line = SPAN("HELP\n");
    int in[2], out[2], status;
    pid_t child;

    cr_assert(pipe(in) == 0 && pipe(out) == 0);
    child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        run_exec(args);
    }
    for (unsigned i = 0; i < 4000; i++)
        cr_assert_eq(write(in[1], line.at, line.len), (ssize_t)line.len);
    close(in[0]);
    close(in[1]);
    while (poll(&(struct pollfd){ out[1], POLLOUT, 0 }, 1, 0) > 0) /* until the pipe is full */
        cr_assert_neq(waitpid(child, &status, WNOHANG), child, "it ended by itself");
    for (unsigned i = 0; i < RUN_MILLISECONDS / 100; i++) {
        kill(child, number);
        poll(NULL, 0, 20);
        if (waitpid(child, &status, WNOHANG) == child) {
            close(out[0]);
            close(out[1]);
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return -1;
}

Test(plain, a_reader_who_does_not_read_keeps_no_signal_waiting)
{
    cr_expect_eq(end_of_unread(SIGTERM), 128 + SIGTERM);
    cr_expect_eq(end_of_unread(SIGINT), 128 + SIGINT);
    cr_expect_eq(end_of_unread(SIGHUP), 128 + SIGHUP);
}

Test(plain, nobody_listening_is_status_3)
{
    struct ran r = RUN("HELO a\nQUIT\n", "--plain", run_dead_place());

    cr_expect_eq(r.status, 3, "%d", r.status);
    cr_expect(has(&r.out, "the connection was refused"), "%s", buf_text(&r.out));
    ran_release(&r);
}

Test(plain, a_name_that_cannot_be_is_status_3)
{
    struct ran r = RUN("QUIT\n", "--plain", "--timeout", "5", "..invalid:25");

    cr_expect_eq(r.status, 3, "%d %s", r.status, buf_text(&r.err));
    ran_release(&r);
}

Test(plain, a_server_that_breaks_off_is_status_5)
{
    static const char *const rude[] = { "220 rude.example\r\n", "250 ok\r\n", NULL };
    struct tiny t = tiny_start(rude);
    struct ran r = RUN("HELO a.example\nMAIL FROM:<a@a.example>\nQUIT\n", "--plain", t.place);

    cr_expect_eq(r.status, 5, "%d %s", r.status, buf_text(&r.err));
    cr_expect(has(&r.out, "the server closed the connection"), "%s", buf_text(&r.out));
    tiny_end(&t);
    ran_release(&r);
}

Test(plain, a_server_that_says_nothing_is_not_waited_for_for_ever)
{
    static const char *const silent[] = { "", NULL };
    struct tiny t = tiny_start(silent);
    struct ran r = RUN("HELO a.example\n", "--plain", "--timeout", "1", t.place);

    cr_expect_eq(r.status, 5, "%d %s", r.status, buf_text(&r.err));
    tiny_end(&t);
    ran_release(&r);
}

Test(plain, what_a_server_sends_is_shown_and_never_obeyed)
{
    static const char *const odd[] = { "220 \x1b[2J\x07\xe2\x80\xae"
                                       "evil\xff\r\n",
                                       "221 x\r\n", NULL };
    struct tiny t = tiny_start(odd);
    struct ran r = RUN("QUIT\n", "--plain", t.place);

    cr_expect(has(&r.out, "<ESC>[2J"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "<U+202E>evil<0xFF>"), "%s", buf_text(&r.out));
    cr_expect_eq(span_find(buf_span(&r.out), 0x1b), r.out.len);
    tiny_end(&t);
    ran_release(&r);
}

Test(plain, ascii_sends_no_octet_above_127)
{
    struct ran r =
        RUN("EHLO gr\xc3\xbc\xc3\x9f.example\nMAIL FROM alice\n/f\xc3\xbcnd x\nQUIT\n", "--ascii");

    for (size_t i = 0; i < r.out.len; i++)
        cr_assert(r.out.at[i] < 128, "%s", buf_text(&r.out));
    cr_expect(has(&r.err, "There is no command /f"), "%s", buf_text(&r.err));
    for (size_t i = 0; i < r.err.len; i++)
        cr_assert(r.err.at[i] < 128, "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(plain, secrets_are_masked_unless_asked_for)
{
    static const char *const server[] = { "220 x.example\r\n",
                                          "250-x.example\r\n250 AUTH PLAIN\r\n", "235 ok\r\n",
                                          "221 bye\r\n", NULL };
    static const char input[] = "EHLO a.example\nAUTH PLAIN AGEAc2VjcmV0\nQUIT\n";

    for (int shown = 0; shown < 2; shown++) {
        struct tiny t = tiny_start(server);
        struct ran r = RUN(input, shown ? "--show-secrets" : "--plain", t.place);

        cr_expect_eq(has(&r.out, "AGEAc2VjcmV0"), shown, "%s", buf_text(&r.out));
        cr_expect_eq(has(&r.err, "AGEAc2VjcmV0"), 0);
        tiny_end(&t);
        ran_release(&r);
    }
}

Test(plain, the_lab_encrypts_and_knows_a_user)
{
    struct ran r = RUN("EHLO crepes.fr\n/starttls\n/auth alice ketchup\nQUIT\n", "--plain");
    const char *out = buf_text(&r.out);

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "S: 250-STARTTLS\n"), "%s", out);
    cr_expect(has(&r.out, "-- the certificate is the server's: "), "by its own CA: %s", out);
    cr_expect(has(&r.out, "S: 235 2.7.0 Logged in\n"), "%s", out);
    cr_expect(has(&r.out, "Logged in as alice, by SCRAM-SHA-256-PLUS."), "%s", out);
    cr_expect(!has(&r.out, "EXTERNAL"), "no certificate was shown: %s", out);
    ran_release(&r);
}

Test(plain, the_lab_answers_as_another_server)
{
    struct ran r = RUN("MAIL FROM:<alice@crepes.fr>\nSubject: lunch\n", "--plain", "--persona",
                       "postfix-default");

    cr_expect(has(&r.out, "S: 220 hamburger.edu ESMTP Postfix\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "S: 250 2.1.0 Ok\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "S: 221 2.7.0 Error: I can break rules, too. Goodbye.\n"), "%s",
              buf_text(&r.out));
    ran_release(&r);
}
