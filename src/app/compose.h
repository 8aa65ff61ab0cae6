/*
 * A letter out of what the command line says: its header fields, and the text under them.
 * Sources: RFC 5322 3.6 (fields), 3.3 (date); RFC 2047 (words outside ASCII), RFC 2045 (MIME).
 */
#ifndef APP_COMPOSE_H
#define APP_COMPOSE_H
#include "app/options.h"
#include "base/buf.h"

struct compose {
    const char *from; /* "": the null reverse-path; the field names a mailer then */
    const struct option_list *to, *cc, *headers;
    const char *subject; /* NULL: none */
    const char *host;    /* in Message-ID */
    struct span body;
    int64_t wall;    /* microseconds since 1970 */
    uint64_t number; /* tells letters of one moment apart */
};
/* Appends the letter. A field of `headers` takes the place of the one that would be made. False: a
 * header is no field; err. */
bool compose_letter(const struct compose *c, struct buf *out, struct error *err);

#endif
