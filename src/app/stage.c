#include "app/stage.h"

#include <stdio.h>
#include <unistd.h>

#include "app/machine.h"
#include "app/plain.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "net/stream.h"
#include "server/server.h"
#include "view/plain.h"

/* Seconds, unless --timeout says otherwise. Busy servers let a new client wait for half a minute;
 * the standard's five (RFC 5321 4.5.3.2) are for machines, that have more patience. */
#define TIMEOUT_DEFAULT 60
/* What the textbook's client is called. */
#define LAB_CLIENT "crepes.fr"

struct stage {
    const struct stage_plan *plan;
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct plain_front *plain;
    struct console *console;
    char name[256]; /* HELO's */
    struct notes_style notes;
};

static bool failed(const struct error *err)
{
    terminal_complain(err->text);
    return false;
}

static unsigned dialogue_of(void *ctx, unsigned client_port)
{
    struct stage *s = ctx;

    return s->console ? console_dialogue_of(s->console, client_port) : 0;
}

static void server_changed(void *ctx)
{
    (void)ctx; /* every front end looks at the record in each turn */
}

static bool open_world(struct stage *s)
{
    struct server_hooks hooks = { dialogue_of, server_changed, s };
    struct error err;

    s->loop = loop_new(&err);
    if (!s->loop)
        return failed(&err);
    s->record = record_new(NULL);
    if (s->plan->host)
        return true;
    s->server = server_new(s->loop, s->record, &policy_lab, "127.0.0.1", 0, &hooks, &err);
    return s->server || failed(&err);
}

static void open_plain(struct stage *s)
{
    const struct options *o = s->plan->options;
    bool typed = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    struct plain_front_options options = { .loop = s->loop,
                                           .record = s->record,
                                           .input = s->plan->script ? PLAIN_NO_INPUT
                                                    : typed         ? PLAIN_TYPED
                                                                    : PLAIN_PIPED,
                                           .flags = PLAIN_ALL | (s->server ? 0u : PLAIN_TIMES) |
                                                    (o->ascii ? PLAIN_ASCII : 0u) |
                                                    (o->show_secrets ? PLAIN_SECRETS : 0u),
                                           .color = terminal_color(o, STDOUT_FILENO) };

    s->plain = plain_front_new(&options);
}

static void open_console(struct stage *s)
{
    const struct options *o = s->plan->options;
    struct console_hooks hooks = plain_front_hooks(s->plain);
    struct console_config config = { .loop = s->loop,
                                     .record = s->record,
                                     .server = s->server,
                                     .notes = s->notes,
                                     .helo_name = s->name,
                                     .timeout =
                                         (o->timeout ? o->timeout : TIMEOUT_DEFAULT) * CLOCK_SECOND,
                                     .family = o->only_v4   ? STREAM_V4
                                               : o->only_v6 ? STREAM_V6
                                                            : STREAM_ANY,
                                     .keep_step = true,
                                     .show_secrets = o->show_secrets };

    s->console = console_new(&config, &hooks);
    plain_front_set_console(s->plain, s->console);
}

static bool begin(struct stage *s)
{
    const struct stage_plan *plan = s->plan;
    struct error err;

    if (plan->options->record && !console_record_to(s->console, plan->options->record, &err))
        return failed(&err);
    if (plan->host)
        console_connect(s->console, plan->host, plan->port);
    else
        console_connect_lab(s->console);
    if (plan->script)
        console_play(s->console, plan->script, plan->script_len, plan->options->pace == PACE_REAL,
                     true);
    return true;
}

static void choose_words(struct stage *s)
{
    const struct options *o = s->plan->options;
    bool lab = !s->plan->host;

    s->notes = (struct notes_style){ .level = o->level == LEVEL_LEARNER ||
                                                      (o->level == LEVEL_BY_MODE && lab)
                                                  ? NOTES_LEARNER
                                                  : NOTES_ADMIN,
                                     .sources = o->sources,
                                     .lab = lab };
    if (o->name)
        snprintf(s->name, sizeof s->name, "%s", o->name);
    else if (lab)
        snprintf(s->name, sizeof s->name, "%s", LAB_CLIENT);
    else
        machine_name(s->name);
}

/* In order: what others lean on goes last. */
static void take_down(struct stage *s)
{
    console_free(s->console);
    plain_front_free(s->plain);
    server_free(s->server);
    record_free(s->record);
    loop_free(s->loop);
}

int stage_run(const struct stage_plan *plan)
{
    struct stage s = { .plan = plan };
    int status = STATUS_USAGE;

    terminal_set_up();
    choose_words(&s);
    if (open_world(&s)) {
        open_plain(&s);
        open_console(&s);
        if (begin(&s))
            status = plain_front_run(s.plain);
    }
    take_down(&s);
    return status;
}
