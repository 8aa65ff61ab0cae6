#include "app/stage.h"

#include <stdio.h>
#include <unistd.h>

#include "app/folder.h"
#include "app/lab_server.h"
#include "app/leave.h"
#include "app/machine.h"
#include "app/plain.h"
#include "app/secret.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/stream.h"
#include "tui/tui.h"
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
    struct lab_server lab;
    struct plain_front *plain;
    struct tui *tui; /* one of these two */
    struct console *console;
    char name[256]; /* HELO's */
    struct notes_style notes;
    char *script;      /* owned until it is played */
    struct buf secret; /* the password */
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
    struct server_hooks hooks = { .dialogue_of = dialogue_of, .changed = server_changed, .ctx = s };
    struct error err;

    s->loop = loop_new(&err);
    if (!s->loop)
        return failed(&err);
    s->record = record_new(NULL);
    if (s->plan->host)
        return true;
    return lab_server_open(&s->lab, s->loop, s->record, s->plan->options, &hooks, &err) ||
           failed(&err);
}

/* The full screen where the terminal bears it, and nothing asks for less. */
static bool wants_screen(const struct stage *s)
{
    const char *why = "";
    struct error said;

    if (s->plan->options->plain || s->plan->script || !isatty(STDIN_FILENO) ||
        !isatty(STDOUT_FILENO))
        return false;
    if (tui_possible(&why))
        return true;
    error_set(&said, "%s; using --plain", why);
    terminal_complain(said.text);
    return false;
}

static bool open_screen(struct stage *s)
{
    const struct options *o = s->plan->options;
    struct tui_options options = { .loop = s->loop,
                                   .record = s->record,
                                   .notes = s->notes,
                                   .lab = s->lab.server != NULL,
                                   .no_color = o->no_color,
                                   .ascii = o->ascii,
                                   .client_name = s->name };
    struct buf history = { 0 };
    struct error err;

    if (folder_of_state(&history)) {
        buf_add_text(&history, "/history");
        options.history = buf_text(&history);
    }
    s->tui = tui_new(&options, &err);
    buf_release(&history);
    return s->tui || failed(&err);
}

static enum plain_input input_of(const struct stage *s)
{
    if (s->plan->script)
        return PLAIN_NO_INPUT;
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? PLAIN_TYPED : PLAIN_PIPED;
}

static void open_plain(struct stage *s)
{
    const struct options *o = s->plan->options;
    struct plain_front_options options = { .loop = s->loop,
                                           .record = s->record,
                                           .input = input_of(s),
                                           .flags = PLAIN_ALL,
                                           .color = terminal_color(o, STDOUT_FILENO) };

    if (!s->lab.server)
        options.flags |= PLAIN_TIMES;
    if (o->ascii)
        options.flags |= PLAIN_ASCII;
    if (o->show_secrets)
        options.flags |= PLAIN_SECRETS;
    s->plain = plain_front_new(&options);
}

static void open_console(struct stage *s)
{
    const struct options *o = s->plan->options;
    struct console_hooks hooks = s->tui ? tui_hooks(s->tui) : plain_front_hooks(s->plain);
    struct console_config config = { .loop = s->loop,
                                     .record = s->record,
                                     .server = s->lab.server,
                                     .lab_ca = &s->lab.ca,
                                     .lab_user = LAB_USER,
                                     .lab_password = LAB_PASSWORD,
                                     .notes = s->notes,
                                     .helo_name = s->name,
                                     .name_guessed = s->plan->host && !o->name,
                                     .timeout = TIMEOUT_DEFAULT * CLOCK_SECOND,
                                     .family = STREAM_ANY,
                                     .keep_step = s->plain && input_of(s) == PLAIN_PIPED,
                                     .show_secrets = o->show_secrets,
                                     .alone = s->plain && input_of(s) != PLAIN_TYPED,
                                     .tls_first = o->tls,
                                     .starttls = o->starttls,
                                     .insecure = o->insecure,
                                     .ca_file = o->ca,
                                     .cert_file = o->cert,
                                     .key_file = o->key,
                                     .source = o->source,
                                     .proxy_header = (unsigned)o->proxy_header,
                                     .auth = o->auth,
                                     .secret = s->secret.len ? buf_text(&s->secret) : NULL,
                                     .lmtp = o->lmtp };

    if (o->timeout)
        config.timeout = o->timeout * CLOCK_SECOND;
    if (o->only_v4 || o->only_v6)
        config.family = o->only_v4 ? STREAM_V4 : STREAM_V6;
    s->console = console_new(&config, &hooks);
    if (s->tui)
        tui_set_console(s->tui, s->console);
    else
        plain_front_set_console(s->plain, s->console);
}

