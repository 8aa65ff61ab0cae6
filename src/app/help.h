/* --help and the manual page, both from the tables of modes and options. */
#ifndef APP_HELP_H
#define APP_HELP_H
#include "base/buf.h"

/* Both append. */
void help_text(struct buf *out);
void help_manual(struct buf *out); /* smtpscope(1), for man(7) */

#endif
