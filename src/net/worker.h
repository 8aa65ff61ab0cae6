/*
 * Work that would make the loop wait (a disk that is to be sure of what it wrote), on a thread of
 * its own: jobs go in on the loop's side, are done in order on the thread, several at a time where
 * that is quicker, and come back on the loop's side.
 *
 * The thread is the only one of the program. What it may touch is the job, and whatever belongs to
 * the work alone: no loop, no record, no stream. Not here: what the work is (server/maildir.h).
 */
#ifndef NET_WORKER_H
#define NET_WORKER_H
#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"

/* Jobs handed to the work at once, at most: enough to share the cost of a disk's round trip, few
 * enough that the first does not wait long for the last. */
#define WORKER_BATCH_MAX 64

/* First in a job's own struct; filled by the worker. */
struct worker_job {
    struct worker_job *next;
};

struct worker_hooks {
    /* On the thread. Does the first jobs of the `count` that wait, in order, and returns how many
     * it did, 1 or more. */
    size_t (*work)(void *ctx, struct worker_job *const *jobs, size_t count);
    /* On the loop's side, once for each job, in order. It may add jobs, and must not free the
     * worker. */
    void (*done)(void *ctx, struct worker_job *job);
    void *ctx;
};

struct worker;
/* Copies the hooks. NULL: err. */
struct worker *worker_new(struct loop *l, const struct worker_hooks *hooks, struct error *err);
/* Waits until all jobs are done; done() is called for them. NULL is fine. */
void worker_free(struct worker *w);
/* Takes the job until done() gives it back. Never waits. */
void worker_do(struct worker *w, struct worker_job *job);

#endif
