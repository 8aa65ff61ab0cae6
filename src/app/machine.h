/* The name that this machine has for others. */
#ifndef APP_MACHINE_H
#define APP_MACHINE_H
#include "base/span.h"

/* Its full name, as HELO and EHLO want it (RFC 5321 2.3.5), as far as the machine itself knows.
 * Nobody is asked, so it may be a short one. */
void machine_name(char out[256]);
/* The full name of `host` in the text of a hosts file. False: it has none there. */
bool machine_full_name(struct span hosts, struct span host, struct span *out);

#endif
