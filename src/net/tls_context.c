/*
 * What all sessions of one side share: versions, certificates, trust. Each complaint names its
 * file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/tls_inside.h"

/* Of a peer's certificates, all together: OpenSSL's own limit, more than any real chain. */
#define TLS_CERTIFICATES_MAX (100 * 1024)

const char *tls_reason(void)
{
    const char *text = ERR_reason_error_string(ERR_peek_last_error());

    return text ? text : "no reason given";
}

/* NSS key log format: one line a call, so that programs can share the file. */
static void log_key(const SSL *ssl, const char *line)
{
    const struct tls_context *c = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    struct buf text = { 0 };
    ssize_t done;

    buf_printf(&text, "%s\n", line);
    do {
        done = write(c->key_log, text.at, text.len);
    } while (done < 0 && errno == EINTR);
    mem_wipe(text.at, text.len);
    buf_release(&text);
}

static bool open_key_log(struct tls_context *c, struct error *err)
{
    const char *path = getenv("SSLKEYLOGFILE");

    if (!path || !*path)
        return true;
    c->key_log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    if (c->key_log < 0) {
        error_set(err, "cannot write '%.200s', which SSLKEYLOGFILE names: %s", path,
                  strerror(errno));
        return false;
    }
    SSL_CTX_set_keylog_callback(c->ssl, log_key);
    return true;
}

struct tls_context *tls_context_new(bool server, struct error *err)
{
    struct tls_context *c = mem_zero(1, sizeof(*c));

    ERR_clear_error();
    *c = (struct tls_context){ .ssl =
                                   SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()),
                               .method = tls_method(),
                               .key_log = -1 };
    if (!c->ssl || !c->method) {
        error_set(err, "OpenSSL could not be started: %s", tls_reason());
        goto failed;
    }
    SSL_CTX_set_app_data(c->ssl, c);
    SSL_CTX_set_min_proto_version(c->ssl, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(c->ssl, TLS1_3_VERSION);
    SSL_CTX_set_options(c->ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(c->ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode(c->ssl, SSL_SESS_CACHE_OFF); /* tickets need none */
    SSL_CTX_set_num_tickets(c->ssl, 1);
    SSL_CTX_set_dh_auto(c->ssl, 1); /* for clients without elliptic curves */
    SSL_CTX_set_max_cert_list(c->ssl, TLS_CERTIFICATES_MAX);
    if (open_key_log(c, err))
        return c;
failed:
    tls_context_free(c);
    return NULL;
}

void tls_context_free(struct tls_context *c)
{
    if (!c)
        return;
    SSL_CTX_free(c->ssl);
    BIO_meth_free(c->method);
    if (c->key_log >= 0)
        close(c->key_log);
    mem_free(c);
}

/* Can it be read at all? OpenSSL would hide the system's words. */
static bool readable(const char *file, const char *what, struct error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        error_set(err, "cannot read the %s '%.300s': %s", what, file, strerror(errno));
        return false;
    }
    close(fd);
    return true;
}

/* A key behind a pass phrase: nobody is asked, the user is told. */
static int no_phrase(char *at, int len, int writing, void *asked)
{
    (void)at;
    (void)len;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static bool load_certificate(struct tls_context *c, const char *file, struct error *err)
{
    if (!readable(file, "certificate", err))
        return false;
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(c->ssl, file) == 1)
        return true;
    if (ERR_GET_REASON(ERR_peek_error()) == PEM_R_NO_START_LINE)
        error_set(err, "'%.300s' holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
                  file);
    else
        error_set(err, "the certificate in '%.300s' cannot be used: %s", file, tls_reason());
    return false;
}

static bool load_key(struct tls_context *c, const char *cert, const char *file, struct error *err)
{
    bool asked = false;
    int done;

    if (!readable(file, "key", err))
        return false;
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(c->ssl, no_phrase);
    SSL_CTX_set_default_passwd_cb_userdata(c->ssl, &asked);
    done = SSL_CTX_use_PrivateKey_file(c->ssl, file, SSL_FILETYPE_PEM);
    SSL_CTX_set_default_passwd_cb(c->ssl, NULL);
    SSL_CTX_set_default_passwd_cb_userdata(c->ssl, NULL);
    if (done == 1 && SSL_CTX_check_private_key(c->ssl) == 1)
        return true;
    if (asked)
        error_set(err, "the key in '%.300s' is locked with a pass phrase; give one without", file);
    else if (ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509)
        error_set(err, "the key in '%.200s' is not the one of the certificate in '%.200s'", file,
                  cert);
    else
        error_set(err, "'%.300s' holds no private key in PEM form that can be used: %s", file,
                  tls_reason());
    return false;
}

static bool load_pair(struct tls_context *c, const char *cert, const char *key, struct error *err)
{
    if (!cert && key) {
        error_set(err, "there is a key ('%.300s'), and no certificate for it", key);
        return false;
    }
    /* One file may hold both. */
    return !cert || (load_certificate(c, cert, err) && load_key(c, cert, key ? key : cert, err));
}

static bool load_trust(struct tls_context *c, const char *file, struct error *err)
{
    if (!readable(file, "file of trusted authorities", err))
        return false;
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(c->ssl, file) == 1)
        return true;
    error_set(err, "'%.300s' holds no certificate of an authority in PEM form: %s", file,
              tls_reason());
    return false;
}

