/*
 * Drives an engine without sockets: octets in, and all that it wants done put down as text.
 */
#ifndef TESTS_DRIVE_H
#define TESTS_DRIVE_H
#include "base/buf.h"
#include "engine/engine.h"

struct drive {
    struct engine *engine;
    int64_t now;
    struct buf replies; /* octets of all writes */
    struct buf facts;   /* one line each: "DECIDED 250 mailbox bob exists here" */
    struct buf letters; /* "FROM to,to: OCTETS" and a line end, for each */
    struct buf logins;  /* "PLAIN OCTETS" or "- OCTETS" or "PLAIN none", one line each */
    unsigned writes, stores, closes, waits, resets, handshakes;
    enum engine_verdict verdict;        /* what a step of a login gets, with `challenge` */
    const char *challenge;              /* or the user's name */
    bool no_handshake;                  /* TLS is asked for, and never begins to hold */
    unsigned body_facts;                /* in all */
    bool hold;                          /* stores are answered later, by drive_stored() */
    const char *refuse;                 /* why stores fail; NULL: they do not */
    const struct engine_letter *letter; /* that is held */
};

static const char *const drive_fact_names[] = {
#define X(name, what) #name,
    FACTS(X)
#undef X
};

static inline void drive_fact(struct drive *d, const struct fact *f)
{
    d->body_facts += f->kind == FACT_BODY;
    buf_printf(&d->facts, "%s %llu", drive_fact_names[f->kind], (unsigned long long)f->number);
    if (f->kind == FACT_BODY)
        buf_printf(&d->facts, " %llu %llu", (unsigned long long)f->header_lines,
                   (unsigned long long)f->body_lines);
    if (f->text.len) {
        buf_add_octet(&d->facts, ' ');
        buf_add(&d->facts, f->text);
        for (size_t i = d->facts.len - f->text.len; i < d->facts.len; i++)
            if (d->facts.at[i] == '\r' || d->facts.at[i] == '\n') /* one fact, one line */
                d->facts.at[i] = '?';
    }
    buf_add_octet(&d->facts, '\n');
}

static inline void drive_letter(struct drive *d, const struct engine_letter *letter)
{
    buf_add(&d->letters, letter->from);
    for (size_t i = 0; i < letter->to_count; i++) {
        buf_add_octet(&d->letters, i ? ',' : ' ');
        buf_add_text(&d->letters, letter->to[i]);
    }
    buf_add_text(&d->letters, ": ");
    buf_add(&d->letters, letter->octets);
    buf_add_octet(&d->letters, '\n');
}

static inline void drive_login(struct drive *d, const struct engine_login *step)
{
    buf_add(&d->logins, step->mechanism.len ? step->mechanism : SPAN("-"));
    buf_add_octet(&d->logins, ' ');
    buf_add(&d->logins, step->octets.at ? step->octets : SPAN("none"));
    buf_add_octet(&d->logins, '\n');
    if (!d->hold)
        engine_auth(d->engine, d->verdict, span_of(d->challenge), d->now);
}

/* Does all that the engine wants done. */
static inline void drive_pull(struct drive *d)
{
    struct action a;

    while (engine_next(d->engine, &a)) {
        switch (a.kind) {
        case ACTION_WRITE:
            buf_add(&d->replies, a.octets);
            d->writes++;
            break;
        case ACTION_FACT:
            drive_fact(d, &a.fact);
            break;
        case ACTION_STORE:
            d->stores++;
            drive_letter(d, a.letter);
            d->letter = a.letter;
            if (!d->hold)
                engine_stored(d->engine, d->refuse == NULL, d->refuse, d->now);
            break;
        case ACTION_CLOSE:
            d->closes++;
            break;
        case ACTION_START_TLS:
            d->handshakes++;
            if (!d->no_handshake)
                engine_encrypted(d->engine, d->now);
            break;
        case ACTION_AUTH:
            drive_login(d, &a.auth);
            break;
        case ACTION_WAIT:
            d->waits++;
            d->now = a.until;
            engine_waited(d->engine, d->now);
            break;
        case ACTION_RESET:
            d->resets++;
            break;
        case ACTION_SLOW:
            break;
        }
    }
}

static inline void drive_start(struct drive *d, const struct policy *policy)
{
    *d = (struct drive){ .engine = engine_new(policy), .verdict = ENGINE_AUTH_DENIED };
    engine_open(d->engine, d->now);
    drive_pull(d);
}

static inline void drive_stored(struct drive *d, bool ok, const char *why)
{
    engine_stored(d->engine, ok, why, d->now);
    drive_pull(d);
}

/* Pushes all of it, as fast as the engine takes it; how much it took in the end. */
static inline size_t drive_push(struct drive *d, struct span octets)
{
    size_t all = 0, took;

    do {
        took = engine_push(d->engine, span_from(octets, all), d->now);
        drive_pull(d);
        all += took;
    } while (took && all < octets.len);
    return all;
}

/* As a feed_fn (support/feed.h). */
static inline void drive_feed(void *ctx, struct span piece)
{
    drive_push(ctx, piece);
}

static inline void drive_end(struct drive *d)
{
    engine_free(d->engine);
    buf_release(&d->replies);
    buf_release(&d->facts);
    buf_release(&d->letters);
    buf_release(&d->logins);
}

#endif
