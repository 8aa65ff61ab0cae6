/*
 * Clients that mean no good, and what `serve` said to them and stored.
 */
#ifndef TESTS_ATTACK_H
#define TESTS_ATTACK_H
#include <netinet/tcp.h>

#include "support/hostile.h"
#include "support/served.h"

/* What a client sends: a beginning, something again and again, an end. */
struct attack {
    struct span first, again;
    size_t times;
    struct span last;
    bool hangs_up; /* after that; else it waits for the server to do so */
};

/* The octets from `at` on, as far as they lie in one piece; empty: that was all. */
static inline struct span attack_from(const struct attack *a, size_t at)
{
    size_t middle = a->again.len * a->times;

    if (at < a->first.len)
        return span_from(a->first, at);
    at -= a->first.len;
    if (at < middle)
        return span_from(a->again, at % a->again.len);
    at -= middle;
    return at < a->last.len ? span_from(a->last, at) : span_make("", 0);
}

#define ATTACK_KEPT 65536 /* of what the server says; more is counted only */

struct attack_heard {
    struct buf said; /* its beginning; release with buf_release */
    size_t lines;    /* of all */
};

static inline bool attack_read(int fd, struct attack_heard *heard)
{
    unsigned char block[65536];
    ssize_t got = read(fd, block, sizeof block);

    for (ssize_t i = 0; i < got; i++)
        heard->lines += block[i] == '\n';
    if (got > 0 && heard->said.len < ATTACK_KEPT)
        buf_add(&heard->said, span_make(block, (size_t)got));
    return got > 0;
}

/* Sends all of it, as fast as the server takes it, and reads until the server ends: it was told to,
 * or has had enough. Reads its log meanwhile, of which lines are lost else. */
static inline struct attack_heard attack_run(struct served *s, int fd, const struct attack *a)
{
    struct attack_heard heard = { .lines = 0 };
    struct span next = attack_from(a, 0);
    size_t at = 0;

    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (;;) {
        struct pollfd p[] = { { fd, (short)(next.len ? POLLIN | POLLOUT : POLLIN), 0 },
                              { s->out, POLLIN, 0 } };

        cr_assert(poll(p, 2, RUN_MILLISECONDS) > 0, "the server is silent; so far: %.2000s",
                  buf_text(&heard.said));
        if (p[1].revents)
            served_read(s);
        if ((p[0].revents & ~POLLOUT) && !attack_read(fd, &heard))
            break;
        if (p[0].revents & POLLOUT) {
            ssize_t put = write(fd, next.at, next.len);

            at += put > 0 ? (size_t)put : 0;
            next = attack_from(a, at);
            if (!next.len && a->hangs_up)
                shutdown(fd, SHUT_WR);
        }
    }
    close(fd);
    return heard;
}

static inline size_t attack_count(struct span all, const char *part)
{
    size_t n = 0;

    for (size_t at = 0;; n++) {
        at = span_search(all, span_of(part), at, false);
        if (at == SPAN_NOT_FOUND)
            return n;
        at += strlen(part);
    }
}

/* Waits until the log tells of so many sessions that are over; how many letters it then has. */
static inline size_t attack_stored(struct served *s, size_t sessions)
{
    static const char over[] = " s, "; /* "closed by the client after 0.001 s, 1 letter" */
    size_t ended = attack_count(buf_span(&s->log), over);

    while (ended < sessions) {
        size_t from = s->log.len - (sizeof over - 2); /* a read may end inside it */

        served_read(s);
        ended += attack_count(span_from(buf_span(&s->log), from), over);
    }
    return attack_count(buf_span(&s->log), " stored ");
}

#endif
