/*
 * The stage that the modes with a connection share: loop, record, the lab's server, the front end,
 * the console. Set up, run, taken down in order.
 */
#ifndef APP_STAGE_H
#define APP_STAGE_H
#include "app/options.h"

struct stage_plan {
    const struct options *options;
    const char *host; /* NULL: the lab's own server */
    unsigned port;
    bool mx; /* the host is a domain: its mail servers are meant */
    /* To be played without a person; NULL: the person types. Taken over (mem_free). */
    char *script;
    size_t script_len;
};
/* The exit status. What went wrong was said. */
int stage_run(const struct stage_plan *plan);

#endif
