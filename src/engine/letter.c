/*
 * The letter itself: DATA, its octets up to the dot, what becomes of it. Sources: RFC 5321 4.1.1.4,
 * 4.5.3.1.6, 4.5.3.1.7; RFC 2033 4.2 (a reply for each recipient).
 */
#include "engine/inner.h"

#include <stdio.h>

#include "base/mem.h"

uint64_t engine_size_limit(const struct engine *e)
{
    return e->policy->size_limit ? e->policy->size_limit : ENGINE_LETTER_MAX;
}

void engine_data(struct engine *e, const struct command *c)
{
    (void)c;
    if (!e->letter) /* a persona that takes DATA without MAIL */
        transaction_begin(e);
    if (strcmp(e->letter->type, "BINARYMIME") == 0) {
        engine_decide(e, engine_code(e, VERB_DATA, SITUATION_NEEDS_CHUNKS),
                      "a BINARYMIME letter comes by BDAT alone: refused", (struct span){ 0 }, "");
        engine_say_plain(e, VERB_DATA, SITUATION_NEEDS_CHUNKS);
        return;
    }
    engine_decide(e, engine_code(e, VERB_DATA, SITUATION_DATA_OK),
                  "sender and recipient are known: the letter may come", (struct span){ 0 }, "");
    engine_say_plain(e, VERB_DATA, SITUATION_DATA_OK);
}

void letter_tell_progress(struct engine *e)
{
    struct transaction *t = e->letter;
    const struct body_counts *counts = t ? &t->body.counts : NULL;

    if (!t || t->told == counts->octets || !e->facts)
        return;
    t->told = counts->octets;
    outbox_fact(&e->out, &(struct fact){ .kind = FACT_BODY,
                                         .number = counts->octets,
                                         .header_lines = counts->header_lines,
                                         .body_lines = counts->body_lines });
    if (counts->near_misses)
        engine_note(e, NOTE_NEAR_MISS);
    if (counts->bare_lf)
        engine_note(e, NOTE_LETTER_BARE_LF);
}

void letter_doom(struct engine *e, enum engine_doom why)
{
    e->letter->doom = why;
    buf_release(&e->letter->octets);
}

/* A field's name and its colon, or a line that goes on from the one before (RFC 5322 2.2). */
static bool is_header_line(struct span line, bool first)
{
    size_t colon = span_find(line, ':');

    if (!first && (line.at[0] == ' ' || line.at[0] == '\t'))
        return true;
    for (size_t i = 0; i < colon; i++)
        if (line.at[i] <= ' ' || line.at[i] > '~')
            return false;
    return colon > 0 && colon < line.len;
}

/* What is wrong with the header; MISTAKE_COUNT: nothing. */
static enum mistake header_fault(struct span letter)
{
    bool first = true;

    while (letter.len) {
        struct span line = span_cut(letter, '\n', &letter);

        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0)
            return MISTAKE_COUNT;
        if (!is_header_line(line, first))
            return first ? MISTAKE_NO_HEADER : MISTAKE_NO_BLANK_LINE;
        first = false;
    }
    return MISTAKE_COUNT;
}

static bool minds(const struct engine *e, unsigned situation)
{
    return engine_code(e, VERB_BODY_END, situation) / 100 >= 4;
}

static bool minds_headers(const struct engine *e)
{
    return minds(e, MISTAKE_NO_HEADER) || minds(e, MISTAKE_NO_BLANK_LINE);
}

struct buf *letter_room(struct engine *e)
{
    if (e->letter->doom || (e->forgetful && !minds_headers(e)))
        return NULL;
    return &e->letter->octets;
}

/* Why a letter that came whole is not taken; SITUATION_COUNT: it is. Strict servers mind none of
 * this: each persona has its own opinions. */
static unsigned objection(const struct engine *e)
{
    const struct transaction *t = e->letter;
    const struct body_counts *counts = &t->body.counts;
    enum mistake header;

    if (counts->bare_lf && minds(e, SITUATION_LETTER_BARE_LF))
        return SITUATION_LETTER_BARE_LF;
    if (counts->long_lines && minds(e, MISTAKE_LETTER_LINE_TOO_LONG))
        return MISTAKE_LETTER_LINE_TOO_LONG;
    if (counts->long_lines && e->policy->text_line_max)
        return SITUATION_TEXT_LINE_TOO_LONG;
    if (counts->eight_bit && t->type[0] != '8' && t->type[0] != 'B' &&
        minds(e, MISTAKE_LETTER_EIGHT_BIT))
        return MISTAKE_LETTER_EIGHT_BIT;
    if (!minds_headers(e))
        return SITUATION_COUNT;
    header = header_fault(buf_span(&t->octets));
    return header != MISTAKE_COUNT && minds(e, header) ? header : SITUATION_COUNT;
}

static void note_oddities(struct engine *e)
{
    const struct transaction *t = e->letter;
    const struct body_counts *counts = &t->body.counts;

    if (t->type[0] == 'B')
        return;
    if (counts->eight_bit && t->type[0] != '8')
        engine_note(e, NOTE_EIGHT_BIT);
    if (counts->long_lines)
        engine_note(e, NOTE_LONG_LINE);
    if (counts->nul)
        engine_note(e, NOTE_NUL);
}

