/*
 * JSON as it is written: values one after the other into a buffer, with the commas put where they
 * belong. Nothing is read here, and nothing is kept but the buffer. Source: RFC 8259.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/buf.h"

/* json_init() makes one ready; nothing is to be released. */
struct json {
    struct buf *out; /* borrowed */
    bool follows;    /* a value stands before: a comma is due */
};
void json_init(struct json *j, struct buf *out);

/* All of these append. `key`: inside an object; NULL: inside an array, or the only value. Keys are
 * ours: ASCII letters, digits and "_". */
void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);                 /* '}' or ']' */
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* Octets that are not UTF-8 become U+FFFD, each. What must not reach a terminal (controls, hidden
 * characters: base/marks.h) is escaped, so that a log can be looked at with cat. */
void json_string(struct json *j, const char *key, struct span text);
/* The same for text of our own; NULL becomes null. */
void json_text(struct json *j, const char *key, const char *text);
/* As json_string(); when the octets are not UTF-8, a second member "KEY_base64" has them all. */
void json_octets(struct json *j, const char *key, struct span octets);

#endif
