#include "app/serve_record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/file.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "stored/scribe.h"

/* A talk that goes on. */
struct open_talk {
    unsigned d;
    bool grown; /* since it was written */
    struct scribed at;
};
struct serve_record {
    struct scribe from;
    char *path;             /* owned */
    struct open_talk *open; /* owned; as many as there are clients */
    size_t count, room;
    int64_t time; /* of the last line written: pauses are between lines of the file */
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

/* What is new in talk d. The file is new, and so no pipe: nobody can keep us waiting but the disk.
 * False: errno. */
static bool write_talk(struct serve_record *s, unsigned d, struct scribed *at)
{
    struct buf text = { 0 };
    bool more = true, good = true;

    if (at->time)
        at->time = s->time;
    while (more && good) {
        more = scribe_talk(&s->from, d, at, &text);
        good = file_write_all(s->fd, buf_span(&text));
        buf_clear(&text);
    }
    buf_release(&text);
    if (at->time > s->time)
        s->time = at->time;
    return good;
}

static struct open_talk *talk_of(struct serve_record *s, unsigned d)
{
    struct open_talk *t;

    for (size_t i = 0; i < s->count; i++)
        if (s->open[i].d == d)
            return &s->open[i];
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 16;
        s->open = mem_resize(s->open, s->room, sizeof s->open[0]);
    }
    t = &s->open[s->count++];
    *t = (struct open_talk){ .d = d };
    return t;
}

static void write_grown(struct serve_record *s, struct open_talk *t)
{
    t->grown = false;
    if (!s->failed && !write_talk(s, t->d, &t->at))
        fail(s);
}

void serve_record_write(struct serve_record *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->open[i].grown)
            write_grown(s, &s->open[i]);
}

void serve_record_event(struct serve_record *s, const struct server_event *e)
{
    struct open_talk *t;

    if (!e->dialogue || (e->kind != SERVER_REPLIED && e->kind != SERVER_CLOSED))
        return;
    t = talk_of(s, e->dialogue);
    t->grown = true;
    if (e->kind == SERVER_REPLIED)
        return;
    write_grown(s, t);
    *t = s->open[--s->count];
}

bool serve_record_free(struct serve_record *s)
{
    bool good;

    if (!s)
        return true;
    if (close(s->fd) != 0 && !s->failed)
        fail(s);
    good = !s->failed;
    mem_free(s->open);
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
    for (d = d ? d : 1; good && d <= last; d++) {
        struct scribed at = { 0 };

        good = write_talk(s, d, &at);
    }
    good = close(s->fd) == 0 && good;
    if (!good) {
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
        unlink(path); /* half a script is none */
    }
    mem_free(s->path);
    mem_free(s);
    return good;
}