/* One reply, or in LMTP one for each recipient, in their order. */
static void answer(struct engine *e, enum verb verb, unsigned situation, size_t recipients,
                   struct span to, const struct own_reply *own, uint64_t number)
{
    for (size_t i = 0; i < (recipients ? recipients : 1) && !e->over; i++) {
        struct span address = span_cut(to, '\0', &to);

        if (own && own[i].octets.len)
            outbox_octets(&e->out, buf_span(&own[i].octets));
        else
            engine_say(e, verb, situation,
                       (struct reply_words){ .address = address, .number = number });
    }
}

/* The mailboxes alone, each with a NUL. */
static struct buf mailboxes(const struct transaction *t)
{
    struct buf out = { 0 };

    for (size_t i = 0; i < t->to_count; i++) {
        buf_add(&out, span_of((const char *)t->to.at + t->to_at[i][0]));
        buf_add_octet(&out, '\0');
    }
    return out;
}

/* The letter's end is answered. A chunk's failure leaves a transaction that only RSET clears. */
static void end_letter(struct engine *e, unsigned situation, const char *decided,
                       const char *cleared)
{
    bool lmtp = e->policy->lmtp, chunks = e->chunk.on;
    enum verb verb = chunks ? VERB_BDAT : VERB_BODY_END;
    uint64_t number = situation == SITUATION_LETTER_TOO_LARGE     ? engine_size_limit(e)
                      : situation == SITUATION_TEXT_LINE_TOO_LONG ? e->policy->text_line_max
                                                                  : e->letter->body.counts.octets;
    size_t recipients = lmtp ? e->letter->to_count : 1;
    struct own_reply *own = e->letter->own;
    struct buf to = { 0 };

    e->letter->own = NULL;
    if (lmtp)
        to = mailboxes(e->letter);
    if (lmtp && situation == SITUATION_STORED)
        situation = SITUATION_STORED_FOR;
    engine_decide(e, engine_code(e, verb, situation), decided, (struct span){ 0 }, "");
    engine_clear(e, cleared);
    answer(e, verb, situation, recipients, buf_span(&to), own, number);
    e->chunk = (struct chunk){ 0 };
    engine_after(e, VERB_BODY_END, NULL);
    transaction_free_own(own, recipients);
    buf_release(&to);
}

static void hand_over(struct engine *e)
{
    transaction_letter(e);
    e->pending = PENDING_STORE;
    e->deadline = CLOCK_NEVER;
    outbox_store(&e->out, &e->letter->letter);
}

void letter_came(struct engine *e)
{
    unsigned why;

    letter_tell_progress(e);
    note_oddities(e);
    if (engine_before(e, VERB_BODY_END, NULL)) {
        engine_clear(e, "the letter is dropped");
        e->chunk = (struct chunk){ 0 };
        return;
    }
    switch (e->letter->doom) {
    case DOOM_NONE:
        why = objection(e);
        if (why == SITUATION_COUNT)
            hand_over(e);
        else
            end_letter(e, why, "the letter is not as this server wants it: refused",
                       "the letter is refused");
        return;
    case DOOM_TOO_LARGE:
        end_letter(e, SITUATION_LETTER_TOO_LARGE,
                   "the letter is larger than this server takes: refused", "the letter is refused");
        return;
    case DOOM_NO_ROOM:
        end_letter(e, SITUATION_NO_ROOM,
                   "there is no room for this letter now: refused, it may be tried again",
                   "the letter is refused for now");
        return;
    }
}

void letter_stored(struct engine *e, bool ok, const char *why)
{
    char text[256];

    if (ok) {
        end_letter(e, SITUATION_STORED, "the letter is stored: this server answers for it now",
                   "the letter is stored");
        return;
    }
    snprintf(text, sizeof text, "the letter could not be stored (%s): it may be tried again", why);
    end_letter(e, SITUATION_NOT_STORED, text, "the letter could not be stored");
}

size_t letter_take(struct engine *e, struct span octets)
{
    struct transaction *t;
    size_t took;

    if (!e->letter) /* a fault said 354 */
        transaction_begin(e);
    t = e->letter;
    if (octets.len > e->fault_octet - t->wire)
        octets = span_first(octets, (size_t)(e->fault_octet - t->wire));
    took = body_push(&t->body, octets, letter_room(e));
    t->wire += took;
    if (t->body.counts.octets > engine_size_limit(e) && t->doom != DOOM_TOO_LARGE)
        letter_doom(e, DOOM_TOO_LARGE);
    if (t->body.ended)
        letter_came(e);
    else if (t->wire == e->fault_octet)
        e->fault_hooks->octet(e->faults, e);
    return took;
}

size_t engine_letter_octets(const struct engine *e)
{
    return e->letter ? e->letter->octets.len : 0;
}

void engine_no_room(struct engine *e)
{
    bool coming = e->state == AT_BODY || e->state == AT_CHUNK || e->chunk.on;

    if (coming && e->letter && e->pending == PENDING_NOTHING && e->letter->doom == DOOM_NONE)
        letter_doom(e, DOOM_NO_ROOM);
}
