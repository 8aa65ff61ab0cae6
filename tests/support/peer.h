/*
 * Programs of the world as clients of a server: child processes, beside the loop. A test is skipped
 * where its program is not installed.
 */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "server/server.h"
#include "support/table.h"
#include "support/turn.h"

extern char **environ;

struct peer {
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct watch *child_ended;
    pid_t pid;
    bool ended;
    int status;
    char port[16], address[64], url[64]; /* "127.0.0.1", "smtp://127.0.0.1:PORT/crepes.fr" */
};

static inline void peer_child_ended(void *ctx)
{
    struct peer *p = ctx;

    p->ended |= p->pid > 0 && waitpid(p->pid, &p->status, WNOHANG) == p->pid;
}

static inline void peer_start_with(struct peer *p, struct server_options o)
{
    struct error err = { "" };

    *p =
        (struct peer){ .loop = loop_new(&err), .record = record_new(NULL), .address = "127.0.0.1" };
    o.loop = p->loop;
    o.record = p->record;
    p->server = server_new(&o, NULL, &err);
    cr_assert_not_null(p->server, "%s", err.text);
    snprintf(p->port, sizeof p->port, "%u", server_port(p->server));
    snprintf(p->url, sizeof p->url, "smtp://127.0.0.1:%s/crepes.fr", p->port);
    p->child_ended = loop_watch_signal(p->loop, SIGCHLD, peer_child_ended, p);
}

static inline void peer_start(struct peer *p, const struct policy *policy)
{
    peer_start_with(p, (struct server_options){ .policy = policy });
}

static inline void peer_end(struct peer *p)
{
    watch_free(p->child_ended);
    server_free(p->server);
    record_free(p->record);
    loop_free(p->loop);
}

/* A file without a name that holds `text`. */
static inline int peer_file(struct span text)
{
    FILE *f = tmpfile();
    int fd;

    cr_assert_not_null(f);
    cr_assert_eq(fwrite(text.at, 1, text.len, f), text.len);
    cr_assert_eq(fflush(f), 0);
    fd = dup(fileno(f));
    fclose(f);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Runs a program with `input`, and the loop until it has ended; its exit status. */
static inline int peer_run(struct peer *p, const char *const *argv, struct span input)
{
    posix_spawn_file_actions_t files;
    int in = peer_file(input), failed;

    p->ended = false;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    failed = posix_spawnp(&p->pid, argv[0], &files, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    close(in);
    if (failed) {
        peer_end(p);
        cr_skip_test("%s is not installed", argv[0]);
    }
    if (!TURN_UNTIL(p->loop, p->ended)) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, &p->status, 0);
        cr_assert_fail("%s did not end", argv[0]);
    }
    cr_assert(WIFEXITED(p->status));
    return WEXITSTATUS(p->status);
}

#endif
