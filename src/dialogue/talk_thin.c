/* What of a dialogue is given up when octets must go, and what never is. */
#include "base/mem.h"
#include "dialogue/talk.h"

bool talk_can_thin(const struct talk *t, uint64_t *born)
{
    const struct store *s = &t->octets[SIDE_CLIENT];
    uint32_t ready = s->count && !t->over ? s->count - 1 : s->count;

    if (t->thinned >= ready)
        return false;
    *born = s->at[t->thinned].born;
    return true;
}

/* Letter text goes; commands, dots and short lines that look like commands stay, because the state
 * depends on them. */
#define KEPT_LEN 64
static bool can_go(const struct line_entry *e)
{
    enum role role = line_entry_role(e);

    return (role == ROLE_LETTER || role == ROLE_CHUNK) &&
           !(e->place & (ENTRY_KEEP | ENTRY_SECRET)) &&
           !((e->place & ENTRY_MISTAKE) && e->len <= KEPT_LEN);
}

/* Adds what of [from, to) lies in the segment. */
static void keep_piece(struct buf *pieces, const struct segment *seg, uint64_t from, uint64_t to)
{
    struct piece *last =
        pieces->len ? (struct piece *)(void *)(pieces->at + pieces->len) - 1 : NULL;
    struct piece piece;

    from = from > seg->from ? from : seg->from;
    to = to < seg->from + seg->len ? to : seg->from + seg->len;
    if (from >= to)
        return;
    if (last && last->from + last->len == from) {
        last->len += (uint32_t)(to - from);
        return;
    }
    piece = (struct piece){ .from = from, .len = (uint32_t)(to - from) };
    buf_add(pieces, span_make(&piece, sizeof piece));
}

void talk_thin(struct talk *t)
{
    struct store *s = &t->octets[SIDE_CLIENT];
    const struct segment *seg = &s->at[t->thinned];
    struct buf pieces = { 0 };

    /* line 0: its octets were not read for lines, as the dialogue has all that it may have */
    for (uint32_t n = seg->line ? seg->line : 1; n <= t->index->now.lines; n++) {
        struct line_entry *e = talk_line(t, n);
        uint64_t from = line_entry_offset(e);

        if (line_entry_side(e) != SIDE_CLIENT)
            continue;
        if (from >= seg->from + seg->len)
            break;
        if (can_go(e))
            e->place |= ENTRY_GAP;
        else
            keep_piece(&pieces, seg, from, from + e->len + line_end_octets(line_entry_end(e)));
    }
    keep_piece(&pieces, seg, t->index->line_start[SIDE_CLIENT], t->index->taken[SIDE_CLIENT]);
    store_thin(s, t->thinned, (const struct piece *)(const void *)pieces.at,
               (uint32_t)(pieces.len / sizeof(struct piece)));
    t->thinned++;
    buf_release(&pieces);
}
