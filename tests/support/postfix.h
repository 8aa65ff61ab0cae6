/* A real server for tests: Postfix on loopback, where there is one and it may be started. */
#ifndef TESTS_POSTFIX_H
#define TESTS_POSTFIX_H
#include "support/run.h"

/* Another program may take the port in between, but not thrice. */
#define POSTFIX_PORTS 3

struct postfix {
    char *folder;
    char place[32]; /* "127.0.0.1:PORT" */
    bool started;
};

static inline int postfix_script(const char *what, const char *folder, const char *port)
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

/* Its folder, where files named "more" and "services" may add to its main.cf and master.cf. */
static inline void postfix_folder(struct postfix *p)
{
    *p = (struct postfix){ .folder = run_folder() };
}

/* False: it cannot be started here; the test is skipped. Ended by postfix_stop in either case. */
static inline bool postfix_start_there(struct postfix *p)
{
    int status = 1;

    for (int tries = 0; tries < POSTFIX_PORTS && status != 0 && status != 77; tries++) {
        snprintf(p->place, sizeof p->place, "%s", run_free_place());
        status = postfix_script("start", p->folder, strchr(p->place, ':') + 1);
    }
    cr_expect(status == 0 || status == 77, "Postfix did not start: %d", status);
    p->started = status == 0;
    return p->started;
}

static inline bool postfix_start(struct postfix *p)
{
    postfix_folder(p);
    return postfix_start_there(p);
}

static inline void postfix_stop(struct postfix *p)
{
    pid_t pid;

    if (p->started)
        cr_expect_eq(postfix_script("stop", p->folder, NULL), 0);
    pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", p->folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

#endif
