/*
 * What a stapled OCSP response says of the peer's certificate.
 */
#ifndef NET_TLS_STAPLE_H
#define NET_TLS_STAPLE_H
#include <openssl/ssl.h>

#include "base/buf.h"

/* Appends the response in words to *out; nothing when there is none. Returns the flaw when it says,
 * with a signature that holds, that the certificate is revoked (caller frees with mem_free), or
 * NULL. */
char *tls_staple(SSL *ssl, struct buf *out);

/* Of tls_report.c: seconds since 1970, and "2026-11-24 23:40 UTC". */
int64_t tls_seconds(const ASN1_TIME *t);
void tls_add_date(struct buf *out, int64_t seconds);

#endif
