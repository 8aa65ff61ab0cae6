/*
 * Base64 of one piece: the main alphabet, padded, without line ends, as AUTH exchanges carry it
 * (RFC 4954 4). Not the base64 of a letter's body, where lines end and other octets are passed
 * over (RFC 2045 6.8). Source: RFC 4648 3 and 4.
 */
#ifndef MESSAGE_BASE64_H
#define MESSAGE_BASE64_H
#include "base/buf.h"

/* What is wrong with a text, and the words that end "this is no base64: ". */
#define BASE64_FAULTS(X)                                                                           \
    X(NONE, "")                                                                                    \
    X(OCTET, "it holds a character that base64 does not have")                                     \
    X(PADDING, "'=' stands where it may not: only one or two, and only at the very end")           \
    X(LENGTH, "it is too short: its length must be a multiple of four")                            \
    X(BITS, "the last character before '=' holds bits that belong to nothing")

enum base64_fault {
#define X(name, text) BASE64_##name,
    BASE64_FAULTS(X)
#undef X
        BASE64_FAULT_COUNT
};

/* The first thing that is wrong, and *at where: an index into text, or text.len when something is
 * missing at the end (and when nothing is wrong). The empty text is base64 of nothing. */
enum base64_fault base64_check(struct span text, size_t *at);
const char *base64_fault_text(enum base64_fault fault);

/* Appends the octets. False: not base64 (base64_check says why), and nothing was appended. The bits
 * that padding leaves over must be zero: each octet string has one base64 form only. */
bool base64_decode(struct span text, struct buf *out);
/* Appends the base64 form. */
void base64_encode(struct span octets, struct buf *out);

#endif
