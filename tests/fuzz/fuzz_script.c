/* Invariant: what the reader reads, the writer writes so that it reads back the same; a player of
 * any script comes to an end. */
#include <assert.h>
#include <stdint.h>

#include "stored/player.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct script_item *item, struct buf *out)
{
    struct buf octets = { 0 };

    buf_add(&octets, item->octets);
    if (item->kind == SCRIPT_EXPECT && !item->escaped)
        buf_add(&octets, SPAN("\r\n"));
    if (item->kind == SCRIPT_SEND || item->kind == SCRIPT_EXPECT)
        script_write_numbered(out, item->dialogue, item->kind == SCRIPT_SEND, buf_span(&octets));
    buf_release(&octets);
}

/* Appends the sends and expects of a script as the writer writes them. */
static void rewrite(struct span text, struct buf *out)
{
    struct script_reader *r = script_reader_new(text);
    struct script_item item;
    struct error err;
    enum script_read got;

    while ((got = script_reader_next(r, &item, &err)) != SCRIPT_END) {
        assert(got == SCRIPT_ERROR ||
               (item.dialogue >= 1 && item.dialogue <= SCRIPT_DIALOGUES_MAX));
        assert(got == SCRIPT_ERROR || (item.pause >= 0 && item.pause <= SCRIPT_PAUSE_MAX));
        if (got == SCRIPT_ITEM)
            write_again(&item, out);
    }
    script_reader_free(r);
}

static void play(struct span text)
{
    struct player *p = player_new(text, true);
    struct player_action a;
    struct player_mismatch m;
    struct error err;
    size_t steps = 0;

    for (player_next(p, &a, &err); a.step < PLAYER_FINISHED; player_next(p, &a, &err)) {
        assert(++steps <= 2 * text.len + 2);
        if (a.step == PLAYER_AWAIT)
            player_reply(p, 250, a.octets);
        else
            player_done(p);
    }
    player_mismatch(p, &m);
    player_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct buf once = { 0 }, twice = { 0 };

    rewrite(text, &once);
    assert(script_check(buf_span(&once), "once", &twice) == 0);
    rewrite(buf_span(&once), &twice);
    assert(span_eq(buf_span(&once), buf_span(&twice)));
    play(text);
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
