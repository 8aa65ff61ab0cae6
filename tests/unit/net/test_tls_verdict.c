/* What a certificate is worth, in words; and what is wrong with the files one is read from. */
#include <openssl/ocsp.h>
#include <sys/stat.h>

#include "net/tls.h"
#include "net/tls_inside.h"
#include "support/certs.h"
#include "support/table.h"
#include "support/wire.h"

/* An authority that the client trusts, one that it does not, and a place for files. */
struct office {
    char folder[64], ca[CERTS_PATH], cert[CERTS_PATH], key[CERTS_PATH];
    struct certs_pair trusted, other;
};

static void office_open(struct office *o)
{
    certs_folder(o->folder);
    certs_path(o->folder, "ca.pem", o->ca);
    certs_path(o->folder, "cert.pem", o->cert);
    certs_path(o->folder, "key.pem", o->key);
    o->trusted = certs_make(&(struct certs_wish){ "Good CA", NULL, -10, 10, true }, NULL);
    o->other = certs_make(&(struct certs_wish){ "Other CA", NULL, -10, 10, true }, NULL);
    certs_write(o->ca, &o->trusted, true, false);
}

static void office_close(struct office *o)
{
    certs_free(&o->trusted);
    certs_free(&o->other);
    certs_remove(o->folder);
}

/* Both sides' contexts, with the server's pair in its files. */
static void office_contexts(struct office *o, const struct certs_pair *p,
                            struct tls_context **client, struct tls_context **server)
{
    struct error err = { "" };

    certs_write(o->cert, p, true, false);
    certs_write(o->key, p, false, true);
    *server = tls_server_context(
        &(struct tls_server_options){ .cert_file = o->cert, .key_file = o->key }, &err);
    cr_assert_not_null(*server, "%s", err.text);
    *client = tls_client_context(&(struct tls_client_options){ .ca_file = o->ca }, &err);
    cr_assert_not_null(*client, "%s", err.text);
}

enum signer { BY_TRUSTED, BY_OTHER, BY_ITSELF };

