/* What the modes ask about the terminal and the process around them. */
#ifndef APP_TERMINAL_H
#define APP_TERMINAL_H
#include <stdbool.h>

#include "base/span.h"

struct options;

/* Descriptors 0 to 2 are open from here on (on /dev/null, if they were closed), so that no socket
 * ever stands where the terminal was meant; and a UTF-8 locale is set, for readline and ncurses
 * too. A reader who goes away (SIGPIPE) or a file that may grow no more (SIGXFSZ) ends no write in
 * the middle: writing says so. False: the person's own locale has another character set, so only
 * ASCII should be written. The locale C says nothing of the terminal, which nearly always shows
 * UTF-8. */
bool terminal_set_up(void);
/* One line on standard error, with the program's name; what is not safe to show is shown as marks.
 */
void terminal_complain(const char *text);
/* To standard output. 0, or the exit status when it cannot be written. */
int terminal_print(struct span octets);
/* That status, for this errno. It is said, except that a reader who went away (EPIPE) is no fault
 * of anybody. */
int terminal_unwritable(int error);
/* May colours be written to this descriptor? */
bool terminal_color(const struct options *o, int fd);
/* How wide texts may be on it: 0, when nobody looks at it. */
unsigned terminal_columns(int fd);

#endif
