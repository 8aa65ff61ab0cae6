#include "base/mem.h"
#include "server/inner.h"

struct ended_talk {
    unsigned dialogue;
    uint64_t octets;
};
/* A ring: as many as there may be dialogues of strangers. */
struct ended_talks {
    struct ended_talk at[SERVER_STRANGERS_MAX];
    unsigned first, count;
};

void roll_keep(struct server *s, unsigned dialogue, uint64_t octets)
{
    struct ended_talks *e = s->ended;

    if (!e)
        e = s->ended = mem_zero(1, sizeof *e);
    e->at[(e->first + e->count++) % SERVER_STRANGERS_MAX] = (struct ended_talk){ dialogue, octets };
}

void roll_make_room(struct server *s)
{
    struct ended_talks *e = s->ended;

    while (e && e->count &&
           (s->strangers == SERVER_STRANGERS_MAX || s->strangers_octets > s->strangers_room)) {
        const struct ended_talk *oldest = &e->at[e->first];

        record_forget(s->record, oldest->dialogue);
        s->strangers--;
        s->strangers_octets -= oldest->octets;
        e->first = (e->first + 1) % SERVER_STRANGERS_MAX;
        e->count--;
    }
}
