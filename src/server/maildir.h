/*
 * A maildir: letters as files, one each, that other programs read. A letter is written to tmp/,
 * made sure to be on the disk, moved to new/, and new/ itself is made sure of: whoever is killed
 * when, new/ holds whole letters only, and all that were stored.
 *
 * All of it waits for the disk: the maildir store calls it on a thread of its own. Not here: the
 * queue before it (store_maildir.c), what stands in a letter (store_trace.c).
 * Sources: D. J. Bernstein's page on maildir (names, tmp/ and its 36 hours); POSIX fsync(), of
 * which a failure is final: what the disk lost then, a second try does not see any more.
 */
#ifndef SERVER_MAILDIR_H
#define SERVER_MAILDIR_H
#include <sys/types.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/span.h"

/* Time, number of microseconds, process, letter, and a host's name of at most 64 octets, some of
 * which take four. */
#define MAILDIR_NAME_MAX 384
/* What lies in tmp/ longer than that, nobody is writing any more. */
#define MAILDIR_TMP_MAX (36 * 3600 * CLOCK_SECOND)

/* How it reaches the disk, so that tests can let a disk fail. Each sets errno as POSIX says. */
struct maildir_ops {
    int (*open)(const char *path, int flags, mode_t mode);
    ssize_t (*write)(int fd, const void *at, size_t len);
    void (*begin)(int fd); /* starts to write to the disk, without waiting; may do nothing */
    int (*sync)(int fd);
    int (*close)(int fd);
    int (*rename)(const char *from, const char *to);
};
extern const struct maildir_ops maildir_real; /* the system's */

struct maildir_letter {
    struct span octets; /* borrowed until it is stored */
    int64_t when;       /* wall clock, microseconds */
    /* the result */
    char name[MAILDIR_NAME_MAX]; /* in new/ */
    int failed;                  /* 0, or why: an errno */
    int fd;                      /* private */
};

struct maildir;
/* Makes what is missing of `dir` with tmp/, new/ and cur/ in it, and removes from tmp/ what has
 * lain there too long. Its parent must be there. NULL: err. */
struct maildir *maildir_open(const char *dir, const struct maildir_ops *ops, int64_t now,
                             struct error *err);
void maildir_free(struct maildir *m);              /* NULL is fine */
const char *maildir_path(const struct maildir *m); /* absolute */
/* Stores the first letters, in order, and returns how many it tried, 1 or more: together they take
 * little more time than one. Of a letter that failed nothing is left. */
size_t maildir_store(struct maildir *m, struct maildir_letter *const *letters, size_t count);
/* An errno of a letter that failed, in words for a reply. */
const char *maildir_words(int failed);

#endif
