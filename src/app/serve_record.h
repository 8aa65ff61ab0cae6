/*
 * `serve --record`: talks are written to a file, as a script, while they go on: whoever kills the
 * server loses what came since the last reply. Lines of talks at the same time stand as they came.
 */
#ifndef APP_SERVE_RECORD_H
#define APP_SERVE_RECORD_H
#include "base/error.h"
#include "server/server.h"

struct serve_record;
/* A new file, for its owner alone: letters are private. NULL: err. */
struct serve_record *serve_record_new(const char *path, const struct record *r, struct error *err);
/* What the server tells. A talk that has ended is written now, before it is forgotten; a reply in
 * one that goes on is written by serve_record_write(). */
void serve_record_event(struct serve_record *s, const struct server_event *e);
/* Whenever the server has done something. Complains once when the file cannot be written; then
 * nothing more is. */
void serve_record_write(struct serve_record *s);
/* False: not all was written. NULL is fine. */
bool serve_record_free(struct serve_record *s);
/* Dialogue d, or all that are kept (0), as they are now, in a new file. False: err. */
bool serve_record_save(const char *path, const struct record *r, unsigned d, struct error *err);

#endif
