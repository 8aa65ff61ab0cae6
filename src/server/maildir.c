#define _GNU_SOURCE /* sync_file_range: Linux, and left out elsewhere */
#include "server/maildir.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define HOST_MAX  64
#define TRIES_MAX 10 /* names until one is free in tmp/; the first one is */

struct maildir {
    const struct maildir_ops *ops;
    char *path, *tmp, *new, *cur; /* owned; absolute */
    char *host;                   /* owned; fit for a name */
    uint64_t letters;             /* names given so far */
    bool gone;                    /* a directory is missing: it is made before the next letter */
};

static int real_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

/* Room on the disk is chosen when writing begins: with all letters of a batch begun, the first sync
 * takes the others' along. Measured on ext4: 8 letters of 2 kB take a tenth of the time. */
static void real_begin(int fd)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
#endif
}

const struct maildir_ops maildir_real = { .open = real_open,
                                          .write = write,
                                          .begin = real_begin,
                                          .sync = fsync,
                                          .close = close,
                                          .rename = rename };

static char *joined(const char *folder, const char *name)
{
    struct buf path = { 0 };

    buf_printf(&path, "%s/%s", folder, name);
    return buf_detach(&path);
}

/* A slash would be a folder, a colon starts a letter's flags. */
static char *host_name(void)
{
    char host[HOST_MAX + 1] = "";
    struct buf out = { 0 };

    if (gethostname(host, sizeof host - 1) != 0 || !host[0])
        snprintf(host, sizeof host, "localhost");
    for (const char *c = host; *c; c++) {
        if (*c == '/' || *c == ':' || ascii_is_control((unsigned char)*c))
            buf_printf(&out, "\\%03o", (unsigned)(unsigned char)*c);
        else
            buf_add_octet(&out, (unsigned char)*c);
    }
    return buf_detach(&out);
}

/* The entries of a directory are on the disk. 0, or an errno. */
static int sync_folder(const struct maildir_ops *ops, const char *path)
{
    int fd = ops->open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), failed = 0;

    if (fd < 0)
        return errno;
    if (ops->sync(fd) != 0 && errno != EINVAL) /* EINVAL: this kind of disk has no such promise */
        failed = errno;
    ops->close(fd);
    return failed;
}

/* 0, or an errno. *made: it was not there. */
static int make_folder(const char *path, bool *made)
{
    struct stat st;

    if (mkdir(path, 0700) == 0) {
        *made = true;
        return 0;
    }
    if (errno != EEXIST)
        return errno;
    if (stat(path, &st) != 0)
        return errno;
    return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

/* Makes what is missing; *which: what could not be made. 0, or an errno. Whoever made the folders
 * may have been cut off before they were on the disk: so they are synced also where they exist. */
static int make_folders(const struct maildir *m, const char **which)
{
    const char *inner[] = { m->tmp, m->new, m->cur };
    bool made = false, ignored;
    int failed;

    *which = m->path;
    failed = make_folder(m->path, &made);
    for (size_t i = 0; i < sizeof inner / sizeof inner[0] && !failed; i++) {
        *which = inner[i];
        failed = make_folder(inner[i], &ignored);
        if (!failed && access(inner[i], W_OK | X_OK) != 0)
            failed = errno;
    }
    if (!failed)
        failed = sync_folder(m->ops, m->path);
    if (!failed) {
        char *parent = joined(m->path, "..");

        failed = sync_folder(m->ops, parent);
        if (failed == EACCES && !made) /* not ours to read: somebody else gave us the folder */
            failed = 0;
        mem_free(parent);
    }
    return failed;
}

/* What the dead have left there. That it cannot be removed is no reason not to store letters. */
static void sweep(const struct maildir *m, int64_t now)
{
    DIR *folder = opendir(m->tmp);
    struct dirent *e;

    if (!folder)
        return;
    while ((e = readdir(folder))) {
        struct stat st;

        if (fstatat(dirfd(folder), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && (int64_t)st.st_mtime < (now - MAILDIR_TMP_MAX) / CLOCK_SECOND)
            unlinkat(dirfd(folder), e->d_name, 0);
    }
    closedir(folder);
}

/* The absolute path of a folder that may not be there yet; NULL: errno. */
static char *absolute(const char *dir)
{
    struct buf path = { 0 };
    char *here;

    if (dir[0] == '/')
        return mem_strdup(dir);
    here = realpath(".", NULL);
    if (!here)
        return NULL;
    buf_printf(&path, "%s/%s", here, dir);
    free(here);
    return buf_detach(&path);
}

struct maildir *maildir_open(const char *dir, const struct maildir_ops *ops, int64_t now,
                             struct error *err)
{
    struct maildir *m = mem_zero(1, sizeof *m);
    const char *which = dir;
    int failed;

    m->ops = ops;
    m->path = absolute(dir);
    if (!m->path) {
        error_set(err, "the maildir '%s' cannot be used: %s", dir, strerror(errno));
        mem_free(m);
        return NULL;
    }
    m->tmp = joined(m->path, "tmp");
    m->new = joined(m->path, "new");
    m->cur = joined(m->path, "cur");
    m->host = host_name();
    failed = make_folders(m, &which);
    if (failed) {
        error_set(err, "the maildir '%s' cannot be used: %s: %s", dir, which, strerror(failed));
        maildir_free(m);
        return NULL;
    }
    sweep(m, now);
    return m;
}

void maildir_free(struct maildir *m)
{
    if (!m)
        return;
    mem_free(m->path);
    mem_free(m->tmp);
    mem_free(m->new);
    mem_free(m->cur);
    mem_free(m->host);
    mem_free(m);
}

const char *maildir_path(const struct maildir *m)
{
    return m->path;
}

static void give_name(struct maildir *m, struct maildir_letter *l)
{
    snprintf(l->name, sizeof l->name, "%lld.M%06dP%ldQ%llu.%s", (long long)(l->when / CLOCK_SECOND),
             (int)(l->when % CLOCK_SECOND), (long)getpid(), (unsigned long long)++m->letters,
             m->host);
}

static void remove_from(const char *folder, const struct maildir_letter *l)
{
    char *path = joined(folder, l->name);

    unlink(path);
    mem_free(path);
}

static int write_all(const struct maildir *m, int fd, struct span octets)
{
    while (octets.len) {
        ssize_t wrote = m->ops->write(fd, octets.at, octets.len);

        if (wrote < 0 && errno != EINTR)
            return errno;
        if (wrote > 0)
            octets = span_from(octets, (size_t)wrote);
    }
    return 0;
}

/* A new file in tmp/, with a name that is new there. */
static void create(struct maildir *m, struct maildir_letter *l)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        char *path;

        give_name(m, l);
        path = joined(m->tmp, l->name);
        l->fd = m->ops->open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        l->failed = l->fd < 0 ? errno : 0;
        mem_free(path);
        if (l->failed != EEXIST)
            break;
    }
}

