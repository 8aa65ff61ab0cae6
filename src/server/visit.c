/*
 * One client of the server: carries octets from the stream to the engine and pulls what the engine
 * wants done. A client that does not read is not read from either: actions are pulled only while
 * the stream takes more, so what waits stays within the stream's queue and the engine's input.
 */
#include <assert.h>

#include "base/buf.h"
#include "base/mem.h"
#include "server/inner.h"

static void changed(const struct server *s)
{
    if (s->hooks.changed)
        s->hooks.changed(s->hooks.ctx);
}

static void forget_dialogue(const struct visit *v)
{
    struct server *s = v->server;

    if (!visit_recorded_here(v))
        return;
    if (s->forget_oldest && !v->unrecorded)
        roll_keep(s, v->dialogue, v->octets);
    if (!s->forget_ended)
        return;
    s->strangers--;
    s->strangers_octets -= v->octets;
    record_forget(s->record, v->dialogue);
}

void visit_discard(struct visit *v)
{
    struct server *s = v->server;

    visit_let_go(v);
    forget_dialogue(v);
    alarm_drop(s->alarms, &v->alarm);
    s->incoming -= v->incoming;
    s->visits--;
    s->own -= !v->stranger;
    if (s->clients_per_address_max && v->crowd)
        crowd_leave(&s->crowd, v->crowd);
    *v->link = v->next;
    if (v->next)
        v->next->link = v->link;
    stream_free(v->stream);
    engine_free(v->engine);
    pace_free(v->pace);
    if (v->introduction)
        buf_release(&v->introduction->octets);
    mem_free(v->introduction);
    if (v->said)
        buf_release(v->said);
    mem_free(v->said);
    mem_free(v->address);
    mem_free(v);
}

/* The visit is over; `e` is what a stranger's record says about it. */
static void end(struct visit *v, enum talk_event e, const char *detail)
{
    struct server *s = v->server;

    tell_ended(v, e, detail);
    visit_discard(v);
    changed(s);
}

void visit_stop(struct visit *v)
{
    server_wakes(v->server);
    if (v->busy == VISIT_INTRODUCES)
        introduce_refuse(v, "stopped by this program", "");
    else
        end(v, TALK_STOPPED, "");
}

/* Nothing can be sent any more: what the engine still states is noted. */
static void end_broken(struct visit *v, enum talk_event e, const char *detail)
{
    struct action a;

    v->acting = true;
    engine_client_closed(v->engine, visit_now(v));
    if (v->busy == VISIT_WAITS)
        engine_waited(v->engine, visit_now(v));
    while (engine_next(v->engine, &a)) {
        if (a.kind == ACTION_FACT || a.kind == ACTION_STORE)
            visit_act(v, &a);
        if (a.kind == ACTION_WAIT)
            engine_waited(v->engine, visit_now(v));
    }
    end(v, e, detail);
}

/* Letters that come in share the room of the mailboxes, where these are in use. */
static bool has_room(const struct server *s)
{
    return s->store ? s->incoming <= SERVER_ROOM_MAX
                    : mailboxes_have_room(s->mailboxes, s->incoming);
}

/* Who goes beyond it keeps nothing. */
static void count_incoming(struct visit *v)
{
    struct server *s = v->server;
    size_t here = engine_letter_octets(v->engine);

    if (here == v->incoming)
        return;
    s->incoming = s->incoming - v->incoming + here;
    v->incoming = here;
    if (has_room(s))
        return;
    engine_no_room(v->engine);
    s->incoming -= here;
    v->incoming = engine_letter_octets(v->engine);
    s->incoming += v->incoming;
}

static int64_t deadline(const struct visit *v)
{
    int64_t engine = engine_deadline(v->engine);

    if (v->busy == VISIT_TALKS)
        return engine;
    if (v->busy == VISIT_CLOSES || v->busy == VISIT_HANDSHAKES || v->busy == VISIT_INTRODUCES)
        return v->until;
    return v->until < engine ? v->until : engine;
}

/* An alarm that stands too early is left alone: the visit looks again when it goes off. */
static void set_alarm(struct visit *v)
{
    int64_t due = deadline(v);

    if (due == CLOCK_NEVER || (v->alarm.place && v->alarm.at <= due))
        return;
    alarm_set(v->server->alarms, &v->alarm, due);
}

