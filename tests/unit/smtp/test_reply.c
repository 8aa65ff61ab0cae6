#include "smtp/reply.h"

#include <criterion/criterion.h>

#include "support/feed.h"

#define F(fault) REPLY_##fault

static const struct row {
    const char *name;
    struct span octets;
    unsigned code;
    unsigned lines;
    unsigned faults;
    struct enhanced_code enhanced;
} rows[] = {
    { "one line", SPAN_INIT("250 ok\r\n"), 250, 1, 0, { 0 } },
    { "three lines", SPAN_INIT("250-a\r\n250-b\r\n250 c\r\n"), 250, 3, 0, { 0 } },
    { "enhanced", SPAN_INIT("550 5.1.1 no such user\r\n"), 550, 1, 0, { 5, 1, 1 } },
    { "enhanced only", SPAN_INIT("250 2.0.0\r\n"), 250, 1, 0, { 2, 0, 0 } },
    { "three digits in the detail", SPAN_INIT("550 5.7.509 no\r\n"), 550, 1, 0, { 5, 7, 509 } },
    { "a version is no enhanced code", SPAN_INIT("220 2.7.0a ready\r\n"), 220, 1, 0, { 0 } },
    { "an address is no enhanced code", SPAN_INIT("220 5.1.1.1 ready\r\n"), 220, 1, 0, { 0 } },
    { "code only", SPAN_INIT("250\r\n"), 250, 1, F(BARE_CODE), { 0 } },
    { "code and space", SPAN_INIT("250 \r\n"), 250, 1, 0, { 0 } },
    { "bare LF", SPAN_INIT("250 ok\n"), 250, 1, F(BARE_LF), { 0 } },
    { "no code", SPAN_INIT("hello\r\n"), 0, 1, F(NO_CODE), { 0 } },
    { "empty line", SPAN_INIT("\r\n"), 0, 1, F(NO_CODE), { 0 } },
    { "codes differ: the last one counts",
      SPAN_INIT("250-a\r\n251 b\r\n"),
      251,
      2,
      F(MIXED_CODES),
      { 0 } },
    { "and so does its enhanced code",
      SPAN_INIT("250-2.1.0 a\r\n550 5.1.1 b\r\n"),
      550,
      2,
      F(MIXED_CODES),
      { 5, 1, 1 } },
    { "class differs", SPAN_INIT("250 5.1.1 no\r\n"), 250, 1, F(WRONG_CLASS), { 5, 1, 1 } },
    { "out of range", SPAN_INIT("199 early\r\n"), 199, 1, F(CODE_RANGE), { 0 } },
    { "second digit 9", SPAN_INIT("290 odd\r\n"), 290, 1, F(CODE_RANGE), { 0 } },
    { "no separator", SPAN_INIT("250ok\r\n"), 250, 1, F(SEPARATOR), { 0 } },
    { "a line without code inside",
      SPAN_INIT("250-a\r\nb\r\n250 c\r\n"),
      250,
      3,
      F(NO_CODE),
      { 0 } },
    { "8 bit", SPAN_INIT("250 caf\xc3\xa9\r\n"), 250, 1, F(EIGHT_BIT), { 0 } },
    { "escape sequence", SPAN_INIT("250 \x1b[2J\r\n"), 250, 1, F(CONTROL), { 0 } },
    { "closed between lines", SPAN_INIT("250-a\r\n"), 250, 1, F(NO_LAST_LINE), { 0 } },
    { "closed in a continuation", SPAN_INIT("250-a\r\n250-b"), 250, 2, F(NO_LAST_LINE), { 0 } },
    { "closed in the last line", SPAN_INIT("250-a\r\n250 b"), 250, 2, 0, { 0 } },
};

struct seen {
    struct line_reader *reader;
    struct reply reply;
};

static void take(void *ctx, struct span piece)
{
    struct seen *s = ctx;
    struct line line;
    bool whole;

    while (piece.len) {
        piece = span_from(piece, line_reader_push(s->reader, piece, &line, &whole));
        if (whole) {
            cr_expect_not(s->reply.whole, "a line after the last one");
            reply_add(&s->reply, &line, NULL);
        }
    }
}

