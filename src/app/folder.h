/* Where this program keeps what it remembers from one run to the next. */
#ifndef APP_FOLDER_H
#define APP_FOLDER_H
#include <stdbool.h>

#include "base/buf.h"

/* Appends "$XDG_STATE_HOME/smtpscope", made with all that leads to it, and for nobody else to look
 * into. False: errno says why, and *path what could not be made. */
bool folder_of_state(struct buf *path);

#endif
