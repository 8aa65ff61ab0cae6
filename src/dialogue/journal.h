/*
 * The journal of a dialogue: what was appended to the record and nobody has read yet, in order and
 * packed. A read's octets stand in the store; here is only how many of which side, and when. Short,
 * because a server keeps one for each of its clients, and cheap to write, because it is written for
 * every read and fact. Private to record*.c.
 */
#ifndef DIALOGUE_JOURNAL_H
#define DIALOGUE_JOURNAL_H
#include "base/buf.h"
#include "dialogue/event.h"
#include "dialogue/fact.h"

enum journal_kind { JOURNAL_READ, JOURNAL_EVENT, JOURNAL_FACT };

struct journal_entry {
    enum journal_kind kind;
    int64_t time;
    enum side side;        /* JOURNAL_READ */
    uint32_t len;          /* JOURNAL_READ: octets */
    enum talk_event event; /* JOURNAL_EVENT */
    struct span detail;    /* JOURNAL_EVENT */
    struct fact fact;      /* JOURNAL_FACT */
};

/* `last`: time of the last read before, which is what an entry's time is told by. */
void journal_add(struct buf *journal, const struct journal_entry *e, int64_t last);
/* Takes the first entry off *rest, which journal_add wrote; false: there is none. *out borrows from
 * it. *last as above: it is moved on. */
bool journal_next(struct span *rest, int64_t *last, struct journal_entry *out);

#endif
