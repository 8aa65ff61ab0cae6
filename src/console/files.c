/* Files that a person names: their paths, their content, their completion. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "console/inner.h"

/* Scripts are read whole. A larger one is a mistake, or a letter, which /send sends. */
#define FILE_READ_MAX ((size_t)64 * 1024 * 1024)
/* More candidates than a screen shows. */
#define FILES_OFFERED 64

char *file_path(struct span typed)
{
    const char *home = getenv("HOME");
    struct buf path = { 0 };

    typed = span_trim(typed);
    if (home && span_starts(typed, SPAN("~/"))) {
        buf_add_text(&path, home);
        typed = span_from(typed, 1);
    }
    buf_add(&path, typed);
    buf_add_octet(&path, '\0');
    return buf_detach(&path);
}

/* A pipe or a terminal would keep the whole program waiting: even to open one may block. */
FILE *file_open(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat about = { 0 };
    FILE *f = NULL;

    if (fd < 0 || fstat(fd, &about) != 0)
        error_set(err, "%s cannot be opened: %s", path, strerror(errno));
    else if (!S_ISREG(about.st_mode))
        error_set(err, "%s is not an ordinary file", path);
    else
        f = fdopen(fd, "rb");
    if (!f && fd >= 0)
        close(fd);
    return f;
}

FILE *file_create(const char *path, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, 0600);
    FILE *f = fd >= 0 ? fdopen(fd, "wb") : NULL;

    if (fd < 0 && errno == EEXIST)
        error_set(err, "there is a file %s already. Please choose another name", path);
    else if (!f)
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
    if (!f && fd >= 0)
        close(fd);
    return f;
}

static bool read_all(FILE *f, struct buf *out, const char *path, struct error *err)
{
    unsigned char part[16384];
    size_t got;

    while ((got = fread(part, 1, sizeof(part), f)) > 0) {
        buf_add(out, span_make(part, got));
        if (out->len > FILE_READ_MAX) {
            error_set(err, "%s is larger than 64 MiB", path);
            return false;
        }
    }
    if (ferror(f)) {
        error_set(err, "%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    return true;
}

char *file_read(const char *path, size_t *len, struct error *err)
{
    struct buf all = { 0 };
    FILE *f = file_open(path, err);
    bool ok;

    if (!f)
        return NULL;
    ok = read_all(f, &all, path, err);
    fclose(f);
    if (!ok) {
        buf_release(&all);
        return NULL;
    }
    *len = all.len;
    return all.len ? buf_detach(&all) : mem_strdup("");
}

static void offer_entry(const char *folder, size_t folder_len, const char *name, complete_fn *fn,
                        void *ctx)
{
    struct buf typed = { 0 };
    struct stat about;
    char *real;

    buf_add(&typed, span_make(folder, folder_len));
    buf_add_text(&typed, name);
    real = file_path(buf_span(&typed));
    if (stat(real, &about) == 0 && S_ISDIR(about.st_mode))
        buf_add_octet(&typed, '/');
    fn(ctx, buf_text(&typed), buf_text(&typed) + folder_len);
    mem_free(real);
    buf_release(&typed);
}

void complete_files(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    const char *slash = strrchr(arg, '/');
    size_t folder_len = slash ? (size_t)(slash - arg) + 1 : 0, count = 0;
    struct span start = span_from(span_of(arg), folder_len);
    char *folder = file_path(span_make(arg, folder_len));
    DIR *dir = opendir(folder_len ? folder : ".");
    struct dirent *entry;

    (void)c;
    while (dir && count < FILES_OFFERED && (entry = readdir(dir))) {
        struct span name = span_of(entry->d_name);

        if (!span_starts(name, start) || (entry->d_name[0] == '.' && !start.len) ||
            !utf8_valid(name))
            continue;
        offer_entry(arg, folder_len, entry->d_name, fn, ctx);
        count++;
    }
    if (dir)
        closedir(dir);
    mem_free(folder);
}
