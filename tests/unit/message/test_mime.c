#include "message/mime.h"

#include "base/mem.h"
#include "support/table.h"

static const struct {
    const char *name, *type, *want;
} names[] = {
    { "photo.png", "image/png", "photo.png" },
    { "caf\xc3\xa9.pdf", "application/pdf", "caf\xc3\xa9.pdf" },
    { "../../etc/passwd", "text/plain", "passwd" },
    { "C:\\Windows\\run.exe", "application/octet-stream", "run.exe" },
    { "/", "image/png", "part-3.png" },
    { "..", "message/rfc822", "part-3.eml" },
    { "", "TEXT/HTML", "part-3.html" },
    { "", "application/x-unheard-of", "part-3" },
    { ".bashrc", "text/plain", "bashrc" },
    { "-rf", "text/plain", "rf" },
    { " a b\tc.txt ", "text/plain", "a_b_c.txt" },
    { "a\033[2J$(x)`y`|z;'\"", "text/plain", "a__2J__x__y__z___" },
    { "evil\xe2\x80\xaegnp.exe", "text/plain", "evil_gnp.exe" },
    { "half\xc3", "text/plain", "half_" },
    { "a\xc2\xa0z", "text/plain", "a_z" },
};

Test(mime, makes_a_file_name_that_harms_nobody)
{
    for (size_t i = 0; i < ROWS(names); i++) {
        struct mime m = { 0 };
        struct mime_part *p = mime_add(&m, 0);
        struct buf got = { 0 };

        mime_set(&p->name, names[i].name);
        mime_set(&p->type, names[i].type);
        mime_file_name(p, 3, &got);
        cr_expect_str_eq(buf_text(&got), names[i].want, "'%s': '%s'", names[i].name,
                         buf_text(&got));
        buf_release(&got);
        mime_release(&m);
    }
}

Test(mime, keeps_file_names_short)
{
    struct mime m = { 0 };
    struct mime_part *p = mime_add(&m, 0);
    struct buf long_name = { 0 }, got = { 0 };

    buf_add_repeat(&long_name, 'n', 5000);
    mime_set(&p->name, buf_text(&long_name));
    cr_expect_eq(strlen(p->name), MIME_WORD_MAX);
    mime_file_name(p, 1, &got);
    cr_expect_eq(got.len, 100);
    buf_release(&long_name);
    buf_release(&got);
    mime_release(&m);
}

Test(mime, cuts_no_character_of_a_word)
{
    struct mime m = { 0 };
    struct mime_part *p = mime_add(&m, 0);
    struct buf word = { 0 };

    buf_add_repeat(&word, 'n', MIME_WORD_MAX - 1);
    buf_add_text(&word, "\xc3\xa9");
    mime_set(&p->name, buf_text(&word));
    cr_expect_eq(strlen(p->name), MIME_WORD_MAX - 1);
    mime_set(&p->name, NULL);
    cr_expect_str_eq(p->name, "");
    buf_release(&word);
    mime_release(&m);
}

static const struct {
    const char *word;
    enum mime_encoding want;
    bool costs;
} encodings[] = {
    { "", MIME_NONE, false },
    { "  ", MIME_NONE, false },
    { "7bit", MIME_7BIT, false },
    { "8BIT", MIME_8BIT, false },
    { "Binary", MIME_BINARY, false },
    { " base64\t", MIME_BASE64, true },
    { "Quoted-Printable", MIME_QUOTED_PRINTABLE, true },
    { "x-uuencode", MIME_UUENCODE, true },
    { "uuencode", MIME_UUENCODE, true },
    { "X-UUE", MIME_UUENCODE, true },
    { "base65", MIME_UNKNOWN, false },
    { "unknown", MIME_UNKNOWN, false },
    { "none", MIME_UNKNOWN, false },
};

Test(mime, knows_the_transfer_encodings)
{
    for (size_t i = 0; i < ROWS(encodings); i++) {
        enum mime_encoding got = mime_encoding_by_word(span_of(encodings[i].word));

        cr_expect_eq(got, encodings[i].want, "'%s'", encodings[i].word);
        cr_expect_eq(mime_encoding_costs(got), encodings[i].costs, "'%s'", encodings[i].word);
    }
    cr_expect_str_eq(mime_encoding_word(MIME_QUOTED_PRINTABLE), "quoted-printable");
}

