/*
 * The terminal itself: into the screen's mode and back, whatever ends the program; its size, what
 * it can show, and what is written past ncurses. Signals that crash the program are
 * rescue.h's; those that end or stop it are the loop's (tui.c), and use terminal_close and
 * terminal_suspend.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H
#include "base/error.h"
#include "base/span.h"
#include "view/styled.h"

/* As tui_possible() in tui/tui.h. */
bool terminal_possible(const char **why);

/* False: err, and nothing was changed. One at a time. */
bool terminal_open(bool colours, struct error *err);
/* Gives everything back; fine when not open. */
void terminal_close(void);
/* The terminal is gone: nothing more is written to it. */
void terminal_lost(void);
/* Gives the terminal back, stops the program as the shell expects it, and takes the terminal again
 * when the program is continued. What was shown is lost: draw all of it. */
void terminal_suspend(void);
/* Asks for the size and tells ncurses. True: it is another one. */
bool terminal_resize(unsigned *rows, unsigned *cols);
/* After a stop from outside: the modes again. What was shown is lost. */
void terminal_resume(void);
bool terminal_has_dim(void);
void terminal_mouse(bool on);
/* Octets that are no part of the screen (a clipboard's). */
void terminal_write(struct span octets);
/* ncurses' attributes and colour pair of a style. */
void terminal_style(enum style style, unsigned long *attributes, short *pair);

#endif
