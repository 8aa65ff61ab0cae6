/*
 * How a letter from a file is written: right, or with the faults that somebody asked for, to see
 * what a server does with them.
 */
#ifndef CONSOLE_SHAPE_H
#define CONSOLE_SHAPE_H
#include "base/buf.h"
#include "base/error.h"
#include "smtp/body.h"

/* Words behind the file of /send. X(name, word, what it does, source) */
#define SHAPES(X)                                                                                  \
    X(LF, "lf",                                                                                    \
      "Line ends go out as LF alone. Strict servers refuse that; others take it. Where two "       \
      "servers differ over LF . LF, one takes for text what the next takes for the end of the "    \
      "letter and for commands: that is SMTP smuggling. It lets a stranger send letters in the "   \
      "name of the first server",                                                                  \
      "RFC 5321 2.3.8, 4.1.1.4")                                                                   \
    X(CR, "cr",                                                                                    \
      "Line ends go out as CR alone. Most servers see one long line, and many refuse it; some "    \
      "take CR for a line end, which lets letters be smuggled",                                    \
      "RFC 5321 2.3.8")                                                                            \
    X(NOSTUFF, "nostuff",                                                                          \
      "Leading dots are not doubled. The server takes one away from each such line; a line with "  \
      "a dot alone ends the letter there, and what follows is read as commands",                   \
      "RFC 5321 4.5.2")                                                                            \
    X(NODOT, "nodot",                                                                              \
      "The dot that ends the letter is not sent. The server waits for it, five minutes or more, "  \
      "and keeps nothing. A dot alone still ends the letter",                                      \
      "RFC 5321 4.1.1.4, 4.5.3.2.7")                                                               \
    X(BYTES, "bytes",                                                                              \
      "Each octet goes out in a write of its own. That breaks no rule: TCP carries a stream, and " \
      "servers put the lines together; it shows those that do not",                                \
      "RFC 9293 3.8")                                                                              \
    X(ASIS, "asis",                                                                                \
      "The file's octets go out as they are, and then the dot: no line end is mended, no leading " \
      "dot doubled",                                                                               \
      "RFC 5321 2.3.8, 4.5.2")
#define X(name, word, what, source) SHAPE_##name##_BIT,
enum shape_bit { SHAPES(X) SHAPE_COUNT };
#undef X
#define X(name, word, what, source) SHAPE_##name = 1 << SHAPE_##name##_BIT,
enum shape { SHAPES(X) };
#undef X

const char *shape_word(enum shape_bit bit);
const char *shape_what(enum shape_bit bit);
const char *shape_source(enum shape_bit bit);

/* Takes the words at the end of *args away from it, all but its first word. *gap: microseconds
 * between octets, from "5ms" behind "bytes"; else as it was. False: err says which two contradict
 * each other. */
bool shape_read(struct span *args, unsigned *shapes, int64_t *gap, struct error *err);

/* Zero-filled but for `shapes` is the start of a letter. */
struct shaper {
    unsigned shapes;
    struct body_stuffer stuffer;
    bool end_held;         /* a line end that may turn out to be the last */
    unsigned char last[2]; /* SHAPE_ASIS: the octets that came last */
};
/* Appends `text`, a part of the letter, as it is to be sent. */
void shape_add(struct shaper *s, struct span text, struct buf *out);
/* Appends the end of the letter. False: the dot will not be alone on its line. */
bool shape_end(struct shaper *s, struct buf *out);

#endif
