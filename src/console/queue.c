/*
 * Lines that wait: piped ones, and typed ones that came before the connection stood or while a
 * command took its time. They keep step with the replies. And how a piped talk ends.
 *
 * Sources: RFC 5321 2.1 (one command at a time unless PIPELINING was offered), 4.1.1.4 (DATA).
 */
#include "base/mem.h"
#include "console/inner.h"
#include "dialogue/mask.h"

/* A letter from a pipe waits while this much of it is under way, so that memory stays bounded. */
#define QUEUE_UNDER_WAY_MAX ((size_t)256 * 1024)

void queue_add(struct line_queue *q, struct span line)
{
    struct buf raw = { 0 };

    q->auth = q->auth || mask_is_auth_command(prompt_meant(line, &raw));
    buf_release(&raw);
    buf_add(&q->text, line);
    buf_add_octet(&q->text, '\n');
    q->count++;
}

void queue_release(struct line_queue *q)
{
    buf_release(&q->text);
    *q = (struct line_queue){ 0 };
}

static struct span queue_first(const struct line_queue *q)
{
    struct span rest = span_from(buf_span(&q->text), q->at);

    return span_cut(rest, '\n', &rest);
}

static void queue_pop(struct line_queue *q)
{
    q->at += queue_first(q).len + 1;
    q->count--;
    q->auth = q->auth && q->count; /* from here on the observer sees it */
    /* Moved up once in a while only: each octet is moved at most once. */
    if (q->at > q->text.len / 2) {
        buf_consume(&q->text, q->at);
        q->at = 0;
    }
}

void queue_drop(struct console *c)
{
    queue_release(&c->queue);
}

size_t console_queued(const struct console *c)
{
    return c->queue.count;
}

void console_queue(struct console *c, struct span line)
{
    if (c->left)
        return;
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    /* A line feed cannot be inside a line: whoever reads lines cuts there. */
    queue_add(&c->queue, span_first(line, span_find(line, '\n')));
    console_turn(c);
}

void console_input_ended(struct console *c)
{
    c->input_ended = true;
    console_turn(c);
}

static bool over(const struct console *c)
{
    return c->current && client_ended(c->current->client);
}

static unsigned outstanding(const struct console *c)
{
    return console_talking(c) ? observer_outstanding(console_observer(c)) : 0;
}

bool queue_awaits(const struct console *c)
{
    if (!console_was_connected(c))
        return false;
    if (c->playing.awaits || (c->playing.player && c->busy >= BUSY_EXPECT && c->busy != BUSY_SEND &&
                              c->busy != BUSY_SLOW))
        return true;
    if (!c->config.keep_step && !c->input_ended)
        return false;
    return c->busy != BUSY_WAIT && c->busy != BUSY_SLOW &&
           (outstanding(c) > 0 || client_queued(c->current->client) > 0);
}

/* After its farewell the server closes, which belongs to the talk; most do within a round trip
 * (RFC 5321 4.1.1.10). */
#define FAREWELL_WAIT (2 * CLOCK_SECOND)

/* True: the server may yet close by itself. */
static bool parting(struct console *c)
{
    if (console_observer(c)->state != AT_END)
        return false;
    if (!c->parting) {
        c->parting = true;
        c->timer_rang = false;
        watch_set_timer(c->timer, FAREWELL_WAIT);
    }
    return !c->timer_rang;
}

/* Ends the talk; console_turn() leaves when it is over. */
static void hang_up(struct console *c)
{
    c->closing_for_end = true;
    if (console_talking(c)) {
        c->current->closing = true;
        client_close(c->current->client);
    }
}

void queue_timed_out(struct console *c)
{
    console_complain(c, "No reply within %lld seconds: the talk is given up.",
                     (long long)(c->config.timeout / CLOCK_SECOND));
    if (c->queue.count)
        console_complain(c, "%zu %s not sent.", c->queue.count,
                         c->queue.count == 1 ? "line was" : "lines were");
    c->status = STATUS_BROKEN;
    c->input_ended = true;
    queue_drop(c);
    if (c->busy != BUSY_NOT) {
        send_stop(c, false);
        console_not_busy(c);
    }
    c->closing_for_end = true;
    c->current->closing = true;
    client_stop(c->current->client, "no reply came in time");
}

/* The DATA of a pipe was answered. When it was refused, what follows would be read as commands. */
static void data_answered(struct console *c)
{
    c->step_asked_data = false;
    if (console_observer(c)->letter == LETTER_GRANTED)
        return;
    c->skipping = true;
    c->skipped = 0;
}

static void skipping_done(struct console *c)
{
    c->skipping = false;
    if (!c->skipped)
        return;
    console_complain(c, "DATA was refused, so the %u %s after it, up to the dot, %s not sent.",
                     c->skipped, c->skipped == 1 ? "line" : "lines",
                     c->skipped == 1 ? "was" : "were");
    console_worsen(c, STATUS_DIFFERENT);
}

