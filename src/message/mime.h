/*
 * The parts of a letter, as a list: what MIME made of its body. A parser fills it in (mime/), views
 * read it. Here are its shape, its limits, and what needs no parser: how much of a letter may be
 * given to one, and a name for a file out of a name that a letter brings.
 *
 * Sources: RFC 2045 5 (Content-Type), 6 (transfer encodings), RFC 2046 5 (multipart, message), RFC
 * 2047 and 2231 (names beyond ASCII), RFC 2183 (Content-Disposition).
 */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H
#include "base/buf.h"

/* Octets of a letter that are parted; the rest of a longer one is not. Letters with a film in them
 * stay below, and reading so many takes less than a second. */
#define MIME_OCTETS_MAX ((size_t)64 * 1024 * 1024)
/* A parser takes some 70 octets of memory for each octet of a header, and a thousand for each part.
 * Above what honest letters have; a digest of a long list may come near. */
#define MIME_HEADER_OCTETS_MAX ((size_t)1024 * 1024)
#define MIME_HEADER_LINES_MAX  ((size_t)20 * 1000)
/* Lines that begin with "--" in a letter that has parts: each may begin one. */
#define MIME_DELIMITERS_MAX ((size_t)10 * 1000)
/* Parts that are listed, and how deep they may lie; more teaches nobody anything. */
#define MIME_PARTS_MAX 1000
#define MIME_DEPTH_MAX 50
/* Octets of a type, a name ... that are kept: longer than any file system takes. */
#define MIME_WORD_MAX 255
/* What the parser found odd; more of it is counted. */
#define MIME_WARNINGS_MAX 20
/* One part, decoded, in memory. Base64 and quoted-printable only ever get shorter. */
#define MIME_DECODED_MAX MIME_OCTETS_MAX

/* X(name, as written, bits the way must carry) */
#define MIME_ENCODINGS(X)                                                                          \
    X(NONE, "none")                                                                                \
    X(7BIT, "7bit")                                                                                \
    X(8BIT, "8bit")                                                                                \
    X(BINARY, "binary")                                                                            \
    X(BASE64, "base64")                                                                            \
    X(QUOTED_PRINTABLE, "quoted-printable")                                                        \
    X(UUENCODE, "x-uuencode")                                                                      \
    X(UNKNOWN, "unknown")
#define X(name, word) MIME_##name,
enum mime_encoding { MIME_ENCODINGS(X) MIME_ENCODING_COUNT };
#undef X

enum mime_kind {
    MIME_LEAF,      /* text, a picture, a file ... */
    MIME_MULTIPART, /* parts inside it follow, one deeper */
    MIME_LETTER     /* a whole letter; its part follows, one deeper */
};

/* Strings are never NULL, hold no NUL, and are what a peer wrote: marks are needed to show them. */
struct mime_part {
    unsigned depth; /* 0: the letter itself */
    enum mime_kind kind;
    enum mime_encoding encoding;
    char *type;          /* owned: "text/plain" */
    char *charset;       /* owned; "" none was named */
    char *name;          /* owned; "" none: of a file, decoded where it was encoded */
    char *disposition;   /* owned; "" none: "inline", "attachment" */
    char *encoding_word; /* owned; "" none: as written */
    /* Where its header and body stand in the letter's octets. The body of MIME_MULTIPART and
     * MIME_LETTER ends with that of its last part. */
    uint64_t header_at, header_len, body_at, body_len;
    uint64_t decoded_len; /* MIME_LEAF: octets of its body once decoded */
    bool attached;        /* meant as a file: an attachment, or named and no text */
    bool deeper;          /* what is inside it lies too deep to be listed */
};

