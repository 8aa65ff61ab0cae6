/* Whole files and writes, for the modes. */
#ifndef APP_FILE_H
#define APP_FILE_H
#include "base/buf.h"
#include "base/error.h"

/* Appends a whole file ("-": standard input), at most `max` octets. False: err names the file and
 * says why; *out may hold a part. */
bool file_read_all(const char *path, size_t max, struct buf *out, struct error *err);
/* Writes all octets, waiting as long as it takes. False: the other side is gone (errno). */
bool file_write_all(int fd, struct span octets);

#endif
