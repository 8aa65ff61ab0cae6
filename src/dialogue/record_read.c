#include "dialogue/mask.h"
#include "dialogue/record_inner.h"

static const struct line_entry *entry_of(const struct record *r, unsigned d, uint32_t n)
{
    const struct talk *t = record_talk(r, d);

    assert(n >= 1 && n <= t->index->now.lines);
    return talk_line(t, n);
}

uint32_t record_lines(const struct record *r, unsigned d)
{
    return record_talk(r, d)->index->now.lines;
}

enum side record_line_side(const struct record *r, unsigned d, uint32_t n)
{
    return line_entry_side(entry_of(r, d, n));
}

enum role record_line_role(const struct record *r, unsigned d, uint32_t n)
{
    return line_entry_role(entry_of(r, d, n));
}

int64_t record_line_time(const struct record *r, unsigned d, uint32_t n)
{
    return talk_read_time(record_talk(r, d), entry_of(r, d, n)->read);
}

/* The text around the secret, and MASK in its place. */
static struct span mask(struct buf *out, struct span head, struct span secret)
{
    buf_clear(out);
    if (!secret.len)
        return head;
    buf_add(out, span_first(head, (size_t)(secret.at - head.at)));
    buf_add_text(out, MASK);
    return buf_span(out);
}

struct span record_secret(const struct talk *t, uint32_t n, struct span head)
{
    enum role role = line_entry_role(talk_line(t, n));

    if (role != ROLE_AUTH && mask_is_auth_command(head))
        return mask_in_auth_command(head);
    return role == ROLE_COMMAND ? mask_behind_verb(head) : mask_in_auth_line(head);
}

struct span record_masked(const struct record *r, const struct talk *t, uint32_t n)
{
    struct line line;

    talk_fetch(t, n, &line, &r->scratch->line);
    return mask(&r->scratch->masked, line.head, record_secret(t, n, line.head));
}

void record_line(const struct record *r, unsigned d, uint32_t n, unsigned flags,
                 struct record_line *out)
{
    const struct talk *t = record_talk(r, d);
    const struct line_entry *e = entry_of(r, d, n);

    *out = (struct record_line){ .side = line_entry_side(e),
                                 .role = line_entry_role(e),
                                 .reply_start = (e->place & ENTRY_REPLY_START) != 0,
                                 .reply_end = (e->place & ENTRY_REPLY_END) != 0,
                                 .has_mistake = (e->place & ENTRY_MISTAKE) != 0,
                                 .gap = (e->place & ENTRY_GAP) != 0,
                                 .time = talk_read_time(t, e->read) };
    talk_fetch(t, n, &out->line, &r->scratch->line);
    if (out->role == ROLE_REPLY) {
        struct reply_line part;

        reply_line_parse(&out->line, &part);
        out->code = part.code;
    }
    if ((e->place & ENTRY_SECRET) && !(flags & RECORD_SECRETS)) {
        out->masked = true;
        out->line.head = record_masked(r, t, n);
        out->line.len = out->line.head.len; /* how long a password is, is nobody's business */
    }
}

void record_line_octets(const struct record *r, unsigned d, uint32_t n, unsigned flags,
                        struct buf *out)
{
    const struct talk *t = record_talk(r, d);
    const struct line_entry *e = entry_of(r, d, n);

    if (e->place & ENTRY_GAP)
        return;
    if ((e->place & ENTRY_SECRET) && !(flags & RECORD_SECRETS))
        buf_add(out, record_masked(r, t, n));
    else
        store_copy(&t->octets[line_entry_side(e)], line_entry_offset(e), e->len, out);
    if (line_entry_end(e) == LINE_CRLF)
        buf_add(out, SPAN("\r\n"));
    else if (line_entry_end(e) == LINE_LF)
        buf_add(out, SPAN("\n"));
}

struct span record_open_line(const struct record *r, unsigned d, enum side side)
{
    const struct talk *t = record_talk(r, d);
    uint64_t len = t->index->scan[side].len;
    struct span head =
        store_view(&t->octets[side], t->index->line_start[side],
                   len < LINE_HEAD_MAX ? (size_t)len : LINE_HEAD_MAX, &r->scratch->line);

