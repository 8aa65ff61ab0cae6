/*
 * TLS 1.2 and 1.3 over OpenSSL, without sockets: octets in, octets out. Used by net/stream.c on
 * both sides; no SMTP here. A handshake is completed whatever the certificate is worth: the verdict
 * is told in words, and what follows from it is the caller's decision.
 *
 * Sources: RFC 8446, RFC 5246 (TLS), RFC 6066 3 (SNI), RFC 7301 (ALPN), RFC 9525 (names in
 * certificates), RFC 6066 8 (a stapled OCSP response).
 */
#ifndef NET_TLS_H
#define NET_TLS_H
#include "base/buf.h"
#include "base/error.h"

/* Certificates of one chain that are told about: longer ones are someone's mistake. */
#define TLS_CHAIN_MAX 10

/* What all sessions of one side share. Freed after the last of its sessions. */
struct tls_context;

struct tls_client_options {
    const char *ca_file;   /* trusted CAs, PEM; NULL: the system's */
    const char *cert_file; /* our own certificate and key, PEM, for EXTERNAL; NULL: none */
    const char *key_file;
    const char *alpn; /* one protocol, or NULL */
};
/* NULL: err says which file and why. Writes to the file named by SSLKEYLOGFILE when that is set
 * (both sides do). */
struct tls_context *tls_client_context(const struct tls_client_options *o, struct error *err);

struct tls_server_options {
    const char *cert_file, *key_file; /* PEM, chain allowed; NULL: see net/pki.h */
    const char *client_ca_file;       /* asks clients for a certificate; NULL: does not */
};
struct tls_context *tls_server_context(const struct tls_server_options *o, struct error *err);
/* A server's: clients are asked for a certificate by the CAs in that file. False: err. */
bool tls_context_ask_clients(struct tls_context *c, const char *ca_file, struct error *err);
void tls_context_free(struct tls_context *c); /* NULL is fine */

/* One session. */
struct tls;
/* `server_name`: client: sent as SNI (not for addresses) and checked against the certificate; NULL
 * on the server's side. Borrows the context. Never NULL. */
struct tls *tls_new(struct tls_context *c, bool server, const char *server_name);
void tls_free(struct tls *t); /* NULL is fine */

enum tls_state {
    TLS_HANDSHAKE, /* under way */
    TLS_OPEN,
    TLS_CLOSED, /* the peer said close_notify: nothing more comes */
    TLS_BROKEN, /* failed; tls_why() */
};
enum tls_state tls_state(const struct tls *t);
/* Why it failed, in words for people: "the other side does not speak TLS", "no common cipher", with
 * OpenSSL's reason after it. */
const char *tls_why(const struct tls *t);
/* Octets from the network. Appends what is to be sent to *out (also when it fails: alerts), and
 * what was decrypted to *plain. An empty span starts the client's handshake. */
void tls_take(struct tls *t, struct span octets, struct buf *plain, struct buf *out);
/* Encrypts. Only when open; also when the peer alone has ended (TLS_CLOSED). */
void tls_send(struct tls *t, struct span octets, struct buf *out);
/* close_notify. */
void tls_finish(struct tls *t, struct buf *out);
/* The peer's FIN came: without a close_notify before it the end is a cut one (returns true). */
bool tls_cut(struct tls *t);

/* What is known of an open session; borrowed until tls_free(). Empty strings: not known. */
struct tls_certificate {
    const char *subject, *issuer;  /* "CN=mx.example.org" */
    const char *names;             /* DNS names and addresses, ", " between; "" none */
    const char *key;               /* "EC P-256", "RSA 2048" */
    const char *fingerprint;       /* SHA-256, "AB:CD:..." */
    int64_t not_before, not_after; /* seconds since 1970 */
};
enum tls_verdict {
    TLS_VERIFIED, /* by a trusted CA, for the name that was asked for, in time */
    TLS_EXPIRED,
    TLS_NOT_YET,     /* not valid yet */
    TLS_OTHER_NAME,  /* for other names */
    TLS_SELF_SIGNED, /* signed by itself, and by nobody that is trusted */
    TLS_UNKNOWN_ISSUER,
    TLS_REVOKED,         /* so the stapled OCSP response says */
    TLS_BAD_CERTIFICATE, /* any other reason */
    TLS_NO_CERTIFICATE,  /* server's side: the client showed none (that is usual) */
};
struct tls_report {
    const char *protocol;     /* "TLSv1.3" */
    const char *cipher;       /* "TLS_AES_256_GCM_SHA384" */
    const char *key_exchange; /* "X25519" */
    const char *alpn;         /* agreed on; "" none */
    const char *server_name;  /* SNI, as sent or received */
    const char *staple;       /* of OCSP: "good, until ...", "revoked ...", "" none */
    enum tls_verdict verdict;
    const char *why; /* the verdict as one sentence: which check failed and why, or what holds */
    const char *identity; /* who a trusted client's certificate names, for EXTERNAL (RFC 4422 A):
                             its mailbox, or else its common name; "" nobody, or not trusted */
    unsigned chain_count;
    struct tls_certificate chain[TLS_CHAIN_MAX]; /* the peer's own first */
    bool resumed;
};
/* NULL until the session is open. */
const struct tls_report *tls_report(const struct tls *t);
/* Channel binding: tls-exporter (RFC 9266), 32 octets. False: there is none. */
bool tls_channel_binding(const struct tls *t, struct buf *out);

#endif
