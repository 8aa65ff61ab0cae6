/* What happened to a connection, in words: "connected to 127.0.0.1:25". */
#ifndef VIEW_HAPPENED_H
#define VIEW_HAPPENED_H
#include "base/buf.h"
#include "dialogue/record.h"

/* The event and its detail in one line, appended; what the detail holds is shown as marks
 * (marks_flags: base/marks.h). */
void happened_text(const struct record_event *e, unsigned marks_flags, struct buf *out);
/* The port that event i of a dialogue is about: that of the last attempt to connect; 0: unknown. */
unsigned happened_port(const struct record *r, unsigned d, uint32_t i);

#endif
