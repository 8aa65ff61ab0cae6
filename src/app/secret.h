/* The password, where it does not stand in the command line, which others can read. */
#ifndef APP_SECRET_H
#define APP_SECRET_H
#include "base/buf.h"
#include "base/error.h"

/* The first line of the file `path`, or (NULL) what SMTPSCOPE_PASSWORD has, which is then gone from
 * the environment: programs that are started from here need not know it. Empty: there is none.
 * False: err. */
bool secret_read(const char *path, struct buf *out, struct error *err);
/* Asks for it on the terminal, without echo. False: there is no terminal, or nothing was typed. */
bool secret_ask(const char *user, struct buf *out);
void secret_release(struct buf *secret); /* wipes */

#endif
