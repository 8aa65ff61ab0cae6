/* TLS over streams on loopback: from the start or in mid-stream, ends, cuts, peers that are wrong.
 */
#include <event2/util.h>
#include <openssl/ssl.h>

#include "base/mem.h"
#include "net/pki.h"
#include "net/stream.h"
#include "support/certs.h"
#include "support/table.h"
#include "support/turn.h"

#define MUCH ((size_t)3 * 1024 * 1024)

struct talk;

struct end {
    struct stream *stream;
    struct buf octets, events, why;
    bool over;
    enum stream_event free_at; /* free the stream at this event ... */
    bool free_wanted, free_at_octets, abort_at_open, pause_at_open;
    const char *at_open; /* said when the session is open */
};

struct talk {
    char folder[64];
    struct loop *loop;
    struct listener *listener;
    struct tls_context *client_tls, *server_tls;
    struct end client, server;
    bool implicit;
};

static const char *const names[] = {
    [STREAM_CONNECTING] = "connecting", [STREAM_CONNECTED] = "connected",
    [STREAM_CLOSED] = "closed",         [STREAM_RESET] = "reset",
    [STREAM_REFUSED] = "refused",       [STREAM_TLS_OPEN] = "open",
    [STREAM_TLS_FAILED] = "failed",     [STREAM_TLS_CUT] = "cut",
    [STREAM_DRAINED] = "drained",
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

    if (event != STREAM_DRAINED)
        buf_printf(&e->events, "%s%s", e->events.len ? " " : "", names[event]);
    if (event == STREAM_TLS_FAILED)
        buf_add_text(&e->why, detail);
    if (event == STREAM_TLS_FAILED || event == STREAM_CLOSED || event == STREAM_RESET)
        e->over = true;
    if (event == STREAM_TLS_OPEN) {
        cr_expect_not_null(stream_tls(e->stream));
        if (e->at_open)
            stream_write(e->stream, span_of(e->at_open));
        if (e->pause_at_open)
            stream_pause(e->stream, true);
        if (e->abort_at_open)
            stream_abort(e->stream);
    }
    if (e->free_wanted && event == e->free_at)
        end_free(e);
}

static struct stream_hooks hooks_of(struct end *e)
{
    return (struct stream_hooks){ end_octets, end_event, e };
}

static void accepted(void *ctx, int fd)
{
    struct talk *t = ctx;
    struct stream_hooks hooks = hooks_of(&t->server);

    t->server.stream = stream_accepted(t->loop, fd, &hooks);
    if (t->implicit)
        stream_start_tls(t->server.stream, t->server_tls, true, NULL);
}

static void talk_contexts(struct talk *t)
{
    struct error err = { "" };
    char ca[CERTS_PATH];

    certs_folder(t->folder);
    t->loop = loop_new(NULL);
    t->server_tls = pki_server_context(t->folder, "mx.example.org", &err);
    cr_assert_not_null(t->server_tls, "%s", err.text);
    certs_path(t->folder, "ca.pem", ca);
    t->client_tls = tls_client_context(&(struct tls_client_options){ .ca_file = ca }, &err);
    cr_assert_not_null(t->client_tls, "%s", err.text);
    t->listener = listener_new(t->loop, "127.0.0.1", 0, accepted, t, &err);
    cr_assert_not_null(t->listener, "%s", err.text);
}

static void talk_dial(struct talk *t)
{
    struct stream_hooks hooks = hooks_of(&t->client);
    struct stream_target target = { .host = "127.0.0.1",
                                    .port = listener_port(t->listener),
                                    .timeout = 5 * CLOCK_SECOND };

    t->client.stream = stream_connect(t->loop, &target, &hooks);
    if (t->implicit)
        stream_start_tls(t->client.stream, t->client_tls, false, "mx.example.org");
}

static void talk_start(struct talk *t, bool implicit)
{
    *t = (struct talk){ .implicit = implicit };
    talk_contexts(t);
    talk_dial(t);
    if (!implicit)
        cr_assert(TURN_UNTIL(t->loop, t->server.stream && stream_peer_port(t->client.stream)));
}

static void talk_open(struct talk *t)
{
    talk_start(t, true);
    cr_assert(TURN_UNTIL(t->loop, t->client.stream && stream_tls(t->client.stream) &&
                                      t->server.stream && stream_tls(t->server.stream)));
}

