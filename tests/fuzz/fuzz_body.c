/* Invariant: however cut, the same letter, and counts that agree with it; stuffed again it reads
 * back whole, with every line end made CRLF. */
#include <assert.h>
#include <stdint.h>

#include "smtp/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t receive(struct span wire, size_t piece, struct body *b, struct buf *letter)
{
    size_t taken = 0;

    for (size_t at = 0; at < wire.len && !b->ended; at += piece)
        taken += body_push(b, span_first(span_from(wire, at), piece), letter);
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span wire = span_make(data, size);
    struct body whole = { 0 }, cut = { 0 }, again = { 0 };
    struct buf letter = { 0 }, other = { 0 }, stuffed = { 0 }, back = { 0 };
    struct body_stuffer stuffer = { 0 };
    size_t taken = receive(wire, size ? size : 1, &whole, &letter);

    assert(receive(wire, 1, &cut, &other) == taken);
    assert(span_eq(buf_span(&letter), buf_span(&other)));
    assert(whole.ended == cut.ended && whole.counts.octets == cut.counts.octets);
    assert(whole.counts.header_lines == cut.counts.header_lines);
    assert(whole.counts.body_lines == cut.counts.body_lines);
    assert(whole.counts.stuffed == cut.counts.stuffed);
    assert(whole.counts.near_misses == cut.counts.near_misses);
    assert(whole.counts.octets == letter.len && letter.len <= size);
    assert(whole.ended || taken == size);

    body_stuff(&stuffer, buf_span(&letter), &stuffed);
    body_stuff_end(&stuffer, &stuffed);
    assert(body_push(&again, buf_span(&stuffed), &back) == stuffed.len);
    assert(again.ended && again.counts.bare_lf == 0 && again.counts.bare_cr == 0);
    buf_release(&letter);
    buf_release(&other);
    buf_release(&stuffed);
    buf_release(&back);
    return 0;
}
