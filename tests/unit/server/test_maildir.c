/* The maildir itself: what stands on the disk, and what does when a disk fails. */
#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>

#include "server/maildir.h"
#include "support/maildirs.h"
#include "support/table.h"

#define WHEN ((int64_t)1700000000 * CLOCK_SECOND + 42)

static struct maildir *open_at(const struct maildirs *m, const struct maildir_ops *ops)
{
    struct error err = { "" };
    struct maildir *d = maildir_open(m->path, ops, WHEN, &err);

    cr_assert_not_null(d, "%s", err.text);
    return d;
}

static struct maildir_letter letter_of(const char *text)
{
    return (struct maildir_letter){ .octets = span_of(text), .when = WHEN };
}

/* Stores one letter; 0 or why not. */
static int store(struct maildir *d, struct maildir_letter *l)
{
    struct maildir_letter *all[] = { l };

    cr_assert_eq(maildir_store(d, all, 1), 1u);
    return l->failed;
}

static void expect_text(const struct maildirs *m, const struct maildir_letter *l, struct span want)
{
    char path[512];
    struct buf got;
    struct stat st;

    snprintf(path, sizeof path, "%s/%s", m->inner[MAILDIRS_NEW], l->name);
    got = maildirs_read(path);
    cr_expect(span_eq(buf_span(&got), want), "%s", path);
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 07777, 0600u);
    buf_release(&got);
}

Test(maildir, keeps_a_letter_as_a_file_in_new)
{
    struct maildirs m;
    struct maildir *d;
    struct maildir_letter l = letter_of("Subject: hi\r\n\r\nhi\r\n"), second = letter_of("");
    struct stat st;
    char start[64];

    maildirs_init(&m);
    umask(0);
    d = open_at(&m, &maildir_real);
    cr_expect_str_eq(maildir_path(d), m.path);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(stat(m.inner[i], &st), 0);
        cr_expect_eq(st.st_mode & 07777, 0700u, "%s", m.inner[i]);
    }
    cr_expect_eq(store(d, &l), 0);
    cr_expect_eq(store(d, &second), 0);
    expect_text(&m, &l, l.octets);
    expect_text(&m, &second, SPAN(""));
    snprintf(start, sizeof start, "1700000000.M000042P%ldQ1.", (long)getpid());
    cr_expect_eq(strncmp(l.name, start, strlen(start)), 0, "%s", l.name);
    cr_expect(!strpbrk(l.name, "/:"), "%s", l.name);
    cr_expect_str_neq(l.name, second.name);
    cr_expect_eq(maildirs_count(&m, MAILDIRS_NEW), 2u);
    cr_expect_eq(maildirs_count(&m, MAILDIRS_TMP), 0u);
    maildir_free(d);
    maildir_free(NULL);
    maildirs_remove(&m);
}

Test(maildir, takes_a_path_relative_to_where_it_was_opened)
{
    struct maildirs m;
    struct error err = { "" };
    struct maildir *d;
    struct maildir_letter l = letter_of("x");

    maildirs_init(&m);
    cr_assert_eq(chdir(m.root), 0);
    d = maildir_open("mail", &maildir_real, WHEN, &err);
    cr_assert_not_null(d, "%s", err.text);
    cr_assert_eq(chdir("/"), 0);
    cr_expect_str_eq(maildir_path(d), m.path);
    cr_expect_eq(store(d, &l), 0);
    expect_text(&m, &l, SPAN("x"));
    maildir_free(d);
    maildirs_remove(&m);
}

static void leave_in_tmp(const struct maildirs *m, const char *name, int64_t age)
{
    char path[512];
    struct timeval times[2] = { { (time_t)((WHEN - age) / CLOCK_SECOND), 0 },
                                { (time_t)((WHEN - age) / CLOCK_SECOND), 0 } };
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", m->inner[MAILDIRS_TMP], name);
    f = fopen(path, "w");
    cr_assert_not_null(f);
    fclose(f);
    cr_assert_eq(utimes(path, times), 0);
}

