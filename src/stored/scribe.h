/*
 * A record as a script that replays (stored/script.h): its talks, whole or as they grow. Secrets
 * become ${secret}. Pure: the text goes into a buffer, files are the caller's. Not here: how one
 * line looks in a script.
 */
#ifndef STORED_SCRIBE_H
#define STORED_SCRIBE_H
#include "dialogue/record.h"

/* Text comes in parts of about this, so that a large record is never held twice. */
#define SCRIBE_PART ((size_t)64 * 1024)

struct scribe {
    const struct record *record; /* borrowed */
    bool show_secrets;
    const char *server, *place; /* the place of the server of that name; NULL: not known */
};
/* How far one talk is written; zero-filled is the start. */
struct scribed {
    uint32_t line, event;
    int64_t time; /* of the last line written */
};
/* Appends one part of what is new in talk d. True: there is more. */
bool scribe_talk(const struct scribe *s, unsigned d, struct scribed *at, struct buf *out);

#endif
