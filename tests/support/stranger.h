/*
 * A client that the program does not know: a bare stream over loopback, and what came on it.
 */
#ifndef TESTS_STRANGER_H
#define TESTS_STRANGER_H
#include <string.h>

#include "base/buf.h"
#include "net/stream.h"
#include "support/turn.h"

struct stranger {
    struct stream *stream;
    struct buf got;
    bool closed, reset;
    unsigned reads;         /* how often something came */
    enum stream_event last; /* that was told */
};

static inline void stranger_octets(void *ctx, struct span octets)
{
    struct stranger *p = ctx;

    p->reads++;
    buf_add(&p->got, octets);
}

static inline void stranger_event(void *ctx, enum stream_event e, const char *detail)
{
    struct stranger *p = ctx;

    (void)detail;
    p->last = e;
    p->closed |= e == STREAM_CLOSED;
    p->reset |= e == STREAM_RESET;
}

static inline void stranger_dial(struct loop *l, unsigned port, struct stranger *p)
{
    struct stream_hooks hooks = { stranger_octets, stranger_event, p };
    struct stream_target t = { .host = "127.0.0.1", .port = port, .timeout = 5 * CLOCK_SECOND };

    *p = (struct stranger){ .stream = stream_connect(l, &t, &hooks) };
}

static inline void stranger_end(struct stranger *p)
{
    stream_free(p->stream);
    buf_release(&p->got);
}

static inline void stranger_say(struct stranger *p, const char *text)
{
    stream_write(p->stream, span_of(text));
}

/* Turns the loop until all that came ends in `text`. */
#define STRANGER_HEARS(loop, p, text)                                                              \
    TURN_UNTIL(loop, (p)->got.len >= strlen(text) &&                                               \
                         strcmp(buf_text(&(p)->got) + (p)->got.len - strlen(text), text) == 0)

#endif
