#include "mime/reader.h"

#include <stdlib.h>

#include "base/mem.h"
#include "support/letters.h"
#include "support/table.h"

static void read_well(struct span letter, struct mime *m)
{
    struct error err = { "" };

    cr_assert(mime_read(letter, m, &err), "%s", err.text);
    cr_assert_geq(m->count, 1);
    for (size_t i = 0; i < m->count; i++) {
        const struct mime_part *p = &m->parts[i];

        cr_assert_leq(p->header_at + p->header_len, letter.len);
        cr_assert_leq(p->body_at + p->body_len, letter.len);
        cr_assert_leq(p->depth, MIME_DEPTH_MAX);
    }
}

/* Part k of the letter, as it stands there. */
static struct span body_of(struct span letter, const struct mime_part *p)
{
    return span_first(span_from(letter, (size_t)p->body_at), (size_t)p->body_len);
}

static struct span header_of(struct span letter, const struct mime_part *p)
{
    return span_first(span_from(letter, (size_t)p->header_at), (size_t)p->header_len);
}

static const struct {
    unsigned depth;
    enum mime_kind kind;
    const char *type, *charset, *name;
    enum mime_encoding encoding;
    const char *header, *body;
    uint64_t decoded;
    bool attached;
} parts[] = {
    { 0, MIME_MULTIPART, "multipart/mixed", "", "", MIME_NONE, "From: alice@crepes.fr\r\n", "For ",
      0, false },
    { 1, MIME_LEAF, "text/plain", "iso-8859-1", "", MIME_QUOTED_PRINTABLE,
      "Content-Type: text/plain", "One caf=E9, please.", 17, false },
    { 1, MIME_LEAF, "text/html", "utf-8", "", MIME_NONE, "Content-Type: text/html", "<p>One", 50,
      false },
    { 1, MIME_LETTER, "message/rfc822", "", "", MIME_NONE, "Content-Type: message",
      "Subject: inner", 0, false },
    { 2, MIME_LEAF, "text/plain", "", "", MIME_NONE, "Subject: inner\r\n", "inner text", 10,
      false },
    { 1, MIME_LEAF, "image/png", "", "../caf\xc3\xa9.png", MIME_BASE64, "Content-Type: image/png",
      "iVBORw0KGgoA\r\n/////w==", 13, true },
};

Test(reader, lists_the_parts_of_a_letter)
{
    struct span letter = SPAN(LETTER_OF_PARTS);
    struct mime m = { 0 };

    read_well(letter, &m);
    cr_assert_eq(m.count, ROWS(parts), "%zu", m.count);
    for (size_t i = 0; i < ROWS(parts); i++) {
        const struct mime_part *p = &m.parts[i];

        cr_expect_eq(p->depth, parts[i].depth, "%zu", i);
        cr_expect_eq(p->kind, parts[i].kind, "%zu", i);
        cr_expect_str_eq(p->type, parts[i].type, "%zu", i);
        cr_expect_str_eq(p->charset, parts[i].charset, "%zu", i);
        cr_expect_str_eq(p->name, parts[i].name, "%zu", i);
        cr_expect_eq(p->encoding, parts[i].encoding, "%zu", i);
        cr_expect_eq(p->decoded_len, parts[i].decoded, "%zu: %llu", i,
                     (unsigned long long)p->decoded_len);
        cr_expect_eq(p->attached, parts[i].attached, "%zu", i);
        cr_expect(span_starts(header_of(letter, p), span_of(parts[i].header)), "%zu: %.*s", i,
                  SPAN_ARG(header_of(letter, p)));
        cr_expect(span_starts(body_of(letter, p), span_of(parts[i].body)), "%zu: %.*s", i,
                  SPAN_ARG(body_of(letter, p)));
    }
    cr_expect_eq(m.octets, letter.len);
    cr_expect_eq(m.read, letter.len);
    cr_expect_eq(m.warning_count, 0);
    mime_release(&m);
}

Test(reader, decodes_a_part)
{
    struct span letter = SPAN(LETTER_OF_PARTS);
    struct error err = { "" };
    struct mime m = { 0 };
    struct buf got = { 0 };

    read_well(letter, &m);
    cr_expect(mime_decode(letter, &m.parts[5], &got, &err));
    cr_expect(span_eq(buf_span(&got), SPAN("\x89PNG\r\n\x1a\n\0\xff\xff\xff\xff")), "%zu", got.len);
    buf_clear(&got);
    cr_expect(mime_decode(letter, &m.parts[1], &got, &err));
    cr_expect(span_eq(buf_span(&got), SPAN("One caf\xe9, please.")));
    buf_clear(&got);
    cr_expect(mime_decode(letter, &m.parts[3], &got, &err));
    cr_expect(span_eq(buf_span(&got), SPAN("Subject: inner\r\n\r\ninner text")), "%.*s",
              SPAN_ARG(buf_span(&got)));
    buf_release(&got);
    mime_release(&m);
}

/* The same, whatever the line ends are. */
Test(reader, takes_bare_line_feeds)
{
    struct span letter = SPAN("Subject: x\n\none\ntwo\n");
    struct mime m = { 0 };

    read_well(letter, &m);
    cr_assert_eq(m.count, 1);
    cr_expect_str_eq(m.parts[0].type, "text/plain");
    cr_expect_eq(m.parts[0].header_len, 11);
    cr_expect(span_eq(body_of(letter, &m.parts[0]), SPAN("one\ntwo\n")));
    mime_release(&m);
}

