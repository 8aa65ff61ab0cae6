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
    unsigned writes, stores, closes;
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
        case ACTION_WAIT:
        case ACTION_RESET:
        case ACTION_START_TLS:
        case ACTION_AUTH:
        case ACTION_SLOW:
            break;
        }
    }
}

static inline void drive_start(struct drive *d, const struct policy *policy)
{
    *d = (struct drive){ .engine = engine_new(policy) };
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
}

#endif
