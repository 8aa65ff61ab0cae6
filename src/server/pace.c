#include "server/pace.h"

#include "base/mem.h"

struct pace {
    struct buf octets;
    size_t at; /* the first that has not left */
    uint64_t number;
    int64_t gap, due;
};

struct pace *pace_new(uint64_t number, int64_t gap)
{
    struct pace *p = mem_zero(1, sizeof *p);

    p->due = INT64_MIN;
    pace_change(p, number, gap);
    return p;
}

void pace_free(struct pace *p)
{
    if (!p)
        return;
    buf_release(&p->octets);
    mem_free(p);
}

void pace_change(struct pace *p, uint64_t number, int64_t gap)
{
    p->number = number;
    p->gap = gap;
}

void pace_add(struct pace *p, struct span octets)
{
    if (pace_empty(p)) {
        buf_clear(&p->octets);
        p->at = 0;
    }
    buf_add(&p->octets, octets);
}

bool pace_empty(const struct pace *p)
{
    return p->at == p->octets.len;
}

int64_t pace_due(const struct pace *p)
{
    return p->due;
}

struct span pace_take(struct pace *p, int64_t now)
{
    struct span left = span_from(buf_span(&p->octets), p->at), next = left;

    if (p->number < left.len)
        next = span_first(left, (size_t)p->number);
    p->at += next.len;
    p->due = now + p->gap;
    return next;
}
