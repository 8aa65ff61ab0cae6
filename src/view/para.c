#include "view/para.h"

#include "base/marks.h"
#include "base/utf8.h"
#include "view/signs.h"
#include "view/wrap.h"

/* Narrower than this nobody reads a text beside its indent. */
#define ROOM_MIN 8

struct span para_first(struct span octets, size_t most)
{
    struct span first = span_first(octets, most);
    size_t tail;

    if (first.len < octets.len && utf8_cut(first, &tail))
        first.len -= tail;
    return first;
}

bool para_next_line(struct span *rest, struct span *line)
{
    if (!rest->len)
        return false;
    *line = span_cut(*rest, '\n', rest);
    if (line->len && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

void para_lead(struct styled *out, unsigned cols, enum style lead, const char *first,
               const char *rest, enum style style, struct span text)
{
    unsigned indent = (unsigned)utf8_cells(span_of(first));
    struct wrap_row row;
    size_t at = 0;

    if (cols < indent + ROOM_MIN) {
        struct span alone = span_trim(span_of(first));

        if (alone.len)
            para_lead(out, cols, lead, "", "", lead, alone);
        indent = 0;
        first = rest = "";
    }
    for (; wrap_next(text, cols - indent, &at, &row); first = rest) {
        styled_add_text(out, lead, first);
        styled_add(out, style, span_first(span_from(text, row.from), row.len));
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
}

void para_add(struct styled *out, unsigned cols, enum style style, const char *first,
              struct span text)
{
    struct buf blanks = { 0 };

    buf_add_repeat(&blanks, ' ', utf8_cells(span_of(first)));
    para_lead(out, cols, style, first, buf_text(&blanks), style, text);
    buf_release(&blanks);
}

void para_quote(struct styled *out, unsigned cols, bool ascii, enum style style, struct span octets,
                uint64_t more)
{
    unsigned bar = cols < ROOM_MIN ? 0 : 2;
    struct span first = para_first(octets, PARA_QUOTE_MAX);
    struct buf shown = { 0 };
    struct wrap_row row;
    size_t at = 0;

    more += octets.len - first.len;
    marks_add(&shown, first, ascii ? MARKS_ASCII : 0);
    if (more)
        buf_printf(&shown, " ... and %llu more octets", (unsigned long long)more);
    while (wrap_next(buf_span(&shown), cols - bar, &at, &row)) {
        if (bar)
            styled_add_text(out, STYLE_DIM, ascii ? "|" : SIGN_SIDE);
        if (bar && row.len)
            styled_add_text(out, STYLE_DIM, " ");
        styled_add(out, style, span_first(span_from(buf_span(&shown), row.from), row.len));
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
    buf_release(&shown);
}
