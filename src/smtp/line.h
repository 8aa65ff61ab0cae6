/*
 * Lines: octets in, where a line ends and what is odd about it out. Keeps no octets itself, so
 * a line may be of any length; the caller keeps what it needs. Nothing is repaired: a bare LF
 * ends a line and is a fault, a bare CR stays inside the line and is a fault.
 *
 * Sources: RFC 5321 2.3.8 (line ends), 4.5.3.1.4 to 4.5.3.1.6 (lengths), 2.4 (8 bits), RFC
 * 5322 2.1.
 */
#ifndef SMTP_LINE_H
#define SMTP_LINE_H
#include "base/span.h"

/* The octets of a line that are looked at for meaning; the rest of a longer line counts and is
 * kept by the record, but says nothing. Above the longest line a standard allows
 * (12,288 octets for AUTH, RFC 4954 4). */
#define LINE_HEAD_MAX 16384

enum line_end {
    LINE_OPEN, /* not ended yet */
    LINE_CRLF,
    LINE_LF,  /* bare LF */
    LINE_CUT, /* the connection ended inside the line */
};

/* X(name, what the user reads, source) */
#define LINE_FAULTS(X)                                                                             \
    X(BARE_LF, "the line ends in LF alone, without CR before it", "RFC 5321 2.3.8")                \
    X(BARE_CR, "a CR stands in the middle of the line", "RFC 5321 2.3.8")                          \
    X(NUL, "an octet of the line is NUL (zero)", "RFC 5321 2.4")                                   \
    X(CONTROL, "the line holds control characters", "RFC 5321 4.1.2")                              \
    X(EIGHT_BIT, "the line holds octets above 127", "RFC 5321 2.4")                                \
    X(CUT, "the connection ended before the end of the line", "RFC 5321 2.3.8")
#define X(name, text, source) LINE_FAULT_##name##_BIT,
enum line_fault_bit { LINE_FAULTS(X) LINE_FAULT_COUNT };
#undef X
#define X(name, text, source) LINE_FAULT_##name = 1 << LINE_FAULT_##name##_BIT,
enum line_fault { LINE_FAULTS(X) };
#undef X

/* bit: below LINE_FAULT_COUNT. */
const char *line_fault_text(enum line_fault_bit bit);
const char *line_fault_source(enum line_fault_bit bit);

/* A line, or as much of it as is known. */
struct line {
    struct span head; /* its first octets, at most LINE_HEAD_MAX, without the line end; borrowed */
    uint64_t len;     /* all its octets, without the line end */
    enum line_end end;
    unsigned faults; /* set of enum line_fault */
};

/* How many octets the line end takes: 2, 1 or 0. */
static inline unsigned line_end_octets(enum line_end end)
{
    return end == LINE_CRLF ? 2 : end == LINE_LF ? 1 : 0;
}

/* The unfinished line of one stream. Zero-filled is the start. */
struct line_scan {
    uint64_t len;    /* octets so far; a CR at the end is not counted yet */
    unsigned faults; /* so far */
    bool after_cr;   /* the last octet was a CR, which may be half of a line end */
};

/* Takes octets up to and including the first LF, or all when there is none, and returns how many.
 * *out: end is LINE_OPEN, or the line is whole and the scan starts anew. out->head is not set:
 * the caller has the octets. How the octets are cut never shows. */
size_t line_scan_push(struct line_scan *scan, struct span octets, struct line *out);
/* The stream ended: false when no octet of a line was there, else *out with LINE_CUT. */
bool line_scan_close(struct line_scan *scan, struct line *out);

/*
 * A line scanner that also keeps the head of the unfinished line, for whoever reads a stream
 * without keeping it (engine, observer of a pipe). Constant memory.
 */
struct line_reader;
struct line_reader *line_reader_new(void);
void line_reader_free(struct line_reader *r); /* NULL is fine */
/* Takes octets up to and including the first line end; returns how many it took. True in *whole
 * when *out is a line; out->head is valid until the next call. */
size_t line_reader_push(struct line_reader *r, struct span octets, struct line *out, bool *whole);
bool line_reader_close(struct line_reader *r, struct line *out);
/* Octets of the unfinished line, head only. */
struct span line_reader_open(const struct line_reader *r);

#endif
