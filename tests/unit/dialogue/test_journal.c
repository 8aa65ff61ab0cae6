#include "dialogue/journal.h"

#include "support/table.h"

/* Every number at its ends. */
static const struct journal_entry entries[] = {
    { .kind = JOURNAL_READ, .time = 0, .side = SIDE_CLIENT, .len = 1 },
    { .kind = JOURNAL_READ, .time = INT64_MAX, .side = SIDE_SERVER, .len = UINT32_MAX },
    { .kind = JOURNAL_EVENT, .time = INT64_MIN, .event = TALK_STOPPED, .detail = SPAN_INIT("") },
    { .kind = JOURNAL_READ, .time = -5, .side = SIDE_SERVER, .len = 127 },
    { .kind = JOURNAL_READ, .time = -4, .side = SIDE_SERVER, .len = 128 },
    { .kind = JOURNAL_EVENT,
      .time = -70,
      .event = TALK_CONNECTED,
      .detail = SPAN_INIT("\0\xff\x80 x") },
    { .kind = JOURNAL_FACT,
      .time = 100,
      .fact = { .kind = FACT_BODY,
                .number = UINT64_MAX,
                .header_lines = 1,
                .body_lines = (uint64_t)1 << 63 } },
    { .kind = JOURNAL_FACT,
      .time = 60,
      .fact = { .kind = FACT_FAULT, .text = SPAN_INIT("what was played"), .number = 0 } },
    { .kind = JOURNAL_READ, .time = 61, .side = SIDE_CLIENT, .len = 0 },
};
#define COUNT (sizeof entries / sizeof entries[0])

Test(journal, gives_back_what_was_put_in)
{
    struct buf journal = { 0 };
    struct journal_entry got;
    struct span rest;
    int64_t last = 3;

    for (size_t i = 0; i < COUNT; i++) {
        journal_add(&journal, &entries[i], last);
        if (entries[i].kind == JOURNAL_READ)
            last = entries[i].time;
    }
    rest = buf_span(&journal);
    last = 3;
    for (size_t i = 0; i < COUNT; i++) {
        const struct journal_entry *want = &entries[i];

        cr_assert(journal_next(&rest, &last, &got), "entry %zu", i);
        cr_expect_eq(got.kind, want->kind, "entry %zu", i);
        cr_expect_eq(got.time, want->time, "entry %zu", i);
        cr_expect(got.side == want->side && got.len == want->len, "entry %zu", i);
        cr_expect(got.event == want->event && span_eq(got.detail, want->detail), "entry %zu", i);
        cr_expect(got.fact.kind == want->fact.kind && got.fact.number == want->fact.number &&
                      got.fact.header_lines == want->fact.header_lines &&
                      got.fact.body_lines == want->fact.body_lines &&
                      span_eq(got.fact.text, want->fact.text),
                  "entry %zu", i);
    }
    cr_expect_not(journal_next(&rest, &last, &got));
    buf_release(&journal);
}

Test(journal, is_short_for_what_is_frequent)
{
    struct buf journal = { 0 };
    struct journal_entry read = { .kind = JOURNAL_READ, .time = 1000, .len = 80 };

    journal_add(&journal, &read, 950);
    cr_expect_eq(journal.len, 3u);
    buf_release(&journal);
}
