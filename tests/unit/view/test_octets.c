/* The octets, block by block. */
#include "view/octets.h"

#include <locale.h>
#include <stdio.h>

#include "support/talks.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static const char *text(const struct record *r, uint32_t blocks, unsigned cols, bool ascii,
                        struct buf *out)
{
    struct styled all = { 0 };

    octets_text(r, 1, blocks, cols, ascii, &all);
    buf_clear(out);
    buf_add(out, buf_span(&all.text));
    styled_release(&all);
    return buf_text(out);
}

#define WORDS                                                                                      \
    " A block is what one write handed to the network, or what one read found there.\n"            \
    " TCP carries octets, not blocks: it may join writes on the way, or split them.\n"

Test(octets, shows_each_write_and_read_with_its_time, .init = utf8)
{
    struct record *r = talk_of("S: 220 hamburger.edu\n+ 1500\nC: HELO crepes.fr\n");
    struct buf out = { 0 };

    cr_expect_str_eq(
        text(r, UINT32_MAX, 78, false, &out),
        WORDS " ◂ carriage return, ▾ line feed, . no sign of its own, ** secret, .. no longer "
              "kept\n"
              "── 1 S: 19 octets at 0.100000 s "
              "──────────────────────────────────────────────\n"
              "        0  32 32 30 20 68 61 6d 62  75 72 67 65 72 2e 65 64  220 hamburger.ed\n"
              "       16  75 0d 0a                                          u◂▾\n"
              "── 2 C: 16 octets at 1.600000 s, 1.5 s later "
              "─────────────────────────────────\n"
              "        0  48 45 4c 4f 20 63 72 65  70 65 73 2e 66 72 0d 0a  HELO crepes.fr◂▾\n");
    cr_expect_eq(octets_rows(r, 1), 8u);
    buf_release(&out);
    record_free(r);
}

/* The octets of the rows below the words, of the last block. */
static const struct {
    const char *name, *talk, *want;
} blocks[] = {
    { "one octet", "c: Q\n",
      "-- 1 C: 1 octet at 0.100000 s -------------------\n"
      "        0  51                                                Q\n" },
    { "offsets count by side", "C: NOOP\nS: 250\nc: QU\n",
      "-- 3 C: 2 octets at 0.300000 s, 100 ms later ----\n"
      "        6  51 55                                             QU\n" },
    { "no terminal obeys it", "s: 2\x1b[0\xc3\xa9\n",
      "-- 1 S: 6 octets at 0.100000 s ------------------\n"
      "        0  32 1b 5b 30 c3 a9                                 2.[0..\n" },
    { "a secret", "S: 220 x\nC: AUTH PLAIN AGEAYg==\n",
      "-- 2 C: 21 octets at 0.200000 s, 100 ms later ---\n"
      "        0  41 55 54 48 20 50 4c 41  49 4e 20 ** ** ** ** **  AUTH PLAIN *****\n"
      "       16  ** ** ** 0d 0a                                    ***<v\n" },
    { "a secret in the middle of its line", "S: 220 x\nc: AUTH PLAIN A\nc: GEA\n",
      "-- 3 C: 3 octets at 0.300000 s, 100 ms later ----\n"
      "       12  ** ** **                                          ***\n" },
    { "a secret in pieces, once its line is whole", "S: 220 x\nc: AUTH PLAIN A\nC: GEA\n",
      "-- 3 C: 5 octets at 0.300000 s, 100 ms later ----\n"
      "       12  ** ** ** 0d 0a                                    ***<v\n" },
    { "a password behind a 334", "S: 220 x\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YWxpY2U=\n",
      "-- 4 C: 10 octets at 0.400000 s, 100 ms later ---\n"
      "       12  ** ** ** ** ** ** ** **  0d 0a                    ********<v\n" },
    { "inside TLS",
      "S: 220 x\nC: STARTTLS\nS: 220 go\n- TLS_STARTING\n- TLS_DONE TLSv1.3, X\nC: NOOP\n",
      "-- 4 C: 6 octets at 0.600000 s, 300 ms later, inside TLS \n"
      "       10  4e 4f 4f 50 0d 0a                                 NOOP<v\n" },
};

Test(octets, are_shown_as_marks_and_masked_where_secret, .init = utf8)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        struct record *r = talk_of(blocks[i].talk);
        struct styled got = { 0 };

        octets_block(r, 1, record_reads(r, 1) - 1, 49, true, &got);
        cr_expect_str_eq(buf_text(&got.text), blocks[i].want, "%s", blocks[i].name);
        styled_release(&got);
        record_free(r);
    }
}

static enum style style_at(const struct styled *s, const char *hex)
{
    size_t at = span_search(buf_span(&s->text), span_of(hex), 0, false), run = 0;

    cr_assert_neq(at, SPAN_NOT_FOUND, "%s", hex);
    while (at >= s->runs[run].len)
        at -= s->runs[run++].len;
    return s->runs[run].style;
}