static void skip(struct console *c)
{
    while (c->skipping && c->queue.count) {
        bool dot = span_eq(queue_first(&c->queue), SPAN("."));

        queue_pop(&c->queue);
        c->skipped++;
        if (dot)
            skipping_done(c);
    }
    /* What is typed from here on is an answer to the refusal. */
    if (c->skipping && !c->config.keep_step)
        skipping_done(c);
}

/* A pipe goes on when its /close is done: what happened is told in its order. */
static bool closing(const struct console *c)
{
    return c->config.keep_step && c->current && c->current->closing && !over(c);
}

/* What it is there for. */
static bool is_early(struct span line)
{
    struct span rest;

    return span_eq_nocase(span_cut(line, ' ', &rest), SPAN("/early"));
}

static bool may_take(const struct console *c)
{
    if (c->busy != BUSY_NOT || c->playing.player || closing(c))
        return false;
    if (is_early(queue_first(&c->queue)))
        return true;
    if (c->pipeline.on || !console_talking(c))
        return true;
    if (!console_was_connected(c))
        return false;
    if (console_prompt(c) == PROMPT_LETTER)
        return client_queued(c->current->client) < QUEUE_UNDER_WAY_MAX;
    return outstanding(c) == 0;
}

static bool for_server(struct span line)
{
    return !line.len || line.at[0] != '/' || (line.len > 1 && line.at[1] == '/');
}

/* Lines for a server that is gone: counted in one complaint. */
static void drop_unsent(struct console *c)
{
    size_t count = 0;

    while (c->queue.count && for_server(queue_first(&c->queue))) {
        queue_pop(&c->queue);
        count++;
    }
    console_complain(c, "%zu %s not sent: %s.", count, count == 1 ? "line was" : "lines were",
                     c->ever_connected ? "the talk is over" : "there is no connection");
    console_worsen(c, c->broken ? c->broken : c->current ? STATUS_DIFFERENT : STATUS_CONNECT);
}

/* The server said goodbye: what comes after it would be lost on the way. */
static bool farewell(const struct console *c)
{
    return !console_talking(c) || console_observer(c)->state == AT_END;
}

static void take(struct console *c)
{
    struct span first = queue_first(&c->queue), rest;
    char *copy;

    if (c->config.keep_step && farewell(c) && !c->pipeline.on && for_server(first)) {
        drop_unsent(c);
        return;
    }
    copy = mem_strndup(first.at, first.len);
    first = span_make(copy, first.len);
    queue_pop(&c->queue);
    c->step_asked_data =
        console_prompt(c) == PROMPT_TALK && verb_by_word(span_cut(first, ' ', &rest)) == VERB_DATA;
    console_take(c, first);
    mem_free(copy);
}

/* Something of the input was not used: said once, at its end. */
static void check_ends(struct console *c)
{
    if (c->skipping)
        skipping_done(c);
    if (c->pipeline.on) {
        console_complain(c, "/pipeline without /go: its %u %s not sent.", c->pipeline.lines,
                         c->pipeline.lines == 1 ? "line was" : "lines were");
        console_worsen(c, STATUS_DIFFERENT);
        c->pipeline.on = false;
    }
    if (console_talking(c) && console_prompt(c) == PROMPT_LETTER) {
        console_complain(c, "The input ended inside the letter: no dot was sent, so the server "
                            "does not take it.");
        console_worsen(c, STATUS_DIFFERENT);
    }
}

/* The server ended the talk while the pipe was open. Whoever writes into it may be about to write
 * more, and is told what became of that; but a pipe that stays open is not waited for. */
static bool lingering(struct console *c)
{
    if (!c->lingering) {
        c->lingering = true;
        c->timer_rang = false;
        watch_set_timer(c->timer, FAREWELL_WAIT);
    }
    if (!c->timer_rang)
        return true;
    console_complain(c, "The talk is over: what else comes from the input is not sent.");
    return false;
}

/* All lines are taken. */
static void finish(struct console *c)
{
    bool gone = !c->current || over(c);

    if (c->current && over(c) && c->broken)
        console_worsen(c, c->broken);
    if (gone && (c->input_ended ||
                 (c->config.keep_step && c->broken && !(c->ever_connected && lingering(c))))) {
        check_ends(c);
        console_leave(c, console_status(c));
        return;
    }
    if (!c->input_ended || gone || c->closing_for_end || !console_was_connected(c))
        return;
    if (console_prompt(c) != PROMPT_LETTER && outstanding(c))
        return;
    if (parting(c))
        return;
    check_ends(c);
    hang_up(c);
}

bool queue_turn(struct console *c)
{
    if (c->step_asked_data && console_talking(c) && outstanding(c) == 0)
        data_answered(c);
    if (c->skipping)
        skip(c);
    if (c->queue.count) {
        if (!may_take(c))
            return false;
        take(c);
        return true;
    }
    if (c->busy == BUSY_NOT && !c->playing.player)
        finish(c);
    return false;
}