Test(maildir, removes_from_tmp_what_the_dead_have_left)
{
    struct maildirs m;

    maildirs_init(&m);
    maildir_free(open_at(&m, &maildir_real));
    leave_in_tmp(&m, "old", MAILDIR_TMP_MAX + 2 * CLOCK_SECOND);
    leave_in_tmp(&m, "older", 100 * MAILDIR_TMP_MAX);
    leave_in_tmp(&m, "young", MAILDIR_TMP_MAX - 2 * CLOCK_SECOND);
    leave_in_tmp(&m, "of_the_future", -5 * CLOCK_SECOND);
    maildir_free(open_at(&m, &maildir_real));
    cr_expect_eq(maildirs_count(&m, MAILDIRS_TMP), 2u);
    maildirs_remove(&m);
}

Test(maildir, says_why_it_cannot_be_opened)
{
    struct maildirs m;
    struct error err = { "" };
    char path[128];
    FILE *f;

    maildirs_init(&m);
    snprintf(path, sizeof path, "%s/deeper", m.path);
    cr_expect_null(maildir_open(path, &maildir_real, WHEN, &err));
    cr_expect_not_null(strstr(err.text, "deeper' cannot be used: "), "%s", err.text);
    cr_expect_not_null(strstr(err.text, "No such file"), "%s", err.text);
    f = fopen(m.path, "w"); /* a file where the folder should be */
    cr_assert_not_null(f);
    fclose(f);
    cr_expect_null(maildir_open(m.path, &maildir_real, WHEN, &err));
    cr_expect_not_null(strstr(err.text, "Not a directory"), "%s", err.text);
    maildirs_remove(&m);
}

Test(maildir, is_not_opened_where_it_may_not_write)
{
    struct maildirs m;
    struct error err = { "" };
    struct maildir *d;

    maildirs_init(&m);
    maildir_free(open_at(&m, &maildir_real));
    chmod(m.inner[MAILDIRS_TMP], 0500);
    d = maildir_open(m.path, &maildir_real, WHEN, &err);
    if (getuid() == 0) /* root may write everywhere */
        maildir_free(d);
    else
        cr_expect(!d && strstr(err.text, "Permission denied"), "%s", err.text);
    chmod(m.inner[MAILDIRS_TMP], 0700);
    maildirs_remove(&m);
}

Test(maildir, is_made_again_when_it_was_removed)
{
    struct maildirs m;
    struct maildir *d;
    struct maildir_letter l = letter_of("one");

    maildirs_init(&m);
    d = open_at(&m, &maildir_real);
    cr_expect_eq(store(d, &l), 0);
    maildirs_wipe(&m);
    cr_expect_eq(store(d, &l), ENOENT); /* whoever removed it should hear of it */
    cr_expect_eq(store(d, &l), 0);
    expect_text(&m, &l, SPAN("one"));
    rmdir(m.inner[MAILDIRS_CUR]); /* nobody needs it to store a letter */
    cr_expect_eq(store(d, &l), 0);
    maildir_free(d);
    maildirs_remove(&m);
}

/*
 * A disk that fails at a chosen call, each in turn.
 */
enum call { CALL_OPEN, CALL_WRITE, CALL_SYNC, CALL_CLOSE, CALL_RENAME, CALL_COUNT };
static struct {
    enum call at;
    unsigned after; /* so many calls of that kind succeed */
    unsigned times; /* and so many fail then */
    int with;
    unsigned seen;
    size_t piece; /* octets that a write takes at most; 0: all */
    unsigned begun;
} disk;

static bool fails(enum call here)
{
    unsigned turn;

    if (here != disk.at)
        return false;
    turn = disk.seen++;
    if (turn < disk.after || turn - disk.after >= disk.times)
        return false;
    errno = disk.with;
    return true;
}

static int failing_open(const char *path, int flags, mode_t mode)
{
    return fails(CALL_OPEN) ? -1 : maildir_real.open(path, flags, mode);
}

static ssize_t failing_write(int fd, const void *at, size_t len)
{
    if (fails(CALL_WRITE))
        return -1;
    return maildir_real.write(fd, at, disk.piece && disk.piece < len ? disk.piece : len);
}

static void failing_begin(int fd)
{
    (void)fd;
    disk.begun++;
}

static int failing_sync(int fd)
{
    return fails(CALL_SYNC) ? -1 : maildir_real.sync(fd);
}

static int failing_close(int fd)
{
    bool failed = fails(CALL_CLOSE);
    int with = errno, result = maildir_real.close(fd);

    errno = with;
    return failed ? -1 : result;
}

