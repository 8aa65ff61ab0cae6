#include "dialogue/record.h"

#include <assert.h>

#include "base/mem.h"
#include "dialogue/journal.h"
#include "dialogue/record_inner.h"

struct record *record_new(const struct record_limits *limits)
{
    struct record *r = mem_zero(1, sizeof *r);

    r->scratch = mem_zero(1, sizeof *r->scratch);
    r->nothing = talk_new(0);
    talk_need_index(r->nothing);
    r->names_from = 1;
    r->limits.octets = limits && limits->octets ? limits->octets : RECORD_OCTETS_MAX;
    r->limits.lines = limits && limits->lines ? limits->lines : RECORD_LINES_MAX;
    if (r->limits.octets > UINT32_MAX)
        r->limits.octets = UINT32_MAX;
    return r;
}

static unsigned page_count(const struct record *r)
{
    return (r->count + PAGE_SLOTS - 1) / PAGE_SLOTS;
}

void record_free(struct record *r)
{
    if (!r)
        return;
    for (unsigned i = 0; i < page_count(r); i++) {
        for (unsigned j = 0; r->pages[i] && j < PAGE_SLOTS; j++) {
            talk_free(r->pages[i]->at[j].talk);
            mem_free(r->pages[i]->at[j].names);
        }
        mem_free(r->pages[i]);
    }
    mem_free(r->pages);
    talk_free(r->nothing);
    buf_release(&r->scratch->line);
    buf_release(&r->scratch->masked);
    buf_release(&r->scratch->open);
    inside_release(&r->scratch->inside);
    mem_free(r->scratch);
    mem_free(r);
}

static struct names *names_new(const char *client, const char *server, int64_t opened)
{
    size_t first = strlen(client) + 1, second = strlen(server) + 1;
    struct names *names = mem_alloc(sizeof *names + first + second);

    *names = (struct names){ .opened = opened, .server = first };
    memcpy(names->text, client, first);
    memcpy(names->text + first, server, second);
    return names;
}

unsigned record_open(struct record *r, const char *client, const char *server, int64_t now)
{
    struct page *page;

    if (r->count % PAGE_SLOTS == 0) {
        unsigned pages = page_count(r);

        if (pages == r->page_room) {
            r->page_room = r->page_room ? r->page_room * 2 : 1;
            r->pages = mem_resize(r->pages, r->page_room, sizeof r->pages[0]);
        }
        r->pages[pages] = mem_zero(1, sizeof *r->pages[0]);
    }
    page = r->pages[r->count / PAGE_SLOTS];
    page->at[r->count % PAGE_SLOTS] =
        (struct slot){ talk_new(now), names_new(client ? client : "", server ? server : "", now) };
    page->used++;
    r->version++;
    return ++r->count;
}

unsigned record_count(const struct record *r)
{
    return r->count;
}

static const struct names *names_of(const struct record *r, unsigned d)
{
    const struct slot *slot = record_slot(r, d);

    return slot ? slot->names : NULL;
}

const char *record_client(const struct record *r, unsigned d)
{
    const struct names *names = names_of(r, d);

    return names ? names->text : "";
}

const char *record_server(const struct record *r, unsigned d)
{
    const struct names *names = names_of(r, d);

    return names ? names->text + names->server : "";
}

void record_set_server(struct record *r, unsigned d, const char *server)
{
    struct slot *slot = record_slot(r, d);
    struct names *names;

    r->version++;
    if (!slot || !slot->names)
        return;
    names = names_new(slot->names->text, server, slot->names->opened);
    mem_free(slot->names);
    slot->names = names;
}

int64_t record_opened_at(const struct record *r, unsigned d)
{
    const struct names *names = names_of(r, d);

    return names ? names->opened : 0;
}

/* A forgotten dialogue loses its names, and a page with nothing in it goes, if it is not the one
 * that the next dialogue comes into. */
static void drop_names(struct record *r, unsigned d)
{
    struct page **page = &r->pages[(d - 1) / PAGE_SLOTS];
    struct slot *slot = &(*page)->at[(d - 1) % PAGE_SLOTS];

    mem_free(slot->names);
    slot->names = NULL;
    if (--(*page)->used > 0 || (d - 1) / PAGE_SLOTS == r->count / PAGE_SLOTS)
        return;
    mem_free(*page);
    *page = NULL;
}

