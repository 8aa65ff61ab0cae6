#include "app/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#define BLOCK ((size_t)64 * 1024)
/* A pipe that says it is ready takes so much without a wait (POSIX, write()). */
#ifdef PIPE_BUF
#define READY_TAKES ((size_t)PIPE_BUF)
#else
#define READY_TAKES ((size_t)_POSIX_PIPE_BUF)
#endif

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

static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
#define STOPS     (sizeof stops / sizeof stops[0])
#define LOOK_EACH 200 /* milliseconds: for a signal that came just before the wait */
static volatile sig_atomic_t stop_came;

static void on_stop(int number)
{
    stop_came = number;
}

static bool write_waiting(int fd, struct span octets)
{
    while (octets.len) {
        struct pollfd p = { fd, POLLOUT, 0 };
        int stopping = stop_came;
        ssize_t done;

        if (poll(&p, 1, stopping ? 0 : LOOK_EACH) <= 0) {
            if (stopping)
                return false;
            continue;
        }
        done = write(fd, octets.at, octets.len < READY_TAKES ? octets.len : READY_TAKES);
        if (done >= 0)
            octets = span_from(octets, (size_t)done);
        else if (errno != EINTR && errno != EAGAIN)
            return false;
    }
    return true;
}

bool file_write_until(int fd, struct span octets, int *stopped)
{
    /* Without SA_RESTART, so that the wait ends; the loop's own handlers have it. */
    struct sigaction ours = { .sa_handler = on_stop }, before[STOPS];
    bool good;

    sigemptyset(&ours.sa_mask);
    stop_came = 0;
    for (size_t i = 0; i < STOPS; i++)
        sigaction(stops[i], &ours, &before[i]);
    good = write_waiting(fd, octets);
    for (size_t i = 0; i < STOPS; i++)
        sigaction(stops[i], &before[i], NULL);
    *stopped = good ? 0 : stop_came;
    if (good && stop_came)
        raise(stop_came); /* not in a wait: it is the loop's */
    return good;
}