static int failing_rename(const char *from, const char *to)
{
    return fails(CALL_RENAME) ? -1 : maildir_real.rename(from, to);
}

static const struct maildir_ops failing = { .open = failing_open,
                                            .write = failing_write,
                                            .begin = failing_begin,
                                            .sync = failing_sync,
                                            .close = failing_close,
                                            .rename = failing_rename };

#define BATCH 4
/* Of four letters, `after` calls of the kind succeed, then it fails once. want: letter by letter,
 * 'o' stored, 'x' not. */
struct failure {
    const char *name;
    enum call at;
    int with;
    unsigned after;
    const char *want;
};
static const struct failure failures[] = {
    { "the first cannot be made", CALL_OPEN, EACCES, 0, "xooo" },
    { "the last cannot be made", CALL_OPEN, ENOSPC, 3, "ooox" },
    { "new/ cannot be looked at", CALL_OPEN, EIO, 4, "xxxx" },
    { "the disk is full", CALL_WRITE, ENOSPC, 0, "xooo" },
    { "the disk is full half way", CALL_WRITE, ENOSPC, 5, "oxoo" },
    { "the quota is used up", CALL_WRITE, EDQUOT, 11, "ooox" },
    { "a file may not be so large", CALL_WRITE, EFBIG, 8, "ooxo" },
    { "the disk breaks while it writes", CALL_WRITE, EIO, 7, "ooxo" },
    { "the disk did not write after all", CALL_SYNC, EIO, 0, "xooo" },
    { "it did not write the third", CALL_SYNC, ENOSPC, 2, "ooxo" },
    { "it did not write new/", CALL_SYNC, EIO, 4, "xxxx" },
    { "closing tells of a quota", CALL_CLOSE, EDQUOT, 1, "oxoo" },
    { "moving it fails", CALL_RENAME, EACCES, 0, "xooo" },
    { "new/ is gone", CALL_RENAME, ENOENT, 3, "ooox" },
};

static void store_four(struct maildir *d, struct maildir_letter letters[BATCH])
{
    struct maildir_letter *all[BATCH];

    for (size_t i = 0; i < BATCH; i++) {
        letters[i] = letter_of("three words here");
        all[i] = &letters[i];
    }
    cr_assert_eq(maildir_store(d, all, BATCH), (size_t)BATCH);
}

TABLE_TEST(maildir, leaves_nothing_of_a_letter_that_failed, failures)
{
    const struct failure *f = &failures[*number];
    struct maildir_letter letters[BATCH];
    struct maildirs m;
    struct maildir *d;
    unsigned stored = 0;

    maildirs_init(&m);
    disk.at = CALL_COUNT;
    d = open_at(&m, &failing);
    disk.at = f->at;
    disk.after = f->after;
    disk.times = 1;
    disk.with = f->with;
    disk.piece = 6; /* three writes for each letter */
    store_four(d, letters);
    for (size_t i = 0; i < BATCH; i++) {
        int want = f->want[i] == 'x' ? f->with : 0;

        cr_expect_eq(letters[i].failed, want, "%s: letter %zu: %d", f->name, i, letters[i].failed);
        if (letters[i].failed)
            continue;
        stored++;
        expect_text(&m, &letters[i], SPAN("three words here"));
    }
    cr_expect_eq(maildirs_count(&m, MAILDIRS_NEW), stored, "%s", f->name);
    cr_expect_eq(maildirs_count(&m, MAILDIRS_TMP), 0u, "%s", f->name);
    cr_expect(strlen(maildir_words(f->with)) > 5);
    store_four(d, letters); /* and it goes on */
    for (size_t i = 0; i < BATCH; i++)
        cr_expect_eq(letters[i].failed, 0, "%s: later letter %zu", f->name, i);
    maildir_free(d);
    maildirs_remove(&m);
}

Test(maildir, bears_calls_that_are_interrupted_or_do_little)
{
    struct maildirs m;
    struct maildir *d;
    struct maildir_letter letters[BATCH];

    maildirs_init(&m);
    disk.at = CALL_COUNT;
    d = open_at(&m, &failing);
    disk.at = CALL_WRITE;
    disk.after = 2;
    disk.times = 3;
    disk.with = EINTR;
    disk.piece = 1;
    store_four(d, letters);
    for (size_t i = 0; i < BATCH; i++)
        expect_text(&m, &letters[i], SPAN("three words here"));
    cr_expect_eq(disk.begun, (unsigned)BATCH); /* all before the first sync */
    maildir_free(d);
    maildirs_remove(&m);
}