void record_forget(struct record *r, unsigned d)
{
    struct slot *slot = record_slot(r, d);

    if (!slot || !slot->talk)
        return;
    r->version++;
    r->held -= talk_memory(slot->talk);
    if (r->scratch->inside_of == d)
        r->scratch->inside_of = 0;
    talk_free(slot->talk);
    slot->talk = NULL;
    if (d < r->names_from) {
        drop_names(r, d);
        return;
    }
    r->names_kept++;
    for (; r->names_kept > RECORD_NAMES_MAX; r->names_from++)
        if (!record_raw(r, r->names_from) && names_of(r, r->names_from)) {
            drop_names(r, r->names_from);
            r->names_kept--;
        }
}

void record_set_lazy(struct record *r, unsigned d)
{
    struct talk *t = record_raw(r, d);

    if (t)
        t->lazy = true;
}

/* The dialogue with the oldest octets of all that can go; NULL: there is none. */
static struct talk *oldest_to_thin(const struct record *r)
{
    struct talk *oldest = NULL;
    uint64_t oldest_born = UINT64_MAX, born = 0;

    for (unsigned i = 0; i < page_count(r); i++)
        for (unsigned j = 0; r->pages[i] && j < PAGE_SLOTS; j++) {
            struct talk *t = r->pages[i]->at[j].talk;

            if (t && talk_can_thin(t, &born) && born < oldest_born) {
                oldest = t;
                oldest_born = born;
            }
        }
    return oldest;
}

/* Thins the segment that is the oldest of all dialogues. False: nothing can be given up. */
static bool thin_oldest(struct record *r)
{
    struct talk *oldest = oldest_to_thin(r);
    uint64_t before;

    if (!oldest)
        return false;
    record_settle(r, oldest); /* which of its lines are a letter's, only the index knows */
    before = talk_memory(oldest);
    talk_thin(oldest);
    r->held -= before;
    r->held += talk_memory(oldest);
    return true;
}

/* The dialogue to append to; NULL: it is forgotten. */
static struct talk *talk_of(struct record *r, unsigned d)
{
    r->version++;
    return record_raw(r, d);
}

/* A limit may be reached with what the journal holds. Exactly when, the index tells. */
static bool near_limit(const struct record *r, const struct talk *t)
{
    const struct index *x = t->index;

    return (x ? x->now.lines : 0) + (uint64_t)t->unread_lines >= r->limits.lines ||
           (x ? x->facts.count : 0) + t->unread_facts >= FACTS_MAX ||
           (x ? x->words.len : 0) + t->journal.len >= WORDS_MAX;
}

static void appended(struct record *r, struct talk *t)
{
    if (!t->lazy || near_limit(r, t))
        record_settle(r, t);
}

static uint32_t line_ends(struct span octets)
{
    uint32_t count = 0;

    for (;; count++) {
        size_t at = span_find(octets, '\n');

        if (at == octets.len)
            return count;
        octets = span_from(octets, at + 1);
    }
}

static void append_octets(struct record *r, struct talk *t, enum side side, struct span octets,
                          int64_t now)
{
    struct journal_entry e = { .kind = JOURNAL_READ, .side = side, .len = (uint32_t)octets.len };
    uint64_t before = talk_memory(t);
    int64_t last = t->last_time;

    e.time = t->last_time = now > last ? now : last;
    store_append(&t->octets[side], octets, r->version);
    r->held += talk_memory(t) - before;
    t->reads++;
    if (!t->lazy) { /* as record_settle would do it, without the way through the journal */
        talk_need_index(t);
        talk_read(t, side, e.len, e.time, r->limits.lines, &r->scratch->line, &r->scratch->seen);
        return;
    }
    journal_add(&t->journal, &e, last);
    t->newest_body = SIZE_MAX;
    t->unread_lines += line_ends(octets);
    if (near_limit(r, t))
        record_settle(r, t);
}

