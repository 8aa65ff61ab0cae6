#include "smtp/reply.h"

#define X(name, text, source) text,
const char *reply_fault_text(enum reply_fault_bit bit)
{
    static const char *const texts[] = { REPLY_FAULTS(X) };

    return texts[bit];
}
#undef X
#define X(name, text, source) source,
const char *reply_fault_source(enum reply_fault_bit bit)
{
    static const char *const sources[] = { REPLY_FAULTS(X) };

    return sources[bit];
}
#undef X

/* Longest reply line, without CRLF (RFC 5321 4.5.3.1.5). */
#define REPLY_LINE_MAX 510

static unsigned three_digits(struct span s)
{
    if (s.len < 3 || !ascii_is_digit(s.at[0]) || !ascii_is_digit(s.at[1]) ||
        !ascii_is_digit(s.at[2]))
        return 0;
    return (unsigned)(s.at[0] - '0') * 100 + (unsigned)(s.at[1] - '0') * 10 +
           (unsigned)(s.at[2] - '0');
}

/* RFC 5321 4.2: first digit 2 to 5, second 0 to 5. */
static bool in_range(unsigned code)
{
    return code >= 200 && code <= 559 && code / 10 % 10 <= 5;
}

size_t enhanced_code_parse(struct span text, struct enhanced_code *out)
{
    unsigned part[3] = { 0, 0, 0 };
    size_t at = 0;

    for (int i = 0; i < 3; i++) {
        size_t digits = 0;

        while (digits < 3 && at < text.len && ascii_is_digit(text.at[at])) {
            part[i] = part[i] * 10 + (unsigned)(text.at[at] - '0');
            digits++;
            at++;
        }
        if (!digits)
            return 0;
        if (i < 2 && !(at < text.len && text.at[at++] == '.'))
            return 0;
    }
    if ((part[0] != 2 && part[0] != 4 && part[0] != 5) ||
        (at < text.len && (ascii_is_alnum(text.at[at]) || text.at[at] == '.')))
        return 0;
    *out = (struct enhanced_code){ (uint8_t)part[0], (uint16_t)part[1], (uint16_t)part[2] };
    return at;
}

static unsigned octet_faults(const struct line *line)
{
    unsigned faults = 0;

    if (line->faults & LINE_FAULT_BARE_LF)
        faults |= REPLY_BARE_LF;
    if (line->faults & LINE_FAULT_EIGHT_BIT)
        faults |= REPLY_EIGHT_BIT;
    if (line->faults & (LINE_FAULT_NUL | LINE_FAULT_BARE_CR | LINE_FAULT_CONTROL))
        faults |= REPLY_CONTROL;
    if (line->faults & LINE_FAULT_CUT)
        faults |= REPLY_NO_LAST_LINE;
    if (line->len > REPLY_LINE_MAX)
        faults |= REPLY_LONG_LINE;
    return faults;
}

void reply_line_parse(const struct line *line, struct reply_line *out)
{
    size_t after;

    *out = (struct reply_line){ 0 };
    out->faults = octet_faults(line);
    out->text = out->words = line->head;
    out->code = three_digits(line->head);
    if (!out->code) {
        out->faults |= REPLY_NO_CODE;
        return;
    }
    if (!in_range(out->code))
        out->faults |= REPLY_CODE_RANGE;
    after = 3;
    if (line->head.len == 3) {
        out->faults |= REPLY_BARE_CODE;
    } else if (line->head.at[3] == ' ' || line->head.at[3] == '-') {
        out->more = line->head.at[3] == '-';
        after = 4;
    } else {
        out->faults |= REPLY_SEPARATOR;
    }
    out->text = out->words = span_from(line->head, after);
    after = enhanced_code_parse(out->text, &out->enhanced);
    if (after) {
        out->words = span_from(out->text, after);
        if (out->words.len && out->words.at[0] == ' ')
            out->words = span_from(out->words, 1);
        if (out->enhanced.class != out->code / 100)
            out->faults |= REPLY_WRONG_CLASS;
    }
}

bool reply_add(struct reply *r, const struct line *line, struct reply_line *parsed)
{
    struct reply_line here;
    bool last;

    reply_line_parse(line, &here);
    r->lines++;
    r->octets += line->len + line_end_octets(line->end);
    r->faults |= here.faults;
    if (r->octets > REPLY_SENSIBLE_OCTETS)
        r->faults |= REPLY_OVERSIZE;
    if (here.code && r->code && here.code != r->code) {
        r->faults |= REPLY_MIXED_CODES;
        r->enhanced = (struct enhanced_code){ 0 };
    }
    if (here.code)
        r->code = here.code;
    if (here.enhanced.class && !r->enhanced.class)
        r->enhanced = here.enhanced;
    last = here.code ? !here.more : r->lines == 1;
    r->whole = last || line->end == LINE_CUT;
    if (line->end == LINE_CUT && here.code && !here.more)
        r->faults &= ~(unsigned)REPLY_NO_LAST_LINE; /* cut, but its last line had begun */
    if (parsed)
        *parsed = here;
    return r->whole;
}

bool reply_cut(struct reply *r)
{
    if (!r->lines)
        return false;
    r->faults |= REPLY_NO_LAST_LINE;
    r->whole = true;
    return true;
}
