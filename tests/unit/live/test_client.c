/* The client's side of a dialogue, against a peer that does as each test says. */
#include "live/client.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/listener.h"
#include "net/proxy_header.h"
#include "support/table.h"
#include "support/turn.h"

/* A server of no protocol, and our client. */
struct scene {
    struct loop *loop;
    struct record *record;
    struct listener *listener;
    struct stream *peer; /* the accepted connection */
    struct client *client;
    struct buf got; /* by the peer */
    bool peer_closed, peer_reset;
    unsigned changed, ended;
    bool free_at_change, free_at_end;
};

static void peer_octets(void *ctx, struct span octets)
{
    struct scene *s = ctx;

    buf_add(&s->got, octets);
}

static void peer_event(void *ctx, enum stream_event e, const char *detail)
{
    struct scene *s = ctx;

    (void)detail;
    s->peer_closed |= e == STREAM_CLOSED;
    s->peer_reset |= e == STREAM_RESET;
}

static void accepted(void *ctx, int fd)
{
    struct scene *s = ctx;
    struct stream_hooks hooks = { peer_octets, peer_event, s };

    cr_assert_null(s->peer);
    s->peer = stream_accepted(s->loop, fd, &hooks);
}

static void free_client(struct scene *s)
{
    client_free(s->client);
    s->client = NULL;
}

static void on_changed(void *ctx)
{
    struct scene *s = ctx;

    s->changed++;
    if (s->free_at_change)
        free_client(s);
}

static void on_ended(void *ctx)
{
    struct scene *s = ctx;

    s->ended++;
    if (s->free_at_end)
        free_client(s);
}

static void start(struct scene *s, const struct record_limits *limits)
{
    *s = (struct scene){ .loop = loop_new(NULL), .record = record_new(limits) };
    s->listener = listener_new(s->loop, "127.0.0.1", 0, accepted, s, NULL);
    cr_assert_not_null(s->listener);
}

static void dial_port(struct scene *s, const char *host, unsigned port, bool local)
{
    struct client_options o = {
        .target = { .host = host, .port = port, .timeout = 5 * CLOCK_SECOND },
        .name = "crepes.fr",
        .local = local
    };
    struct client_hooks hooks = { on_changed, on_ended, s };

    s->client = client_new(s->loop, s->record, &o, &hooks);
}

static void dial(struct scene *s)
{
    dial_port(s, "127.0.0.1", listener_port(s->listener), false);
}

static void open_up(struct scene *s)
{
    dial(s);
    cr_assert(TURN_UNTIL(s->loop, s->peer && client_connected(s->client)));
}

static void finish(struct scene *s)
{
    client_free(s->client);
    stream_free(s->peer);
    listener_free(s->listener);
    record_free(s->record);
    loop_free(s->loop);
    buf_release(&s->got);
}

/* The last event of the dialogue is `want`. */
static void expect_last(const struct scene *s, enum talk_event want)
{
    uint32_t n = record_events(s->record, 1);
    struct record_event e;

    cr_assert_gt(n, 0);
    record_event_get(s->record, 1, n - 1, &e);
    cr_expect_eq(e.event, want, "want '%s', got '%s'", talk_event_text(want),
                 talk_event_text(e.event));
}

static void expect_line(const struct scene *s, uint32_t n, enum side side, const char *want)
{
    struct buf octets = { 0 };

    cr_assert_leq(n, record_lines(s->record, 1));
    cr_expect_eq(record_line_side(s->record, 1, n), side);
    record_line_octets(s->record, 1, n, 0, &octets);
    cr_expect_str_eq(buf_text(&octets), want);
    buf_release(&octets);
}

/* `format`: with the listener's port. */
static void expect_server(const struct scene *s, const char *format)
{
    struct buf want = { 0 };
    struct span rest, before = span_cut(span_of(format), '%', &rest);

    buf_add(&want, before);
    buf_printf(&want, "%u", listener_port(s->listener));
    cr_expect_str_eq(record_server(s->record, record_count(s->record)), buf_text(&want));
    buf_release(&want);
}

Test(client, names_the_server_with_its_port_unless_it_is_smtps_own)
{
    struct scene s;

    start(&s, NULL);
    dial_port(&s, "::1", listener_port(s.listener), false);
    expect_server(&s, "[::1]:%u");
    free_client(&s);
    dial_port(&s, "::1", 25, false);
    cr_expect_str_eq(record_server(s.record, 2), "::1");
    free_client(&s);
    dial_port(&s, "127.0.0.1", 25, false);
    cr_expect_str_eq(record_server(s.record, 3), "127.0.0.1");
    finish(&s);
}

