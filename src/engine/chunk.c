/*
 * BDAT: octets by count. A refused chunk's octets are taken and dropped before its reply, so that
 * they never become commands; a letter that failed once stays failed until RSET. Nothing is kept
 * that the size limit forbids, whatever the counts announce. Source: RFC 3030 2, 3.
 */
#include "engine/inner.h"

static void finish(struct engine *e);

/* "BDAT size [LAST]", checked by smtp/command.h. */
static struct chunk read_chunk(const struct command *c)
{
    struct span rest, size = span_cut(c->argument, ' ', &rest);
    struct chunk chunk = { .on = true, .last = span_trim(rest).len > 0 };

    span_number(size, &chunk.size);
    chunk.left = chunk.size;
    return chunk;
}

void chunk_drop(struct engine *e, const struct command *c, unsigned situation)
{
    e->chunk = read_chunk(c);
    e->chunk.dropped = true;
    e->chunk.situation = situation;
    if (e->chunk.left == 0)
        finish(e);
}

void engine_bdat(struct engine *e, const struct command *c)
{
    if (!e->letter || e->letter->failed) {
        chunk_drop(e, c, SITUATION_LETTER_FAILED);
        return;
    }
    e->letter->body.plain = true;
    e->chunk = read_chunk(c);
    if (e->chunk.left > engine_size_limit(e) - e->letter->body.counts.octets &&
        e->letter->doom == DOOM_NONE)
        letter_doom(e, DOOM_TOO_LARGE); /* no octet of it need be kept */
    if (e->chunk.left == 0)
        finish(e);
}

/* RFC 3030 2: after a failure only RSET helps. */
static void fail(struct engine *e, unsigned situation)
{
    e->letter->failed = true;
    engine_decide(e, engine_code(e, VERB_BDAT, situation),
                  "the letter has failed: only RSET clears it", (struct span){ 0 }, "");
    engine_say(e, VERB_BDAT, situation, (struct reply_words){ .number = engine_size_limit(e) });
}

/* All octets of the chunk are here. */
static void finish(struct engine *e)
{
    struct chunk chunk = e->chunk;

    if (chunk.dropped) {
        e->chunk = (struct chunk){ 0 };
        engine_decide(e, engine_code(e, VERB_BDAT, chunk.situation),
                      "the chunk may not come now: its octets are dropped", (struct span){ 0 }, "");
        engine_say_plain(e, VERB_BDAT, chunk.situation);
        return;
    }
    letter_tell_progress(e);
    if (e->letter->doom != DOOM_NONE && !(chunk.last && e->policy->lmtp)) {
        e->chunk = (struct chunk){ 0 };
        fail(e, e->letter->doom == DOOM_TOO_LARGE ? SITUATION_LETTER_TOO_LARGE : SITUATION_NO_ROOM);
        return;
    }
    if (chunk.last) {
        body_finish(&e->letter->body, letter_room(e));
        letter_came(e);
        return;
    }
    e->chunk = (struct chunk){ 0 };
    engine_decide(e, engine_code(e, VERB_BDAT, SITUATION_CHUNK_OK),
                  "a chunk of the letter is in: more may come", (struct span){ 0 }, "");
    engine_say(e, VERB_BDAT, SITUATION_CHUNK_OK, (struct reply_words){ .number = chunk.size });
}

size_t chunk_take(struct engine *e, struct span octets)
{
    struct transaction *t = e->letter;

    if (octets.len > e->chunk.left)
        octets = span_first(octets, (size_t)e->chunk.left);
    if (!e->chunk.dropped && octets.len > e->fault_octet - t->wire)
        octets = span_first(octets, (size_t)(e->fault_octet - t->wire));
    e->chunk.left -= octets.len;
    if (!e->chunk.dropped) {
        body_push(&t->body, octets, letter_room(e));
        t->wire += octets.len;
        if (t->wire == e->fault_octet)
            e->fault_hooks->octet(e->faults, e);
    }
    if (e->chunk.left == 0 && !e->over)
        finish(e);
    return octets.len;
}
