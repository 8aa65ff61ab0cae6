#include "view/header.h"

#include "smtp/path.h"

static const char *const names[] = {
#define X(name, field) field,
    HEADER_FIELDS(X)
#undef X
};

void header_release(struct header *h)
{
    for (int i = 0; i < HEADER_FIELD_COUNT; i++)
        buf_release(&h->value[i]);
    *h = (struct header){ 0 };
}

struct span header_value(const struct header *h, enum header_field field)
{
    return buf_span(&h->value[field]);
}

/* Octets of a field's name at the start of a line, 0 when none stands there (RFC 5322 2.2). Blanks
 * before the colon are the obsolete form (4.5). */
static size_t name_len(struct span line)
{
    size_t colon = span_find(line, ':'), len = colon;

    if (colon == line.len)
        return 0;
    while (len > 0 && (line.at[len - 1] == ' ' || line.at[len - 1] == '\t'))
        len--;
    for (size_t i = 0; i < len; i++)
        if (line.at[i] <= ' ' || line.at[i] >= 0x7f)
            return 0;
    return len;
}

static int field_by_name(struct span name)
{
    for (int i = 0; i < HEADER_FIELD_COUNT; i++)
        if (span_eq_nocase(name, span_of(names[i])))
            return i;
    return -1;
}

static void keep(struct header *h, struct span text)
{
    struct buf *value;

    if (h->current < 0)
        return;
    value = &h->value[h->current];
    if (value->len < HEADER_FIELD_MAX)
        buf_add(value, span_first(text, HEADER_FIELD_MAX - value->len));
}

static void start_field(struct header *h, struct span line, size_t name)
{
    h->current = field_by_name(span_first(line, name));
    if (h->current < 0)
        return;
    if (h->has[h->current])
        keep(h, SPAN(", "));
    h->has[h->current] = true;
    keep(h, span_trim(span_from(line, span_find(line, ':') + 1)));
}

enum header_line header_take(struct header *h, struct span line)
{
    size_t name;

    if (h->place == HEADER_OVER)
        return HEADER_LINE_BODY;
    if (!line.len) {
        h->none = h->place == HEADER_START;
        h->place = HEADER_OVER;
        return HEADER_LINE_EMPTY;
    }
    if (h->place == HEADER_INSIDE && (line.at[0] == ' ' || line.at[0] == '\t')) {
        keep(h, SPAN(" "));
        keep(h, span_trim(line));
        return HEADER_LINE_FIELD;
    }
    name = name_len(line);
    if (name) {
        h->place = HEADER_INSIDE;
        start_field(h, line, name);
        return HEADER_LINE_FIELD;
    }
    h->none = h->place == HEADER_START;
    h->unparted = h->place == HEADER_INSIDE;
    h->place = HEADER_OVER;
    return HEADER_LINE_BODY;
}

/* Octets of a quoted string or a comment (which may nest) at the start of `s`. */
static size_t passed_over(struct span s)
{
    unsigned depth = 0;
    size_t i = 0;

    for (; i < s.len; i++) {
        if (s.at[i] == '\\')
            i++;
        else if (s.at[0] == '"' && s.at[i] == '"' && i > 0)
            return i + 1;
        else if (s.at[0] == '(' && s.at[i] == '(')
            depth++;
        else if (s.at[0] == '(' && s.at[i] == ')' && --depth == 0)
            return i + 1;
    }
    return s.len;
}

/* `text` ends before the comma or the like; its address, if any. */
static struct span address_in(struct span text)
{
    struct span bare = { NULL, 0 }; /* the last word outside comments, when there are no < > */

    while (text.len) {
        size_t len = 1;

        if (text.at[0] == '<')
            return span_trim(span_first(span_from(text, 1), span_find(text, '>') - 1));
        if (text.at[0] == '"' || text.at[0] == '(')
            len = passed_over(text);
        if (text.at[0] != ' ' && text.at[0] != '\t' && text.at[0] != '(') {
            bool joined = bare.len && bare.at + bare.len == text.at;

            bare = joined ? span_make(bare.at, bare.len + len) : span_first(text, len);
        }
        text = span_from(text, len);
    }
    return span_find(bare, '@') < bare.len ? bare : span_first(bare, 0);
}

bool header_address(struct span *rest, struct span *address)
{
    while (rest->len) {
        size_t end = 0;
        unsigned char closer = 0; /* of the < or [ in which commas and colons mean nothing */

        while (end < rest->len) {
            unsigned char c = rest->at[end];

            if (c == '"' || c == '(') {
                end += passed_over(span_from(*rest, end));
                continue;
            }
            if (closer ? c == closer : c == '<' || c == '[')
                closer = closer ? 0 : c == '<' ? '>' : ']';
            if (!closer && (c == ',' || c == ':' || c == ';'))
                break;
            end++;
        }
        *address = address_in(span_first(*rest, end));
        *rest = span_from(*rest, end + 1);
        if (address->len)
            return true;
    }
    return false;
}

bool header_names(const struct header *h, enum header_field field, struct span mailbox)
{
    struct span rest = header_value(h, field), address;

    while (header_address(&rest, &address))
        if (mailbox_same(address, mailbox))
            return true;
    return false;
}
