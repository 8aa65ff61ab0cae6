#include "view/answered.h"

#include "base/marks.h"

/* More would take a second row, and the start tells which command it is. */
#define SHOWN 60

bool answered_of_group(const struct record *r, unsigned d, const struct observed *line,
                       const struct observer *after)
{
    uint32_t command = line->answers_line;

    if (line->role != ROLE_REPLY || line->reply.lines != 1 || line->unsolicited || !command ||
        line->recipient_line || line->number - command < 2)
        return false;
    /* A chunk and its reply are no group: between them stand the chunk's own lines (RFC 3030 2). */
    return record_line_role(r, d, command + 1) != ROLE_CHUNK || after->pending_count ||
           record_line_side(r, d, line->number - 1) == SIDE_SERVER;
}

void answered_words(const struct record *r, unsigned d, uint32_t command, unsigned marks,
                    struct buf *out)
{
    struct record_line kept;

    record_line(r, d, command, 0, &kept);
    buf_add_text(out, "to ");
    if (record_line_role(r, d, command) == ROLE_DOT)
        buf_add_text(out, "the dot");
    else
        marks_add(out, span_first(kept.line.head, SHOWN), marks);
    if (kept.line.head.len > SHOWN)
        buf_add_text(out, "...");
}
