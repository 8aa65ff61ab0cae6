/*
 * Invariant: a text that has no fault decodes, and its octets encode to the very same text; one
 * that has a fault leaves the output as it was, and the fault stands inside the text or at its end.
 * All octets survive being encoded and decoded.
 *
 * Input: the text.
 */
#include <assert.h>
#include <stdint.h>

#include "message/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct span text)
{
    struct buf octets = { 0 }, again = { 0 };
    size_t at = SIZE_MAX;
    enum base64_fault fault = base64_check(text, &at);

    assert(at <= text.len && fault < BASE64_FAULT_COUNT);
    assert(base64_decode(text, &octets) == !fault);
    if (!fault) {
        base64_encode(buf_span(&octets), &again);
        assert(span_eq(buf_span(&again), text));
    } else {
        assert(octets.len == 0);
        assert((at == text.len) == (fault == BASE64_LENGTH));
    }
    buf_release(&octets);
    buf_release(&again);
}

static void check_octets(struct span octets)
{
    struct buf text = { 0 }, back = { 0 };

    base64_encode(octets, &text);
    assert(text.len == (octets.len + 2) / 3 * 4);
    assert(base64_decode(buf_span(&text), &back));
    assert(span_eq(buf_span(&back), octets));
    buf_release(&text);
    buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_text(span_make(data, size));
    check_octets(span_make(data, size));
    return 0;
}
