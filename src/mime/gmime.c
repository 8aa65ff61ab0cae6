/*
 * The module: a letter's parts by GMime. GMime is given memory, and gives back a tree of objects;
 * here it is read into a list, and the tree is dropped. Nothing of GLib is seen outside this file.
 *
 * Bounds: the caller cuts the letter (mime_bounded), GMime itself nests at most 1,024 deep, and
 * here only MIME_DEPTH_MAX levels are followed.
 */
#include <gmime/gmime.h>

#include "mime/module.h"

static enum mime_fault fault_of(GMimeParserWarning warning)
{
    static const enum mime_fault faults[] = {
        [GMIME_WARN_DUPLICATED_HEADER] = MIME_FAULT_REPEATED_FIELD,
        [GMIME_WARN_DUPLICATED_PARAMETER] = MIME_FAULT_REPEATED_PARAMETER,
        [GMIME_WARN_UNENCODED_8BIT_HEADER] = MIME_FAULT_EIGHT_BIT,
        [GMIME_WARN_INVALID_CONTENT_TYPE] = MIME_FAULT_TYPE,
        [GMIME_WARN_INVALID_RFC2047_HEADER_VALUE] = MIME_FAULT_ENCODED_WORD,
        [GMIME_WARN_MALFORMED_MULTIPART] = MIME_FAULT_NO_PARTS,
        [GMIME_WARN_TRUNCATED_MESSAGE] = MIME_FAULT_TRUNCATED,
        [GMIME_WARN_MALFORMED_MESSAGE] = MIME_FAULT_MALFORMED,
        [GMIME_CRIT_INVALID_HEADER_NAME] = MIME_FAULT_FIELD_NAME,
        [GMIME_CRIT_CONFLICTING_HEADER] = MIME_FAULT_OTHER_FIELD,
        [GMIME_CRIT_CONFLICTING_PARAMETER] = MIME_FAULT_OTHER_PARAMETER,
        [GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY] = MIME_FAULT_NO_BOUNDARY,
        [GMIME_WARN_INVALID_PARAMETER] = MIME_FAULT_PARAMETER,
        [GMIME_WARN_INVALID_ADDRESS_LIST] = MIME_FAULT_ADDRESSES,
        [GMIME_CRIT_NESTING_OVERFLOW] = MIME_FAULT_NESTING,
        [GMIME_WARN_PART_WITHOUT_CONTENT] = MIME_FAULT_NO_CONTENT,
        [GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT] = MIME_FAULT_NOTHING,
    };
    size_t at = (size_t)warning;

    return at && at < sizeof(faults) / sizeof(faults[0]) ? faults[at] : MIME_FAULT_OTHER;
}

static void warned(gint64 offset, GMimeParserWarning warning, const gchar *item, gpointer ctx)
{
    (void)item;
    mime_warn(ctx, fault_of(warning), offset);
}

/* Decoding. */

static GMimeContentEncoding gmime_encoding(enum mime_encoding encoding)
{
    switch (encoding) {
    case MIME_BASE64:
        return GMIME_CONTENT_ENCODING_BASE64;
    case MIME_QUOTED_PRINTABLE:
        return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    case MIME_UUENCODE:
        return GMIME_CONTENT_ENCODING_UUENCODE;
    default:
        return GMIME_CONTENT_ENCODING_BINARY;
    }
}

#define DECODE_SLICE 4096

static uint64_t take(struct span octets, uint64_t total, size_t most, struct buf *out)
{
    octets = span_first(octets, most - (size_t)total);
    if (out)
        buf_add(out, octets);
    return total + octets.len;
}

static uint64_t decode(enum mime_encoding encoding, struct span body, size_t most, struct buf *out)
{
    /* a slice never gets longer, but what was held back of the one before comes with it */
    char text[DECODE_SLICE + 64];
    GMimeEncoding state;
    uint64_t total = 0;
    size_t got;

    if (!mime_encoding_costs(encoding))
        return take(body, 0, most, out);
    g_mime_encoding_init_decode(&state, gmime_encoding(encoding));
    while (body.len && total < most) {
        struct span slice = span_first(body, DECODE_SLICE);

        got = g_mime_encoding_step(&state, (const char *)slice.at, slice.len, text);
        total = take(span_make(text, got), total, most, out);
        body = span_from(body, slice.len);
    }
    got = g_mime_encoding_flush(&state, NULL, 0, text);
    return take(span_make(text, got), total, most, out);
}

/* Reading the tree. */

struct reading {
    struct span letter;
    struct mime *out;
};

/* Where the fields of a list stand: GMime keeps each field's raw name and value, and its offset. */
static void widen(GMimeHeaderList *list, uint64_t *from, uint64_t *to)
{
    int count = g_mime_header_list_get_count(list);

    for (int i = 0; i < count; i++) {
        GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
        const char *name = g_mime_header_get_raw_name(h), *value = g_mime_header_get_raw_value(h);
        gint64 at = g_mime_header_get_offset(h);
        uint64_t end;

        if (at < 0 || !name || !value)
            continue;
        end = (uint64_t)at + strlen(name) + 1 + strlen(value);
        *from = (uint64_t)at < *from ? (uint64_t)at : *from;
        *to = end > *to ? end : *to;
    }
}

static const char *encoding_word(GMimeObject *o)
{
    const char *word = g_mime_object_get_header(o, "Content-Transfer-Encoding");

    return word ? word : "";
}

