/*
 * Running the program itself: with input from a text or a file, its output and status back. Its
 * path is in the environment, SMTPSCOPE. And a tiny server to talk to, in a process of its own.
 */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

/* A program that takes longer is stuck. Generous: the machine may be busy. */
#define RUN_MILLISECONDS 60000
#define RUN_ARGS_MAX     32

struct ran {
    int status;          /* 128 and the signal's number when one ended it */
    struct buf out, err; /* release with ran_release */
};

static inline void ran_release(struct ran *r)
{
    buf_release(&r->out);
    buf_release(&r->err);
}

static inline bool run_read(int fd, struct buf *into)
{
    unsigned char block[4096];
    ssize_t got = read(fd, block, sizeof block);

    if (got > 0)
        buf_add(into, span_make(block, (size_t)got));
    return got > 0;
}

/* Feeds and reads until both outputs have ended. */
static inline void run_talk(int in, int out, int err, struct span input, struct ran *r)
{
    struct pollfd at[3] = { { in, POLLOUT, 0 }, { out, POLLIN, 0 }, { err, POLLIN, 0 } };

    while (at[1].fd >= 0 || at[2].fd >= 0) {
        if (at[0].fd >= 0 && !input.len) {
            close(in);
            at[0].fd = -1;
        }
        cr_assert(poll(at, 3, RUN_MILLISECONDS) > 0, "the program is stuck; so far: %s",
                  buf_text(&r->out));
        if (at[0].fd >= 0 && at[0].revents) {
            ssize_t put = write(in, input.at, input.len);

            input = put > 0 ? span_from(input, (size_t)put) : (struct span){ NULL, 0 };
        }
        if (at[1].revents && !run_read(out, &r->out))
            at[1].fd = -1;
        if (at[2].revents && !run_read(err, &r->err))
            at[2].fd = -1;
    }
    if (at[0].fd >= 0)
        close(in);
    close(out);
    close(err);
}

static inline void run_exec(const char *const *args)
{
    char *argv[RUN_ARGS_MAX + 2];
    const char *program = getenv("SMTPSCOPE");
    size_t n = 0;

    if (!program)
        _exit(126);
    memcpy(&argv[n++], &program, sizeof argv[0]);
    for (; args[n - 1] && n <= RUN_ARGS_MAX; n++)
        memcpy(&argv[n], &args[n - 1], sizeof argv[0]);
    argv[n] = NULL;
    execv(program, argv);
    _exit(127);
}

/* What the child does: it never returns. args end with NULL. */
typedef void run_fn(const char *const *args);

/* file: standard input, instead of a pipe with `input`; NULL: the pipe. */
static inline struct ran run_child(struct span input, const char *file, run_fn *exec,
                                   const char *const *args)
{
    struct ran r = { 0 };
    int in[2], out[2], err[2], status = 0;
    pid_t child;

    signal(SIGPIPE, SIG_IGN);
    cr_assert(pipe(in) == 0 && pipe(out) == 0 && pipe(err) == 0);
    child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        dup2(file ? open(file, O_RDONLY) : in[0], 0);
        dup2(out[1], 1);
        dup2(err[1], 2);
        for (int i = 0; i < 2; i++) {
            close(in[i]);
            close(out[i]);
            close(err[i]);
        }
        exec(args);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    run_talk(in[1], out[0], err[0], input, &r);
    waitpid(child, &status, 0);
    r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return r;
}

/* The program itself. */
static inline struct ran run_with(struct span input, const char *file, const char *const *args)
{
    cr_assert(getenv("SMTPSCOPE"), "SMTPSCOPE must hold the program's path");
    return run_child(input, file, run_exec, args);
}

#define RUN(input, ...)                                                                            \
    run_with(span_of(input), NULL, (const char *const[RUN_ARGS_MAX + 1]){ __VA_ARGS__, NULL })

static inline bool has(const struct buf *text, const char *part)
{
    return strstr(buf_text(text), part) != NULL;
}

