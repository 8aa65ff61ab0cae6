/*
 * Leaving the full screen: the dialogue is printed to the ordinary screen and saved, so that
 * nothing is lost with the alternate one.
 */
#ifndef APP_LEAVE_H
#define APP_LEAVE_H
#include "app/options.h"
#include "console/console.h"

/* How many saved dialogues are kept. */
#define LEAVE_KEPT 50
/* Lines of one dialogue that are printed: what terminals keep to scroll back to. A flood of a
 * million would keep the person waiting for the shell; the saved file has them all. */
#define LEAVE_PRINTED 2000

/* Saves the dialogues, masked, as a script below XDG_STATE_HOME, and removes the oldest. Appends to
 * *told what is to be said about it: the path, or why it could not be done; nothing when nothing
 * was said to a server. */
void leave_save(struct console *c, const struct record *r, struct buf *told);
/* Prints the dialogues' last lines, without explanations, and what leave_save told. */
void leave_print(const struct record *r, const struct notes_style *style, const struct options *o,
                 struct span told);

#endif
