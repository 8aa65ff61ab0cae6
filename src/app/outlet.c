/*
 * Not by O_NONBLOCK: the descriptor's flags are shared with whoever started the program. poll()
 * says when a pipe takes some more; so much is then written, and no write waits.
 */
#include "app/outlet.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* A pipe that says it is ready takes so much without a wait (POSIX, write()). */
#ifdef PIPE_BUF
#define READY_TAKES ((size_t)PIPE_BUF)
#else
#define READY_TAKES ((size_t)_POSIX_PIPE_BUF)
#endif
/* A busy server's log goes out so often, or in pieces of this size: a write for each turn of the
 * loop would cost as much as a turn. After a silence the first line goes out at once. */
#define GATHERS     (CLOCK_SECOND / 100)
#define GATHERS_MAX ((size_t)64 * 1024)
/* How soon a reader who was too slow is looked at again. */
#define AGAIN (CLOCK_SECOND / 50)

struct outlet {
    struct loop *loop;
    struct watch *again;
    struct buf waiting;
    uint64_t lost;
    int64_t wrote; /* when it did last */
    int fd, broken;
    bool file; /* takes all at once */
    bool full;
    bool will; /* it looks again by itself */
};

static void write_out(struct outlet *o);

static void look_again(void *ctx)
{
    struct outlet *o = ctx;

    o->will = false;
    write_out(o);
}

struct outlet *outlet_new(struct loop *l, int fd)
{
    struct outlet *o = mem_zero(1, sizeof *o);
    struct stat st;

    *o = (struct outlet){ .loop = l, .fd = fd };
    o->file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    o->again = loop_timer(l, look_again, o);
    return o;
}

void outlet_free(struct outlet *o)
{
    if (!o)
        return;
    watch_free(o->again);
    buf_release(&o->waiting);
    mem_free(o);
}

struct buf *outlet_line(struct outlet *o)
{
    if (!o->full && !o->broken)
        return &o->waiting;
    o->lost += !o->broken;
    return NULL;
}

uint64_t outlet_lost(struct outlet *o)
{
    uint64_t lost = o->lost;

    o->lost = 0;
    return lost;
}

int outlet_broken(const struct outlet *o)
{
    return o->broken;
}

/* Does it take octets now, or within so many milliseconds? A reader who is gone shows in the write
 * after it. */
static bool ready(const struct outlet *o, int milliseconds)
{
    struct pollfd p = { o->fd, POLLOUT, 0 };

    return o->file || poll(&p, 1, milliseconds) > 0;
}

/* Writes a piece; how many octets of it went out. */
static size_t put(struct outlet *o, struct span octets)
{
    ssize_t done;

    if (!o->file)
        octets = span_first(octets, READY_TAKES);
    done = write(o->fd, octets.at, octets.len);
    if (done < 0 && errno != EINTR && errno != EAGAIN)
        o->broken = errno;
    return done > 0 ? (size_t)done : 0;
}

static void look_in(struct outlet *o, int64_t microseconds)
{
    if (!o->will)
        watch_set_timer(o->again, microseconds);
    o->will = true;
}

/* Writes what can be written without waiting. */
static void write_out(struct outlet *o)
{
    size_t done = 0, more = 1;

    while (done < o->waiting.len && more && ready(o, 0)) {
        more = put(o, span_from(buf_span(&o->waiting), done));
        done += more;
    }
    buf_consume(&o->waiting, done);
    if (o->broken)
        buf_clear(&o->waiting);
    if (o->waiting.len >= OUTLET_MAX)
        o->full = true;
    else if (o->waiting.len <= OUTLET_MAX / 2)
        o->full = false;
    o->wrote = loop_now(o->loop);
    if (o->waiting.len)
        look_in(o, AGAIN);
}

void outlet_turn(struct outlet *o)
{
    int64_t gathered;

    if (!o->waiting.len)
        return;
    gathered = loop_now(o->loop) - o->wrote;
    if (gathered >= GATHERS || o->waiting.len >= GATHERS_MAX)
        write_out(o);
    else
        look_in(o, GATHERS - gathered);
}

void outlet_finish(struct outlet *o, int64_t microseconds)
{
    int64_t until = loop_now(o->loop) + microseconds, left = microseconds;

    write_out(o);
    while (o->waiting.len && left > 0) {
        if (!ready(o, (int)(left / 1000) + 1))
            return;
        write_out(o);
        left = until - loop_now(o->loop);
    }
}
