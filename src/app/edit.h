/*
 * Line editing in plain mode: readline on the terminal's own lines, with what comes from the server
 * written above the prompt. The line that was typed is taken away when it is entered: the dialogue
 * shows it, masked where it must be. At most one may exist: readline is the process's.
 */
#ifndef APP_EDIT_H
#define APP_EDIT_H
#include "console/console.h"

struct edit_hooks {
    void (*line)(void *ctx, struct span line);
    void (*ended)(void *ctx); /* Ctrl-D on an empty line, or the terminal is gone */
    void *ctx;
};
struct edit;
/* Never NULL; the console is borrowed and asked for prompts and completions. */
struct edit *edit_new(struct loop *l, const struct console *c, const struct edit_hooks *hooks);
/* Before and after anything is written to the terminal: the prompt gives way and comes back. */
void edit_hide(struct edit *e);
void edit_show(struct edit *e);
/* Once in each turn: has the prompt changed? */
void edit_turn(struct edit *e);
/* Ctrl-C: clears the line; false when there was nothing to clear. */
bool edit_clear(struct edit *e);
void edit_free(struct edit *e); /* the terminal is as it was; NULL is fine */

#endif
