#include "message/mime.h"

#include "base/marks.h"
#include "base/mem.h"
#include "base/utf8.h"

const char *mime_fault_text(enum mime_fault fault)
{
    static const char *const texts[] = {
#define X(name, text, source) text,
        MIME_FAULTS(X)
#undef X
    };
    return texts[fault];
}

const char *mime_fault_source(enum mime_fault fault)
{
    static const char *const sources[] = {
#define X(name, text, source) source,
        MIME_FAULTS(X)
#undef X
    };
    return sources[fault];
}

static const char *const encoding_words[] = {
#define X(name, word) word,
    MIME_ENCODINGS(X)
#undef X
};

const char *mime_encoding_word(enum mime_encoding encoding)
{
    return encoding_words[encoding];
}

enum mime_encoding mime_encoding_by_word(struct span word)
{
    word = span_trim(word);
    if (!word.len)
        return MIME_NONE;
    for (int e = MIME_7BIT; e < MIME_UNKNOWN; e++)
        if (span_eq_nocase(word, span_of(encoding_words[e])))
            return (enum mime_encoding)e;
    if (span_eq_nocase(word, SPAN("uuencode")) || span_eq_nocase(word, SPAN("x-uue")))
        return MIME_UUENCODE;
    return MIME_UNKNOWN;
}

bool mime_encoding_costs(enum mime_encoding encoding)
{
    return encoding == MIME_BASE64 || encoding == MIME_QUOTED_PRINTABLE ||
           encoding == MIME_UUENCODE;
}

/* The list. */

void mime_release(struct mime *m)
{
    for (size_t i = 0; i < m->count; i++) {
        struct mime_part *p = &m->parts[i];

        mem_free(p->type);
        mem_free(p->charset);
        mem_free(p->name);
        mem_free(p->disposition);
        mem_free(p->encoding_word);
    }
    mem_free(m->parts);
    *m = (struct mime){ 0 };
}

struct mime_part *mime_add(struct mime *m, unsigned depth)
{
    struct mime_part *p;

    if (m->count == MIME_PARTS_MAX) {
        m->more_parts = true;
        return NULL;
    }
    m->parts = mem_resize(m->parts, m->count + 1, sizeof(m->parts[0]));
    p = &m->parts[m->count++];
    *p = (struct mime_part){ .depth = depth };
    mime_set(&p->type, NULL);
    mime_set(&p->charset, NULL);
    mime_set(&p->name, NULL);
    mime_set(&p->disposition, NULL);
    mime_set(&p->encoding_word, NULL);
    return p;
}

void mime_set(char **field, const char *word)
{
    struct span all = span_of(word), kept = span_first(all, MIME_WORD_MAX);
    size_t tail;

    if (kept.len < all.len && utf8_cut(kept, &tail))
        kept.len -= tail;
    mem_free(*field);
    *field = mem_strndup(kept.len ? (const void *)kept.at : "", kept.len);
}

void mime_warn(struct mime *m, enum mime_fault fault, int64_t at)
{
    if (m->warning_count == MIME_WARNINGS_MAX)
        m->more_warnings++;
    else
        m->warnings[m->warning_count++] =
            (struct mime_warning){ fault, at >= 0, at >= 0 ? (uint64_t)at : 0 };
}

/*
 * The bounds. A parser sees a header at the start of a letter and of a part, and a part can only
 * start behind a line with "--" (RFC 2046 5.1.1); a letter inside a letter starts behind a header
 * that says message/..., or, in a digest, behind any (5.1.5). So whatever it takes for a header is
 * counted here as one; what is counted and is none does no harm below the limits.
 */
struct bounds {
    size_t header_octets, header_lines, delimiters;
    bool in_header, letter_follows;
    bool parted, digest; /* some header spoke of that */
};

static bool says(struct span line, struct span word)
{
    return span_search(line, word, 0, true) != SPAN_NOT_FOUND;
}

static void bounds_header_line(struct bounds *b, struct span line)
{
    bool empty = line.len == 0 || (line.len == 1 && line.at[0] == '\r');

    b->header_octets += line.len + 1;
    b->header_lines++;
    if (empty) {
        b->in_header = b->letter_follows || b->digest;
        b->letter_follows = false;
        return;
    }
    b->letter_follows = b->letter_follows || says(line, SPAN("message"));
    b->parted = b->parted || says(line, SPAN("multipart"));
    b->digest = b->digest || says(line, SPAN("digest"));
}

/* False: the line meets a limit. */
static bool bounds_line(struct bounds *b, struct span line)
{
    if (b->parted && span_starts(line, SPAN("--"))) {
        b->delimiters++;
        b->in_header = true;
        b->letter_follows = false;
    } else if (b->in_header) {
        bounds_header_line(b, line);
    }
    return b->delimiters <= MIME_DELIMITERS_MAX && b->header_lines <= MIME_HEADER_LINES_MAX &&
           b->header_octets <= MIME_HEADER_OCTETS_MAX;
}

size_t mime_bounded(struct span letter)
{
    struct span rest = span_first(letter, MIME_OCTETS_MAX);
    struct bounds b = { .in_header = true };
    size_t taken = 0, whole = rest.len;

    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        if (!bounds_line(&b, line))
            return taken;
        taken = whole - rest.len;
    }
    return whole;
}

/* Names of files. */

/* More makes a line of a terminal. */
#define FILE_NAME_SHOWN 100

/* What stands behind the last "/" or "\": a name never chooses a folder. */
static struct span base_name(struct span name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.at[i - 1] == '/' || name.at[i - 1] == '\\')
            return span_from(name, i);
    return name;
}

static bool fit_for_a_name(uint32_t code)
{
    if (code < 0x80)
        return ascii_is_alnum((unsigned char)code) || code == '.' || code == '-' || code == '_' ||
               code == '+' || code == '@' || code == ',';
    return !marks_hidden(code) && code != 0xa0 && code != 0x3000;
}

static void add_name(struct span name, struct buf *out)
{
    size_t end = out->len + FILE_NAME_SHOWN;

    while (name.len && out->len < end) {
        uint32_t code;
        size_t len = utf8_decode(name, &code);

        if (len && fit_for_a_name(code))
            buf_add(out, span_first(name, len));
        else
            buf_add_octet(out, '_');
        name = span_from(name, len ? len : 1);
    }
}

/* What files of a type are called by everybody. */
static const char *ending(const char *type)
{
    static const char *const known[][2] = {
        { "text/plain", ".txt" },        { "text/html", ".html" },
        { "text/calendar", ".ics" },     { "image/png", ".png" },
        { "image/jpeg", ".jpg" },        { "image/gif", ".gif" },
        { "application/pdf", ".pdf" },   { "application/zip", ".zip" },
        { "application/json", ".json" }, { "message/rfc822", ".eml" },
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (span_eq_nocase(span_of(type), span_of(known[i][0])))
            return known[i][1];
    return "";
}

void mime_file_name(const struct mime_part *part, unsigned number, struct buf *out)
{
    struct span name = span_trim(base_name(span_of(part->name)));

    /* a dot in front hides a file, a hyphen makes it an option of a program */
    while (name.len && (name.at[0] == '.' || name.at[0] == '-'))
        name = span_trim(span_from(name, 1));
    if (name.len)
        add_name(name, out);
    else
        buf_printf(out, "part-%u%s", number, ending(part->type));
}
