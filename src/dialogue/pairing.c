#include "dialogue/pairing.h"

#include <assert.h>

static struct observer_run *run_at(struct observer *o, unsigned i)
{
    return &o->pending[(o->pending_at + i) % OBSERVER_PENDING_MAX];
}

const struct observer_run *pairing_run(const struct observer *o, unsigned i)
{
    return &o->pending[(o->pending_at + i) % OBSERVER_PENDING_MAX];
}

const struct observer_run *pairing_newest(const struct observer *o)
{
    return o->pending_used ? pairing_run(o, o->pending_used - 1u) : NULL;
}

/* A run of one: what follows it, or what it is, depends on just that line. */
static bool stands_alone(enum verb verb, unsigned flags)
{
    return verb == VERB_DATA || (flags & (RUN_DOT | RUN_NEAR_MISS | RUN_LAST));
}

static void overflow(struct observer *o, unsigned flags)
{
    struct observer_run *last = run_at(o, o->pending_used - 1u);

    if (flags & RUN_IN_LETTER)
        return; /* most likely it stays the letter's, and then there is no reply to count */
    if (last->flags & RUN_IN_LETTER)
        last->count = 0;
    last->verb = VERB_UNKNOWN;
    last->flags = (uint8_t)(RUN_FORGOTTEN | ((last->flags | flags) & RUN_AUTH));
    last->line = 0;
    last->count++;
    o->pending_count++;
}

void pairing_sent(struct observer *o, uint32_t line, enum verb verb, unsigned flags)
{
    struct observer_run *last = o->pending_used ? run_at(o, o->pending_used - 1u) : NULL;

    if (last && last->verb == verb && last->flags == flags && last->line + last->count == line &&
        !stands_alone(verb, flags)) {
        last->count++;
    } else if (o->pending_used == OBSERVER_PENDING_MAX) {
        overflow(o, flags);
        return;
    } else {
        *run_at(o, o->pending_used++) =
            (struct observer_run){ line, 1, (uint8_t)verb, (uint8_t)flags };
    }
    if (!(flags & RUN_IN_LETTER))
        o->pending_count++;
}

const struct observer_run *pairing_head(const struct observer *o)
{
    const struct observer_run *head = o->pending_used ? pairing_run(o, 0) : NULL;

    return head && !(head->flags & RUN_IN_LETTER) ? head : NULL;
}

enum verb pairing_verb(const struct observer_run *run)
{
    return run->flags & RUN_END ? VERB_BODY_END : (enum verb)run->verb;
}

bool pairing_waits(const struct observer *o, enum verb verb)
{
    for (unsigned i = 0; i < o->pending_used; i++) {
        const struct observer_run *run = pairing_run(o, i);

        if (!(run->flags & RUN_IN_LETTER) && run->verb == verb)
            return true;
    }
    return false;
}

bool pairing_auth_waits(const struct observer *o)
{
    for (unsigned i = 0; i < o->pending_used; i++)
        if ((pairing_run(o, i)->flags & (RUN_IN_LETTER | RUN_AUTH)) == RUN_AUTH)
            return true;
    return false;
}

static void drop_oldest_run(struct observer *o)
{
    o->pending_at = (uint16_t)((o->pending_at + 1u) % OBSERVER_PENDING_MAX);
    o->pending_used--;
    if (!o->pending_used)
        o->pending_at = 0;
}

void pairing_answered(struct observer *o)
{
    struct observer_run *head = run_at(o, 0);

    assert(o->pending_used && !(head->flags & RUN_IN_LETTER));
    o->pending_count--;
    if (!(head->flags & RUN_FORGOTTEN))
        head->line++;
    if (--head->count == 0)
        drop_oldest_run(o);
}

void pairing_granted(struct observer *o)
{
    unsigned end = 0, near_miss = UINT32_MAX;

    while (end < o->pending_used && (pairing_run(o, end)->flags & RUN_IN_LETTER)) {
        if (near_miss == UINT32_MAX && (pairing_run(o, end)->flags & RUN_NEAR_MISS))
            near_miss = end;
        end++;
    }
    if (end == o->pending_used) { /* the dot has not been sent yet */
        o->letter = LETTER_GRANTED;
        end = near_miss < end ? near_miss : end;
    }
    while (end-- > 0)
        drop_oldest_run(o);
}

void pairing_read_again(struct observer *o, bool lenient)
{
    const unsigned ends = RUN_DOT | (lenient ? (unsigned)RUN_NEAR_MISS : 0u);
    bool in_letter = false;

    o->pending_count = 0;
    for (unsigned i = 0; i < o->pending_used; i++) {
        struct observer_run *run = run_at(o, i);
        unsigned flags = run->flags & ~(unsigned)(RUN_IN_LETTER | RUN_END);

        if (flags & RUN_FORGOTTEN) {
            o->pending_count += run->count;
            continue;
        }
        if (in_letter && (flags & ends)) {
            flags |= RUN_END;
            in_letter = false;
        } else if (in_letter) {
            flags |= RUN_IN_LETTER;
        } else {
            in_letter = run->verb == VERB_DATA;
        }
        run->flags = (uint8_t)flags;
        if (!(flags & RUN_IN_LETTER))
            o->pending_count += run->count;
    }
    o->letter = in_letter ? LETTER_ASKED : LETTER_NONE;
}

void pairing_drop_letter(struct observer *o)
{
    while (o->pending_used && (run_at(o, 0)->flags & RUN_IN_LETTER))
        drop_oldest_run(o);
}

const struct observer_run *pairing_near_miss(const struct observer *o)
{
    const struct observer_run *head = o->pending_used ? pairing_run(o, 0) : NULL;

    return head && (head->flags & RUN_IN_LETTER) && (head->flags & RUN_NEAR_MISS) ? head : NULL;
}

void pairing_near_miss_taken(struct observer *o)
{
    assert(pairing_near_miss(o));
    drop_oldest_run(o);
}

void pairing_clear(struct observer *o)
{
    o->pending_at = o->pending_used = 0;
    o->pending_count = 0;
}
