#include "engine/faults.h"

#include "base/clock.h"
#include "base/mem.h"
#include "engine/magic.h"
#include "engine/policy.h"

struct fault_rule {
    struct fault fault; /* owned */
    unsigned id;
    struct fault_times times; /* of fault.times; first 0 and every 0: always */
    uint64_t matched, played;
    struct fault_tally all;
};

struct fault_seen {
    unsigned id;
    struct fault_tally tally;
};

/* Clients and triples by a hash of their names: two of them that share one of 2^64 values would be
 * taken for each other. */
struct remembered {
    uint64_t key;
    uint64_t used; /* the larger, the later */
    struct fault_tally tally;
};

struct faults {
    struct fault_rule *rules; /* owned */
    size_t count;
    unsigned last_id;
    uint64_t random, clock;
    struct remembered *known; /* owned */
    size_t known_count, known_room;
    bool magic;
    struct fault_rule spell; /* of the magic address that was asked for last */
};

struct faults *faults_new(uint64_t seed)
{
    struct faults *set = mem_zero(1, sizeof *set);

    set->random = seed;
    return set;
}

void faults_free(struct faults *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++)
        fault_release(&set->rules[i].fault);
    fault_release(&set->spell.fault);
    mem_free(set->rules);
    mem_free(set->known);
    mem_free(set);
}

void fault_session_release(struct fault_session *s)
{
    mem_free(s->seen);
    *s = (struct fault_session){ 0 };
}

unsigned faults_add(struct faults *set, struct fault *f)
{
    struct fault_rule *rule;

    if (set->count == FAULTS_MAX) {
        fault_release(f);
        return 0;
    }
    set->rules = mem_resize(set->rules, set->count + 1, sizeof *set->rules);
    rule = &set->rules[set->count++];
    *rule = (struct fault_rule){ .fault = *f, .id = ++set->last_id };
    if (f->times)
        fault_times_read(span_of(f->times), &rule->times);
    *f = (struct fault){ 0 };
    return rule->id;
}

unsigned faults_parse(struct faults *set, struct span line, struct buf *why)
{
    struct fault f;
    unsigned id;

    if (!fault_parse(&f, line, why)) {
        fault_release(&f);
        return 0;
    }
    id = faults_add(set, &f);
    if (!id)
        buf_printf(why, "there are %d faults already", FAULTS_MAX);
    return id;
}

static size_t find(const struct faults *set, unsigned id)
{
    size_t i = 0;

    while (i < set->count && set->rules[i].id != id)
        i++;
    return i;
}

bool faults_remove(struct faults *set, unsigned id)
{
    size_t i = find(set, id);

    if (i == set->count)
        return false;
    fault_release(&set->rules[i].fault);
    set->count--;
    memmove(set->rules + i, set->rules + i + 1, (set->count - i) * sizeof *set->rules);
    return true;
}

bool faults_switch(struct faults *set, unsigned id, bool on)
{
    size_t i = find(set, id);

    if (i == set->count)
        return false;
    set->rules[i].fault.off = !on;
    return true;
}

size_t faults_count(const struct faults *set)
{
    return set->count;
}

bool faults_any(const struct faults *set, bool names)
{
    return set->count || (names && set->magic);
}

bool faults_get(const struct faults *set, size_t i, struct fault_info *out)
{
    if (i >= set->count)
        return false;
    *out = (struct fault_info){ .id = set->rules[i].id,
                                .fault = &set->rules[i].fault,
                                .matched = set->rules[i].matched,
                                .played = set->rules[i].played };
    return true;
}

int64_t faults_idle_at(const struct faults *set, int64_t since, int64_t after)
{
    int64_t nearest = CLOCK_NEVER;

    for (size_t i = 0; set && i < set->count; i++) {
        const struct fault *f = &set->rules[i].fault;

        if (f->at == FAULT_IDLE && !f->off && f->after > after && since + f->after < nearest)
            nearest = since + f->after;
    }
    return nearest;
}