Test(client, gives_a_talk_up_at_once_and_says_that_the_program_did)
{
    struct scene s;
    int64_t before;

    start(&s, NULL);
    open_up(&s);
    before = loop_now(s.loop);
    client_stop(s.client, "no reply came in time");
    cr_expect_not(client_send(s.client, SPAN("NOOP\r\n")));
    cr_expect_eq(s.ended, 0, "told from the loop");
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    cr_expect_lt(loop_now(s.loop) - before, CLOCK_SECOND);
    expect_last(&s, TALK_STOPPED);
    client_stop(s.client, "twice");
    cr_expect_eq(s.ended, 1);
    finish(&s);
}

Test(client, connects_and_records_both_sides)
{
    struct scene s;

    start(&s, NULL);
    dial(&s);
    cr_expect_eq(client_dialogue(s.client), 1);
    cr_expect_not(client_connected(s.client));
    cr_assert(TURN_UNTIL(s.loop, s.peer && client_connected(s.client)));
    cr_expect_eq(client_local_port(s.client), stream_peer_port(s.peer));
    expect_last(&s, TALK_CONNECTED);
    cr_expect_str_eq(record_client(s.record, 1), "crepes.fr");
    expect_server(&s, "127.0.0.1:%u");
    stream_write(s.peer, SPAN("220 hamburger.edu\r\n"));
    cr_assert(TURN_UNTIL(s.loop, record_lines(s.record, 1) == 1));
    cr_expect(client_send(s.client, SPAN("HELO crepes.fr\r\n")));
    cr_expect_eq(record_lines(s.record, 1), 2, "recorded as it is sent");
    cr_assert(TURN_UNTIL(s.loop, s.got.len == 16));
    cr_expect_str_eq(buf_text(&s.got), "HELO crepes.fr\r\n");
    expect_line(&s, 1, SIDE_SERVER, "220 hamburger.edu\r\n");
    expect_line(&s, 2, SIDE_CLIENT, "HELO crepes.fr\r\n");
    cr_expect_eq(s.ended, 0);
    cr_expect_gt(s.changed, 0);
    finish(&s);
}

Test(client, says_nothing_about_networks_when_the_server_is_the_labs)
{
    struct scene s;

    start(&s, NULL);
    dial_port(&s, "127.0.0.1", listener_port(s.listener), true);
    cr_assert(TURN_UNTIL(s.loop, s.peer && client_connected(s.client)));
    cr_expect_eq(record_events(s.record, 1), 0);
    finish(&s);
}

Test(client, holds_what_is_sent_before_the_connection_stands)
{
    struct scene s;

    start(&s, NULL);
    dial(&s);
    cr_expect(client_send(s.client, SPAN("HELO crepes.fr\r\n")));
    cr_expect(client_send(s.client, SPAN("NOOP\r\n")));
    cr_expect_eq(client_queued(s.client), 22);
    cr_expect_eq(record_lines(s.record, 1), 0, "it has not gone yet");
    cr_assert(TURN_UNTIL(s.loop, s.got.len == 22));
    cr_expect_eq(record_lines(s.record, 1), 2);
    cr_expect_eq(client_queued(s.client), 0);
    finish(&s);
}

Test(client, is_refused_where_nobody_listens)
{
    struct scene s;
    unsigned port;

    start(&s, NULL);
    port = listener_port(s.listener);
    listener_free(s.listener);
    s.listener = NULL;
    dial_port(&s, "127.0.0.1", port, false);
    client_send(s.client, SPAN("HELO crepes.fr\r\n"));
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    expect_last(&s, TALK_REFUSED);
    cr_expect(client_ended(s.client));
    cr_expect_not(client_send(s.client, SPAN("NOOP\r\n")));
    cr_expect_eq(record_lines(s.record, 1), 0);
    cr_expect_eq(client_local_port(s.client), 0);
    cr_expect_eq(client_queued(s.client), 0);
    client_close(s.client);
    client_pause(s.client, true);
    cr_expect_eq(s.ended, 1);
    finish(&s);
}