Test(reply, is_the_same_however_cut)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];

        for (size_t way = 0; way < feed_ways(row->octets.len); way++) {
            struct seen s = { line_reader_new(), { 0 } };
            struct line line;

            feed(take, &s, row->octets, way);
            if (line_reader_close(s.reader, &line))
                reply_add(&s.reply, &line, NULL);
            if (!s.reply.whole)
                reply_cut(&s.reply);
            cr_expect_eq(s.reply.code, row->code, "%s: code %u", row->name, s.reply.code);
            cr_expect_eq(s.reply.lines, row->lines, "%s: %u lines", row->name, s.reply.lines);
            cr_expect_eq(s.reply.faults, row->faults, "%s: faults %#x", row->name, s.reply.faults);
            cr_expect_eq(s.reply.octets, row->octets.len, "%s: octets lost", row->name);
            cr_expect_eq(s.reply.enhanced.class, row->enhanced.class, "%s", row->name);
            cr_expect_eq(s.reply.enhanced.detail, row->enhanced.detail, "%s", row->name);
            line_reader_free(s.reader);
        }
    }
}

Test(reply, stays_one_reply_at_any_size)
{
    struct line more = { SPAN("250-more"), 8, LINE_CRLF, 0 };
    struct line last = { SPAN("250 last"), 8, LINE_CRLF, 0 };
    struct reply r = { 0 };

    for (int i = 0; i < 100000; i++)
        cr_assert_not(reply_add(&r, &more, NULL));
    cr_expect(r.faults & REPLY_OVERSIZE);
    cr_expect(reply_add(&r, &last, NULL));
    cr_expect_eq(r.lines, 100001);
}

Test(reply, nothing_to_cut)
{
    struct reply r = { 0 };

    cr_expect_not(reply_cut(&r));
}

Test(reply, every_fault_has_words_and_a_source)
{
    for (int i = 0; i < REPLY_FAULT_COUNT; i++) {
        cr_expect(strlen(reply_fault_text((enum reply_fault_bit)i)) > 10);
        cr_expect(strlen(reply_fault_source((enum reply_fault_bit)i)) > 5);
    }
    for (int i = 0; i < LINE_FAULT_COUNT; i++) {
        cr_expect(strlen(line_fault_text((enum line_fault_bit)i)) > 10);
        cr_expect(strlen(line_fault_source((enum line_fault_bit)i)) > 5);
    }
}

Test(reply, line_comes_apart)
{
    static const struct {
        const char *head;
        unsigned code;
        bool more;
        const char *text, *words;
    } lines[] = {
        { "250 2.1.0 ok", 250, false, "2.1.0 ok", "ok" },
        { "250-2.1.0", 250, true, "2.1.0", "" },
        { "250 ok", 250, false, "ok", "ok" },
        { "250", 250, false, "", "" },
        { "250 ", 250, false, "", "" },
        { "250ok", 250, false, "ok", "ok" },
        { "250 2.1 ok", 250, false, "2.1 ok", "2.1 ok" },
        { "250 3.1.0 ok", 250, false, "3.1.0 ok", "3.1.0 ok" },
        { "250 2.1.", 250, false, "2.1.", "2.1." },
        { "25", 0, false, "25", "25" },
        { "x250 ok", 0, false, "x250 ok", "x250 ok" },
        { "", 0, false, "", "" },
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct span head = span_of(lines[i].head);
        struct line line = { head, head.len, LINE_CRLF, 0 };
        struct reply_line got;
        struct reply r = { 0 };

        reply_add(&r, &line, &got);
        cr_expect_eq(got.code, lines[i].code, "%s", lines[i].head);
        cr_expect_eq(got.more, lines[i].more, "%s", lines[i].head);
        cr_expect(span_eq(got.text, span_of(lines[i].text)), "%s", lines[i].head);
        cr_expect(span_eq(got.words, span_of(lines[i].words)), "%s", lines[i].head);
        cr_expect_eq(got.faults, r.faults, "%s", lines[i].head);
    }
}

Test(reply, line_has_its_length)
{
    struct line line = { SPAN("250 ok"), 510, LINE_CRLF, 0 };
    struct reply r = { 0 };

    reply_add(&r, &line, NULL);
    cr_expect_not(r.faults & REPLY_LONG_LINE);
    line.len = 511;
    reply_add(&r, &line, NULL);
    cr_expect(r.faults & REPLY_LONG_LINE);
}
