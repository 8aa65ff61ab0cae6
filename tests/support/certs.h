/*
 * Certificates made in a test, as PEM files in a folder of its own: authorities, servers' own, and
 * ones that are wrong in one way.
 */
#ifndef TESTS_CERTS_H
#define TESTS_CERTS_H
#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

#define CERTS_DAY  ((long)24 * 60 * 60)
#define CERTS_PATH 256 /* room for a file of the folder */

struct certs_pair {
    X509 *cert;
    EVP_PKEY *key;
};

struct certs_wish {
    const char *subject; /* common name */
    const char *names;   /* "DNS:a.example,IP:127.0.0.1", or NULL */
    long from, until;    /* days from now */
    bool ca;
};

static inline void certs_extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *e;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    cr_assert_not_null(e, "%s", value);
    X509_add_ext(cert, e, -1);
    X509_EXTENSION_free(e);
}

/* Signed by `by`, or by itself when that is NULL. */
static inline struct certs_pair certs_make(const struct certs_wish *w, const struct certs_pair *by)
{
    static long number = 1000;
    struct certs_pair p = { X509_new(), EVP_EC_gen("P-256") };
    X509 *issuer = by ? by->cert : p.cert;

    X509_set_version(p.cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(p.cert), number++);
    X509_gmtime_adj(X509_getm_notBefore(p.cert), w->from * CERTS_DAY);
    X509_gmtime_adj(X509_getm_notAfter(p.cert), w->until * CERTS_DAY);
    X509_set_pubkey(p.cert, p.key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(p.cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)w->subject, -1, -1, 0);
    X509_set_issuer_name(p.cert, X509_get_subject_name(issuer));
    certs_extend(p.cert, issuer, NID_basic_constraints,
                 w->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    certs_extend(p.cert, issuer, NID_subject_key_identifier, "hash");
    if (by)
        certs_extend(p.cert, issuer, NID_authority_key_identifier, "keyid:always");
    if (w->names)
        certs_extend(p.cert, issuer, NID_subject_alt_name, w->names);
    cr_assert_gt(X509_sign(p.cert, by ? by->key : p.key, EVP_sha256()), 0);
    return p;
}

static inline void certs_free(struct certs_pair *p)
{
    X509_free(p->cert);
    EVP_PKEY_free(p->key);
    *p = (struct certs_pair){ 0 };
}

/* A folder; the caller removes it with certs_remove(). */
static inline void certs_folder(char path[64])
{
    snprintf(path, 64, "/tmp/smtpscope-certs-XXXXXX");
    cr_assert_not_null(mkdtemp(path));
}

static inline void certs_path(const char *folder, const char *name, char out[CERTS_PATH])
{
    snprintf(out, CERTS_PATH, "%s/%s", folder, name);
}

static inline void certs_write(const char *path, const struct certs_pair *p, bool cert, bool key)
{
    FILE *f = fopen(path, "w");

    cr_assert_not_null(f, "%s", path);
    if (cert)
        PEM_write_X509(f, p->cert);
    if (key)
        PEM_write_PrivateKey(f, p->key, NULL, NULL, 0, NULL, NULL);
    fclose(f);
}

static inline void certs_remove(const char *folder)
{
    static const char *const names[] = { "ca.pem",    "ca-key.pem", "cert.pem", "key.pem",
                                         "other.pem", "keys.log",   "both.pem", "bad.pem" };
    char path[CERTS_PATH];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        certs_path(folder, names[i], path);
        unlink(path);
    }
    rmdir(folder);
}

#endif
