/*
 * A maildir for one test, looked at as a mail reader would.
 */
#ifndef TESTS_MAILDIRS_H
#define TESTS_MAILDIRS_H
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

struct maildirs {
    char root[64];     /* a folder of its own */
    char path[80];     /* root/mail: the maildir, not there yet */
    char inner[3][96]; /* its tmp, new, cur */
};
enum maildirs_inner { MAILDIRS_TMP, MAILDIRS_NEW, MAILDIRS_CUR };

static inline void maildirs_init(struct maildirs *m)
{
    static const char *const names[] = { "tmp", "new", "cur" };

    snprintf(m->root, sizeof m->root, "/tmp/smtpscope-maildir-XXXXXX");
    cr_assert_not_null(mkdtemp(m->root));
    snprintf(m->path, sizeof m->path, "%s/mail", m->root);
    for (int i = 0; i < 3; i++)
        snprintf(m->inner[i], sizeof m->inner[i], "%s/%s", m->path, names[i]);
}

/* Calls look() for each file of a folder; returns how many there are. 0: or no folder. */
static inline unsigned maildirs_each(const char *folder, void (*look)(void *ctx, const char *path),
                                     void *ctx)
{
    DIR *d = opendir(folder);
    unsigned count = 0;
    struct dirent *e;
    char path[1024];

    if (!d)
        return 0;
    while ((e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        count++;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (look)
            look(ctx, path);
    }
    closedir(d);
    return count;
}

static inline unsigned maildirs_count(const struct maildirs *m, enum maildirs_inner which)
{
    return maildirs_each(m->inner[which], NULL, NULL);
}

static inline void maildirs_unlink(void *ctx, const char *path)
{
    (void)ctx;
    unlink(path);
}

/* Removes the maildir; what is put in its place stays. */
static inline void maildirs_wipe(const struct maildirs *m)
{
    for (int i = 0; i < 3; i++) {
        maildirs_each(m->inner[i], maildirs_unlink, NULL);
        rmdir(m->inner[i]);
    }
    rmdir(m->path);
}

static inline void maildirs_remove(const struct maildirs *m)
{
    maildirs_wipe(m);
    unlink(m->path);
    cr_expect_eq(rmdir(m->root), 0, "%s is not empty", m->root);
}

static inline struct buf maildirs_read(const char *path)
{
    struct buf text = { 0 };
    FILE *f = fopen(path, "rb");
    unsigned char block[65536];
    size_t got;

    cr_assert_not_null(f, "%s", path);
    while ((got = fread(block, 1, sizeof block, f)) > 0)
        buf_add(&text, span_make(block, got));
    fclose(f);
    return text;
}

#endif