/* A folder for one test. */
static inline char *run_folder(void)
{
    static char path[64];

    snprintf(path, sizeof path, "/tmp/smtpscope-test-XXXXXX");
    cr_assert(mkdtemp(path));
    return path;
}

/* Where a file of that name will be. */
static inline const char *run_path(const char *folder, const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static inline const char *run_file(const char *folder, const char *name, struct span text)
{
    const char *path = run_path(folder, name);
    FILE *f = fopen(path, "wb");

    cr_assert(f && fwrite(text.at ? (const void *)text.at : "", 1, text.len, f) == text.len);
    fclose(f);
    return path;
}

static inline struct buf run_slurp(const char *path)
{
    struct buf text = { 0 };
    int fd = open(path, O_RDONLY);

    cr_assert(fd >= 0, "%s", path);
    while (run_read(fd, &text))
        continue;
    close(fd);
    return text;
}

/*
 * The tiny server: one client, one reply for each line, the lines of a letter not counted. A reply
 * of NULL ends the connection; "" is no reply at all.
 */
struct tiny {
    pid_t pid;
    char place[32]; /* "127.0.0.1:PORT" */
};

static bool tiny_slow; /* the next one that is started writes each octet by itself */

/* Not by stdio: a stream that was read from needs a seek before it may be written to. */
static inline void tiny_say(FILE *peer, const char *reply)
{
    size_t left = strlen(reply);

    while (left) {
        ssize_t put = write(fileno(peer), reply, tiny_slow ? 1 : left);

        if (put <= 0)
            return;
        reply += put;
        left -= (size_t)put;
    }
}

static inline void tiny_serve(int listening, const char *const *replies)
{
    FILE *peer = fdopen(accept(listening, NULL, NULL), "r");
    bool letter = false;
    char line[2048];
    int one = 1;

    if (!peer)
        _exit(1);
    setsockopt(fileno(peer), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    tiny_say(peer, *replies);
    while (*++replies && fgets(line, sizeof line, peer)) {
        while (letter && strcmp(line, ".\r\n") != 0)
            if (!fgets(line, sizeof line, peer))
                _exit(0);
        letter = strncmp(*replies, "354", 3) == 0;
        tiny_say(peer, *replies);
    }
    if (!*replies)
        shutdown(fileno(peer), SHUT_WR);
    while (fgets(line, sizeof line, peer))
        continue;
    fclose(peer);
    _exit(0);
}

static inline struct tiny tiny_start(const char *const *replies)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct tiny t;

    cr_assert(listening >= 0 && bind(listening, (struct sockaddr *)&at, sizeof at) == 0 &&
              listen(listening, 4) == 0 &&
              getsockname(listening, (struct sockaddr *)&at, &len) == 0);
    snprintf(t.place, sizeof t.place, "127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    t.pid = fork();
    cr_assert(t.pid >= 0);
    if (t.pid == 0) {
        alarm(RUN_MILLISECONDS / 1000); /* also when the test fails before it ends us */
        tiny_serve(listening, replies);
    }
    close(listening);
    return t;
}

static inline void tiny_end(struct tiny *t)
{
    kill(t->pid, SIGTERM);
    waitpid(t->pid, NULL, 0);
}

/* Binds `s` to a port of loopback that is free, and names the place. */
static inline const char *run_bind(int s)
{
    static char place[32];
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;

    cr_assert(s >= 0 && bind(s, (struct sockaddr *)&at, sizeof at) == 0 &&
              getsockname(s, (struct sockaddr *)&at, &len) == 0);
    snprintf(place, sizeof place, "127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    return place;
}

/* A port on which nobody listens, nor can: it stays ours until the test's process ends. */
static inline const char *run_dead_place(void)
{
    return run_bind(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/* A port that was free a moment ago, for a server to take. Somebody else may be faster. */
static inline const char *run_free_place(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0);
    const char *place = run_bind(s);

    close(s);
    return place;
}

#endif
