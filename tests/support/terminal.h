/*
 * A terminal for tests: the real program on a pseudo-terminal, its screen read back cell by cell
 * through libvterm. Nothing here sleeps: one waits until the screen shows something, with a limit
 * that only a broken program meets.
 */
#ifndef TESTS_TERMINAL_H
#define TESTS_TERMINAL_H
#include <sys/types.h>

#include "base/buf.h"

struct terminal;

struct terminal_setup {
    const char *const *argv; /* argv[0]: the program's path; ended by NULL */
    const char *const *env;  /* "NAME=value" more than the usual ones, which are: TERM, LC_ALL,
                                HOME (a new empty folder); "NAME" alone takes it away. NULL: none */
    unsigned rows, cols;
    bool job; /* under a small shell with job control: says "[stopped]" when the program stops, then
                 the line "fg" continues it; "[exited N]" when it ends */
};
/* Never NULL: what fails ends the test's process. */
struct terminal *terminal_start(const struct terminal_setup *setup);
/* Kills the program if it still runs, and removes the folder. NULL is fine. */
void terminal_free(struct terminal *t);

void terminal_type(struct terminal *t, const char *octets);
void terminal_resize(struct terminal *t, unsigned rows, unsigned cols);
void terminal_hang_up(struct terminal *t);    /* the cable is pulled */
pid_t terminal_pid(const struct terminal *t); /* of the program; in a job of the small shell */

/* Waits until the screen shows the text (in one row), or shows it no more. False: in vain. */
bool terminal_shows(struct terminal *t, const char *text);
bool terminal_hides(struct terminal *t, const char *text);
/* Waits until the whole screen is this text: rows without their trailing blanks, each ended by a
 * line feed. False: in vain; terminal_text says what it was. */
bool terminal_is(struct terminal *t, const char *screen);
/* Waits until the program has sent this, in one piece or not, since terminal_mark. */
bool terminal_sent(struct terminal *t, const char *octets);
/* Waits for the end. The exit status, or 128 + the signal's number; -1: it did not end. */
int terminal_ends(struct terminal *t);
/* Waits until what is typed comes back: the cursor stands in that row and column. */
bool terminal_cursor_at(struct terminal *t, unsigned row, unsigned col);

void terminal_cursor(struct terminal *t, unsigned *row, unsigned *col); /* without waiting */

/* What the screen holds now, without waiting. Valid until the next call. */
const char *terminal_text(struct terminal *t);
struct terminal_cell {
    uint32_t code; /* 0: blank */
    bool bold, dim, reverse, coloured;
    uint8_t colour; /* one of the terminal's sixteen, when coloured */
};
void terminal_cell(struct terminal *t, unsigned row, unsigned col, struct terminal_cell *out);
bool terminal_alternate(struct terminal *t); /* the alternate screen is shown */
/* All octets sent since terminal_mark (or the start). */
struct span terminal_output(struct terminal *t);
void terminal_mark(struct terminal *t);
/* The settings (termios) are those of the start. */
bool terminal_as_before(struct terminal *t);
const char *terminal_home(const struct terminal *t); /* the folder */

#endif
