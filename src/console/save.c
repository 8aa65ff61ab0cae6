/* /save and /record: the record as a script, in a file. Not here: its text (stored/scribe.h). */
#include <errno.h>
#include <unistd.h>

#include "base/mem.h"
#include "console/inner.h"
#include "server/server.h"
#include "stored/scribe.h"

/* The talks as they are now. */
static struct scribe scribe(const struct console *c)
{
    return (struct scribe){ .record = c->config.record,
                            .show_secrets = c->config.show_secrets,
                            .server = c->config.server ? server_name(c->config.server) : NULL,
                            .place = console_lab(c) };
}

static bool put(FILE *f, struct buf *text)
{
    bool ok = !text->len || fwrite(text->at, 1, text->len, f) == text->len;

    buf_clear(text);
    return ok;
}

static bool save(struct console *c, FILE *f)
{
    const struct scribe from = scribe(c);
    struct buf text = { 0 };
    bool ok = true;

    for (unsigned d = 1; ok && d <= record_count(c->config.record); d++) {
        struct scribed at = { 0 };
        bool more = true;

        while (more && ok) {
            more = scribe_talk(&from, d, &at, &text);
            ok = put(f, &text);
        }
    }
    buf_release(&text);
    return (fclose(f) == 0) && ok;
}

bool console_save(struct console *c, const char *path, struct error *err)
{
    FILE *f = file_create(path, err);

    if (!f)
        return false;
    if (save(c, f))
        return true;
    error_set(err, "%s cannot be written: %s", path, strerror(errno));
    unlink(path); /* half a script is none */
    return false;
}

void record_stop(struct console *c)
{
    if (c->recording.file && fclose(c->recording.file) != 0)
        console_complain(c, "%s cannot be written: %s", c->recording.path, strerror(errno));
    mem_free(c->recording.path);
    mem_free(c->recording.at);
    c->recording = (struct recording){ 0 };
}

bool console_record_to(struct console *c, const char *path, struct error *err)
{
    FILE *f = file_create(path, err);

    if (!f)
        return false;
    record_stop(c);
    c->recording.file = f;
    c->recording.path = mem_strdup(path);
    record_turn(c);
    return true;
}

void record_turn(struct console *c)
{
    struct recording *r = &c->recording;
    const struct scribe from = scribe(c);
    unsigned count = record_count(c->config.record);
    struct buf text = { 0 };
    bool ok = true, wrote = false;
    char *path;

    if (!r->file)
        return;
    if (count > r->count) {
        r->at = mem_resize(r->at, count, sizeof(r->at[0]));
        memset(r->at + r->count, 0, (count - r->count) * sizeof(r->at[0]));
        r->count = count;
    }
    for (unsigned d = 1; ok && d <= count; d++) {
        bool more = true;

        while (more && ok) {
            more = scribe_talk(&from, d, &r->at[d - 1], &text);
            wrote = wrote || text.len;
            ok = put(r->file, &text);
        }
    }
    if (!ok || (wrote && fflush(r->file) != 0)) {
        path = mem_strdup(r->path);
        console_complain(c, "%s cannot be written: %s. Nothing more is recorded.", path,
                         strerror(errno));
        console_worsen(c, STATUS_USAGE);
        fclose(r->file);
        r->file = NULL;
        record_stop(c);
        mem_free(path);
    }
    buf_release(&text);
}

static bool named(struct console *c, const char *name, const char *path)
{
    if (*path)
        return true;
    console_complain(c, "/%s needs a file, as in /%s lunch.smtp", name, name);
    console_worsen(c, STATUS_USAGE);
    return false;
}

/* What this session saved may be saved again. Until that is done the old file stays. */
static bool save_again(struct console *c, const char *path, struct error *err)
{
    struct buf beside = { 0 };
    bool ok;

    buf_printf(&beside, "%s.new-%ld", path, (long)getpid());
    ok = console_save(c, buf_text(&beside), err);
    if (ok && rename(buf_text(&beside), path) != 0) {
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
        unlink(buf_text(&beside));
        ok = false;
    }
    buf_release(&beside);
    return ok;
}

void command_save(struct console *c, struct span args)
{
    char *path = file_path(args);
    struct error err = { "" };
    bool again = c->saved_path && strcmp(c->saved_path, path) == 0;

    if (!named(c, "save", path)) {
        mem_free(path);
        return;
    }
    if (!(again ? save_again(c, path, &err) : console_save(c, path, &err))) {
        console_complain(c, "/save: %s", err.text);
        console_worsen(c, STATUS_USAGE);
        mem_free(path);
        return;
    }
    console_say(c, "Saved as a script: %s. /play plays it again.\n", path);
    mem_free(c->saved_path);
    c->saved_path = path;
}

void command_record(struct console *c, struct span args)
{
    char *path = file_path(args);
    struct error err = { "" };

    if (named(c, "record", path)) {
        if (console_record_to(c, path, &err)) {
            console_say(c, "From now on the talk is written to %s as it happens.\n", path);
        } else {
            console_complain(c, "/record: %s", err.text);
            console_worsen(c, STATUS_USAGE);
        }
    }
    mem_free(path);
}
