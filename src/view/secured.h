/* What the record tells about the encryption of a talk. */
#ifndef VIEW_SECURED_H
#define VIEW_SECURED_H
#include "dialogue/record.h"

/* All borrowed from the record; empty: not known. */
struct secured {
    struct span protocol; /* "TLSv1.3" */
    struct span rest;     /* "TLS_AES_256_GCM_SHA384, X25519" */
    struct span days;     /* of the server's certificate: "45 days left" */
    uint32_t first, last; /* its events, from the start of the handshake to the verdict */
};
/* The last handshake that was done up to line n. False: there was none. */
bool secured_find(const struct record *r, unsigned d, uint32_t n, struct secured *out);
/* "encrypted, TLSv1.3", "encrypted, NOT verified", "NOT encrypted". */
void secured_words(const struct record *r, unsigned d, const struct observer *o, struct buf *out);

#endif
