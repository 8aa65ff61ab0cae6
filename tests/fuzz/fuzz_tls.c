/* Invariant: whatever a peer says before, in or after a handshake, a session ends in words or goes
 * on, gives no more than came, and answers within its bound. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/pki.h"
#include "net/tls_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What both sides say in a whole handshake is far below this. */
#define OUT_MAX ((size_t)16 * 1024)
/* One may have been there but for its last octet. */
#define TLS_RECORD ((size_t)16 * 1024)

static struct tls_context *server, *client;

/* Ends with the program: a handshake may need seconds to be set up a thousand times. */
static void set_up(void)
{
    char folder[] = "/tmp/smtpscope-fuzz-tls-XXXXXX";
    struct buf path = { 0 };

    if (server)
        return;
    assert(mkdtemp(folder));
    server = pki_server_context(folder, "localhost", NULL);
    client = tls_client_context(&(struct tls_client_options){ .alpn = "smtp" }, NULL);
    assert(server && client);
    buf_printf(&path, "%s/ca.pem", folder);
    remove(buf_text(&path));
    buf_clear(&path);
    buf_printf(&path, "%s/ca-key.pem", folder);
    remove(buf_text(&path));
    buf_release(&path);
    remove(folder);
}

static void take(struct tls *t, struct span octets, struct buf *out)
{
    struct buf plain = { 0 };
    size_t before = out->len;

    tls_take(t, octets, &plain, out);
    assert(plain.len <= octets.len + TLS_RECORD);
    assert(out->len - before <= OUT_MAX + 2 * octets.len);
    assert((tls_state(t) == TLS_BROKEN) == (tls_why(t)[0] != '\0'));
    /* a peer may say goodbye in the middle of a handshake: closed, and nothing to tell */
    assert(tls_state(t) != TLS_OPEN || tls_report(t));
    assert(tls_state(t) != TLS_HANDSHAKE || !tls_report(t));
    buf_release(&plain);
}

/* Honest flights; the first octet says how many, before the foreign octets come. */
static void shake(struct tls *a, struct buf *a_out, struct tls *b, struct buf *b_out, unsigned most)
{
    for (unsigned i = 0; i < most; i++) {
        bool turn = i % 2 == 0;
        struct buf flight = turn ? *a_out : *b_out;

        *(turn ? a_out : b_out) = (struct buf){ 0 };
        take(turn ? b : a, buf_span(&flight), turn ? b_out : a_out);
        buf_release(&flight);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf client_out = { 0 }, server_out = { 0 };
    struct tls *at_client, *at_server, *hears;
    struct span rest;

    if (size < 2)
        return 0;
    set_up();
    at_client = tls_new(client, false, data[1] & 1 ? "localhost" : NULL);
    at_server = tls_new(server, true, NULL);
    take(at_client, (struct span){ 0 }, &client_out);
    shake(at_client, &client_out, at_server, &server_out, data[0] % 6);
    hears = data[1] & 2 ? at_client : at_server;
    rest = span_from(span_make(data, size), 2);
    while (rest.len) {
        size_t piece = data[1] & 4 ? (size_t)1 + data[1] / 8 : rest.len;

        take(hears, span_first(rest, piece), hears == at_client ? &client_out : &server_out);
        rest = span_from(rest, piece);
    }
    tls_cut(hears);
    if (tls_state(hears) == TLS_OPEN || tls_state(hears) == TLS_CLOSED)
        tls_finish(hears, &server_out);
    tls_free(at_client);
    tls_free(at_server);
    buf_release(&client_out);
    buf_release(&server_out);
    return 0;
}
