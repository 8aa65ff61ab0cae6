/*
 * One letter from the command line. The dialogue is shown as in a pipe, or told as JSON at the end;
 * the exit status says how far it came.
 */
#include <stdio.h>
#include <unistd.h>

#include "app/machine.h"
#include "app/place.h"
#include "app/send_inner.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "view/ansi.h"
#include "view/plain.h"

/* Seconds, unless --timeout says otherwise. A connection is made soon or never; a reply to the end
 * of a letter may take ten minutes (RFC 5321 4.5.3.2.6), which nobody waits for at a prompt. */
#define CONNECT_TIMEOUT 60
#define REPLY_TIMEOUT   300

static void write_out(struct sending *s, struct styled *text)
{
    unsigned flags = (terminal_color(s->options, STDOUT_FILENO) ? ANSI_COLOUR : 0u) |
                     (s->options->ascii ? ANSI_ASCII : 0u);
    struct buf octets = { 0 };

    ansi_write(text, flags, &octets);
    if (octets.len && !s->unwritable)
        s->unwritable = terminal_print(buf_span(&octets));
    buf_release(&octets);
}

/* What is new in the dialogues. */
static void show_new(void *ctx)
{
    struct sending *s = ctx;
    const struct options *o = s->options;
    unsigned flags = PLAIN_ALL | PLAIN_TIMES | (o->ascii ? PLAIN_ASCII : 0u) |
                     (o->show_secrets ? PLAIN_SECRETS : 0u);
    unsigned count = record_count(s->record);
    struct styled text = { 0 };

    if (o->send.quiet || o->send.json)
        return;
    if (count > s->cursor_count) {
        s->cursors = mem_resize(s->cursors, count, sizeof *s->cursors);
        memset(s->cursors + s->cursor_count, 0, (count - s->cursor_count) * sizeof *s->cursors);
        s->cursor_count = count;
    }
    if (count) { /* one connection at a time: those before have ended */
        if (count > 1 && s->shown != count)
            styled_printf(&text, STYLE_BOLD, "-- talk %u\n", count);
        s->shown = count;
        plain_dialogue(s->record, count, &s->cursors[count - 1], &s->notes, flags, &text);
    }
    write_out(s, &text);
    styled_release(&text);
}

static struct delivery_plan plan_of(const struct sending *s, const struct job *j)
{
    const struct options *o = s->options;
    int64_t connecting = (o->timeout ? o->timeout : CONNECT_TIMEOUT) * CLOCK_SECOND;

    return (struct delivery_plan){
        .client = { .target = { .host = j->host,
                                .port = j->port,
                                .family = o->only_v4   ? STREAM_V4
                                          : o->only_v6 ? STREAM_V6
                                                       : STREAM_ANY,
                                .timeout = connecting,
                                .source = o->source },
                    .route = j->route,
                    .name = s->name,
                    .tls_first = o->tls,
                    .proxy_header = (unsigned)o->proxy_header,
                    .doubt = o->insecure ? CLIENT_TRUSTS : CLIENT_STOPS },
        .tls = s->tls,
        .starttls = o->starttls,
        .lmtp = o->lmtp,
        .in_clear = o->insecure,
        .name_guessed = !o->name,
        .user = o->auth,
        .secret = o->auth ? buf_text(&s->secret) : NULL,
        .from = o->send.from,
        .to = j->to,
        .to_count = j->to_count,
        .letter = buf_span(&s->letter),
        .timeout = (o->timeout ? o->timeout : REPLY_TIMEOUT) * CLOCK_SECOND,
    };
}

static void complain(const struct buf *words)
{
    terminal_complain(buf_text(words));
}

/* Every recipient who was refused, and what else went wrong, a line each. */
static void tell_failure(const struct job *j, const struct delivery *d)
{
    struct buf words = { 0 };
    bool told = false;

    for (size_t i = 0; i < delivery_replies(d); i++) {
        const struct delivery_reply *r = delivery_reply(d, i);

        if (r->recipient >= j->to_count || r->code / 100 == 2)
            continue;
        told = told || r->stage == delivery_stage(d);
        buf_clear(&words);
        buf_printf(&words, "%s: <%s> was refused: %u ", delivery_stage_word(r->stage),
                   j->to[r->recipient], r->code);
        if (r->enhanced.class)
            buf_printf(&words, "%u.%u.%u ", r->enhanced.class, r->enhanced.subject,
                       r->enhanced.detail);
        buf_printf(&words, "%.*s", (int)strcspn(r->text, "\n"), r->text);
        complain(&words);
    }
    buf_clear(&words);
    buf_printf(&words, "%s: while %s: %s", delivery_stage_word(delivery_stage(d)),
               delivery_stage_doing(delivery_stage(d)), delivery_why(d));
    if (!told)
        complain(&words);
    buf_release(&words);
}