void record_octets(struct record *r, unsigned d, enum side side, struct span octets, int64_t now)
{
    struct talk *t = talk_of(r, d);

    while (t && octets.len) {
        /* lengths of reads have 31 bits, and the cap is looked at between pieces */
        struct span piece = span_first(octets, STORE_SEGMENT);

        if (t->reads >= READS_MAX ||
            t->octets[side].end + piece.len > ENTRY_OFFSET_MAX) /* what an entry can point to */
            t->full = true;
        if (t->full) {
            t->dropped += octets.len;
            return;
        }
        append_octets(r, t, side, piece, now);
        while (r->held > r->limits.octets && !t->full)
            t->full = !thin_oldest(r);
        octets = span_from(octets, piece.len);
    }
}

void record_event(struct record *r, unsigned d, enum talk_event e, struct span detail, int64_t now)
{
    struct talk *t = talk_of(r, d);
    struct journal_entry entry = {
        .kind = JOURNAL_EVENT, .time = now, .event = e, .detail = detail
    };

    if (!t)
        return;
    t->over = t->over || talk_event_ends(e);
    t->newest_body = SIZE_MAX;
    journal_add(&t->journal, &entry, t->last_time);
    appended(r, t);
}

void record_fact(struct record *r, unsigned d, const struct fact *f, int64_t now)
{
    struct talk *t = talk_of(r, d);
    struct journal_entry e = { .kind = JOURNAL_FACT, .time = now, .fact = *f };
    bool body = f->kind == FACT_BODY && !f->text.len;

    if (!t)
        return;
    if (body && t->newest_body != SIZE_MAX) { /* counts at the same line replace each other */
        buf_truncate(&t->journal, t->newest_body);
        t->unread_facts--;
    }
    t->newest_body = body ? t->journal.len : SIZE_MAX;
    journal_add(&t->journal, &e, t->last_time);
    t->unread_facts++;
    appended(r, t);
}

bool record_full(const struct record *r, unsigned d)
{
    const struct talk *t = record_raw(r, d);

    return !t || t->full;
}

uint64_t record_dropped(const struct record *r, unsigned d)
{
    const struct talk *t = record_raw(r, d);

    return t ? t->dropped : 0;
}

uint64_t record_version(const struct record *r)
{
    return r->version;
}

static void add_index_cost(const struct index *x, struct record_cost *out)
{
    out->index_bytes += blocks_memory(&x->lines, sizeof(struct line_entry)) +
                        blocks_memory(&x->letters, sizeof(struct letter_entry)) +
                        blocks_memory(&x->secrets, sizeof(uint32_t));
    out->read_bytes += blocks_memory(&x->reads, sizeof(struct read_entry)) +
                       blocks_memory(&x->anchors, sizeof(struct read_anchor));
    out->snapshot_bytes +=
        blocks_memory(&x->snapshots, sizeof(struct snapshot)) + x->snapshot_octets;
    out->fact_bytes += blocks_memory(&x->facts, sizeof(struct kept_fact)) +
                       blocks_memory(&x->events, sizeof(struct kept_event)) + x->words.cap;
    out->talk_bytes += sizeof *x;
}

static void add_talk_cost(const struct talk *t, struct record_cost *out)
{
    out->octets += t->octets[0].end + t->octets[1].end;
    out->lines += (t->index ? t->index->now.lines : 0) + t->unread_lines;
    out->reads += t->reads;
    out->octet_bytes += talk_memory(t);
    out->talk_bytes += sizeof *t + t->journal.cap +
                       (t->octets[0].room + t->octets[1].room) * sizeof(struct segment);
    if (t->index)
        add_index_cost(t->index, out);
}

static void add_slot_cost(const struct slot *slot, struct record_cost *out)
{
    const struct names *names = slot->names;

    if (names)
        out->talk_bytes += sizeof *names + names->server + strlen(names->text + names->server) + 1;
    if (slot->talk)
        add_talk_cost(slot->talk, out);
}

void record_cost(const struct record *r, struct record_cost *out)
{
    *out = (struct record_cost){ .talk_bytes = r->page_room * sizeof r->pages[0] };
    for (unsigned i = 0; i < page_count(r); i++) {
        if (!r->pages[i])
            continue;
        out->talk_bytes += sizeof *r->pages[i];
        for (unsigned j = 0; j < PAGE_SLOTS; j++)
            add_slot_cost(&r->pages[i]->at[j], out);
    }
}
