/* The client's side of TLS: when the handshake begins, what it tells, and what it never takes. */
#include <unistd.h>

#include "base/buf.h"
#include "live/client.h"
#include "net/listener.h"
#include "net/pki.h"
#include "support/certs.h"
#include "support/table.h"
#include "support/turn.h"

/* A server with a certificate, that the test speaks for, and our client. */
struct scene {
    struct loop *loop;
    struct record *record;
    struct listener *listener;
    struct stream *peer;
    struct client *client;
    struct tls_context *mine, *theirs;
    char folder[64];
    struct buf got;
    bool peer_open, no_context;
    unsigned ended;
};

static void peer_octets(void *ctx, struct span octets)
{
    buf_add(&((struct scene *)ctx)->got, octets);
}

static void peer_event(void *ctx, enum stream_event e, const char *detail)
{
    struct scene *s = ctx;

    (void)detail;
    s->peer_open |= e == STREAM_TLS_OPEN;
}

static void accepted(void *ctx, int fd)
{
    struct scene *s = ctx;
    struct stream_hooks hooks = { peer_octets, peer_event, s };

    s->peer = stream_accepted(s->loop, fd, &hooks);
}

static struct tls_context *context(void *ctx)
{
    const struct scene *s = ctx;

    return s->no_context ? NULL : s->mine;
}

static void on_ended(void *ctx)
{
    ((struct scene *)ctx)->ended++;
}

enum { TRUSTING = 1, FIRST = 2, HURRIED = 4 };

static void start(struct scene *s, enum client_doubt doubt, unsigned how)
{
    struct client_hooks hooks = { .ended = on_ended, .ctx = s, .tls = context };
    struct client_options o = {
        .target = { .host = "localhost", .family = STREAM_V4, .timeout = 5 * CLOCK_SECOND },
        .name = "crepes.fr",
        .tls_first = (how & FIRST) != 0,
        .doubt = doubt
    };
    char ca[256];
    struct error err = { "" };

    *s = (struct scene){ .loop = loop_new(NULL), .record = record_new(NULL) };
    certs_folder(s->folder);
    s->theirs = pki_server_context(s->folder, "mx.example.org", &err);
    cr_assert_not_null(s->theirs, "%s", err.text);
    certs_path(s->folder, "ca.pem", ca);
    s->mine = tls_client_context(
        &(struct tls_client_options){ .ca_file = how & TRUSTING ? ca : NULL }, &err);
    cr_assert_not_null(s->mine, "%s", err.text);
    s->listener = listener_new(s->loop, "127.0.0.1", 0, accepted, s, NULL);
    o.target.port = listener_port(s->listener);
    if (how & HURRIED)
        o.target.timeout = CLOCK_SECOND / 2;
    s->client = client_new(s->loop, s->record, &o, &hooks);
    cr_assert(TURN_UNTIL(s->loop, s->peer));
}

static void finish(struct scene *s)
{
    client_free(s->client);
    stream_free(s->peer);
    listener_free(s->listener);
    record_free(s->record);
    loop_free(s->loop);
    tls_context_free(s->mine);
    tls_context_free(s->theirs);
    certs_remove(s->folder);
    buf_release(&s->got);
}

static const struct observer *now(const struct scene *s)
{
    return record_now(s->record, 1);
}

/* How many events of that kind there are; *detail: of the last one. */
static unsigned events(const struct scene *s, enum talk_event which, struct buf *detail)
{
    unsigned count = 0;

    buf_clear(detail);
    for (uint32_t i = 0; i < record_events(s->record, 1); i++) {
        struct record_event e;

        record_event_get(s->record, 1, i, &e);
        if (e.event != which)
            continue;
        count++;
        buf_clear(detail);
        buf_add(detail, e.detail);
    }
    return count;
}

/* EHLO and STARTTLS, in plain text; what comes behind the 220 is `rest`. */
static void ask(struct scene *s, const char *rest)
{
    struct buf reply = { 0 };

    stream_write(s->peer, SPAN("220 mx.example.org\r\n"));
    client_send(s->client, SPAN("EHLO crepes.fr\r\n"));
    stream_write(s->peer, SPAN("250-mx\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"));
    cr_assert(TURN_UNTIL(s->loop, now(s)->hello_line));
    client_send(s->client, SPAN("STARTTLS\r\n"));
    cr_assert(TURN_UNTIL(s->loop, s->got.len == 26));
    buf_printf(&reply, "220 go\r\n%s", rest);
    stream_write(s->peer, buf_span(&reply));
    buf_release(&reply);
    stream_start_tls(s->peer, s->theirs, true, NULL);
}

