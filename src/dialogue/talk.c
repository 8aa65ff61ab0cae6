#include "dialogue/talk.h"

#include "base/mem.h"
#include "dialogue/letter.h"

struct talk *talk_new(int64_t now)
{
    struct talk *t = mem_zero(1, sizeof *t);

    t->opened = t->last_time = now;
    t->newest_body = SIZE_MAX;
    return t;
}

void talk_need_index(struct talk *t)
{
    if (t->index)
        return;
    t->index = mem_zero(1, sizeof *t->index);
    t->index->last_time = t->opened;
    observer_init(&t->index->now);
    inside_init(&t->index->inside);
}

static void index_free(struct index *x)
{
    if (!x)
        return;
    for (uint32_t i = 0; i < x->snapshots.count; i++)
        mem_free(((struct snapshot *)blocks_get(&x->snapshots, sizeof(struct snapshot), i))->at);
    blocks_release(&x->lines);
    blocks_release(&x->reads);
    blocks_release(&x->anchors);
    blocks_release(&x->snapshots);
    blocks_release(&x->letters);
    blocks_release(&x->secrets);
    blocks_release(&x->events);
    blocks_release(&x->facts);
    buf_release(&x->words);
    inside_release(&x->inside);
    mem_free(x);
}

void talk_free(struct talk *t)
{
    if (!t)
        return;
    store_release(&t->octets[0]);
    store_release(&t->octets[1]);
    buf_release(&t->journal);
    index_free(t->index);
    mem_free(t);
}

static uint64_t sixteens(const struct read_entry *read)
{
    return ((read->len & ~READ_SIDE) + 15) / 16;
}

static void add_read(struct index *x, enum side side, uint32_t len, int64_t now)
{
    uint64_t delta = (uint64_t)(now - x->last_time);
    bool leap = delta > UINT32_MAX;
    struct read_entry *read;

    if (leap || x->reads.count % READ_ANCHOR == 0)
        *(struct read_anchor *)blocks_add(&x->anchors, sizeof(struct read_anchor)) =
            (struct read_anchor){ x->reads.count, now, { x->taken[0], x->taken[1] }, x->sixteens };
    read = blocks_add(&x->reads, sizeof *read);
    read->delta = leap ? 0 : (uint32_t)delta;
    read->len = len | (side == SIDE_SERVER ? READ_SIDE : 0);
    x->last_time = now;
    x->sixteens += sixteens(read);
}

static const struct read_entry *read_at(const struct talk *t, uint32_t i)
{
    return blocks_get(&t->index->reads, sizeof(struct read_entry), i);
}

/* The last anchor at or before a read; there is one. */
static const struct read_anchor *anchor_of(const struct talk *t, uint32_t read)
{
    uint32_t low = 0, high = t->index->anchors.count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        const struct read_anchor *anchor = blocks_get(&t->index->anchors, sizeof *anchor, middle);

        if (anchor->read <= read)
            low = middle;
        else
            high = middle;
    }
    return blocks_get(&t->index->anchors, sizeof(struct read_anchor), low);
}

int64_t talk_read_time(const struct talk *t, uint32_t read)
{
    const struct read_anchor *anchor;
    int64_t time;

    if (!t->index->anchors.count)
        return t->opened;
    anchor = anchor_of(t, read);
    time = anchor->time;
    for (uint32_t i = anchor->read + 1; i <= read; i++)
        time += read_at(t, i)->delta;
    return time;
}

void talk_read_place(const struct talk *t, uint32_t read, struct read_anchor *out)
{
    *out = (struct read_anchor){ 0 };
    if (!t->index->anchors.count)
        return;
    *out = *anchor_of(t, read);
    for (; out->read < read; out->read++) {
        const struct read_entry *e = read_at(t, out->read);

        out->offset[e->len & READ_SIDE ? SIDE_SERVER : SIDE_CLIENT] += e->len & ~READ_SIDE;
        out->sixteens += sixteens(e);
        if (out->read + 1 < t->index->reads.count)
            out->time += read_at(t, out->read + 1)->delta;
    }
}

static struct letter_entry *letter_at(const struct talk *t, uint32_t i)
{
    return blocks_get(&t->index->letters, sizeof(struct letter_entry), i);
}