static void talk_end(struct talk *t)
{
    struct end *ends[] = { &t->client, &t->server };

    for (size_t i = 0; i < ROWS(ends); i++) {
        stream_free(ends[i]->stream);
        buf_release(&ends[i]->octets);
        buf_release(&ends[i]->events);
        buf_release(&ends[i]->why);
    }
    listener_free(t->listener);
    tls_context_free(t->client_tls);
    tls_context_free(t->server_tls);
    loop_free(t->loop);
    certs_remove(t->folder);
}

static unsigned char *pattern(void)
{
    unsigned char *all = mem_alloc(MUCH);

    for (size_t i = 0; i < MUCH; i++)
        all[i] = (unsigned char)(i * 7 + i / 251);
    return all;
}

Test(stream_tls, is_encrypted_from_the_first_octet)
{
    struct talk t;
    struct buf here = { 0 }, there = { 0 };

    talk_start(&t, true);
    cr_expect_null(stream_tls(t.client.stream));
    cr_expect_not(stream_channel_binding(t.client.stream, &here));
    cr_assert(TURN_UNTIL(t.loop, strstr(buf_text(&t.client.events), "open") &&
                                     strstr(buf_text(&t.server.events), "open")));
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected open");
    cr_expect_eq(stream_tls(t.client.stream)->verdict, TLS_VERIFIED, "%s",
                 stream_tls(t.client.stream)->why);
    cr_expect(stream_channel_binding(t.client.stream, &here));
    cr_expect(stream_channel_binding(t.server.stream, &there));
    cr_expect(here.len > 0 && span_eq(buf_span(&here), buf_span(&there)));
    stream_write(t.server.stream, SPAN("220 hi\r\n"));
    stream_write(t.client.stream, SPAN("EHLO x\r\n"));
    cr_expect(TURN_UNTIL(t.loop, t.client.octets.len && t.server.octets.len));
    cr_expect_str_eq(buf_text(&t.client.octets), "220 hi\r\n");
    cr_expect_str_eq(buf_text(&t.server.octets), "EHLO x\r\n");
    buf_release(&here);
    buf_release(&there);
    talk_end(&t);
}

Test(stream_tls, changes_to_tls_in_mid_stream)
{
    struct talk t;

    talk_start(&t, false);
    stream_write(t.client.stream, SPAN("STARTTLS\r\n"));
    cr_assert(TURN_UNTIL(t.loop, t.server.octets.len == 10));
    stream_write(t.server.stream, SPAN("220 go\r\n"));
    stream_start_tls(t.server.stream, t.server_tls, true, NULL);
    stream_write(t.server.stream, SPAN("secret of the server\r\n"));
    cr_expect_eq(stream_queued(t.server.stream), 22, "it waits for the session");
    cr_assert(TURN_UNTIL(t.loop, t.client.octets.len));
    cr_expect_str_eq(buf_text(&t.client.octets), "220 go\r\n");
    stream_start_tls(t.client.stream, t.client_tls, false, "mx.example.org");
    stream_write(t.client.stream, SPAN("EHLO again\r\n"));
    cr_assert(TURN_UNTIL(t.loop, t.client.octets.len > 8 && t.server.octets.len > 10));
    cr_expect_str_eq(buf_text(&t.client.octets), "220 go\r\nsecret of the server\r\n");
    cr_expect_str_eq(buf_text(&t.server.octets), "STARTTLS\r\nEHLO again\r\n");
    cr_expect_eq(stream_queued(t.client.stream), 0);
    talk_end(&t);
}

/* More than the socket takes stands in the queue when TLS begins behind it. */
Test(stream_tls, sends_what_is_queued_in_plain_before_it)
{
    struct talk t;
    unsigned char *all = pattern();

    talk_start(&t, false);
    stream_write(t.client.stream, span_make(all, MUCH));
    stream_start_tls(t.client.stream, t.client_tls, false, "mx.example.org");
    while (t.server.octets.len < MUCH) {
        cr_assert(loop_once(t.loop));
        if (t.server.octets.len >= MUCH)
            break;
    }
    cr_expect(span_eq(span_first(buf_span(&t.server.octets), MUCH), span_make(all, MUCH)));
    cr_assert(TURN_UNTIL(t.loop, t.server.octets.len > MUCH));
    cr_expect_eq(t.server.octets.at[MUCH], 0x16, "and then a handshake");
    mem_free(all);
    talk_end(&t);
}

