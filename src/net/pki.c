/*
 * The user's own certificate authority, and a server's certificate under it. The key decides: it is
 * put in its place by link(), which only one program can win, and each makes the same CA of it.
 *
 * Sources: RFC 5280 4.2 (extensions), RFC 9525 (names in subjectAltName).
 */
#include "net/pki.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/address.h"
#include "net/tls_inside.h"

#define DAY             ((long)24 * 60 * 60)
#define CA_DAYS         (10 * 365)
#define LEAF_DAYS       397 /* longer ones are refused by some clients */
#define CA_RENEWED_DAYS 30
#define PEM_FILE_MAX    ((size_t)64 * 1024) /* ours have 1 kB */

static const char ca_file[] = "ca.pem", key_file[] = "ca-key.pem";

struct ca {
    X509 *cert;
    EVP_PKEY *key;
};

static void ca_release(struct ca *ca)
{
    X509_free(ca->cert);
    EVP_PKEY_free(ca->key);
}

static char *path_in(const char *folder, const char *name)
{
    struct buf b = { 0 };

    buf_printf(&b, "%s/%s", folder, name);
    return buf_detach(&b);
}

/* The folder and what is above it. */
static bool make_folder(const char *folder, struct error *err)
{
    char *path = mem_strdup(folder);
    bool good;

    for (char *at = path + 1; *path && *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        mkdir(path, 0700);
        *at = '/';
    }
    good = mkdir(path, 0700) == 0 || errno == EEXIST;
    if (!good)
        error_set(err, "cannot make the folder '%.300s' for certificates: %s", folder,
                  strerror(errno));
    mem_free(path);
    return good;
}

/* 1: read; 0: there is none; -1: err. */
static int read_file(const char *path, struct buf *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;

    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd >= 0) {
        buf_reserve(out, PEM_FILE_MAX);
        do {
            n = read(fd, out->at + out->len, PEM_FILE_MAX - out->len);
            if (n > 0)
                out->len += (size_t)n;
        } while (n > 0 || (n < 0 && errno == EINTR));
        out->at[out->len] = '\0';
    }
    if (n < 0)
        error_set(err, "cannot read '%.300s': %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return n < 0 ? -1 : 1;
}

static bool write_all(int fd, struct span octets)
{
    while (octets.len) {
        ssize_t n = write(fd, octets.at, octets.len);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            octets = span_from(octets, (size_t)n);
    }
    return fsync(fd) == 0;
}

/* Puts the octets there whole or not at all. `over`: also when something is there already;
 * otherwise that stays, and all is well. */
static bool put_file(const char *path, struct span octets, bool over, struct error *err)
{
    struct buf temp = { 0 };
    bool good = false;
    int fd;

    buf_printf(&temp, "%s.XXXXXX", path);
    fd = mkstemp((char *)temp.at); /* mode 0600 */
    if (fd >= 0) {
        good = write_all(fd, octets);
        if (good)
            good = over ? rename(buf_text(&temp), path) == 0
                        : link(buf_text(&temp), path) == 0 || errno == EEXIST;
    }
    if (!good)
        error_set(err, "cannot write '%.300s': %s", path, strerror(errno));
    if (fd >= 0) {
        close(fd);
        unlink(buf_text(&temp)); /* gone already when it was renamed */
    }
    buf_release(&temp);
    return good;
}

static BIO *memory(const struct buf *b)
{
    return BIO_new_mem_buf(b->at, (int)b->len);
}

static bool pem_text(struct buf *out, X509 *cert, EVP_PKEY *key)
{
    BIO *b = BIO_new(BIO_s_mem());
    char *at;
    long len;
    bool good = cert ? PEM_write_bio_X509(b, cert) == 1
                     : PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1;

    len = BIO_get_mem_data(b, &at);
    if (len > 0)
        buf_add(out, span_make(at, (size_t)len));
    if (key && len > 0)
        mem_wipe(at, (size_t)len);
    BIO_free(b);
    return good;
}

static void wipe(struct buf *b)
{
    if (b->at)
        mem_wipe(b->at, b->cap);
    buf_release(b);
}