    if (side == SIDE_SERVER)
        return head;
    return mask(&r->scratch->open, head, observer_open_secret(&t->index->now, head));
}

uint64_t record_open_octets(const struct record *r, unsigned d, enum side side)
{
    const struct talk *t = record_talk(r, d);

    return t->octets[side].end - t->index->line_start[side];
}

void record_state(const struct record *r, unsigned d, uint32_t n, struct observer *out)
{
    const struct talk *t = record_talk(r, d);

    assert(n <= t->index->now.lines);
    if (n == t->index->now.lines)
        *out = t->index->now;
    else
        talk_replay(t, n, out, NULL, &r->scratch->line);
}

void record_observed(const struct record *r, unsigned d, uint32_t n, struct observed *out)
{
    struct observer after;

    entry_of(r, d, n); /* there is such a line */
    talk_replay(record_talk(r, d), n, &after, out, &r->scratch->line);
}

const struct observer *record_now(const struct record *r, unsigned d)
{
    return &record_talk(r, d)->index->now;
}

uint32_t record_events(const struct record *r, unsigned d)
{
    return record_talk(r, d)->index->events.count;
}

void record_event_get(const struct record *r, unsigned d, uint32_t i, struct record_event *out)
{
    const struct talk *t = record_talk(r, d);
    const struct kept_event *e = blocks_get(&t->index->events, sizeof *e, i);

    assert(i < t->index->events.count);
    *out = (struct record_event){ .event = e->event,
                                  .after = e->after,
                                  .time = e->time,
                                  .detail = span_first(
                                      span_from(buf_span(&t->index->words), e->detail), e->len) };
}

uint32_t record_event_after(const struct record *r, unsigned d, uint32_t n)
{
    return talk_event_after(record_talk(r, d), n);
}

uint32_t record_facts(const struct record *r, unsigned d)
{
    return record_talk(r, d)->index->facts.count;
}

void record_fact_get(const struct record *r, unsigned d, uint32_t i, struct record_fact *out)
{
    const struct talk *t = record_talk(r, d);
    const struct kept_fact *f = blocks_get(&t->index->facts, sizeof *f, i);

    assert(i < t->index->facts.count);
    *out = (struct record_fact){
        .fact = { .kind = f->kind,
                  .text = span_first(span_from(buf_span(&t->index->words), f->text), f->len),
                  .number = f->number,
                  .header_lines = f->header_lines,
                  .body_lines = f->body_lines },
        .after = f->after,
        .time = f->time,
    };
}

/* How many facts were stated up to line n. */
static uint32_t facts_up_to(const struct talk *t, uint32_t n)
{
    uint32_t low = 0, high = t->index->facts.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct kept_fact *f = blocks_get(&t->index->facts, sizeof *f, middle);

        if (f->after <= n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct inside *record_inside(const struct record *r, unsigned d, uint32_t n)
{
    const struct talk *t = record_talk(r, d);
    struct scratch *s = r->scratch;
    uint32_t count = facts_up_to(t, n);

    if (count == 0)
        return NULL;
    if (count == t->index->facts.count)
        return &t->index->inside;
    if (s->inside_of != d || s->inside_facts > count) {
        inside_release(&s->inside);
        inside_init(&s->inside);
        s->inside_of = d;
        s->inside_facts = 0;
    }
    for (; s->inside_facts < count; s->inside_facts++) {
        struct record_fact f;

        record_fact_get(r, d, s->inside_facts, &f);
        inside_add(&s->inside, &f.fact);
    }
    return &s->inside;
}

bool record_letter(const struct record *r, unsigned d, uint32_t n, uint32_t *first, uint32_t *last)
{
    const struct talk *t = record_talk(r, d);
    uint32_t low = 0, high = t->index->letters.count;
    const struct letter_entry *e;

    while (low < high) { /* the first whose DATA comes after line n */
        uint32_t middle = low + (high - low) / 2;

        e = blocks_get(&t->index->letters, sizeof *e, middle);
        if (e->data <= n)
            low = middle + 1;
        else
            high = middle;
    }
    while (low-- > 0) {
        e = blocks_get(&t->index->letters, sizeof *e, low);
        if (e->first) {
            *first = e->first;
            *last = e->last;
            return true;
        }
    }
    return false;
}
