#include "dialogue/store.h"

#include <assert.h>

#include "base/mem.h"

/* Memory grows by doubling inside a segment: a short talk costs little, a long one wastes little.
 */
#define FIRST_ROOM 64
#define NEXT_ROOM  ((uint32_t)16 * 1024)

static struct segment *open_segment(struct store *s, uint64_t born)
{
    struct segment *last = s->count ? &s->at[s->count - 1] : NULL;

    if (last && last->len < STORE_SEGMENT && !last->thinned)
        return last;
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 1;
        s->at = mem_resize(s->at, s->room, sizeof s->at[0]);
    }
    last = &s->at[s->count++];
    *last = (struct segment){ .from = s->end, .born = born };
    return last;
}

static void make_room(struct store *s, struct segment *seg, size_t more)
{
    uint32_t room = seg->room ? seg->room : s->count == 1 ? FIRST_ROOM : NEXT_ROOM;

    while (room - seg->len < more)
        room *= 2;
    if (room == seg->room)
        return;
    s->memory += room - seg->room;
    seg->at = mem_resize(seg->at, room, 1);
    seg->room = room;
}

void store_append(struct store *s, struct span octets, uint64_t born)
{
    while (octets.len) {
        struct segment *seg = open_segment(s, born);
        struct span part = span_first(octets, STORE_SEGMENT - seg->len);

        make_room(s, seg, part.len);
        memcpy(seg->at + seg->len, part.at, part.len);
        seg->len += (uint32_t)part.len;
        s->end += part.len;
        octets = span_from(octets, part.len);
    }
}

uint32_t store_segment(const struct store *s, uint64_t offset)
{
    uint32_t low = 0, high = s->count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (s->at[middle].from <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct span store_run(struct store *s, uint64_t offset, uint32_t line)
{
    struct segment *seg = &s->at[store_segment(s, offset)];

    assert(!seg->thinned);
    if (offset == seg->from)
        seg->line = line;
    return span_from(span_make(seg->at, seg->len), (size_t)(offset - seg->from));
}

struct span segment_run(const struct segment *seg, uint32_t i, uint64_t *from)
{
    if (!seg->thinned) {
        *from = seg->from;
        return span_make(seg->at, seg->len);
    }
    *from = seg->pieces[i].from;
    return span_make(seg->at + seg->pieces[i].at, seg->pieces[i].len);
}

/* What is kept from the offset on, up to the end of its run. */
static struct span run_from(const struct segment *seg, uint64_t offset)
{
    uint32_t low = 0, high = segment_runs(seg);
    struct span run;
    uint64_t from;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        segment_run(seg, middle, &from);
        if (from <= offset)
            low = middle;
        else
            high = middle;
    }
    if (high == 0)
        return (struct span){ 0 };
    run = segment_run(seg, low, &from);
    return offset < from ? (struct span){ 0 } : span_from(run, (size_t)(offset - from));
}

void store_copy(const struct store *s, uint64_t offset, uint64_t len, struct buf *out)
{
    for (uint32_t i = store_segment(s, offset); len && i < s->count; i++) {
        struct span run = run_from(&s->at[i], offset);

        run = span_first(run, len < SIZE_MAX ? (size_t)len : SIZE_MAX);
        buf_add(out, run);
        offset += run.len;
        len -= run.len;
        if (offset < s->at[i].from + s->at[i].len)
            break; /* the whole was inside, or a gap follows */
    }
}

struct span store_view(const struct store *s, uint64_t offset, size_t len, struct buf *scratch)
{
    struct span run;

    if (!len)
        return (struct span){ 0 };
    run = run_from(&s->at[store_segment(s, offset)], offset);
    if (run.len >= len)
        return span_first(run, len);
    buf_clear(scratch);
    store_copy(s, offset, len, scratch);
    return buf_span(scratch);
}

void store_thin(struct store *s, uint32_t segment, const struct piece *pieces, uint32_t count)
{
    struct segment *seg = &s->at[segment];
    unsigned char *kept;
    uint32_t len = 0, at = 0;

    assert(!seg->thinned);
    for (uint32_t i = 0; i < count; i++)
        len += pieces[i].len;
    kept = mem_alloc(len);
    seg->pieces = mem_zero(count, sizeof pieces[0]);
    for (uint32_t i = 0; i < count; i++) {
        seg->pieces[i] = (struct piece){ pieces[i].from, at, pieces[i].len };
        memcpy(kept + at, seg->at + (pieces[i].from - seg->from), pieces[i].len);
        at += pieces[i].len;
    }
    mem_free(seg->at);
    s->memory -= seg->room;
    s->memory += len + count * sizeof pieces[0];
    seg->at = kept;
    seg->room = len;
    seg->piece_count = count;
    seg->thinned = true;
}

void store_release(struct store *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        mem_free(s->at[i].at);
        mem_free(s->at[i].pieces);
    }
    mem_free(s->at);
    *s = (struct store){ 0 };
}
