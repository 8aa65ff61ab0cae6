/*
 * What the engine wants done, done: one function for each action. Not here: when actions are pulled
 * (visit.c), and what is told about them (tell.c).
 */
#include <assert.h>
#include <stdio.h>

#include "base/mem.h"
#include "server/inner.h"

/* After our FIN most clients close within a round trip. Those that do not are broken off. */
#define VISIT_CLOSE_WAIT (5 * CLOCK_SECOND)
/* A handshake takes two round trips; a client that says nothing in it is not kept. */
#define VISIT_HANDSHAKE_MAX (30 * CLOCK_SECOND)

static void wait_until(struct visit *v, enum visit_busy busy, int64_t until)
{
    v->busy = busy;
    v->until = until;
}

/* Octets that leave slowly keep what follows them waiting, so that order needs no other care. */
void visit_pace(struct visit *v)
{
    int64_t now = visit_now(v);

    while (!pace_empty(v->pace)) {
        if (now < pace_due(v->pace)) {
            wait_until(v, VISIT_PACES, pace_due(v->pace));
            return;
        }
        stream_write(v->stream, pace_take(v->pace, now));
    }
    v->busy = VISIT_TALKS;
}

static void write_octets(struct visit *v, struct span octets)
{
    tell_octets(v, SIDE_SERVER, octets);
    if (!v->pace) {
        stream_write(v->stream, octets);
        return;
    }
    pace_add(v->pace, octets);
    visit_pace(v);
}

static void slow_down(struct visit *v, uint64_t number, int64_t gap)
{
    if (number == 0 || gap <= 0) {
        pace_free(v->pace);
        v->pace = NULL;
    } else if (v->pace) {
        pace_change(v->pace, number, gap);
    } else {
        v->pace = pace_new(number, gap);
    }
}

/* A letter is in mailbox i. The other talks of ours show the same mailboxes. */
static void in_mailbox(void *ctx, size_t i)
{
    struct visit *v = ctx;
    size_t left = v->server->own - !v->stranger;

    tell_mailbox(v, FACT_STORED, i);
    for (const struct visit *other = v->server->first; other && left; other = other->next) {
        if (other == v || other->stranger)
            continue;
        tell_mailbox(other, FACT_MAILBOX, i);
        left--;
    }
}

/* What Received and the log call a letter: unique among all that this server ever stores. */
static void letter_id(const struct visit *v, char out[48])
{
    snprintf(out, 48, "%llx.%llu", (unsigned long long)v->server->started,
             (unsigned long long)v->letter_number);
}

static void stored(struct visit *v, bool ok, const char *why, const char *path)
{
    char id[48];

    v->job = NULL;
    if (ok) {
        letter_id(v, id);
        tell_stored(v, path, id);
    }
    v->letter = NULL;
    engine_stored(v->engine, ok, ok ? NULL : why, visit_now(v));
}

static void put_into_mailboxes(struct visit *v)
{
    bool ok = mailboxes_add(v->server->mailboxes, v->letter, loop_wall(), in_mailbox, v);

    stored(v, ok, "the mailboxes are full", "");
}

static void store(struct visit *v, const struct engine_letter *letter)
{
    v->letter = letter;
    v->letter_number = ++v->server->letters;
    put_into_mailboxes(v);
}

static void reset(struct visit *v)
{
    stream_abort(v->stream);
    v->busy = VISIT_BREAKS;
}

void visit_let_go(struct visit *v)
{
    v->letter = NULL;
}

void visit_act(struct visit *v, const struct action *a)
{
    switch (a->kind) {
    case ACTION_WRITE:
        write_octets(v, a->octets);
        return;
    case ACTION_FACT:
        tell_fact(v, &a->fact);
        return;
    case ACTION_STORE:
        store(v, a->letter);
        return;
    case ACTION_WAIT:
        wait_until(v, VISIT_WAITS, a->until);
        return;
    case ACTION_SLOW:
        slow_down(v, a->number, a->until);
        return;
    case ACTION_CLOSE:
        stream_finish(v->stream);
        wait_until(v, VISIT_CLOSES, visit_now(v) + VISIT_CLOSE_WAIT);
        return;
    case ACTION_RESET:
        reset(v);
        return;
    case ACTION_START_TLS:
    case ACTION_AUTH:
        break;
    }
    assert(false && "the engine asks for what was not offered");
}
