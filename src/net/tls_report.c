/*
 * What is known of an open session, in words: the peer's certificates, which check failed and why.
 * Whatever a peer wrote into a certificate is shown as marks, and cut to a readable length. What an
 * OCSP response says is in tls_staple.c.
 *
 * Sources: RFC 5280 (certificates and their checks), RFC 9525 (names).
 */
#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "base/marks.h"
#include "base/mem.h"
#include "net/tls_inside.h"
#include "net/tls_staple.h"

/* A name longer than this is not read by anyone; a certificate may hold 100 kB of it. */
#define TLS_NAME_MAX 400
/* Host names of one certificate that are shown in the report, and in the sentence about it. */
#define TLS_NAMES_MAX  100
#define TLS_NAMES_SAID 4

#define TLS_TEXTS_MAX (TLS_CHAIN_MAX * 5 + 5)

struct tls_told {
    struct tls_report report;
    char *texts[TLS_TEXTS_MAX]; /* owned; the report borrows them */
    unsigned count;
};

static const char *keep(struct tls_told *told, struct buf *text)
{
    char *at = text->len ? buf_detach(text) : mem_strdup("");

    told->texts[told->count++] = at;
    return at;
}

static void add_shown(struct buf *out, struct span octets)
{
    marks_add(out, span_first(octets, TLS_NAME_MAX), 0);
    if (octets.len > TLS_NAME_MAX)
        buf_add_text(out, "...");
}

static void add_name(struct buf *out, const X509_NAME *name)
{
    BIO *b = BIO_new(BIO_s_mem());
    char *at;
    long len;

    if (!b)
        return;
    X509_NAME_print_ex(b, name, 0,
                       (ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) |
                           XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_DN_REV | XN_FLAG_FN_SN |
                           XN_FLAG_DUMP_UNKNOWN_FIELDS);
    len = BIO_get_mem_data(b, &at);
    if (len > 0)
        add_shown(out, span_make(at, (size_t)len));
    else
        buf_add_text(out, "(no name)");
    BIO_free(b);
}

/* One name of a certificate; false: of a kind that no host has. */
static bool add_host(struct buf *out, const GENERAL_NAME *name)
{
    const ASN1_STRING *s;
    char text[INET6_ADDRSTRLEN];

    if (name->type == GEN_DNS) {
        s = name->d.dNSName;
        add_shown(out, span_make(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)));
        return true;
    }
    if (name->type != GEN_IPADD)
        return false;
    s = name->d.iPAddress;
    if (!inet_ntop(ASN1_STRING_length(s) == 4 ? AF_INET : AF_INET6,
                   ASN1_STRING_length(s) == 4 || ASN1_STRING_length(s) == 16
                       ? ASN1_STRING_get0_data(s)
                       : (const unsigned char *)"0000000000000000",
                   text, sizeof(text)))
        return false;
    buf_add_text(out, text);
    return true;
}

/* At most `most` of the names, and how many more there are. */
static void add_hosts(struct buf *out, X509 *cert, int most)
{
    GENERAL_NAMES *all = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    int shown = 0, more = 0;

    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);

        if (name->type != GEN_DNS && name->type != GEN_IPADD)
            continue;
        if (shown == most) {
            more++;
            continue;
        }
        if (shown)
            buf_add_text(out, ", ");
        if (add_host(out, name))
            shown++;
    }
    if (more)
        buf_printf(out, " and %d more", more);
    GENERAL_NAMES_free(all);
}

static void add_key(struct buf *out, X509 *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    char group[64] = "";
    const char *nist;

    if (!key) {
        buf_add_text(out, "unknown");
        return;
    }
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
        EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
        nist = EC_curve_nid2nist(OBJ_txt2nid(group));
        buf_printf(out, "EC %s", nist ? nist : group);
        break;
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        buf_printf(out, "RSA %d", EVP_PKEY_get_bits(key));
        break;
    default:
        buf_add_text(out, OBJ_nid2sn(EVP_PKEY_get_base_id(key)));
    }
}