static bool offer(struct tls_context *c, const char *alpn, struct error *err)
{
    struct buf list = { 0 };
    size_t len = strlen(alpn);
    bool good = len > 0 && len < 256;

    if (good) {
        buf_add_octet(&list, (unsigned char)len);
        buf_add_text(&list, alpn);
        good = SSL_CTX_set_alpn_protos(c->ssl, list.at, (unsigned)list.len) == 0;
    }
    if (!good)
        error_set(err, "'%.80s' is no name of a protocol (ALPN)", alpn);
    buf_release(&list);
    return good;
}

/* Has the folder its certificates under their hashes? Then each is read when it is looked for. */
static bool hashed(const char *folder)
{
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *e;
    bool found = false;

    while (d && !found && (e = readdir(d)))
        found = strlen(e->d_name) == 10 && strcmp(e->d_name + 8, ".0") == 0;
    if (d)
        closedir(d);
    return found;
}

/* The system's authorities. Reading the one file with all of them takes 20 ms; the folder is as
 * good, where there is one and nobody named another file. None installed: nobody is trusted. */
static void trust_system(struct tls_context *c)
{
    const char *named = getenv(X509_get_default_cert_dir_env());

    if (!getenv(X509_get_default_cert_file_env()) &&
        hashed(named ? named : X509_get_default_cert_dir()))
        SSL_CTX_set_default_verify_dir(c->ssl);
    else
        SSL_CTX_set_default_verify_paths(c->ssl);
}

struct tls_context *tls_client_context(const struct tls_client_options *o, struct error *err)
{
    struct tls_context *c = tls_context_new(false, err);

    if (!c)
        return NULL;
    /* Level 1: servers with old keys are met, too, and the report says what they have. */
    SSL_CTX_set_security_level(c->ssl, 1);
    SSL_CTX_set_verify(c->ssl, SSL_VERIFY_NONE, tls_note_flaw);
    if (!o->ca_file)
        trust_system(c);
    if ((!o->ca_file || load_trust(c, o->ca_file, err)) &&
        load_pair(c, o->cert_file, o->key_file, err) && (!o->alpn || offer(c, o->alpn, err)))
        return c;
    tls_context_free(c);
    return NULL;
}

bool tls_context_ask_clients(struct tls_context *c, const char *file, struct error *err)
{
    if (!load_trust(c, file, err))
        return false;
    SSL_CTX_set_client_CA_list(c->ssl, SSL_load_client_CA_file(file));
    SSL_CTX_set_verify(c->ssl, SSL_VERIFY_PEER, tls_note_flaw);
    /* Each session is to show its certificate: none is resumed. */
    SSL_CTX_set_options(c->ssl, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(c->ssl, 0);
    return true;
}

struct tls_context *tls_server_context(const struct tls_server_options *o, struct error *err)
{
    struct tls_context *c;

    if (!o->cert_file && !o->key_file) {
        error_set(err, "a server needs a certificate");
        return NULL;
    }
    c = tls_context_new(true, err);
    if (!c)
        return NULL;

    if (load_pair(c, o->cert_file, o->key_file, err) &&
        (!o->client_ca_file || tls_context_ask_clients(c, o->client_ca_file, err)))
        return c;
    tls_context_free(c);
    return NULL;
}