static const struct {
    const char *name;
    struct certs_wish wish;
    enum signer by;
    const char *wanted;
    enum tls_verdict verdict;
    const char *why;
} verdicts[] = {
    { "all is well",
      { "x", "DNS:mx.example.org", -1, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_VERIFIED,
      "was issued under \"CN=Good CA\", which is trusted here, for mx.example.org" },
    { "any letter case",
      { "x", "DNS:MX.example.org", -1, 9, false },
      BY_TRUSTED,
      "mx.EXAMPLE.org",
      TLS_VERIFIED,
      "and is valid until 20" },
    { "a wildcard",
      { "x", "DNS:*.example.org", -1, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_VERIFIED,
      "for mx.example.org" },
    { "part of a label",
      { "x", "DNS:m*.example.org", -1, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_OTHER_NAME,
      "for other names (m*.example.org), not for mx.example.org" },
    { "an address",
      { "x", "IP:127.0.0.1", -1, 9, false },
      BY_TRUSTED,
      "127.0.0.1",
      TLS_VERIFIED,
      "for 127.0.0.1" },
    { "IPv6", { "x", "IP:::1", -1, 9, false }, BY_TRUSTED, "::1", TLS_VERIFIED, "for ::1" },
    { "another address",
      { "x", "IP:127.0.0.2,IP:::2", -1, 9, false },
      BY_TRUSTED,
      "127.0.0.1",
      TLS_OTHER_NAME,
      "for other names (127.0.0.2, ::2), not for 127.0.0.1" },
    { "no name asked for",
      { "x", "DNS:mx.example.org", -1, 9, false },
      BY_TRUSTED,
      NULL,
      TLS_VERIFIED,
      "which is trusted here, and is valid until" },
    { "other names",
      { "x", "DNS:a.example,DNS:b.example", -1, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_OTHER_NAME,
      "(a.example, b.example), not for mx.example.org" },
    { "many names",
      { "x", "DNS:a.x,DNS:b.x,DNS:c.x,email:a@b,DNS:d.x,DNS:e.x,DNS:f.x", -1, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_OTHER_NAME,
      "(a.x, b.x, c.x, d.x and 2 more)" },
    { "only a common name",
      { "mx.example.org", NULL, -1, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_OTHER_NAME,
      "names no host at all (RFC 9525)" },
    { "expired",
      { "x", "DNS:mx.example.org", -9, -3, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_EXPIRED,
      "the certificate expired 3 days ago, on 20" },
    { "not yet",
      { "x", "DNS:mx.example.org", 2, 9, false },
      BY_TRUSTED,
      "mx.example.org",
      TLS_NOT_YET,
      "is not valid yet: it begins in " },
    { "self-signed",
      { "x", "DNS:mx.example.org", -1, 9, false },
      BY_ITSELF,
      "mx.example.org",
      TLS_SELF_SIGNED,
      "the certificate is signed by itself" },
    { "self-signed, expired, for another",
      { "x", "DNS:a.x", -9, -1, false },
      BY_ITSELF,
      "mx.example.org",
      TLS_SELF_SIGNED,
      "; and the certificate expired 1 day ago" },
    { "unknown issuer",
      { "x", "DNS:mx.example.org", -1, 9, false },
      BY_OTHER,
      "mx.example.org",
      TLS_UNKNOWN_ISSUER,
      "the certificate was issued by \"CN=Other CA\", whom nobody here trusts" },
    { "unknown issuer, another name",
      { "x", "DNS:a.x", -1, 9, false },
      BY_OTHER,
      "mx.example.org",
      TLS_UNKNOWN_ISSUER,
      "; and the certificate is for other names (a.x)" },
};

Test(tls_verdict, is_told_in_words)
{
    struct office o;

    office_open(&o);
    for (size_t i = 0; i < ROWS(verdicts); i++) {
        const struct certs_pair *by = verdicts[i].by == BY_TRUSTED ? &o.trusted
                                      : verdicts[i].by == BY_OTHER ? &o.other
                                                                   : NULL;
        struct certs_pair p = certs_make(&verdicts[i].wish, by);
        struct tls_context *client, *server;
        const struct tls_report *r;
        struct wire w;

        office_contexts(&o, &p, &client, &server);
        wire_start(&w, client, server, verdicts[i].wanted);
        wire_settle(&w, 0);
        r = tls_report(w.client.tls);
        cr_assert_not_null(r, "%s: %s", verdicts[i].name, tls_why(w.client.tls));
        cr_expect_eq(r->verdict, verdicts[i].verdict, "%s: %d", verdicts[i].name, (int)r->verdict);
        cr_expect(strstr(r->why, verdicts[i].why), "%s: %s", verdicts[i].name, r->why);
        tls_send(w.client.tls, SPAN("NOOP\r\n"), &w.client.out);
        wire_settle(&w, 0);
        cr_expect_str_eq(buf_text(&w.server.plain), "NOOP\r\n", "the session is open all the same");
        wire_end(&w);
        tls_context_free(client);
        tls_context_free(server);
        certs_free(&p);
    }
    office_close(&o);
}

/* A name that would move the cursor, in a certificate of 20,000 octets. */
Test(tls_verdict, shows_marks_and_not_what_a_peer_wrote)
{
    struct office o;
    struct certs_pair p;
    struct tls_context *client, *server;
    struct wire w;
    struct buf names = { 0 };

    office_open(&o);
    for (int i = 0; i < 700; i++)
        buf_printf(&names, "%sDNS:n%04d.long-name.example", i ? "," : "", i);
    p = certs_make(&(struct certs_wish){ "\x1b[2J\xe2\x80\xae", buf_text(&names), -1, 9, false },
                   &o.trusted);
    office_contexts(&o, &p, &client, &server);
    wire_start(&w, client, server, "mx.example.org");
    wire_settle(&w, 0);
    cr_assert_eq(tls_state(w.client.tls), TLS_OPEN, "%s", tls_why(w.client.tls));
    cr_expect_null(strchr(tls_report(w.client.tls)->chain[0].subject, '\x1b'));
    cr_expect(strstr(tls_report(w.client.tls)->chain[0].subject, "<U+202E>"), "%s",
              tls_report(w.client.tls)->chain[0].subject);
    cr_expect(strlen(tls_report(w.client.tls)->chain[0].names) < 4000);
    cr_expect(strstr(tls_report(w.client.tls)->chain[0].names, " and 600 more"));
    wire_end(&w);
    tls_context_free(client);
    tls_context_free(server);
    certs_free(&p);
    buf_release(&names);
    office_close(&o);
}

/* What a server of the test staples. */
struct staple {
    X509 *subject, *issuer;
    EVP_PKEY *key;
    X509 *signer;
    int status;
    bool old, garbage;
};

static int staple(SSL *ssl, void *arg)
{
    const struct staple *s = arg;
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(NULL, s->subject, s->issuer);
    ASN1_TIME *from = X509_gmtime_adj(NULL, s->old ? -9 * CERTS_DAY : -60);
    ASN1_TIME *until = X509_gmtime_adj(NULL, s->old ? -8 * CERTS_DAY : CERTS_DAY);
    OCSP_RESPONSE *response;
    unsigned char *der = NULL;
    int len;

    OCSP_basic_add1_status(
        basic, id, s->status,
        s->status == V_OCSP_CERTSTATUS_REVOKED ? OCSP_REVOKED_STATUS_KEYCOMPROMISE : -1,
        s->status == V_OCSP_CERTSTATUS_REVOKED ? from : NULL, from, until);
    OCSP_basic_sign(basic, s->signer, s->key, EVP_sha256(), NULL, 0);
    response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    len = i2d_OCSP_RESPONSE(response, &der);
    if (s->garbage)
        der[0] = 0x42;
    SSL_set_tlsext_status_ocsp_resp(ssl, der, len);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    return SSL_TLSEXT_ERR_OK;
}

static const struct {
    const char *name;
    int status;
    bool old, garbage, wrong_signer, wrong_subject;
    enum tls_verdict verdict;
    const char *says;
} staples[] = {
    { "good", V_OCSP_CERTSTATUS_GOOD, false, false, false, false, TLS_VERIFIED, "good, until 20" },
    { "revoked", V_OCSP_CERTSTATUS_REVOKED, false, false, false, false, TLS_REVOKED,
      "revoked on 20" },
    { "unknown", V_OCSP_CERTSTATUS_UNKNOWN, false, false, false, false, TLS_VERIFIED,
      "unknown: the issuer" },
    { "old", V_OCSP_CERTSTATUS_REVOKED, true, false, false, false, TLS_VERIFIED,
      "not of this time" },
    { "garbage", V_OCSP_CERTSTATUS_GOOD, false, true, false, false, TLS_VERIFIED, "not readable" },
    { "wrong signer", V_OCSP_CERTSTATUS_REVOKED, false, false, true, false, TLS_VERIFIED,
      "not signed by the certificate's issuer" },
    { "wrong subject", V_OCSP_CERTSTATUS_REVOKED, false, false, false, true, TLS_VERIFIED,
      "for another certificate" },
};

Test(tls_verdict, hears_a_stapled_response)
{
    struct office o;
    struct certs_pair p;

    office_open(&o);
    p = certs_make(&(struct certs_wish){ "x", "DNS:mx.example.org", -1, 9, false }, &o.trusted);
    for (size_t i = 0; i < ROWS(staples); i++) {
        struct staple s = { .subject = staples[i].wrong_subject ? o.trusted.cert : p.cert,
                            .issuer = o.trusted.cert,
                            .key = staples[i].wrong_signer ? o.other.key : o.trusted.key,
                            .signer = staples[i].wrong_signer ? o.other.cert : o.trusted.cert,
                            .status = staples[i].status,
                            .old = staples[i].old,
                            .garbage = staples[i].garbage };
        struct tls_context *client, *server;
        const struct tls_report *r;
        struct wire w;

        office_contexts(&o, &p, &client, &server);
        SSL_CTX_set_tlsext_status_cb(server->ssl, staple);
        SSL_CTX_set_tlsext_status_arg(server->ssl, &s);
        wire_start(&w, client, server, "mx.example.org");
        wire_settle(&w, 0);
        r = tls_report(w.client.tls);
        cr_assert_not_null(r, "%s: %s", staples[i].name, tls_why(w.client.tls));
        cr_expect(strstr(r->staple, staples[i].says), "%s: '%s'", staples[i].name, r->staple);
        cr_expect_eq(r->verdict, staples[i].verdict, "%s: %s", staples[i].name, r->why);
        if (staples[i].verdict == TLS_REVOKED)
            cr_expect(strstr(r->why, "(keyCompromise)"), "%s", r->why);
        wire_end(&w);
        tls_context_free(client);
        tls_context_free(server);
    }
    certs_free(&p);
    office_close(&o);
}

/* Who it is, to a login: one plain word, and the mailbox before the common name. */
Test(tls_verdict, names_whom_a_trusted_client_is)
{
    static const struct {
        const char *subject, *names, *want;
    } cases[] = {
        { "alice", NULL, "alice" },
        { "alice", "email:alice@crepes.fr", "alice@crepes.fr" },
        { "alice", "DNS:crepes.fr,email:bob@crepes.fr,email:carol@crepes.fr", "bob@crepes.fr" },
        { "alice", "DNS:crepes.fr", "alice" },
        { "Alice of Crepes", NULL, "" },
        { "Alice of Crepes", "email:alice@crepes.fr", "alice@crepes.fr" },
        { "al\xc3\xaf"
          "ce",
          NULL, "" },
        { "al\nice", NULL, "" },
    };
    struct tls_context *client, *server;
    struct error err = { "" };
    struct certs_pair own;
    struct office o;

    office_open(&o);
    own = certs_make(&(struct certs_wish){ "x", "DNS:mx.example.org", -1, 9, false }, &o.trusted);
    office_contexts(&o, &own, &client, &server);
    cr_assert(tls_context_ask_clients(server, o.ca, &err), "%s", err.text);
    tls_context_free(client);
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct certs_pair p = certs_make(
            &(struct certs_wish){ cases[i].subject, cases[i].names, -1, 9, false }, &o.trusted);
        char both[CERTS_PATH];
        struct wire w;

        certs_path(o.folder, "both.pem", both);
        certs_write(both, &p, true, true);
        client = tls_client_context(
            &(struct tls_client_options){ .ca_file = o.ca, .cert_file = both }, &err);
        cr_assert_not_null(client, "%s", err.text);
        wire_start(&w, client, server, "mx.example.org");
        wire_settle(&w, 0);
        cr_assert_not_null(tls_report(w.server.tls), "%s", tls_why(w.server.tls));
        cr_expect_str_eq(tls_report(w.server.tls)->identity, cases[i].want, "row %zu", i);
        cr_expect_str_eq(tls_report(w.client.tls)->identity, "", "a server is nobody to log in");
        wire_end(&w);
        tls_context_free(client);
        certs_free(&p);
    }
    tls_context_free(server);
    certs_free(&own);
    office_close(&o);
}

/* EXTERNAL: the client's certificate, judged by the server. */
Test(tls_verdict, is_told_of_a_client_too)
{
    static const struct {
        const char *name;
        enum signer by;
        bool none;
        enum tls_verdict verdict;
        const char *why;
    } cases[] = {
        { "trusted", BY_TRUSTED, false, TLS_VERIFIED, "issued under \"CN=Good CA\"" },
        { "unknown", BY_OTHER, false, TLS_UNKNOWN_ISSUER, "whom nobody here trusts" },
        { "self-signed", BY_ITSELF, false, TLS_SELF_SIGNED, "signed by itself" },
        { "none", BY_TRUSTED, true, TLS_NO_CERTIFICATE, "showed no certificate" },
    };
    struct office o;
    struct certs_pair own;

    office_open(&o);
    own = certs_make(&(struct certs_wish){ "x", "DNS:mx.example.org", -1, 9, false }, &o.trusted);
    certs_write(o.cert, &own, true, false);
    certs_write(o.key, &own, false, true);
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct certs_pair p = certs_make(&(struct certs_wish){ "alice", NULL, -1, 9, false },
                                         cases[i].by == BY_TRUSTED ? &o.trusted
                                         : cases[i].by == BY_OTHER ? &o.other
                                                                   : NULL);
        struct error err = { "" };
        struct tls_context *client, *server;
        const struct tls_report *r;
        struct wire w;
        char both[CERTS_PATH];

        certs_path(o.folder, "both.pem", both);
        certs_write(both, &p, true, true);
        server = tls_server_context(&(struct tls_server_options){ .cert_file = o.cert,
                                                                  .key_file = o.key,
                                                                  .client_ca_file = o.ca },
                                    &err);
        cr_assert_not_null(server, "%s", err.text);
        client = tls_client_context(
            &(struct tls_client_options){ .ca_file = o.ca,
                                          .cert_file = cases[i].none ? NULL : both },
            &err);
        cr_assert_not_null(client, "%s", err.text);
        wire_start(&w, client, server, "mx.example.org");
        wire_settle(&w, 0);
        r = tls_report(w.server.tls);
        cr_assert_not_null(r, "%s: %s", cases[i].name, tls_why(w.server.tls));
        cr_expect_eq(r->verdict, cases[i].verdict, "%s: %s", cases[i].name, r->why);
        cr_expect(strstr(r->why, cases[i].why), "%s: %s", cases[i].name, r->why);
        cr_expect_eq(r->chain_count, cases[i].none ? 0 : 1);
        cr_expect_str_eq(r->identity, cases[i].verdict == TLS_VERIFIED ? "alice" : "");
        if (!cases[i].none)
            cr_expect_str_eq(r->chain[0].subject, "CN=alice");
        wire_end(&w);
        tls_context_free(client);
        tls_context_free(server);
        certs_free(&p);
    }
    certs_free(&own);
    office_close(&o);
}

static enum tls_verdict verdict_under(struct office *o, const struct certs_pair *p)
{
    struct tls_context *client, *unused, *server;
    enum tls_verdict v;
    struct wire w;

    office_contexts(o, p, &unused, &server);
    client = tls_client_context(&(struct tls_client_options){ 0 }, NULL);
    wire_start(&w, client, server, "mx.example.org");
    wire_settle(&w, 0);
    cr_assert_not_null(tls_report(w.client.tls));
    v = tls_report(w.client.tls)->verdict;
    wire_end(&w);
    tls_context_free(client);
    tls_context_free(unused);
    tls_context_free(server);
    return v;
}

/* Where the system keeps those it trusts: a folder by hashes, or one file. */
Test(tls_verdict, trusts_whom_the_system_trusts)
{
    struct office o;
    struct certs_pair p;
    char hashed[CERTS_PATH], name[16];

    office_open(&o);
    p = certs_make(&(struct certs_wish){ "x", "DNS:mx.example.org", -1, 9, false }, &o.trusted);
    setenv("SSL_CERT_DIR", o.folder, 1);
    unsetenv("SSL_CERT_FILE");
    cr_expect_eq(verdict_under(&o, &p), TLS_UNKNOWN_ISSUER, "no hashes yet");
    snprintf(name, sizeof(name), "%08lx.0",
             X509_NAME_hash_ex(X509_get_subject_name(o.trusted.cert), NULL, NULL, NULL));
    certs_path(o.folder, name, hashed);
    certs_write(hashed, &o.trusted, true, false);
    cr_expect_eq(verdict_under(&o, &p), TLS_VERIFIED);
    unlink(hashed);
    setenv("SSL_CERT_DIR", "/nowhere", 1);
    setenv("SSL_CERT_FILE", o.ca, 1);
    cr_expect_eq(verdict_under(&o, &p), TLS_VERIFIED);
    certs_free(&p);
    office_close(&o);
}

/* Which files a complaint is about, by the name that certs.h gives them. */
static const struct {
    const char *name, *cert, *key, *client_ca, *says;
} complaints[] = {
    { "no file", "absent.pem", "key.pem", NULL, "cannot read the certificate '" },
    { "no key file", "cert.pem", "absent.pem", NULL, "cannot read the key '" },
    { "no certificate in it", "bad.pem", "key.pem", NULL, "holds no certificate in PEM form" },
    { "no key in it", "cert.pem", "bad.pem", NULL, "holds no private key in PEM form" },
    { "the certificate twice", "cert.pem", NULL, NULL, "holds no private key in PEM form" },
    { "the wrong key", "cert.pem", "other.pem", NULL, "is not the one of the certificate in '" },
    { "a key alone", NULL, "key.pem", NULL, "and no certificate for it" },
    { "a locked key", "cert.pem", "ca-key.pem", NULL, "is locked with a pass phrase" },
    { "no CA file", "cert.pem", "key.pem", "absent.pem",
      "cannot read the file of trusted authorities '" },
    { "no CA in it", "cert.pem", "key.pem", "bad.pem", "holds no certificate of an authority" },
    { "nothing", NULL, NULL, NULL, "a server needs a certificate" },
};

static const char *in_folder(const struct office *o, const char *name, char room[CERTS_PATH])
{
    if (!name)
        return NULL;
    certs_path(o->folder, name, room);
    return room;
}

Test(tls_verdict, names_the_file_that_is_wrong)
{
    struct office o;
    struct certs_pair p;
    char path[CERTS_PATH];
    FILE *f;

    office_open(&o);
    p = certs_make(&(struct certs_wish){ "x", NULL, -1, 9, false }, &o.trusted);
    certs_write(o.cert, &p, true, false);
    certs_write(o.key, &p, false, true);
    certs_write(in_folder(&o, "other.pem", path), &o.other, false, true);
    f = fopen(in_folder(&o, "bad.pem", path), "w");
    fputs("this is no PEM file\n", f);
    fclose(f);
    f = fopen(in_folder(&o, "ca-key.pem", path), "w");
    PEM_write_PKCS8PrivateKey(f, p.key, EVP_aes_128_cbc(), "secret", 6, NULL, NULL);
    fclose(f);
    for (size_t i = 0; i < ROWS(complaints); i++) {
        char cert[CERTS_PATH], key[CERTS_PATH], ca[CERTS_PATH];
        struct error err = { "" };
        struct tls_server_options so = {
            .cert_file = in_folder(&o, complaints[i].cert, cert),
            .key_file = in_folder(&o, complaints[i].key, key),
            .client_ca_file = in_folder(&o, complaints[i].client_ca, ca),
        };

        cr_expect_null(tls_server_context(&so, &err), "%s", complaints[i].name);
        cr_expect(strstr(err.text, complaints[i].says), "%s: %s", complaints[i].name, err.text);
        cr_expect(strstr(err.text, o.folder) || !so.key_file, "%s: %s", complaints[i].name,
                  err.text);
    }
    certs_free(&p);
    office_close(&o);
}
