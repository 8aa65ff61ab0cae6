/*
 * The log of `serve`: what happens in a session as one line, for people or for machines. Not here:
 * where the lines go (outlet.h).
 */
#ifndef APP_SERVE_LOG_H
#define APP_SERVE_LOG_H
#include "app/options.h"
#include "base/buf.h"
#include "server/server.h"

/* Appends the line for an event; nothing, for one that no log tells. `form` is LOG_TEXT or
 * LOG_JSON; `wall` in microseconds since 1970, UTC. */
void serve_log_event(const struct server_event *e, int form, int64_t wall, struct buf *out);
/* Lines that were lost because nobody read them. */
void serve_log_lost(uint64_t lines, int form, int64_t wall, struct buf *out);

#endif
