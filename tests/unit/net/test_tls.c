/* TLS sessions with both ends in one process: handshakes, data, ends, and peers that are wrong. */
#include <openssl/rand.h>
#include <sys/stat.h>

#include "net/pki.h"
#include "net/tls.h"
#include "net/tls_inside.h"
#include "support/certs.h"
#include "support/table.h"
#include "support/wire.h"

/* A server of ours under a CA of its own, and a client that trusts it. */
struct world {
    char folder[64];
    struct tls_context *client, *server;
};

static void world_start(struct world *w)
{
    struct error err = { "" };
    char ca[CERTS_PATH];

    certs_folder(w->folder);
    w->server = pki_server_context(w->folder, "mx.example.org", &err);
    cr_assert_not_null(w->server, "%s", err.text);
    certs_path(w->folder, "ca.pem", ca);
    w->client = tls_client_context(&(struct tls_client_options){ .ca_file = ca }, &err);
    cr_assert_not_null(w->client, "%s", err.text);
}

static void world_end(struct world *w)
{
    tls_context_free(w->client);
    tls_context_free(w->server);
    certs_remove(w->folder);
}

static const int versions[] = { TLS1_3_VERSION, TLS1_2_VERSION };

static void open_wire(struct wire *w, struct world *world)
{
    wire_start(w, world->client, world->server, "mx.example.org");
    wire_settle(w, 0);
    cr_assert_eq(tls_state(w->client.tls), TLS_OPEN, "%s", tls_why(w->client.tls));
    cr_assert_eq(tls_state(w->server.tls), TLS_OPEN, "%s", tls_why(w->server.tls));
}

Test(tls, shakes_hands_and_carries_octets_both_ways)
{
    for (size_t i = 0; i < ROWS(versions); i++) {
        struct world world;
        struct wire w;
        const struct tls_report *r;

        world_start(&world);
        SSL_CTX_set_max_proto_version(world.server->ssl, versions[i]);
        open_wire(&w, &world);
        r = tls_report(w.client.tls);
        cr_expect_eq(r->verdict, TLS_VERIFIED, "%s", r->why);
        cr_expect(strstr(r->why, "for mx.example.org, and is valid until 20"), "%s", r->why);
        cr_expect_str_eq(r->protocol, i == 0 ? "TLSv1.3" : "TLSv1.2");
        cr_expect(strstr(r->cipher, "AES_256_GCM") || strstr(r->cipher, "AES256-GCM"), "%s",
                  r->cipher);
        cr_expect_str_eq(r->key_exchange, "X25519");
        cr_expect_str_eq(r->server_name, "mx.example.org");
        cr_expect_eq(r->chain_count, 1);
        cr_expect_str_eq(r->chain[0].subject, "CN=mx.example.org");
        cr_expect(strstr(r->chain[0].issuer, "CN=smtpscope CA "), "%s", r->chain[0].issuer);
        cr_expect_str_eq(r->chain[0].names, "mx.example.org, localhost, 127.0.0.1, ::1");
        cr_expect_str_eq(r->chain[0].key, "EC P-256");
        cr_expect_eq(strlen(r->chain[0].fingerprint), 32 * 3 - 1);
        cr_expect_str_eq(r->staple, "");
        cr_expect_not(r->resumed);
        r = tls_report(w.server.tls);
        cr_expect_str_eq(r->server_name, "mx.example.org");
        cr_expect_eq(r->verdict, TLS_NO_CERTIFICATE);
        tls_send(w.client.tls, SPAN("EHLO x\r\n"), &w.client.out);
        tls_send(w.server.tls, SPAN("250 y\r\n"), &w.server.out);
        wire_settle(&w, 0);
        cr_expect_str_eq(buf_text(&w.server.plain), "EHLO x\r\n");
        cr_expect_str_eq(buf_text(&w.client.plain), "250 y\r\n");
        wire_end(&w);
        world_end(&world);
    }
}

