#include "smtp/body.h"

#include <criterion/criterion.h>

#include "support/feed.h"
#include "support/table.h"

static const struct row {
    const char *name;
    struct span wire, letter;
    bool ended;
    size_t left;               /* octets after the end */
    struct body_counts counts; /* octets is checked against the letter */
} rows[] = {
    { "plain",
      SPAN_INIT("a\r\nb\r\n.\r\n"),
      SPAN_INIT("a\r\nb\r\n"),
      true,
      0,
      { .header_lines = 2 } },
    { "empty", SPAN_INIT(".\r\n"), SPAN_INIT(""), true, 0, { 0 } },
    { "header and body",
      SPAN_INIT("S: x\r\n\r\nhi\r\nho\r\n.\r\n"),
      SPAN_INIT("S: x\r\n\r\nhi\r\nho\r\n"),
      true,
      0,
      { .header_lines = 1, .body_lines = 2, .blank_line = true } },
    { "stuffed",
      SPAN_INIT("..profile\r\n...\r\n.x\r\n.\r\n"),
      SPAN_INIT(".profile\r\n..\r\nx\r\n"),
      true,
      0,
      { .header_lines = 3, .stuffed = 3 } },
    { "what follows is not taken",
      SPAN_INIT("a\r\n.\r\nQUIT\r\n"),
      SPAN_INIT("a\r\n"),
      true,
      6,
      { .header_lines = 1 } },
    { "dot inside a line",
      SPAN_INIT("a.\r\nb .\r\n.\r\n"),
      SPAN_INIT("a.\r\nb .\r\n"),
      true,
      0,
      { .header_lines = 2 } },
    { "LF dot CRLF",
      SPAN_INIT("a\n.\r\n"),
      SPAN_INIT("a\n.\r\n"),
      false,
      0,
      { .header_lines = 2, .bare_lf = 1, .near_misses = 1 } },
    { "LF dot LF",
      SPAN_INIT("a\n.\n"),
      SPAN_INIT("a\n.\n"),
      false,
      0,
      { .header_lines = 2, .bare_lf = 2, .near_misses = 1 } },
    { "CRLF dot LF",
      SPAN_INIT("a\r\n.\nb\r\n.\r\n"),
      SPAN_INIT("a\r\n.\nb\r\n"),
      true,
      0,
      { .header_lines = 3, .bare_lf = 1, .near_misses = 1 } },
    { "CRLF dot CR text",
      SPAN_INIT("a\r\n.\rb\r\n"),
      SPAN_INIT("a\r\n\rb\r\n"),
      false,
      0,
      { .header_lines = 2, .bare_cr = 1, .stuffed = 1 } },
    { "dot CR CR LF",
      SPAN_INIT("a\r\n.\r\r\n.\r\n"),
      SPAN_INIT("a\r\n\r\r\n"),
      true,
      0,
      { .header_lines = 2, .bare_cr = 1, .stuffed = 1 } },
    { "bare CRs",
      SPAN_INIT("a\rb\r\rc\r\n.\r\n"),
      SPAN_INIT("a\rb\r\rc\r\n"),
      true,
      0,
      { .header_lines = 1, .bare_cr = 3 } },
    { "NUL and 8 bit",
      SPAN_INIT("a\0\xc3\xa9\r\n.\r\n"),
      SPAN_INIT("a\0\xc3\xa9\r\n"),
      true,
      0,
      { .header_lines = 1, .nul = 1, .eight_bit = 2 } },
    { "dot with a space",
      SPAN_INIT(". \r\n.\r\n"),
      SPAN_INIT(" \r\n"),
      true,
      0,
      { .header_lines = 1, .stuffed = 1 } },
    { "not ended", SPAN_INIT("a\r\n.\r"), SPAN_INIT("a\r\n"), false, 0, { .header_lines = 1 } },
};

struct seen {
    struct body body;
    struct buf letter;
    size_t taken;
};

static void take(void *ctx, struct span piece)
{
    struct seen *s = ctx;

    s->taken += body_push(&s->body, piece, &s->letter);
}

