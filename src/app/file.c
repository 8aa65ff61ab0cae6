#include "app/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define BLOCK ((size_t)64 * 1024)

static bool failed(struct error *err, const char *path, const char *why)
{
    error_set(err, "%s cannot be read: %s", path, why);
    return false;
}

bool file_read_all(const char *path, size_t max, struct buf *out, struct error *err)
{
    bool piped = strcmp(path, "-") == 0, good = true;
    int fd = piped ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    size_t start = out->len;

    if (piped)
        path = "standard input";
    if (fd < 0)
        return failed(err, path, strerror(errno));
    for (;;) {
        ssize_t got;

        buf_reserve(out, BLOCK);
        got = read(fd, out->at + out->len, BLOCK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            good = failed(err, path, strerror(errno));
        if (got <= 0)
            break;
        out->len += (size_t)got;
        out->at[out->len] = '\0';
        if (out->len - start > max) {
            good = failed(err, path, "it is too large");
            break;
        }
    }
    if (!piped)
        close(fd);
    return good;
}

bool file_write_all(int fd, struct span octets)
{
    while (octets.len) {
        ssize_t done = write(fd, octets.at, octets.len);

        if (done >= 0) {
            octets = span_from(octets, (size_t)done);
        } else if (errno == EAGAIN) { /* somebody made the terminal or pipe non-blocking */
            struct pollfd p = { fd, POLLOUT, 0 };

            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}