Test(tls, is_the_same_however_the_flights_are_cut)
{
    struct world world;
    size_t longest = 2;

    world_start(&world);
    for (size_t i = 0; i < ROWS(versions); i++) {
        SSL_CTX_set_max_proto_version(world.server->ssl, versions[i]);
        for (size_t way = 0; way <= longest; way++) {
            struct wire w;

            wire_start(&w, world.client, world.server, "mx.example.org");
            for (bool any = true; any;) {
                any = wire_carry(&w.client, &w.server, way);
                longest = w.server.out.len > longest ? w.server.out.len : longest;
                any = wire_carry(&w.server, &w.client, way) || any;
            }
            cr_assert_eq(tls_state(w.client.tls), TLS_OPEN, "way %zu: %s", way,
                         tls_why(w.client.tls));
            cr_assert_eq(tls_state(w.server.tls), TLS_OPEN, "way %zu: %s", way,
                         tls_why(w.server.tls));
            tls_send(w.client.tls, SPAN("MAIL FROM:<a@b>\r\n"), &w.client.out);
            wire_settle(&w, way);
            cr_expect_str_eq(buf_text(&w.server.plain), "MAIL FROM:<a@b>\r\n");
            wire_end(&w);
        }
    }
    cr_expect(longest > 500, "%zu", longest);
    world_end(&world);
}

static const struct {
    const char *name;
    struct span octets;
    const char *why;
    bool server; /* who hears it */
} strangers[] = {
    { "a greeting", SPAN_INIT("220 mx.example.org ESMTP\r\n"),
      "the other side does not speak TLS: it sent \"220 mx.example.org", false },
    { "an old reply", SPAN_INIT("500 what?\r\n"), "does not speak TLS: it sent \"500 w", false },
    { "a command", SPAN_INIT("EHLO client.example\r\n"), "does not speak TLS: it sent \"EHLO ",
      true },
    { "HTTP", SPAN_INIT("GET / HTTP/1.0\r\n\r\n"), "does not speak TLS: it sent \"GET /", true },
    { "escapes", SPAN_INIT("\x1b[2J\x1b[2Jnothing"), "it sent \"<ESC>[2J", true },
    { "nearly TLS", SPAN_INIT("\x16\x03\x01\x00\x05nonsense"), "(OpenSSL: ", true },
    { "an endless handshake", SPAN_INIT("\x16\x03\x01\x00\x04\x01\xff\xff\xff"),
      "a longer message than any handshake needs", true },
    { "an endless certificate", SPAN_INIT("\x16\x03\x03\x00\x04\x02\xff\xff\xff"),
      "a longer message than any handshake needs", false },
    { "out of order", SPAN_INIT("\x16\x03\x03\x00\x04\x0b\x00\x00\x00"),
      "broke the order of the handshake", false },
    { "too long a record", SPAN_INIT("\x16\x03\x01\xff\xff\x01"), "a longer record than TLS has",
      true },
    { "an alert", SPAN_INIT("\x15\x03\x03\x00\x02\x02\x28"),
      "the other side found nothing in common", false },
    { "an alert about the version", SPAN_INIT("\x15\x03\x03\x00\x02\x02\x46"),
      "does not take TLS 1.2 or 1.3", false },
    { "an alert about itself", SPAN_INIT("\x15\x03\x03\x00\x02\x02\x50"), "had an error of its own",
      false },
    { "an alert nobody knows", SPAN_INIT("\x15\x03\x03\x00\x02\x02\x2f"),
      "the other side broke off", false },
};

Test(tls, says_what_is_wrong_with_a_peer)
{
    struct world world;

    world_start(&world);
    for (size_t i = 0; i < ROWS(strangers); i++) {
        struct span all = strangers[i].octets;

        for (size_t way = 0; way < feed_ways(all.len); way++) {
            struct wire w;
            struct wire_end *hears;

            wire_start(&w, world.client, world.server, "mx.example.org");
            hears = strangers[i].server ? &w.server : &w.client;
            buf_clear(&hears->out);
            feed(wire_piece, hears, all, way);
            cr_assert_eq(tls_state(hears->tls), TLS_BROKEN, "%s", strangers[i].name);
            cr_expect(strstr(tls_why(hears->tls), strangers[i].why) ||
                          (way > 0 && strstr(tls_why(hears->tls), "does not speak TLS")),
                      "%s: %s", strangers[i].name, tls_why(hears->tls));
            cr_expect(strlen(tls_why(hears->tls)) > 20);
            /* What is no TLS at all could not read an alert. */
            cr_expect_eq(hears->out.len > 0, all.at[0] == 0x16, "%s: an alert or none",
                         strangers[i].name);
            cr_expect_null(tls_report(hears->tls));
            cr_expect_eq(hears->plain.len, 0);
            wire_end(&w);
        }
    }
    world_end(&world);
}