/* It is not stored: nothing of it stays in tmp/. */
static void fail(struct maildir *m, struct maildir_letter *l, int failed)
{
    if (failed == ENOENT)
        m->gone = true;
    l->failed = failed;
    remove_from(m->tmp, l);
}

/* False: there are no more descriptors for now. */
static bool begin(struct maildir *m, struct maildir_letter *l)
{
    int failed;

    create(m, l);
    if (l->fd < 0) {
        m->gone = m->gone || l->failed == ENOENT;
        return l->failed != EMFILE && l->failed != ENFILE;
    }
    failed = write_all(m, l->fd, l->octets);
    if (!failed) {
        m->ops->begin(l->fd);
        return true;
    }
    m->ops->close(l->fd);
    fail(m, l, failed);
    return true;
}

/* It is on the disk. A failed sync is final (see maildir.h). */
static void make_sure(struct maildir *m, struct maildir_letter *l)
{
    int failed = m->ops->sync(l->fd) != 0 ? errno : 0;

    if (m->ops->close(l->fd) != 0 && !failed)
        failed = errno;
    if (failed)
        fail(m, l, failed);
}

static void move(struct maildir *m, struct maildir_letter *l)
{
    char *from = joined(m->tmp, l->name), *to = joined(m->new, l->name);

    if (m->ops->rename(from, to) != 0)
        fail(m, l, errno);
    mem_free(from);
    mem_free(to);
}

/* The letters that were moved to new/ stay there when new/ itself is on the disk, or go. */
static void settle(struct maildir *m, struct maildir_letter *const *letters, size_t count)
{
    int failed = sync_folder(m->ops, m->new);

    if (!failed)
        return;
    m->gone = m->gone || failed == ENOENT;
    for (size_t i = 0; i < count; i++) {
        if (letters[i]->failed)
            continue;
        letters[i]->failed = failed;
        remove_from(m->new, letters[i]);
    }
}

size_t maildir_store(struct maildir *m, struct maildir_letter *const *letters, size_t count)
{
    size_t began = 0;
    bool moved = false;
    const char *which;

    if (m->gone)
        m->gone = make_folders(m, &which) != 0;
    while (began < count && begin(m, letters[began]))
        began++;
    if (began == 0)
        return 1; /* with no descriptor for a single one, it has failed */
    /* all are made sure of before the first is moved: a move would begin a new round of the disk's
     * journal, and each sync after it would have to wait for that */
    for (size_t i = 0; i < began; i++)
        if (!letters[i]->failed)
            make_sure(m, letters[i]);
    for (size_t i = 0; i < began; i++) {
        if (letters[i]->failed)
            continue;
        move(m, letters[i]);
        moved = moved || !letters[i]->failed;
    }
    if (moved)
        settle(m, letters, began);
    return began;
}

const char *maildir_words(int failed)
{
    switch (failed) {
    case ENOSPC:
        return "the disk is full";
    case EDQUOT:
        return "the disk quota is used up";
    case EIO:
        return "the disk reports an error";
    case EACCES:
    case EPERM:
        return "the maildir may not be written to";
    case EROFS:
        return "the disk can only be read";
    case ENOENT:
    case ENOTDIR:
        return "the maildir is gone";
    case EMFILE:
    case ENFILE:
        return "too many files are open";
    case EFBIG:
        return "the letter is larger than a file may be";
    default:
        return strerror(failed);
    }
}