static void add_fingerprint(struct buf *out, X509 *cert)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    X509_digest(cert, EVP_sha256(), digest, &len);
    for (unsigned i = 0; i < len; i++)
        buf_printf(out, "%s%02X", i ? ":" : "", digest[i]);
}

int64_t tls_seconds(const ASN1_TIME *t)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;

    ASN1_TIME_diff(&days, &seconds, epoch, t);
    ASN1_TIME_free(epoch);
    return (int64_t)days * 86400 + seconds;
}

void tls_add_date(struct buf *out, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    char text[32];

    if (gmtime_r(&t, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &tm))
        buf_add_text(out, text);
    else
        buf_add_text(out, "an unknown time");
}

/* "3 days", "2 hours". */
static void add_span_of_time(struct buf *out, int64_t seconds)
{
    int64_t days = seconds / 86400, hours = seconds / 3600, minutes = seconds / 60;

    if (days)
        buf_printf(out, "%lld day%s", (long long)days, days == 1 ? "" : "s");
    else if (hours)
        buf_printf(out, "%lld hour%s", (long long)hours, hours == 1 ? "" : "s");
    else
        buf_printf(out, "%lld minute%s", (long long)minutes, minutes == 1 ? "" : "s");
}

/* Whose certificate a check speaks of: that of the peer itself, or of one above it. */
static void add_whose(struct buf *out, X509 *cert, int depth)
{
    if (depth == 0) {
        buf_add_text(out, "the certificate");
        return;
    }
    buf_add_text(out, "the certificate of its issuer \"");
    add_name(out, X509_get_subject_name(cert));
    buf_add_text(out, "\"");
}

static void say_time(struct buf *out, X509 *cert, int depth, enum tls_verdict v)
{
    int64_t now = (int64_t)time(NULL);
    int64_t at =
        tls_seconds(v == TLS_EXPIRED ? X509_get0_notAfter(cert) : X509_get0_notBefore(cert));

    add_whose(out, cert, depth);
    if (v == TLS_EXPIRED) {
        buf_add_text(out, " expired ");
        add_span_of_time(out, now - at);
        buf_add_text(out, " ago, on ");
    } else {
        buf_add_text(out, " is not valid yet: it begins in ");
        add_span_of_time(out, at - now);
        buf_add_text(out, ", on ");
    }
    tls_add_date(out, at);
}

static void say_names(struct buf *out, X509 *cert, const char *wanted)
{
    struct buf names = { 0 };

    add_hosts(&names, cert, TLS_NAMES_SAID);
    if (names.len)
        buf_printf(out, "the certificate is for other names (%s), not for ", buf_text(&names));
    else
        buf_add_text(out, "the certificate names no host at all (RFC 9525), so it is not for ");
    add_shown(out, span_of(wanted));
    buf_release(&names);
}

static enum tls_verdict verdict_of(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return TLS_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TLS_NOT_YET;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return TLS_OTHER_NAME;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return TLS_SELF_SIGNED;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return TLS_UNKNOWN_ISSUER;
    case X509_V_ERR_CERT_REVOKED:
        return TLS_REVOKED;
    default:
        return TLS_BAD_CERTIFICATE;
    }
}

static void say_flaw(struct buf *out, const struct tls *t, X509 *cert, int depth, int error)
{
    enum tls_verdict v = verdict_of(error);

    switch (v) {
    case TLS_EXPIRED:
    case TLS_NOT_YET:
        say_time(out, cert, depth, v);
        break;
    case TLS_OTHER_NAME:
        say_names(out, cert, t->server_name ? t->server_name : "");
        break;
    case TLS_SELF_SIGNED:
        buf_add_text(out, "the certificate is signed by itself: nobody who is trusted here vouches "
                          "for it");
        break;
    case TLS_UNKNOWN_ISSUER:
        buf_add_text(out, "the certificate was issued by \"");
        add_name(out, error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ? X509_get_subject_name(cert)
                                                                    : X509_get_issuer_name(cert));
        buf_add_text(out, "\", whom nobody here trusts");
        break;
    default:
        add_whose(out, cert, depth);
        buf_printf(out, " cannot be trusted: %s", X509_verify_cert_error_string(error));
    }
}

