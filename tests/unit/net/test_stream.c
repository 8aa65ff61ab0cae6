/* Streams over loopback sockets: octets, ends, time-outs, and freeing in the middle of it all. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/stream.h"
#include "support/table.h"
#include "support/turn.h"

/* One end, and all that was told about it. */
struct end {
    struct stream *stream;
    struct buf octets, events;
    struct buf last; /* what the last event said */
    bool over;
    enum stream_event free_at; /* free the stream at this event ... */
    bool free_wanted, free_at_octets;
};

static const char *const names[] = {
    [STREAM_RESOLVED] = "resolved",   [STREAM_CONNECTING] = "connecting",
    [STREAM_CONNECTED] = "connected", [STREAM_CLOSED] = "closed",
    [STREAM_RESET] = "reset",         [STREAM_NOT_FOUND] = "not-found",
    [STREAM_REFUSED] = "refused",     [STREAM_UNREACHABLE] = "unreachable",
    [STREAM_TIMEOUT] = "timeout",     [STREAM_DRAINED] = "drained",
};

static void end_free(struct end *e)
{
    stream_free(e->stream);
    e->stream = NULL;
    e->over = true;
}

static void end_octets(void *ctx, struct span octets)
{
    struct end *e = ctx;

    buf_add(&e->octets, octets);
    if (e->free_at_octets)
        end_free(e);
}

static void end_event(void *ctx, enum stream_event event, const char *detail)
{
    struct end *e = ctx;

    buf_printf(&e->events, "%s%s", e->events.len ? " " : "", names[event]);
    cr_expect_not_null(detail);
    buf_clear(&e->last);
    buf_add_text(&e->last, detail);
    if (event >= STREAM_CLOSED && event != STREAM_DRAINED)
        e->over = true;
    if (e->free_wanted && event == e->free_at)
        end_free(e);
}

static void end_release(struct end *e)
{
    stream_free(e->stream);
    buf_release(&e->octets);
    buf_release(&e->events);
    buf_release(&e->last);
}

static struct stream_hooks end_hooks(struct end *e)
{
    return (struct stream_hooks){ end_octets, end_event, e };
}

struct pair {
    struct loop *loop;
    struct listener *listener;
    struct end client, server;
};

static void accepted(void *ctx, int fd)
{
    struct pair *p = ctx;
    struct stream_hooks hooks = end_hooks(&p->server);

    cr_assert_null(p->server.stream, "one client is enough");
    p->server.stream = stream_accepted(p->loop, fd, &hooks);
}

static void dial(struct pair *p, const char *host)
{
    struct stream_hooks hooks = end_hooks(&p->client);
    struct stream_target t = { .host = host,
                               .port = listener_port(p->listener),
                               .timeout = 5 * CLOCK_SECOND };

    p->client.stream = stream_connect(p->loop, &t, &hooks);
}

static void pair_start(struct pair *p)
{
    struct error err = { "" };

    *p = (struct pair){ .loop = loop_new(NULL) };
    p->listener = listener_new(p->loop, "127.0.0.1", 0, accepted, p, &err);
    cr_assert_not_null(p->listener, "%s", err.text);
    cr_assert_neq(listener_port(p->listener), 0);
}

static void pair_open(struct pair *p)
{
    pair_start(p);
    dial(p, "127.0.0.1");
    cr_expect_eq(p->client.events.len, 0, "nothing is told from inside stream_connect");
    cr_assert(TURN_UNTIL(p->loop, p->server.stream && stream_peer_port(p->client.stream)));
}

static void pair_end(struct pair *p)
{
    end_release(&p->client);
    end_release(&p->server);
    listener_free(p->listener);
    loop_free(p->loop);
}

Test(stream, connects_and_carries_octets_both_ways)
{
    struct pair p;

    pair_open(&p);
    cr_expect_str_eq(buf_text(&p.client.events), "connecting connected");
    cr_expect_str_eq(stream_peer(p.client.stream), "127.0.0.1");
    cr_expect_eq(stream_peer_port(p.client.stream), listener_port(p.listener));
    cr_expect_eq(stream_local_port(p.client.stream), stream_peer_port(p.server.stream));
    stream_write(p.client.stream, SPAN("EHLO x\r\n"));
    cr_expect_eq(stream_queued(p.client.stream), 0, "sent at once");
    stream_write(p.server.stream, SPAN("250 y\r\n"));
    cr_expect(TURN_UNTIL(p.loop, p.server.octets.len == 8 && p.client.octets.len == 7));
    cr_expect_str_eq(buf_text(&p.server.octets), "EHLO x\r\n");
    pair_end(&p);
}

