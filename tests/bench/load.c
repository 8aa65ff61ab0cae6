/*
 * Many clients at once, cheaper than the server they meet: for tests/bench/serve alone.
 *
 *     load PORT SESSIONS LETTERS OCTETS new|kept    kept: one connection for many letters
 *
 * Prints the seconds that it took. A reply that is no success ends it with status 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define SESSIONS_MAX 20000
#define LINE_LEN     78

enum step { GREETING, HELLO, MAIL, RCPT, DATA, LETTER, QUIT };

struct talk {
    int fd;
    enum step step;
    size_t sent, column;
    char first, fourth; /* of the reply line that is coming in */
};

static struct {
    int poll, port;
    size_t letters, begun, open;
    bool kept;
    struct buf letter;
} load;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static struct span words(enum step s)
{
    static const char *const said[] = { [HELLO] = "EHLO client.example.org\r\n",
                                        [MAIL] = "MAIL FROM:<alice@crepes.fr>\r\n",
                                        [RCPT] = "RCPT TO:<bob@hamburger.edu>\r\n",
                                        [DATA] = "DATA\r\n",
                                        [QUIT] = "QUIT\r\n" };

    return s == LETTER ? buf_span(&load.letter) : span_of(said[s]);
}

static void wait_for(struct talk *t, uint32_t what, int how)
{
    struct epoll_event e = { .events = what, .data.ptr = t };

    epoll_ctl(load.poll, how, t->fd, &e);
}

static void say(struct talk *t)
{
    struct span rest = span_from(words(t->step), t->sent);

    while (rest.len) {
        ssize_t n = send(t->fd, rest.at, rest.len, MSG_NOSIGNAL);

        if (n < 0 && errno == EAGAIN) {
            wait_for(t, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return;
        }
        if (n < 0)
            give_up(strerror(errno));
        t->sent += (size_t)n;
        rest = span_from(rest, (size_t)n);
    }
    if (t->step == LETTER) /* the only one that may have been cut */
        wait_for(t, EPOLLIN, EPOLL_CTL_MOD);
}

static void go(struct talk *t, enum step s)
{
    t->step = s;
    t->sent = 0;
    say(t);
}

static void dial(struct talk *t)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_port = htons((uint16_t)load.port),
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int one = 1;

    if (load.begun == load.letters)
        return;
    load.begun++;
    load.open++;
    *t = (struct talk){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0) };
    setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(t->fd, (struct sockaddr *)&a, sizeof a) != 0 && errno != EINPROGRESS)
        give_up(strerror(errno));
    wait_for(t, EPOLLIN, EPOLL_CTL_ADD);
}

static void hang_up(struct talk *t)
{
    close(t->fd);
    load.open--;
    dial(t);
}

/* False: the talk is over. */
static bool replied(struct talk *t)
{
    if (t->first != (t->step == DATA ? '3' : '2'))
        give_up("a reply that is no success");
    if (t->step == QUIT) {
        hang_up(t);
        return false;
    }
    if (t->step != LETTER) {
        go(t, t->step + 1);
    } else if (load.kept && load.begun < load.letters) {
        load.begun++;
        go(t, MAIL);
    } else {
        go(t, QUIT);
    }
    return true;
}

static void hear(struct talk *t)
{
    static char room[65536];
    ssize_t n = recv(t->fd, room, sizeof room, 0);

    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        give_up("the server hung up");
    for (ssize_t i = 0; i < n; i++) {
        char c = room[i];

        if (c == '\n') {
            t->column = 0;
            if (t->fourth != '-' && !replied(t))
                return;
            continue;
        }
        if (t->column == 0)
            t->first = c;
        if (t->column == 3)
            t->fourth = c;
        t->column++;
    }
}

static void write_letter(size_t octets)
{
    buf_add_text(&load.letter, "From: <alice@crepes.fr>\r\nTo: <bob@hamburger.edu>\r\n"
                               "Subject: a letter to measure with\r\n\r\n");
    for (size_t len; octets; octets -= len) {
        len = octets < LINE_LEN + 2 ? octets : LINE_LEN + 2;
        buf_add_repeat(&load.letter, 'x', len > 2 ? len - 2 : 1);
        buf_add_text(&load.letter, "\r\n");
    }
    buf_add_text(&load.letter, ".\r\n");
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct epoll_event events[256];
    struct talk *talks;
    size_t sessions;
    double began;

    if (argc != 6)
        give_up("PORT SESSIONS LETTERS OCTETS new|kept");
    load.port = (int)strtol(argv[1], NULL, 10);
    sessions = strtoul(argv[2], NULL, 10);
    load.letters = strtoul(argv[3], NULL, 10);
    load.kept = strcmp(argv[5], "kept") == 0;
    load.poll = epoll_create1(0);
    if (sessions == 0 || sessions > SESSIONS_MAX)
        give_up("so many sessions cannot be");
    write_letter(strtoul(argv[4], NULL, 10));
    talks = mem_zero(sessions, sizeof *talks);
    began = seconds();
    for (size_t i = 0; i < sessions; i++)
        dial(&talks[i]);
    while (load.open) {
        int count = epoll_wait(load.poll, events, 256, 20000);

        if (count == 0)
            give_up("nothing happens any more");
        for (int i = 0; i < count; i++) {
            struct talk *t = events[i].data.ptr;

            if (events[i].events & EPOLLOUT)
                say(t);
            if (events[i].events & ~(uint32_t)EPOLLOUT)
                hear(t);
        }
    }
    printf("%.6f\n", seconds() - began);
    mem_free(talks);
    buf_release(&load.letter);
    return 0;
}
