/* Invariant: however octets are cut, the same lines come out, and not an octet is lost. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "smtp/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note(struct buf *log, const struct line *line, uint64_t *total)
{
    buf_printf(log, "%u %u %u:", (unsigned)line->len, (unsigned)line->end, line->faults);
    buf_add(log, line->head);
    *total += line->len + line_end_octets(line->end);
}

static uint64_t lines_of(struct span octets, size_t piece, struct buf *log)
{
    struct line_reader *r = line_reader_new();
    struct line line;
    uint64_t total = 0;

    for (size_t at = 0; at < octets.len; at += piece) {
        struct span rest = span_first(span_from(octets, at), piece);

        while (rest.len) {
            bool whole;
            size_t took = line_reader_push(r, rest, &line, &whole);

            assert(took > 0 && took <= rest.len);
            rest = span_from(rest, took);
            if (whole)
                note(log, &line, &total);
        }
    }
    if (line_reader_close(r, &line))
        note(log, &line, &total);
    line_reader_free(r);
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span octets = span_make(data, size);
    struct buf whole = { 0 };

    assert(lines_of(octets, size ? size : 1, &whole) == size);
    for (size_t piece = 1; piece < 8; piece += 3) {
        struct buf cut = { 0 };

        assert(lines_of(octets, piece, &cut) == size);
        assert(span_eq(buf_span(&cut), buf_span(&whole)));
        buf_release(&cut);
    }
    buf_release(&whole);
    return 0;
}
