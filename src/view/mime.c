#include "view/mime.h"

#include "base/marks.h"
#include "view/para.h"

/* Octets of a name that a row shows. */
#define NAME_SHOWN 60

struct mime_view {
    unsigned cols, marks;
    bool ascii;
    struct styled *out;
    struct buf words;
};

static unsigned long long number(uint64_t n)
{
    return (unsigned long long)n;
}

static void add_word(struct mime_view *v, enum style style, const char *word)
{
    struct span all = span_of(word), shown = para_first(all, NAME_SHOWN);

    styled_add_marks(v->out, style, shown, v->marks);
    if (shown.len < all.len)
        styled_add_text(v->out, STYLE_DIM, " ...");
}

/* "text/plain, utf-8, base64, attachment "photo.png"" */
static void add_kind(struct mime_view *v, const struct mime_part *p)
{
    const char *const words[] = { p->charset, p->encoding_word, p->disposition };

    add_word(v, p->kind == MIME_LEAF ? STYLE_PLAIN : STYLE_BOLD, p->type);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!*words[i])
            continue;
        styled_add_text(v->out, STYLE_DIM, ", ");
        add_word(v, STYLE_DIM, words[i]);
    }
    if (*p->name) {
        styled_add_text(v->out, STYLE_PLAIN, " \"");
        add_word(v, STYLE_CLIENT, p->name);
        styled_add_text(v->out, STYLE_PLAIN, "\"");
    }
}

static void remark(struct mime_view *v)
{
    para_add(v->out, v->cols, STYLE_NOTE, "  ! ", buf_span(&v->words));
    buf_clear(&v->words);
}

static void tree_row(struct mime_view *v, const struct mime_part *p, size_t n)
{
    styled_printf(v->out, STYLE_BOLD, "%5zu", n);
    styled_printf(v->out, STYLE_PLAIN, "  %9llu", number(p->body_len));
    if (mime_encoding_costs(p->encoding) && p->kind == MIME_LEAF)
        styled_printf(v->out, STYLE_PLAIN, "  %9llu  ", number(p->decoded_len));
    else
        styled_add_text(v->out, STYLE_PLAIN, "             ");
    styled_repeat(v->out, STYLE_PLAIN, "  ", p->depth);
    add_kind(v, p);
    styled_add_text(v->out, STYLE_PLAIN, "\n");
    if (p->deeper) {
        buf_printf(&v->words, "the parts inside part %zu lie too deep to be shown", n);
        remark(v);
    }
}

/* Base64 makes 4 octets of 3 and adds line ends (RFC 2045 6.8); quoted-printable makes 3 of each
 * that is not ASCII (6.7). */
static void add_cost(struct mime_view *v, const struct mime *m)
{
    uint64_t sent = 0, decoded = 0, more;

    for (size_t i = 0; i < m->count; i++) {
        const struct mime_part *p = &m->parts[i];

        if (p->kind != MIME_LEAF || !mime_encoding_costs(p->encoding))
            continue;
        sent += p->body_len;
        decoded += p->decoded_len;
    }
    if (sent <= decoded || !decoded)
        return;
    more = sent - decoded;
    buf_printf(&v->words,
               "Encoded parts take %llu octets for a content of %llu: %llu %% more. That is the "
               "price for passing servers that carry lines of ASCII only (RFC 2045 6). With "
               "8BITMIME or BINARYMIME less of it is needed.",
               number(sent), number(decoded), number((more * 100 + decoded / 2) / decoded));
    para_add(v->out, v->cols, STYLE_NOTE, "", buf_span(&v->words));
    buf_clear(&v->words);
}

static void add_limits(struct mime_view *v, const struct mime *m)
{
    if (m->more_parts) {
        buf_printf(&v->words, "there are more than %d parts; the others are not shown",
                   MIME_PARTS_MAX);
        remark(v);
    }
    if (m->read < m->octets) {
        buf_printf(&v->words,
                   "only the first %llu of %llu octets were taken apart: behind them the letter is "
                   "too large, or has more headers and boundaries than any honest letter",
                   number(m->read), number(m->octets));
        remark(v);
    }
}

static void add_warnings(struct mime_view *v, const struct mime *m)
{
    for (size_t i = 0; i < m->warning_count; i++) {
        const struct mime_warning *w = &m->warnings[i];

        if (w->placed)
            buf_printf(&v->words, "near octet %llu: ", number(w->at));
        buf_printf(&v->words, "%s (%s)", mime_fault_text(w->fault), mime_fault_source(w->fault));
        remark(v);
    }
    if (m->more_warnings) {
        buf_printf(&v->words, "and %llu more of this sort", number(m->more_warnings));
        remark(v);
    }
}

