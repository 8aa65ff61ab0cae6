#include "dialogue/talk.h"

#include "base/mem.h"
#include "dialogue/letter.h"

/* Octets taken at once: segments know which lines reach into them as exactly as this. */
#define PIECE ((size_t)64 * 1024)

struct talk *talk_new(const char *client, const char *server, int64_t now)
{
    struct talk *t = mem_zero(1, sizeof *t);

    t->client = mem_strdup(client ? client : "");
    t->server = mem_strdup(server ? server : "");
    t->opened = t->last_time = now;
    observer_init(&t->now);
    inside_init(&t->inside);
    return t;
}

void talk_free(struct talk *t)
{
    for (uint32_t i = 0; i < t->snapshots.count; i++)
        mem_free(((struct snapshot *)blocks_get(&t->snapshots, sizeof(struct snapshot), i))->at);
    mem_free(t->client);
    mem_free(t->server);
    store_release(&t->octets[0]);
    store_release(&t->octets[1]);
    blocks_release(&t->lines);
    blocks_release(&t->reads);
    blocks_release(&t->anchors);
    blocks_release(&t->snapshots);
    blocks_release(&t->letters);
    blocks_release(&t->secrets);
    blocks_release(&t->events);
    blocks_release(&t->facts);
    buf_release(&t->words);
    inside_release(&t->inside);
    mem_free(t);
}

static void add_read(struct talk *t, enum side side, size_t len, int64_t now)
{
    uint64_t delta = (uint64_t)(now - t->last_time);
    bool leap = delta > UINT32_MAX;
    struct read_entry *read;

    if (leap || t->reads.count % READ_ANCHOR == 0)
        *(struct read_anchor *)blocks_add(&t->anchors, sizeof(struct read_anchor)) =
            (struct read_anchor){ t->reads.count, now };
    read = blocks_add(&t->reads, sizeof *read);
    read->delta = leap ? 0 : (uint32_t)delta;
    read->len = (uint32_t)len | (side == SIDE_SERVER ? READ_SIDE : 0);
    t->last_time = now;
}

int64_t talk_read_time(const struct talk *t, uint32_t read)
{
    const struct read_anchor *anchor;
    uint32_t low = 0, high = t->anchors.count;
    int64_t time;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        anchor = blocks_get(&t->anchors, sizeof *anchor, middle);
        if (anchor->read <= read)
            low = middle;
        else
            high = middle;
    }
    if (!t->anchors.count)
        return t->opened;
    anchor = blocks_get(&t->anchors, sizeof *anchor, low);
    time = anchor->time;
    for (uint32_t i = anchor->read + 1; i <= read; i++)
        time += ((struct read_entry *)blocks_get(&t->reads, sizeof(struct read_entry), i))->delta;
    return time;
}

static struct letter_entry *letter_at(const struct talk *t, uint32_t i)
{
    return blocks_get(&t->letters, sizeof(struct letter_entry), i);
}

/* The entry of the letter of that DATA, added when it is the newest; NULL: it is not the newest. */
static struct letter_entry *letter_of(struct talk *t, uint32_t data)
{
    struct letter_entry *e = t->letters.count ? letter_at(t, t->letters.count - 1) : NULL;

    if (!e || e->data < data) {
        e = blocks_add(&t->letters, sizeof *e);
        *e = (struct letter_entry){ .data = data, .first = 1, .last = 0 };
    }
    return e->data == data ? e : NULL;
}

/* A DATA was refused: what came after it was no letter. It is among the newest entries. */
static void forget_letter(struct talk *t, uint32_t data)
{
    uint32_t i = t->letters.count;

    while (i > 0 && letter_at(t, i - 1)->data > data)
        i--;
    if (i > 0 && letter_at(t, i - 1)->data == data)
        letter_at(t, i - 1)->first = 0;
}

