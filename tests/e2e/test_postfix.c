/* A real server: Postfix on loopback. Skipped where there is none, or nobody may start it. */
#include "support/run.h"

struct postfix {
    char *folder;
    char place[32]; /* "127.0.0.1:PORT" */
};

static int script(const char *what, const char *folder, const char *port)
{
    struct buf path = { 0 };
    int status = 0;
    pid_t pid;

    buf_printf(&path, "%s/tests/support/postfix", getenv("SOURCES"));
    pid = fork();
    if (pid == 0) {
        int log = open("/dev/null", O_WRONLY);

        dup2(log, 1); /* Postfix's own processes must not hold the test's output open */
        execl(buf_text(&path), "postfix", what, folder, port, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    buf_release(&path);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool start(struct postfix *p)
{
    int status;

    p->folder = run_folder();
    snprintf(p->place, sizeof p->place, "%s", run_dead_place());
    status = script("start", p->folder, strchr(p->place, ':') + 1);
    cr_expect(status == 0 || status == 77, "Postfix did not start: %d", status);
    return status == 0;
}

static void stop(struct postfix *p, bool started)
{
    pid_t pid;

    if (started)
        cr_expect_eq(script("stop", p->folder, NULL), 0);
    pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", p->folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static const char talk[] = "EHLO crepes.example\nMAIL FROM:<alice@crepes.example>\n"
                           "RCPT TO:<bob@postfix.example>\nRCPT TO:<x@elsewhere.example>\nDATA\n"
                           "Subject: lunch\n\n..dots\n.\nNOSUCH\nRSET\nQUIT\n";

Test(postfix, what_was_recorded_replays_and_fails_when_one_code_is_changed)
{
    struct postfix p;
    bool started = start(&p);

    if (started) {
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
    stop(&p, started);
    if (!started)
        cr_skip_test("Postfix cannot be started here");
}
