#include "dialogue/notes_inner.h"

#include "base/marks.h"
#include "base/utf8.h"

void notes_add_source(struct buf *out, const struct notes_style *style, const char *source)
{
    if (notes_show_source(style))
        buf_printf(out, " (%s)", source);
}

void notes_add_peer(struct buf *out, struct span octets, size_t most)
{
    struct span first = span_first(octets, most);
    size_t tail;

    if (first.len < octets.len && utf8_cut(first, &tail))
        first.len -= tail;
    marks_add(out, first, 0);
    if (first.len < octets.len)
        buf_add_text(out, "...");
}

void notes_add_sentence(struct buf *out, const char *phrase)
{
    struct span s = span_of(phrase);

    if (!s.len)
        return;
    buf_add_octet(out, ascii_upper(s.at[0]));
    buf_add(out, span_from(s, 1));
    if (s.at[s.len - 1] != '.')
        buf_add_octet(out, '.');
}

size_t notes_characters(struct span s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += (s.at[i] & 0xc0) != 0x80;
    return n;
}

bool notes_add_fitting(struct buf *out, size_t start, const char *text, size_t most)
{
    size_t now = notes_characters(span_from(buf_span(out), start));

    if (most && now + (now > 0) + notes_characters(span_of(text)) > most)
        return false;
    if (now)
        buf_add_octet(out, ' ');
    buf_add_text(out, text);
    return true;
}
