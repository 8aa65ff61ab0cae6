/*
 * The prompt's line: readline as an editor that never sees the terminal. Keys are fed to it whole,
 * it changes a text and a cursor, and somebody else draws them. readline is one for the process, so
 * is this.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H
#include "base/span.h"

/* A line was entered; text is borrowed. */
typedef void prompt_line_fn(void *ctx, struct span text);

/* ncurses must be up. history: file to read lines from and to add them to; NULL: none. */
void prompt_start(prompt_line_fn *line, void *ctx, const char *history);
void prompt_stop(void);

/* One key's octets (key_for_editor), all at once. */
void prompt_feed(struct span octets);
struct span prompt_text(void); /* borrowed until the next change */
size_t prompt_cursor(void);
/* What readline itself asks in the prompt's place ("(reverse-i-search)`he': "); "" nothing. */
const char *prompt_message(void);
/* A search or a count is under way, which Esc and Ctrl-C end. */
bool prompt_busy(void);
void prompt_abort(void);
/* The person's inputrc chose vi's keys: then Esc is the line's, too. */
bool prompt_wants_esc(void);

void prompt_clear(void);
/* At the cursor. NULs are left out: a line holds none. */
void prompt_insert(struct span text);
/* In the place of all before the cursor; one undo takes it back. */
void prompt_replace_before(struct span text);
void prompt_remember(struct span line);
void prompt_set_size(unsigned rows, unsigned cols);

#endif
