/* Text of manual pages, for man(7). */
#ifndef APP_ROFF_H
#define APP_ROFF_H
#include "base/buf.h"

/* Signs stay what they are, and no line looks like a request. */
void roff_text(struct buf *out, struct span text);
/* A term in bold, and what it means. */
void roff_entry(struct buf *out, const char *term, const char *words);
/* Lines as they are written, indented: an example. */
void roff_example(struct buf *out, const char *lines);

#endif