int tls_note_flaw(int good, X509_STORE_CTX *store)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls *t = ssl ? SSL_get_app_data(ssl) : NULL;
    X509 *cert = X509_STORE_CTX_get_current_cert(store);
    int error = X509_STORE_CTX_get_error(store);
    enum tls_verdict v = verdict_of(error);
    struct buf text = { 0 };

    if (good || !t || t->flaw[v])
        return 1;
    if (cert)
        say_flaw(&text, t, cert, X509_STORE_CTX_get_error_depth(store), error);
    else
        buf_printf(&text, "the certificate cannot be trusted: %s",
                   X509_verify_cert_error_string(error));
    t->flaw[v] = buf_detach(&text);
    return 1;
}

static void tell_certificate(struct tls_told *told, X509 *cert)
{
    struct tls_certificate *c = &told->report.chain[told->report.chain_count++];
    struct buf text = { 0 };

    add_name(&text, X509_get_subject_name(cert));
    c->subject = keep(told, &text);
    add_name(&text, X509_get_issuer_name(cert));
    c->issuer = keep(told, &text);
    add_hosts(&text, cert, TLS_NAMES_MAX);
    c->names = keep(told, &text);
    add_key(&text, cert);
    c->key = keep(told, &text);
    add_fingerprint(&text, cert);
    c->fingerprint = keep(told, &text);
    c->not_before = tls_seconds(X509_get0_notBefore(cert));
    c->not_after = tls_seconds(X509_get0_notAfter(cert));
}

/* As the peer sent it, its own first. */
static void tell_chain(struct tls *t, struct tls_told *told)
{
    const STACK_OF(X509) *chain = SSL_get_peer_cert_chain(t->ssl);
    X509 *own = SSL_get0_peer_certificate(t->ssl);

    /* OpenSSL leaves the peer's own out of the chain on the server's side. */
    if (own && t->server)
        tell_certificate(told, own);
    for (int i = 0; i < sk_X509_num(chain) && told->report.chain_count < TLS_CHAIN_MAX; i++)
        tell_certificate(told, sk_X509_value(chain, i));
}

static void say_verified(struct buf *out, const struct tls *t, X509 *own)
{
    const STACK_OF(X509) *chain = SSL_get0_verified_chain(t->ssl);
    X509 *top = chain ? sk_X509_value(chain, sk_X509_num(chain) - 1) : own;

    buf_add_text(out, "the certificate was issued under \"");
    add_name(out, X509_get_subject_name(top));
    buf_add_text(out, "\", which is trusted here");
    if (t->server_name) {
        buf_add_text(out, ", for ");
        add_shown(out, span_of(t->server_name));
    }
    buf_add_text(out, ", and is valid until ");
    tls_add_date(out, tls_seconds(X509_get0_notAfter(own)));
}

/* What weighs most stands first; the rest follows it. */
static void tell_verdict(struct tls *t, struct tls_told *told)
{
    static const enum tls_verdict order[] = { TLS_REVOKED,        TLS_SELF_SIGNED,
                                              TLS_UNKNOWN_ISSUER, TLS_EXPIRED,
                                              TLS_NOT_YET,        TLS_OTHER_NAME,
                                              TLS_BAD_CERTIFICATE };
    X509 *own = SSL_get0_peer_certificate(t->ssl);
    struct buf text = { 0 };

    if (!own) {
        told->report.verdict = TLS_NO_CERTIFICATE;
        buf_add_text(&text, t->server ? "the client showed no certificate, as is usual"
                                      : "the server showed no certificate");
        told->report.why = keep(told, &text);
        return;
    }
    told->report.verdict = TLS_VERIFIED;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (!t->flaw[order[i]])
            continue;
        if (told->report.verdict == TLS_VERIFIED)
            told->report.verdict = order[i];
        buf_printf(&text, "%s%s", text.len ? "; and " : "", t->flaw[order[i]]);
    }
    if (told->report.verdict == TLS_VERIFIED && SSL_get_verify_result(t->ssl) != X509_V_OK) {
        /* something that was told to nobody: never taken for good */
        told->report.verdict = TLS_BAD_CERTIFICATE;
        buf_printf(&text, "the certificate cannot be trusted: %s",
                   X509_verify_cert_error_string(SSL_get_verify_result(t->ssl)));
    }
    if (told->report.verdict == TLS_VERIFIED)
        say_verified(&text, t, own);
    told->report.why = keep(told, &text);
}

