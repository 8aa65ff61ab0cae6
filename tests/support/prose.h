/* Are these words fit to be shown? For tests of the tables that hold text for people. */
#ifndef TESTS_PROSE_H
#define TESTS_PROSE_H
#include "base/span.h"
#include "base/utf8.h"

/* What is wrong with a piece of text of at most `most` characters; NULL: nothing. */
static inline const char *prose_label_fault(const char *text, size_t most)
{
    size_t len, characters = 0;

    if (!text || !*text)
        return "is empty";
    len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (ascii_is_control((unsigned char)text[i]))
            return "holds a control character";
        if ((text[i] & 0xc0) != 0x80)
            characters++;
    }
    if (!utf8_valid(span_of(text)))
        return "is not UTF-8";
    if (characters > most)
        return "is too long";
    if (text[0] == ' ' || text[len - 1] == ' ' || strstr(text, "  "))
        return "has stray spaces";
    return NULL;
}

/* The same for whole sentences. */
static inline const char *prose_fault(const char *text, size_t most)
{
    const char *fault = prose_label_fault(text, most);

    if (fault)
        return fault;
    if (text[strlen(text) - 1] != '.')
        return "does not end in a full stop";
    if (text[0] >= 'a' && text[0] <= 'z')
        return "begins with a small letter";
    if (strchr(text, '!'))
        return "shouts";
    return NULL;
}

#define PROSE_WORDS_MAX 25

/* A sentence of more than PROSE_WORDS_MAX words; a colon or a semicolon lets the reader breathe as
 * well as a full stop. */
static inline bool prose_is_breathless(const char *text)
{
    unsigned words = 0;

    for (const char *c = text; *c; c++) {
        bool end = c[1] == ' ' || c[1] == 0;

        words += end;
        if (end && strchr(".?:;", *c))
            words = 0;
        if (words > PROSE_WORDS_MAX)
            return true;
    }
    return false;
}

/* Rows of `cols` cells that the text takes when it is broken at spaces. */
static inline unsigned prose_rows(const char *text, size_t cols)
{
    struct span rest = span_of(text);
    unsigned rows = 1;
    size_t used = 0;

    while (rest.len) {
        size_t word = utf8_cells(span_cut(rest, ' ', &rest));

        if (used && used + 1 + word > cols) {
            rows++;
            used = 0;
        }
        used += (used > 0) + word;
    }
    return rows;
}

#define EXPECT_SENTENCE(text, most, row)                                                           \
    cr_expect_null(prose_fault(text, most), "%s: %s %s: %s", row, #text, prose_fault(text, most),  \
                   (text) ? (text) : "(null)")
#define EXPECT_LABEL(text, most, row)                                                              \
    cr_expect_null(prose_label_fault(text, most), "%s: %s %s: %s", row, #text,                     \
                   prose_label_fault(text, most), (text) ? (text) : "(null)")

#endif
