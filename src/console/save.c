/*
 * /save and /record: the record as a script (stored/script.h) that replays. Secrets become
 * ${secret}. Not here: how a line looks in a script.
 */
#include <errno.h>
#include <unistd.h>

#include "base/mem.h"
#include "console/inner.h"
#include "server/server.h"
#include "stored/script.h"

#define SECRET "${secret}"
/* Shorter gaps are the network's, and a replay has its own. */
#define PAUSE_MIN ((int64_t)1000)

/* The octets of line n, a secret in it replaced by its name. */
static void line_octets(const struct console *c, unsigned d, uint32_t n, struct buf *out)
{
    struct record_line line;
    struct observed seen;
    size_t at;

    record_line(c->config.record, d, n, 0, &line);
    if (!line.masked || c->config.show_secrets) {
        record_line_octets(c->config.record, d, n, c->config.show_secrets ? RECORD_SECRETS : 0,
                           out);
        return;
    }
    record_observed(c->config.record, d, n, &seen);
    at = (size_t)(seen.secret.at - seen.line.head.at);
    buf_add(out, span_first(seen.line.head, at));
    buf_add_text(out, SECRET);
    buf_add(out, span_from(seen.line.head, at + seen.secret.len));
    buf_add_text(out, seen.line.end == LINE_CRLF ? "\r\n" : seen.line.end == LINE_LF ? "\n" : "");
}

static void number(unsigned d, struct buf *out)
{
    if (d > 1)
        buf_printf(out, "#%u ", d);
}

static void write_line(const struct console *c, unsigned d, uint32_t n, struct recorded *at,
                       struct buf *out)
{
    struct record_line line;
    struct buf octets = { 0 };
    struct buf words = { 0 };

    record_line(c->config.record, d, n, 0, &line);
    if (at->time && line.time - at->time >= PAUSE_MIN)
        script_write_pause(out, line.time - at->time);
    at->time = line.time;
    if (line.gap) {
        buf_printf(&words, "%llu octets of the letter are no longer kept",
                   (unsigned long long)line.line.len);
        script_write_remark(out, buf_span(&words));
    } else {
        line_octets(c, d, n, &octets);
        number(d, out);
        script_write_line(out, line.side == SIDE_CLIENT, buf_span(&octets));
    }
    buf_release(&words);
    buf_release(&octets);
}

/* What ended a talk is a remark: it is not replayed, but it is worth knowing. */
static void write_events(const struct console *c, unsigned d, uint32_t line, struct recorded *at,
                         struct buf *out)
{
    for (; at->event < record_events(c->config.record, d); at->event++) {
        struct record_event e;
        struct buf words = { 0 };

        record_event_get(c->config.record, d, at->event, &e);
        if (e.after > line)
            return;
        if (!talk_event_ends(e.event))
            continue;
        buf_printf(&words, "talk %u: %s", d, talk_event_text(e.event));
        script_write_remark(out, buf_span(&words));
        buf_release(&words);
    }
}

/* Text goes out in parts of about this, so that a large record is never held twice. */
#define PART ((size_t)64 * 1024)

/* Appends one part of what is new. True: there is more. */
static bool write_talk(const struct console *c, unsigned d, struct recorded *at, struct buf *out)
{
    struct buf words = { 0 };

    if (at->line == 0 && at->event == 0 && at->time == 0 &&
        (record_lines(c->config.record, d) || record_events(c->config.record, d))) {
        buf_printf(&words, "talk %u with %s", d, record_server(c->config.record, d));
        if (c->config.server &&
            strcmp(record_server(c->config.record, d), server_name(c->config.server)) == 0)
            buf_printf(&words, ", at %s", console_lab(c));
        script_write_remark(out, buf_span(&words));
        buf_release(&words);
    }
    write_events(c, d, at->line, at, out);
    while (at->line < record_lines(c->config.record, d) && out->len < PART) {
        write_line(c, d, ++at->line, at, out);
        write_events(c, d, at->line, at, out);
    }
    return at->line < record_lines(c->config.record, d);
}

static bool put(FILE *f, struct buf *text)
{
    bool ok = !text->len || fwrite(text->at, 1, text->len, f) == text->len;

    buf_clear(text);
    return ok;
}

static bool save(struct console *c, FILE *f)
{
    struct buf text = { 0 };
    bool ok = true;

    for (unsigned d = 1; ok && d <= record_count(c->config.record); d++) {
        struct recorded at = { 0 };
        bool more = true;

        while (more && ok) {
            more = write_talk(c, d, &at, &text);
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
            more = write_talk(c, d, &r->at[d - 1], &text);
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
