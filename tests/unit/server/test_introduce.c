/* Proxies that name their clients: who is let in, what counts from then on, and what is refused. */
#include "net/pki.h"
#include "server/server.h"
#include "support/certs.h"
#include "support/stranger.h"
#include "support/table.h"

#define V1     "PROXY TCP4 203.0.113.7 192.0.2.1 4711 25\r\n"
#define V1_OUR "PROXY UNKNOWN\r\n"

struct house {
    struct loop *loop;
    struct server *server;
    struct range proxies[1];
    struct buf told; /* who came, went, or was turned away */
};

static void told(void *ctx, const struct server_event *e)
{
    struct house *h = ctx;

    if (e->kind == SERVER_CONNECTED)
        buf_printf(&h->told, "%s connected\n", e->address);
    if (e->kind == SERVER_TURNED_AWAY)
        buf_printf(&h->told, "%s turned away: %.*s\n", e->address, SPAN_ARG(e->text));
    if (e->kind == SERVER_CLOSED)
        buf_printf(&h->told, "%s closed\n", e->address);
    if (e->kind == SERVER_CONNECTED && e->address[0] == '2')
        cr_expect_eq(e->port, 4711);
}

static void house_open(struct house *h, const char *proxies, struct server_options o)
{
    struct server_hooks hooks = { .event = told, .ctx = h };
    struct error err = { "" };

    *h = (struct house){ .loop = loop_new(&err) };
    cr_assert(range_read(proxies, &h->proxies[0], &err), "%s", err.text);
    o.loop = h->loop;
    o.policy = &policy_lab;
    o.proxies = h->proxies;
    o.proxy_count = 1;
    h->server = server_new(&o, &hooks, &err);
    cr_assert_not_null(h->server, "%s", err.text);
}

static void house_close(struct house *h)
{
    server_free(h->server);
    loop_free(h->loop);
    buf_release(&h->told);
}