Test(stream, reaches_localhost_by_name_whatever_family_listens)
{
    struct pair p;

    pair_start(&p);
    dial(&p, "LocalHost");
    cr_assert(TURN_UNTIL(p.loop, p.server.stream && stream_peer_port(p.client.stream)));
    cr_expect_str_eq(buf_text(&p.client.events), "resolved connecting connecting connected");
    pair_end(&p);
}

Test(stream, knows_its_port_before_the_connection_stands)
{
    struct pair p;

    pair_start(&p);
    dial(&p, "127.0.0.1");
    cr_assert(TURN_UNTIL(p.loop, p.server.stream));
    cr_expect_eq(stream_local_port(p.client.stream), stream_peer_port(p.server.stream));
    pair_end(&p);
}

Test(stream, holds_what_is_written_before_the_connection_stands)
{
    struct pair p;

    pair_start(&p);
    dial(&p, "127.0.0.1");
    stream_write(p.client.stream, SPAN("QUIT\r\n"));
    stream_finish(p.client.stream); /* gives the attempt up: nothing may come of it */
    cr_expect_eq(stream_queued(p.client.stream), 0);
    end_free(&p.client);
    p.client.octets.len = 0;
    dial(&p, "127.0.0.1");
    stream_write(p.client.stream, SPAN("NOOP\r\n"));
    cr_expect_eq(stream_queued(p.client.stream), 6);
    cr_assert(TURN_UNTIL(p.loop, p.server.octets.len));
    cr_expect_str_eq(buf_text(&p.server.octets), "NOOP\r\n");
    pair_end(&p);
}

Test(stream, delivers_octets_before_the_end_and_goes_on_sending)
{
    struct pair p;

    pair_open(&p);
    stream_write(p.server.stream, SPAN("421 bye\r\n"));
    stream_finish(p.server.stream);
    stream_write(p.server.stream, SPAN("too late"));
    cr_assert(TURN_UNTIL(p.loop, p.client.over));
    cr_expect_str_eq(buf_text(&p.client.octets), "421 bye\r\n");
    cr_expect_str_eq(buf_text(&p.client.events), "connecting connected closed");
    stream_write(p.client.stream, SPAN("QUIT\r\n"));
    cr_expect(TURN_UNTIL(p.loop, p.server.octets.len == 6), "half open, as TCP allows");
    pair_end(&p);
}

Test(stream, ends_with_its_last_octets)
{
    struct pair p;

    pair_open(&p);
    stream_write_last(p.server.stream, SPAN("221 bye\r\n"));
    stream_write_last(p.server.stream, SPAN("too late"));
    cr_assert(TURN_UNTIL(p.loop, p.client.over));
    cr_expect_str_eq(buf_text(&p.client.octets), "221 bye\r\n");
    cr_expect_str_eq(buf_text(&p.client.events), "connecting connected closed");
    stream_write(p.client.stream, SPAN("QUIT\r\n"));
    cr_expect(TURN_UNTIL(p.loop, p.server.octets.len == 6), "the other side is open");
    pair_end(&p);
}

Test(stream, tells_a_reset_from_an_end)
{
    struct pair p;

    pair_open(&p);
    stream_abort(p.server.stream);
    cr_assert(TURN_UNTIL(p.loop, p.client.over));
    cr_expect_str_eq(buf_text(&p.client.events), "connecting connected reset");
    stream_write(p.client.stream, SPAN("QUIT\r\n"));
    cr_expect_eq(stream_queued(p.client.stream), 0, "dropped");
    cr_expect_eq(p.server.events.len, 0, "whoever breaks off is told nothing");
    pair_end(&p);
}

