/*
 * Magic addresses: recipients whose local part asks for a fault, so that a client's tests need no
 * configuration: busy+450@anything is refused with 450. Off unless a set of faults says so
 * (faults_set_magic). Rows of data; each is a fault in its line form.
 */
#ifndef ENGINE_MAGIC_H
#define ENGINE_MAGIC_H
#include "base/buf.h"

/* What may stand behind the "+". */
enum magic_number { MAGIC_NONE, MAGIC_CODE, MAGIC_SECONDS };

struct magic_row {
    const char *local; /* "busy" */
    enum magic_number number;
    unsigned fallback; /* without a "+" */
    /* The fault; %n: the number, %c: its first digit. NULL: RCPT is answered as usual. */
    const char *line;
    const char *later; /* at the end of the letter; NULL: as usual */
    const char *help;  /* one sentence, for the manual */
};
extern const struct magic_row magic_rows[];
extern const size_t magic_count;

/* The row of a local part, and its number. NULL: it is not magic; a wrong number makes it none, too
 * (codes are 400 to 599, seconds 1 to 3600). */
const struct magic_row *magic_find(struct span local, unsigned *number);
/* Appends `text`, a line of the row, with its number filled in. */
void magic_fill(const char *text, unsigned number, struct buf *out);

#endif
