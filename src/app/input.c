#include "app/input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct input {
    struct watch *watch;
    struct input_hooks hooks;
    struct buf line; /* the unfinished one */
    unsigned number; /* of lines so far */
    int fd;
    bool paused, ended, refusing; /* refusing: inside a line that is too long */
};

static void give(struct input *in, struct span line)
{
    in->number++;
    if (in->refusing || in->line.len + line.len > INPUT_LINE_MAX) {
        struct error err;

        error_set(&err, "line %u of the input has more than %zu octets and is not sent", in->number,
                  INPUT_LINE_MAX);
        in->hooks.complain(in->hooks.ctx, err.text);
    } else if (in->line.len) {
        buf_add(&in->line, line);
        in->hooks.line(in->hooks.ctx, buf_span(&in->line));
    } else {
        in->hooks.line(in->hooks.ctx, line);
    }
    in->refusing = false;
    buf_clear(&in->line);
}

static void take(struct input *in, struct span octets)
{
    while (octets.len) {
        size_t end = span_find(octets, '\n');

        if (end < octets.len) {
            give(in, span_first(octets, end));
        } else if (!in->refusing) {
            buf_add(&in->line, octets);
            if (in->line.len > INPUT_LINE_MAX) {
                in->refusing = true;
                buf_release(&in->line);
            }
        }
        octets = span_from(octets, end + 1);
    }
}

static void readable(void *ctx)
{
    static unsigned char block[64 * 1024];
    struct input *in = ctx;
    ssize_t got = read(in->fd, block, sizeof block);

    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got > 0) {
        take(in, span_make(block, (size_t)got));
        return;
    }
    if (got < 0) {
        struct error err;

        error_set(&err, "standard input cannot be read: %s", strerror(errno));
        in->hooks.complain(in->hooks.ctx, err.text);
    }
    watch_stop(in->watch);
    in->ended = true;
    if (in->line.len || in->refusing)
        give(in, SPAN("")); /* a last line without its end counts, too */
    in->hooks.ended(in->hooks.ctx);
}

struct input *input_new(struct loop *l, int fd, const struct input_hooks *hooks)
{
    struct input *in = mem_zero(1, sizeof *in);

    in->fd = fd;
    in->hooks = *hooks;
    in->watch = loop_watch_read(l, fd, LOOP_NETWORK, readable, in);
    return in;
}

void input_pause(struct input *in, bool paused)
{
    if (in->ended || in->paused == paused)
        return;
    in->paused = paused;
    if (paused)
        watch_stop(in->watch);
    else
        watch_start(in->watch);
}

void input_free(struct input *in)
{
    if (!in)
        return;
    watch_free(in->watch);
    buf_release(&in->line);
    mem_free(in);
}
