/*
 * The console's commands: one table gives parsing, help, completion and where each is allowed.
 */
#ifndef CONSOLE_COMMANDS_H
#define CONSOLE_COMMANDS_H
#include "console/console.h"

enum command_where {
    IN_SCREEN = 1,
    IN_PLAIN = 2,
    IN_SCRIPT = 4,
    IN_ALL = 7,
    AT_ONCE = 8 /* also while another command takes its time */
};

struct console_command {
    const char *name; /* "connect", without the slash */
    const char *args; /* "HOST[:PORT]", "" none */
    const char *help; /* one line, a sentence */
    const char *more; /* a few sentences and an example, for /help NAME and the manual */
    unsigned where;
    void (*run)(struct console *c, struct span args);
    /* Candidates for the argument, each starting with what was typed of it; NULL: none. */
    void (*complete)(const struct console *c, const char *arg, complete_fn *fn, void *ctx);
};
extern const struct console_command console_commands[];
extern const size_t console_command_count;
const struct console_command *console_command_by_name(struct span name);
/* The nearest name to a mistyped one; NULL when nothing is near. */
const struct console_command *console_command_nearest(struct span name);

#endif
