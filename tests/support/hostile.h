/*
 * Servers that mean no good, one client each, in a process of their own. What is sent, how it ends,
 * and what a person is to see of it, in pipes and on the screen alike.
 */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "support/run.h"
#include "support/table.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define SANITIZED 1
#endif

enum hostile_end {
    HOSTILE_FIN,   /* closed */
    HOSTILE_RST,   /* broken off */
    HOSTILE_STAYS, /* open until the client goes */
};

struct hostile {
    const char *name;
    const char *octets; /* sent again and again */
    size_t len, times;
    const char *end; /* and then this */
    enum hostile_end how;
    bool slow; /* octet by octet */
    const char *shown;
};
#define HOSTILE_ENDLESS SIZE_MAX
#define A(text)         text, sizeof(text) - 1

static inline void hostile_put(int fd, struct span octets)
{
    while (octets.len) {
        ssize_t n = write(fd, octets.at, octets.len);

        if (n <= 0)
            _exit(0);
        octets = span_from(octets, (size_t)n);
    }
}

static inline void hostile_serve(int listening, const struct hostile *h)
{
    struct linger hard = { .l_onoff = 1 };
    struct buf block = { 0 };
    char from_client[4096];
    int fd = accept(listening, NULL, NULL), one = 1;
    size_t each = h->slow ? 1 : h->times < 1000 ? h->times : 1000;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (size_t i = 0; i < each; i++)
        buf_add(&block, span_make(h->octets, h->len));
    for (size_t i = 0; each && (h->times == HOSTILE_ENDLESS || i < h->times); i += each)
        for (size_t k = 0; k < block.len; k += h->slow ? 1 : block.len)
            hostile_put(fd, h->slow ? span_make(block.at + k, 1) : buf_span(&block));
    hostile_put(fd, span_of(h->end));
    if (h->how == HOSTILE_RST)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    else if (h->how == HOSTILE_FIN)
        shutdown(fd, SHUT_WR);
    while (h->how != HOSTILE_RST && read(fd, from_client, sizeof from_client) > 0)
        continue;
    close(fd);
    _exit(0);
}

/* A listening socket of loopback, and where it is. */
static inline int hostile_listen(struct tiny *t, int queue)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int listening = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert(bind(listening, (struct sockaddr *)&at, len) == 0 && listen(listening, queue) == 0 &&
              getsockname(listening, (struct sockaddr *)&at, &len) == 0);
    *t = (struct tiny){ .pid = 0 };
    snprintf(t->place, sizeof t->place, "127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    return listening;
}

/* Ended by tiny_end. */
static inline struct tiny hostile_start(const struct hostile *h)
{
    struct tiny t;
    int listening = hostile_listen(&t, 1);

    t.pid = fork();
    cr_assert(t.pid >= 0);
    if (t.pid == 0) {
        signal(SIGPIPE, SIG_IGN);
        alarm(RUN_MILLISECONDS / 1000); /* also when the test fails before it ends us */
        hostile_serve(listening, h);
    }
    close(listening);
    return t;
}

/* The most memory that a process had which this one has waited for, in KiB; 0: not known here. */
static inline long hostile_peak(void)
{
    long peak = 0;
#ifdef __linux__ /* elsewhere the unit is another */
    struct rusage used;

    cr_assert(getrusage(RUSAGE_CHILDREN, &used) == 0);
    peak = used.ru_maxrss;
#endif
    return peak;
}

#endif