uint64_t faults_octet(const struct faults *set, uint64_t from)
{
    uint64_t nearest = UINT64_MAX;

    for (size_t i = 0; set && i < set->count; i++) {
        const struct fault *f = &set->rules[i].fault;

        if (f->at == FAULT_BODY && !f->off && f->octet > from && f->octet < nearest)
            nearest = f->octet;
    }
    return nearest;
}

/* splitmix64 (Steele, Lea, Flood 2014): small, and the same everywhere. */
static unsigned percent(struct faults *set)
{
    uint64_t z = set->random += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ z >> 31) % 100);
}

/* FNV-1a, with a zero octet behind each part. */
static uint64_t hash(uint64_t h, struct span part)
{
    for (size_t i = 0; i < part.len; i++)
        h = (h ^ ascii_lower(part.at[i])) * 0x100000001b3u;
    return h * 0x100000001b3u;
}

static struct fault_tally *remember(struct faults *set, uint64_t key)
{
    struct remembered *oldest = NULL;

    for (size_t i = 0; i < set->known_count; i++) {
        struct remembered *r = &set->known[i];

        if (r->key == key) {
            r->used = ++set->clock;
            return &r->tally;
        }
        if (!oldest || r->used < oldest->used)
            oldest = r;
    }
    if (set->known_count < FAULTS_REMEMBERED_MAX) {
        if (set->known_count == set->known_room) {
            set->known_room = set->known_room ? set->known_room * 2 : 16;
            set->known = mem_resize(set->known, set->known_room, sizeof *set->known);
        }
        oldest = &set->known[set->known_count++];
    }
    *oldest = (struct remembered){ .key = key, .used = ++set->clock };
    return &oldest->tally;
}

static struct fault_tally *in_session(struct fault_session *s, unsigned id)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->seen[i].id == id)
            return &s->seen[i].tally;
    s->seen = mem_resize(s->seen, s->count + 1, sizeof *s->seen);
    s->seen[s->count] = (struct fault_seen){ .id = id };
    return &s->seen[s->count++].tally;
}

static uint64_t key_of(const struct fault_rule *rule, const struct fault_event *ev)
{
    return hash(hash(0xcbf29ce484222325u, span_make(&rule->id, sizeof rule->id)),
                span_of(ev->address));
}

static struct fault_tally *tally_of(struct faults *set, struct fault_session *s,
                                    struct fault_rule *rule, const struct fault_event *ev)
{
    switch ((enum fault_per)rule->fault.per) {
    case FAULT_PER_SESSION:
        return in_session(s, rule->id);
    case FAULT_PER_CLIENT:
        return remember(set, key_of(rule, ev));
    case FAULT_PER_ALL:
        break;
    }
    return &rule->all;
}

/* Are there more than `rate` in this stretch of time? It begins with the first match in it. */
static bool beyond_rate(const struct fault *f, struct fault_tally *t, int64_t now)
{
    if (!t->begun || now - t->since >= f->in) {
        t->begun = true;
        t->since = now;
        t->in_since = 0;
    }
    return ++t->in_since > f->rate;
}

/* A letter of many recipients waits for each whom the rule is for, as there is one reply for all.
 */
static bool too_early(struct faults *set, struct fault_rule *rule, const struct fault_event *ev)
{
    struct span rest = ev->to;
    bool early = false;

    do {
        struct span to = span_cut(rest, '\0', &rest);
        struct fault_tally *t;

        if (rule->fault.to && !fault_glob(span_of(rule->fault.to), to))
            continue;
        t = remember(set, hash(hash(key_of(rule, ev), ev->from), to));
        if (!t->begun) {
            t->begun = true;
            t->since = ev->now;
        }
        early |= ev->now - t->since < rule->fault.greylist;
    } while (rest.len);
    return early;
}

static bool is_its_time(const struct fault_times *t, uint64_t count)
{
    if (t->every)
        return count % t->every == 0;
    return !t->first || (count >= t->first && count <= t->last);
}

