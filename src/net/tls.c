/*
 * One TLS session. OpenSSL reads and writes through a BIO of our own that looks into the spans and
 * buffers of the call under way: nothing is copied twice, nothing has to be drained afterwards, and
 * an idle session holds no octets. Not here: files and trust (tls_context.c), what a certificate is
 * worth (tls_report.c).
 *
 * Sources: RFC 8446 6 (alerts), RFC 5929 3 and RFC 9266 (channel binding).
 */
#include "net/tls.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/marks.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/tls_inside.h"

/* One record's octets (RFC 8446 5.1). */
#define TLS_RECORD_MAX ((size_t)16384)
/* What a peer may make us answer in an open session (new keys again and again, handshakes that we
 * refuse): some 2,000 of them. Without an end it could fill our queue and never read. */
#define TLS_ANSWERS_MAX ((size_t)64 * 1024)

struct words {
    int reason;
    const char *text;
};

/* OpenSSL's reasons, as people would say them. */
static const struct words words[] = {
    { SSL_R_UNSUPPORTED_PROTOCOL,
      "no common version: the other side wants one older than TLS 1.2" },
    { SSL_R_VERSION_TOO_LOW, "no common version: the other side wants one older than TLS 1.2" },
    { SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
      "no common version: the other side does not take TLS 1.2 or 1.3" },
    { SSL_R_NO_SHARED_CIPHER, "no common cipher" },
    { SSL_R_NO_CIPHERS_AVAILABLE, "no common cipher" },
    { SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, "no common way to sign" },
    { SSL_R_NO_SUITABLE_GROUPS, "no common way to agree on keys" },
    { SSL_R_NO_SUITABLE_KEY_SHARE, "no common way to agree on keys" },
    { SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
      "the other side found nothing in common with us (cipher, keys, or a certificate it wants)" },
    { SSL_R_TLSV1_ALERT_UNKNOWN_CA,
      "the other side does not trust whoever issued our certificate" },
    { SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "the other side does not accept our certificate" },
    { SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "the other side does not accept our certificate" },
    { SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, "the other side does not accept our certificate" },
    { SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "for the other side our certificate has expired" },
    { SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "for the other side our certificate is revoked" },
    { SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "the other side wants a certificate from us" },
    { SSL_R_TLSV1_UNRECOGNIZED_NAME, "the other side does not know the name we asked for" },
    { SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL, "no common protocol inside TLS (ALPN)" },
    { SSL_R_TLSV1_ALERT_USER_CANCELLED, "the other side gave the handshake up" },
    { SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "something on the way changed what was sent" },
    { SSL_R_SSLV3_ALERT_BAD_RECORD_MAC,
      "the other side says that something on the way changed what we sent" },
    { SSL_R_DH_KEY_TOO_SMALL, "the other side's key is too short to be safe" },
    { SSL_R_EXCESSIVE_MESSAGE_SIZE,
      "the other side sends a longer message than any handshake needs" },
    { SSL_R_WRONG_VERSION_NUMBER, "what the other side sent is no TLS" },
    { SSL_R_UNEXPECTED_MESSAGE, "the other side broke the order of the handshake" },
    { SSL_R_ENCRYPTED_LENGTH_TOO_LONG, "the other side sent a longer record than TLS has" },
    { SSL_R_PACKET_LENGTH_TOO_LONG, "the other side sent a longer record than TLS has" },
    { SSL_R_SSLV3_ALERT_UNEXPECTED_MESSAGE,
      "for the other side our message came out of its order" },
    { SSL_R_TLSV1_ALERT_INTERNAL_ERROR, "the other side had an error of its own" },
};

static int session_read(BIO *b, char *at, int len)
{
    struct tls *t = BIO_get_data(b);
    size_t n = t->input.len < (size_t)len ? t->input.len : (size_t)len;

    BIO_clear_retry_flags(b);
    if (n == 0) {
        BIO_set_retry_read(b);
        return -1;
    }
    memcpy(at, t->input.at, n);
    t->input = span_from(t->input, n);
    return (int)n;
}

static int session_write(BIO *b, const char *at, int len)
{
    struct tls *t = BIO_get_data(b);

    BIO_clear_retry_flags(b);
    if (t->output)
        buf_add(t->output, span_make(at, (size_t)len));
    return len;
}