Test(encrypted, begins_behind_the_220_and_forgets_what_was_said)
{
    struct scene s;
    struct buf detail = { 0 };

    start(&s, CLIENT_TELLS, TRUSTING);
    ask(&s, "");
    cr_assert(TURN_UNTIL(s.loop, client_shaking(s.client)));
    cr_expect_not(client_connected(s.client), "octets have to wait");
    cr_expect_eq(now(&s)->state, AT_TLS);
    client_send(s.client, SPAN("EHLO again.example\r\n"));
    cr_expect_eq(record_lines(s.record, 1), 7, "what waits is not recorded yet");
    cr_assert(TURN_UNTIL(s.loop, client_encrypted(s.client) && s.got.len == 46));
    cr_expect(s.peer_open);
    cr_expect_not(client_doubtful(s.client));
    cr_expect(now(&s)->tls);
    cr_expect_eq(now(&s)->state, AT_HELLO);
    cr_expect_eq(now(&s)->hello_line, 0);
    cr_expect_eq(now(&s)->size_limit, 0);
    cr_expect_eq(now(&s)->trust, TRUST_VERIFIED);
    cr_expect_eq(events(&s, TALK_TLS_STARTING, &detail), 1);
    cr_expect_str_eq(buf_text(&detail), "localhost");
    cr_expect_eq(events(&s, TALK_TLS_DONE, &detail), 1);
    cr_expect(strstr(buf_text(&detail), "TLSv1.3, TLS_"), "%s", buf_text(&detail));
    cr_expect_eq(events(&s, TALK_TLS_VERIFIED, &detail), 1);
    cr_expect_gt(detail.len, 0);
    cr_expect_geq(events(&s, TALK_TLS_DETAIL, &detail), 3);
    stream_write(s.peer, SPAN("250 mx\r\n"));
    cr_assert(TURN_UNTIL(s.loop, now(&s)->hello_line));
    cr_expect_eq(now(&s)->hello_line, 8);
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, tells_about_each_certificate_of_the_chain)
{
    struct scene s;
    bool own = false, print = false;

    start(&s, CLIENT_TELLS, TRUSTING | FIRST);
    stream_start_tls(s.peer, s.theirs, true, NULL);
    cr_assert(TURN_UNTIL(s.loop, client_encrypted(s.client)));
    for (uint32_t i = 0; i < record_events(s.record, 1); i++) {
        struct record_event e;

        record_event_get(s.record, 1, i, &e);
        if (e.event != TALK_TLS_DETAIL)
            continue;
        own |= span_starts(e.detail, SPAN("certificate 1: ")) &&
               span_search(e.detail, SPAN("mx.example.org"), 0, false) != SPAN_NOT_FOUND &&
               span_search(e.detail, SPAN("; issued by "), 0, false) != SPAN_NOT_FOUND &&
               span_search(e.detail, SPAN(" days left"), 0, false) != SPAN_NOT_FOUND;
        print |= span_starts(e.detail, SPAN("certificate 1, SHA-256: "));
    }
    cr_expect(own);
    cr_expect(print);
    finish(&s);
}

Test(encrypted, comes_before_the_greeting_where_that_is_wanted)
{
    struct scene s;

    start(&s, CLIENT_STOPS, TRUSTING | FIRST);
    client_send(s.client, SPAN("EHLO crepes.fr\r\n"));
    stream_start_tls(s.peer, s.theirs, true, NULL);
    stream_write(s.peer, SPAN("220 mx\r\n"));
    cr_assert(TURN_UNTIL(s.loop, now(&s)->greeted && s.got.len == 16));
    cr_expect(client_encrypted(s.client));
    cr_expect(now(&s)->tls);
    cr_expect_not(now(&s)->before_tls, "nothing was offered in plain text");
    cr_expect_eq(s.ended, 0);
    finish(&s);
}