void mime_tree(const struct mime *m, unsigned cols, bool ascii, struct styled *out)
{
    struct mime_view v = { cols, ascii ? MARKS_ASCII : 0, ascii, out, { 0 } };

    styled_printf(out, STYLE_BOLD, "%zu %s in a letter of %llu octets\n", m->count,
                  m->count == 1 ? "part" : "parts", number(m->octets));
    styled_add_text(out, STYLE_DIM, " part    as sent    decoded  type\n");
    for (size_t i = 0; i < m->count; i++)
        tree_row(&v, &m->parts[i], i + 1);
    add_cost(&v, m);
    add_limits(&v, m);
    add_warnings(&v, m);
    buf_release(&v.words);
}

bool mime_is_text(const struct mime_part *part)
{
    return part->kind == MIME_LEAF && span_starts_nocase(span_of(part->type), SPAN("text/"));
}

static void add_lines(struct mime_view *v, enum style style, struct span text)
{
    struct span line;

    for (unsigned i = 0; i < MIME_SHOWN_LINES; i++) {
        if (!para_next_line(&text, &line))
            return;
        para_quote(v->out, v->cols, v->ascii, style, line, 0);
    }
    if (!text.len)
        return;
    buf_printf(&v->words, "and %llu more octets, not shown here", number(text.len));
    remark(v);
}

static void add_header(struct mime_view *v, const struct mime_shown *s, const struct mime_part *p)
{
    struct span from = span_from(s->letter, (size_t)p->header_at);

    styled_add_text(v->out, STYLE_BOLD, "header\n");
    if (p->header_len) {
        add_lines(v, STYLE_CLIENT, span_first(from, (size_t)p->header_len));
        return;
    }
    buf_add_text(&v->words, "it has none, so it counts as text in ASCII (RFC 2045 5.2)");
    remark(v);
}

static void add_text(struct mime_view *v, const struct mime_shown *s, const struct mime_part *p)
{
    if (!mime_encoding_costs(p->encoding))
        styled_add_text(v->out, STYLE_BOLD, "text\n");
    else
        styled_printf(v->out, STYLE_BOLD, "text, decoded: %llu octets of %llu\n",
                      number(p->decoded_len), number(p->body_len));
    if (span_eq_nocase(span_of(p->type), SPAN("text/html"))) {
        buf_add_text(&v->words,
                     "this is HTML, shown as its source: nothing in it is fetched or run");
        remark(v);
    }
    if (!s->charset_known) {
        buf_add_text(&v->words,
                     "its character set is not known here; octets above 127 are shown as "
                     "numbers");
        remark(v);
    }
    add_lines(v, STYLE_PLAIN, s->text);
}

/* What is no text: how large, and what is inside. */
static void add_content(struct mime_view *v, const struct mime_shown *s, const struct mime_part *p)
{
    size_t last = s->number;

    while (last < s->mime->count && s->mime->parts[last].depth > p->depth)
        last++;
    if (p->kind == MIME_LEAF)
        buf_printf(&v->words, "It is no text, so it is not shown here: %llu octets, decoded %llu.",
                   number(p->body_len), number(p->decoded_len));
    else if (last == s->number)
        buf_add_text(&v->words, "There is no part inside it that could be shown.");
    else
        buf_printf(&v->words, "Inside it %s %u", last == s->number + 1 ? "is part" : "are parts",
                   s->number + 1);
    if (last > s->number + 1)
        buf_printf(&v->words, " to %zu", last);
    if (last > s->number)
        buf_add_octet(&v->words, '.');
    para_add(v->out, v->cols, STYLE_NOTE, "", buf_span(&v->words));
    buf_clear(&v->words);
}

void mime_part(const struct mime_shown *shown, unsigned cols, bool ascii, struct styled *out)
{
    const struct mime_part *p = &shown->mime->parts[shown->number - 1];
    struct mime_view v = { cols, ascii ? MARKS_ASCII : 0, ascii, out, { 0 } };

    styled_printf(out, STYLE_BOLD, "part %u  ", shown->number);
    add_kind(&v, p);
    styled_add_text(out, STYLE_PLAIN, "\n");
    add_header(&v, shown, p);
    if (mime_is_text(p))
        add_text(&v, shown, p);
    else
        add_content(&v, shown, p);
    buf_release(&v.words);
}