Test(stream_tls, carries_megabytes_with_back_pressure)
{
    struct talk t;
    unsigned char *all = pattern();

    talk_open(&t);
    stream_pause(t.server.stream, true);
    stream_write(t.client.stream, span_make(all, MUCH));
    stream_write(t.client.stream, span_make(all, MUCH));
    stream_finish(t.client.stream);
    stream_write(t.client.stream, SPAN("too late"));
    loop_poll(t.loop);
    cr_expect(stream_backed_up(t.client.stream));
    cr_expect_eq(t.server.octets.len, 0, "paused");
    stream_pause(t.server.stream, false);
    cr_assert(TURN_UNTIL(t.loop, t.server.over));
    cr_expect_eq(t.server.octets.len, 2 * MUCH);
    cr_expect(span_eq(span_first(buf_span(&t.server.octets), MUCH), span_make(all, MUCH)));
    cr_expect(span_eq(span_from(buf_span(&t.server.octets), MUCH), span_make(all, MUCH)));
    cr_expect_str_eq(buf_text(&t.server.events), "open closed", "no cut");
    stream_write(t.server.stream, SPAN("250 all of it\r\n"));
    cr_expect(TURN_UNTIL(t.loop, t.client.octets.len), "the other direction is open still");
    stream_finish(t.server.stream);
    cr_expect(TURN_UNTIL(t.loop, t.client.over));
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected open closed");
    mem_free(all);
    talk_end(&t);
}

/* What was written before the session, and the end that was wanted, come after it in order. */
Test(stream_tls, finishes_after_what_waited_for_the_session)
{
    struct talk t;

    talk_start(&t, true);
    cr_assert(TURN_UNTIL(t.loop, t.server.stream));
    stream_write(t.server.stream, SPAN("421 busy\r\n"));
    stream_finish(t.server.stream);
    cr_assert(TURN_UNTIL(t.loop, t.client.over));
    cr_expect_str_eq(buf_text(&t.client.octets), "421 busy\r\n");
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected open closed");
    talk_end(&t);
}

Test(stream_tls, keeps_octets_and_the_end_while_reading_is_stopped)
{
    struct talk t;

    t = (struct talk){ .implicit = true };
    talk_contexts(&t);
    t.server.at_open = "220 hi\r\n";
    t.client.pause_at_open = true;
    talk_dial(&t);
    cr_assert(TURN_UNTIL(t.loop, strstr(buf_text(&t.server.events), "open")));
    stream_finish(t.server.stream);
    loop_poll(t.loop);
    cr_expect_eq(t.client.octets.len, 0);
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected open");
    stream_pause(t.client.stream, false);
    cr_assert(TURN_UNTIL(t.loop, t.client.over));
    cr_expect_str_eq(buf_text(&t.client.octets), "220 hi\r\n");
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected open closed");
    talk_end(&t);
}

/* A client of the test's own, without TLS. */
static int raw_client(struct talk *t)
{
    struct address a;
    int fd;

    cr_assert(address_numeric("127.0.0.1", listener_port(t->listener), &a));
    fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(fd, (struct sockaddr *)&a.at, a.len), 0);
    cr_assert(TURN_UNTIL(t->loop, t->server.stream));
    return fd;
}

static const struct {
    const char *name, *octets, *events, *why;
    bool ends; /* FIN after them */
    bool alert;
} strangers[] = {
    { "plaintext", "EHLO client.example\r\n", "failed", "it sent \"EHLO ", false, false },
    { "nearly TLS", "\x16\x03\x01\x01\x04nonsense, of some length", "failed", "ended in the middle",
      true, false },
    { "a wrong handshake", "\x16\x03\x01\x01\x04\x07\x07\x07\x07\x07\x07", "failed", "", true,
      false },
    { "nothing", "", "failed", "ended before it said anything", true, false },
};

Test(stream_tls, says_what_is_wrong_with_a_client)
{
    for (size_t i = 0; i < ROWS(strangers); i++) {
        struct talk t = { .implicit = true };
        size_t len = strlen(strangers[i].octets);
        char room[64];
        int fd;

        talk_contexts(&t);
        fd = raw_client(&t);
        cr_assert_eq(write(fd, strangers[i].octets, len), (ssize_t)len);
        if (strangers[i].ends)
            shutdown(fd, SHUT_WR);
        cr_assert(TURN_UNTIL(t.loop, t.server.over), "%s", strangers[i].name);
        cr_expect_str_eq(buf_text(&t.server.events), strangers[i].events, "%s: %s",
                         strangers[i].name, buf_text(&t.server.events));
        cr_expect(strstr(buf_text(&t.server.why), strangers[i].why), "%s: %s", strangers[i].name,
                  buf_text(&t.server.why));
        cr_expect(recv(fd, room, sizeof(room), 0) >= 0, "%s: an end, and no reset",
                  strangers[i].name);
        cr_expect_eq(t.server.octets.len, 0);
        stream_write(t.server.stream, SPAN("dropped"));
        cr_expect_eq(stream_queued(t.server.stream), 0);
        close(fd);
        talk_end(&t);
    }
}