Test(body, is_exact_however_cut)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];

        for (size_t way = 0; way < feed_ways(row->wire.len); way++) {
            struct body_counts want = row->counts;
            struct seen s = { 0 };

            want.octets = row->letter.len;
            feed(take, &s, row->wire, way);
            cr_expect(span_eq(buf_span(&s.letter), row->letter), "%s, way %zu: got %s", row->name,
                      way, buf_text(&s.letter));
            cr_expect_eq(s.body.ended, row->ended, "%s, way %zu", row->name, way);
            cr_expect_eq(s.taken, row->wire.len - row->left, "%s, way %zu", row->name, way);
            cr_expect_eq(s.body.counts.octets, want.octets, "%s", row->name);
            cr_expect_eq(s.body.counts.header_lines, want.header_lines, "%s: header", row->name);
            cr_expect_eq(s.body.counts.body_lines, want.body_lines, "%s: body", row->name);
            cr_expect_eq(s.body.counts.stuffed, want.stuffed, "%s: stuffed", row->name);
            cr_expect_eq(s.body.counts.bare_lf, want.bare_lf, "%s: LF", row->name);
            cr_expect_eq(s.body.counts.bare_cr, want.bare_cr, "%s: CR", row->name);
            cr_expect_eq(s.body.counts.nul, want.nul, "%s: NUL", row->name);
            cr_expect_eq(s.body.counts.eight_bit, want.eight_bit, "%s: 8 bit", row->name);
            cr_expect_eq(s.body.counts.near_misses, want.near_misses, "%s: near", row->name);
            cr_expect_eq(s.body.counts.blank_line, want.blank_line, "%s: blank", row->name);
            buf_release(&s.letter);
        }
    }
}

Test(body, long_lines_are_counted)
{
    struct body b = { 0 };
    struct buf wire = { 0 };

    buf_add_repeat(&wire, 'x', BODY_LINE_MAX);
    buf_add(&wire, SPAN("\r\n"));
    buf_add_repeat(&wire, 'x', BODY_LINE_MAX + 1);
    buf_add(&wire, SPAN("\r\n.\r\n"));
    body_push(&b, buf_span(&wire), NULL);
    cr_expect(b.ended);
    cr_expect_eq(b.counts.long_lines, 1);
    buf_release(&wire);
}

static const struct stuff_row {
    const char *name;
    struct span text, wire;
} stuff_rows[] = {
    { "lines", SPAN_INIT("a\nb\n"), SPAN_INIT("a\r\nb\r\n.\r\n") },
    { "no last line end", SPAN_INIT("a\nb"), SPAN_INIT("a\r\nb\r\n.\r\n") },
    { "CRLF stays", SPAN_INIT("a\r\n\r\nb\r\n"), SPAN_INIT("a\r\n\r\nb\r\n.\r\n") },
    { "old CR", SPAN_INIT("a\rb\r"), SPAN_INIT("a\r\nb\r\n.\r\n") },
    { "dots", SPAN_INIT(".\n..\na.\n.x"), SPAN_INIT("..\r\n...\r\na.\r\n..x\r\n.\r\n") },
    { "empty", SPAN_INIT(""), SPAN_INIT(".\r\n") },
    { "two LFs", SPAN_INIT("\n\n"), SPAN_INIT("\r\n\r\n.\r\n") },
};

struct stuffing {
    struct body_stuffer stuffer;
    struct buf wire;
};

static void stuff(void *ctx, struct span piece)
{
    struct stuffing *s = ctx;

    body_stuff(&s->stuffer, piece, &s->wire);
}

Test(body, stuffing_is_the_same_however_cut)
{
    for (size_t i = 0; i < sizeof stuff_rows / sizeof stuff_rows[0]; i++) {
        for (size_t way = 0; way < feed_ways(stuff_rows[i].text.len); way++) {
            struct stuffing s = { 0 };

            feed(stuff, &s, stuff_rows[i].text, way);
            body_stuff_end(&s.stuffer, &s.wire);
            cr_expect(span_eq(buf_span(&s.wire), stuff_rows[i].wire), "%s, way %zu: got %s",
                      stuff_rows[i].name, way, buf_text(&s.wire));
            buf_release(&s.wire);
        }
    }
}

