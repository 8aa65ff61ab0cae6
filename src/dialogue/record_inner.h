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

struct record {
    struct record_limits limits;
    struct talk **talks; /* owned; dialogue d at d - 1 */
    unsigned count, room;
    uint64_t version;
    uint64_t held;           /* memory that holds octets, of all dialogues */
    struct scratch *scratch; /* owned */
};

static inline const struct talk *record_talk(const struct record *r, unsigned d)
{
    assert(d >= 1 && d <= r->count);
    return r->talks[d - 1];
}

/* Line n of a dialogue as readers may see it, when something in it is secret: its text with MASK in
 * the secret's place, in r->scratch->masked. */
struct span record_masked(const struct record *r, const struct talk *t, uint32_t n);

#endif
