#include "engine/faulty_write.h"

#include "base/escape.h"
#include "base/mem.h"

void faulty_play_release(struct faulty_play *p)
{
    buf_release(&p->reply);
    buf_release(&p->strip);
    buf_release(&p->add);
    mem_free(p->pieces);
    *p = (struct faulty_play){ 0 };
}

/* The lines of a reply as they go out, whatever hyphens they were written with: the last one has a
 * space behind its code, the others have none (RFC 5321 4.2.1). */
static void write_reply(struct buf *out, struct span text)
{
    struct span code = span_first(text, 3), rest = text;

    do {
        struct span line = span_cut(rest, '\n', &rest);

        if (span_starts(line, code))
            line =
                span_from(line, line.len > 3 && (line.at[3] == ' ' || line.at[3] == '-') ? 4 : 3);
        buf_add(out, code);
        buf_add_octet(out, rest.len ? '-' : ' ');
        buf_add(out, line);
        buf_add_text(out, "\r\n");
    } while (rest.len);
}

static void keep_words(struct buf *out, const struct row_texts *words)
{
    for (size_t i = 0; i < words->count; i++) {
        buf_add_text(out, words->at[i]);
        buf_add_octet(out, '\0');
    }
}

void faulty_play_keep(struct faulty_play *out, const struct fault_play *play)
{
    struct error err;
    size_t column;

    *out = (struct faulty_play){ .plays = true,
                                 .refuses = fault_refuses(play),
                                 .said = play->reply || play->raw,
                                 .code = play->code,
                                 .delay = play->delay,
                                 .pause = play->pause,
                                 .slow = play->slow,
                                 .tls = play->tls,
                                 .end = play->end };
    if (play->reply)
        write_reply(&out->reply, span_of(play->reply));
    else if (play->raw)
        escape_read(&out->reply, span_of(play->raw), &column, &err);
    if (play->pieces)
        out->pieces = mem_zero(FAULTY_PIECES_MAX, sizeof *out->pieces);
    for (size_t i = 0; play->pieces && i < play->pieces->count && i < FAULTY_PIECES_MAX; i++)
        span_number(span_of(play->pieces->at[i]), &out->pieces[out->piece_count++]);
    for (unsigned i = 0; i < play->count; i++) {
        keep_words(&out->strip, &play->rules[i]->strip);
        keep_words(&out->add, &play->rules[i]->add);
    }
}

void faulty_say(struct engine *e, const struct faulty_play *p)
{
    outbox_octets(&e->out, buf_span(&p->reply));
}

/* Does the line after its code begin with one of the keywords? */
static bool is_stripped(struct span line, struct span keywords)
{
    struct span rest, word = span_cut(span_from(line, 4), ' ', &rest);

    word = span_first(word, span_find(word, '\r'));
    while (keywords.len)
        if (span_eq_nocase(word, span_cut(keywords, '\0', &keywords)))
            return true;
    return false;
}

/* A reply to EHLO with other keywords: its first line stays, and the hyphens are set anew. */
static void offer_others(struct buf *out, struct span reply, const struct faulty_play *p)
{
    struct span keywords = buf_span(&p->add), code = span_first(reply, 3);
    size_t last = out->len;

    for (bool first = true; reply.len; first = false) {
        struct span line = span_cut(reply, '\n', &reply);

        if (line.len < 5 || (!first && is_stripped(line, buf_span(&p->strip))))
            continue;
        last = out->len;
        buf_add(out, line);
        buf_add_octet(out, '\n');
        out->at[last + 3] = '-';
    }
    while (keywords.len) {
        last = out->len;
        buf_add(out, code);
        buf_add_octet(out, '-');
        buf_add(out, span_cut(keywords, '\0', &keywords));
        buf_add_text(out, "\r\n");
    }
    if (last + 3 < out->len)
        out->at[last + 3] = ' ';
}

static void write_pieces(struct engine *e, struct faulty_play *p, struct span octets, int64_t from)
{
    size_t at = 0;

    for (size_t i = 0; i <= p->piece_count; i++) {
        size_t end =
            i < p->piece_count && p->pieces[i] < octets.len ? (size_t)p->pieces[i] : octets.len;

        if (end <= at)
            continue;
        if (at) {
            from += p->pause;
            outbox_wait(&e->out, from);
            p->waits = true;
        }
        outbox_octets(&e->out, span_first(span_from(octets, at), end - at));
        at = end;
    }
}

/* One write of this moment, as the fault lets it out. `from`: when it may. */
static void write_out(struct engine *e, struct faulty_play *p, struct span octets, int64_t from)
{
    if (p->slow)
        outbox_slow(&e->out, p->slow, p->pause);
    if (p->piece_count)
        write_pieces(e, p, octets, from);
    else
        outbox_octets(&e->out, octets);
    if (p->slow)
        outbox_slow(&e->out, 0, 0);
}

struct rewriting {
    struct engine *e;
    struct faulty_play *p;
    bool replaced, waited;
};

static void rewrite_write(struct rewriting *r, struct span octets)
{
    struct faulty_play *p = r->p;
    struct buf other = { 0 };

    if (p->said && !p->refuses) { /* the first write is the reply; more of it is not said */
        if (!r->replaced)
            buf_add(&other, buf_span(&p->reply));
        r->replaced = true;
    } else if (p->end != FAULT_GOES_ON && !p->said) {
        return; /* lost */
    } else if (p->strip.len || p->add.len) {
        offer_others(&other, octets, p);
    } else {
        buf_add(&other, octets);
    }
    if (p->delay && !r->waited && other.len) {
        outbox_wait(&r->e->out, r->e->now + p->delay);
        r->waited = p->waits = true;
    }
    if (other.len)
        write_out(r->e, p, buf_span(&other), r->e->now + p->delay);
    buf_release(&other);
}

static void rewrite_item(void *ctx, const struct outbox_item *item, struct span octets)
{
    struct rewriting *r = ctx;

    if (octets.len)
        rewrite_write(r, octets);
    else
        outbox_put(&r->e->out, item);
}

void faulty_rewrite(struct engine *e, struct faulty_play *p)
{
    struct rewriting r = { .e = e, .p = p };

    outbox_rewrite(&e->out, p->mark, rewrite_item, &r);
    if (p->delay && !r.waited && p->end != FAULT_GOES_ON) {
        outbox_wait(&e->out, e->now + p->delay);
        p->waits = true;
    }
}
