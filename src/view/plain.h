/*
 * The dialogue as text that only grows: for pipes, files and screen readers. Nothing is ever taken
 * back, so it waits for whole lines, and for whole replies before it says what they mean.
 *
 *     S: 250 alice@crepes.fr ... Sender ok
 *        = 250: the server takes this sender. ...
 *     C: | Do you like ketchup?
 *     -- the server closed the connection
 */
#ifndef VIEW_PLAIN_H
#define VIEW_PLAIN_H
#include "dialogue/notes.h"
#include "view/styled.h"
#include "view/walk.h"

/* How far the text of one dialogue has come. Zero-filled is the start. */
struct plain_cursor {
    uint32_t line;    /* lines written */
    uint32_t event;   /* events written */
    bool walking;     /* private: `walk` stands at `line` */
    struct walk walk; /* private: so that a new line costs only itself */
};
enum plain_flags {
    PLAIN_MEANINGS = 1, /* what each reply means, under it */
    PLAIN_NOTES = 2,    /* mistakes and faults, under their lines */
    PLAIN_TIMES = 4,    /* how long replies took: behind the meaning, or in a line of its own */
    PLAIN_EVENTS = 8,   /* also what went well: looking up, connecting, connected */
    PLAIN_ASCII = 16,
    PLAIN_SECRETS = 32,
    PLAIN_ALL = PLAIN_MEANINGS | PLAIN_NOTES | PLAIN_EVENTS,
};
/* Appends what is new since the cursor, and moves it. */
void plain_dialogue(const struct record *r, unsigned d, struct plain_cursor *cursor,
                    const struct notes_style *style, unsigned flags, struct styled *out);
/* Lines of notes that are long are not wrapped: whoever reads them wraps. */

#endif
