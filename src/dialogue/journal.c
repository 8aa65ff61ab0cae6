#include "dialogue/journal.h"

#include <assert.h>

/* The first octet of an entry: its kind, and side, event or kind of fact. */
#define KIND_BITS 2
static_assert(TALK_EVENT_COUNT <= 1 << (8 - KIND_BITS), "an event fits beside the kind");
static_assert(FACT_KIND_COUNT <= 1 << (8 - KIND_BITS), "a fact's kind fits beside it, too");

/* The longest entry without its text: an octet and five numbers. */
#define NUMBER_MAX 10 /* 64 bits, 7 in an octet */
#define HEAD_MAX   (1 + 5 * NUMBER_MAX)

struct writer {
    unsigned char at[HEAD_MAX];
    size_t len;
};

/* Seven bits an octet, the lowest first; the highest bit says that more follow. */
static void put(struct writer *w, uint64_t number)
{
    for (; number > 127; number >>= 7)
        w->at[w->len++] = (unsigned char)(number | 128);
    w->at[w->len++] = (unsigned char)number;
}

static uint64_t take(struct span *rest)
{
    uint64_t number = 0;
    unsigned char octet;
    unsigned shift = 0;

    do {
        assert(rest->len && shift < 64);
        octet = rest->at[0];
        *rest = span_from(*rest, 1);
        number |= (uint64_t)(octet & 127) << shift;
        shift += 7;
    } while (octet & 128);
    return number;
}

/* A difference of either sign: small ones stay small numbers. */
static uint64_t fold(int64_t difference)
{
    uint64_t d = (uint64_t)difference;

    return difference < 0 ? ~(d << 1) : d << 1;
}

static int64_t unfold(uint64_t number)
{
    return (int64_t)(number & 1 ? ~(number >> 1) : number >> 1);
}

static struct span take_text(struct span *rest)
{
    size_t len = (size_t)take(rest);
    struct span text = span_first(*rest, len);

    assert(text.len == len);
    *rest = span_from(*rest, len);
    return text;
}

static unsigned detail_of(const struct journal_entry *e)
{
    return e->kind == JOURNAL_READ    ? (unsigned)e->side
           : e->kind == JOURNAL_EVENT ? (unsigned)e->event
                                      : (unsigned)e->fact.kind;
}

void journal_add(struct buf *journal, const struct journal_entry *e, int64_t last)
{
    struct writer w = { .len = 0 };
    struct span text = e->kind == JOURNAL_EVENT ? e->detail : e->fact.text;

    w.at[w.len++] = (unsigned char)(e->kind | detail_of(e) << KIND_BITS);
    put(&w, fold((int64_t)((uint64_t)e->time - (uint64_t)last)));
    if (e->kind == JOURNAL_READ) {
        put(&w, e->len);
        buf_add(journal, span_make(w.at, w.len));
        return;
    }
    if (e->kind == JOURNAL_FACT)
        put(&w, e->fact.number);
    if (e->kind == JOURNAL_FACT && e->fact.kind == FACT_BODY) {
        put(&w, e->fact.header_lines);
        put(&w, e->fact.body_lines);
    }
    put(&w, text.len);
    buf_reserve(journal, w.len + text.len);
    buf_add(journal, span_make(w.at, w.len));
    buf_add(journal, text);
}

bool journal_next(struct span *rest, int64_t *last, struct journal_entry *out)
{
    unsigned first;

    if (!rest->len)
        return false;
    first = rest->at[0];
    *rest = span_from(*rest, 1);
    *out = (struct journal_entry){ .kind = (enum journal_kind)(first & ((1 << KIND_BITS) - 1)) };
    out->time = (int64_t)((uint64_t)*last + (uint64_t)unfold(take(rest)));
    first >>= KIND_BITS;
    if (out->kind == JOURNAL_READ) {
        out->side = (enum side)first;
        out->len = (uint32_t)take(rest);
        *last = out->time;
        return true;
    }
    if (out->kind == JOURNAL_EVENT) {
        out->event = (enum talk_event)first;
        out->detail = take_text(rest);
        return true;
    }
    out->fact.kind = (enum fact_kind)first;
    out->fact.number = take(rest);
    if (out->fact.kind == FACT_BODY) {
        out->fact.header_lines = take(rest);
        out->fact.body_lines = take(rest);
    }
    out->fact.text = take_text(rest);
    return true;
}
