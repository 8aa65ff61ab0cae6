/* Invariant: every line is in exactly one reply, its parts lie inside it, and no octet is lost. */
#include <assert.h>
#include <stdint.h>

#include "smtp/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct span part, struct span whole)
{
    assert(part.len == 0 || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len));
}

static void take(struct reply *reply, const struct line *line, uint64_t *octets)
{
    struct reply_line part;
    bool whole = reply_add(reply, line, &part);

    inside(part.text, line->head);
    inside(part.words, line->head);
    assert(part.code < 1000 && reply->lines > 0);
    assert((part.faults & ~reply->faults & ~(unsigned)REPLY_NO_LAST_LINE) == 0);
    if (whole) {
        *octets += reply->octets;
        *reply = (struct reply){ 0 };
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct line_reader *r = line_reader_new();
    struct span rest = span_make(data, size);
    struct reply reply = { 0 };
    uint64_t octets = 0;
    struct line line;

    while (rest.len) {
        bool whole;

        rest = span_from(rest, line_reader_push(r, rest, &line, &whole));
        if (whole)
            take(&reply, &line, &octets);
    }
    if (line_reader_close(r, &line))
        take(&reply, &line, &octets);
    assert(octets + reply.octets == size);
    line_reader_free(r);
    return 0;
}
