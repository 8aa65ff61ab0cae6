/*
 * Programs of the world as clients of the lab's server: what they sent is what is stored. They run
 * as child processes, beside the loop; a test is skipped where its program is not installed.
 */
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

static void child_ended(void *ctx)
{
    struct peer *p = ctx;

    p->ended |= p->pid > 0 && waitpid(p->pid, &p->status, WNOHANG) == p->pid;
}

static void peer_start(struct peer *p, const struct policy *policy)
{
    struct error err = { "" };

    *p =
        (struct peer){ .loop = loop_new(&err), .record = record_new(NULL), .address = "127.0.0.1" };
    p->server = server_new(
        &(struct server_options){ .loop = p->loop, .record = p->record, .policy = policy }, NULL,
        &err);
    cr_assert_not_null(p->server, "%s", err.text);
    snprintf(p->port, sizeof p->port, "%u", server_port(p->server));
    snprintf(p->url, sizeof p->url, "smtp://127.0.0.1:%s/crepes.fr", p->port);
    p->child_ended = loop_watch_signal(p->loop, SIGCHLD, child_ended, p);
}

static void peer_end(struct peer *p)
{
    watch_free(p->child_ended);
    server_free(p->server);
    record_free(p->record);
    loop_free(p->loop);
}

/* A file without a name that holds `text`. */
static int file_with(struct span text)
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
static int run(struct peer *p, const char *const *argv, struct span input)
{
    posix_spawn_file_actions_t files;
    int in = file_with(input), failed;

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

#define LETTER                                                                                     \
    "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nSubject: lunch\r\n\r\n"                     \
    "Do you like ketchup?\r\n.\r\n..\r\n.profile\r\nHow about pickles?\r\n\r\n"

static void expect_stored(const struct peer *p, size_t n, struct span want)
{
    struct server_letter letter;

    cr_assert(server_letter(p->server, "bob", n, &letter));
    cr_expect_str_eq(letter.from, "alice@crepes.fr");
    cr_expect_str_eq(letter.to, "bob@hamburger.edu");
    cr_expect_str_eq(letter.client, "crepes.fr");
    cr_expect(span_eq(letter.octets, want), "got '%.*s'", SPAN_ARG(letter.octets));
}

static int run_swaks(struct peer *p, const char *to, struct span input)
{
    const char *const argv[] = {
        "swaks",  "--server",        p->address, "--port", p->port,  "--helo", "crepes.fr",
        "--from", "alice@crepes.fr", "--to",     to,       "--data", "-",      NULL
    };

    return run(p, argv, input);
}

Test(peers, swaks_delivers_a_letter)
{
    struct peer p;

    peer_start(&p, &policy_lab);
    /* swaks puts a line end of its own before the dot */
    cr_expect_eq(run_swaks(&p, "bob@hamburger.edu", SPAN(LETTER)), 0);
    expect_stored(&p, 1, SPAN(LETTER "\r\n"));
    peer_end(&p);
}

Test(peers, swaks_hears_that_a_recipient_is_refused)
{
    struct peer p;

    peer_start(&p, &policy_lab);
    cr_expect_eq(run_swaks(&p, "carol@hamburger.edu", SPAN(LETTER)), 24, "its status for RCPT");
    cr_expect_eq(server_letters(p.server, "bob"), 0);
    peer_end(&p);
}

static int run_curl(struct peer *p, const char *to, struct span input)
{
    const char *const argv[] = { "curl",
                                 "-q",
                                 "-sS",
                                 "--noproxy",
                                 "*",
                                 "--url",
                                 p->url,
                                 "--mail-from",
                                 "alice@crepes.fr",
                                 "--mail-rcpt",
                                 to,
                                 "-T",
                                 "-",
                                 NULL };

    return run(p, argv, input);
}

Test(peers, curl_delivers_a_letter)
{
    struct peer p;

    peer_start(&p, &policy_lab);
    cr_expect_eq(run_curl(&p, "bob@hamburger.edu", SPAN(LETTER)), 0);
    expect_stored(&p, 1, SPAN(LETTER));
    peer_end(&p);
}

Test(peers, curl_delivers_megabytes_to_the_octet)
{
    struct peer p;
    struct buf text = { 0 };

    peer_start(&p, &policy_lab);
    buf_add(&text, SPAN("Subject: long\r\n\r\n"));
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "%sline %d\r\n", i % 3 ? "" : ".", i);
    cr_expect_eq(run_curl(&p, "bob@hamburger.edu", buf_span(&text)), 0);
    expect_stored(&p, 1, buf_span(&text));
    buf_release(&text);
    peer_end(&p);
}

Test(peers, curl_hears_that_a_letter_is_too_large)
{
    struct policy small = policy_lab;
    struct peer p;

    small.size_limit = 20;
    peer_start(&p, &small);
    cr_expect_neq(run_curl(&p, "bob@hamburger.edu", SPAN(LETTER)), 0);
    cr_expect_eq(server_letters(p.server, "bob"), 0);
    peer_end(&p);
}
