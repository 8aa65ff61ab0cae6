#include "dialogue/needle.h"
#include "dialogue/record_inner.h"

/*
 * A search over some segments of one side. Hits come in the order of their offsets, so the line of
 * each is found by walking on from the line of the one before.
 */
struct search {
    const struct talk *talk;
    enum side side;
    const struct needle *needle;
    uint32_t after, before; /* lines wanted: after < line < before */
    bool last;              /* the last one, not the first */
    uint32_t line;          /* the walk over the lines */
    uint32_t found;         /* 0: none yet */
    bool done;
    unsigned char edge[2 * RECORD_NEEDLE_MAX]; /* around the border of two segments */
};

/* Moves s->line to the line of that side that holds the octet at `offset`. False: it belongs to
 * the unfinished line. */
static bool walk_to(struct search *s, uint64_t offset)
{
    for (; s->line <= s->talk->index->now.lines; s->line++) {
        const struct line_entry *e = talk_line(s->talk, s->line);

        if (line_entry_side(e) == s->side &&
            line_entry_offset(e) + e->len + line_end_octets(line_entry_end(e)) > offset)
            return true;
    }
    return false;
}

static void judge(struct search *s, uint64_t offset)
{
    const struct line_entry *e;

    if (!walk_to(s, offset) || s->line >= s->before) {
        s->done = true;
        return;
    }
    e = talk_line(s->talk, s->line);
    /* the walk may start after lines of this segment that are not wanted */
    if (s->line <= s->after || offset < line_entry_offset(e) ||
        (e->place & (ENTRY_SECRET | ENTRY_GAP)) ||
        offset + s->needle->text.len > line_entry_offset(e) + e->len)
        return;
    s->found = s->line;
    s->done = !s->last;
}

static void search_span(struct search *s, struct span in, uint64_t from)
{
    struct needle_scan scan = needle_start(s->needle, in);
    size_t at;

    while (!s->done && needle_next(s->needle, &scan, &at))
        judge(s, from + at);
}

/* The last octets before the segment and the first of `run`, which starts it. */
static void search_edge(struct search *s, uint32_t segment, struct span run, uint64_t from)
{
    const struct segment *before;
    size_t reach = s->needle->text.len - 1, len;
    struct span tail;
    uint64_t tail_from;

    if (segment == 0 || reach == 0)
        return;
    before = &s->talk->octets[s->side].at[segment - 1];
    if (segment_runs(before) == 0)
        return;
    tail = segment_run(before, segment_runs(before) - 1, &tail_from);
    if (tail_from + tail.len != from)
        return; /* a gap is between them */
    if (tail.len > reach)
        tail = span_from(tail, tail.len - reach);
    run = span_first(run, reach);
    memcpy(s->edge, tail.at, tail.len);
    memcpy(s->edge + tail.len, run.at, run.len);
    len = tail.len + run.len;
    search_span(s, span_make(s->edge, len), from - tail.len);
}

static void search_segment(struct search *s, uint32_t segment)
{
    const struct segment *seg = &s->talk->octets[s->side].at[segment];

    if (s->line < seg->line)
        s->line = seg->line;
    for (uint32_t i = 0; i < segment_runs(seg) && !s->done; i++) {
        uint64_t from;
        struct span run = segment_run(seg, i, &from);

        if (i == 0 && from == seg->from)
            search_edge(s, segment, run, from);
        if (!s->done)
            search_span(s, run, from);
    }
}

/* The segment where a line of that side after `after` starts. */
static uint32_t first_segment(const struct talk *t, enum side side, uint32_t after)
{
    for (uint32_t n = after + 1; n <= t->index->now.lines; n++)
        if (line_entry_side(talk_line(t, n)) == side)
            return store_segment(&t->octets[side], line_entry_offset(talk_line(t, n)));
    return t->octets[side].count;
}

static uint32_t last_segment(const struct talk *t, enum side side, uint32_t before)
{
    for (uint32_t n = before < t->index->now.lines ? before : t->index->now.lines; n >= 1; n--) {
        const struct line_entry *e = talk_line(t, n);

        if (line_entry_side(e) == side) {
            uint64_t end = line_entry_offset(e) + e->len + line_end_octets(line_entry_end(e));

            return store_segment(&t->octets[side], end - 1) + 1;
        }
    }
    return 0;
}

/* The first line, or the last, of that side strictly between the two; 0: none. */
static uint32_t find_side(struct search *s, enum side side)
{
    uint32_t first = first_segment(s->talk, side, s->after),
             past = last_segment(s->talk, side, s->before);

    s->side = side;
    s->found = 0;
    s->done = false;
    s->line = s->after + 1;
    if (!s->last) {
        for (uint32_t i = first; i < past && !s->done; i++)
            search_segment(s, i);
        return s->found;
    }
    for (uint32_t i = past; i-- > first && !s->found;) {
        s->line = 1;
        s->done = false;
        search_segment(s, i);
    }
    return s->found;
}

/* Lines with secrets, in their masked form. */
static uint32_t find_masked(const struct record *r, const struct search *s)
{
    const struct blocks *secrets = &s->talk->index->secrets;
    uint32_t found = 0;

    for (uint32_t i = 0; i < secrets->count; i++) {
        uint32_t n = *(uint32_t *)blocks_get(secrets, sizeof n, i);

        if (n <= s->after || n >= s->before)
            continue;
        if (span_search(record_masked(r, s->talk, n), s->needle->text, 0, true) == SPAN_NOT_FOUND)
            continue;
        found = n;
        if (!s->last)
            break;
    }
    return found;
}

uint32_t record_find(const struct record *r, unsigned d, uint32_t from, bool backwards,
                     struct span needle)
{
    const struct talk *t = record_talk(r, d);
    struct needle n;
    struct search s = { .talk = t, .last = backwards, .before = t->index->now.lines + 1 };
    uint32_t best = 0;

    if (needle.len == 0 || needle.len > RECORD_NEEDLE_MAX || span_find(needle, '\n') < needle.len)
        return 0;
    n = needle_make(needle);
    s.needle = &n;
    if (backwards && from)
        s.before = from < s.before ? from : s.before;
    else
        s.after = from;
    /* each search narrows the lines that the next one need look at */
    for (int look = 0; look < 3; look++) {
        uint32_t found = look == 0   ? find_masked(r, &s)
                         : look == 1 ? find_side(&s, SIDE_CLIENT)
                                     : find_side(&s, SIDE_SERVER);

        if (!found)
            continue;
        best = found;
        if (backwards)
            s.after = found;
        else
            s.before = found;
    }
    return best;
}
