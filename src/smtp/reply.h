/*
 * SMTP replies, line by line: a reply of any length in fixed memory. A reply that breaks the
 * grammar is still a reply; `faults` names each departure, so there is no error path.
 *
 * Sources: RFC 5321 4.2 (grammar), 4.2.1 (multiline), 4.5.3.1.5 (length);
 * RFC 2034 4 and RFC 3463 2 (enhanced status codes).
 */
#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H
#include "smtp/line.h"

/* X(name, what the user reads, source): the only list of faults there is. */
#define REPLY_FAULTS(X)                                                                            \
    X(BARE_LF, "a line ends in LF without CR", "RFC 5321 2.3.8")                                   \
    X(LONG_LINE, "a line is longer than 512 octets", "RFC 5321 4.5.3.1.5")                         \
    X(NO_CODE, "a line does not start with a reply code", "RFC 5321 4.2")                          \
    X(CODE_RANGE,                                                                                  \
      "the reply code is none that the standard allows: first digit 2 to 5, second 0 to 5",        \
      "RFC 5321 4.2")                                                                              \
    X(BARE_CODE, "a line is a code without text", "RFC 5321 4.2")                                  \
    X(SEPARATOR, "after the code stands neither a space nor a hyphen", "RFC 5321 4.2")             \
    X(MIXED_CODES, "the lines of one reply differ in code", "RFC 5321 4.2.1")                      \
    X(WRONG_CLASS, "the enhanced status code disagrees with the reply code", "RFC 2034 4")         \
    X(NO_LAST_LINE, "the last line of the reply is missing", "RFC 5321 4.2.1")                     \
    X(EIGHT_BIT, "a line holds octets above 127", "RFC 5321 2.4")                                  \
    X(CONTROL, "a line holds control characters", "RFC 5321 4.2")                                  \
    X(OVERSIZE, "the reply is larger than any sensible one", "a limit of this program")
#define X(name, text, source) REPLY_##name##_BIT,
enum reply_fault_bit { REPLY_FAULTS(X) REPLY_FAULT_COUNT };
#undef X
#define X(name, text, source) REPLY_##name = 1 << REPLY_##name##_BIT,
enum reply_fault { REPLY_FAULTS(X) };
#undef X
const char *reply_fault_text(enum reply_fault_bit bit);
const char *reply_fault_source(enum reply_fault_bit bit);

/* From here on a reply is marked OVERSIZE; it stays one reply to its end, so that pairing with
 * commands never shifts. A full EHLO reply has under 4 kB; this leaves room for any banner. */
#define REPLY_SENSIBLE_OCTETS ((uint64_t)64 * 1024)

/* All zero: none. */
struct enhanced_code {
    uint8_t class; /* 2, 4 or 5 */
    uint16_t subject, detail;
};

/* One line, taken apart. */
struct reply_line {
    unsigned code; /* three digits as a number; 0: it does not start with three digits */
    bool more;     /* a hyphen follows the code: not the last line */
    struct enhanced_code enhanced; /* at the start of the text */
    struct span text;              /* after code and separator; the whole line when code is 0 */
    struct span words;             /* text after the enhanced code and its space */
    unsigned faults;               /* of this line alone */
};

/* Takes one line apart; spans point into line->head. */
void reply_line_parse(const struct line *line, struct reply_line *out);
/* An enhanced status code at the start of `text`: its octets, 0 when there is none. */
size_t enhanced_code_parse(struct span text, struct enhanced_code *out);

/* A reply being put together. Zero-filled is the start. Fixed size. */
struct reply {
    unsigned code; /* of the last line that has one; 0: none has. All must be equal, and a client
                      may go by any (RFC 5321 4.2.1): those in use go by the last */
    struct enhanced_code enhanced; /* of the first line with that code that has one */
    unsigned faults;
    uint32_t lines;
    uint64_t octets; /* line ends included */
    bool whole;
};

/* Adds one line; true when it was the last of its reply. A line without a code ends the
 * reply when it is the first; inside a multi-line reply it is taken as one more line.
 * *parsed (may be NULL) gets the line taken apart. */
bool reply_add(struct reply *r, const struct line *line, struct reply_line *parsed);
/* The connection ended: marks what is missing. False when no line had come. */
bool reply_cut(struct reply *r);

#endif