/* Addresses that cannot be meant together. */
static bool addresses_fit(const struct stage_plan *plan)
{
    const struct options *o = plan->options;
    struct address host, source;
    struct error err;
    bool six;

    if (o->source && !address_numeric(o->source, 0, &source))
        error_set(&err, "--source needs an address in numbers, such as 192.0.2.1");
    else if (!plan->host || !address_numeric(plan->host, 0, &host))
        return true;
    else if (six = host.at.ss_family == AF_INET6, (o->only_v6 && !six) || (o->only_v4 && six))
        error_set(&err, "%s is an IPv%c address, and -%c asks for IPv%c only", plan->host,
                  six ? '6' : '4', six ? '4' : '6', six ? '4' : '6');
    else if (o->source && source.at.ss_family != host.at.ss_family)
        error_set(&err, "--source is an IPv%c address, and %s is not", six ? '4' : '6', plan->host);
    else
        return true;
    return failed(&err);
}

static bool read_secret(struct stage *s)
{
    struct error err;

    return secret_read(s->plan->options->password_file, &s->secret, &err) || failed(&err);
}

static bool begin(struct stage *s)
{
    const struct stage_plan *plan = s->plan;
    struct error err;

    if (plan->options->record && !console_record_to(s->console, plan->options->record, &err))
        return failed(&err);
    if ((plan->options->ca || plan->options->cert || plan->options->key) &&
        !console_read_ca(s->console, &err))
        return failed(&err);
    if (plan->host && plan->mx)
        console_connect_mx(s->console, plan->host, plan->port);
    else if (plan->host)
        console_connect(s->console, plan->host, plan->port);
    else
        console_connect_lab(s->console);
    if (s->script)
        console_play(s->console, s->script, plan->script_len, plan->options->pace == PACE_REAL,
                     true);
    s->script = NULL;
    return true;
}

static void choose_words(struct stage *s)
{
    const struct options *o = s->plan->options;
    bool lab = !s->plan->host;
    bool learner = o->level == LEVEL_LEARNER || (o->level == LEVEL_BY_MODE && lab);

    s->notes = (struct notes_style){ .level = learner ? NOTES_LEARNER : NOTES_ADMIN,
                                     .sources = o->sources,
                                     .lab = lab };
    if (o->name)
        snprintf(s->name, sizeof s->name, "%s", o->name);
    else if (lab)
        snprintf(s->name, sizeof s->name, "%s", LAB_CLIENT);
    else
        machine_name(s->name);
    if (!lab)
        s->notes.client = s->name;
}

/* In order: what others lean on goes last. The screen gives the terminal back before anything is
 * printed to it. */
static void take_down(struct stage *s)
{
    struct buf saved = { 0 };
    bool screen = s->tui && s->console;

    if (screen)
        leave_save(s->console, s->record, &saved);
    console_free(s->console);
    tui_free(s->tui);
    plain_front_free(s->plain);
    if (screen)
        leave_print(s->record, &s->notes, s->plan->options, buf_span(&saved));
    buf_release(&saved);
    lab_server_close(&s->lab);
    record_free(s->record);
    loop_free(s->loop);
    mem_free(s->script);
    secret_release(&s->secret);
}

int stage_run(const struct stage_plan *plan)
{
    struct stage s = { .plan = plan, .script = plan->script };
    int status = STATUS_USAGE;
    bool ready;

    choose_words(&s);
    ready = addresses_fit(plan) && read_secret(&s) && open_world(&s);
    if (ready && wants_screen(&s))
        ready = open_screen(&s);
    else if (ready)
        open_plain(&s);
    if (ready) {
        open_console(&s);
        if (begin(&s))
            status = s.tui ? tui_run(s.tui) : plain_front_run(s.plain);
    }
    take_down(&s);
    return status;
}