/* CVE-2011-0411: whoever stands in between may slip in a command or a reply. */
Test(encrypted, throws_away_what_came_in_plain_text_behind_the_220)
{
    struct scene s;
    struct buf detail = { 0 };
    uint32_t lines;

    start(&s, CLIENT_TELLS, TRUSTING);
    stream_write(s.peer, SPAN("220 mx\r\n"));
    cr_assert(TURN_UNTIL(s.loop, now(&s)->greeted));
    client_send(s.client, SPAN("EHLO a.example\r\n"));
    stream_write(s.peer, SPAN("250 STARTTLS\r\n"));
    cr_assert(TURN_UNTIL(s.loop, now(&s)->hello_line));
    client_send(s.client, SPAN("STARTTLS\r\n"));
    cr_assert(TURN_UNTIL(s.loop, s.got.len == 26));
    lines = record_lines(s.record, 1);
    stream_write(s.peer, SPAN("220-a\r\n220 go\r\n250 evil\033[1m\r\n"));
    stream_start_tls(s.peer, s.theirs, true, NULL);
    cr_assert(TURN_UNTIL(s.loop, client_shaking(s.client)));
    cr_expect_eq(record_lines(s.record, 1), lines + 2, "the 220, and no more");
    cr_expect_eq(events(&s, TALK_TLS_DISCARDED, &detail), 1);
    cr_expect_str_eq(buf_text(&detail), "14 octets: 250 evil<ESC>[1m<CR><LF>");
    cr_assert(TURN_UNTIL(s.loop, client_encrypted(s.client)));
    cr_expect_eq(now(&s)->state, AT_HELLO, "the plain reply answered nothing");
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, leaves_the_decision_about_an_unknown_issuer_to_its_owner)
{
    struct scene s;
    struct buf detail = { 0 };

    start(&s, CLIENT_TELLS, 0);
    ask(&s, "");
    cr_assert(TURN_UNTIL(s.loop, client_encrypted(s.client)));
    cr_expect(client_doubtful(s.client));
    cr_expect_eq(events(&s, TALK_TLS_UNVERIFIED, &detail), 1);
    cr_expect_gt(detail.len, 0);
    cr_expect_eq(now(&s)->trust, TRUST_UNVERIFIED);
    client_trust(s.client);
    client_trust(s.client);
    cr_expect_not(client_doubtful(s.client));
    cr_expect_eq(events(&s, TALK_TLS_TRUSTED, &detail), 1);
    cr_expect_eq(now(&s)->trust, TRUST_GIVEN);
    cr_expect_eq(s.ended, 0);
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, says_nothing_more_to_an_unknown_server_where_that_is_wanted)
{
    struct scene s;
    struct buf detail = { 0 };

    start(&s, CLIENT_STOPS, 0);
    ask(&s, "");
    cr_assert(TURN_UNTIL(s.loop, client_shaking(s.client)));
    client_send(s.client, SPAN("EHLO secret.example\r\n"));
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    cr_expect(client_tls_failed(s.client));
    cr_expect_eq(events(&s, TALK_STOPPED, &detail), 1);
    cr_expect_str_eq(buf_text(&detail), "the certificate is not verified");
    cr_expect_eq(s.got.len, 26, "nothing went out inside TLS");
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, trusts_any_server_where_that_is_wanted_and_records_it)
{
    struct scene s;
    struct buf detail = { 0 };

    start(&s, CLIENT_TRUSTS, 0);
    ask(&s, "");
    cr_assert(TURN_UNTIL(s.loop, client_encrypted(s.client)));
    cr_expect_not(client_doubtful(s.client));
    cr_expect_eq(events(&s, TALK_TLS_UNVERIFIED, &detail), 1);
    cr_expect_eq(now(&s)->trust, TRUST_GIVEN);
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, ends_when_the_other_side_speaks_no_tls)
{
    struct scene s;
    struct buf detail = { 0 };

    start(&s, CLIENT_TELLS, TRUSTING | FIRST);
    stream_write(s.peer, SPAN("220 plain text\r\n"));
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    cr_expect(client_tls_failed(s.client));
    cr_expect_eq(events(&s, TALK_TLS_FAILED, &detail), 1);
    cr_expect_gt(detail.len, 0);
    cr_expect(now(&s)->over);
    cr_expect_not(client_send(s.client, SPAN("x")));
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, waits_for_a_silent_handshake_only_so_long)
{
    struct scene s;
    struct buf detail = { 0 };

    start(&s, CLIENT_TELLS, TRUSTING | FIRST | HURRIED);
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    cr_expect(client_tls_failed(s.client));
    events(&s, TALK_TLS_FAILED, &detail);
    cr_expect_str_eq(buf_text(&detail), "the server did not finish it in time");
    finish(&s);
    buf_release(&detail);
}

Test(encrypted, is_not_possible_without_a_context)
{
    struct scene s;

    start(&s, CLIENT_TELLS, TRUSTING);
    s.no_context = true;
    ask(&s, "");
    cr_assert(TURN_UNTIL(s.loop, s.ended));
    cr_expect(client_tls_failed(s.client));
    finish(&s);
}

Test(encrypted, tells_an_end_without_a_farewell)
{
    static const bool cut[] = { true, false };

    for (size_t i = 0; i < ROWS(cut); i++) {
        struct scene s;
        struct buf detail = { 0 };

        start(&s, CLIENT_TELLS, TRUSTING | FIRST);
        stream_start_tls(s.peer, s.theirs, true, NULL);
        cr_assert(TURN_UNTIL(s.loop, client_encrypted(s.client) && s.peer_open));
        if (!cut[i])
            stream_finish(s.peer);
        stream_free(s.peer);
        s.peer = NULL;
        cr_assert(TURN_UNTIL(s.loop, s.ended));
        if (events(&s, TALK_CLOSED_BY_SERVER, &detail))
            cr_expect_eq(strstr(buf_text(&detail), "close_notify") != NULL, cut[i], "%s",
                         buf_text(&detail));
        finish(&s);
        buf_release(&detail);
    }
}