/* In a handshake there are facts alone: what came behind STARTTLS is one. */
static bool takes_actions(const struct visit *v)
{
    return (v->busy == VISIT_TALKS || v->busy == VISIT_HANDSHAKES || v->busy == VISIT_CLOSES) &&
           !stream_backed_up(v->stream);
}

void visit_go_on(struct visit *v)
{
    struct server *s = v->server;
    struct action a;
    bool closing;

    v->acting = true;
    while (takes_actions(v) && engine_next(v->engine, &a))
        visit_act(v, &a);
    v->acting = false;
    if (v->busy == VISIT_BREAKS) {
        end_broken(v, TALK_RESET, "by the server");
        return;
    }
    count_incoming(v);
    closing = v->busy == VISIT_CLOSES;
    if (closing && v->client_done && stream_queued(v->stream) == 0) {
        end(v, TALK_CLOSED_BY_CLIENT, "");
        return;
    }
    stream_pause(v->stream,
                 !closing && (stream_backed_up(v->stream) || engine_waiting(v->engine) > 0));
    set_alarm(v);
    changed(s);
}

/* Octets that came before are no reason to wait with the greeting. */
static void greet(struct visit *v, struct span came)
{
    v->opened = true;
    engine_open(v->engine, visit_now(v));
    if (came.len) {
        tell_octets(v, SIDE_CLIENT, came);
        engine_push(v->engine, came, visit_now(v));
    }
    visit_go_on(v);
}

/* Implicit TLS comes before the greeting, STARTTLS long after it. */
static void encrypted(struct visit *v)
{
    visit_encrypted(v);
    if (v->opened)
        visit_go_on(v);
    else
        greet(v, (struct span){ 0 });
}

static void octets_came(void *ctx, struct span octets)
{
    struct visit *v = ctx;
    size_t took;

    server_wakes(v->server);
    if (v->busy == VISIT_INTRODUCES) {
        introduce_take(v, octets);
        return;
    }
    tell_octets(v, SIDE_CLIENT, octets);
    took = engine_push(v->engine, octets, visit_now(v));
    /* It reads on only when nothing waits inside, and one read is no more than may wait. */
    static_assert(STREAM_READ_MAX <= ENGINE_INPUT_MAX, "a whole read must find room");
    assert(took == octets.len);
    visit_go_on(v);
}

static void client_ended(struct visit *v)
{
    v->client_done = true;
    if (v->busy == VISIT_HANDSHAKES) {
        end_broken(v, TALK_TLS_FAILED, "the client left in the middle of it");
        return;
    }
    if (v->busy == VISIT_CLOSES && stream_queued(v->stream) == 0) {
        end(v, TALK_CLOSED_BY_SERVER, "");
        return;
    }
    engine_client_closed(v->engine, visit_now(v));
    visit_go_on(v);
}

static void event_came(void *ctx, enum stream_event e, const char *detail)
{
    struct visit *v = ctx;

    server_wakes(v->server);
    if (v->busy == VISIT_INTRODUCES) {
        introduce_refuse(v, "it left before its PROXY header was whole", "");
        return;
    }
    switch (e) {
    case STREAM_TLS_OPEN:
        encrypted(v);
        return;
    case STREAM_TLS_FAILED:
        end_broken(v, TALK_TLS_FAILED, detail);
        return;
    case STREAM_CLOSED:
        client_ended(v);
        return;
    case STREAM_DRAINED:
        visit_go_on(v);
        return;
    case STREAM_RESET:
        /* After our goodbye: many clients of TLS go without waiting for its last words. */
        if (v->busy == VISIT_CLOSES && stream_queued(v->stream) == 0)
            end(v, TALK_CLOSED_BY_SERVER, "");
        else
            end_broken(v, TALK_RESET, "");
        return;
    default: /* of connecting, which is the client's */
        return;
    }
}

