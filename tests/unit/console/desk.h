/*
 * A console at its desk, for the tests of this room: loop, record, the lab's server or a listener
 * that says what a test wants, and hooks that remember what they were told.
 */
#ifndef TESTS_CONSOLE_DESK_H
#define TESTS_CONSOLE_DESK_H
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "console/console.h"
#include "engine/policy.h"
#include "net/stream.h"
#include "server/server.h"
#include "support/table.h"
#include "support/turn.h"

struct desk {
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct console *console;
    struct buf said, complained, opened, found;
    enum console_pane pane;
    bool found_backwards, quit;
    int status;
    unsigned changes;
    /* a server of the test's own */
    struct listener *listener;
    struct stream *peer;
    struct buf heard, reads; /* reads: the same, "|" behind what came at once */
    bool peer_gone;
};

static inline void desk_changed(void *ctx)
{
    ((struct desk *)ctx)->changes++;
}

static inline void desk_say(void *ctx, const struct styled *text)
{
    struct desk *d = ctx;

    cr_assert(text->text.len && text->text.at[text->text.len - 1] == '\n', "whole lines");
    buf_add(&d->said, buf_span(&text->text));
}

static inline void desk_complain(void *ctx, const char *text)
{
    struct desk *d = ctx;

    buf_printf(&d->complained, "%s\n", text);
}

static inline void desk_open(void *ctx, enum console_pane pane, const struct styled *text)
{
    struct desk *d = ctx;

    d->pane = pane;
    buf_clear(&d->opened);
    buf_add(&d->opened, buf_span(&text->text));
}

static inline void desk_find(void *ctx, struct span needle, bool backwards)
{
    struct desk *d = ctx;

    buf_clear(&d->found);
    buf_add(&d->found, needle);
    d->found_backwards = backwards;
}

static inline void desk_quit(void *ctx, int status)
{
    struct desk *d = ctx;

    cr_assert_not(d->quit, "quit is told once");
    d->quit = true;
    d->status = status;
}

static inline void desk_peer_octets(void *ctx, struct span octets)
{
    struct desk *d = ctx;

    buf_add(&d->heard, octets);
    buf_add(&d->reads, octets);
    buf_add_octet(&d->reads, '|');
}

static inline void desk_peer_event(void *ctx, enum stream_event e, const char *detail)
{
    (void)detail;
    if (e == STREAM_CLOSED || e == STREAM_RESET)
        ((struct desk *)ctx)->peer_gone = true;
}

static inline void desk_accepted(void *ctx, int fd)
{
    struct desk *d = ctx;
    struct stream_hooks hooks = { desk_peer_octets, desk_peer_event, d };

    stream_free(d->peer);
    d->peer_gone = false;
    d->peer = stream_accepted(d->loop, fd, &hooks);
}

/* Options of a desk. */
enum { DESK_LAB = 1, DESK_PIPE = 2, DESK_LISTENER = 4, DESK_SHORT_TIME = 8, DESK_BARE_NAME = 16 };

static inline struct console *desk_console(void *ctx)
{
    return ((struct desk *)ctx)->console;
}

static inline unsigned desk_dialogue_of(void *ctx, unsigned port)
{
    return desk_console(ctx) ? console_dialogue_of(desk_console(ctx), port) : 0;
}

