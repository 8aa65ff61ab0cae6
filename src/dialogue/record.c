#include "dialogue/record.h"

#include <assert.h>

#include "base/mem.h"
#include "dialogue/record_inner.h"

struct record *record_new(const struct record_limits *limits)
{
    struct record *r = mem_zero(1, sizeof *r);

    r->scratch = mem_zero(1, sizeof *r->scratch);
    r->limits.octets = limits && limits->octets ? limits->octets : RECORD_OCTETS_MAX;
    r->limits.lines = limits && limits->lines ? limits->lines : RECORD_LINES_MAX;
    if (r->limits.octets > UINT32_MAX)
        r->limits.octets = UINT32_MAX;
    return r;
}

void record_free(struct record *r)
{
    if (!r)
        return;
    for (unsigned i = 0; i < r->count; i++)
        talk_free(r->talks[i]);
    mem_free(r->talks);
    buf_release(&r->scratch->line);
    buf_release(&r->scratch->masked);
    buf_release(&r->scratch->open);
    inside_release(&r->scratch->inside);
    mem_free(r->scratch);
    mem_free(r);
}

static struct talk *talk_of(struct record *r, unsigned d)
{
    assert(d >= 1 && d <= r->count);
    r->version++;
    return r->talks[d - 1];
}

unsigned record_open(struct record *r, const char *client, const char *server, int64_t now)
{
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 4;
        r->talks = mem_resize(r->talks, r->room, sizeof(struct talk *));
    }
    r->talks[r->count++] = talk_new(client, server, now);
    r->version++;
    return r->count;
}

unsigned record_count(const struct record *r)
{
    return r->count;
}

const char *record_client(const struct record *r, unsigned d)
{
    return record_talk(r, d)->client;
}

const char *record_server(const struct record *r, unsigned d)
{
    return record_talk(r, d)->server;
}

void record_set_server(struct record *r, unsigned d, const char *server)
{
    struct talk *t = talk_of(r, d);
    char *copy = mem_strdup(server);

    mem_free(t->server);
    t->server = copy;
}

int64_t record_opened_at(const struct record *r, unsigned d)
{
    return record_talk(r, d)->opened;
}

/* Thins the segment that is the oldest of all dialogues. False: nothing can be given up. */
static bool thin_oldest(struct record *r)
{
    struct talk *oldest = NULL;
    uint64_t oldest_born = UINT64_MAX, born = 0, before;

    for (unsigned i = 0; i < r->count; i++)
        if (talk_can_thin(r->talks[i], &born) && born < oldest_born) {
            oldest = r->talks[i];
            oldest_born = born;
        }
    if (!oldest)
        return false;
    before = talk_memory(oldest);
    talk_thin(oldest);
    r->held -= before;
    r->held += talk_memory(oldest);
    return true;
}

void record_octets(struct record *r, unsigned d, enum side side, struct span octets, int64_t now)
{
    struct talk *t = talk_of(r, d);

    while (octets.len) {
        /* lengths of reads have 31 bits, and the cap is looked at between pieces */
        struct span piece = span_first(octets, STORE_SEGMENT);
        uint64_t before = talk_memory(t);

        if (t->full) {
            t->dropped += octets.len;
            return;
        }
        talk_octets(t, side, piece, now, r->limits.lines, r->version, &r->scratch->line,
                    &r->scratch->seen);
        r->held += talk_memory(t) - before;
        while (r->held > r->limits.octets && !t->full)
            t->full = !thin_oldest(r);
        octets = span_from(octets, piece.len);
    }
}

static size_t add_words(struct talk *t, struct span text)
{
    size_t at = t->words.len;

    buf_add(&t->words, text);
    return at;
}

void record_event(struct record *r, unsigned d, enum talk_event e, struct span detail, int64_t now)
{
    struct talk *t = talk_of(r, d);
    struct kept_event *kept;

    if (talk_event_ends(e))
        talk_cut(t, r->limits.lines, &r->scratch->line, &r->scratch->seen);
    kept = blocks_add(&t->events, sizeof *kept);
    *kept = (struct kept_event){ .time = now,
                                 .detail = add_words(t, detail),
                                 .len = (uint32_t)detail.len,
                                 .after = t->now.lines,
                                 .event = e };
    observer_event(&t->now, e);
}

/* Where the fact's text stands in the words: a server says the same again and again. */
static size_t fact_words(struct talk *t, const struct fact *f)
{
    uint32_t newest = t->newest_fact[f->kind];
    const struct kept_fact *before;

    if (newest) {
        before = blocks_get(&t->facts, sizeof *before, newest - 1);
        if (span_eq(span_first(span_from(buf_span(&t->words), before->text), before->len), f->text))
            return before->text;
    }
    return add_words(t, f->text);
}

/* Room for the next fact; NULL: there is none. Counts of the same letter replace each other at the
 * same line, or when there are far too many of them. */
static struct kept_fact *fact_room(struct talk *t, enum fact_kind kind)
{
    struct kept_fact *last =
        t->facts.count ? blocks_get(&t->facts, sizeof *last, t->facts.count - 1) : NULL;

    if (last && kind == FACT_BODY && last->kind == FACT_BODY &&
        (last->after == t->now.lines || t->facts.count >= FACTS_MAX / 2))
        return last;
    if (t->facts.count >= FACTS_MAX || t->words.len >= WORDS_MAX) {
        t->full = true;
        return NULL;
    }
    return blocks_add(&t->facts, sizeof *last);
}

void record_fact(struct record *r, unsigned d, const struct fact *f, int64_t now)
{
    struct talk *t = talk_of(r, d);
    uint32_t count = t->facts.count;
    struct kept_fact *kept = fact_room(t, f->kind);
    size_t text;

    if (!kept)
        return;
    text = fact_words(t, f);
    if (t->facts.count == count)
        r->scratch->inside_of = 0; /* it may have counted the one that is replaced */
    inside_add(&t->inside, f);
    *kept = (struct kept_fact){ .time = now,
                                .text = text,
                                .number = f->number,
                                .header_lines = f->header_lines,
                                .body_lines = f->body_lines,
                                .len = (uint32_t)f->text.len,
                                .after = t->now.lines,
                                .kind = f->kind };
    t->newest_fact[f->kind] = t->facts.count;
}

bool record_full(const struct record *r, unsigned d)
{
    return record_talk(r, d)->full;
}

uint64_t record_dropped(const struct record *r, unsigned d)
{
    return record_talk(r, d)->dropped;
}

uint64_t record_version(const struct record *r)
{
    return r->version;
}

void record_cost(const struct record *r, struct record_cost *out)
{
    *out = (struct record_cost){ 0 };
    for (unsigned i = 0; i < r->count; i++) {
        const struct talk *t = r->talks[i];

        out->octets += t->octets[0].end + t->octets[1].end;
        out->lines += t->now.lines;
        out->reads += t->reads.count;
        out->octet_bytes += talk_memory(t);
        out->index_bytes += blocks_memory(&t->lines, sizeof(struct line_entry)) +
                            blocks_memory(&t->letters, sizeof(struct letter_entry)) +
                            blocks_memory(&t->secrets, sizeof(uint32_t));
        out->read_bytes += blocks_memory(&t->reads, sizeof(struct read_entry)) +
                           blocks_memory(&t->anchors, sizeof(struct read_anchor));
        out->snapshot_bytes +=
            blocks_memory(&t->snapshots, sizeof(struct snapshot)) + t->snapshot_octets;
        out->fact_bytes += blocks_memory(&t->facts, sizeof(struct kept_fact)) +
                           blocks_memory(&t->events, sizeof(struct kept_event)) + t->words.cap;
    }
}
