/*
 * What travels in a login, decoded from base64. A secret shows as MASK, and so does what passwords
 * could be tried out against: a digest, a proof. Of a client's message whose place in the exchange
 * is not certain, or which has not the form of its mechanism, nothing is shown: people type
 * passwords in the wrong place. Sources: RFC 4954 4; of each mechanism's form smtp/sasl.h.
 */
#include "base/marks.h"
#include "base/mem.h"
#include "dialogue/notes_inner.h"
#include "message/base64.h"

/* Of one part; a nonce is shorter, and a longer user name is nobody's. */
#define PART_MAX 80

/* The text in base64 that the line carries; false: none. */
static bool carried(const struct observed *line, struct span *text)
{
    if (line->line.len > line->line.head.len) /* only its beginning is at hand */
        return false;
    if (line->role == ROLE_REPLY) {
        *text = line->part.text;
        return line->part.code == 334;
    }
    *text = line->secret;
    if (line->role == ROLE_COMMAND)
        return line->command.verb == VERB_AUTH && text->len;
    *text = line->line.head;
    return line->role == ROLE_AUTH && !span_eq(*text, SPAN("*"));
}

static bool is_client(const struct observed *line)
{
    return line->side == SIDE_CLIENT;
}

/* A name that is no plain text may be a password in the wrong place, decoded from no base64. */
static bool may_show(const struct observed *line, const struct sasl_part *part)
{
    return !part->secret && (!is_client(line) || (part->text.len <= PART_MAX &&
                                                  marks_plain(part->text, 0) == part->text.len));
}

static void add_value(struct buf *out, const struct observed *line, const struct sasl_part *part)
{
    if (!may_show(line, part))
        buf_add_text(out, MASK);
    else if (part->text.len)
        notes_add_peer(out, part->text, PART_MAX);
    else
        buf_add_text(out, "(empty)");
}

static void add_parts(struct buf *out, const struct observed *line, const struct sasl_parts *parts)
{
    buf_add_text(out, "Decoded: ");
    if (!parts->count)
        buf_add_text(out, parts->what);
    for (unsigned i = 0; i < parts->count; i++) {
        buf_printf(out, "%s%s ", i ? ", " : "", parts->at[i].name);
        add_value(out, line, &parts->at[i]);
    }
    buf_add_octet(out, '.');
}

/* Where it stops being base64: never what stands there, which is part of a password. */
static void add_not_base64(struct buf *out, const struct observed *line, enum base64_fault fault,
                           size_t at)
{
    buf_printf(out, "This is not base64: %s, character %zu.", base64_fault_text(fault), at + 1);
    if (is_client(line))
        buf_add_text(out, " The server answers 501.");
}

/* Takes the octets apart; what there is to say without parts. */
static void add_message(struct buf *out, const struct observed *line, struct span octets)
{
    struct sasl_parts parts;

    if (sasl_read(line->mechanism, is_client(line), line->said, octets, &parts))
        add_parts(out, line, &parts);
    else if (is_client(line) && line->mechanism)
        buf_printf(out,
                   "Decoded it has not the form that %s gives this message. It may hold a secret, "
                   "so it is not shown.",
                   auth_mechanism_name(line->mechanism));
    else if (!is_client(line) && octets.len) {
        buf_add_text(out, "Decoded: ");
        notes_add_peer(out, octets, PART_MAX);
        buf_add_octet(out, '.');
    }
}

static void release_wiped(struct buf *b)
{
    if (b->at)
        mem_wipe(b->at, b->cap);
    buf_release(b);
}

enum note_kind notes_add_login(struct buf *out, const struct observed *line,
                               const struct notes_style *style)
{
    struct span text;
    struct buf octets = { 0 };
    size_t start = out->len, at;
    enum base64_fault fault;
    const char *source;

    if (!carried(line, &text))
        return NOTE_PLAIN;
    if (line->role == ROLE_COMMAND && span_eq(text, SPAN("="))) /* an empty message, RFC 4954 4 */
        text.len = 0;
    fault = base64_check(text, &at);
    if (fault) {
        if (line->role != ROLE_COMMAND) /* there it is a mistake of the command */
            add_not_base64(out, line, fault, at);
        source = "RFC 4954 4";
    } else {
        base64_decode(text, &octets);
        add_message(out, line, buf_span(&octets));
        source = line->mechanism ? auth_mechanism_source(line->mechanism) : "RFC 4954 4";
    }
    release_wiped(&octets);
    if (out->len > start)
        notes_add_source(out, style, source);
    return !fault ? NOTE_PLAIN : is_client(line) ? NOTE_WRONG : NOTE_HARMLESS;
}

static void explain_parts(struct buf *out, const struct observed *line,
                          const struct sasl_parts *parts)
{
    notes_paragraph(out);
    buf_printf(out, "Decoded from base64: %s.", parts->what);
    for (unsigned i = 0; i < parts->count; i++) {
        notes_paragraph(out);
        buf_printf(out, "  %s ", parts->at[i].name);
        add_value(out, line, &parts->at[i]);
        buf_printf(out, " - %s", parts->at[i].means);
    }
}

void notes_explain_login(struct buf *out, const struct observed *line,
                         const struct notes_style *style)
{
    struct span text;
    struct buf octets = { 0 };
    struct sasl_parts parts;

    if (!carried(line, &text))
        return;
    if (line->role == ROLE_COMMAND && span_eq(text, SPAN("=")))
        text.len = 0;
    if (base64_decode(text, &octets) &&
        sasl_read(line->mechanism, is_client(line), line->said, buf_span(&octets), &parts)) {
        explain_parts(out, line, &parts);
    } else {
        notes_paragraph(out);
        notes_add_login(out, line, style);
    }
    if (line->mechanism) {
        notes_paragraph(out);
        buf_printf(out, "%s: %s (%s)", auth_mechanism_name(line->mechanism),
                   auth_mechanism_about(line->mechanism), auth_mechanism_source(line->mechanism));
    }
    release_wiped(&octets);
}