/* `more`: what concerns encryption and logins is taken from it; NULL: none. */
static inline void desk_start_as(struct desk *d, unsigned options,
                                 const struct console_config *more)
{
    struct console_hooks hooks = { .changed = desk_changed,
                                   .say = desk_say,
                                   .complain = desk_complain,
                                   .open = desk_open,
                                   .find = desk_find,
                                   .quit = desk_quit,
                                   .ctx = d };
    struct server_hooks server_hooks = { .dialogue_of = desk_dialogue_of, .ctx = d };
    struct server_options server_options = { .policy = &policy_lab };
    struct console_config config = { .helo_name = "crepes.fr",
                                     .keep_step = (options & DESK_PIPE) != 0,
                                     .timeout =
                                         options & DESK_SHORT_TIME ? 100000 : 5 * CLOCK_SECOND };
    struct error err = { "" };

    if (more) {
        config.tls_first = more->tls_first;
        config.starttls = more->starttls;
        config.insecure = more->insecure;
        config.ca_file = more->ca_file;
        config.alone = more->alone;
        config.lmtp = more->lmtp;
        config.auth = more->auth;
        config.secret = more->secret;
    }
    if (options & DESK_BARE_NAME) {
        config.helo_name = "vm";
        config.name_guessed = true;
    }
    *d = (struct desk){ .loop = loop_new(NULL), .record = record_new(NULL) };
    if (options & DESK_LAB) {
        server_options.loop = d->loop;
        server_options.record = d->record;
        d->server = server_new(&server_options, &server_hooks, &err);
        cr_assert_not_null(d->server, "%s", err.text);
    }
    if (options & DESK_LISTENER) {
        d->listener = listener_new(d->loop, "127.0.0.1", 0, desk_accepted, d, &err);
        cr_assert_not_null(d->listener, "%s", err.text);
    }
    config.loop = d->loop;
    config.record = d->record;
    config.server = d->server;
    config.notes.lab = d->server != NULL;
    d->console = console_new(&config, &hooks);
}

static inline void desk_start(struct desk *d, unsigned options)
{
    desk_start_as(d, options, NULL);
}

static inline void desk_end(struct desk *d)
{
    console_free(d->console);
    d->console = NULL;
    server_free(d->server);
    stream_free(d->peer);
    listener_free(d->listener);
    record_free(d->record);
    loop_free(d->loop);
    buf_release(&d->said);
    buf_release(&d->complained);
    buf_release(&d->opened);
    buf_release(&d->found);
    buf_release(&d->heard);
    buf_release(&d->reads);
}

static inline const struct observer *desk_now(const struct desk *d)
{
    return record_now(d->record, console_dialogue(d->console));
}

/* All that was sent is answered. */
static inline bool desk_quiet(const struct desk *d)
{
    return console_dialogue(d->console) && !console_queued(d->console) &&
           (desk_now(d)->over || (desk_now(d)->greeted && !observer_outstanding(desk_now(d))));
}

static inline void desk_settle(struct desk *d)
{
    cr_assert(TURN_UNTIL(d->loop, desk_quiet(d)));
}

/* Types a line, and waits for what it brings. */
static inline void desk_type(struct desk *d, const char *line)
{
    console_enter(d->console, span_of(line));
    if (console_dialogue(d->console) && console_prompt(d->console) != PROMPT_LETTER)
        desk_settle(d);
}

/* The lab, connected and greeted. */
static inline void desk_lab(struct desk *d)
{
    desk_start(d, DESK_LAB);
    console_connect_lab(d->console);
    desk_settle(d);
}

/* The test's own server, connected; it has said `greeting`. */
static inline void desk_peer(struct desk *d, unsigned options, const char *greeting)
{
    desk_start(d, options | DESK_LISTENER);
    console_connect(d->console, "127.0.0.1", listener_port(d->listener));
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    stream_write(d->peer, span_of(greeting));
}

/* The dialogue `n` as text, "C: " and "S: " before each line. */
static inline const char *desk_talk(struct desk *d, unsigned n, struct buf *out)
{
    buf_clear(out);
    for (uint32_t i = 1; i <= record_lines(d->record, n); i++) {
        struct record_line line;

        record_line(d->record, n, i, RECORD_SECRETS, &line);
        buf_add_text(out, line.side == SIDE_CLIENT ? "C: " : "S: ");
        buf_add(out, line.line.head);
        buf_add_octet(out, '\n');
    }
    return buf_text(out);
}

static inline bool desk_has(const struct buf *text, const char *part)
{
    return strstr(buf_text(text), part) != NULL;
}

/* A file of its own for a test; the path is freed by the caller, who also unlinks it. */
static inline char *desk_file(const char *content, size_t len)
{
    char *path = mem_strdup("/tmp/smtpscope-console-XXXXXX");
    int fd = mkstemp(path);

    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, content, len), (ssize_t)len);
    close(fd);
    return path;
}

/* A path where no file is yet. */
static inline char *desk_new_file(void)
{
    char *path = desk_file("", 0);

    unlink(path);
    return path;
}

#endif