/* What it was busy with is over, or its next part is due. False: the visit is over. */
static bool wake(struct visit *v)
{
    switch (v->busy) {
    case VISIT_WAITS:
        v->busy = VISIT_TALKS;
        engine_waited(v->engine, visit_now(v));
        return true;
    case VISIT_PACES:
        visit_pace(v);
        return true;
    case VISIT_CLOSES: /* it would not end its side */
        stream_abort(v->stream);
        end(v, TALK_CLOSED_BY_SERVER, "");
        return false;
    case VISIT_HANDSHAKES:
        stream_abort(v->stream);
        end_broken(v, TALK_TLS_FAILED, "it took too long");
        return false;
    case VISIT_INTRODUCES:
        introduce_refuse(v, "no PROXY header came in time", "");
        return false;
    case VISIT_TALKS:
    case VISIT_BREAKS:
        break;
    }
    return true;
}

void visit_alarm(struct alarm *a)
{
    struct visit *v = (struct visit *)a;
    int64_t now;

    server_wakes(v->server);
    now = visit_now(v);
    if (now < deadline(v)) {
        set_alarm(v);
        return;
    }
    if (v->busy != VISIT_TALKS && now >= v->until && !wake(v))
        return;
    engine_tick(v->engine, now);
    /* It would not read a farewell. Where it may stay, only a rule for others had its moment. */
    if (v->busy == VISIT_TALKS && engine_over(v->engine) && stream_backed_up(v->stream)) {
        stream_abort(v->stream);
        end(v, TALK_CLOSED_BY_SERVER, "");
        return;
    }
    visit_go_on(v);
}

/* Which dialogue it is. Strangers' ones are opened here, as long as there is room for them. */
static void find_dialogue(struct visit *v)
{
    struct server *s = v->server;

    if (s->hooks.dialogue_of)
        v->dialogue = s->hooks.dialogue_of(s->hooks.ctx, stream_peer_port(v->stream));
    v->stranger = v->dialogue == 0;
    s->own += !v->stranger;
    if (v->stranger && s->record)
        roll_make_room(s);
    if (v->dialogue || !s->record || s->strangers == SERVER_STRANGERS_MAX ||
        s->strangers_octets > s->strangers_room)
        return;
    s->strangers++;
    v->dialogue = record_open(s->record, visit_peer(v), s->policy.hostname, visit_now(v));
    record_set_lazy(s->record, v->dialogue);
}

static void state_mailboxes(const struct visit *v)
{
    size_t count = mailboxes_count(v->server->mailboxes);

    for (size_t i = 0; v->dialogue && i < count && i < INSIDE_MAILBOXES_MAX; i++)
        tell_mailbox(v, FACT_MAILBOX, i);
}

static struct visit *visit_new(struct server *s, int fd, const struct address *peer)
{
    struct visit *v = mem_zero(1, sizeof *v);
    struct stream_hooks hooks = { octets_came, event_came, v };

    *v = (struct visit){ .server = s,
                         .next = s->first,
                         .link = &s->first,
                         .session = ++s->sessions,
                         .began = s->now,
                         .stranger = true,
                         .engine = engine_new(&s->policy) };
    if (s->first)
        s->first->link = &v->next;
    s->first = v;
    s->visits++;
    v->stream = stream_from_listener(s->loop, fd, peer, &hooks);
    engine_set_timeouts(v->engine, s->timeouts);
    engine_set_keeping(v->engine, !s->store || store_reads(s->store));
    engine_set_facts(v->engine, s->record || s->hooks.event);
    return v;
}

void visit_admit(struct visit *v, const struct address *peer, bool tls, struct span came)
{
    struct server *s = v->server;

    v->busy = VISIT_TALKS;
    v->crowd = crowd_key(peer);
    if (s->clients_per_address_max)
        crowd_enter(&s->crowd, v->crowd);
    engine_set_faults(v->engine, s->faults, visit_peer(v));
    find_dialogue(v);
    tell_connected(v);
    state_mailboxes(v);
    if (!tls) {
        greet(v, came);
        return;
    }
    visit_encrypt(v);
    set_alarm(v);
    stream_take_again(v->stream, came);
}

void visit_start(struct server *s, int fd, const struct address *peer, bool tls, bool proxy)
{
    struct visit *v;

    server_wakes(s);
    v = visit_new(s, fd, peer);
    if (!proxy) {
        visit_admit(v, peer, tls, (struct span){ 0 });
        return;
    }
    introduce_begin(v, tls);
    set_alarm(v);
}
