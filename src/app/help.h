/* --help, from the tables of modes and options. Not here: the manual page (manpage.c). */
#ifndef APP_HELP_H
#define APP_HELP_H
#include "app/options.h"
#include "base/buf.h"

struct help_status {
    int status; /* enum status */
    const char *words;
};
extern const struct help_status help_statuses[];
extern const size_t help_status_count;

/* Both append. */
void help_text(struct buf *out);
void help_option_form(const struct option_row *row, struct buf *out); /* "-h, --help" */

#endif
