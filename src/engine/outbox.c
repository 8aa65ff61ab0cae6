#include "engine/outbox.h"

#include "base/mem.h"

/* 512 octets with CRLF (RFC 5321 4.5.3.1.5). */
#define REPLY_TEXT_MAX 510

struct outbox_item {
    enum action_kind kind;
    enum fact_kind fact;
    size_t at, len; /* octets in replies, or text in words: places, as both may move */
    uint64_t number, header_lines, body_lines;
    int64_t until;
    union {
        const struct engine_letter *letter;
        const struct engine_login *step;
    };
};

void outbox_release(struct outbox *o)
{
    mem_free(o->items);
    buf_release(&o->replies);
    buf_release(&o->words);
    *o = (struct outbox){ 0 };
}

/* Room for what most pushes come to, at one go: it is given back when all is pulled. */
#define ITEMS_USUALLY 16
#define WORDS_USUALLY 511

static struct buf *roomy(struct buf *b)
{
    if (!b->cap)
        buf_reserve(b, WORDS_USUALLY);
    return b;
}

static struct outbox_item *add(struct outbox *o, enum action_kind kind)
{
    struct outbox_item *item;

    if (o->count == o->room) {
        o->room = o->room ? o->room * 2 : ITEMS_USUALLY;
        o->items = mem_resize(o->items, o->room, sizeof *o->items);
    }
    item = &o->items[o->count++];
    *item = (struct outbox_item){ .kind = kind };
    return item;
}

static void gather(struct outbox *o)
{
    struct outbox_item *item;

    if (o->written == o->replies.len)
        return;
    item = add(o, ACTION_WRITE);
    item->at = o->written;
    item->len = o->replies.len - o->written;
    o->written = o->replies.len;
}

size_t outbox_line(struct outbox *o, unsigned code, bool more, const char *enhanced)
{
    unsigned char digits[4] = { (unsigned char)('0' + code / 100 % 10),
                                (unsigned char)('0' + code / 10 % 10),
                                (unsigned char)('0' + code % 10), more ? '-' : ' ' };
    size_t start = o->replies.len;

    buf_add(roomy(&o->replies), span_make(digits, sizeof digits));
    if (enhanced[0]) {
        buf_add_text(&o->replies, enhanced);
        buf_add_octet(&o->replies, ' ');
    }
    return start;
}

void outbox_line_end(struct outbox *o, size_t start)
{
    size_t end = start + REPLY_TEXT_MAX;

    if (o->replies.len > end) {
        while ((o->replies.at[end] & 0xc0) == 0x80) /* no half of a UTF-8 character */
            end--;
        buf_truncate(&o->replies, end);
    }
    buf_add(&o->replies, SPAN("\r\n"));
}

void outbox_fact(struct outbox *o, const struct fact *f)
{
    struct outbox_item *item = add(o, ACTION_FACT);

    item->fact = f->kind;
    item->at = o->words.len;
    item->len = f->text.len;
    item->number = f->number;
    item->header_lines = f->header_lines;
    item->body_lines = f->body_lines;
    buf_add(roomy(&o->words), f->text);
}

void outbox_vfact(struct outbox *o, enum fact_kind kind, uint64_t number, const char *format,
                  va_list args)
{
    struct outbox_item *item = add(o, ACTION_FACT);

    item->fact = kind;
    item->at = o->words.len;
    item->number = number;
    buf_vprintf(roomy(&o->words), format, args);
    item->len = o->words.len - item->at;
}

void outbox_fact_more(struct outbox *o, struct span text)
{
    buf_add(&o->words, text);
    o->items[o->count - 1].len += text.len;
}

static struct outbox_item *act(struct outbox *o, enum action_kind kind)
{
    gather(o);
    return add(o, kind);
}

void outbox_act(struct outbox *o, enum action_kind kind)
{
    act(o, kind);
}

void outbox_store(struct outbox *o, const struct engine_letter *letter)
{
    act(o, ACTION_STORE)->letter = letter;
}

void outbox_auth(struct outbox *o, const struct engine_login *step)
{
    act(o, ACTION_AUTH)->step = step;
}

void outbox_wait(struct outbox *o, int64_t until)
{
    act(o, ACTION_WAIT)->until = until;
}

void outbox_slow(struct outbox *o, uint64_t number, int64_t apart)
{
    struct outbox_item *item = act(o, ACTION_SLOW);

    item->number = number;
    item->until = apart;
}

size_t outbox_waiting(const struct outbox *o)
{
    return o->replies.len + o->words.len;
}

size_t outbox_mark(struct outbox *o)
{
    gather(o);
    return o->count;
}

void outbox_octets(struct outbox *o, struct span octets)
{
    buf_add(&o->replies, octets);
}

void outbox_put(struct outbox *o, const struct outbox_item *item)
{
    gather(o);
    *add(o, item->kind) = *item;
}

void outbox_rewrite(struct outbox *o, size_t mark, outbox_rewriter *fn, void *ctx)
{
    struct outbox_item *cut;
    struct buf octets = { 0 };
    size_t count;

    gather(o);
    mark = mark < o->next ? o->next : mark;
    count = o->count > mark ? o->count - mark : 0;
    if (!count)
        return;
    cut = mem_zero(count, sizeof *cut);
    memcpy(cut, o->items + mark, count * sizeof *cut);
    o->count = mark;
    for (size_t i = 0; i < count; i++) {
        buf_clear(&octets);
        if (cut[i].kind == ACTION_WRITE)
            buf_add(&octets, span_first(span_from(buf_span(&o->replies), cut[i].at), cut[i].len));
        fn(ctx, &cut[i], buf_span(&octets));
    }
    buf_release(&octets);
    mem_free(cut);
}

void outbox_reset_instead(struct outbox *o)
{
    size_t i = o->count;

    while (i > o->next && o->items[i - 1].kind != ACTION_CLOSE)
        i--;
    if (i > o->next)
        o->items[i - 1].kind = ACTION_RESET;
}

bool outbox_next(struct outbox *o, struct action *out)
{
    const struct outbox_item *item;

    if (o->next == o->count)
        gather(o);
    if (o->next == o->count) {
        if (o->room)
            outbox_release(o);
        return false;
    }
    item = &o->items[o->next++];
    *out = (struct action){ .kind = item->kind };
    switch (item->kind) {
    case ACTION_WRITE:
        out->octets = span_first(span_from(buf_span(&o->replies), item->at), item->len);
        out->last = o->next < o->count && o->items[o->next].kind == ACTION_CLOSE;
        break;
    case ACTION_FACT:
        out->fact =
            (struct fact){ .kind = item->fact,
                           .text = span_first(span_from(buf_span(&o->words), item->at), item->len),
                           .number = item->number,
                           .header_lines = item->header_lines,
                           .body_lines = item->body_lines };
        break;
    case ACTION_STORE:
        out->letter = item->letter;
        break;
    case ACTION_AUTH:
        out->auth = *item->step;
        break;
    case ACTION_WAIT:
    case ACTION_SLOW:
        out->until = item->until;
        out->number = item->number;
        break;
    case ACTION_CLOSE:
    case ACTION_RESET:
    case ACTION_START_TLS:
        break;
    }
    return true;
}
