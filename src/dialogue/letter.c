#include "dialogue/letter.h"

#include "dialogue/pairing.h"

void letter_begin(struct observer *o)
{
    o->body = (struct body){ 0 };
    o->letter_has_header = o->letter_unparted = false;
}

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

/* RFC 5322 2.2: printable ASCII without colon, then a colon; 4.5 lets blanks stand before it. */
static bool is_field(struct span s)
{
    size_t i = 0;

    while (i < s.len && s.at[i] > 32 && s.at[i] < 127 && s.at[i] != ':')
        i++;
    if (i == 0)
        return false;
    while (i < s.len && is_blank(s.at[i]))
        i++;
    return i < s.len && s.at[i] == ':';
}

static struct span first_word(struct span s)
{
    size_t i = 0;

    while (i < s.len && s.at[i] != ' ')
        i++;
    return span_first(s, i);
}

enum verb letter_verb(const struct line *line)
{
    struct span head = line->head;

    /* nearly all text goes no further: all verbs but one have four letters */
    if (head.len < 4 || !ascii_is_alpha(head.at[0]) ||
        (head.len > 4 && head.at[4] != ' ' && ascii_upper(head.at[0]) != 'S'))
        return VERB_UNKNOWN;
    return verb_by_word(first_word(head));
}

/* A line that only a person who believes to be talking to the server would write. */
static bool is_command(const struct line *line)
{
    enum verb verb = letter_verb(line);
    struct span argument = span_trim(span_from(line->head, first_word(line->head).len));

    switch (verb) {
    case VERB_QUIT:
    case VERB_RSET:
    case VERB_NOOP:
    case VERB_DATA:
    case VERB_HELP:
        return argument.len == 0;
    case VERB_HELO:
    case VERB_EHLO:
        return argument.len && first_word(argument).len == argument.len;
    case VERB_MAIL:
        return span_starts_nocase(argument, SPAN("FROM:"));
    case VERB_RCPT:
        return span_starts_nocase(argument, SPAN("TO:"));
    default:
        return false;
    }
}

static void add(struct observed *out, enum mistake mistake, unsigned column, size_t len)
{
    mistakes_add(&out->letter_mistakes, mistake, column, (unsigned)len);
}

/* A first octet of '.' or a blank: near misses of the dot. */
static void check_dot(const struct line *line, struct observed *out)
{
    struct span head = line->head, trimmed = span_trim(head);

    if (trimmed.len == 1 && trimmed.at[0] == '.' && head.len > 1)
        add(out, MISTAKE_DOT_NOT_ALONE, 1, head.len);
    else if (head.at[0] == '.' && head.len > 1 && head.at[1] != '.')
        add(out, MISTAKE_LEADING_DOT, 1, 1);
}

/* Header and body: where one turns into the other, and what a learner forgets there. */
static void check_header(struct observer *o, const struct line *line, bool first, bool command,
                         struct observed *out)
{
    bool field, parted = o->body.counts.blank_line;

    if (o->letter_unparted || parted || (!first && !o->letter_has_header))
        return;
    if (line->len == 0) { /* the letter starts with the empty line: it has no header */
        o->letter_unparted = first;
        return;
    }
    field = is_field(line->head);
    if (first) {
        o->letter_has_header = field;
        if (!field && !command)
            add(out, MISTAKE_NO_HEADER, 0, 0);
    } else if (!field && !is_blank(line->head.at[0])) {
        o->letter_unparted = true;
        if (!command)
            add(out, MISTAKE_NO_BLANK_LINE, 0, 0);
    }
    out->in_header = o->letter_has_header && !o->letter_unparted;
}

static void check_line(struct observer *o, const struct line *line, bool first,
                       struct observed *out)
{
    bool command;

    if (line->head.len == 0 && line->len) { /* octets are gone: nothing can be said */
        out->in_header = o->letter_has_header && !o->letter_unparted && !o->body.counts.blank_line;
        return;
    }
    command = is_command(line);
    check_header(o, line, first, command, out);
    if (command)
        add(out, MISTAKE_COMMAND_IN_LETTER, 1, line->head.len);
    if (line->head.len && (line->head.at[0] == '.' || is_blank(line->head.at[0])))
        check_dot(line, out);
    if (line->len > BODY_LINE_MAX)
        add(out, MISTAKE_LETTER_LINE_TOO_LONG, BODY_LINE_MAX + 1, 0);
    if ((line->faults & LINE_FAULT_EIGHT_BIT) && !o->mail_eight_bit && !o->mail_utf8 &&
        o->body.counts.eight_bit == 0)
        add(out, MISTAKE_LETTER_EIGHT_BIT, 0, 0);
}

/* The body's machine sees the head of a line only; the rest is counted. */
static void feed_body(struct body *body, const struct line *line)
{
    uint64_t unseen = line->len - line->head.len;

    if (unseen && line->head.len == 0) { /* octets are gone: any text will do */
        body_push(body, SPAN("x"), NULL);
        unseen--;
    } else {
        body_push(body, line->head, NULL);
    }
    body->counts.octets += unseen;
    body->line_len += unseen;
    if ((line->faults & LINE_FAULT_EIGHT_BIT) && body->counts.eight_bit == 0)
        body->counts.eight_bit = 1; /* it stands behind the head */
    if (line->end == LINE_CRLF)
        body_push(body, SPAN("\r\n"), NULL);
    else if (line->end == LINE_LF)
        body_push(body, SPAN("\n"), NULL);
}

unsigned letter_line(struct observer *o, const struct line *line, struct observed *out)
{
    const struct body_counts *counts = &o->body.counts;
    bool first = counts->octets == 0;
    uint64_t near_misses = counts->near_misses;

    out->role = ROLE_LETTER;
    if (!span_eq(line->head, SPAN(".")))
        check_line(o, line, first, out);
    feed_body(&o->body, line);
    if (o->body.ended) {
        out->role = ROLE_DOT;
        return RUN_DOT;
    }
    out->letter_line = counts->header_lines + counts->body_lines + counts->blank_line;
    if (counts->near_misses == near_misses)
        return 0;
    add(out, MISTAKE_DOT_BARE_LF, 1, 1);
    return RUN_NEAR_MISS;
}