Test(stream_tls, fails_on_both_sides_when_a_client_expects_tls_and_a_server_does_not)
{
    struct talk t;

    talk_start(&t, false);
    stream_start_tls(t.client.stream, t.client_tls, false, "mx.example.org");
    stream_write(t.server.stream, SPAN("220 mx.example.org ESMTP\r\n"));
    cr_assert(TURN_UNTIL(t.loop, t.client.over && t.server.over));
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected failed");
    cr_expect(strstr(buf_text(&t.client.why), "does not speak TLS"), "%s", buf_text(&t.client.why));
    cr_expect_str_eq(buf_text(&t.server.events), "closed");
    cr_expect_null(stream_tls(t.client.stream));
    talk_end(&t);
}

/* The alert is what tells the server why: it must arrive before the end. */
Test(stream_tls, sends_its_alert_before_it_gives_up)
{
    static const unsigned char wrong[] = "\x16\x03\x03\x00\x04\x02\x00\x00\x00";
    struct talk t;
    const unsigned char *end;

    talk_start(&t, false);
    stream_start_tls(t.client.stream, t.client_tls, false, "mx.example.org");
    stream_write(t.server.stream, span_make(wrong, 9));
    cr_assert(TURN_UNTIL(t.loop, t.client.over && t.server.over));
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected failed");
    cr_expect_str_eq(buf_text(&t.server.events), "closed");
    cr_assert(t.server.octets.len > 7);
    end = t.server.octets.at + t.server.octets.len - 7;
    cr_expect(end[0] == 0x15 && end[5] == 2, "a fatal alert: %02x %02x", end[0], end[5]);
    talk_end(&t);
}

static bool takes_no_more(struct stream *s)
{
    size_t before = stream_queued(s);

    stream_write(s, SPAN("x"));
    return stream_queued(s) == before;
}

/* The queue is full when the handshake fails: the alert waits, and the news waits for it. */
Test(stream_tls, tells_of_its_failure_when_the_alert_is_sent)
{
    for (int i = 0; i < 3; i++) {
        struct talk t;
        unsigned char *all = pattern();

        talk_start(&t, false);
        stream_pause(t.server.stream, true);
        stream_write(t.client.stream, span_make(all, MUCH));
        stream_write(t.client.stream, span_make(all, MUCH));
        stream_start_tls(t.client.stream, t.client_tls, false, NULL);
        stream_write(t.server.stream, SPAN("\x16\x03\x03\x00\x04\x02\x00\x00\x00"));
        cr_assert(TURN_UNTIL(t.loop, takes_no_more(t.client.stream)));
        cr_expect(stream_queued(t.client.stream) > 0);
        cr_expect_not(t.client.over, "%s", buf_text(&t.client.events));
        t.client.free_wanted = i == 1;
        t.client.free_at = STREAM_TLS_FAILED;
        if (i == 2)
            stream_abort(t.server.stream);
        else
            stream_pause(t.server.stream, false);
        cr_assert(TURN_UNTIL(t.loop, t.client.over));
        cr_expect(strstr(buf_text(&t.client.events), "connected failed"), "%s",
                  buf_text(&t.client.events));
        mem_free(all);
        talk_end(&t);
    }
}

/* What waits for a session that never comes is dropped with the connection. */
Test(stream_tls, drops_what_waits_when_the_connection_breaks)
{
    struct talk t;

    talk_start(&t, false);
    stream_start_tls(t.client.stream, t.client_tls, false, NULL);
    stream_write(t.client.stream, SPAN("EHLO x\r\n"));
    cr_expect_eq(stream_queued(t.client.stream), 8);
    stream_abort(t.server.stream);
    cr_assert(TURN_UNTIL(t.loop, t.client.over));
    cr_expect_eq(stream_queued(t.client.stream), 0);
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected reset");
    talk_end(&t);
}

