/*
 * The full screen: it shows what view/screen.h draws, feeds keys to the prompt, and owns the
 * keyboard's other uses: menu, help, find, copy, looking back. What a typed line does is the
 * console's business (console/console.h). At most one may exist at a time: terminal, signals and
 * readline are the process's.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H
#include "console/console.h"

/* Can this terminal bear the screen? Standard input and output must be terminals, TERM known, and
 * the cursor must be movable. False: *why (a static sentence without a full stop, for "smtpscope:
 * %s; using --plain") says what is missing. Writes nothing, changes nothing. */
bool tui_possible(const char **why);

struct tui_options {
    struct loop *loop;        /* borrowed until tui_free */
    struct record *record;    /* borrowed until tui_free */
    struct notes_style notes; /* how much is explained */
    bool lab;                 /* the server is ours */
    bool no_color; /* no colours; the environment's NO_COLOR does the same and need not be looked
                      at by the caller */
    bool ascii;    /* no octet above 127 is sent */
    bool no_mouse; /* the mouse stays the terminal's own, whatever the menu is asked */
    const char *client_name; /* "crepes.fr"; "" when not known; copied */
    const char *history; /* a file for the lines typed, whose folder is there; NULL: none; copied */
};

struct tui;
/* Makes the terminal ready: alternate screen, keys as octets, paste brackets; from here on
 * signals that end, stop or crash the program give the terminal back first. Needs tui_possible().
 * NULL: err says why, and the terminal is as it was. Sets a UTF-8 locale when none is set. */
struct tui *tui_new(const struct tui_options *o, struct error *err);
/* For console_new; valid until tui_free. The hooks may be called before tui_set_console. */
struct console_hooks tui_hooks(struct tui *t);
/* The console that lines go to; borrowed, must outlive tui_run. */
void tui_set_console(struct tui *t, struct console *c);
/* Runs until the person leaves. Returns the exit status: the one of hooks.quit or console_status();
 * 128 + the signal's number when one ended it (SIGTERM, SIGHUP, SIGINT; a lost terminal counts as
 * SIGHUP). */
int tui_run(struct tui *t);
/* Gives the terminal back as it was. The console must not call the hooks any more. NULL is fine.
 */
void tui_free(struct tui *t);

#endif
