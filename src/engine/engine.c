/*
 * The session's course: octets to lines and letters, waiting for others, time-outs and ends. What
 * each command does stands in the files named after it.
 */
#include "engine/faulty.h"

#include "base/mem.h"

struct engine *engine_new(const struct policy *policy)
{
    struct engine *e = mem_zero(1, sizeof *e);

    e->policy = policy;
    e->state = AT_CONNECT;
    e->timeouts = e->facts = true;
    e->deadline = e->fault_at = CLOCK_NEVER;
    e->fault_octet = UINT64_MAX;
    return e;
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    e->facts = false;
    engine_clear(e, "");
    auth_forget(e);
    line_reader_free(e->lines);
    outbox_release(&e->out);
    buf_release(&e->input);
    buf_release(&e->begun);
    buf_release(&e->name);
    buf_release(&e->domains);
    mem_free(e->user);
    faulty_free(e->faulty);
    mem_free(e);
}

static int64_t timeout_of(const struct engine *e)
{
    if (e->state == AT_BODY && e->policy->data_timeout)
        return e->policy->data_timeout;
    return e->policy->command_timeout ? e->policy->command_timeout : ENGINE_COMMAND_TIMEOUT;
}

/* The clock starts anew with a whole command or octets of a letter: half a line now and then does
 * not keep a connection open. */
void engine_touch(struct engine *e)
{
    if (e->over || e->pending != PENDING_NOTHING)
        return; /* whoever made it so has stopped the clock */
    e->deadline = e->now + timeout_of(e);
}

void engine_end(struct engine *e, const char *why)
{
    if (e->over)
        return;
    e->over = true;
    e->deadline = CLOCK_NEVER;
    engine_clear(e, why);
    auth_forget(e);
    engine_tell(e, FACT_CLOSED, 0, span_of(why));
    outbox_act(&e->out, ACTION_CLOSE);
}

void engine_pause(struct engine *e, int64_t microseconds)
{
    e->pending = PENDING_TIME;
    outbox_wait(&e->out, e->now + microseconds);
}

static bool in_chunk(const struct engine *e)
{
    return e->chunk.on && e->chunk.left;
}

static void line_came(struct engine *e, const struct line *line, size_t behind)
{
    e->behind = behind;
    if (e->state == AT_AUTH && !engine_before(e, VERB_AUTH_LINE, NULL)) {
        auth_line(e, line);
        engine_after(e, VERB_AUTH_LINE, NULL);
    } else if (e->state != AT_AUTH) {
        engine_command(e, line);
    }
    engine_touch(e);
    e->ahead = behind > 0;
    if (e->ahead && e->state == AT_BODY)
        engine_note(e, NOTE_PAST_SYNC);
}

/* A whole line is looked at where it lies; only the start of one that is not whole is kept. */
static size_t take_line(struct engine *e, struct span octets)
{
    struct line_scan scan = { 0 };
    struct line line;
    bool whole = false;
    size_t took;

    if (!e->lines) {
        took = line_scan_push(&scan, octets, &line);
        if (line.end != LINE_OPEN) {
            line.head = span_first(octets, took - line_end_octets(line.end));
            line.head = span_first(line.head, LINE_HEAD_MAX);
            line_came(e, &line, octets.len - took);
            return took;
        }
        e->lines = line_reader_new();
    }
    took = line_reader_push(e->lines, octets, &line, &whole);
    if (whole) {
        struct line_reader *lines = e->lines;

        e->lines = NULL;
        line_came(e, &line, octets.len - took);
        line_reader_free(lines);
    }
    return took;
}

static size_t take(struct engine *e, struct span octets)
{
    size_t took;

    if (!in_chunk(e) && e->state != AT_BODY)
        return take_line(e, octets);
    took = in_chunk(e) ? chunk_take(e, octets) : letter_take(e, octets);
    engine_touch(e);
    e->last = VERB_BODY_END; /* which a command may follow at once */
    e->ahead = took < octets.len;
    return took;
}

static bool can_go_on(const struct engine *e)
{
    return e->pending == PENDING_NOTHING && !e->over && outbox_waiting(&e->out) < ENGINE_OUTPUT_MAX;
}

/* Works through octets as far as it can; returns how many. */
static size_t work(struct engine *e, struct span octets)
{
    size_t at = 0;

    while (at < octets.len && can_go_on(e)) {
        if (faulty_takes(e))
            return octets.len;
        at += take(e, span_from(octets, at));
    }
    if (e->pending == PENDING_NOTHING && (e->state == AT_BODY || e->chunk.on))
        letter_tell_progress(e);
    if (e->pending == PENDING_TLS && at < octets.len) {
        starttls_drop(e, span_from(octets, at));
        at = octets.len;
    }
    return e->over ? octets.len : at;
}