static void describe(GMimeObject *o, struct mime_part *p)
{
    GMimeContentType *type = g_mime_object_get_content_type(o);
    char *name = g_mime_content_type_get_mime_type(type);
    const char *file = g_mime_object_get_content_disposition_parameter(o, "filename");

    mime_set(&p->type, name);
    g_free(name);
    mime_set(&p->charset, g_mime_content_type_get_parameter(type, "charset"));
    mime_set(&p->name, file ? file : g_mime_content_type_get_parameter(type, "name"));
    mime_set(&p->disposition, g_mime_object_get_disposition(o));
    mime_set(&p->encoding_word, encoding_word(o));
    p->encoding = mime_encoding_by_word(span_of(p->encoding_word));
    p->attached = span_eq_nocase(span_of(p->disposition), SPAN("attachment")) ||
                  (*p->name && !span_starts_nocase(span_of(p->type), SPAN("text/")));
}

/* Octets of the body of a leaf, as they stand in the letter. */
static void place_leaf(struct reading *r, GMimeObject *o, struct mime_part *p)
{
    GMimeDataWrapper *content = GMIME_IS_PART(o) ? g_mime_part_get_content((GMimePart *)o) : NULL;
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    struct span body;
    size_t end;

    if (!stream || stream->bound_start < 0 || (uint64_t)stream->bound_start > r->letter.len)
        return;
    p->body_at = (uint64_t)stream->bound_start;
    end = stream->bound_end < 0 ? r->letter.len : (size_t)stream->bound_end;
    end = end > r->letter.len ? r->letter.len : end;
    p->body_len = end > p->body_at ? end - p->body_at : 0;
    body = span_first(span_from(r->letter, (size_t)p->body_at), (size_t)p->body_len);
    p->decoded_len = decode(p->encoding, body, MIME_DECODED_MAX, NULL);
}

/* The header of a part, and of the letter whose only part it is; the body starts behind the empty
 * line. */
static void place_header(struct reading *r, GMimeObject *o, GMimeMessage *letter,
                         struct mime_part *p)
{
    uint64_t from = UINT64_MAX, to = 0;
    struct span rest;

    widen(g_mime_object_get_header_list(o), &from, &to);
    if (letter)
        widen(g_mime_object_get_header_list((GMimeObject *)letter), &from, &to);
    if (from >= to || to > r->letter.len)
        return;
    p->header_at = from;
    p->header_len = to - from;
    rest = span_from(r->letter, (size_t)to);
    if (span_starts(rest, SPAN("\r\n")))
        to += 2;
    else if (span_starts(rest, SPAN("\n")))
        to++;
    p->body_at = to;
}

static void read_part(struct reading *r, GMimeObject *o, GMimeMessage *letter, unsigned depth);

static void read_inside(struct reading *r, GMimeObject *o, unsigned depth)
{
    GMimeMessage *letter;

    if (GMIME_IS_MULTIPART(o)) {
        int count = g_mime_multipart_get_count((GMimeMultipart *)o);

        for (int i = 0; i < count && !r->out->more_parts; i++)
            read_part(r, g_mime_multipart_get_part((GMimeMultipart *)o, i), NULL, depth + 1);
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        letter = g_mime_message_part_get_message((GMimeMessagePart *)o);
        if (letter)
            read_part(r, g_mime_message_get_mime_part(letter), letter, depth + 1);
    }
}

/* The body of what holds parts ends with the last of them. */
static void close_body(struct mime *m, size_t at)
{
    struct mime_part *p = &m->parts[at];

    for (size_t i = at + 1; i < m->count; i++) {
        uint64_t end = m->parts[i].body_at + m->parts[i].body_len;

        if (end > p->body_at + p->body_len)
            p->body_len = end - p->body_at;
    }
}

static void read_part(struct reading *r, GMimeObject *o, GMimeMessage *letter, unsigned depth)
{
    size_t at = r->out->count;
    struct mime_part *p = o ? mime_add(r->out, depth) : NULL;

    if (!p)
        return;
    describe(o, p);
    place_header(r, o, letter, p);
    if (GMIME_IS_MULTIPART(o))
        p->kind = MIME_MULTIPART;
    else if (GMIME_IS_MESSAGE_PART(o))
        p->kind = MIME_LETTER;
    else
        place_leaf(r, o, p);
    if (p->kind == MIME_LEAF)
        return;
    if (depth == MIME_DEPTH_MAX) {
        p->deeper = true;
        return;
    }
    read_inside(r, o, depth);
    close_body(r->out, at);
}

static GMimeMessage *parse(struct span letter, struct mime *out)
{
    GMimeParserOptions *options = g_mime_parser_options_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)letter.at, letter.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message;

    g_mime_parser_options_set_warning_callback(options, warned, out);
    g_mime_parser_set_persist_stream(parser, TRUE); /* bodies are not copied, and have offsets */
    message = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    g_mime_parser_options_free(options);
    return message;
}

static void read_letter(struct span letter, struct mime *out)
{
    struct reading r = { letter, out };
    GMimeMessage *message;

    g_mime_init(); /* counts; a second time costs nothing */
    out->octets = out->read = letter.len;
    message = parse(letter, out);
    if (message) {
        read_part(&r, g_mime_message_get_mime_part(message), message, 0);
        g_object_unref(message);
    }
    if (!out->count) { /* it has no header that could be read: all of it is text */
        struct mime_part *p = mime_add(out, 0);

        mime_set(&p->type, "text/plain");
        p->body_len = p->decoded_len = letter.len;
    }
}

__attribute__((visibility("default")))
const struct mime_module smtpscope_mime_1 = { read_letter, decode };