/* The key that is in the folder; made when there is none. */
static EVP_PKEY *ca_key(const char *path, struct error *err)
{
    struct buf text = { 0 };
    EVP_PKEY *key = NULL;
    int found = read_file(path, &text, err);

    if (found == 0) {
        EVP_PKEY *made = EVP_EC_gen("P-256");

        if (!made || !pem_text(&text, NULL, made)) {
            error_set(err, "OpenSSL could not make a key: %s", tls_reason());
            found = -1;
        } else if (put_file(path, buf_span(&text), false, err)) {
            wipe(&text); /* another program may have been quicker: its key counts */
            found = read_file(path, &text, err);
        } else {
            found = -1;
        }
        EVP_PKEY_free(made);
    }
    if (found == 1) {
        BIO *b = memory(&text);
        char none[] = "";

        key = PEM_read_bio_PrivateKey(b, NULL, NULL, none);
        BIO_free(b);
        if (!key)
            error_set(err, "'%.300s' holds no private key; remove it, and a new one is made", path);
    }
    wipe(&text);
    return key;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *e;
    bool good;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    good = e && X509_add_ext(cert, e, -1) == 1;
    X509_EXTENSION_free(e);
    return good;
}

/* What both kinds have: a random number, a time, a key and a name. */
static X509 *new_certificate(EVP_PKEY *key, const char *name, long days)
{
    X509 *cert = X509_new();
    BIGNUM *number = BN_new();

    X509_set_version(cert, X509_VERSION_3);
    /* RFC 5280 4.1.2.2: positive, at most 20 octets. */
    BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(cert), -DAY); /* clocks differ */
    X509_gmtime_adj(X509_getm_notAfter(cert), days * DAY);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    return cert;
}