/* With no descriptor left for the third, two are stored, and the rest is tried later. */
Test(maildir, stores_as_many_at_once_as_there_are_descriptors)
{
    struct maildirs m;
    struct maildir *d;
    struct maildir_letter letters[BATCH];
    struct maildir_letter *all[BATCH];

    maildirs_init(&m);
    disk.at = CALL_COUNT;
    d = open_at(&m, &failing);
    for (size_t i = 0; i < BATCH; i++) {
        letters[i] = letter_of("x");
        all[i] = &letters[i];
    }
    disk.at = CALL_OPEN;
    disk.after = 2;
    disk.times = 1;
    disk.with = EMFILE;
    cr_expect_eq(maildir_store(d, all, BATCH), 2u);
    cr_expect_eq(maildir_store(d, all + 2, 2), 2u);
    for (size_t i = 0; i < BATCH; i++)
        cr_expect_eq(letters[i].failed, 0);
    disk.seen = 0;
    disk.after = 0;
    cr_expect_eq(maildir_store(d, all, BATCH), 1u);
    cr_expect_eq(letters[0].failed, EMFILE);
    cr_expect_eq(maildirs_count(&m, MAILDIRS_NEW), (unsigned)BATCH);
    maildir_free(d);
    maildirs_remove(&m);
}

Test(maildir, takes_another_name_when_one_is_taken)
{
    struct maildirs m;
    struct maildir *d;
    struct maildir_letter l = letter_of("x");

    maildirs_init(&m);
    disk.at = CALL_COUNT;
    d = open_at(&m, &failing);
    disk.at = CALL_OPEN;
    disk.times = 3;
    disk.with = EEXIST;
    cr_expect_eq(store(d, &l), 0);
    cr_expect_not_null(strstr(l.name, "Q4."), "%s", l.name);
    expect_text(&m, &l, SPAN("x"));
    disk.seen = 0;
    disk.times = 100;
    cr_expect_eq(store(d, &l), EEXIST);
    maildir_free(d);
    maildirs_remove(&m);
}

/* Where a folder cannot be synced, the system promises no more. */
Test(maildir, bears_a_disk_that_syncs_no_folders)
{
    struct maildirs m;
    struct maildir *d;
    struct maildir_letter l = letter_of("x");

    maildirs_init(&m);
    disk.at = CALL_COUNT;
    d = open_at(&m, &failing);
    disk.at = CALL_SYNC;
    disk.after = 1;
    disk.times = 1;
    disk.with = EINVAL;
    cr_expect_eq(store(d, &l), 0);
    cr_expect_eq(maildirs_count(&m, MAILDIRS_NEW), 1u);
    maildir_free(d);
    maildirs_remove(&m);
}

/* Whoever made the folders may have been cut off before they were on the disk. */
Test(maildir, makes_sure_of_folders_that_are_there_already)
{
    static const char *const names[] = { "the maildir", "its parent" };
    struct maildirs m;
    struct error err;

    maildirs_init(&m);
    maildir_free(open_at(&m, &maildir_real));
    disk.at = CALL_SYNC;
    disk.times = 1;
    disk.with = EIO;
    for (unsigned i = 0; i < ROWS(names); i++) {
        disk.seen = 0;
        disk.after = i;
        cr_expect_null(maildir_open(m.path, &failing, WHEN, &err), "%s", names[i]);
        cr_expect_eq(disk.seen, i + 1, "%s", names[i]);
    }
    disk.seen = 0;
    disk.times = 0;
    maildir_free(open_at(&m, &failing));
    cr_expect_eq(disk.seen, ROWS(names), "and nothing else");
    maildirs_remove(&m);
}

Test(maildir, has_words_for_what_fails)
{
    static const int all[] = { ENOSPC, EDQUOT,  EIO,    EACCES, EPERM, EROFS,
                               ENOENT, ENOTDIR, EMFILE, ENFILE, EFBIG };

    for (size_t i = 0; i < ROWS(all); i++)
        cr_expect_str_neq(maildir_words(all[i]), strerror(all[i]));
    cr_expect_str_eq(maildir_words(ELOOP), strerror(ELOOP));
}