static const struct {
    const char *name;
    struct span letter;
    enum mime_fault fault;
} odd[] = {
    { "no end", SPAN_INIT("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nx\r\n"),
      MIME_FAULT_TRUNCATED },
    { "no boundary", SPAN_INIT("Content-Type: multipart/mixed\r\n\r\n--a\r\n\r\nx\r\n"),
      MIME_FAULT_NO_BOUNDARY },
    { "a type that is none", SPAN_INIT("Content-Type: nonsense\r\n\r\nx\r\n"), MIME_FAULT_TYPE },
    { "two parameters", SPAN_INIT("Content-Type: text/plain; charset=a; charset=b\r\n\r\nx\r\n"),
      MIME_FAULT_OTHER_PARAMETER },
};

Test(reader, says_what_is_odd)
{
    for (size_t i = 0; i < ROWS(odd); i++) {
        struct mime m = { 0 };
        bool found = false;

        read_well(odd[i].letter, &m);
        for (size_t w = 0; w < m.warning_count; w++)
            found = found || m.warnings[w].fault == odd[i].fault;
        cr_expect(found, "%s: %zu warnings, %d", odd[i].name, m.warning_count,
                  m.warning_count ? (int)m.warnings[0].fault : -1);
        mime_release(&m);
    }
}

static const struct {
    const char *name, *start, *again;
    size_t times;
    bool cut;
} hostile[] = {
    { "nothing", "", "", 0, false },
    { "a line", "x", "", 0, false },
    { "an empty line", "\r\n", "", 0, false },
    { "no header", "what is this\r\n\r\ntext\r\n", "", 0, false },
    { "a million fields", "", "a:\n", 1000000, true },
    { "a million boundaries", "Content-Type: multipart/mixed; boundary=a\n\n", "--a\n\n", 1000000,
      true },
    { "letters in letters", "", "Content-Type: message/rfc822\n\n", 100000, true },
    { "a digest", "Content-Type: multipart/digest; boundary=a\n\n--a\n\n", "a:\n", 1000000, true },
    { "a million parameters", "Content-Type: text/plain", ";\n a=b", 1000000, true },
    { "a million encoded words", "Subject: x\n", " =?utf-8?q?a?=\n", 1000000, true },
    { "broken base64", "Content-Transfer-Encoding: base64\n\n", "A=\xff\n=", 100000, false },
    { "broken quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\n",
      "=\n=X=", 100000, false },
    { "broken uuencode", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n", "M!\n`\377",
      100000, false },
};

Test(reader, is_not_worn_out_by_any_letter, .timeout = 60)
{
    for (size_t i = 0; i < ROWS(hostile); i++) {
        struct buf letter = { 0 }, got = { 0 };
        struct error err = { "" };
        struct mime m = { 0 };

        buf_add_text(&letter, hostile[i].start);
        for (size_t n = 0; n < hostile[i].times; n++)
            buf_add_text(&letter, hostile[i].again);
        read_well(buf_span(&letter), &m);
        cr_expect_eq(m.read < m.octets, hostile[i].cut, "%s", hostile[i].name);
        cr_expect(mime_decode(buf_span(&letter), &m.parts[m.count - 1], &got, &err));
        cr_expect_leq(got.len, letter.len, "%s", hostile[i].name);
        if (m.parts[m.count - 1].kind == MIME_LEAF)
            cr_expect_eq(got.len, m.parts[m.count - 1].decoded_len, "%s", hostile[i].name);
        buf_release(&letter);
        buf_release(&got);
        mime_release(&m);
    }
}

Test(reader, follows_parts_only_so_deep)
{
    struct buf letter = { 0 };
    struct mime m = { 0 };

    for (int i = 0; i < 3000; i++)
        buf_printf(&letter, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    read_well(buf_span(&letter), &m);
    cr_expect_eq(m.count, MIME_DEPTH_MAX + 1);
    cr_expect(m.parts[MIME_DEPTH_MAX].deeper);
    cr_expect_geq(m.more_warnings, 900);
    buf_release(&letter);
    mime_release(&m);
}

Test(reader, lists_only_so_many_parts)
{
    struct buf letter = { 0 };
    struct mime m = { 0 };

    buf_add_text(&letter, "Content-Type: multipart/mixed; boundary=a\r\n\r\n");
    for (int i = 0; i < 1500; i++)
        buf_add_text(&letter, "--a\r\n\r\nx\r\n");
    buf_add_text(&letter, "--a--\r\n");
    read_well(buf_span(&letter), &m);
    cr_expect_eq(m.count, MIME_PARTS_MAX);
    cr_expect(m.more_parts);
    buf_release(&letter);
    mime_release(&m);
}

/* Every octet of the letter missing from there on. */
Test(reader, reads_a_letter_that_breaks_off_anywhere)
{
    struct span letter = SPAN(LETTER_OF_PARTS);

    for (size_t len = 0; len < letter.len; len++) {
        unsigned char *cut = mem_alloc(len + 1); /* its own, so that a sanitizer sees its end */
        struct mime m = { 0 };

        memcpy(cut, letter.at, len);
        read_well(span_make(cut, len), &m);
        mime_release(&m);
        mem_free(cut);
    }
}
