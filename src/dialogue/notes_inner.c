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

/* The textbook's names, as the registry's forms have them. */
#define HOST        "crepes.fr"
#define OTHER_HOST  "mail.crepes.fr" /* where the short name of a host is the mistake */
#define OTHER_THERE "hamburger.edu"
#define MAILBOX     " bob"
/* A name for a host that nobody has (RFC 2606 3), and a mailbox that every server has. */
#define EXAMPLE_HOST    "mail.example.org"
#define EXAMPLE_MAILBOX " postmaster"

/* The octets of a path at the start of `s` that names somebody of the textbook's; 0: none. */
static size_t textbook_path(struct span s)
{
    struct span path = span_first(s, span_find(s, '>') + 1);

    if (!span_starts(s, SPAN("<")) ||
        (span_search(path, SPAN("@" HOST), 0, false) == SPAN_NOT_FOUND &&
         span_search(path, SPAN("@" OTHER_THERE), 0, false) == SPAN_NOT_FOUND))
        return 0;
    return path.len;
}

static bool is_full_name(const char *name)
{
    return strchr(name, '.') || strchr(name, ':');
}

void notes_add_form(struct buf *out, const struct notes_style *style, const char *form)
{
    struct span rest = span_of(form), client = span_of(style->client ? style->client : HOST);
    size_t len;

    if (!style->client) {
        buf_add_text(out, form);
        return;
    }
    while (rest.len) {
        if ((len = textbook_path(rest)) != 0) {
            buf_add_text(out, "<...>");
        } else if (span_starts(rest, SPAN(OTHER_HOST))) {
            len = sizeof OTHER_HOST - 1;
            notes_add_peer(out, is_full_name(style->client) ? client : SPAN(EXAMPLE_HOST), 255);
        } else if (span_starts(rest, SPAN(HOST))) {
            len = sizeof HOST - 1;
            notes_add_peer(out, client, 255);
        } else if (span_eq(rest, SPAN(MAILBOX))) {
            len = rest.len;
            buf_add_text(out, EXAMPLE_MAILBOX);
        } else {
            len = 1;
            buf_add_octet(out, rest.at[0]);
        }
        rest = span_from(rest, len);
    }
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