/* Two users' CAs have different names, so that a client who trusts both can tell them apart. */
static void ca_name(EVP_PKEY *key, char out[40])
{
    unsigned char *der = NULL, digest[EVP_MAX_MD_SIZE] = { 0 };
    int len = i2d_PUBKEY(key, &der);

    if (len > 0)
        EVP_Digest(der, (size_t)len, digest, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
    snprintf(out, 40, "smtpscope CA %02X%02X%02X%02X", digest[0], digest[1], digest[2], digest[3]);
}

static X509 *make_ca(EVP_PKEY *key)
{
    char name[40];
    X509 *cert;

    ca_name(key, name);
    cert = new_certificate(key, name, CA_DAYS);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    if (add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(cert, cert, NID_subject_key_identifier, "hash") &&
        X509_sign(cert, key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

static bool ends_soon(const X509 *cert)
{
    time_t then = time(NULL) + CA_RENEWED_DAYS * DAY;

    return X509_cmp_time(X509_get0_notAfter(cert), &then) <= 0;
}

/* Reads the CA of that key. 1: read; 0: there is none, or it ends soon; -1: err. */
static int read_ca(const char *path, struct ca *ca, bool *there, struct error *err)
{
    struct buf text = { 0 };
    int found = read_file(path, &text, err);

    *there = found == 1;
    if (found == 1) {
        BIO *b = memory(&text);

        X509_free(ca->cert);
        ca->cert = PEM_read_bio_X509(b, NULL, NULL, NULL);
        BIO_free(b);
        if (!ca->cert || X509_check_private_key(ca->cert, ca->key) != 1) {
            error_set(err,
                      "'%.300s' is not the certificate of the key beside it; remove it, and a new "
                      "one is made",
                      path);
            found = -1;
        } else if (ends_soon(ca->cert)) {
            found = 0;
        }
    }
    buf_release(&text);
    return found;
}

static bool ca_open(const char *folder, struct ca *ca, struct error *err)
{
    char *key_path = path_in(folder, key_file), *path = path_in(folder, ca_file);
    struct buf text = { 0 };
    bool there, good = false;
    int found;

    *ca = (struct ca){ 0 };
    ERR_clear_error();
    if (!make_folder(folder, err))
        goto out;
    ca->key = ca_key(key_path, err);
    if (!ca->key)
        goto out;
    found = read_ca(path, ca, &there, err);
    if (found == 0) {
        X509 *made = make_ca(ca->key);

        if (!made || !pem_text(&text, made, NULL))
            error_set(err, "OpenSSL could not make a certificate: %s", tls_reason());
        else if (put_file(path, buf_span(&text), there, err))
            found = read_ca(path, ca, &there, err);
        X509_free(made);
    }
    good = found == 1;
out:
    if (!good)
        ca_release(ca);
    buf_release(&text);
    mem_free(key_path);
    mem_free(path);
    return good;
}

static void add_dns(GENERAL_NAMES *names, const char *name)
{
    GENERAL_NAME *n = GENERAL_NAME_new();
    ASN1_IA5STRING *s = ASN1_IA5STRING_new();

    ASN1_STRING_set(s, name, -1);
    GENERAL_NAME_set0_value(n, GEN_DNS, s);
    sk_GENERAL_NAME_push(names, n);
}

static bool add_address(GENERAL_NAMES *names, const char *text)
{
    ASN1_OCTET_STRING *s = a2i_IPADDRESS(text);
    GENERAL_NAME *n;

    if (!s)
        return false;
    n = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(n, GEN_IPADD, s);
    sk_GENERAL_NAME_push(names, n);
    return true;
}

/* Letters, digits, hyphens and dots: what a certificate can name (RFC 5280 4.2.1.6). */
static bool can_be_named(const char *host)
{
    size_t len = strlen(host);

    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alnum((unsigned char)host[i]) && host[i] != '-' && host[i] != '.' &&
            host[i] != '_')
            return false;
    return len > 0 && len < 256;
}

static bool add_names(X509 *cert, const char *hostname)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    bool good;

    if (address_numeric(hostname, 0, NULL))
        add_address(names, hostname);
    else if (can_be_named(hostname) && strcmp(hostname, "localhost") != 0)
        add_dns(names, hostname);
    add_dns(names, "localhost");
    add_address(names, "127.0.0.1");
    add_address(names, "::1");
    good = X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return good;
}

static X509 *make_leaf(const struct ca *ca, EVP_PKEY *key, const char *hostname)
{
    /* RFC 5280 A.1: a common name has at most 64 characters; what counts are the others. */
    bool fits = can_be_named(hostname) && strlen(hostname) <= 64;
    X509 *cert = new_certificate(key, fits ? hostname : "localhost", LEAF_DAYS);

    X509_set_issuer_name(cert, X509_get_subject_name(ca->cert));
    if (add_extension(cert, ca->cert, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(cert, ca->cert, NID_key_usage, "critical,digitalSignature") &&
        add_extension(cert, ca->cert, NID_ext_key_usage, "serverAuth") &&
        add_extension(cert, ca->cert, NID_subject_key_identifier, "hash") &&
        add_extension(cert, ca->cert, NID_authority_key_identifier, "keyid:always") &&
        add_names(cert, hostname) && X509_sign(cert, ca->key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

struct tls_context *pki_server_context(const char *folder, const char *hostname, struct error *err)
{
    struct ca ca;
    struct tls_context *c = NULL;
    EVP_PKEY *key;
    X509 *leaf;

    if (!ca_open(folder, &ca, err))
        return NULL;
    key = EVP_EC_gen("P-256");
    leaf = key ? make_leaf(&ca, key, hostname) : NULL;
    if (!leaf)
        error_set(err, "OpenSSL could not make a certificate for '%.100s': %s", hostname,
                  tls_reason());
    else
        c = tls_context_new(true, err);
    if (c &&
        (SSL_CTX_use_certificate(c->ssl, leaf) != 1 || SSL_CTX_use_PrivateKey(c->ssl, key) != 1)) {
        error_set(err, "OpenSSL does not take its own certificate: %s", tls_reason());
        tls_context_free(c);
        c = NULL;
    }
    X509_free(leaf);
    EVP_PKEY_free(key);
    ca_release(&ca);
    return c;
}

bool pki_export_ca(const char *folder, struct buf *out, struct error *err)
{
    struct ca ca;
    bool good;

    if (!ca_open(folder, &ca, err))
        return false;
    good = pem_text(out, ca.cert, NULL);
    ca_release(&ca);
    return good;
}
