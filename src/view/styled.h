/*
 * Styled text: what every view produces, whatever shows it (screen cells, a terminal's plain
 * lines, a file). One colour for one meaning everywhere.
 */
#ifndef VIEW_STYLED_H
#define VIEW_STYLED_H
#include "base/buf.h"

/* X(name, what it means) */
#define STYLES(X)                                                                                  \
    X(PLAIN, "ordinary text")                                                                      \
    X(CLIENT, "what the client said")                                                              \
    X(SERVER, "what the server said")                                                              \
    X(YES, "a reply 2yz")                                                                          \
    X(GO_ON, "a reply 3yz")                                                                        \
    X(LATER, "a reply 4yz")                                                                        \
    X(NO, "a reply 5yz")                                                                           \
    X(FAULT, "a departure from the standard")                                                      \
    X(NOTE, "our explanation")                                                                     \
    X(SECRET, "masked")                                                                            \
    X(DIM, "what can be skipped")                                                                  \
    X(BOLD, "focus, headings")                                                                     \
    X(INVERSE, "the status line, a selection")                                                     \
    X(FOUND, "what was searched for")
#define X(name, what) STYLE_##name,
enum style { STYLES(X) STYLE_COUNT };
#undef X

struct run {
    enum style style;
    size_t len; /* octets of text */
};

/* Text in UTF-8, safe to show (base/marks.h), with the style of each part. Lines end in "\n".
 * Zero-filled is empty. */
struct styled {
    struct buf text;  /* owned */
    struct run *runs; /* owned; their lengths add up to text.len */
    size_t run_count, run_cap;
};
void styled_release(struct styled *s);
void styled_clear(struct styled *s); /* memory kept */
/* All of these copy. */
void styled_add(struct styled *s, enum style style, struct span text);
void styled_add_text(struct styled *s, enum style style, const char *text);
void styled_printf(struct styled *s, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void styled_append(struct styled *s, const struct styled *more);
/* The same, with octets of a peer made safe to show. */
void styled_add_marks(struct styled *s, enum style style, struct span octets, unsigned marks_flags);
/* `text`, `count` times: for rules and indents. */
void styled_repeat(struct styled *s, enum style style, const char *text, unsigned count);
/* Text that is safe already, with each place where `needle` stands (ASCII case ignored; empty:
 * nowhere) in STYLE_FOUND. Returns how many there were. */
size_t styled_add_found(struct styled *s, enum style style, struct span text, struct span needle);

#endif
