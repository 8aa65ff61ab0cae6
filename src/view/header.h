/*
 * The header of a letter as far as it says the same things as the envelope: who wrote it, for whom,
 * about what, when. Lines in, fields out; octets of fields as written, unfolded.
 *
 * Not here: what any field means in full. Sources: RFC 5322 2.1 (header, body and the empty line),
 * 2.2.3 (folding), 3.4 (addresses), 3.6 (fields).
 */
#ifndef VIEW_HEADER_H
#define VIEW_HEADER_H
#include "base/buf.h"

/* X(name, field) */
#define HEADER_FIELDS(X)                                                                           \
    X(FROM, "From")                                                                                \
    X(TO, "To")                                                                                    \
    X(CC, "Cc")                                                                                    \
    X(BCC, "Bcc")                                                                                  \
    X(SUBJECT, "Subject")                                                                          \
    X(DATE, "Date")
#define X(name, field) HEADER_##name,
enum header_field { HEADER_FIELDS(X) HEADER_FIELD_COUNT };
#undef X

/* Octets of one field that are kept: above the longest To that one letter of a hundred recipients
 * has. */
#define HEADER_FIELD_MAX ((size_t)32 * 1024)

enum header_place { HEADER_START, HEADER_INSIDE, HEADER_OVER };

/* Zero-filled is the start of a letter. */
struct header {
    enum header_place place;
    bool none;     /* the first line was no field: all is body */
    bool unparted; /* it ran into the body without an empty line */
    bool has[HEADER_FIELD_COUNT];
    struct buf value[HEADER_FIELD_COUNT]; /* owned; equal fields are joined by ", " */
    int current;                          /* private: the field that may go on, -1: another one */
};

/* What a line is. */
enum header_line { HEADER_LINE_FIELD, HEADER_LINE_EMPTY, HEADER_LINE_BODY };
/* Takes the next line of the letter, without its line end and without a stuffed dot. */
enum header_line header_take(struct header *h, struct span line);
void header_release(struct header *h);
struct span header_value(const struct header *h, enum header_field field);

/* The next address in a field's value: what stands in < >, or an address without them. *rest is
 * what follows it. False: no more. Display names, comments and names of groups are passed over. */
bool header_address(struct span *rest, struct span *address);
/* Does an address field name this mailbox? */
bool header_names(const struct header *h, enum header_field field, struct span mailbox);

#endif
