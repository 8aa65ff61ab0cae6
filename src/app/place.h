/* Where to connect to, as words of a command line say it. */
#ifndef APP_PLACE_H
#define APP_PLACE_H
#include <stdbool.h>

#include "base/error.h"

#define PLACE_PORT 25 /* SMTP's own (RFC 5321 4.5.4.2) */

struct place {
    char host[256];
    unsigned port;
};
/* "HOST", "HOST:PORT", or "HOST" "PORT". False: err. */
bool place_read(char **words, int count, struct place *out, struct error *err);

#endif