Test(stream, finds_a_reset_while_sending_and_delivers_what_came_before)
{
    struct pair p;

    pair_open(&p);
    stream_pause(p.client.stream, true);
    stream_write(p.server.stream, SPAN("554 no\r\n"));
    stream_abort(p.server.stream);
    /* The first is answered by RST, if that has not come already; then sending fails. */
    stream_write(p.client.stream, SPAN("MAIL\r\n"));
    stream_write(p.client.stream, SPAN("RCPT\r\n"));
    stream_write(p.client.stream, SPAN("DATA\r\n"));
    loop_poll(p.loop);
    cr_expect_not(p.client.over, "paused");
    stream_pause(p.client.stream, false);
    cr_assert(TURN_UNTIL(p.loop, p.client.over));
    cr_expect_str_eq(buf_text(&p.client.events), "connecting connected reset");
    pair_end(&p);
}

/* Whoever stopped reading because the queue is long has nobody else to tell it that it is empty. */
Test(stream, tells_one_that_does_not_read_that_nothing_is_queued_any_more)
{
    static const struct {
        const char *name, *events;
        bool paused, finished;
    } cases[] = {
        { "reads", "reset", false, false },
        { "does not read", "drained reset", true, false },
        { "heard the end", "closed reset", false, true },
        { "heard the end, does not read", "closed reset", true, true },
    };
    unsigned char *all = mem_zero(1, 8 * 1024 * 1024);

    for (size_t i = 0; i < ROWS(cases); i++) {
        struct pair p;

        pair_open(&p);
        stream_pause(p.client.stream, true);
        if (cases[i].finished) {
            stream_finish(p.client.stream);
            cr_assert(TURN_UNTIL(p.loop, p.server.over));
        }
        stream_pause(p.server.stream, cases[i].paused);
        stream_write(p.server.stream, span_make(all, 8 * 1024 * 1024));
        loop_poll(p.loop);
        cr_expect(stream_backed_up(p.server.stream));
        stream_abort(p.client.stream);
        cr_expect(TURN_UNTIL(p.loop, stream_queued(p.server.stream) == 0), "%s", cases[i].name);
        loop_poll(p.loop);
        stream_pause(p.server.stream, false);
        cr_expect(TURN_UNTIL(p.loop, strstr(buf_text(&p.server.events), "reset")), "%s",
                  cases[i].name);
        cr_expect_str_eq(buf_text(&p.server.events), cases[i].events, "%s: %s", cases[i].name,
                         buf_text(&p.server.events));
        pair_end(&p);
    }
    mem_free(all);
}

/* One that no loop knows of. */
static int raw_listener(int queue, unsigned *port)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct address a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
    cr_assert_eq(listen(fd, queue), 0);
    cr_assert(address_local(fd, &a));
    *port = address_port(&a);
    return fd;
}

/* The peer accepts, speaks and breaks off before the loop has seen that the connection stands. */
Test(stream, delivers_what_came_when_it_is_broken_off_at_once)
{
    static const bool speaks[] = { true, false };

    for (size_t i = 0; i < ROWS(speaks); i++) {
        struct loop *l = loop_new(NULL);
        struct end e = { 0 };
        struct stream_hooks hooks = end_hooks(&e);
        struct linger hard = { .l_onoff = 1 };
        unsigned port;
        int listening = raw_listener(8, &port), fd;

        e.stream = stream_connect(
            l,
            &(struct stream_target){ .host = "127.0.0.1", .port = port, .timeout = CLOCK_SECOND },
            &hooks);
        while (!e.events.len)
            loop_once(l);
        fd = accept(listening, NULL, NULL);
        cr_assert(fd >= 0);
        if (speaks[i])
            cr_assert_eq(write(fd, "554 no\r\n", 8), 8);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
        close(fd);
        cr_assert(TURN_UNTIL(l, e.over));
        cr_expect_str_eq(buf_text(&e.events), "connecting connected reset", "%s",
                         buf_text(&e.events));
        cr_expect_str_eq(buf_text(&e.octets), speaks[i] ? "554 no\r\n" : "");
        cr_expect_str_eq(stream_peer(e.stream), "127.0.0.1");
        end_release(&e);
        loop_free(l);
        close(listening);
    }
}

#define MUCH ((size_t)8 * 1024 * 1024)

