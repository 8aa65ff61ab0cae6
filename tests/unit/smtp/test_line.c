#include "smtp/line.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "support/feed.h"

#define F(name) LINE_FAULT_##name

/* Each line as "text|end|faults;" */
struct seen {
    struct line_reader *reader;
    struct buf log;
};

static void note(struct seen *s, const struct line *l)
{
    static const char *const ends[] = { "open", "crlf", "lf", "cut" };

    buf_add(&s->log, l->head);
    buf_printf(&s->log, "|%s|%u|%x;", ends[l->end], (unsigned)l->len, l->faults);
}

static void take(void *ctx, struct span piece)
{
    struct seen *s = ctx;
    struct line line;
    bool whole;

    while (piece.len) {
        piece = span_from(piece, line_reader_push(s->reader, piece, &line, &whole));
        if (whole)
            note(s, &line);
    }
}

static const struct row {
    const char *name;
    struct span octets;
    const char *want;
} rows[] = {
    { "two lines", SPAN_INIT("HELO a\r\nQUIT\r\n"), "HELO a|crlf|6|0;QUIT|crlf|4|0;" },
    { "empty line", SPAN_INIT("\r\n"), "|crlf|0|0;" },
    { "bare LF", SPAN_INIT("NOOP\n\n"), "NOOP|lf|4|1;|lf|0|1;" },
    { "bare CR inside", SPAN_INIT("a\rb\r\n"), "a\rb|crlf|3|2;" },
    { "two CRs before LF", SPAN_INIT("a\r\r\n"), "a\r|crlf|2|2;" },
    { "control and tab", SPAN_INIT("a\tb\x08\r\n"), "a\tb\x08|crlf|4|8;" },
    { "8 bit", SPAN_INIT("caf\xc3\xa9\r\n"), "caf\xc3\xa9|crlf|5|10;" },
    { "DEL in the ninth octet", SPAN_INIT("abcdefgh\x7f\r\n"), "abcdefgh\x7f|crlf|9|8;" },
    { "cut", SPAN_INIT("QUI"), "QUI|cut|3|20;" },
    { "cut after CR", SPAN_INIT("QUIT\r"), "QUIT\r|cut|5|22;" },
    { "long and plain", SPAN_INIT("0123456789abcdefghijklmnopqrstuvwxyz ~\r\n"),
      "0123456789abcdefghijklmnopqrstuvwxyz ~|crlf|38|0;" },
};

Test(line, is_the_same_however_cut)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t way = 0; way < feed_ways(rows[i].octets.len); way++) {
            struct seen s = { line_reader_new(), { 0 } };
            struct line line;

            feed(take, &s, rows[i].octets, way);
            if (line_reader_close(s.reader, &line))
                note(&s, &line);
            cr_expect_str_eq(buf_text(&s.log), rows[i].want, "%s, way %zu: got %s", rows[i].name,
                             way, buf_text(&s.log));
            line_reader_free(s.reader);
            buf_release(&s.log);
        }
    }
}

Test(line, counts_nul_and_keeps_it)
{
    struct line_scan scan = { 0 };
    struct line line;
    size_t took = line_scan_push(&scan, SPAN("a\0b\r\nrest"), &line);

    cr_expect_eq(took, 5);
    cr_expect_eq(line.len, 3);
    cr_expect_eq(line.faults, F(NUL));
}

Test(line, a_very_long_line_is_counted_whole_and_kept_in_part)
{
    struct line_reader *r = line_reader_new();
    unsigned char block[4096];
    struct line line;
    bool whole = false;

    memset(block, 'x', sizeof block);
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(line_reader_push(r, span_make(block, sizeof block), &line, &whole),
                     sizeof block);
    cr_expect_not(whole);
    cr_expect_eq(line_reader_open(r).len, LINE_HEAD_MAX);
    line_reader_push(r, SPAN("\r\n"), &line, &whole);
    cr_expect(whole);
    cr_expect_eq(line.len, 4096000);
    cr_expect_eq(line.head.len, LINE_HEAD_MAX);
    line_reader_free(r);
}

Test(line, every_single_octet_has_its_fault)
{
    for (unsigned c = 0; c < 256; c++) {
        unsigned char text[16];
        struct line_scan scan = { 0 };
        struct line line;
        unsigned want = c >= 0x80                              ? F(EIGHT_BIT)
                        : c == 0                               ? F(NUL)
                        : c == '\r'                            ? F(BARE_CR)
                        : c == '\t' || (c >= 0x20 && c < 0x7f) ? 0
                                                               : F(CONTROL);

        if (c == '\n')
            continue;
        memset(text, 'a', sizeof text);
        text[5] = (unsigned char)c;
        text[14] = '\r';
        text[15] = '\n';
        line_scan_push(&scan, span_make(text, sizeof text), &line);
        cr_expect_eq(line.faults, want, "octet %u: faults %x", c, line.faults);
    }
}
