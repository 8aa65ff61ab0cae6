/*
 * The letter inside DATA: end of data, dots, counts. Push octets, pull what they are; exact to
 * the octet however they were cut. Only CRLF "." CRLF ends the data; a dot on a line that a
 * bare LF touches is letter text (RFC 5321 4.1.1.4), counted as a near miss, since some servers
 * take it.
 *
 * Sources: RFC 5321 4.1.1.4, 4.5.2 (transparency), 4.5.3.1.6 (line length), 2.3.8 (line ends).
 */
#ifndef SMTP_BODY_H
#define SMTP_BODY_H
#include "base/buf.h"
#include "base/span.h"

/* Longest text line: 998 octets and CRLF (RFC 5321 4.5.3.1.6). */
#define BODY_LINE_MAX 998

struct body_counts {
    uint64_t
        octets; /* of the letter, line ends included, stuffed dots and the final dot left out */
    uint64_t header_lines; /* lines before the first empty one; all, while no empty line came */
    uint64_t body_lines;   /* lines after the first empty one */
    uint64_t stuffed;      /* leading dots removed */
    uint64_t bare_lf, bare_cr, nul, eight_bit; /* octets of each kind */
    uint64_t long_lines;
    uint64_t near_misses; /* "." lines with a bare LF before or after */
    bool blank_line;      /* an empty line came: header and body are apart */
};

/* The receiver's machine. Zero-filled is the start (right after the 354). Fixed size. */
struct body {
    struct body_counts counts;
    uint64_t line_len; /* of the current line, stuffing removed */
    unsigned state;    /* private: enum in body.c */
    bool ended;
    /* Set before the first octet, or left alone. */
    unsigned line_max; /* a longer line is a long one; 0: BODY_LINE_MAX */
    bool plain;        /* octets of BDAT: a dot is a dot, and nothing ends the letter */
    /* How lenient servers end a letter against RFC 5321 4.1.1.4: by a dot behind LF alone, by a dot
     * with LF alone behind it. What they take for the end, a strict server takes for text: this is
     * how letters are smuggled. */
    bool dot_after_lf, dot_before_lf;
};

/* Takes octets until the end of data or all; returns how many were taken. The unstuffed letter is
 * appended to *out when out is not NULL. b->ended tells whether the dot came: octets after
 * it are not taken. Uses memchr, not a look at every octet more than once. */
size_t body_push(struct body *b, struct span octets, struct buf *out);

/* A letter of BDAT chunks is whole: a CR that was held back is given out. */
void body_finish(struct body *b, struct buf *out);

/* The sender's side: appends `text` with leading dots doubled, bare LF and CR made CRLF, and a CRLF
 * at the very end if missing; no final dot. State runs on across calls (zero-filled is the start).
 */
struct body_stuffer {
    bool mid_line, after_cr;
    bool keep_dots; /* leading dots are not doubled: for who wants to see what comes of it */
};
void body_stuff(struct body_stuffer *s, struct span text, struct buf *out);
/* Ends a last line without line end, then appends the lone dot and CRLF. */
void body_stuff_end(struct body_stuffer *s, struct buf *out);

#endif