/* TCP ends, and nobody had said so inside TLS. */
Test(stream_tls, tells_a_cut_from_an_end)
{
    struct talk t = { .implicit = true };
    SSL_CTX *own = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(own);
    char room[16];
    int fd;

    talk_contexts(&t);
    fd = raw_client(&t);
    SSL_set_fd(ssl, fd);
    SSL_set_connect_state(ssl);
    evutil_make_socket_nonblocking(fd);
    cr_assert(TURN_UNTIL(t.loop, SSL_do_handshake(ssl) == 1));
    cr_assert_eq(SSL_write(ssl, "DATA", 4), 4);
    cr_assert(TURN_UNTIL(t.loop, t.server.octets.len == 4));
    shutdown(fd, SHUT_WR);
    cr_assert(TURN_UNTIL(t.loop, t.server.over));
    cr_expect_str_eq(buf_text(&t.server.events), "open cut closed");
    stream_write(t.server.stream, SPAN("451 what\r\n"));
    cr_assert(TURN_UNTIL(t.loop, SSL_read(ssl, room, sizeof(room)) == 10));
    SSL_free(ssl);
    SSL_CTX_free(own);
    close(fd);
    talk_end(&t);
}

Test(stream_tls, tells_a_reset)
{
    struct talk t;

    talk_open(&t);
    stream_abort(t.client.stream);
    cr_assert(TURN_UNTIL(t.loop, t.server.over));
    cr_expect_str_eq(buf_text(&t.server.events), "open reset");
    cr_expect_str_eq(buf_text(&t.client.events), "connecting connected open");
    talk_end(&t);
}

Test(stream_tls, can_be_freed_or_broken_off_in_any_of_its_hooks)
{
    static const enum stream_event moments[] = { STREAM_TLS_OPEN, STREAM_CLOSED, STREAM_TLS_FAILED,
                                                 STREAM_CONNECTED };

    for (size_t i = 0; i < ROWS(moments) + 2; i++) {
        struct talk t = { .implicit = true };

        talk_contexts(&t);
        t.client.free_at_octets = i == ROWS(moments);
        t.client.abort_at_open = i == ROWS(moments) + 1;
        t.client.free_wanted = i < ROWS(moments);
        t.client.free_at = t.client.free_wanted ? moments[i] : STREAM_CLOSED;
        t.server.at_open = "220 hi\r\n";
        if (t.client.free_wanted && moments[i] == STREAM_TLS_FAILED)
            t.implicit = false;
        talk_dial(&t);
        cr_assert(TURN_UNTIL(t.loop, t.server.stream));
        if (!t.implicit) {
            stream_start_tls(t.client.stream, t.client_tls, false, NULL);
            stream_write(t.server.stream, SPAN("220 no TLS here\r\n"));
        } else if (t.client.free_wanted && moments[i] == STREAM_CLOSED) {
            stream_write(t.server.stream, SPAN("x"));
            stream_finish(t.server.stream);
        }
        cr_expect(TURN_UNTIL(t.loop, t.client.over || t.server.over), "row %zu", i);
        loop_poll(t.loop);
        talk_end(&t);
    }
}

Test(stream_tls, drops_what_waits_when_no_connection_is_made)
{
    for (int refused = 0; refused < 2; refused++) {
        struct talk t = { .implicit = true };

        talk_contexts(&t);
        talk_dial(&t);
        stream_write(t.client.stream, SPAN("EHLO x\r\n"));
        cr_expect_gt(stream_queued(t.client.stream), 100, "a handshake, and what waits for it");
        if (refused) {
            listener_free(t.listener);
            t.listener = NULL;
            cr_assert(TURN_UNTIL(t.loop, strstr(buf_text(&t.client.events), "refused")));
        } else {
            stream_finish(t.client.stream);
        }
        cr_expect_eq(stream_queued(t.client.stream), 0);
        talk_end(&t);
    }
}

Test(stream_tls, begins_nothing_on_a_stream_that_has_ended)
{
    struct talk t;

    talk_start(&t, false);
    stream_abort(t.client.stream);
    stream_start_tls(t.client.stream, t.client_tls, false, "mx.example.org");
    stream_write(t.client.stream, SPAN("x"));
    cr_expect_eq(stream_queued(t.client.stream), 0);
    cr_expect_null(stream_tls(t.client.stream));
    cr_assert(TURN_UNTIL(t.loop, t.server.over));
    talk_end(&t);
}
