#include "app/serve_record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/file.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "stored/scribe.h"

struct serve_record {
    struct scribe from;
    char *path; /* owned */
    int fd;
    bool failed;
};

struct serve_record *serve_record_new(const char *path, const struct record *r, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, 0600);
    struct serve_record *s;

    if (fd < 0 && errno == EEXIST)
        error_set(err, "there is a file %s already. Please choose another name", path);
    else if (fd < 0)
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
    if (fd < 0)
        return NULL;
    s = mem_zero(1, sizeof *s);
    *s = (struct serve_record){ .from = { .record = r }, .path = mem_strdup(path), .fd = fd };
    return s;
}

static void fail(struct serve_record *s)
{
    struct error said;

    error_set(&said, "%s cannot be written: %s. Nothing more is recorded", s->path,
              strerror(errno));
    terminal_complain(said.text);
    s->failed = true;
}

/* False: errno. */
static bool write_talk(struct serve_record *s, unsigned d)
{
    struct scribed at = { 0 };
    struct buf text = { 0 };
    bool more = true, good = true;

    while (more && good) {
        more = scribe_talk(&s->from, d, &at, &text);
        good = file_write_all(s->fd, buf_span(&text));
        buf_clear(&text);
    }
    buf_release(&text);
    return good;
}

void serve_record_talk(struct serve_record *s, unsigned d)
{
    if (!s->failed && !write_talk(s, d))
        fail(s);
}

bool serve_record_free(struct serve_record *s)
{
    bool good;

    if (!s)
        return true;
    if (close(s->fd) != 0 && !s->failed)
        fail(s);
    good = !s->failed;
    mem_free(s->path);
    mem_free(s);
    return good;
}

bool serve_record_save(const char *path, const struct record *r, unsigned d, struct error *err)
{
    struct serve_record *s = serve_record_new(path, r, err);
    unsigned last = d ? d : record_count(r);
    bool good = s != NULL;

    if (!s)
        return false;
    for (d = d ? d : 1; good && d <= last; d++)
        good = write_talk(s, d);
    good = close(s->fd) == 0 && good;
    if (!good) {
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
        unlink(path); /* half a script is none */
    }
    mem_free(s->path);
    mem_free(s);
    return good;
}
