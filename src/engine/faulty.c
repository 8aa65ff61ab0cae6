#include "engine/faulty.h"

#include "base/mem.h"
#include "engine/faults.h"
#include "engine/faulty_write.h"

struct faulty {
    struct fault_session session;
    char *address;          /* owned */
    struct faulty_play now; /* what plays; between before() and after() */
    bool silent;
    enum fault_tls broken; /* 220 was said; what comes is no handshake that we take part in */
    int64_t heard, idled;  /* when octets came last; the longest silence that was played since */
};

void faulty_free(struct faulty *f)
{
    if (!f)
        return;
    fault_session_release(&f->session);
    faulty_play_release(&f->now);
    mem_free(f->address);
    mem_free(f);
}

static enum fault_moment moment_of(enum verb verb)
{
    switch (verb) {
    case VERB_CONNECT:
        return FAULT_CONNECT;
    case VERB_BODY_END:
        return FAULT_END;
    default:
        return fault_moment_of(verb);
    }
}

/* What is known at this moment. `to` is filled where there are recipients. */
static struct fault_event event_of(const struct engine *e, enum fault_moment at, struct buf *to)
{
    const struct transaction *t = e->letter;
    struct fault_event ev = { .at = at,
                              .command = at >= FAULT_HELO && at <= FAULT_COMMAND,
                              .client = buf_span(&e->name),
                              .address = e->faulty->address,
                              .now = e->now };

    if (!t)
        return ev;
    ev.from = t->from.len ? buf_span(&t->from) : SPAN("");
    for (size_t i = 0; i < t->to_count; i++) {
        if (i)
            buf_add_octet(to, '\0');
        buf_add_text(to, (const char *)t->to.at + t->to_at[i][0]);
    }
    ev.to = buf_span(to);
    return ev;
}

/* Asks, and says what plays. True: something does. */
static bool ask(struct engine *e, const struct fault_event *ev)
{
    struct faulty *f = e->faulty;
    struct fault_play play;
    struct buf words = { 0 };

    faulty_play_release(&f->now);
    if (!faults_ask(e->faults, &f->session, ev, &play))
        return false;
    for (unsigned i = 0; i < play.count; i++) {
        buf_clear(&words);
        fault_print(play.rules[i], &words);
        engine_tell(e, FACT_FAULT, 0, buf_span(&words));
    }
    buf_release(&words);
    faulty_play_keep(&f->now, &play);
    return true;
}

static void arm(struct engine *e)
{
    struct faulty *f = e->faulty;

    e->fault_octet = faults_octet(e->faults, e->letter ? e->letter->wire : 0);
    e->fault_at = faults_idle_at(e->faults, f->heard, f->idled);
}

static void end_session(struct engine *e, enum fault_end how)
{
    switch (how) {
    case FAULT_GOES_ON:
        break;
    case FAULT_DROPS:
        engine_end(e, "a fault closes the connection");
        break;
    case FAULT_RESETS:
        engine_end(e, "a fault resets the connection");
        outbox_reset_instead(&e->out);
        break;
    case FAULT_FALLS_SILENT:
        e->faulty->silent = true;
        break;
    }
}

/* Rewrites what was queued for this moment, and ends what a fault ends. */
static void finish(struct engine *e)
{
    struct faulty_play *p = &e->faulty->now;

    if (!p->plays)
        return;
    faulty_rewrite(e, p);
    if (e->pending == PENDING_NOTHING && p->waits && !e->over)
        e->pending = PENDING_TIME;
    end_session(e, p->end);
    if (p->end == FAULT_GOES_ON && p->said && p->code == 421)
        engine_end(e, "a fault closes the connection, as 421 says");
    faulty_play_release(p);
}

/* The reply that a fault says instead of carrying the command out. */
static void refuse(struct engine *e, enum verb verb)
{
    struct faulty_play *p = &e->faulty->now;
    bool chunk = verb == VERB_BODY_END && e->chunk.on;

    engine_decide(e, p->code, "a fault answers", (struct span){ 0 }, "");
    if (verb == VERB_BODY_END && e->letter && e->letter->own)
        for (size_t i = 0; i < e->letter->to_count; i++)
            outbox_octets(&e->out, buf_span(&e->letter->own[i].octets));
    else
        faulty_say(e, p);
    if (p->code || verb == VERB_BODY_END) /* the letter is over, whatever was said */
        engine_move(e, chunk ? VERB_BDAT : verb, p->code ? p->code : 554);
}

/* One play more at the same moment: its reply is kept elsewhere, the first pace and end hold. */
static void add_play(struct faulty_play *all, struct faulty_play *p)
{
    int64_t delay = all->delay > p->delay ? all->delay : p->delay;
    enum fault_end end = all->end != FAULT_GOES_ON ? all->end : p->end;
    unsigned code = all->code == 421 ? 421 : p->code;
    bool said = all->said || p->said;

    if (all->plays) {
        faulty_play_release(p);
    } else {
        *all = *p;
        *p = (struct faulty_play){ 0 };
    }
    all->delay = delay;
    all->end = end;
    all->code = code;
    /* Its octets stand among the replies: rewriting lets them be. */
    all->said = all->refuses = said;
}

/* In LMTP each recipient has a reply at the end (RFC 2033 4.2), so each is asked for alone. True:
 * all are refused. */
static bool ask_each(struct engine *e, struct fault_event *ev)
{
    struct transaction *t = e->letter;
    struct faulty_play all = { 0 };
    size_t refused = 0;

    t->own = mem_zero(t->to_count, sizeof *t->own);
    for (size_t i = 0; i < t->to_count; i++) {
        struct faulty_play *p = &e->faulty->now;

        ev->to = span_of((const char *)t->to.at + t->to_at[i][0]);
        if (!ask(e, ev))
            continue;
        t->own[i] = (struct own_reply){ p->reply, p->refuses };
        p->reply = (struct buf){ 0 };
        refused += t->own[i].refuses;
        add_play(&all, p);
    }
    e->faulty->now = all;
    return refused && refused == t->to_count;
}