static long session_control(BIO *b, int what, long number, void *at)
{
    (void)b;
    (void)number;
    (void)at;
    return what == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_method(void)
{
    BIO_METHOD *m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "octets of a call");

    if (m) {
        BIO_meth_set_read(m, session_read);
        BIO_meth_set_write(m, session_write);
        BIO_meth_set_ctrl(m, session_control);
    }
    return m;
}

/* False: a certificate cannot be checked against this name. */
static bool set_name(struct tls *t)
{
    char *plain = mem_strdup(t->server_name);
    size_t len = strlen(plain);
    bool good;

    if (address_numeric(plain, 0, NULL)) {
        plain[strcspn(plain, "%")] = '\0'; /* the zone is ours alone (RFC 6874 4) */
        good = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), plain) == 1;
    } else {
        if (len > 1 && plain[len - 1] == '.')
            plain[len - 1] = '\0'; /* RFC 6066 3: without the dot at the end */
        good = SSL_set1_host(t->ssl, plain) == 1 && SSL_set_tlsext_host_name(t->ssl, plain) == 1;
        /* RFC 9525 6.3, 2: whole labels only, and never the subject's common name. */
        SSL_set_hostflags(t->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                      X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    }
    mem_free(plain);
    return good;
}

struct tls *tls_new(struct tls_context *c, bool server, const char *server_name)
{
    struct tls *t = mem_zero(1, sizeof(*t));
    BIO *b = BIO_new(c->method);

    *t = (struct tls){ .ssl = SSL_new(c->ssl), .server = server };
    if (!t->ssl || !b) {
        BIO_free(b);
        t->state = TLS_BROKEN;
        buf_add_text(&t->why, "OpenSSL could not start a session");
        return t;
    }
    BIO_set_data(b, t);
    BIO_set_init(b, 1);
    SSL_set_bio(t->ssl, b, b);
    SSL_set_app_data(t->ssl, t);
    if (server) {
        SSL_set_accept_state(t->ssl);
        return t;
    }
    SSL_set_connect_state(t->ssl);
    SSL_set_tlsext_status_type(t->ssl, TLSEXT_STATUSTYPE_ocsp);
    if (server_name && *server_name) {
        t->server_name = mem_strdup(server_name);
        if (!set_name(t))
            t->flaw[TLS_OTHER_NAME] =
                mem_strdup("no certificate can be for the name that was asked for");
    }
    return t;
}

void tls_free(struct tls *t)
{
    if (!t)
        return;
    SSL_free(t->ssl);
    tls_told_free(t->told);
    for (size_t i = 0; i < sizeof(t->flaw) / sizeof(t->flaw[0]); i++)
        mem_free(t->flaw[i]);
    buf_release(&t->why);
    mem_free(t->server_name);
    mem_free(t);
}

enum tls_state tls_state(const struct tls *t)
{
    return t->state;
}

const char *tls_why(const struct tls *t)
{
    return buf_text(&t->why);
}

/* A record begins with its type, 20 to 23, and major version 3 (RFC 8446 5.1). */
static bool speaks_tls(const struct tls *t)
{
    return (t->first_len < 1 || (t->first[0] >= 20 && t->first[0] <= 23)) &&
           (t->first_len < 2 || t->first[1] == 3);
}

static const char *words_of(int reason)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].reason == reason)
            return words[i].text;
    return reason >= SSL_AD_REASON_OFFSET ? "the other side broke off" : "TLS failed";
}

static void broke(struct tls *t)
{
    unsigned long code = ERR_peek_error();

    t->state = TLS_BROKEN;
    if (!speaks_tls(t)) {
        buf_add_text(&t->why, "the other side does not speak TLS: it sent \"");
        marks_add(&t->why, span_make(t->first, t->first_len), 0);
        buf_add_text(&t->why, "\"");
    } else {
        buf_add_text(&t->why, words_of(ERR_GET_REASON(code)));
    }
    buf_printf(&t->why, " (OpenSSL: %s)", tls_reason());
    ERR_clear_error();
}

