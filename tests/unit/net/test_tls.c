/* TLS sessions with both ends in one process: handshakes, data, ends, and peers that are wrong. */
#include <openssl/ssl.h>

#include "net/pki.h"
#include "net/tls.h"
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
    char ca[128];

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

Test(tls, shakes_hands_and_carries_octets_both_ways)
{
    struct world world;
    struct wire w;
    const struct tls_report *r;

    world_start(&world);
    wire_start(&w, world.client, world.server, "mx.example.org");
    cr_expect_null(tls_report(w.client.tls));
    wire_settle(&w, 0);
    cr_assert_eq(tls_state(w.client.tls), TLS_OPEN, "%s", tls_why(w.client.tls));
    cr_assert_eq(tls_state(w.server.tls), TLS_OPEN, "%s", tls_why(w.server.tls));
    r = tls_report(w.client.tls);
    cr_expect_eq(r->verdict, TLS_VERIFIED, "%s", r->why);
    cr_expect_str_eq(r->protocol, "TLSv1.3");
    cr_expect_str_eq(r->server_name, "mx.example.org");
    cr_expect_str_eq(tls_report(w.server.tls)->server_name, "mx.example.org");
    cr_expect_eq(tls_report(w.server.tls)->verdict, TLS_NO_CERTIFICATE);
    tls_send(w.client.tls, SPAN("EHLO x\r\n"), &w.client.out);
    tls_send(w.server.tls, SPAN("250 y\r\n"), &w.server.out);
    wire_settle(&w, 0);
    cr_expect_str_eq(buf_text(&w.server.plain), "EHLO x\r\n");
    cr_expect_str_eq(buf_text(&w.client.plain), "250 y\r\n");
    wire_end(&w);
    world_end(&world);
}