/* The next server of the domain, when it is its turn. */
static bool goes_on(struct sending *s, struct job *j, const struct delivery *d)
{
    struct buf words = { 0 };

    if (!j->route || route_turn(s->record, delivery_dialogue(d)) != ROUTE_NEXT ||
        !route_next(j->route))
        return false;
    buf_printf(&words, "%s: %s. The next server of %s is tried: %s (RFC 5321 5.1)",
               record_server(s->record, delivery_dialogue(d)), delivery_why(d),
               route_domain(j->route), route_host(j->route));
    complain(&words);
    buf_release(&words);
    return true;
}

static void run_job(struct sending *s, struct job *j)
{
    uint64_t seed = (uint64_t)loop_now(s->loop);
    struct delivery_plan plan;
    struct delivery_hooks hooks = { show_new, NULL, s };
    struct delivery *d;

    if (s->options->mx)
        j->route = route_new(s->loop, j->host, seed);
    plan = plan_of(s, j);
    do {
        d = delivery_new(s->loop, s->record, &plan, &hooks);
        s->attempts = mem_resize(s->attempts, s->attempt_count + 1, sizeof *s->attempts);
        s->attempts[s->attempt_count++] = (struct attempt){ j, d };
        while (!delivery_ended(d) && !s->unwritable && loop_once(s->loop))
            continue;
        show_new(s);
    } while (!s->unwritable && goes_on(s, j, d));
    j->last = d;
    if (delivery_status(d))
        tell_failure(j, d);
    if (delivery_status(d) > s->status)
        s->status = delivery_status(d);
}

static bool set_up(struct sending *s)
{
    struct tls_client_options tls = { .ca_file = s->options->ca,
                                      .cert_file = s->options->cert,
                                      .key_file = s->options->key };
    struct error err = { "" };

    s->loop = loop_new(&err);
    s->record = record_new(NULL);
    if (s->loop && (s->options->tls || s->options->starttls))
        s->tls = tls_client_context(&tls, &err);
    if (err.text[0])
        terminal_complain(err.text);
    return !err.text[0];
}

static void take_down(struct sending *s)
{
    for (size_t i = 0; i < s->attempt_count; i++)
        delivery_free(s->attempts[i].delivery);
    mem_free(s->attempts);
    send_release(s);
    mem_free(s->cursors);
    tls_context_free(s->tls);
    record_free(s->record);
    loop_free(s->loop);
}

static int run(const struct options *o)
{
    struct sending s = { .options = o,
                         .notes = { .level =
                                        o->level == LEVEL_LEARNER ? NOTES_LEARNER : NOTES_ADMIN,
                                    .sources = o->sources } };
    int status = STATUS_USAGE;

    if (o->name)
        snprintf(s.name, sizeof s.name, "%s", o->name);
    else
        machine_name(s.name);
    s.notes.client = s.name;
    if (send_prepare(&s) && set_up(&s)) {
        for (size_t i = 0; i < s.job_count; i++)
            run_job(&s, &s.jobs[i]);
        if (o->send.json && !s.unwritable)
            s.unwritable = send_print_json(&s);
        status = s.unwritable ? s.unwritable : s.status;
    }
    take_down(&s);
    return status;
}

const struct mode mode_send = {
    .word = "send",
    .usage = "send OPTIONS [HOST[:PORT]]",
    .help = "send one letter, tell how far it came",
    .more =
        "Sends one letter: --from and --to name the envelope, --body or --file the letter. Without "
        "them it is standard input: a whole letter when it begins with a header field, else a "
        "text. A text gets a header; a file is sent as it is, except that line ends are made CRLF "
        "and leading dots are doubled, as SMTP wants it. With --mx and no host, each recipient's "
        "domain is asked for its mail servers. The dialogue is shown, with --json what became of "
        "the letter. The status is 0 only when every recipient was accepted, and the letter.",
    .bit = IN_SEND,
    .words_min = 0,
    .words_max = 2,
    .run = run,
};