Test(client, tells_a_name_that_is_not_found)
{
    char hosts[] = "/tmp/smtpscope-test-XXXXXX";
    int fd = mkstemp(hosts);
    struct record_event e;
    struct scene s;

    cr_assert_geq(fd, 0);
    close(fd);
    start(&s, NULL);
    loop_name_files(s.loop, hosts, hosts); /* both empty: no name server is asked */
    dial_port(&s, "no-such-host.invalid", 25, false);
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    record_event_get(s.record, 1, 0, &e);
    cr_expect_eq(e.event, TALK_RESOLVING);
    cr_expect(span_eq(e.detail, SPAN("no-such-host.invalid")));
    expect_last(&s, TALK_NOT_FOUND);
    record_event_get(s.record, 1, record_events(s.record, 1) - 1, &e);
    cr_expect(span_starts(e.detail, SPAN("no-such-host.invalid (")));
    finish(&s);
    unlink(hosts);
}

Test(client, records_how_the_server_left)
{
    for (int reset = 0; reset < 2; reset++) {
        struct scene s;

        start(&s, NULL);
        open_up(&s);
        if (!reset)
            stream_write(s.peer, SPAN("421 busy\r\nhalf"));
        if (reset)
            stream_abort(s.peer);
        else
            stream_finish(s.peer);
        cr_assert(TURN_UNTIL(s.loop, s.ended));
        expect_last(&s, reset ? TALK_RESET : TALK_CLOSED_BY_SERVER);
        if (!reset)
            expect_line(&s, 2, SIDE_SERVER, "half");
        cr_expect(client_ended(s.client));
        cr_expect_not(client_connected(s.client));
        finish(&s);
    }
}

Test(client, closes_after_what_is_queued_and_hears_the_servers_end)
{
    struct scene s;

    start(&s, NULL);
    open_up(&s);
    client_send(s.client, SPAN("QUIT\r\n"));
    client_close(s.client);
    client_close(s.client);
    cr_expect_not(client_send(s.client, SPAN("NOOP\r\n")));
    cr_assert(TURN_UNTIL(s.loop, s.peer_closed));
    cr_expect_str_eq(buf_text(&s.got), "QUIT\r\n");
    cr_expect_eq(s.ended, 0, "the server may still speak");
    stream_write(s.peer, SPAN("221 bye\r\n"));
    stream_finish(s.peer);
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    expect_line(&s, 2, SIDE_SERVER, "221 bye\r\n");
    expect_last(&s, TALK_CLOSED_BY_CLIENT);
    finish(&s);
}

Test(client, does_not_wait_long_for_a_server_that_stays)
{
    struct scene s;

    start(&s, NULL);
    open_up(&s);
    client_close(s.client);
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    expect_last(&s, TALK_CLOSED_BY_CLIENT);
    finish(&s);
}

#define MUCH ((size_t)8 * 1024 * 1024)

/* The server has its two seconds from the end of our side on, however long the octets before it
 * took. */
Test(client, sends_all_that_is_queued_before_it_closes)
{
    struct scene s;
    unsigned char *all = mem_zero(1, MUCH);
    bool late = false;
    struct watch *timer;

    start(&s, NULL);
    open_up(&s);
    stream_pause(s.peer, true);
    client_send(s.client, span_make(all, MUCH));
    client_close(s.client);
    timer = loop_timer(s.loop, turn_late, &late);
    watch_set_timer(timer, 5 * CLOCK_SECOND / 2);
    while (!late && !s.ended)
        loop_once(s.loop);
    cr_expect_eq(s.ended, 0, "the octets are under way");
    stream_pause(s.peer, false);
    cr_assert(TURN_UNTIL(s.loop, s.peer_closed || s.peer_reset));
    cr_expect_eq(s.got.len, MUCH);
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    expect_last(&s, TALK_CLOSED_BY_CLIENT);
    watch_free(timer);
    mem_free(all);
    finish(&s);
}

