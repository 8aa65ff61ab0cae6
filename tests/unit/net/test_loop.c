/* The loop: order, files that are always ready, watches that go in their own callback. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "support/table.h"
#include "support/turn.h"

struct bench {
    struct loop *loop;
    struct watch *watch;
    int fd;
    struct buf order;
    int calls, limit;
};

static void take(struct bench *b, char name)
{
    char octet;

    cr_assert_eq(read(b->fd, &octet, 1), 1);
    buf_add_octet(&b->order, (unsigned char)name);
}

struct source {
    struct bench *bench;
    int fd;
    char name;
};

static void source_ready(void *ctx)
{
    struct source *s = ctx;

    s->bench->fd = s->fd;
    take(s->bench, s->name);
}

Test(loop, serves_the_terminal_first)
{
    struct bench b = { .loop = loop_new(NULL) };
    int net[2], terminal[2];
    struct source sn, st;
    struct watch *wn, *wt;

    cr_assert(pipe(net) == 0 && pipe(terminal) == 0);
    sn = (struct source){ &b, net[0], 'n' };
    st = (struct source){ &b, terminal[0], 't' };
    wn = loop_watch_read(b.loop, net[0], LOOP_NETWORK, source_ready, &sn);
    wt = loop_watch_read(b.loop, terminal[0], LOOP_TERMINAL, source_ready, &st);
    cr_assert_eq(write(net[1], "nn", 2), 2);
    cr_assert_eq(write(terminal[1], "tt", 2), 2);
    cr_expect(TURN_UNTIL(b.loop, b.order.len == 4));
    cr_expect_str_eq(buf_text(&b.order), "ttnn");
    watch_free(wn);
    watch_free(wt);
    loop_free(b.loop);
    buf_release(&b.order);
}

static void read_all(void *ctx)
{
    struct bench *b = ctx;
    char piece[4];
    ssize_t n = read(b->fd, piece, sizeof(piece));

    b->calls++;
    if (n > 0) {
        buf_add(&b->order, span_make(piece, (size_t)n));
    } else {
        watch_free(b->watch);
        b->watch = NULL;
    }
}

static void count(void *ctx)
{
    (*(int *)ctx)++;
}

Test(loop, reads_files_to_their_end_and_starves_nobody)
{
    char name[] = "/tmp/smtpscope-loop-XXXXXX";
    struct bench b = { .loop = loop_new(NULL), .fd = mkstemp(name) };
    int ticks = 0;
    struct watch *timer = loop_timer(b.loop, count, &ticks);

    cr_assert_geq(b.fd, 0);
    unlink(name);
    cr_assert_eq(write(b.fd, "HELO a\nQUIT\n", 12), 12);
    cr_assert_eq(lseek(b.fd, 0, SEEK_SET), 0);
    b.watch = loop_watch_read(b.loop, b.fd, LOOP_TERMINAL, read_all, &b);
    watch_set_timer(timer, 0);
    cr_expect(TURN_UNTIL(b.loop, !b.watch));
    cr_expect_str_eq(buf_text(&b.order), "HELO a\nQUIT\n");
    cr_expect_eq(b.calls, 4, "%d", b.calls);
    cr_expect_eq(ticks, 1);
    watch_free(timer);
    loop_free(b.loop);
    buf_release(&b.order);
    close(b.fd);
}

static const char *const endless[] = { "/dev/null", "/dev/zero" };

Test(loop, takes_devices_that_epoll_refuses)
{
    for (size_t i = 0; i < ROWS(endless); i++) {
        struct loop *l = loop_new(NULL);
        int fd = open(endless[i], O_RDONLY), calls = 0, ticks = 0;
        struct watch *w = loop_watch_read(l, fd, LOOP_TERMINAL, count, &calls);
        struct watch *timer = loop_timer(l, count, &ticks);

        watch_set_timer(timer, 1000);
        cr_expect(TURN_UNTIL(l, calls > 2 && ticks == 1), "%s", endless[i]);
        watch_stop(w);
        calls = 0;
        loop_poll(l);
        cr_expect_eq(calls, 0, "stopped");
        watch_start(w);
        cr_expect(TURN_UNTIL(l, calls > 0), "started again");
        watch_free(w);
        watch_free(timer);
        loop_free(l);
        close(fd);
    }
}

static void once_then_free(void *ctx)
{
    struct bench *b = ctx;

    b->calls++;
    watch_free(b->watch);
    b->watch = NULL;
}

Test(loop, lets_watches_go_in_their_own_callback)
{
    struct bench b = { .loop = loop_new(NULL) };

    b.watch = loop_timer(b.loop, once_then_free, &b);
    watch_set_timer(b.watch, 0);
    cr_expect(TURN_UNTIL(b.loop, b.calls == 1));
    b.watch = loop_watch_signal(b.loop, SIGUSR1, once_then_free, &b);
    raise(SIGUSR1);
    cr_expect(TURN_UNTIL(b.loop, b.calls == 2));
    cr_expect_null(b.watch);
    cr_expect_not(loop_once(b.loop), "nothing is left to wait for");
    loop_free(b.loop);
}

Test(loop, sets_timers_anew_and_stops_them)
{
    struct loop *l = loop_new(NULL);
    int first = 0, second = 0;
    struct watch *a = loop_timer(l, count, &first), *b = loop_timer(l, count, &second);
    int64_t before = loop_now(l);

    watch_set_timer(a, 0);
    watch_stop(a);
    watch_set_timer(b, 60 * CLOCK_SECOND);
    watch_set_timer(b, 2000);
    cr_expect(TURN_UNTIL(l, second == 1));
    cr_expect_eq(first, 0);
    cr_expect_geq(loop_now(l) - before, 1000);
    cr_expect_gt(loop_wall(), (int64_t)1600000000 * CLOCK_SECOND);
    watch_free(a);
    watch_free(b);
    loop_free(l);
}