/* X(name, what the user reads, source) */
#define MIME_FAULTS(X)                                                                             \
    X(REPEATED_FIELD, "a header field that may stand once stands twice", "RFC 5322 3.6")           \
    X(REPEATED_PARAMETER, "a parameter of a header field stands twice", "RFC 2045 5.1")            \
    X(EIGHT_BIT, "a header field holds octets above 127 that are not encoded", "RFC 2047 1")       \
    X(TYPE, "a Content-Type cannot be read; the part counts as application/octet-stream",          \
      "RFC 2045 5.1")                                                                              \
    X(ENCODED_WORD, "an encoded word in a header field is wrong", "RFC 2047 2")                    \
    X(NO_PARTS, "a multipart without any part in it", "RFC 2046 5.1.1")                            \
    X(TRUNCATED, "a multipart has no end: its closing boundary is missing", "RFC 2046 5.1.1")      \
    X(MALFORMED, "the letter breaks off in its header, or its header is wrong", "RFC 5322 2.1")    \
    X(FIELD_NAME, "a line of a header is no header field; programs read this differently",         \
      "RFC 5322 2.2")                                                                              \
    X(OTHER_FIELD,                                                                                 \
      "a header field stands twice and says two things; programs read this "                       \
      "differently",                                                                               \
      "RFC 5322 3.6")                                                                              \
    X(OTHER_PARAMETER,                                                                             \
      "a parameter stands twice and says two things; programs read this "                          \
      "differently",                                                                               \
      "RFC 2045 5.1")                                                                              \
    X(NO_BOUNDARY, "a multipart does not name its boundary, so nobody can find its parts",         \
      "RFC 2046 5.1.1")                                                                            \
    X(PARAMETER, "a parameter of a header field cannot be read", "RFC 2045 5.1")                   \
    X(ADDRESSES, "a list of addresses cannot be read", "RFC 5322 3.4")                             \
    X(NESTING,                                                                                     \
      "parts lie in parts so deep that the parser gave up; no honest letter is like "              \
      "this",                                                                                      \
      "RFC 2046 5.1")                                                                              \
    X(NO_CONTENT, "the header of a part runs into the next boundary, without an empty line",       \
      "RFC 2046 5.1")                                                                              \
    X(NOTHING, "a part has neither header nor content", "RFC 2046 5.1")                            \
    X(OTHER, "the parser found something odd", "RFC 2045")
#define X(name, text, source) MIME_FAULT_##name,
enum mime_fault { MIME_FAULTS(X) MIME_FAULT_COUNT };
#undef X
const char *mime_fault_text(enum mime_fault fault);
const char *mime_fault_source(enum mime_fault fault);

struct mime_warning {
    enum mime_fault fault;
    bool placed; /* `at` is known: an index into the letter's octets, near the place */
    uint64_t at;
};

/* Zero-filled is empty. */
struct mime {
    struct mime_part *parts; /* owned; [0] is the letter itself */
    size_t count;
    bool more_parts; /* there were more than MIME_PARTS_MAX */
    struct mime_warning warnings[MIME_WARNINGS_MAX];
    size_t warning_count;
    uint64_t more_warnings;
    uint64_t octets; /* of the letter ... */
    uint64_t read;   /* ... and those that were parted: fewer where a limit was met */
};
void mime_release(struct mime *m);
/* The next part, zero-filled but for its strings, which are ""; NULL: the list is full, and
 * more_parts says so. Valid until the next one. */
struct mime_part *mime_add(struct mime *m, unsigned depth);
/* Copies a word into a field of a part, at most MIME_WORD_MAX octets of it; NULL is "". */
void mime_set(char **field, const char *word);
void mime_warn(struct mime *m, enum mime_fault fault, int64_t at); /* at < 0: nobody knows where */

/* "base64" */
const char *mime_encoding_word(enum mime_encoding encoding);
/* As a header names it; letter case and blanks around it do not matter. "" is MIME_NONE. */
enum mime_encoding mime_encoding_by_word(struct span word);
/* Does it make the content longer, so that every server passes it on? */
bool mime_encoding_costs(enum mime_encoding encoding);

/* How many octets from the start may be given to a parser, so that its memory and time stay bounded
 * whatever the letter is made of: less than all of them when it meets a limit above. */
size_t mime_bounded(struct span letter);

/* Appends a name for a new file out of the name that the part brings: no folder, nothing hidden, no
 * octet that a terminal or a shell could take amiss. Of a part without one "part-3.png". */
void mime_file_name(const struct mime_part *part, unsigned number, struct buf *out);

#endif
