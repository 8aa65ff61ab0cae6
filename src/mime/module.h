/*
 * What the module smtpscope-mime offers to the program: the one that reads MIME with GMime, and is
 * loaded when it is needed first. Not here: whoever loads it (reader.h).
 */
#ifndef MIME_MODULE_H
#define MIME_MODULE_H
#include "message/mime.h"

struct mime_module {
    /* Parts the letter's octets, which its caller has bounded (mime_bounded), into *out, which is
     * empty. */
    void (*read)(struct span letter, struct mime *out);
    /* Appends the body's octets decoded, at most `most` of them; out NULL: only counts. Returns how
     * many octets they are. */
    uint64_t (*decode)(enum mime_encoding encoding, struct span body, size_t most, struct buf *out);
};

/* The symbol's name changes with this struct or with message/mime.h: a module of another version is
 * not found then, and does no harm. */
#define MIME_MODULE_NAME   "smtpscope-mime.so"
#define MIME_MODULE_SYMBOL "smtpscope_mime_1"
extern const struct mime_module smtpscope_mime_1;

#endif
