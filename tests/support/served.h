/* `smtpscope serve` in the background of a test: started, connected to, ended, its log read. */
#ifndef TESTS_SERVED_H
#define TESTS_SERVED_H
#include "support/run.h"

struct served {
    pid_t pid;
    int out, err;
    struct buf log;  /* standard output so far */
    char place[128]; /* "127.0.0.1:PORT", as its first line says */
};

static inline void served_read(struct served *s)
{
    struct pollfd p = { s->out, POLLIN, 0 };

    cr_assert(poll(&p, 1, RUN_MILLISECONDS) > 0, "nothing more came; so far: %.2000s",
              buf_text(&s->log));
    cr_assert(run_read(s->out, &s->log), "the log has ended; it was: %.2000s", buf_text(&s->log));
}

/* Waits until the log holds the text. */
static inline void served_shows(struct served *s, const char *text)
{
    while (!has(&s->log, text))
        served_read(s);
}

static inline struct served served_start(const char *const *args)
{
    struct served s = { 0 };
    int out[2], err[2];
    size_t end;

    signal(SIGPIPE, SIG_IGN);
    cr_assert(pipe(out) == 0 && pipe(err) == 0);
    s.pid = fork();
    cr_assert(s.pid >= 0);
    if (s.pid == 0) {
        alarm(RUN_MILLISECONDS / 1000); /* also when the test fails before it ends us */
        if (!getenv("XDG_STATE_HOME"))
            setenv("XDG_STATE_HOME", run_folder(), 1);
        dup2(open("/dev/null", O_RDONLY), 0);
        dup2(out[1], 1);
        dup2(err[1], 2);
        for (int i = 0; i < 2; i++) {
            close(out[i]);
            close(err[i]);
        }
        run_exec(args);
    }
    close(out[1]);
    close(err[1]);
    s.out = out[0];
    s.err = err[0];
    served_shows(&s, "\n");
    cr_assert(span_starts(buf_span(&s.log), SPAN("listening ")), "%s", buf_text(&s.log));
    end = strcspn(buf_text(&s.log) + 10, " \n");
    snprintf(s.place, sizeof s.place, "%.*s", (int)end, buf_text(&s.log) + 10);
    return s;
}
#define SERVED(...)                                                                                \
    served_start((const char *const[RUN_ARGS_MAX + 1]){ "serve", "--listen", "127.0.0.1:0",        \
                                                        __VA_ARGS__, NULL })

/* Waits for its end: status, and what remained of both outputs. */
static inline struct ran served_wait(struct served *s)
{
    struct ran r = { .out = s->log };
    int status = 0;

    while (run_read(s->out, &r.out) || run_read(s->err, &r.err))
        continue;
    close(s->out);
    close(s->err);
    waitpid(s->pid, &status, 0);
    r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return r;
}

static inline struct ran served_end(struct served *s)
{
    kill(s->pid, SIGTERM);
    return served_wait(s);
}

/* A connection to a place on loopback. */
static inline int served_connect(const char *place)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const char *colon = strrchr(place, ':');
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert(colon);
    at.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    cr_assert(fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0, "%s", place);
    return fd;
}

/* Sends the text and reads until the server has ended the connection, or the text came. */
static inline struct buf served_talk(int fd, const char *text, const char *until)
{
    struct pollfd p = { fd, POLLIN, 0 };
    struct buf said = { 0 };

    cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    while (!until || !has(&said, until)) {
        cr_assert(poll(&p, 1, RUN_MILLISECONDS) > 0, "the server is silent; so far: %s",
                  buf_text(&said));
        if (!run_read(fd, &said))
            break;
    }
    return said;
}

#endif