static void index_letter(struct talk *t, const struct observed *seen)
{
    struct letter_entry *letter;

    if (seen->role == ROLE_LETTER) {
        letter = letter_of(t, t->now.data_line);
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
    struct snapshot *snapshot = blocks_add(&t->snapshots, sizeof *snapshot);

    snapshot->len = (uint32_t)observer_pack(&t->now, packed);
    snapshot->at = mem_alloc(snapshot->len);
    memcpy(snapshot->at, packed, snapshot->len);
    t->snapshot_octets += snapshot->len;
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
    if (seen->role == ROLE_CHUNK && !t->now.chunk_left)
        return true;
    return (seen->role == ROLE_LETTER || seen->role == ROLE_CHUNK) && t->now.pending_used &&
           (t->now.login.left || letter_verb(&seen->line) != VERB_UNKNOWN);
}

static void take_line(struct talk *t, enum side side, const struct line *line,
                      struct observed *seen)
{
    struct line_entry *e;
    uint64_t flags = 0;

    observer_line(&t->now, side, line, seen);
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
        *(uint32_t *)blocks_add(&t->secrets, sizeof(uint32_t)) = seen->number;
    }
    if (state_needs(t, seen))
        flags |= ENTRY_KEEP;
    e = blocks_add(&t->lines, sizeof *e);
    e->place = t->line_start[side] | (uint64_t)side << ENTRY_SIDE_AT |
               (uint64_t)seen->role << ENTRY_ROLE_AT | (uint64_t)line->end << ENTRY_END_AT |
               (uint64_t)line->faults << ENTRY_FAULTS_AT | flags;
    e->len = (uint32_t)line->len;
    e->read = t->reads.count - 1;
    t->line_start[side] += line->len + line_end_octets(line->end);
    if (seen->role == ROLE_LETTER || seen->role == ROLE_REPLY)
        index_letter(t, seen);
    if (t->now.lines % RECORD_SNAPSHOT_LINES == 0)
        take_snapshot(t);
}

/* The head of a line that has just come whole: mostly still among the octets just pushed. */
static struct span head_of(const struct talk *t, enum side side, const struct line *line,
                           struct span pushed, struct buf *scratch)
{
    uint64_t from = t->octets[side].end - pushed.len, start = t->line_start[side];
    size_t len = line->len < LINE_HEAD_MAX ? (size_t)line->len : LINE_HEAD_MAX;

    if (start >= from)
        return span_make(pushed.at + (start - from), len);
    return store_view(&t->octets[side], start, len, scratch);
}

static void take_piece(struct talk *t, enum side side, struct span piece, uint32_t lines,
                       struct buf *scratch, struct observed *seen)
{
    struct span rest = piece;
    struct line line;

    while (rest.len) {
        rest = span_from(rest, line_scan_push(&t->scan[side], rest, &line));
        if (line.end == LINE_OPEN)
            break;
        line.head = head_of(t, side, &line, piece, scratch);
        take_line(t, side, &line, seen);
        if (t->now.lines >= lines) {
            t->full = true;
            t->dropped += rest.len;
            break;
        }
    }
}

void talk_octets(struct talk *t, enum side side, struct span octets, int64_t now, uint32_t lines,
                 uint64_t born, struct buf *scratch, struct observed *seen)
{
    if (now < t->last_time)
        now = t->last_time;
    if (t->reads.count >= READS_MAX ||
        t->octets[side].end + octets.len > ENTRY_OFFSET_MAX) /* as many as an entry can point to */
        t->full = true;
    if (!t->full)
        add_read(t, side, octets.len, now);
    while (octets.len && !t->full) {
        struct span piece = span_first(octets, PIECE);

        store_append(&t->octets[side], piece, t->now.lines + 1, born);
        take_piece(t, side, piece, lines, scratch, seen);
        octets = span_from(octets, piece.len);
    }
    t->dropped += octets.len;
}

void talk_cut(struct talk *t, uint32_t lines, struct buf *scratch, struct observed *seen)
{
    for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
        struct line line;

        if (t->now.lines >= lines || !line_scan_close(&t->scan[side], &line))
            continue;
        line.head =
            store_view(&t->octets[side], t->line_start[side],
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
    uint32_t low = 0, high = t->events.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct kept_event *e = blocks_get(&t->events, sizeof *e, middle);

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
    for (; *next < t->events.count; ++*next) {
        const struct kept_event *e = blocks_get(&t->events, sizeof *e, *next);

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
        const struct snapshot *s = blocks_get(&t->snapshots, sizeof *s, from - 1);

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
    if (n == t->now.lines)
        replay_events(t, &event, n, out);
}

bool talk_can_thin(const struct talk *t, uint64_t *born)
{
    const struct store *s = &t->octets[SIDE_CLIENT];
    uint32_t ready = s->count && !t->now.over ? s->count - 1 : s->count;

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

    for (uint32_t n = seg->line; n <= t->now.lines; n++) {
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
    keep_piece(&pieces, seg, t->line_start[SIDE_CLIENT], s->end);
    store_thin(s, t->thinned, (const struct piece *)(const void *)pieces.at,
               (uint32_t)(pieces.len / sizeof(struct piece)));
    t->thinned++;
    buf_release(&pieces);
}