/* The entry of the letter of that DATA, added when it is the newest; NULL: it is not the newest. */
static struct letter_entry *letter_of(struct talk *t, uint32_t data)
{
    struct letter_entry *e =
        t->index->letters.count ? letter_at(t, t->index->letters.count - 1) : NULL;

    if (!e || e->data < data) {
        e = blocks_add(&t->index->letters, sizeof *e);
        *e = (struct letter_entry){ .data = data, .first = 1, .last = 0 };
    }
    return e->data == data ? e : NULL;
}

/* A DATA was refused: what came after it was no letter. It is among the newest entries. */
static void forget_letter(struct talk *t, uint32_t data)
{
    uint32_t i = t->index->letters.count;

    while (i > 0 && letter_at(t, i - 1)->data > data)
        i--;
    if (i > 0 && letter_at(t, i - 1)->data == data)
        letter_at(t, i - 1)->first = 0;
}

static void index_letter(struct talk *t, const struct observed *seen)
{
    struct letter_entry *letter;

    if (seen->role == ROLE_LETTER) {
        letter = letter_of(t, t->index->now.data_line);
        if (!letter)
            return;
        if (letter->last < letter->first)
            letter->first = seen->number;
        letter->last = seen->number;
    } else if (seen->role == ROLE_REPLY && seen->reply.whole &&
               (seen->answers == VERB_DATA || seen->answers == VERB_AUTH_LINE)) {
        if (seen->after == AT_BODY)
            letter_of(t, seen->answers_line);
        else
            forget_letter(t, seen->answers_line);
    }
}

static void take_snapshot(struct talk *t)
{
    unsigned char packed[sizeof(struct observer)];
    struct snapshot *snapshot = blocks_add(&t->index->snapshots, sizeof *snapshot);

    snapshot->len = (uint32_t)observer_pack(&t->index->now, packed);
    snapshot->at = mem_alloc(snapshot->len);
    memcpy(snapshot->at, packed, snapshot->len);
    t->index->snapshot_octets += snapshot->len;
}

static bool has_mistake(const struct observed *seen)
{
    const struct mistakes *found =
        seen->role == ROLE_LETTER ? &seen->letter_mistakes : &seen->command.mistakes;

    return found->count && mistakes_worst(found, RISKY);
}

/* Text that the server may yet read as commands, and a command that stands behind a chunk. */
static bool state_needs(const struct talk *t, const struct observed *seen)
{
    if (seen->role == ROLE_CHUNK && !t->index->now.chunk_left)
        return true;
    return (seen->role == ROLE_LETTER || seen->role == ROLE_CHUNK) && t->index->now.pending_used &&
           (t->index->now.login.left || letter_verb(&seen->line) != VERB_UNKNOWN);
}

static void take_line(struct talk *t, enum side side, const struct line *line,
                      struct observed *seen)
{
    struct line_entry *e;
    uint64_t flags = 0;

    observer_line(&t->index->now, side, line, seen);
    if (side == SIDE_SERVER) {
        if (seen->reply.lines == 1)
            flags |= ENTRY_REPLY_START;
        if (seen->reply.whole)
            flags |= ENTRY_REPLY_END;
    } else if (has_mistake(seen)) {
        flags |= ENTRY_MISTAKE;
    }
    if (seen->secret.len) {
        flags |= ENTRY_SECRET;
        *(uint32_t *)blocks_add(&t->index->secrets, sizeof(uint32_t)) = seen->number;
    }
    if (state_needs(t, seen))
        flags |= ENTRY_KEEP;
    e = blocks_add(&t->index->lines, sizeof *e);
    e->place = t->index->line_start[side] | (uint64_t)side << ENTRY_SIDE_AT |
               (uint64_t)seen->role << ENTRY_ROLE_AT | (uint64_t)line->end << ENTRY_END_AT |
               (uint64_t)line->faults << ENTRY_FAULTS_AT | flags;
    e->len = (uint32_t)line->len;
    e->read = t->index->reads.count - 1;
    t->index->line_start[side] += line->len + line_end_octets(line->end);
    if (seen->role == ROLE_LETTER || seen->role == ROLE_REPLY)
        index_letter(t, seen);
    if (t->index->now.lines % RECORD_SNAPSHOT_LINES == 0)
        take_snapshot(t);
}