/* What OpenSSL's result means for us. True: go on. */
static bool went_well(struct tls *t, int result)
{
    if (result > 0)
        return true;
    switch (SSL_get_error(t->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        break;
    case SSL_ERROR_ZERO_RETURN:
        t->state = TLS_CLOSED;
        break;
    default:
        broke(t);
    }
    return false;
}

static void shake(struct tls *t)
{
    ERR_clear_error();
    if (!went_well(t, SSL_do_handshake(t->ssl)))
        return;
    t->state = TLS_OPEN;
    t->told = tls_tell(t);
    ERR_clear_error();
}

static void decrypt(struct tls *t, struct buf *plain)
{
    int got;

    do {
        buf_reserve(plain, TLS_RECORD_MAX);
        ERR_clear_error();
        got = SSL_read(t->ssl, plain->at + plain->len, (int)TLS_RECORD_MAX);
        if (got > 0)
            plain->len += (size_t)got;
    } while (went_well(t, got));
    plain->at[plain->len] = '\0';
}

void tls_take(struct tls *t, struct span octets, struct buf *plain, struct buf *out)
{
    size_t before;

    if (t->state != TLS_HANDSHAKE && t->state != TLS_OPEN)
        return;
    for (size_t i = 0; i < octets.len && t->first_len < sizeof(t->first); i++)
        t->first[t->first_len++] = octets.at[i];
    t->input = octets;
    t->output = out;
    if (t->state == TLS_HANDSHAKE)
        shake(t);
    before = out->len;
    if (t->state == TLS_OPEN && t->input.len)
        decrypt(t, plain);
    t->answers += out->len - before;
    if (t->state == TLS_OPEN && t->answers > TLS_ANSWERS_MAX) {
        t->state = TLS_BROKEN;
        buf_add_text(&t->why, "the other side asks for new keys again and again");
    }
    t->input = (struct span){ 0 };
    t->output = NULL;
}

void tls_send(struct tls *t, struct span octets, struct buf *out)
{
    assert(t->state == TLS_OPEN || t->state == TLS_CLOSED);
    t->output = out;
    while (octets.len) {
        struct span piece = span_first(octets, TLS_RECORD_MAX);
        int sent;

        ERR_clear_error();
        sent = SSL_write(t->ssl, piece.at, (int)piece.len);
        if (sent <= 0) {
            broke(t);
            break;
        }
        octets = span_from(octets, (size_t)sent);
    }
    t->output = NULL;
}

void tls_finish(struct tls *t, struct buf *out)
{
    if (t->state != TLS_OPEN && t->state != TLS_CLOSED)
        return;
    t->output = out;
    ERR_clear_error();
    if (!(SSL_get_shutdown(t->ssl) & SSL_SENT_SHUTDOWN))
        SSL_shutdown(t->ssl);
    ERR_clear_error();
    t->output = NULL;
}

bool tls_cut(struct tls *t)
{
    if (t->state == TLS_CLOSED || t->state == TLS_BROKEN)
        return false;
    if (t->state == TLS_OPEN) {
        t->state = TLS_CLOSED;
        return true;
    }
    t->state = TLS_BROKEN;
    if (speaks_tls(t)) {
        buf_add_text(&t->why, t->first_len ? "the other side ended in the middle of the handshake"
                                           : "the other side ended before it said anything");
    } else {
        buf_add_text(&t->why, "the other side does not speak TLS: it sent \"");
        marks_add(&t->why, span_make(t->first, t->first_len), 0);
        buf_add_text(&t->why, "\", and ended");
    }
    return true;
}

const struct tls_report *tls_report(const struct tls *t)
{
    return t->told ? tls_told_report(t->told) : NULL;
}

bool tls_channel_binding(const struct tls *t, struct buf *out)
{
    static const char label[] = "EXPORTER-Channel-Binding";
    unsigned char octets[32];

    /* Before TLS 1.3 it is worth nothing without the extended master secret (RFC 9266 4.2). */
    if (t->state != TLS_OPEN ||
        (SSL_version(t->ssl) < TLS1_3_VERSION && SSL_get_extms_support(t->ssl) != 1))
        return false;
    if (SSL_export_keying_material(t->ssl, octets, sizeof octets, label, sizeof label - 1,
                                   (const unsigned char *)"", 0, 1) != 1)
        return false;
    buf_add(out, span_make(octets, sizeof octets));
    return true;
}