Test(mime, has_a_text_and_a_source_for_each_fault)
{
    for (int f = 0; f < MIME_FAULT_COUNT; f++) {
        cr_expect_gt(strlen(mime_fault_text((enum mime_fault)f)), 10);
        cr_expect_eq(strncmp(mime_fault_source((enum mime_fault)f), "RFC ", 4), 0);
    }
}

Test(mime, lists_only_so_many_parts_and_warnings)
{
    struct mime m = { 0 };

    for (size_t i = 0; i < MIME_PARTS_MAX; i++)
        cr_assert(mime_add(&m, 1));
    cr_expect_not(m.more_parts);
    cr_expect_null(mime_add(&m, 1));
    cr_expect(m.more_parts);
    for (int i = 0; i < MIME_WARNINGS_MAX + 3; i++)
        mime_warn(&m, MIME_FAULT_TYPE, i - 1);
    cr_expect_eq(m.warning_count, MIME_WARNINGS_MAX);
    cr_expect_eq(m.more_warnings, 3);
    cr_expect_not(m.warnings[0].placed);
    cr_expect(m.warnings[1].placed);
    cr_expect_eq(m.warnings[2].at, 1);
    mime_release(&m);
    cr_expect_eq(m.count, 0);
}

/* A letter: its start, then one text many times. `most`: octets that may be read; 0: all. */
static const struct {
    const char *name, *start, *again;
    size_t times, most;
} bounded[] = {
    { "nothing", "", "", 0, 0 },
    { "one line without an end", "Subject: x", "", 0, 0 },
    { "a long text", "Subject: x\r\n\r\n", "some text, as always\r\n", 100000, 0 },
    { "a text of hyphens, without parts", "Subject: x\r\n\r\n", "--\r\n", 100000, 0 },
    { "a million fields", "", "a:\n", 1000000, 3 * MIME_HEADER_LINES_MAX },
    { "one endless field", "Subject: x\n",
      " and so on and so on and so on and so on and so on and "
      "so on and so on and so on and so on and so on\n",
      20000, MIME_HEADER_OCTETS_MAX },
    { "a million boundaries", "Content-Type: multipart/mixed; boundary=a\n\n", "--a\n\n", 1000000,
      5 * MIME_DELIMITERS_MAX + 50 },
    { "fields behind a boundary", "Content-Type: Multipart/mixed; boundary=a\n\n--a\n", "b: c\n",
      1000000, 5 * MIME_HEADER_LINES_MAX + 100 },
    { "letters in letters", "", "Content-Type: message/rfc822\r\n\r\n", 100000,
      32 * MIME_HEADER_LINES_MAX / 2 + 100 },
    { "a digest's letters", "Content-Type: multipart/digest; boundary=a\n\n--a\n\n", "b: c\n",
      1000000, 5 * MIME_HEADER_LINES_MAX + 100 },
    { "a text behind its part's header", "Content-Type: multipart/mixed; boundary=a\n\n--a\n\n",
      "b: c\n", 1000000, 0 },
};

Test(mime, bounds_what_a_parser_is_given)
{
    for (size_t i = 0; i < ROWS(bounded); i++) {
        struct buf letter = { 0 };
        size_t got;

        buf_add_text(&letter, bounded[i].start);
        for (size_t n = 0; n < bounded[i].times; n++)
            buf_add_text(&letter, bounded[i].again);
        got = mime_bounded(buf_span(&letter));
        if (bounded[i].most) {
            cr_expect_leq(got, bounded[i].most, "%s: %zu", bounded[i].name, got);
            cr_expect_gt(got, bounded[i].most / 2, "%s: %zu", bounded[i].name, got);
        } else {
            cr_expect_eq(got, letter.len, "%s: %zu", bounded[i].name, got);
        }
        buf_release(&letter);
    }
}

Test(mime, gives_no_parser_more_than_the_largest_letter)
{
    size_t len = MIME_OCTETS_MAX + 1;
    unsigned char *octets = mem_zero(len, 1);

    octets[0] = octets[1] = '\n';
    cr_expect_eq(mime_bounded(span_make(octets, len)), MIME_OCTETS_MAX);
    mem_free(octets);
}
