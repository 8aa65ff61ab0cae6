/*
 * The session's course: octets to lines and letters, replies and facts to actions, time-outs and
 * ends. What each command does is in commands.c.
 */
#include "engine/inner.h"

#include <stdio.h>

#include "base/mem.h"

/* Memory of a letter that is kept for the next one. */
#define LETTER_KEEP ((size_t)64 * 1024)

struct engine *engine_new(const struct policy *policy)
{
    struct engine *e = mem_zero(1, sizeof *e);

    e->policy = policy;
    e->state = AT_CONNECT;
    e->timeouts = true;
    e->deadline = CLOCK_NEVER;
    e->lines = line_reader_new();
    return e;
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    line_reader_free(e->lines);
    outbox_release(&e->out);
    buf_release(&e->input);
    buf_release(&e->name);
    buf_release(&e->from);
    buf_release(&e->to);
    buf_release(&e->octets);
    mem_free(e->to_at);
    mem_free(e->to_text);
    mem_free(e);
}

uint64_t engine_size_limit(const struct engine *e)
{
    return e->policy->size_limit ? e->policy->size_limit : ENGINE_LETTER_MAX;
}

static int64_t timeout_of(const struct engine *e)
{
    return e->policy->command_timeout ? e->policy->command_timeout : ENGINE_COMMAND_TIMEOUT;
}

/* The clock starts anew with a whole command or octets of a letter: half a line now and then does
 * not keep a connection open. */
static void touch(struct engine *e)
{
    e->deadline = e->now + timeout_of(e);
}

void engine_fact(struct engine *e, enum fact_kind kind, uint64_t number, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    outbox_vfact(&e->out, kind, number, format, args);
    va_end(args);
}

void engine_end(struct engine *e, const char *why)
{
    if (e->over)
        return;
    e->over = true;
    e->deadline = CLOCK_NEVER;
    engine_clear(e, why);
    engine_fact(e, FACT_CLOSED, 0, "%s", why);
    outbox_act(&e->out, ACTION_CLOSE, NULL);
}

static void forget_octets(struct engine *e)
{
    if (e->octets.cap > LETTER_KEEP)
        buf_release(&e->octets);
    else
        buf_clear(&e->octets);
}

void engine_clear(struct engine *e, const char *why)
{
    if (e->transaction)
        engine_fact(e, FACT_CLEARED, 0, "%s", why);
    e->transaction = false;
    e->to_count = 0;
    e->utf8 = false;
    buf_clear(&e->from);
    buf_clear(&e->to);
    forget_octets(e);
}

void engine_add_recipient(struct engine *e, struct span mailbox)
{
    if (e->to_count == e->to_room) {
        e->to_room = e->to_room ? e->to_room * 2 : 8;
        e->to_at = mem_resize(e->to_at, e->to_room, sizeof *e->to_at);
        e->to_text = mem_resize(e->to_text, e->to_room, sizeof *e->to_text);
    }
    e->to_at[e->to_count++] = e->to.len;
    buf_add(&e->to, mailbox);
    buf_add_octet(&e->to, '\0');
}

static void tell_progress(struct engine *e)
{
    struct fact f = { .kind = FACT_BODY,
                      .number = e->body.counts.octets,
                      .header_lines = e->body.counts.header_lines,
                      .body_lines = e->body.counts.body_lines };

    if (e->state != AT_BODY || e->told == f.number)
        return;
    e->told = f.number;
    outbox_fact(&e->out, &f);
}

static void end_letter(struct engine *e, enum situation s, const char *decided, const char *cleared)
{
    engine_fact(e, FACT_DECIDED, engine_code(e, VERB_BODY_END, s), "%s", decided);
    engine_clear(e, cleared);
    engine_say(e, VERB_BODY_END, s, (struct reply_words){ .number = engine_size_limit(e) });
}

static void hand_over(struct engine *e)
{
    for (size_t i = 0; i < e->to_count; i++)
        e->to_text[i] = (const char *)e->to.at + e->to_at[i];
    e->letter = (struct engine_letter){ .from = buf_span(&e->from),
                                        .to = e->to_text,
                                        .to_count = e->to_count,
                                        .octets = buf_span(&e->octets),
                                        .counts = e->body.counts,
                                        .client = buf_text(&e->name) };
    e->pending = true;
    e->deadline = CLOCK_NEVER;
    outbox_act(&e->out, ACTION_STORE, &e->letter);
}

