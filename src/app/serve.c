/* A server by itself, for real clients. Here it is headless, with a log; its screen is
 * serve_screen.c. */
#include <signal.h>
#include <unistd.h>

#include "app/outlet.h"
#include "app/serve_log.h"
#include "app/serve_record.h"
#include "app/serve_screen.h"
#include "app/serving.h"
#include "app/terminal.h"

/* After the last letter that was asked for, its client may still read the 250 and say QUIT. */
#define LEAVE_WAIT (2 * CLOCK_SECOND)
/* At the end a reader of the log may have something left to read. */
#define LOG_WAIT CLOCK_SECOND

struct headless {
    struct serving serving;
    struct outlet *log;
    struct serve_record *talks; /* NULL: not recorded */
    struct watch *interrupted, *terminated, *hung_up, *patience;
    int form;            /* enum choice_log */
    unsigned exit_after; /* letters; 0: never */
    unsigned stored;
    bool leaving; /* all is stored that was asked for: when the clients are gone ... */
    bool over;    /* ... or at once */
};

static void end(void *ctx)
{
    struct headless *h = ctx;

    h->over = true;
}

static void log_event(struct headless *h, const struct server_event *e)
{
    struct buf *line = h->form == LOG_NONE ? NULL : outlet_line(h->log);
    int64_t wall = loop_wall();
    uint64_t lost;

    if (!line)
        return;
    lost = outlet_lost(h->log);
    if (lost)
        serve_log_lost(lost, h->form, wall, line);
    serve_log_event(e, h->form, wall, line);
}

static void happened(void *ctx, const struct server_event *e)
{
    struct headless *h = ctx;

    log_event(h, e);
    if (h->talks)
        serve_record_event(h->talks, e);
    if (e->kind != SERVER_STORED)
        return;
    h->stored++;
    if (h->stored != h->exit_after)
        return;
    h->leaving = true;
    watch_set_timer(h->patience, LEAVE_WAIT);
}

static void changed(void *ctx)
{
    struct headless *h = ctx;

    if (h->talks)
        serve_record_write(h->talks);
}

static void open_log(struct headless *h)
{
    struct loop *loop = h->serving.loop;

    h->log = outlet_new(loop, STDOUT_FILENO);
    h->patience = loop_timer(loop, end, h);
    h->interrupted = loop_watch_signal(loop, SIGINT, end, h);
    h->terminated = loop_watch_signal(loop, SIGTERM, end, h);
    h->hung_up = loop_watch_signal(loop, SIGHUP, end, h);
}

/* The one line that whoever started us waits for: it says where clients can connect. */
static void say_where(struct headless *h)
{
    struct buf *line = outlet_line(h->log);

    buf_add_text(line, "listening ");
    serving_places(&h->serving, line);
    buf_add_octet(line, '\n');
    outlet_turn(h->log);
}

/* The exit status. */
static int serve(struct headless *h)
{
    say_where(h);
    while (!h->over && !outlet_broken(h->log) && loop_once(h->serving.loop)) {
        outlet_turn(h->log);
        h->over |= h->leaving && !server_clients(h->serving.server);
    }
    return outlet_broken(h->log) ? terminal_unwritable(outlet_broken(h->log)) : STATUS_OK;
}

static void say_lost(struct headless *h)
{
    uint64_t lost = h->form == LOG_NONE ? 0 : outlet_lost(h->log);
    struct error said;

    if (!lost)
        return;
    error_set(&said, "%llu lines of the log are lost: nobody read them in time",
              (unsigned long long)lost);
    terminal_complain(said.text);
}

static void close_log(struct headless *h)
{
    if (!h->log)
        return;
    outlet_finish(h->log, LOG_WAIT);
    say_lost(h);
    watch_free(h->interrupted);
    watch_free(h->terminated);
    watch_free(h->hung_up);
    watch_free(h->patience);
    outlet_free(h->log);
}

static bool open_talks(struct headless *h, const char *path)
{
    struct error err;

    if (!path)
        return true;
    h->talks = serve_record_new(path, h->serving.record, &err);
    if (!h->talks)
        terminal_complain(err.text);
    return h->talks != NULL;
}

static int run(const struct options *o)
{
    struct headless h = { .form = o->serve.log ? o->serve.log : LOG_TEXT,
                          .exit_after = o->serve.exit_after };
    struct server_hooks hooks = { .event = happened, .changed = changed, .ctx = &h };
    int status = STATUS_USAGE;

    if (o->serve.example_config)
        return serving_example_config();
    if (o->serve.export_ca)
        return serving_export_ca(o->serve.export_ca);
    if (serve_wants_screen(o))
        return serve_on_screen(o);
    if (serving_open(&h.serving, o, &hooks, false) && open_talks(&h, o->record)) {
        open_log(&h);
        status = serve(&h);
    }
    serving_stop(&h.serving);
    if (!serve_record_free(h.talks) && status == STATUS_OK)
        status = STATUS_USAGE;
    close_log(&h);
    serving_close(&h.serving);
    return status;
}

const struct mode mode_serve = {
    .word = "serve",
    .usage = "serve [--listen ADDR:PORT]",
    .help = "a mail server for clients to test with",
    .more =
        "A mail server by itself, for real clients: it takes their letters, tells what they say, "
        "and never sends anything on. On a terminal it lists sessions and letters on a screen, "
        "where each opens. With --plain, --log or without a terminal, the first line on standard "
        "output is \"listening ADDR:PORT\", as soon as clients can connect; after it comes the "
        "log, one line for each thing that happens, with --log json one JSON object a line. A "
        "reader who is too slow for the log loses lines, and is told how many; clients never wait "
        "for it. --record writes the talks to a file as they go on. SIGTERM and SIGINT end the "
        "server with status 0, after what was acknowledged is stored.",
    .bit = IN_SERVE,
    .run = run,
};
