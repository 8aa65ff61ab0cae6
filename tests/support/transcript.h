/*
 * Dialogues written as the textbooks print them, as input for tests:
 *
 *     S: 220 hamburger.edu
 *     C: HELO crepes.fr
 *     c: QUIT                 a lower-case side: the line ends in a bare LF
 *     --RESET                 an event of the connection
 *
 * Text after the side is literal; every line ends in CRLF on the wire. "\\n" (backslash, n) in a
 * text stands for no octet; NUL and the like are written by tests that need them.
 */
#ifndef TESTS_TRANSCRIPT_H
#define TESTS_TRANSCRIPT_H
#include <criterion/criterion.h>

#include "base/buf.h"
#include "dialogue/event.h"

struct transcript_line {
    bool is_event;
    enum talk_event event;
    enum side side;
    struct span octets; /* with its line end; borrows from *wire */
};

/* The next line of *text; false: there is none. */
static inline bool transcript_next(struct span *text, struct buf *wire, struct transcript_line *out)
{
#define X(name, ends, words) #name,
    static const char *const names[] = { TALK_EVENTS(X) };
#undef X
    struct span line;

    do {
        if (!text->len)
            return false;
        line = span_cut(*text, '\n', text);
    } while (!line.len);
    *out = (struct transcript_line){ 0 };
    if (span_starts(line, SPAN("--"))) {
        out->is_event = true;
        for (int i = 0; i < TALK_EVENT_COUNT; i++)
            if (span_eq(span_from(line, 2), span_of(names[i])))
                out->event = (enum talk_event)i;
        return true;
    }
    cr_assert(line.len >= 2 && line.at[1] == ':',
              "a transcript line must start with C: or S:, not %.*s", SPAN_ARG(line));
    out->side = ascii_upper(line.at[0]) == 'C' ? SIDE_CLIENT : SIDE_SERVER;
    buf_clear(wire);
    buf_add(wire, span_from(line, line.len > 2 && line.at[2] == ' ' ? 3 : 2));
    buf_add_text(wire, line.at[0] >= 'a' ? "\n" : "\r\n");
    out->octets = buf_span(wire);
    return true;
}

#endif
