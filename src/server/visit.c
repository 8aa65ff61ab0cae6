/*
 * One client of the server: carries octets from the stream to the engine and does what the engine
 * wants done. A client that does not read is not read from either: actions are pulled only while
 * the stream takes more, so what waits stays within the stream's queue and the engine's input.
 */
#include "server/inner.h"

#include <assert.h>

#include "base/mem.h"

/* After our FIN most clients close within a round trip. Those that do not are broken off. */
#define VISIT_CLOSE_WAIT (5 * CLOCK_SECOND)

#define FULL_RECORD    "this talk is as long as this program keeps"
#define FULL_STRANGERS "talks from outside are longer, all together, than this program keeps"

struct visit {
    struct server *server;
    struct visit *next, **link; /* link: what points to this one */
    struct stream *stream;
    struct engine *engine;
    struct watch *timer;
    int64_t timer_at;  /* CLOCK_NEVER: not set */
    int64_t close_at;  /* when a closing visit is broken off */
    unsigned dialogue; /* 0: not recorded */
    bool stranger;     /* no client of ours feeds the dialogue: octets and end are ours to record */
    bool closing;      /* our side is ended, or will be when the queue is sent */
    bool client_done;  /* the client's side is ended */
    size_t incoming;   /* this one's part of server->incoming */
};

static int64_t now(const struct visit *v)
{
    return loop_now(v->server->loop);
}

static void changed(const struct server *s)
{
    if (s->hooks.changed)
        s->hooks.changed(s->hooks.ctx);
}

static void visit_free(struct visit *v)
{
    struct server *s = v->server;

    s->incoming -= v->incoming;
    s->visits--;
    *v->link = v->next;
    if (v->next)
        v->next->link = v->link;
    watch_free(v->timer);
    stream_free(v->stream);
    engine_free(v->engine);
    mem_free(v);
}

static bool recorded_here(const struct visit *v)
{
    return v->stranger && v->dialogue;
}

/* The visit is over; `e` is what a stranger's record says about it. */
static void end(struct visit *v, enum talk_event e, const char *detail)
{
    struct server *s = v->server;

    if (recorded_here(v))
        record_event(s->record, v->dialogue, e, span_of(detail), now(v));
    visit_free(v);
    changed(s);
}

void visit_stop(struct visit *v)
{
    end(v, TALK_STOPPED, "");
}

static void state_fact(const struct visit *v, const struct fact *f)
{
    if (v->dialogue)
        record_fact(v->server->record, v->dialogue, f, now(v));
}

static void state_mailbox(const struct visit *v, enum fact_kind kind, size_t i)
{
    const struct mailboxes *m = v->server->mailboxes;
    struct fact f = { .kind = kind,
                      .text = mailboxes_short_name(m, i),
                      .number = mailboxes_letters(m, i) };

    state_fact(v, &f);
}

/* A letter is in mailbox i. The other talks of ours show the same mailboxes. */
static void stored(void *ctx, size_t i)
{
    struct visit *v = ctx;

    state_mailbox(v, FACT_STORED, i);
    for (const struct visit *other = v->server->first; other; other = other->next)
        if (other != v && !other->stranger)
            state_mailbox(other, FACT_MAILBOX, i);
}

static void store(struct visit *v, const struct engine_letter *letter)
{
    bool ok = mailboxes_add(v->server->mailboxes, letter, loop_wall(), stored, v);

    engine_stored(v->engine, ok, ok ? NULL : "the mailboxes are full", now(v));
}

static void note_octets(struct visit *v, enum side side, struct span octets)
{
    if (!recorded_here(v))
        return;
    v->server->strangers_octets += octets.len;
    record_octets(v->server->record, v->dialogue, side, octets, now(v));
}

/* Why a stranger's talk cannot go on: it would not be kept. NULL: it can. */
static const char *no_room(const struct visit *v)
{
    const struct server *s = v->server;

    if (!recorded_here(v))
        return NULL;
    if (record_full(s->record, v->dialogue))
        return FULL_RECORD;
    return s->strangers_octets > s->strangers_room ? FULL_STRANGERS : NULL;
}

static void write_octets(struct visit *v, struct span octets)
{
    note_octets(v, SIDE_SERVER, octets);
    stream_write(v->stream, octets);
}

static void act(struct visit *v, const struct action *a)
{
    switch (a->kind) {
    case ACTION_WRITE:
        write_octets(v, a->octets);
        return;
    case ACTION_FACT:
        state_fact(v, &a->fact);
        return;
    case ACTION_STORE:
        store(v, a->letter);
        return;
    case ACTION_CLOSE:
        stream_finish(v->stream);
        v->closing = true;
        v->close_at = now(v) + VISIT_CLOSE_WAIT;
        return;
    case ACTION_RESET:
    case ACTION_WAIT:
    case ACTION_AUTH:
    case ACTION_SLOW:
    case ACTION_START_TLS:
        break;
    }
    assert(false && "the engine asks for what no policy has");
}

