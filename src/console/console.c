/*
 * The console's life, and the turn that everything under way takes.
 */
#include "console/console.h"

#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "server/server.h"

static void timer_rang(void *ctx)
{
    struct console *c = ctx;

    c->timer_rang = true;
    console_turn(c);
}

static void reply_is_late(void *ctx)
{
    struct console *c = ctx;

    c->reply_timer_set = false;
    if (!queue_awaits(c))
        return;
    if (c->playing.player)
        play_timed_out(c);
    else
        queue_timed_out(c);
    console_turn(c);
}

struct console *console_new(const struct console_config *config, const struct console_hooks *hooks)
{
    struct console *c = mem_zero(1, sizeof(*c));

    c->config = *config;
    c->hooks = *hooks;
    c->helo_name = mem_strdup(config->helo_name ? config->helo_name : "");
    c->config.helo_name = c->helo_name;
    if (config->server)
        snprintf(c->lab, sizeof(c->lab), "127.0.0.1:%u", server_port(config->server));
    c->timer = loop_timer(config->loop, timer_rang, c);
    c->reply_timer = loop_timer(config->loop, reply_is_late, c);
    return c;
}

void console_free(struct console *c)
{
    if (!c)
        return;
    c->left = true;
    play_stop(c);
    send_stop(c, false);
    slow_release(c);
    while (c->connections) {
        struct connection *next = c->connections->next;

        client_free(c->connections->client);
        route_free(c->connections->route);
        mem_free(c->connections);
        c->connections = next;
    }
    record_turn(c);
    record_stop(c);
    watch_free(c->timer);
    watch_free(c->reply_timer);
    queue_release(&c->queue);
    answer_release(c);
    names_release(&c->names);
    buf_release(&c->pipeline.octets);
    buf_release(&c->kept);
    auth_release(c);
    tls_release(c);
    mem_free(c->saved_path);
    mem_free(c->host);
    mem_free(c->helo_name);
    mem_free(c);
}

/* A sign of life: the server spoke, or took octets. What comes from our own side is none. */
static bool server_lives(struct console *c)
{
    struct connection *n = c->current;
    uint64_t taken = n && !client_ended(n->client) ? n->sent - client_queued(n->client) : 0;
    bool lives = n && (n->heard || taken != n->taken);

    if (!n)
        return false;
    n->heard = false;
    n->taken = taken;
    return lives;
}

/* Time runs from the last sign of life. */
static void watch_the_clock(struct console *c)
{
    bool wanted = !c->left && c->config.timeout > 0 && queue_awaits(c);

    if (wanted && (server_lives(c) || !c->reply_timer_set))
        watch_set_timer(c->reply_timer, c->config.timeout);
    else if (!wanted && c->reply_timer_set)
        watch_stop(c->reply_timer);
    c->reply_timer_set = wanted;
}

void console_turn(struct console *c)
{
    bool more;

    if (c->turning) {
        c->again = true;
        return;
    }
    c->turning = true;
    do {
        c->again = false;
        names_turn(c);
        record_turn(c);
        answer_turn(c);
        more = !c->left && (mx_turn(c) || wait_turn(c) || tls_turn(c) || auth_turn(c) ||
                            send_turn(c) || slow_turn(c) || play_turn(c) || queue_turn(c));
    } while (more || (c->again && !c->left));
    c->turning = false;
    octets_turn(c);
    watch_the_clock(c);
    if (!c->left && c->hooks.changed)
        c->hooks.changed(c->hooks.ctx);
}

/* Words quote what was typed, and what scripts hold: made safe to show, line by line. */
static void make_safe(const struct buf *words, struct buf *out)
{
    struct span rest = buf_span(words);

    while (rest.len) {
        size_t len = span_find(rest, '\n');

        marks_add(out, span_first(rest, len), 0);
        if (len < rest.len)
            buf_add_octet(out, '\n');
        rest = span_from(rest, len + 1);
    }
}

void console_say(struct console *c, const char *format, ...)
{
    struct buf words = { 0 }, safe = { 0 };
    struct styled text = { 0 };
    va_list args;

    va_start(args, format);
    buf_vprintf(&words, format, args);
    va_end(args);
    make_safe(&words, &safe);
    styled_add(&text, STYLE_NOTE, buf_span(&safe));
    if (c->hooks.say && !c->left)
        c->hooks.say(c->hooks.ctx, &text);
    styled_release(&text);
    buf_release(&words);
    buf_release(&safe);
}

void console_complain(struct console *c, const char *format, ...)
{
    struct buf words = { 0 }, safe = { 0 };
    va_list args;

    va_start(args, format);
    buf_vprintf(&words, format, args);
    va_end(args);
    make_safe(&words, &safe);
    if (c->hooks.complain && !c->left)
        c->hooks.complain(c->hooks.ctx, buf_text(&safe));
    buf_release(&words);
    buf_release(&safe);
}

void console_open(struct console *c, enum console_pane pane, const struct styled *text)
{
    if (c->hooks.open && !c->left)
        c->hooks.open(c->hooks.ctx, pane, text);
}

void console_leave(struct console *c, int status)
{
    if (c->left)
        return;
    record_turn(c);
    c->left = true;
    if (c->hooks.quit)
        c->hooks.quit(c->hooks.ctx, status);
}

/* What goes wrong at a prompt is seen and mended there; only who does not look needs a status. */
void console_worsen(struct console *c, int status)
{
    if (!c->config.keep_step && !c->playing.then_quit)
        return;
    if (status > c->status)
        c->status = status;
}

void console_not_busy(struct console *c)
{
    c->busy = BUSY_NOT;
    auth_release(c);
    watch_stop(c->timer);
    c->timer_rang = false;
    c->again = true;
}

bool console_interrupt(struct console *c)
{
    bool stopped = true;

    if (c->playing.player) {
        play_stop(c);
        console_say(c, "The script is stopped. The talk goes on as it stands.\n");
    } else if (c->busy == BUSY_SEND) {
        send_stop(c, true);
    } else if (c->busy == BUSY_SLOW) {
        slow_stop(c);
    } else if (c->busy != BUSY_NOT) {
        console_say(c, "No longer waiting.\n");
    } else if (answer_waits(c)) {
        answer_drop(c);
    } else if (c->pipeline.on) {
        pipeline_drop(c);
    } else if (c->queue.count) {
        console_say(c, "%zu %s that waited will not be sent.\n", c->queue.count,
                    c->queue.count == 1 ? "line" : "lines");
        queue_drop(c);
    } else if (mx_interrupt(c)) {
        console_say(c, "The search for a mail server is given up.\n");
    } else {
        stopped = false;
    }
    if (stopped) {
        if (c->busy != BUSY_NOT)
            console_not_busy(c);
        console_turn(c);
    }
    return stopped;
}

bool console_playing(const struct console *c)
{
    return c->playing.player != NULL;
}

const struct notes_style *console_notes(const struct console *c)
{
    return &c->config.notes;
}

int console_status(const struct console *c)
{
    if (c->status)
        return c->status;
    if (c->ever_connected || !c->connections || c->config.server)
        return STATUS_OK;
    /* Who did not want to wait any longer was not refused. */
    return console_talking(c) && !c->config.keep_step ? STATUS_OK : STATUS_CONNECT;
}
