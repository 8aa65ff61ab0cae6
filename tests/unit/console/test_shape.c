/* How a letter of /send is written. */
#include "console/shape.h"

#include <criterion/criterion.h>

#include "support/table.h"

static const struct {
    const char *name;
    unsigned shapes;
    const char *file, *want;
} rows[] = {
    { "right", 0, "a\n.b\r\nc", "a\r\n..b\r\nc\r\n.\r\n" },
    { "lf, and a right end", SHAPE_LF, "a\n.b\r\n\nc\n", "a\n..b\n\nc\r\n.\r\n" },
    { "lf of a last line without end", SHAPE_LF, "a\nb", "a\nb\r\n.\r\n" },
    { "lf without the dot", SHAPE_LF | SHAPE_NODOT, "a\nb\n", "a\nb\n" },
    { "lf without the dot nor a last end", SHAPE_LF | SHAPE_NODOT, "a\nb", "a\nb\n" },
    { "lf and dots", SHAPE_LF | SHAPE_NOSTUFF, "a\n.\nb\n", "a\n.\nb\r\n.\r\n" },
    { "cr", SHAPE_CR, "a\nb\r\nc\rd\n", "a\rb\rc\rd\r\n.\r\n" },
    { "cr without the dot", SHAPE_CR | SHAPE_NODOT, "a\n\nb\n", "a\r\rb\r" },
    { "nostuff", SHAPE_NOSTUFF, ".\n.a\n", ".\r\n.a\r\n.\r\n" },
    { "nodot", SHAPE_NODOT, ".a\nb", "..a\r\nb\r\n" },
    { "asis", SHAPE_ASIS, "a\n.b\rc\r\n", "a\n.b\rc\r\n.\r\n" },
    { "asis without the dot", SHAPE_ASIS | SHAPE_NODOT, "a\n.\n", "a\n.\n" },
    { "asis, empty", SHAPE_ASIS, "", ".\r\n" },
    { "lf, empty", SHAPE_LF, "", ".\r\n" },
};

static void shape(unsigned shapes, struct span file, size_t cut, struct buf *out)
{
    struct shaper s = { .shapes = shapes };

    buf_clear(out);
    shape_add(&s, span_first(file, cut), out);
    shape_add(&s, span_from(file, cut), out);
    cr_expect(shape_end(&s, out));
}

Test(shape, writes_a_letter_with_the_faults_asked_for_however_it_is_cut)
{
    struct buf out = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t cut = 0; cut <= strlen(rows[i].file); cut++) {
            shape(rows[i].shapes, span_of(rows[i].file), cut, &out);
            cr_expect(span_eq(buf_span(&out), span_of(rows[i].want)), "%s, cut at %zu: %s",
                      rows[i].name, cut, buf_text(&out));
        }
    buf_release(&out);
}

Test(shape, says_when_the_dot_would_not_end_the_letter)
{
    static const char *const open[] = { "a", "a\n", "a\r", "\n" };
    struct buf out = { 0 };

    for (size_t i = 0; i < ROWS(open); i++) {
        struct shaper s = { .shapes = SHAPE_ASIS }, none = { .shapes = SHAPE_ASIS | SHAPE_NODOT };

        shape_add(&s, span_of(open[i]), &out);
        cr_expect_not(shape_end(&s, &out), "%zu", i);
        shape_add(&none, span_of(open[i]), &out);
        cr_expect(shape_end(&none, &out), "%zu", i);
    }
    buf_release(&out);
}

static const struct {
    const char *args, *file;
    unsigned shapes;
    int64_t gap;
    const char *error;
} words[] = {
    { "a.eml", "a.eml", 0, 7, NULL },
    { "a.eml lf", "a.eml", SHAPE_LF, 7, NULL },
    { "my letter.eml  NOSTUFF lf nodot", "my letter.eml", SHAPE_LF | SHAPE_NOSTUFF | SHAPE_NODOT, 7,
      NULL },
    { "a bytes", "a", SHAPE_BYTES, 7, NULL },
    { "a bytes 5ms asis", "a", SHAPE_BYTES | SHAPE_ASIS, 5000, NULL },
    { "a 5ms", "a 5ms", 0, 7, NULL },
    { "a bytes 60001ms", "a bytes 60001ms", 0, 7, NULL },
    { "a bytes xms", "a bytes xms", 0, 7, NULL },
    { "lf", "lf", 0, 7, NULL },
    { "bytes 5ms", "bytes 5ms", 0, 7, NULL },
    { "a lf cr", "a", SHAPE_LF | SHAPE_CR, 7, "line ends are lf or cr, not both" },
    { "a asis nostuff", "a", SHAPE_ASIS | SHAPE_NOSTUFF, 7,
      "asis changes nothing, so lf, cr and nostuff cannot stand beside it" },
};

Test(shape, reads_the_words_behind_the_file)
{
    for (size_t i = 0; i < ROWS(words); i++) {
        struct span args = span_of(words[i].args);
        struct error err = { "" };
        unsigned shapes = 99;
        int64_t gap = 7;

        cr_expect_eq(shape_read(&args, &shapes, &gap, &err), !words[i].error, "%s", words[i].args);
        cr_expect(span_eq(args, span_of(words[i].file)), "%s", words[i].args);
        cr_expect_eq(shapes, words[i].shapes, "%s", words[i].args);
        cr_expect_eq(gap, words[i].gap, "%s", words[i].args);
        cr_expect_str_eq(err.text, words[i].error ? words[i].error : "", "%s", words[i].args);
    }
}

Test(shape, has_a_word_and_a_sentence_with_its_source_for_each)
{
    for (int bit = 0; bit < SHAPE_COUNT; bit++) {
        const char *what = shape_what((enum shape_bit)bit);

        cr_expect(*shape_word((enum shape_bit)bit));
        cr_expect(strlen(what) > 40 && what[strlen(what) - 1] != '.', "%s", what);
        cr_expect(span_starts(span_of(shape_source((enum shape_bit)bit)), SPAN("RFC ")));
    }
}