static bool plays(struct faults *set, struct fault_session *s, struct fault_rule *rule,
                  const struct fault_event *ev)
{
    const struct fault *f = &rule->fault;
    struct fault_tally *t;

    if (f->off || !fault_matches(f, ev))
        return false;
    rule->matched++;
    t = tally_of(set, s, rule, ev);
    if (!is_its_time(&rule->times, ++t->count) || (f->rate && !beyond_rate(f, t, ev->now)) ||
        (f->greylist && !too_early(set, rule, ev)) ||
        (f->chance < 100 && percent(set) >= f->chance))
        return false;
    rule->played++;
    return true;
}

static const char *reply_of(const struct fault *f)
{
    if (f->reply || f->raw)
        return f->reply;
    if (f->full == FAULT_FULL_452)
        return "452 4.2.2 The mailbox is full, try again later";
    if (f->full == FAULT_FULL_552)
        return "552 5.2.2 The mailbox is full";
    if (f->tls == FAULT_TLS_REFUSE)
        return "454 4.7.0 TLS is not available now";
    if (f->drop || f->reset || f->silent)
        return NULL;
    if (f->rate)
        return "421 4.7.0 Too much in too short a time, closing connection";
    return f->greylist ? "451 4.7.1 Greylisted, try again later" : NULL;
}

static unsigned code_of(const char *text)
{
    uint64_t code;

    return text && span_number(span_first(span_of(text), 3), &code) ? (unsigned)code : 0;
}

/* One more rule: what is named already stays; delays add up. */
static void join(struct fault_play *p, const struct fault *f)
{
    const char *reply = reply_of(f);

    p->rules[p->count++] = f;
    if (!p->reply && !p->raw && (reply || f->raw)) {
        p->reply = reply;
        p->raw = f->raw;
        p->code = code_of(reply ? reply : f->raw);
    }
    p->delay += f->delay;
    if (!p->slow && !p->pieces && (f->slow || f->pieces.count)) {
        p->slow = f->slow;
        p->pieces = f->pieces.count ? &f->pieces : NULL;
        p->pause = f->pause;
    }
    if (!p->tls)
        p->tls = (enum fault_tls)f->tls;
    if (p->end == FAULT_GOES_ON)
        p->end = f->drop     ? FAULT_DROPS
                 : f->reset  ? FAULT_RESETS
                 : f->silent ? FAULT_FALLS_SILENT
                             : FAULT_GOES_ON;
}

bool fault_refuses(const struct fault_play *p)
{
    return (p->reply || p->raw) && (p->code < 200 || p->code >= 400);
}

void faults_set_magic(struct faults *set, bool on)
{
    set->magic = on;
}

/* The fault that a recipient's local part asks for at this moment. False: none. */
static bool cast(struct faults *set, struct span mailbox, const struct fault_event *ev)
{
    unsigned number;
    const struct magic_row *row = magic_find(policy_local_part(mailbox), &number);
    const char *text = !row ? NULL : ev->at == FAULT_END ? row->later : row->line;
    struct buf line = { 0 }, why = { 0 };
    bool right;

    if (!text)
        return false;
    magic_fill(text, number, &line);
    fault_release(&set->spell.fault);
    right = fault_parse(&set->spell.fault, buf_span(&line), &why);
    buf_release(&line);
    buf_release(&why);
    return right;
}

static bool ask_magic(struct faults *set, struct fault_session *s, const struct fault_event *ev,
                      struct fault_play *out)
{
    struct span rest = ev->to;

    if (!set->magic || (ev->at != FAULT_RCPT && ev->at != FAULT_END))
        return false;
    while (rest.len) {
        struct span mailbox = span_cut(rest, '\0', &rest);

        if (cast(set, mailbox, ev) && plays(set, s, &set->spell, ev)) {
            join(out, &set->spell.fault);
            return true;
        }
    }
    return false;
}

bool faults_ask(struct faults *set, struct fault_session *s, const struct fault_event *ev,
                struct fault_play *out)
{
    *out = (struct fault_play){ 0 };
    for (size_t i = 0; set && i < set->count && out->count + 1 < FAULTS_PLAYED_MAX; i++)
        if (plays(set, s, &set->rules[i], ev))
            join(out, &set->rules[i].fault);
    if (set)
        ask_magic(set, s, ev, out);
    return out->count > 0;
}
