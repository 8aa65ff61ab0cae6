/*
 * From the journal to the index: what a reader asks for is made here, in the order in which it
 * happened, and the same whether it is made after every append or after many.
 */
#include "dialogue/journal.h"
#include "dialogue/record_inner.h"

/* Above it a journal's memory is given back when it was read. */
#define JOURNAL_KEPT 4096

static size_t add_words(struct index *x, struct span text)
{
    size_t at = x->words.len;

    buf_add(&x->words, text);
    return at;
}

static void settle_event(const struct record *r, struct talk *t, const struct journal_entry *e)
{
    struct index *x = t->index;
    struct kept_event *kept;

    if (talk_event_ends(e->event))
        talk_cut(t, r->limits.lines, &r->scratch->line, &r->scratch->seen);
    kept = blocks_add(&x->events, sizeof *kept);
    *kept = (struct kept_event){ .time = e->time,
                                 .detail = add_words(x, e->detail),
                                 .len = (uint32_t)e->detail.len,
                                 .after = x->now.lines,
                                 .event = e->event };
    observer_event(&x->now, e->event);
}

/* Where the fact's text stands in the words: a server says the same again and again. */
static size_t fact_words(struct index *x, const struct fact *f)
{
    uint32_t newest = x->newest_fact[f->kind];
    const struct kept_fact *before;

    if (newest) {
        before = blocks_get(&x->facts, sizeof *before, newest - 1);
        if (span_eq(span_first(span_from(buf_span(&x->words), before->text), before->len), f->text))
            return before->text;
    }
    return add_words(x, f->text);
}

/* Room for the next fact; NULL: there is none. Counts of the same letter replace each other at the
 * same line, or when there are far too many of them. */
static struct kept_fact *fact_room(struct talk *t, enum fact_kind kind)
{
    struct index *x = t->index;
    struct kept_fact *last =
        x->facts.count ? blocks_get(&x->facts, sizeof *last, x->facts.count - 1) : NULL;

    if (last && kind == FACT_BODY && last->kind == FACT_BODY &&
        (last->after == x->now.lines || x->facts.count >= FACTS_MAX / 2))
        return last;
    if (x->facts.count >= FACTS_MAX || x->words.len >= WORDS_MAX) {
        t->full = true;
        return NULL;
    }
    return blocks_add(&x->facts, sizeof *last);
}

static void settle_fact(const struct record *r, struct talk *t, const struct journal_entry *e)
{
    struct index *x = t->index;
    const struct fact *f = &e->fact;
    uint32_t count = x->facts.count;
    struct kept_fact *kept = fact_room(t, f->kind);
    size_t text;

    if (!kept)
        return;
    text = fact_words(x, f);
    if (x->facts.count == count)
        r->scratch->inside_of = 0; /* it may have counted the one that is replaced */
    inside_add(&x->inside, f);
    *kept = (struct kept_fact){ .time = e->time,
                                .text = text,
                                .number = f->number,
                                .header_lines = f->header_lines,
                                .body_lines = f->body_lines,
                                .len = (uint32_t)f->text.len,
                                .after = x->now.lines,
                                .kind = f->kind };
    x->newest_fact[f->kind] = x->facts.count;
}

void record_settle(const struct record *r, struct talk *t)
{
    struct span rest = buf_span(&t->journal);
    struct journal_entry e;
    int64_t last;

    talk_need_index(t);
    last = t->index->last_time;
    while (journal_next(&rest, &last, &e)) {
        if (e.kind == JOURNAL_READ)
            talk_read(t, e.side, e.len, e.time, r->limits.lines, &r->scratch->line,
                      &r->scratch->seen);
        else if (e.kind == JOURNAL_EVENT)
            settle_event(r, t, &e);
        else
            settle_fact(r, t, &e);
    }
    t->unread_lines = t->unread_facts = 0;
    t->newest_body = SIZE_MAX;
    if (t->journal.cap > JOURNAL_KEPT)
        buf_release(&t->journal);
    else
        buf_clear(&t->journal);
}
