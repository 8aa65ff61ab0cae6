/* `serve --record`: each talk is written to a file, as a script, when it ends. */
#ifndef APP_SERVE_RECORD_H
#define APP_SERVE_RECORD_H
#include "base/error.h"
#include "dialogue/record.h"

struct serve_record;
/* A new file, for its owner alone: letters are private. NULL: err. */
struct serve_record *serve_record_new(const char *path, const struct record *r, struct error *err);
/* Dialogue d has ended. Complains once when it cannot be written; then nothing more is. */
void serve_record_talk(struct serve_record *s, unsigned d);
/* False: not all was written. NULL is fine. */
bool serve_record_free(struct serve_record *s);
/* Dialogue d, or all that are kept (0), as they are now, in a new file. False: err. */
bool serve_record_save(const char *path, const struct record *r, unsigned d, struct error *err);

#endif