static void letter_came(struct engine *e)
{
    tell_progress(e);
    switch (e->doom) {
    case DOOM_NONE:
        hand_over(e);
        return;
    case DOOM_TOO_LARGE:
        end_letter(e, SITUATION_LETTER_TOO_LARGE,
                   "the letter is larger than this server takes: refused", "the letter is refused");
        return;
    case DOOM_NO_ROOM:
        end_letter(e, SITUATION_NO_ROOM,
                   "there is no room for this letter now: refused, it may be tried again",
                   "the letter is refused for now");
        return;
    }
}

static void doom(struct engine *e, enum engine_doom why)
{
    e->doom = why;
    buf_release(&e->octets);
}

static size_t take_letter(struct engine *e, struct span octets)
{
    size_t took = body_push(&e->body, octets, e->doom ? NULL : &e->octets);

    touch(e);
    if (e->body.counts.octets > engine_size_limit(e))
        doom(e, DOOM_TOO_LARGE);
    if (e->body.ended)
        letter_came(e);
    return took;
}

static size_t take_line(struct engine *e, struct span octets)
{
    struct line line;
    bool whole;
    size_t took = line_reader_push(e->lines, octets, &line, &whole);

    if (whole) {
        touch(e);
        engine_command(e, &line);
    }
    return took;
}

static bool can_go_on(const struct engine *e)
{
    return !e->pending && !e->over && outbox_waiting(&e->out) < ENGINE_OUTPUT_MAX;
}

/* Works through octets as far as it can; returns how many. */
static size_t work(struct engine *e, struct span octets)
{
    size_t at = 0;

    while (at < octets.len && can_go_on(e)) {
        struct span rest = span_from(octets, at);

        at += e->state == AT_BODY ? take_letter(e, rest) : take_line(e, rest);
    }
    if (!e->pending)
        tell_progress(e);
    return e->over ? octets.len : at;
}

void engine_open(struct engine *e, int64_t now)
{
    e->now = now;
    touch(e);
    engine_fact(e, FACT_OPENED, 0, "%s", e->policy->hostname);
    engine_say(e, VERB_CONNECT, SITUATION_GREETING, (struct reply_words){ 0 });
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
    engine_end(e, e->transaction ? "the client left in the middle: its letter is dropped"
                                 : "the client closed the connection");
}

/* Works through what waits. */
static void work_on(struct engine *e)
{
    e->input_at += work(e, span_from(buf_span(&e->input), e->input_at));
    if (engine_waiting(e))
        return;
    e->input_at = 0;
    buf_clear(&e->input);
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
    do {
        if (outbox_next(&e->out, out))
            return true;
    } while (find_work(e));
    return false;
}

void engine_client_closed(struct engine *e, int64_t now)
{
    e->now = now;
    e->client_gone = true;
}

static void store_failed(struct engine *e, const char *why)
{
    char text[256];

    snprintf(text, sizeof text, "the letter could not be stored (%s): it may be tried again", why);
    end_letter(e, SITUATION_NOT_STORED, text, "the letter could not be stored");
}

void engine_stored(struct engine *e, bool ok, const char *why, int64_t now)
{
    if (!e->pending)
        return;
    e->now = now;
    e->pending = false;
    touch(e);
    if (ok)
        end_letter(e, SITUATION_STORED, "the letter is stored: this server answers for it now",
                   "the letter is stored");
    else
        store_failed(e, why);
    work_on(e); /* its replies go out together with this one */
}

size_t engine_letter_octets(const struct engine *e)
{
    return e->octets.len;
}

void engine_no_room(struct engine *e)
{
    if (e->state == AT_BODY && !e->pending && e->doom == DOOM_NONE)
        doom(e, DOOM_NO_ROOM);
}

void engine_set_timeouts(struct engine *e, bool on)
{
    e->timeouts = on;
}

int64_t engine_deadline(const struct engine *e)
{
    return e->timeouts ? e->deadline : CLOCK_NEVER;
}

void engine_tick(struct engine *e, int64_t now)
{
    e->now = now;
    if (now >= engine_deadline(e) && engine_deadline(e) != CLOCK_NEVER)
        engine_hang_up(e, VERB_UNKNOWN, SITUATION_TIMEOUT,
                       "nothing came from the client for too long");
}
