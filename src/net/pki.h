/*
 * A small certificate authority of the user's own, for servers of ours that nobody gave a
 * certificate: made at first use, kept in a folder that only its owner can read.
 */
#ifndef NET_PKI_H
#define NET_PKI_H
#include "net/tls.h"

/* Reads the CA from `folder` (ca.pem, ca-key.pem), or makes both there; then a certificate for
 * `hostname`, localhost, 127.0.0.1 and ::1, in memory. Written atomically: two programs that start
 * at once agree on one CA. A CA that will expire within a month is made anew. NULL: err. */
struct tls_context *pki_server_context(const char *folder, const char *hostname, struct error *err);
/* The CA's certificate, PEM, for clients to trust: appended to *out. Made when there is none. */
bool pki_export_ca(const char *folder, struct buf *out, struct error *err);

#endif
