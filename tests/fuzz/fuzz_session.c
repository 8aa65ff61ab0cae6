/*
 * Invariant: however a dialogue is cut, the same lines, roles and states come out; every earlier
 * state of a record equals the one reached from the start; and what the readers give adds up to the
 * octets that were sent.
 *
 * Input: octet 0 cuts; 0x1e and 0x1f in the rest hand the turn to the other side.
 */
#include <assert.h>
#include <stdint.h>

#include "dialogue/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct turn {
    enum side side;
    struct span octets;
};

static bool next_turn(struct span *rest, enum side *side, struct turn *out)
{
    size_t len = 0;

    if (!rest->len)
        return false;
    while (len < rest->len && rest->at[len] != 0x1e && rest->at[len] != 0x1f)
        len++;
    *out = (struct turn){ *side, span_first(*rest, len) };
    if (len < rest->len)
        *side = *side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
    *rest = span_from(*rest, len + 1);
    return true;
}

static void tell(struct buf *log, const struct observed *seen)
{
    buf_printf(log, "%u %d %d %d %d %u %u %u %d %u\n", seen->number, (int)seen->role,
               (int)seen->before, (int)seen->after, (int)seen->answers, seen->answers_line,
               seen->command.mistakes.count, seen->letter_mistakes.count, (int)seen->mechanism,
               seen->said);
    assert(seen->secret.len == 0 ||
           (seen->secret.at >= seen->line.head.at &&
            seen->secret.at + seen->secret.len <= seen->line.head.at + seen->line.head.len));
}

static void watch(struct span all, size_t piece, struct buf *log)
{
    struct watcher *w = watcher_new();
    enum side side = SIDE_SERVER;
    struct observed seen;
    struct turn turn;

    while (next_turn(&all, &side, &turn))
        for (size_t at = 0; at < turn.octets.len; at += piece) {
            watcher_push(w, turn.side, span_first(span_from(turn.octets, at), piece));
            while (watcher_next(w, &seen))
                tell(log, &seen);
        }
    watcher_event(w, TALK_RESET);
    while (watcher_next(w, &seen))
        tell(log, &seen);
    assert(watcher_state(w)->over);
    watcher_free(w);
}

static void record(struct span all, struct buf *log)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "", "", 0);
    struct buf sent[2] = { { 0 } }, got[2] = { { 0 } };
    enum side side = SIDE_SERVER;
    struct observer from_start, there;
    struct observed seen;
    struct turn turn;

    while (next_turn(&all, &side, &turn)) {
        record_octets(r, d, turn.side, turn.octets, 1);
        buf_add(&sent[turn.side], turn.octets);
    }
    record_event(r, d, TALK_RESET, SPAN(""), 2);
    observer_init(&from_start);
    for (uint32_t n = 1; n <= record_lines(r, d); n++) {
        struct record_line line;

        record_observed(r, d, n, &seen);
        tell(log, &seen);
        record_line_octets(r, d, n, RECORD_SECRETS, &got[record_line_side(r, d, n)]);
        record_line(r, d, n, RECORD_SECRETS, &line);
        observer_line(&from_start, line.side, &line.line, &seen);
        if (n % 16 == 0 && n < record_lines(r, d)) {
            record_state(r, d, n, &there);
            assert(observer_same(&there, &from_start));
        }
    }
    for (int i = 0; i < 2; i++) {
        assert(span_eq(buf_span(&sent[i]), buf_span(&got[i])));
        buf_release(&sent[i]);
        buf_release(&got[i]);
    }
    record_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = { 0 }, cut = { 0 }, kept = { 0 };
    struct span all;

    if (size < 1)
        return 0;
    all = span_make(data + 1, size - 1);
    watch(all, SIZE_MAX / 2, &whole);
    watch(all, data[0] % 7u + 1u, &cut);
    record(all, &kept);
    assert(span_eq(buf_span(&whole), buf_span(&cut)));
    assert(span_eq(buf_span(&whole), buf_span(&kept)));
    buf_release(&whole);
    buf_release(&cut);
    buf_release(&kept);
    return 0;
}
