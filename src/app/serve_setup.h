/*
 * What the command line of `serve` says, checked, and the server's policy made of it. Nothing is
 * opened here.
 */
#ifndef APP_SERVE_SETUP_H
#define APP_SERVE_SETUP_H
#include "app/options.h"
#include "engine/policy.h"

#define SERVE_PORT 2525 /* no one's own, and open to everybody */

struct serve_place {
    char host[256]; /* in numbers, or "localhost" */
    unsigned port;  /* 0: a free one */
};
/* "ADDR:PORT", "ADDR", "PORT". False: err. */
bool serve_place_read(const char *text, struct serve_place *out, struct error *err);
/* Can only programs on this machine reach it? */
bool serve_place_is_private(const struct serve_place *p);

enum serve_store { SERVE_MEMORY };

struct serve_setup {
    struct serve_place places[OPTION_LIST_MAX];
    size_t place_count; /* at least 1 */
    enum serve_store store;
    char hostname[256];
    struct policy policy; /* borrows from this and from the options */
};
/* False: err. *out must stay where it is: the policy points into it. */
bool serve_setup_read(const struct options *o, struct serve_setup *out, struct error *err);

#endif
