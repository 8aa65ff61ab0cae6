/* What a TLS session is, told to the record: one event for each thing worth knowing. */
#ifndef LIVE_SESSION_H
#define LIVE_SESSION_H
#include "dialogue/record.h"
#include "net/tls.h"

/* Records that the handshake is done, the session's details, and the verdict on the certificate.
 * now: the record's time; wall: microseconds since 1970, by which days are counted. */
void session_tell(struct record *r, unsigned d, const struct tls_report *t, int64_t now,
                  int64_t wall);

#endif