Test(client, counts_what_never_left)
{
    struct scene s;
    unsigned char *all = mem_zero(1, MUCH);
    struct record_event last;

    start(&s, NULL);
    open_up(&s);
    stream_pause(s.peer, true);
    client_send(s.client, span_make(all, MUCH));
    client_close(s.client);
    stream_finish(s.peer);
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    record_event_get(s.record, 1, record_events(s.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_CLOSED_BY_CLIENT);
    cr_expect(span_search(last.detail, SPAN(" octets before it were not sent"), 0, false) <
                  last.detail.len,
              "%.*s", SPAN_ARG(last.detail));
    mem_free(all);
    finish(&s);
}

Test(client, closes_while_it_connects)
{
    struct scene s;

    start(&s, NULL);
    dial(&s);
    client_send(s.client, SPAN("HELO crepes.fr\r\n"));
    client_close(s.client);
    cr_expect_eq(s.ended, 0, "told from the loop only");
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    expect_last(&s, TALK_CLOSED_BY_CLIENT);
    cr_expect_eq(record_lines(s.record, 1), 0);
    finish(&s);
}

Test(client, stops_when_the_record_is_full)
{
    const struct record_limits few = { .lines = 10 };

    for (int own = 0; own < 2; own++) {
        struct scene s;

        start(&s, &few);
        open_up(&s);
        for (int i = 0; i < 20; i++) {
            if (own)
                client_send(s.client, SPAN("NOOP\r\n"));
            else
                stream_write(s.peer, SPAN("250 ok\r\n"));
        }
        cr_assert(TURN_UNTIL(s.loop, s.ended));
        expect_last(&s, TALK_STOPPED);
        cr_expect(record_full(s.record, 1));
        cr_expect_leq(record_lines(s.record, 1), 10);
        cr_expect(TURN_UNTIL(s.loop, s.peer_closed || s.peer_reset));
        finish(&s);
    }
}

Test(client, reads_no_more_while_it_is_paused)
{
    struct scene s;

    start(&s, NULL);
    open_up(&s);
    client_pause(s.client, true);
    stream_write(s.peer, SPAN("220 hamburger.edu\r\n"));
    for (int i = 0; i < 100; i++)
        loop_poll(s.loop);
    cr_expect_eq(record_lines(s.record, 1), 0);
    client_pause(s.client, false);
    cr_expect(TURN_UNTIL(s.loop, record_lines(s.record, 1) == 1));
    finish(&s);
}

Test(client, may_be_freed_in_its_hooks_and_in_the_middle)
{
    for (int how = 0; how < 3; how++) {
        struct scene s;

        start(&s, NULL);
        open_up(&s);
        s.free_at_change = how == 0;
        s.free_at_end = how == 1;
        if (how == 2)
            free_client(&s);
        else
            stream_write(s.peer, SPAN("220 x\r\n"));
        if (how == 1)
            stream_finish(s.peer);
        cr_assert(TURN_UNTIL(s.loop, s.client == NULL));
        expect_last(&s, how == 1 ? TALK_CLOSED_BY_SERVER : TALK_CLOSED_BY_CLIENT);
        if (how != 1)
            cr_expect(TURN_UNTIL(s.loop, s.peer_closed || s.peer_reset));
        finish(&s);
    }
    client_free(NULL);
}

/* A client whose first octets are the PROXY header, and what its peer got before anything else. */
static void expect_introduced(unsigned version)
{
    struct scene s;
    struct client_options o = { .name = "crepes.fr", .proxy_header = version };
    struct client_hooks hooks = { on_changed, on_ended, &s };
    struct proxy_header header;
    struct record_event e;

    start(&s, NULL);
    o.target = (struct stream_target){ .host = "127.0.0.1",
                                       .port = listener_port(s.listener),
                                       .timeout = 5 * CLOCK_SECOND };
    s.client = client_new(s.loop, s.record, &o, &hooks);
    cr_expect(client_send(s.client, SPAN("NOOP\r\n")), "it waits, and comes behind the header");
    cr_assert(
        TURN_UNTIL(s.loop, s.got.len > 6 && span_eq(span_from(buf_span(&s.got), s.got.len - 6),
                                                    SPAN("NOOP\r\n"))));
    cr_assert_eq(proxy_header_read(buf_span(&s.got), &header), PROXY_READ);
    cr_expect_eq(header.version, version);
    cr_assert(header.named);
    cr_expect_eq(address_port(&header.from), client_local_port(s.client));
    cr_expect_eq(address_port(&header.to), listener_port(s.listener));
    cr_expect(span_eq(span_from(buf_span(&s.got), header.octets), SPAN("NOOP\r\n")));
    expect_last(&s, TALK_PROXY_SENT);
    record_event_get(s.record, 1, record_events(s.record, 1) - 1, &e);
    cr_expect(span_starts(e.detail, version == 1 ? SPAN("version 1, 127.0.0.1:")
                                                 : SPAN("version 2, 127.0.0.1:")));
    cr_expect_eq(record_lines(s.record, 1), 1, "the header is no line of the dialogue");
    expect_line(&s, 1, SIDE_CLIENT, "NOOP\r\n");
    finish(&s);
}

Test(client, says_first_for_whom_it_connects_in_either_version)
{
    expect_introduced(1);
    expect_introduced(2);
}
