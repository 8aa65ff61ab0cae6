/*
 * The certificate authority of the user's own (net/pki.h), where it lies, for the servers that this
 * program runs.
 */
#ifndef APP_AUTHORITY_H
#define APP_AUTHORITY_H
#include "base/buf.h"
#include "net/pki.h"

/* Appends the folder. False: err. */
bool authority_folder(struct buf *path, struct error *err);
/* Can the folder be used? False: err. */
bool authority_possible(struct error *err);
/* A certificate of ours for `hostname`. NULL: err. */
struct tls_context *authority_context(const char *hostname, struct error *err);
/* Appends the path of the CA's certificate, for clients of ours to trust; it is there once
 * authority_context() made one. False: err. */
bool authority_file(struct buf *path, struct error *err);

#endif
