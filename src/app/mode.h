/*
 * Modes: what the program can be started for. One file and one const struct each; the first word of
 * the command line names it.
 */
#ifndef APP_MODE_H
#define APP_MODE_H
#include "base/span.h"

struct options;

enum mode_bit {
    IN_LAB = 1,
    IN_CONNECT = 2,
    IN_REPLAY = 4,
    IN_EXPLAIN = 8,
    IN_SERVE = 16,
    IN_SEND = 32,
    IN_ALL_MODES = 63,
};

struct mode {
    const char *word;  /* "replay"; NULL: no word names it */
    const char *usage; /* what follows "smtpscope ", "|" between two forms */
    const char *help;  /* one line */
    const char *more;  /* a paragraph for the manual */
    enum mode_bit bit;
    int words_min, words_max;            /* how many words may follow; without limit: -1 */
    int (*run)(const struct options *o); /* returns enum status */
};

extern const struct mode mode_lab, mode_connect, mode_serve, mode_send, mode_replay, mode_explain;
/* All of them, in the order of the help; ends with NULL. */
extern const struct mode *const modes[];

#endif