Test(introduce, names_the_client_in_one_piece_or_octet_by_octet)
{
    static const char *const headers[] = { V1, V1_OUR };
    static const char *const wants[] = { "203.0.113.7 connected\n203.0.113.7 closed\n",
                                         "127.0.0.1 connected\n127.0.0.1 closed\n" };

    for (size_t row = 0; row < 2 * ROWS(headers); row++) {
        const char *header = headers[row / 2];
        struct stranger p;
        struct house h;

        house_open(&h, "127.0.0.0/8", (struct server_options){ .timeouts = true });
        stranger_dial(h.loop, server_port(h.server), &p);
        for (const char *at = header; row % 2 && *at; at++) {
            stream_write(p.stream, span_make(at, 1));
            cr_assert(TURN_UNTIL(h.loop, stream_queued(p.stream) == 0));
        }
        stranger_say(&p, row % 2 ? "" : header);
        stranger_say(&p, "HELO crepes.fr\r\nQUIT\r\n");
        cr_assert(STRANGER_HEARS(h.loop, &p, "221 hamburger.edu closing connection\r\n"));
        cr_expect(strncmp(buf_text(&p.got), "220 ", 4) == 0);
        stream_finish(p.stream);
        cr_assert(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
        cr_expect_str_eq(buf_text(&h.told), wants[row / 2], "%zu: %s", row, buf_text(&h.told));
        stranger_end(&p);
        house_close(&h);
    }
}

Test(introduce, refuses_what_is_no_header_without_a_word)
{
    struct stranger p;
    struct house h;

    house_open(&h, "127.0.0.1", (struct server_options){ .timeouts = true });
    stranger_dial(h.loop, server_port(h.server), &p);
    stranger_say(&p, "EHLO crepes.fr\r\n");
    cr_assert(TURN_UNTIL(h.loop, p.closed || p.reset));
    cr_expect_eq(p.got.len, 0);
    cr_expect_str_eq(buf_text(&h.told), "127.0.0.1 turned away: its PROXY header is wrong: what it "
                                        "sent first is no PROXY header\n");
    stranger_end(&p);
    house_close(&h);
}

Test(introduce, is_told_when_the_proxy_leaves_or_the_server_does)
{
    struct stranger p;
    struct house h;

    house_open(&h, "127.0.0.1", (struct server_options){ .timeouts = true });
    stranger_dial(h.loop, server_port(h.server), &p);
    stranger_say(&p, "PROXY TCP4 ");
    cr_assert(TURN_UNTIL(h.loop, p.last == STREAM_CONNECTED && server_clients(h.server) == 1));
    stream_finish(p.stream);
    cr_assert(TURN_UNTIL(h.loop, h.told.len > 0));
    cr_expect_str_eq(buf_text(&h.told),
                     "127.0.0.1 turned away: it left before its PROXY header was whole\n");
    stranger_end(&p);
    buf_clear(&h.told);
    stranger_dial(h.loop, server_port(h.server), &p);
    cr_assert(TURN_UNTIL(h.loop, server_clients(h.server) == 1));
    server_free(h.server);
    h.server = NULL;
    cr_expect_str_eq(buf_text(&h.told), "127.0.0.1 turned away: stopped by this program\n");
    stranger_end(&p);
    house_close(&h);
}

Test(introduce, leaves_clients_alone_that_are_no_proxies)
{
    struct stranger p;
    struct house h;

    house_open(&h, "192.0.2.0/24", (struct server_options){ .timeouts = true });
    stranger_dial(h.loop, server_port(h.server), &p);
    stranger_say(&p, V1);
    cr_assert(TURN_UNTIL(h.loop, strstr(buf_text(&p.got), "\r\n500 ")), "%s", buf_text(&p.got));
    cr_expect_str_eq(buf_text(&h.told), "127.0.0.1 connected\n");
    stranger_end(&p);
    house_close(&h);
}

Test(introduce, counts_clients_by_what_the_proxy_says)
{
    struct stranger a, b, c;
    struct house h;

    house_open(&h, "127.0.0.1", (struct server_options){ .clients_per_address_max = 1 });
    stranger_dial(h.loop, server_port(h.server), &a);
    stranger_say(&a, V1);
    cr_assert(TURN_UNTIL(h.loop, a.got.len));
    stranger_dial(h.loop, server_port(h.server), &b);
    stranger_say(&b, "PROXY TCP4 203.0.113.8 192.0.2.1 4711 25\r\n");
    cr_assert(TURN_UNTIL(h.loop, b.got.len));
    cr_expect(strncmp(buf_text(&b.got), "220 ", 4) == 0);
    stranger_dial(h.loop, server_port(h.server), &c);
    stranger_say(&c, V1);
    cr_assert(TURN_UNTIL(h.loop, c.closed || c.reset));
    cr_expect_str_eq(buf_text(&c.got),
                     "421 hamburger.edu Too many clients from your address, try again later\r\n");
    cr_expect_eq(server_clients(h.server), 2);
    stranger_end(&a);
    stranger_end(&b);
    stranger_end(&c);
    house_close(&h);
}

Test(introduce, comes_before_tls_also_in_one_piece_with_it)
{
    struct tls_context *server_keys, *client_keys;
    struct buf hello = { 0 }, plain = { 0 };
    struct error err = { "" };
    char folder[64], ca[256];
    struct stranger p;
    struct house h;
    struct tls *tls;

    certs_folder(folder);
    server_keys = pki_server_context(folder, "hamburger.edu", &err);
    cr_assert_not_null(server_keys, "%s", err.text);
    certs_path(folder, "ca.pem", ca);
    client_keys = tls_client_context(&(struct tls_client_options){ .ca_file = ca }, &err);
    cr_assert_not_null(client_keys, "%s", err.text);
    house_open(&h, "127.0.0.1",
               (struct server_options){ .tls = server_keys, .implicit_tls = true });
    stranger_dial(h.loop, server_port(h.server), &p);
    tls = tls_new(client_keys, false, "hamburger.edu");
    buf_add_text(&hello, V1);
    tls_take(tls, (struct span){ 0 }, &plain, &hello);
    stream_write(p.stream, buf_span(&hello));
    cr_assert(TURN_UNTIL(h.loop, p.got.len > 0));
    buf_clear(&hello);
    tls_take(tls, buf_span(&p.got), &plain, &hello);
    cr_expect_eq(tls_state(tls), TLS_OPEN, "%s", tls_why(tls));
    buf_clear(&p.got);
    stream_write(p.stream, buf_span(&hello));
    cr_assert(TURN_UNTIL(h.loop, p.got.len > 0));
    buf_clear(&hello);
    tls_take(tls, buf_span(&p.got), &plain, &hello);
    cr_expect_str_eq(buf_text(&h.told), "203.0.113.7 connected\n");
    tls_free(tls);
    stranger_end(&p);
    house_close(&h);
    tls_context_free(server_keys);
    tls_context_free(client_keys);
    certs_remove(folder);
    buf_release(&hello);
    buf_release(&plain);
}