/* Letters that are coming in share the store's room: who goes beyond it keeps nothing. */
static void count_incoming(struct visit *v)
{
    struct server *s = v->server;
    size_t here = engine_letter_octets(v->engine);

    s->incoming = s->incoming - v->incoming + here;
    v->incoming = here;
    if (s->incoming <= SERVER_STORE_OCTETS_MAX - mailboxes_octets(s->mailboxes))
        return;
    engine_no_room(v->engine);
    s->incoming -= here;
    v->incoming = engine_letter_octets(v->engine);
    s->incoming += v->incoming;
}

static int64_t deadline(const struct visit *v)
{
    return v->closing ? v->close_at : engine_deadline(v->engine);
}

/* A timer that stands too early is left alone: it looks again when it fires. */
static void set_timer(struct visit *v)
{
    int64_t due = deadline(v);

    if (due >= v->timer_at)
        return;
    v->timer_at = due;
    watch_set_timer(v->timer, due - now(v));
}

/* Does what the engine wants done, as far as the client takes it. May free v. */
static void go_on(struct visit *v)
{
    struct server *s = v->server;
    struct action a;
    const char *full;

    while (!stream_backed_up(v->stream) && engine_next(v->engine, &a))
        act(v, &a);
    count_incoming(v);
    full = no_room(v);
    if (full) {
        stream_abort(v->stream);
        end(v, TALK_STOPPED, full);
        return;
    }
    if (v->closing && v->client_done && stream_queued(v->stream) == 0) {
        end(v, TALK_CLOSED_BY_CLIENT, "");
        return;
    }
    stream_pause(v->stream,
                 !v->closing && (stream_backed_up(v->stream) || engine_waiting(v->engine) > 0));
    set_timer(v);
    changed(s);
}

static void octets_came(void *ctx, struct span octets)
{
    struct visit *v = ctx;
    size_t took;

    note_octets(v, SIDE_CLIENT, octets);
    took = engine_push(v->engine, octets, now(v));
    /* It reads on only when nothing waits inside, and one read is no more than may wait. */
    static_assert(STREAM_READ_MAX <= ENGINE_INPUT_MAX, "a whole read must find room");
    assert(took == octets.len);
    go_on(v);
}

/* Broken off: what the engine still states is noted, and nothing is sent. */
static void reset(struct visit *v)
{
    struct action a;

    engine_client_closed(v->engine, now(v));
    while (engine_next(v->engine, &a)) {
        if (a.kind == ACTION_FACT)
            state_fact(v, &a.fact);
        if (a.kind == ACTION_STORE)
            store(v, a.letter);
    }
    end(v, TALK_RESET, "");
}

static void event_came(void *ctx, enum stream_event e, const char *detail)
{
    struct visit *v = ctx;

    (void)detail;
    switch (e) {
    case STREAM_CLOSED:
        v->client_done = true;
        if (v->closing && stream_queued(v->stream) == 0) {
            end(v, TALK_CLOSED_BY_SERVER, "");
            return;
        }
        engine_client_closed(v->engine, now(v));
        go_on(v);
        return;
    case STREAM_DRAINED:
        go_on(v);
        return;
    case STREAM_RESET:
        reset(v);
        return;
    default: /* of connecting, which is the client's */
        return;
    }
}

static void timer_fired(void *ctx)
{
    struct visit *v = ctx;

    v->timer_at = CLOCK_NEVER;
    if (now(v) < deadline(v)) {
        set_timer(v);
        return;
    }
    engine_tick(v->engine, now(v));
    if (v->closing || stream_backed_up(v->stream)) { /* it would not read a farewell */
        stream_abort(v->stream);
        end(v, TALK_CLOSED_BY_SERVER, "");
        return;
    }
    go_on(v);
}

static unsigned dialogue_of(struct visit *v)
{
    struct server *s = v->server;
    unsigned d = 0;

    if (s->hooks.dialogue_of)
        d = s->hooks.dialogue_of(s->hooks.ctx, stream_peer_port(v->stream));
    v->stranger = d == 0;
    if (d || s->strangers == SERVER_STRANGERS_MAX || s->strangers_octets > s->strangers_room)
        return d;
    s->strangers++;
    return record_open(s->record, stream_peer(v->stream), s->policy->hostname, now(v));
}

void visit_start(struct server *s, int fd)
{
    struct visit *v = mem_zero(1, sizeof *v);
    struct stream_hooks hooks = { octets_came, event_came, v };

    *v = (struct visit){ .server = s,
                         .next = s->first,
                         .link = &s->first,
                         .timer_at = CLOCK_NEVER,
                         .engine = engine_new(s->policy) };
    if (s->first)
        s->first->link = &v->next;
    s->first = v;
    s->visits++;
    v->timer = loop_timer(s->loop, timer_fired, v);
    v->stream = stream_accepted(s->loop, fd, &hooks);
    v->dialogue = dialogue_of(v);
    engine_set_timeouts(v->engine, s->timeouts);
    for (size_t i = 0; i < mailboxes_count(s->mailboxes) && i < INSIDE_MAILBOXES_MAX; i++)
        state_mailbox(v, FACT_MAILBOX, i);
    engine_open(v->engine, now(v));
    go_on(v);
}
