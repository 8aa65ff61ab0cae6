/* Where to connect to, as words of a command line say it. */
#ifndef APP_PLACE_H
#define APP_PLACE_H
#include <stdbool.h>

#include "base/error.h"

#define PLACE_PORT             25  /* SMTP's own (RFC 5321 4.5.4.2) */
#define PLACE_PORT_SUBMISSIONS 465 /* with TLS from the first octet (RFC 8314 3.3) */
/* None is registered for LMTP, and 25 must not be used (RFC 2033 5); Cyrus and Dovecot listen here.
 */
#define PLACE_PORT_LMTP 24

struct place {
    char host[256];
    unsigned port;
};
/* "HOST", "HOST:PORT", or "HOST" "PORT"; `port` is what is used when none is named. False: err. */
bool place_read(char **words, int count, unsigned port, struct place *out, struct error *err);
/* A domain may have MX records; an address has none. False: err says so. */
bool place_is_domain(const struct place *p, struct error *err);
/* The port for such a server. */
static inline unsigned place_port(bool tls, bool lmtp)
{
    return lmtp ? PLACE_PORT_LMTP : tls ? PLACE_PORT_SUBMISSIONS : PLACE_PORT;
}

#endif
