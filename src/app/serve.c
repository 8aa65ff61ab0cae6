/* A server by itself, for real clients: headless, with a log. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/outlet.h"
#include "app/serve_log.h"
#include "app/serve_setup.h"
#include "app/terminal.h"

/* After the last letter that was asked for, its client may still read the 250 and say QUIT. */
#define LEAVE_WAIT (2 * CLOCK_SECOND)
/* At the end a reader of the log may have something left to read. */
#define LOG_WAIT CLOCK_SECOND

struct serve {
    const struct options *options;
    struct serve_setup setup;
    struct loop *loop;
    struct record *record;
    struct server *servers[OPTION_LIST_MAX]; /* one for each place */
    size_t server_count;
    struct outlet *log;
    struct watch *interrupted, *terminated, *hung_up, *patience;
    int form;        /* enum choice_log */
    unsigned stored; /* letters */
    bool leaving;    /* all is stored that was asked for: when the clients are gone ... */
    bool over;       /* ... or at once */
};

static bool failed(const struct error *err)
{
    terminal_complain(err->text);
    return false;
}

static void end(void *ctx)
{
    struct serve *s = ctx;

    s->over = true;
}

static void leave_when_idle(struct serve *s)
{
    if (s->leaving)
        return;
    s->leaving = true;
    watch_set_timer(s->patience, LEAVE_WAIT);
}

static void log_event(struct serve *s, const struct server_event *e)
{
    struct buf *line = s->form == LOG_NONE ? NULL : outlet_line(s->log);
    int64_t wall = loop_wall();
    uint64_t lost;

    if (!line)
        return;
    lost = outlet_lost(s->log);
    if (lost)
        serve_log_lost(lost, s->form, wall, line);
    serve_log_event(e, s->form, wall, line);
}

static void happened(void *ctx, const struct server_event *e)
{
    struct serve *s = ctx;

    log_event(s, e);
    if (e->kind != SERVER_STORED)
        return;
    s->stored++;
    if (s->stored == s->options->serve.exit_after)
        leave_when_idle(s);
}

static bool open_place(struct serve *s, const struct serve_place *place, struct error *err)
{
    struct server_hooks hooks = { .event = happened, .ctx = s };
    struct server_options o = { .loop = s->loop,
                                .record = s->record,
                                .policy = &s->setup.policy,
                                .address = place->host,
                                .port = place->port,
                                .rolling = true,
                                .timeouts = true,
                                .forget_ended = true };
    struct server *server = server_new(&o, &hooks, err);

    if (!server)
        return false;
    s->servers[s->server_count++] = server;
    return true;
}

/* Loopback is safe for everybody; anything else is the person's choice, and she should know. */
static void warn_of(const struct serve_place *place)
{
    struct error said;

    if (serve_place_is_private(place))
        return;
    error_set(&said,
              "warning: other machines can reach %s. Whoever does can hand in letters; none of "
              "them is ever sent on",
              place->host);
    terminal_complain(said.text);
}

static bool open_all(struct serve *s)
{
    struct error err;

    s->loop = loop_new(&err);
    if (!s->loop)
        return failed(&err);
    s->record = record_new(NULL);
    s->log = outlet_new(s->loop, STDOUT_FILENO);
    s->patience = loop_timer(s->loop, end, s);
    for (size_t i = 0; i < s->setup.place_count; i++) {
        if (!open_place(s, &s->setup.places[i], &err))
            return failed(&err);
        warn_of(&s->setup.places[i]);
    }
    s->interrupted = loop_watch_signal(s->loop, SIGINT, end, s);
    s->terminated = loop_watch_signal(s->loop, SIGTERM, end, s);
    s->hung_up = loop_watch_signal(s->loop, SIGHUP, end, s);
    return true;
}

/* The one line that whoever started us waits for: it says where clients can connect. */
static void say_where(const struct serve *s, struct buf *out)
{
    buf_add_text(out, "listening");
    for (size_t i = 0; i < s->server_count; i++) {
        const char *host = s->setup.places[i].host;
        bool v6 = strchr(host, ':') != NULL;

        if (span_eq_nocase(span_of(host), SPAN("localhost")))
            host = "127.0.0.1";
        buf_printf(out, "%s %s%s%s:%u", i ? " and" : "", v6 ? "[" : "", host, v6 ? "]" : "",
                   server_port(s->servers[i]));
    }
    buf_add_octet(out, '\n');
}

static size_t clients(const struct serve *s)
{
    size_t count = 0;

    for (size_t i = 0; i < s->server_count; i++)
        count += server_clients(s->servers[i]);
    return count;
}

/* The exit status. */
static int serve(struct serve *s)
{
    struct buf *first = outlet_line(s->log);
    int status = STATUS_OK;

    say_where(s, first);
    outlet_turn(s->log);
    while (!s->over && !outlet_broken(s->log) && loop_once(s->loop)) {
        outlet_turn(s->log);
        s->over |= s->leaving && !clients(s);
    }
    if (outlet_broken(s->log))
        status = terminal_unwritable(outlet_broken(s->log));
    return status;
}

static void say_lost(struct serve *s)
{
    uint64_t lost = s->form == LOG_NONE ? 0 : outlet_lost(s->log);
    struct error said;

    if (!lost)
        return;
    error_set(&said, "%llu lines of the log are lost: nobody read them in time",
              (unsigned long long)lost);
    terminal_complain(said.text);
}

static void take_down(struct serve *s)
{
    for (size_t i = 0; i < s->server_count; i++)
        server_free(s->servers[i]);
    if (s->log) {
        outlet_finish(s->log, LOG_WAIT);
        say_lost(s);
    }
    watch_free(s->interrupted);
    watch_free(s->terminated);
    watch_free(s->hung_up);
    watch_free(s->patience);
    outlet_free(s->log);
    record_free(s->record);
    loop_free(s->loop);
}

static int run(const struct options *o)
{
    struct serve s = { .options = o, .form = o->serve.log ? o->serve.log : LOG_TEXT };
    int status = STATUS_USAGE;
    struct error err;

    if (!serve_setup_read(o, &s.setup, &err)) {
        failed(&err);
        return STATUS_USAGE;
    }
    if (open_all(&s))
        status = serve(&s);
    take_down(&s);
    return status;
}

const struct mode mode_serve = {
    .word = "serve",
    .usage = "serve [--listen ADDR:PORT]",
    .help = "a mail server for clients to test with",
    .more =
        "A mail server by itself, for real clients: it takes their letters, tells what they say, "
        "and never sends anything on. The first line on standard output is \"listening "
        "ADDR:PORT\", as soon as clients can connect; after it comes the log, one line for each "
        "thing that happens, with --log json one JSON object a line. A reader who is too slow for "
        "the log loses lines, and is told how many; clients never wait for it. SIGTERM and SIGINT "
        "end it with status 0, after what was acknowledged is stored.",
    .bit = IN_SERVE,
    .run = run,
};