/* Bare line ends are faults, wherever a block or a row is cut. */
static const struct {
    const char *name, *first, *second, *hex;
    enum style want;
} ends[] = {
    { "CRLF", "", "ab\r\n", "0d", STYLE_DIM },
    { "CRLF over two blocks", "ab\r", "\ncd", "0a", STYLE_DIM },
    { "a bare LF", "", "ab\n", "0a", STYLE_FAULT },
    { "a bare LF that comes first", "", "\nab", "0a", STYLE_FAULT },
    { "a bare LF at the start of a block", "ab", "\ncd", "0a", STYLE_FAULT },
    { "a bare CR", "", "a\rb", "0d", STYLE_FAULT },
    { "a CR that came last", "", "ab\r", "0d", STYLE_DIM },
    { "CRLF over two rows", "", "0123456789abcde\r\n", "0d", STYLE_DIM },
    { "a bare CR at the end of a row", "", "0123456789abcde\rf", "0d", STYLE_FAULT },
};

Test(octets, tell_a_bare_line_end_from_crlf)
{
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct record *r = record_new(NULL);
        struct styled got = { 0 };

        record_open(r, "", "", 0);
        record_octets(r, 1, SIDE_CLIENT, span_of(ends[i].first), 1);
        record_octets(r, 1, SIDE_CLIENT, span_of(ends[i].second), 2);
        octets_block(r, 1, record_reads(r, 1) - 1, 78, true, &got);
        cr_expect_eq(style_at(&got, ends[i].hex), ends[i].want, "%s", ends[i].name);
        styled_release(&got);
        record_free(r);
    }
}

Test(octets, say_that_they_are_shown_as_before_encryption)
{
    struct record *r = talk_of("- TLS_STARTING\n- TLS_DONE TLSv1.3, X\nS: 220 x\n");
    struct buf out = { 0 };

    cr_expect(strstr(text(r, 1, 78, true, &out), "\n Octets inside TLS are shown as they are"));
    cr_expect(strstr(buf_text(&out), " < carriage return, v line feed"));
    cr_expect_eq(octets_rows(r, 1), 6u);
    buf_release(&out);
    record_free(r);
}

#define MILLION 1000000

/* A block of one octet and one of seventeen in turn: five rows for two. */
static struct record *million(void)
{
    struct record *r = record_new(NULL);

    record_open(r, "", "", 0);
    for (int i = 0; i < MILLION; i++)
        record_octets(r, 1, i % 2 ? SIDE_SERVER : SIDE_CLIENT,
                      span_first(SPAN("0123456789abcdefg"), i % 2 ? 17 : 1), i);
    return r;
}

Test(octets, find_their_rows_in_a_million_blocks, .init = utf8)
{
    struct record *r = million();
    uint32_t rows = octets_rows(r, 1);
    struct grid g;
    struct buf out = { 0 };

    cr_assert_eq(rows, 3u + 5u * (MILLION / 2));
    grid_init(&g, 5, 78);
    octets_draw(r, 1, rows - 3, true, &g, (struct rect){ 1, 0, 4, 78 });
    grid_to_text(&g, &out);
    cr_expect_str_eq(
        buf_text(&out),
        "\n-- 1000000 S: 17 octets at 0.999999 s, 0.0 ms later --------------------------\n"
        "  8499983  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n"
        "  8499999  67                                                g\n\n");
    for (uint32_t row = 3; row < rows; row += 99991) {
        uint32_t in_pair = (row - 3) % 5, block = (row - 3) / 5 * 2 + (in_pair > 1) + 1;
        char want[64];

        grid_clear(&g, (struct rect){ 0, 0, 5, 78 });
        octets_draw(r, 1, row - in_pair % 2 * (in_pair < 2) - (in_pair > 2 ? in_pair - 2 : 0), true,
                    &g, (struct rect){ 0, 0, 1, 78 });
        buf_clear(&out);
        grid_to_text(&g, &out);
        snprintf(want, sizeof want, "-- %u %s ", block, in_pair > 1 ? "S:" : "C:");
        cr_expect(strncmp(buf_text(&out), want, strlen(want)) == 0, "%u: %s", row, buf_text(&out));
    }
    grid_release(&g);
    buf_release(&out);
    record_free(r);
}

Test(octets, as_text_are_the_last_blocks)
{
    struct record *r = million();
    struct buf out = { 0 };
    size_t lines = 0;

    cr_expect(strstr(text(r, 2, 78, true, &out), "\n... 999998 earlier blocks\n-- 999999 C:"));
    text(r, UINT32_MAX, 78, true, &out);
    for (struct span rest = buf_span(&out); rest.len; lines++)
        span_cut(rest, '\n', &rest);
    cr_expect_leq(lines, (size_t)OCTETS_TEXT_ROWS + 4);
    cr_expect_geq(lines, (size_t)OCTETS_TEXT_ROWS - 4);
    buf_release(&out);
    record_free(r);
}

Test(octets, of_one_block_larger_than_the_text_are_all_there)
{
    struct record *r = record_new(NULL);
    struct buf out = { 0 }, large = { 0 };

    for (int i = 0; i < OCTETS_TEXT_ROWS * 16; i++)
        buf_add_octet(&large, 'x');
    record_open(r, "", "", 0);
    record_octets(r, 1, SIDE_CLIENT, buf_span(&large), 1);
    cr_expect_null(strstr(text(r, UINT32_MAX, 78, true, &out), "earlier"));
    cr_expect(strstr(buf_text(&out), "-- 1 C: 160000 octets"));
    buf_release(&out);
    buf_release(&large);
    record_free(r);
}