static void only_old(struct tls_context *c)
{
    SSL_CTX_set_security_level(c->ssl, 0);
    SSL_CTX_set_cipher_list(c->ssl, "DEFAULT@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(c->ssl, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(c->ssl, TLS1_1_VERSION);
}

Test(tls, refuses_versions_before_1_2_with_words)
{
    for (int old_server = 0; old_server < 2; old_server++) {
        struct world world;
        struct wire w;

        world_start(&world);
        only_old(old_server ? world.server : world.client);
        wire_start(&w, world.client, world.server, "mx.example.org");
        wire_settle(&w, 0);
        cr_expect_eq(tls_state(w.client.tls), TLS_BROKEN);
        cr_expect_eq(tls_state(w.server.tls), TLS_BROKEN);
        cr_expect(strstr(tls_why(w.client.tls), "no common version"), "%s", tls_why(w.client.tls));
        cr_expect(strstr(tls_why(w.server.tls), "no common version"), "%s", tls_why(w.server.tls));
        wire_end(&w);
        world_end(&world);
    }
}

Test(tls, says_that_there_is_no_common_cipher)
{
    struct world world;
    struct wire w;

    world_start(&world);
    SSL_CTX_set_max_proto_version(world.server->ssl, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(world.server->ssl, "ECDHE-ECDSA-AES128-GCM-SHA256");
    SSL_CTX_set_cipher_list(world.client->ssl, "ECDHE-ECDSA-AES256-GCM-SHA384");
    wire_start(&w, world.client, world.server, "mx.example.org");
    wire_settle(&w, 0);
    cr_expect(strstr(tls_why(w.server.tls), "no common cipher"), "%s", tls_why(w.server.tls));
    cr_expect(strstr(tls_why(w.client.tls), "nothing in common"), "%s", tls_why(w.client.tls));
    wire_end(&w);
    world_end(&world);
}

Test(tls, tells_an_end_from_a_cut)
{
    struct world world;
    struct wire w;

    world_start(&world);
    open_wire(&w, &world);
    tls_send(w.server.tls, SPAN("221 bye\r\n"), &w.server.out);
    tls_finish(w.server.tls, &w.server.out);
    tls_finish(w.server.tls, &w.server.out);
    wire_settle(&w, 0);
    cr_expect_str_eq(buf_text(&w.client.plain), "221 bye\r\n");
    cr_expect_eq(tls_state(w.client.tls), TLS_CLOSED);
    cr_expect_not(tls_cut(w.client.tls));
    cr_expect_eq(tls_state(w.server.tls), TLS_OPEN, "its peer has not ended");
    tls_send(w.client.tls, SPAN("last words"), &w.client.out);
    wire_settle(&w, 0);
    cr_expect_str_eq(buf_text(&w.server.plain), "last words", "half closed");
    cr_expect(tls_cut(w.server.tls), "no close_notify");
    cr_expect_not(tls_cut(w.server.tls), "said once");
    wire_end(&w);
    world_end(&world);
}

Test(tls, says_that_the_peer_ended_in_the_handshake)
{
    struct world world;
    struct wire w;

    world_start(&world);
    wire_start(&w, world.client, world.server, "mx.example.org");
    cr_expect(tls_cut(w.client.tls));
    cr_expect_eq(tls_state(w.client.tls), TLS_BROKEN);
    cr_expect_str_eq(tls_why(w.client.tls), "the other side ended before it said anything");
    feed(wire_piece, &w.server, span_first(buf_span(&w.client.out), 40), 0);
    tls_finish(w.server.tls, &w.server.out);
    cr_expect_eq(w.server.out.len, 0, "there is no session to end");
    cr_expect(tls_cut(w.server.tls));
    cr_expect_str_eq(tls_why(w.server.tls), "the other side ended in the middle of the handshake");
    wire_end(&w);
    wire_start(&w, world.client, world.server, NULL);
    feed(wire_piece, &w.client, SPAN("42"), 0);
    cr_expect(tls_cut(w.client.tls));
    cr_expect_str_eq(tls_why(w.client.tls),
                     "the other side does not speak TLS: it sent \"42\", and ended");
    wire_end(&w);
    world_end(&world);
}

Test(tls, breaks_off_when_an_octet_was_changed_on_the_way)
{
    struct world world;
    struct wire w;

    world_start(&world);
    open_wire(&w, &world);
    tls_send(w.client.tls, SPAN("MAIL\r\n"), &w.client.out);
    w.client.out.at[w.client.out.len - 1] ^= 1;
    wire_carry(&w.client, &w.server, 0);
    cr_expect_eq(tls_state(w.server.tls), TLS_BROKEN);
    cr_expect(strstr(tls_why(w.server.tls), "on the way changed"), "%s", tls_why(w.server.tls));
    cr_expect_eq(w.server.plain.len, 0);
    wire_carry(&w.server, &w.client, 0);
    cr_expect(strstr(tls_why(w.client.tls), "changed what we sent"), "%s", tls_why(w.client.tls));
    wire_end(&w);
    world_end(&world);
}

#define MUCH ((size_t)3 * 1024 * 1024)

Test(tls, carries_three_megabytes_each_way)
{
    struct world world;
    struct wire w;
    unsigned char *all = mem_alloc(MUCH);

    for (size_t i = 0; i < MUCH; i++)
        all[i] = (unsigned char)(i * 7 + i / 251);
    world_start(&world);
    open_wire(&w, &world);
    tls_send(w.client.tls, span_make(all, MUCH), &w.client.out);
    tls_send(w.server.tls, span_make(all, MUCH), &w.server.out);
    wire_settle(&w, MUCH / 3);
    cr_expect(span_eq(buf_span(&w.server.plain), span_make(all, MUCH)));
    cr_expect(span_eq(buf_span(&w.client.plain), span_make(all, MUCH)));
    wire_end(&w);
    world_end(&world);
    mem_free(all);
}

Test(tls, can_be_freed_at_any_moment)
{
    struct world world;

    world_start(&world);
    for (int steps = 0; steps < 8; steps++) {
        struct wire w;

        wire_start(&w, world.client, world.server, "mx.example.org");
        for (int i = 0; i < steps; i++)
            wire_carry(i % 2 ? &w.server : &w.client, i % 2 ? &w.client : &w.server, 100);
        cr_expect(steps < 3 || tls_state(w.server.tls) == TLS_OPEN);
        wire_end(&w);
    }
    tls_free(NULL);
    tls_context_free(NULL);
    world_end(&world);
}

/* Each request is answered: a peer that never reads would fill our queue. */
Test(tls, ends_with_one_that_asks_for_new_keys_without_end)
{
    struct world world;
    struct wire w;
    size_t most = 0;

    world_start(&world);
    open_wire(&w, &world);
    for (int i = 0; i < 100000 && tls_state(w.server.tls) == TLS_OPEN; i++) {
        SSL_key_update(w.client.tls->ssl, SSL_KEY_UPDATE_REQUESTED);
        tls_send(w.client.tls, SPAN("x"), &w.client.out);
        wire_carry(&w.client, &w.server, 0);
        most = w.server.out.len > most ? w.server.out.len : most;
    }
    cr_expect_eq(tls_state(w.server.tls), TLS_BROKEN);
    cr_expect(strstr(tls_why(w.server.tls), "new keys again and again"), "%s",
              tls_why(w.server.tls));
    cr_expect(most > 1024 && most < (size_t)128 * 1024, "%zu", most);
    wire_end(&w);
    world_end(&world);
}

Test(tls, refuses_to_begin_again_inside_a_session)
{
    struct world world;
    struct wire w;

    world_start(&world);
    SSL_CTX_set_max_proto_version(world.server->ssl, TLS1_2_VERSION);
    open_wire(&w, &world);
    SSL_clear_options(w.client.tls->ssl, SSL_OP_NO_RENEGOTIATION);
    SSL_renegotiate(w.client.tls->ssl);
    tls_send(w.client.tls, SPAN("x"), &w.client.out);
    wire_settle(&w, 0);
    cr_expect_eq(tls_state(w.client.tls), TLS_BROKEN, "the answer is a refusal");
    wire_end(&w);
    world_end(&world);
}

Test(tls, binds_both_ends_to_one_channel)
{
    for (size_t i = 0; i < ROWS(versions); i++) {
        struct world world;
        struct wire w;
        struct buf here = { 0 }, there = { 0 };

        world_start(&world);
        SSL_CTX_set_max_proto_version(world.server->ssl, versions[i]);
        wire_start(&w, world.client, world.server, "mx.example.org");
        cr_expect_not(tls_channel_binding(w.client.tls, &here), "not open yet");
        wire_settle(&w, 0);
        cr_expect(tls_channel_binding(w.client.tls, &here));
        cr_expect(tls_channel_binding(w.server.tls, &there));
        cr_expect_eq(here.len, 32);
        cr_expect(span_eq(buf_span(&here), buf_span(&there)));
        buf_release(&here);
        buf_release(&there);
        wire_end(&w);
        world_end(&world);
    }
}

Test(tls, tells_a_resumed_session)
{
    for (size_t i = 0; i < ROWS(versions); i++) {
        struct world world;
        struct wire w;
        struct buf here = { 0 }, there = { 0 };
        SSL_SESSION *kept;

        world_start(&world);
        SSL_CTX_set_max_proto_version(world.server->ssl, versions[i]);
        open_wire(&w, &world);
        kept = SSL_get1_session(w.client.tls->ssl);
        tls_finish(w.client.tls, &w.client.out); /* one that was cut is not to be resumed */
        wire_end(&w);
        w = (struct wire){ 0 };
        w.client.tls = tls_new(world.client, false, "mx.example.org");
        w.server.tls = tls_new(world.server, true, NULL);
        SSL_set_session(w.client.tls->ssl, kept);
        tls_take(w.client.tls, (struct span){ 0 }, &w.client.plain, &w.client.out);
        wire_settle(&w, 0);
        cr_assert_not_null(tls_report(w.server.tls), "%s", tls_why(w.server.tls));
        cr_expect(tls_report(w.server.tls)->resumed);
        cr_expect(tls_report(w.client.tls)->resumed);
        cr_expect(tls_channel_binding(w.client.tls, &here));
        cr_expect(tls_channel_binding(w.server.tls, &there));
        cr_expect(span_eq(buf_span(&here), buf_span(&there)));
        buf_release(&here);
        buf_release(&there);
        SSL_SESSION_free(kept);
        wire_end(&w);
        world_end(&world);
    }
}

static int choose(SSL *ssl, const unsigned char **out, unsigned char *len, const unsigned char *in,
                  unsigned in_len, void *arg)
{
    (void)ssl;
    (void)in_len;
    *out = in + 1;
    *len = in[0];
    return *(bool *)arg ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Test(tls, agrees_on_a_protocol_or_says_that_there_is_none)
{
    for (int agrees = 0; agrees < 2; agrees++) {
        struct world world;
        struct wire w;
        struct error err = { "" };
        bool yes = agrees == 1;

        world_start(&world);
        tls_context_free(world.client);
        world.client = tls_client_context(&(struct tls_client_options){ .alpn = "smtp" }, &err);
        cr_assert_not_null(world.client, "%s", err.text);
        SSL_CTX_set_alpn_select_cb(world.server->ssl, choose, &yes);
        wire_start(&w, world.client, world.server, "mx.example.org");
        wire_settle(&w, 0);
        if (yes)
            cr_expect_str_eq(tls_report(w.client.tls)->alpn, "smtp");
        else
            cr_expect(strstr(tls_why(w.client.tls), "ALPN"), "%s", tls_why(w.client.tls));
        wire_end(&w);
        world_end(&world);
    }
    cr_expect_null(tls_client_context(&(struct tls_client_options){ .alpn = "" }, NULL));
}

Test(tls, writes_the_keys_where_it_is_asked_to)
{
    struct world world;
    struct wire w;
    char path[CERTS_PATH], line[256];
    struct stat st;
    struct error err = { "" };
    size_t lines = 0;
    FILE *f;

    certs_folder(world.folder);
    certs_path(world.folder, "keys.log", path);
    setenv("SSLKEYLOGFILE", path, 1);
    world.server = pki_server_context(world.folder, "mx.example.org", NULL);
    world.client = tls_client_context(&(struct tls_client_options){ 0 }, NULL);
    open_wire(&w, &world);
    wire_end(&w);
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    f = fopen(path, "r");
    while (fgets(line, sizeof(line), f)) {
        lines++;
        cr_expect(strstr(line, "_SECRET"), "%s", line);
    }
    fclose(f);
    cr_expect(lines >= 10 && lines % 2 == 0, "%zu: both sides write", lines);
    world_end(&world);
    setenv("SSLKEYLOGFILE", "/nowhere/keys.log", 1);
    cr_expect_null(tls_client_context(&(struct tls_client_options){ 0 }, &err));
    cr_expect(strstr(err.text, "'/nowhere/keys.log', which SSLKEYLOGFILE names"), "%s", err.text);
}
