/*
 * The record read as octets: how they came, and what they are, line or no line. Secrets are masked
 * here as in the lines that they belong to.
 */
#include <string.h>

#include "dialogue/record_inner.h"

uint32_t record_reads(const struct record *r, unsigned d)
{
    return record_talk(r, d)->index->reads.count;
}

void record_read_get(const struct record *r, unsigned d, uint32_t i, struct record_read *out)
{
    const struct talk *t = record_talk(r, d);
    const struct read_entry *read;
    struct read_anchor place;

    assert(i < t->index->reads.count);
    read = blocks_get(&t->index->reads, sizeof *read, i);
    talk_read_place(t, i, &place);
    out->side = read->len & READ_SIDE ? SIDE_SERVER : SIDE_CLIENT;
    out->len = read->len & ~READ_SIDE;
    out->time = place.time;
    out->offset = place.offset[out->side];
}

uint64_t record_read_sixteens(const struct record *r, unsigned d, uint32_t i)
{
    const struct talk *t = record_talk(r, d);
    struct read_anchor place;

    assert(i <= t->index->reads.count);
    talk_read_place(t, i, &place);
    return place.sixteens;
}

/* Octets that somebody wants, [from, end) of a side. */
struct wanted {
    uint64_t from, end;
    unsigned char *octets, *kinds;
};

static void copy_run(const struct wanted *w, struct span run, uint64_t at)
{
    uint64_t from = at > w->from ? at : w->from;
    uint64_t end = at + run.len < w->end ? at + run.len : w->end;

    if (from >= end)
        return;
    memcpy(w->octets + (from - w->from), run.at + (from - at), (size_t)(end - from));
    memset(w->kinds + (from - w->from), OCTET_KEPT, (size_t)(end - from));
}

static void copy_kept(const struct wanted *w, const struct store *s)
{
    for (uint32_t i = store_segment(s, w->from); i < s->count && s->at[i].from < w->end; i++)
        for (uint32_t j = 0; j < segment_runs(&s->at[i]); j++) {
            uint64_t at;
            struct span run = segment_run(&s->at[i], j, &at);

            copy_run(w, run, at);
        }
}

static void hide(const struct wanted *w, uint64_t from, uint64_t end, enum octet_kind kind)
{
    from = from > w->from ? from : w->from;
    end = end < w->end ? end : w->end;
    if (from >= end)
        return;
    memset(w->octets + (from - w->from), 0, (size_t)(end - from));
    memset(w->kinds + (from - w->from), (int)kind, (size_t)(end - from));
}

static uint32_t secret_line(const struct talk *t, uint32_t i)
{
    return *(const uint32_t *)blocks_get(&t->index->secrets, sizeof(uint32_t), i);
}

/* Only the client's lines have secrets, and they stand in order. */
static void hide_in_lines(const struct wanted *w, const struct record *r, const struct talk *t)
{
    uint32_t low = 0, high = t->index->secrets.count;

    while (low < high) { /* the first that ends behind w->from */
        uint32_t middle = low + (high - low) / 2;
        const struct line_entry *e = talk_line(t, secret_line(t, middle));

        if (line_entry_offset(e) + e->len <= w->from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < t->index->secrets.count; low++) {
        uint32_t n = secret_line(t, low);
        const struct line_entry *e = talk_line(t, n);
        uint64_t start = line_entry_offset(e);
        struct span secret;
        struct line line;

        if (start >= w->end)
            return;
        talk_fetch(t, n, &line, &r->scratch->line);
        secret = record_secret(t, n, line.head);
        if (secret.len)
            hide(w, start + (uint64_t)(secret.at - line.head.at), start + e->len, OCTET_SECRET);
    }
}

/* The line that has not ended. Of a dialogue that is full nobody knows what its octets are. */
static void hide_in_open(const struct wanted *w, const struct record *r, const struct talk *t)
{
    uint64_t start = t->index->line_start[SIDE_CLIENT], len = t->octets[SIDE_CLIENT].end - start;
    struct span head, secret;

    if (!len)
        return;
    if (t->full) {
        hide(w, start, UINT64_MAX, OCTET_GONE);
        return;
    }
    head = store_view(&t->octets[SIDE_CLIENT], start,
                      len < LINE_HEAD_MAX ? (size_t)len : LINE_HEAD_MAX, &r->scratch->line);
    secret = observer_open_secret(&t->index->now, head);
    if (secret.len)
        hide(w, start + (uint64_t)(secret.at - head.at), UINT64_MAX, OCTET_SECRET);
}

size_t record_octets_at(const struct record *r, unsigned d, enum side side, uint64_t offset,
                        size_t len, unsigned flags, unsigned char *octets, unsigned char *kinds)
{
    const struct talk *t = record_talk(r, d);
    const struct store *s = &t->octets[side];
    struct wanted w = { offset, offset, octets, kinds };

    if (offset >= s->end)
        return 0;
    w.end = s->end - offset < len ? s->end : offset + len;
    len = (size_t)(w.end - offset);
    memset(octets, 0, len);
    memset(kinds, OCTET_GONE, len);
    copy_kept(&w, s);
    if (side == SIDE_CLIENT && !(flags & RECORD_SECRETS)) {
        hide_in_lines(&w, r, t);
        hide_in_open(&w, r, t);
    }
    return len;
}
