/* The inside of the mode `send`: what is prepared, what is done, and what is told. */
#ifndef APP_SEND_INNER_H
#define APP_SEND_INNER_H
#include "app/options.h"
#include "base/buf.h"
#include "dialogue/notes.h"
#include "live/delivery.h"
#include "view/plain.h"

/* Recipients of one letter. Servers must take a hundred (RFC 5321 4.5.3.1.8), and few take more
 * than a thousand at a time. */
#define SEND_RECIPIENTS_MAX 1000
/* The letter; larger than any server takes, and it is held in memory, twice while it goes out. */
#define SEND_LETTER_MAX ((size_t)128 * 1024 * 1024)

/* Recipients that one server is asked to take. */
struct job {
    struct route *route; /* owned; NULL: to host itself */
    char *host;          /* owned */
    unsigned port;
    const char **to; /* owned; the addresses are the sending's */
    size_t to_count;
    const struct delivery *last; /* the attempt that counts */
};

/* A connection made for a job. */
struct attempt {
    const struct job *job;
    struct delivery *delivery; /* owned */
};

struct sending {
    const struct options *options;
    struct loop *loop;
    struct record *record;
    struct tls_context *tls;
    struct notes_style notes;
    char name[256]; /* EHLO's */
    struct buf secret, letter;
    char **to; /* owned */
    size_t to_count;
    struct job *jobs; /* owned */
    size_t job_count;
    struct attempt *attempts; /* owned */
    size_t attempt_count;
    struct plain_cursor *cursors; /* owned; by dialogue - 1 */
    unsigned cursor_count, shown;
    int unwritable; /* the status for it, once standard output takes no more; else 0 */
    int status;
};

/* Recipients, letter, secret, jobs. False: it was said what is wrong. The loop is not there yet. */
bool send_prepare(struct sending *s);
void send_release(struct sending *s);
/* The status of writing it. */
int send_print_json(const struct sending *s);

#endif