/* A name to log in with is one word without surprises: what would have to be shown as marks is no
 * such name, and a NUL in it would hide what follows. */
static bool add_word(struct buf *out, const ASN1_STRING *s)
{
    unsigned char *utf8 = NULL;
    int len = ASN1_STRING_to_UTF8(&utf8, s);
    bool plain = len > 0 && len <= TLS_NAME_MAX;

    for (int i = 0; plain && i < len; i++)
        plain = utf8[i] > ' ' && utf8[i] < 0x7f;
    if (plain)
        buf_add(out, span_make(utf8, (size_t)len));
    OPENSSL_free(utf8);
    return plain;
}

static bool add_mailbox(struct buf *out, X509 *cert)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    bool found = false;

    for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        found = name->type == GEN_EMAIL && add_word(out, name->d.rfc822Name);
    }
    GENERAL_NAMES_free(names);
    return found;
}

/* With several common names the last one counts, which is the most particular (RFC 2253 2.1). */
static void tell_identity(const struct tls *t, struct tls_told *told)
{
    X509 *own = SSL_get0_peer_certificate(t->ssl);
    const X509_NAME *subject = own ? X509_get_subject_name(own) : NULL;
    struct buf text = { 0 };
    int at = -1, last = -1;

    if (own && t->server && told->report.verdict == TLS_VERIFIED && !add_mailbox(&text, own)) {
        while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0)
            last = at;
        if (last >= 0)
            add_word(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
    }
    told->report.identity = keep(told, &text);
}

static void tell_names(struct tls *t, struct tls_told *told)
{
    const char *asked = SSL_get_servername(t->ssl, TLSEXT_NAMETYPE_host_name);
    const unsigned char *alpn;
    unsigned len;
    struct buf text = { 0 };

    SSL_get0_alpn_selected(t->ssl, &alpn, &len);
    add_shown(&text, span_make(alpn, len));
    told->report.alpn = keep(told, &text);
    add_shown(&text, span_of(asked));
    told->report.server_name = keep(told, &text);
}

/* "X25519", "P-256"; "" for the kinds without a group. */
static const char *key_exchange(SSL *ssl)
{
    int id = (int)SSL_get_negotiated_group(ssl);
    const char *name = EC_curve_nid2nist(id);

    if (!name && id != NID_undef)
        name = OBJ_nid2sn(id);
    if (!name && id != NID_undef)
        name = SSL_group_to_name(ssl, id);
    return name ? name : "";
}

struct tls_told *tls_tell(struct tls *t)
{
    struct tls_told *told = mem_zero(1, sizeof(*told));
    struct tls_report *r = &told->report;
    struct buf text = { 0 };

    r->protocol = SSL_get_version(t->ssl);
    r->cipher = SSL_get_cipher_name(t->ssl);
    r->key_exchange = key_exchange(t->ssl);
    r->resumed = SSL_session_reused(t->ssl) == 1;
    tell_names(t, told);
    if (!t->server)
        t->flaw[TLS_REVOKED] = tls_staple(t->ssl, &text);
    r->staple = keep(told, &text);
    tell_chain(t, told);
    tell_verdict(t, told);
    tell_identity(t, told);
    return told;
}

const struct tls_report *tls_told_report(const struct tls_told *told)
{
    return &told->report;
}

void tls_told_free(struct tls_told *told)
{
    if (!told)
        return;
    for (unsigned i = 0; i < told->count; i++)
        mem_free(told->texts[i]);
    mem_free(told);
}
