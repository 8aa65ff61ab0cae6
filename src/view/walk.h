/*
 * Reading a dialogue forwards, line after line, each with what the observer makes of it: the start
 * costs at most RECORD_SNAPSHOT_LINES lines of replay, each further line only itself.
 */
#ifndef VIEW_WALK_H
#define VIEW_WALK_H
#include "dialogue/record.h"

struct walk {
    const struct record *record; /* borrowed */
    unsigned dialogue;
    uint32_t lines;          /* that the dialogue has */
    uint32_t event;          /* index of the next event not yet told to the observer */
    struct observer after;   /* state after the line given last */
    uint32_t command;        /* the line that `asked` is about; 0: none yet */
    struct mistakes asked;   /* of the command that a reply answers, or of the last command */
    struct observed line;    /* the line given last; borrows from the record until its next line */
    struct record_line kept; /* the same as the record keeps it, octets NOT masked */
};

/* So that the first walk_next gives line `first` (from 1). */
void walk_start(struct walk *w, const struct record *r, unsigned dialogue, uint32_t first);
/* False: there is no further line. */
bool walk_next(struct walk *w);

#endif
