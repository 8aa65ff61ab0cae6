#include "view/wrap.h"

#include "base/utf8.h"

/* Cells of the character at the start of s, and its octets. Invalid octets count one cell, as
 * everywhere. */
static unsigned cells_at(struct span s, size_t *len)
{
    uint32_t code;
    int width;

    if (s.at[0] >= 0x20 && s.at[0] < 0x7f) {
        *len = 1;
        return 1;
    }
    *len = utf8_decode(s, &code);
    if (!*len) {
        *len = 1;
        return 1;
    }
    width = utf8_width(code);
    return width < 0 ? 1 : (unsigned)width;
}

/* Behind the spaces at `at`, and a line feed behind them. */
static size_t skip_break(struct span text, size_t at)
{
    while (at < text.len && text.at[at] == ' ')
        at++;
    if (at < text.len && text.at[at] == '\n')
        at++;
    return at;
}

/* Past the end, so that wrap_next knows the text from one that ends in a line feed. */
static bool last_row(struct span text, size_t from, size_t len, size_t *at, struct wrap_row *out)
{
    *out = (struct wrap_row){ from, len };
    *at = text.len + 1;
    return true;
}

bool wrap_next(struct span text, unsigned cols, size_t *at, struct wrap_row *out)
{
    size_t from = *at, i = from, space = SPAN_NOT_FOUND;
    unsigned cells = 0;

    if (from > text.len)
        return false;
    while (i < text.len) {
        size_t len;
        unsigned width;

        if (text.at[i] == '\n') {
            *out = (struct wrap_row){ from, i - from };
            *at = i + 1;
            return true;
        }
        width = cells_at(span_from(text, i), &len);
        if (cells + width > cols && i > from) {
            size_t next;

            if (text.at[i] == ' ')
                space = i;
            if (space == SPAN_NOT_FOUND || space == from)
                space = i;
            next = skip_break(text, space);
            while (space > from && text.at[space - 1] == ' ')
                space--;
            if (next >= text.len)
                return last_row(text, from, space - from, at, out);
            *out = (struct wrap_row){ from, space - from };
            *at = next;
            return true;
        }
        if (text.at[i] == ' ' && (i == from || text.at[i - 1] != ' '))
            space = i;
        cells += width;
        i += len;
    }
    return last_row(text, from, text.len - from, at, out);
}

unsigned wrap_text(struct span text, unsigned cols, wrap_fn *fn, void *ctx)
{
    struct wrap_row row;
    size_t at = 0;
    unsigned rows = 0;

    while (wrap_next(text, cols, &at, &row)) {
        if (fn)
            fn(ctx, row.from, row.len);
        rows++;
    }
    return rows;
}