static void break_tls(struct engine *e, enum fault_tls how)
{
    engine_say_plain(e, VERB_STARTTLS, SITUATION_STARTTLS_OK);
    e->faulty->broken = how;
}

/* A fault without a reply of its own, which closes or silences: nothing is carried out. */
static bool cuts(const struct faulty_play *p, enum verb verb)
{
    return p->end != FAULT_GOES_ON && !p->said && verb != VERB_BODY_END;
}

static bool before(struct faults *set, struct engine *e, const struct occasion *o)
{
    struct faulty *f = e->faulty;
    struct buf to = { 0 };
    struct fault_event ev;
    bool all = false, names = o->verb == VERB_RCPT || o->verb == VERB_BODY_END;

    if (o->verb == VERB_CONNECT)
        f->heard = e->now;
    arm(e);
    if (o->verb == VERB_AUTH_LINE || !faults_any(set, names))
        return false;
    ev = event_of(e, moment_of(o->verb), &to);
    if (o->verb == VERB_RCPT)
        ev.to = o->address;
    if (o->verb == VERB_MAIL)
        ev.from = o->address.len ? o->address : SPAN("");
    if (o->command) {
        ev.params = o->command->params;
        ev.param_count = o->command->param_count;
    }
    if (o->verb == VERB_BODY_END && e->policy->lmtp && e->letter && e->letter->to_count) {
        all = ask_each(e, &ev);
        f->now.mark = outbox_mark(&e->out);
        if (all) {
            refuse(e, o->verb);
            finish(e);
        }
    } else if (ask(e, &ev)) {
        f->now.mark = outbox_mark(&e->out);
        if (f->now.refuses) {
            refuse(e, o->verb);
            all = true;
        } else if (f->now.tls) {
            break_tls(e, f->now.tls);
            all = true;
        } else {
            all = cuts(&f->now, o->verb);
        }
        if (all)
            finish(e);
    }
    buf_release(&to);
    return all;
}

static void after(struct faults *set, struct engine *e, const struct occasion *o)
{
    (void)set;
    if (o->verb == VERB_BODY_END)
        e->faulty->now.mark = 0; /* all before it was pulled, or the letter could not be stored */
    if (e->pending != PENDING_STORE)
        finish(e);
}

/* Inside a letter and in a silence there is no reply to rewrite: what the fault says goes out. */
static void interrupt(struct engine *e, const struct fault_event *ev)
{
    struct faulty_play *p = &e->faulty->now;

    if (!ask(e, ev))
        return;
    p->mark = outbox_mark(&e->out);
    if (p->said)
        faulty_say(e, p);
    if (!p->said && p->delay) {
        engine_pause(e, p->delay);
        p->delay = 0;
    }
    finish(e);
}

static void octet(struct faults *set, struct engine *e)
{
    struct buf to = { 0 };
    struct fault_event ev = event_of(e, FAULT_BODY, &to);

    ev.number = e->letter->wire;
    e->fault_octet = faults_octet(set, e->letter->wire);
    interrupt(e, &ev);
    buf_release(&to);
}

static void idle(struct faults *set, struct engine *e)
{
    struct faulty *f = e->faulty;
    int64_t due = faults_idle_at(set, f->heard, f->idled);
    struct buf to = { 0 };
    struct fault_event ev;

    if (due <= e->now && e->pending == PENDING_NOTHING && !e->over && !f->silent) {
        f->idled = due - f->heard;
        ev = event_of(e, FAULT_IDLE, &to);
        ev.number = (uint64_t)f->idled;
        interrupt(e, &ev);
    } else if (due <= e->now) {
        f->heard = e->now; /* it was our turn: the silence begins now */
        f->idled = 0;
    }
    e->fault_at = e->over || f->silent ? CLOCK_NEVER : faults_idle_at(set, f->heard, f->idled);
    buf_release(&to);
}

/* A client that begins a handshake meets no server that does. */
static void break_handshake(struct engine *e)
{
    switch (e->faulty->broken) {
    case FAULT_TLS_GARBAGE:
        outbox_octets(&e->out, SPAN("\x15\xff\x00no TLS at all\x00\x00\xff"));
        break;
    case FAULT_TLS_PLAINTEXT:
        outbox_octets(&e->out, SPAN("500 5.5.1 Command not recognized\r\n"));
        break;
    default:
        break;
    }
    engine_end(e, "a fault breaks the TLS handshake");
}

bool faulty_silent(const struct engine *e)
{
    return e->faulty && e->faulty->silent;
}

bool faulty_takes(struct engine *e)
{
    struct faulty *f = e->faulty;

    if (!f)
        return false;
    f->heard = e->now;
    f->idled = 0;
    e->fault_at = f->silent ? CLOCK_NEVER : faults_idle_at(e->faults, f->heard, 0);
    if (f->broken && !e->over && !f->silent)
        break_handshake(e);
    return f->silent || f->broken;
}

static const struct fault_hooks hooks = { before, after, octet, idle };

void engine_set_faults(struct engine *e, struct faults *faults, const char *address)
{
    faulty_free(e->faulty);
    e->faulty = NULL;
    e->faults = faults;
    e->fault_hooks = faults ? &hooks : NULL;
    e->fault_octet = UINT64_MAX;
    e->fault_at = CLOCK_NEVER;
    if (!faults)
        return;
    e->faulty = mem_zero(1, sizeof *e->faulty);
    e->faulty->address = mem_strdup(address ? address : "");
}
