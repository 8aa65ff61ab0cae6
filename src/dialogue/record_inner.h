/* The record from inside. Private to record*.c. */
#ifndef DIALOGUE_RECORD_INNER_H
#define DIALOGUE_RECORD_INNER_H
#include <assert.h>

#include "dialogue/record.h"
#include "dialogue/talk.h"

/* Room for what readers get; const records have it, too. */
struct scratch {
    struct buf line, masked, open;
    struct observed seen;
    /* the inside of `inside_of` (0: none) after its first `inside_facts` facts */
    struct inside inside;
    unsigned inside_of;
    uint32_t inside_facts;
};

/* Who talks, and since when: what is left of a forgotten dialogue. */
struct names {
    int64_t opened;
    size_t server; /* where its name starts in text */
    char text[];   /* the client's name, NUL, the server's, NUL */
};

/* Dialogues in pages, so that a page of forgotten ones can go. */
#define PAGE_SLOTS 256
struct slot {
    struct talk *talk;   /* owned; NULL: forgotten */
    struct names *names; /* owned; NULL: forgotten, too */
};
struct page {
    unsigned used; /* slots with something in them */
    struct slot at[PAGE_SLOTS];
};

struct record {
    struct record_limits limits;
    struct page **pages; /* owned, and the pages; NULL: all of it is forgotten */
    unsigned count, page_room;
    unsigned names_from; /* forgotten dialogues below it have no names any more */
    unsigned names_kept; /* forgotten dialogues that still have them */
    uint64_t version;
    uint64_t held;           /* memory that holds octets, of all dialogues */
    struct talk *nothing;    /* owned: what readers see of a forgotten dialogue; never changed */
    struct scratch *scratch; /* owned */
};

/* Where dialogue d is kept; NULL: its page is gone. */
static inline struct slot *record_slot(const struct record *r, unsigned d)
{
    struct page *page;

    assert(d >= 1 && d <= r->count);
    page = r->pages[(d - 1) / PAGE_SLOTS];
    return page ? &page->at[(d - 1) % PAGE_SLOTS] : NULL;
}

/* As it was appended; NULL: it is forgotten. */
static inline struct talk *record_raw(const struct record *r, unsigned d)
{
    struct slot *slot = record_slot(r, d);

    return slot ? slot->talk : NULL;
}

/* Reads the journal into the index. The record does not change by it, as its readers see it: so
 * this may be done to a const record, by whoever reads it first. */
void record_settle(const struct record *r, struct talk *t);

/* As readers see it. */
static inline const struct talk *record_talk(const struct record *r, unsigned d)
{
    struct talk *t = record_raw(r, d);

    if (!t)
        return r->nothing;
    if (t->journal.len || !t->index)
        record_settle(r, t);
    return t;
}

/* The secret in the head of line n, which has one; it goes on to the line's end. */
struct span record_secret(const struct talk *t, uint32_t n, struct span head);

/* Line n of a dialogue as readers may see it, when something in it is secret: its text with MASK in
 * the secret's place, in r->scratch->masked. */
struct span record_masked(const struct record *r, const struct talk *t, uint32_t n);

#endif