void engine_open(struct engine *e, int64_t now)
{
    e->now = now;
    engine_touch(e);
    engine_tell(e, FACT_OPENED, 0, span_of(e->policy->hostname));
    if (engine_before(e, VERB_CONNECT, NULL))
        return;
    engine_say_plain(e, VERB_CONNECT, SITUATION_GREETING);
    engine_after(e, VERB_CONNECT, NULL);
}

size_t engine_waiting(const struct engine *e)
{
    return e->over ? 0 : e->input.len - e->input_at;
}

size_t engine_push(struct engine *e, struct span octets, int64_t now)
{
    size_t took = 0, room;

    e->now = now;
    if (e->over || e->client_gone)
        return octets.len;
    if (e->pending == PENDING_TLS) {
        starttls_drop(e, octets);
        return octets.len;
    }
    if (engine_waiting(e) == 0)
        took = work(e, octets);
    octets = span_from(octets, took);
    room = ENGINE_INPUT_MAX - engine_waiting(e);
    if (octets.len > room)
        octets = span_first(octets, room);
    if (e->input_at && octets.len) {
        buf_consume(&e->input, e->input_at);
        e->input_at = 0;
    }
    if (octets.len)
        buf_add(&e->input, octets);
    return took + octets.len;
}

static void client_left(struct engine *e)
{
    if (e->state == AT_BODY)
        engine_note(e, NOTE_NO_DOT);
    engine_end(e, e->letter ? "the client left in the middle: its letter is dropped"
                            : "the client closed the connection");
}

/* Works through what waits. */
static void work_on(struct engine *e)
{
    e->input_at += work(e, span_from(buf_span(&e->input), e->input_at));
    if (engine_waiting(e))
        return;
    e->input_at = 0;
    buf_release(&e->input);
}

/* All that was to do is done: looks for more. True: there is. */
static bool find_work(struct engine *e)
{
    if (!can_go_on(e))
        return false;
    if (engine_waiting(e)) {
        work_on(e);
        return true;
    }
    if (!e->client_gone)
        return false;
    client_left(e);
    return true;
}

bool engine_next(struct engine *e, struct action *out)
{
    if (e->waiting)
        return false;
    do {
        if (outbox_next(&e->out, out)) {
            e->waiting = out->kind == ACTION_WAIT;
            return true;
        }
    } while (find_work(e));
    return false;
}

void engine_waited(struct engine *e, int64_t now)
{
    if (!e->waiting)
        return;
    e->now = now;
    e->waiting = false;
    if (e->pending == PENDING_TIME) {
        e->pending = PENDING_NOTHING;
        engine_touch(e);
    }
}

void engine_client_closed(struct engine *e, int64_t now)
{
    e->now = now;
    e->client_gone = true;
    if (e->pending == PENDING_TLS) /* it will not happen */
        e->pending = PENDING_NOTHING;
}

void engine_stored(struct engine *e, bool ok, const char *why, int64_t now)
{
    if (e->pending != PENDING_STORE)
        return;
    e->now = now;
    e->pending = PENDING_NOTHING;
    letter_stored(e, ok, why);
    engine_touch(e);
    work_on(e); /* its replies go out together with this one */
}

void engine_set_timeouts(struct engine *e, bool on)
{
    e->timeouts = on;
}

int64_t engine_deadline(const struct engine *e)
{
    int64_t due = e->timeouts && e->pending != PENDING_TIME ? e->deadline : CLOCK_NEVER;

    return due < e->fault_at ? due : e->fault_at;
}

bool engine_over(const struct engine *e)
{
    return e->over;
}

void engine_tick(struct engine *e, int64_t now)
{
    e->now = now;
    if (e->fault_at != CLOCK_NEVER && now >= e->fault_at) {
        e->fault_at = CLOCK_NEVER;
        e->fault_hooks->idle(e->faults, e);
    }
    if (now < engine_deadline(e) || engine_deadline(e) == CLOCK_NEVER)
        return;
    if (faulty_silent(e))
        engine_end(e, "nothing came from the client for too long");
    else
        engine_hang_up(e, VERB_UNKNOWN, SITUATION_TIMEOUT,
                       "nothing came from the client for too long");
}