Test(stream, queues_what_the_peer_does_not_take_yet)
{
    struct pair p;
    unsigned char *all = mem_alloc(MUCH);
    struct span octets = { all, MUCH };

    for (size_t i = 0; i < MUCH; i++)
        all[i] = (unsigned char)(i * 7 + i / 251);
    pair_open(&p);
    stream_pause(p.server.stream, true);
    stream_write(p.client.stream, octets);
    stream_finish(p.client.stream);
    loop_poll(p.loop);
    cr_expect(stream_backed_up(p.client.stream));
    cr_expect_eq(p.server.octets.len, 0, "paused");
    stream_pause(p.server.stream, false);
    cr_assert(TURN_UNTIL(p.loop, p.server.over));
    cr_expect(span_eq(buf_span(&p.server.octets), octets));
    cr_expect_str_eq(buf_text(&p.client.events), "connecting connected drained");
    cr_expect_str_eq(buf_text(&p.server.events), "closed", "FIN, after all octets");
    pair_end(&p);
    mem_free(all);
}

static const enum stream_event moments[] = { STREAM_RESOLVED, STREAM_CONNECTING, STREAM_CONNECTED,
                                             STREAM_CLOSED };

Test(stream, can_be_freed_in_any_of_its_hooks)
{
    for (size_t i = 0; i <= ROWS(moments); i++) {
        struct pair p;

        pair_start(&p);
        p.client.free_at_octets = i == ROWS(moments);
        p.client.free_wanted = !p.client.free_at_octets;
        p.client.free_at = p.client.free_wanted ? moments[i] : STREAM_CLOSED;
        dial(&p, "localhost");
        if (i >= 3) {
            cr_assert(TURN_UNTIL(p.loop, p.server.stream));
            stream_write(p.server.stream, SPAN("220 hi\r\n"));
            stream_finish(p.server.stream);
        }
        cr_expect(TURN_UNTIL(p.loop, p.client.over), "row %zu", i);
        cr_expect_null(p.client.stream, "row %zu", i);
        pair_end(&p);
    }
}

Test(stream, says_that_nobody_listens)
{
    struct pair p;
    unsigned port;
    struct stream_hooks hooks;

    pair_start(&p);
    port = listener_port(p.listener);
    listener_free(p.listener);
    p.listener = NULL;
    hooks = end_hooks(&p.client);
    p.client.stream = stream_connect(
        p.loop,
        &(struct stream_target){ .host = "localhost", .port = port, .timeout = CLOCK_SECOND },
        &hooks);
    cr_assert(TURN_UNTIL(p.loop, p.client.over));
    cr_expect_str_eq(buf_text(&p.client.events), "resolved connecting connecting refused");
    pair_end(&p);
}

/* A listener whose queue is full: the system answers further attempts with silence. */
static int full_listener(unsigned *port, int fill[4])
{
    struct address a;
    int fd = raw_listener(0, port);

    cr_assert(address_local(fd, &a));
    for (int i = 0; i < 4; i++) {
        fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(fill[i], (struct sockaddr *)&a.at, a.len);
    }
    return fd;
}

Test(stream, gives_up_when_its_time_is_over)
{
    struct loop *l = loop_new(NULL);
    struct end e = { 0 };
    struct stream_hooks hooks = end_hooks(&e);
    int fill[4], fd;
    unsigned port;
    int64_t before = loop_now(l), took;

    fd = full_listener(&port, fill);
    e.stream = stream_connect(
        l, &(struct stream_target){ .host = "127.0.0.1", .port = port, .timeout = 60000 }, &hooks);
    cr_assert(TURN_UNTIL(l, e.over));
    took = loop_now(l) - before;
    cr_expect_str_eq(buf_text(&e.events), "connecting timeout");
    cr_expect(took >= 55000 && took < 5 * CLOCK_SECOND, "%lld us", (long long)took);
    end_release(&e);
    loop_free(l);
    close(fd);
    for (int i = 0; i < 4; i++)
        close(fill[i]);
}

static const struct {
    const char *host;
    enum stream_family family;
    const char *events;
} families[] = {
    { "127.0.0.1", STREAM_V6, "not-found" },
    { "::1", STREAM_V4, "not-found" },
    { "localhost", STREAM_V4, "resolved connecting connected" },
};