/* Any text, stuffed and received, is the same text but for its line ends. */
Test(body, what_is_stuffed_comes_out_again)
{
    uint32_t seed = 1;

    for (int round = 0; round < 500; round++) {
        static const char octets[] = ".\r\nab";
        struct body_stuffer stuffer = { 0 };
        struct body receiver = { 0 };
        struct buf text = { 0 }, wire = { 0 }, got = { 0 };

        for (int i = 0; i < 20; i++) {
            seed = seed * 1664525u + 1013904223u;
            if (octets[seed >> 24 & 3] == '\r' || octets[seed >> 24 & 3] == '\n')
                buf_add(&text, SPAN("\r\n"));
            else
                buf_add_octet(&text, (unsigned char)octets[(seed >> 16) % 5 < 3 ? 0 : 3]);
        }
        buf_add(&text, SPAN("\r\n"));
        body_stuff(&stuffer, buf_span(&text), &wire);
        body_stuff_end(&stuffer, &wire);
        cr_expect_eq(body_push(&receiver, buf_span(&wire), &got), wire.len);
        cr_expect(receiver.ended);
        cr_expect(span_eq(buf_span(&got), buf_span(&text)), "%s", buf_text(&text));
        buf_release(&text);
        buf_release(&wire);
        buf_release(&got);
    }
}

/* Letters that do not end as RFC 5321 4.1.1.4 says: by count, or as lenient servers have it. */
static const struct {
    const char *sent;
    bool plain, after_lf, before_lf;
    const char *letter;
    size_t taken; /* 0: the letter goes on */
    uint64_t near_misses;
} other_ends[] = {
    { ".\r\n..x\r\n\n.\r\ny", true, false, false, ".\r\n..x\r\n\n.\r\ny", 0, 0 },
    { "x\r\n\r", true, false, false, "x\r\n", 0, 0 },
    { "x\n.\r\ny", false, true, false, "x\n", 5, 0 },
    { "x\n.\ny", false, true, false, "x\n.\ny", 0, 1 },
    { "x\n.\ny", false, true, true, "x\n", 4, 0 },
    { "x\r\n.\ny", false, false, true, "x\r\n", 5, 0 },
    { "x\n.\r\ny", false, false, true, "x\n.\r\ny", 0, 1 },
    { "x\n.\r\ny", false, false, false, "x\n.\r\ny", 0, 1 },
    { "x\n..y\r\nz\r\n.\r\n", false, true, false, "x\n.y\r\nz\r\n", 13, 0 },
};

struct ends {
    struct body body;
    struct buf letter;
    size_t taken;
};

static void ends_feed(void *ctx, struct span piece)
{
    struct ends *d = ctx;

    d->taken += body_push(&d->body, piece, &d->letter);
}

Test(body, ends_otherwise_where_that_is_asked_for)
{
    for (size_t i = 0; i < ROWS(other_ends); i++) {
        struct span sent = span_of(other_ends[i].sent);

        for (size_t way = 0; way < feed_ways(sent.len); way++) {
            struct ends d = { .body = { .plain = other_ends[i].plain,
                                        .dot_after_lf = other_ends[i].after_lf,
                                        .dot_before_lf = other_ends[i].before_lf } };

            feed(ends_feed, &d, sent, way);
            cr_expect(span_eq(buf_span(&d.letter), span_of(other_ends[i].letter)),
                      "row %zu, way %zu: %s", i, way, buf_text(&d.letter));
            cr_expect_eq(d.body.ended, other_ends[i].taken != 0, "row %zu, way %zu", i, way);
            if (d.body.ended)
                cr_expect_eq(d.taken, other_ends[i].taken, "row %zu, way %zu", i, way);
            cr_expect_eq(d.body.counts.near_misses, other_ends[i].near_misses, "row %zu", i);
            cr_expect_eq(d.body.counts.octets, d.letter.len, "row %zu", i);
            buf_release(&d.letter);
        }
    }
}

Test(body, of_chunks_gives_a_held_cr_out_at_the_end)
{
    struct body b = { .plain = true, .line_max = 2 };
    struct buf letter = { 0 };

    body_push(&b, SPAN("xyz\r\nx\r"), &letter);
    cr_expect_str_eq(buf_text(&letter), "xyz\r\nx");
    body_finish(&b, &letter);
    cr_expect_str_eq(buf_text(&letter), "xyz\r\nx\r");
    cr_expect_eq(b.counts.bare_cr, 1);
    cr_expect_eq(b.counts.long_lines, 1);
    body_finish(&b, &letter);
    cr_expect_eq(letter.len, 7);
    buf_release(&letter);
}