/* The head of a line that has just come whole: mostly among the octets under way, `piece`. */
static struct span head_of(const struct talk *t, enum side side, const struct line *line,
                           struct span piece, struct buf *scratch)
{
    uint64_t from = t->index->taken[side], start = t->index->line_start[side];
    size_t len = line->len < LINE_HEAD_MAX ? (size_t)line->len : LINE_HEAD_MAX;

    if (start >= from)
        return span_make(piece.at + (start - from), len);
    return store_view(&t->octets[side], start, len, scratch);
}

/* False: the dialogue has as many lines as it may have; *rest is not read. */
static bool take_piece(struct talk *t, enum side side, struct span piece, uint32_t lines,
                       struct buf *scratch, struct observed *seen, struct span *rest)
{
    struct line line;

    *rest = piece;
    while (rest->len) {
        *rest = span_from(*rest, line_scan_push(&t->index->scan[side], *rest, &line));
        if (line.end == LINE_OPEN)
            break;
        line.head = head_of(t, side, &line, piece, scratch);
        take_line(t, side, &line, seen);
        if (t->index->now.lines >= lines)
            return false;
    }
    return true;
}

void talk_read(struct talk *t, enum side side, uint32_t len, int64_t time, uint32_t lines,
               struct buf *scratch, struct observed *seen)
{
    struct index *x = t->index;

    add_read(x, side, len, time);
    while (len) {
        struct span rest, piece = store_run(&t->octets[side], x->taken[side], x->now.lines + 1);

        piece = span_first(piece, len);
        len -= (uint32_t)piece.len;
        if (!take_piece(t, side, piece, lines, scratch, seen, &rest)) {
            t->full = true;
            t->dropped += rest.len + len;
            return;
        }
        x->taken[side] += piece.len;
    }
}

void talk_cut(struct talk *t, uint32_t lines, struct buf *scratch, struct observed *seen)
{
    for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        struct line line;

        if (t->index->now.lines >= lines || !line_scan_close(&t->index->scan[side], &line))
            continue;
        line.head =
            store_view(&t->octets[side], t->index->line_start[side],
                       line.len < LINE_HEAD_MAX ? (size_t)line.len : LINE_HEAD_MAX, scratch);
        take_line(t, (enum side)side, &line, seen);
    }
}

void talk_fetch(const struct talk *t, uint32_t n, struct line *out, struct buf *scratch)
{
    const struct line_entry *e = talk_line(t, n);

    *out = (struct line){ .len = e->len, .end = line_entry_end(e), .faults = line_entry_faults(e) };
    if (e->place & ENTRY_GAP)
        return;
    out->head = store_view(&t->octets[line_entry_side(e)], line_entry_offset(e),
                           e->len < LINE_HEAD_MAX ? e->len : LINE_HEAD_MAX, scratch);
}

uint32_t talk_event_after(const struct talk *t, uint32_t n)
{
    uint32_t low = 0, high = t->index->events.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct kept_event *e = blocks_get(&t->index->events, sizeof *e, middle);

        if (e->after < n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void replay_events(const struct talk *t, uint32_t *next, uint32_t after,
                          struct observer *out)
{
    for (; *next < t->index->events.count; ++*next) {
        const struct kept_event *e = blocks_get(&t->index->events, sizeof *e, *next);

        if (e->after > after)
            break;
        observer_event(out, e->event);
    }
}

void talk_replay(const struct talk *t, uint32_t n, struct observer *out, struct observed *seen,
                 struct buf *scratch)
{
    uint32_t from = n / RECORD_SNAPSHOT_LINES, event;

    if (seen && n && n % RECORD_SNAPSHOT_LINES == 0)
        from--; /* the line itself is wanted, too */
    if (from) {
        const struct snapshot *s = blocks_get(&t->index->snapshots, sizeof *s, from - 1);

        observer_unpack(out, s->at);
    } else {
        observer_init(out);
    }
    event = talk_event_after(t, from * RECORD_SNAPSHOT_LINES);
    for (uint32_t i = from * RECORD_SNAPSHOT_LINES + 1; i <= n; i++) {
        struct observed here;
        struct line line;

        replay_events(t, &event, i - 1, out);
        talk_fetch(t, i, &line, scratch);
        observer_line(out, line_entry_side(talk_line(t, i)), &line, seen ? seen : &here);
    }
    if (n == t->index->now.lines)
        replay_events(t, &event, n, out);
}
