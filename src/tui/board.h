/*
 * The screen of a server: its sessions and letters as lists, each opening as the dialogue or the
 * letter itself. It owns the terminal while it runs, as tui/tui.h does for a talk of one's own; one
 * of the two may exist at a time.
 */
#ifndef TUI_BOARD_H
#define TUI_BOARD_H
#include "base/error.h"
#include "dialogue/notes.h"
#include "dialogue/record.h"
#include "net/loop.h"
#include "view/sessions.h"

struct board_options {
    struct loop *loop; /* borrowed, as all of it, until board_free */
    const struct record *record;
    struct sessions *sessions; /* say board_changed() when it does */
    const char *history;       /* file of the prompt's lines; NULL: none */
    struct notes_style notes;
    bool no_color, ascii;
    /* The status line: where the server listens, and what it does. Appends. */
    void (*status)(void *ctx, struct buf *out);
    /* A line that starts with "/" and is none of the screen's own commands: appends what is to be
     * said about it. */
    void (*command)(void *ctx, struct span line, struct styled *out);
    /* /save: one dialogue, or all (0), as a script; what came of it is said in *note. */
    void (*save)(void *ctx, unsigned dialogue, struct span file, struct styled *note);
    void *ctx;
};
struct board;
/* As tui_new(): needs tui_possible(). NULL: err. */
struct board *board_new(const struct board_options *o, struct error *err);
void board_changed(struct board *b);
/* Until the person leaves (0) or a signal says so (128 and its number; 0 for SIGTERM and SIGINT,
 * which is how a server is stopped). */
int board_run(struct board *b);
void board_free(struct board *b); /* gives the terminal back; NULL is fine */

#endif