Test(stream, keeps_to_the_family_asked_for)
{
    for (size_t i = 0; i < ROWS(families); i++) {
        struct pair p;
        struct stream_hooks hooks;

        pair_start(&p);
        hooks = end_hooks(&p.client);
        p.client.stream = stream_connect(p.loop,
                                         &(struct stream_target){ .host = families[i].host,
                                                                  .port = listener_port(p.listener),
                                                                  .family = families[i].family,
                                                                  .timeout = CLOCK_SECOND },
                                         &hooks);
        cr_expect(TURN_UNTIL(p.loop, p.client.over || p.server.stream));
        cr_expect(TURN_UNTIL(p.loop, p.client.over || stream_peer_port(p.client.stream)));
        cr_expect_str_eq(buf_text(&p.client.events), families[i].events, "%s: %s", families[i].host,
                         buf_text(&p.client.events));
        pair_end(&p);
    }
}

static const struct {
    const char *name, *host, *source;
    enum stream_family family;
    const char *events, *detail;
} sources[] = {
    { "our own", "127.0.0.1", "127.0.0.1", STREAM_ANY, "connecting connected", "" },
    { "another of our own", "127.0.0.1", "127.0.0.2", STREAM_ANY, "connecting connected", "" },
    { "its family decides", "localhost", "127.0.0.1", STREAM_ANY, "resolved connecting connected",
      "" },
    { "not ours", "127.0.0.1", "192.0.2.9", STREAM_ANY, "connecting unreachable",
      "(this machine has no address 192.0.2.9 to connect from)" },
    { "no address", "127.0.0.1", "eth0", STREAM_ANY, "unreachable",
      "'eth0' is no address in numbers to connect from" },
    { "other family", "127.0.0.1", "::1", STREAM_ANY, "not-found",
      "this is an IPv4 address, and our own is IPv6" },
    { "other family, v6", "::1", "127.0.0.1", STREAM_ANY, "not-found",
      "this is an IPv6 address, and our own is IPv4" },
    { "not the family asked for", "localhost", "127.0.0.1", STREAM_V6, "unreachable",
      "our own address 127.0.0.1 is IPv4, and only IPv6 is wanted" },
};

Test(stream, connects_from_the_address_asked_for)
{
    for (size_t i = 0; i < ROWS(sources); i++) {
        struct pair p;
        struct stream_hooks hooks;

        pair_start(&p);
        hooks = end_hooks(&p.client);
        p.client.stream = stream_connect(p.loop,
                                         &(struct stream_target){ .host = sources[i].host,
                                                                  .port = listener_port(p.listener),
                                                                  .family = sources[i].family,
                                                                  .source = sources[i].source,
                                                                  .timeout = CLOCK_SECOND },
                                         &hooks);
        cr_expect(TURN_UNTIL(p.loop, p.client.over ||
                                         (p.server.stream && stream_peer_port(p.client.stream))));
        cr_expect_str_eq(buf_text(&p.client.events), sources[i].events, "%s: %s", sources[i].name,
                         buf_text(&p.client.events));
        cr_expect(strstr(buf_text(&p.client.last), sources[i].detail), "%s: %s", sources[i].name,
                  buf_text(&p.client.last));
        if (p.server.stream)
            cr_expect_str_eq(stream_peer(p.server.stream), sources[i].source);
        pair_end(&p);
    }
}

Test(listener, refuses_what_it_cannot_listen_on)
{
    struct pair p;
    struct error err = { "" };

    pair_start(&p);
    cr_expect_null(listener_new(p.loop, "mx.example.org", 0, accepted, &p, &err));
    cr_expect(strstr(err.text, "in numbers"), "%s", err.text);
    cr_expect_null(
        listener_new(p.loop, "127.0.0.1", listener_port(p.listener), accepted, &p, &err));
    cr_expect(strstr(err.text, "another program"), "%s", err.text);
    cr_expect_null(listener_new(p.loop, "192.0.2.1", 0, accepted, &p, &err));
    cr_expect(strstr(err.text, "192.0.2.1:0"), "%s", err.text);
    pair_end(&p);
}
