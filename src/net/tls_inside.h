/*
 * The inside of TLS contexts and sessions, for tls.c, tls_context.c, tls_report.c and pki.c alone.
 */
#ifndef NET_TLS_INSIDE_H
#define NET_TLS_INSIDE_H
#include <openssl/ssl.h>

#include "net/tls.h"

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *method; /* how its sessions get and give octets */
    int key_log;        /* the file that SSLKEYLOGFILE names; -1: none */
};

struct tls_told; /* a report with the texts it points to */

struct tls {
    SSL *ssl;
    bool server;
    enum tls_state state;
    char *server_name; /* NULL: none */
    /* Valid during a call only: where OpenSSL reads from and writes to. */
    struct span input;
    struct buf *output;
    unsigned char first[24]; /* what the peer said first, for the words when it is not TLS */
    size_t first_len;
    size_t answers; /* octets sent unasked since the session is open */
    struct buf why; /* of TLS_BROKEN */
    char
        *flaw[TLS_NO_CERTIFICATE + 1]; /* by verdict: what the checks found, in words; NULL: fine */
    struct tls_told *told;             /* NULL until open */
};

/* A context with what both sides share. NULL: err. */
struct tls_context *tls_context_new(bool server, struct error *err);
/* How its sessions get and give octets. */
BIO_METHOD *tls_method(void);
/* OpenSSL's own word for the last thing that failed. */
const char *tls_reason(void);

/* Notes each flaw of a chain in its session, and lets the handshake go on. */
int tls_note_flaw(int good, X509_STORE_CTX *store);
struct tls_told *tls_tell(struct tls *t);
const struct tls_report *tls_told_report(const struct tls_told *told);
void tls_told_free(struct tls_told *told); /* NULL is fine */

#endif
