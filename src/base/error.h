/*
 * What went wrong on our own side or in the world: what was tried, on what, and why, as one
 * sentence complete enough to print. Untouched on success. A peer's mistake is never an
 * error: it is a fault, kept as data. Our own bugs are asserts.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H
#include <stdarg.h>

/* The exit statuses of the program, where an error ends it (design: the command line). */
enum status {
    STATUS_OK = 0,        /* done and as expected */
    STATUS_DIFFERENT = 1, /* done, but not as expected */
    STATUS_USAGE = 2,     /* the command line or a file was wrong */
    STATUS_CONNECT = 3,   /* no connection */
    STATUS_TLS = 4,       /* TLS or its certificate failed */
    STATUS_BROKEN = 5,    /* the peer broke off or broke the protocol */
};

struct error {
    char text[512];
};

/* Cut with "..." when longer than text[]. err may be NULL: then nothing happens. */
void error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
