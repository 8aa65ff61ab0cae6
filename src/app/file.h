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
/* The same, but a wait for a reader who does not read ends with SIGINT, SIGTERM or SIGHUP: then
 * false, with the signal's number in *stopped. Else *stopped is 0. */
bool file_write_until(int fd, struct span octets, int *stopped);

#endif
