/*
 * Reads the parts of a letter: loads the module that does it (module.h) when it is asked for the
 * first time, so that nobody waits for a library who does not need it. Without the module the rest
 * of the program works; the error says how to get it.
 */
#ifndef MIME_READER_H
#define MIME_READER_H
#include "base/error.h"
#include "message/mime.h"

/* Parts the letter into *out, which is empty; caller releases. Any letter has a part at least.
 * False: err, the module is not there. */
bool mime_read(struct span letter, struct mime *out, struct error *err);
/* Appends the octets of a part of this letter, decoded: of MIME_MULTIPART and MIME_LETTER their
 * body as it stands. At most MIME_DECODED_MAX. False: err. */
bool mime_decode(struct span letter, const struct mime_part *part, struct buf *out,
                 struct error *err);

#endif
