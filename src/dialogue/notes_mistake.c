/*
 * A mistake in the words of registry/mistakes.h, made to fit the line that it is in: with the
 * column, and with the right form of this very line where that can be told.
 * Never here: octets of a line that may be a secret.
 */
#include "base/marks.h"
#include "dialogue/notes_inner.h"
#include "registry/keywords.h"
#include "registry/mistakes.h"
#include "registry/verbs.h"
#include "smtp/keys.h"

/* Longest right form that is made from the line itself: longer ones help nobody. */
#define RIGHT_MAX 120

/* "Bob's letter", or "the letter". */
static void add_letter(struct buf *out, const struct observer *o)
{
    size_t len = strlen(o->reader);

    if (!len) {
        buf_add_text(out, "the letter");
        return;
    }
    buf_add_octet(out, ascii_upper((unsigned char)o->reader[0]));
    for (size_t i = 1; i < len; i++)
        buf_add_octet(out, ascii_lower((unsigned char)o->reader[i]));
    buf_add_text(out, "'s letter");
}

static struct span first_word(struct span s)
{
    struct span rest;

    return span_cut(s, ' ', &rest);
}

static void add_console_word(struct buf *out, enum verb meant)
{
    if (meant == VERB_QUIT)
        buf_add_text(out, "In SMTP, QUIT ends the talk; /quit leaves this program.");
    else if (meant == VERB_HELP)
        buf_add_text(out, "In SMTP, HELP asks the server; /help is this program's own help.");
    else
        buf_add_text(out, "This program's own commands start with /; /help lists them.");
}

static const char *key_name(struct span at)
{
    if (at.len == 0)
        return "A control character";
    if (at.at[0] == 0x08 || at.at[0] == 0x7f)
        return "The key Backspace";
    if (at.at[0] == 0x1b && key_octets(at) > 1)
        return "An arrow key or its like";
    return "A control character";
}

/* What is wrong, without its full stop: the column follows. */
static void add_what(struct buf *out, const struct mistake_at *at, const struct command *command,
                     const struct line *line)
{
    struct span what = span_of(mistake_words(at->mistake)->what);

    if (command && at->mistake == MISTAKE_MISSPELT_VERB && command->meant != VERB_UNKNOWN)
        buf_printf(out, "This looks like %s, misspelt", verb_word(command->meant));
    else if (command && at->mistake == MISTAKE_UNKNOWN_VERB && command->meant != VERB_UNKNOWN)
        buf_add_text(out, "The mark C: tells whose line it is, and is not sent");
    else if (at->mistake == MISTAKE_CONTROL_OCTET && at->column)
        buf_printf(out, "%s was sent as a part of the line",
                   key_name(span_from(line->head, at->column - 1)));
    else
        buf_add(out, span_first(what, what.len - 1));
    if (at->column > 1)
        buf_printf(out, " (column %u)", at->column);
    buf_add_octet(out, '.');
}

/* The command with its path made right; false: it cannot be told. */
static bool make_path(struct buf *out, const struct command *c)
{
    struct line line = { { 0 }, 0, LINE_CRLF, 0 };
    struct command again;

    buf_add_text(out, c->verb == VERB_MAIL ? "MAIL FROM:<" : "RCPT TO:<");
    if (domain_looks_numeric(c->path.domain)) {
        buf_add(out, c->path.local);
        buf_printf(out, "@[%.*s]", SPAN_ARG(c->path.domain));
    } else {
        buf_add(out, c->path.mailbox);
    }
    buf_add_octet(out, '>');
    for (unsigned i = 0; i < c->param_count; i++) {
        buf_add_octet(out, ' ');
        buf_add(out, c->params[i].keyword);
        if (c->params[i].value.at)
            buf_add_octet(out, '=');
        buf_add(out, c->params[i].value);
    }
    line.head = buf_span(out);
    line.len = out->len;
    command_parse(&line, COMMAND_LINE_MAX, &again);
    return again.mistakes.count == 0;
}

/* The line with its keys obeyed; false: that is no command either. */
static bool make_typed(struct buf *out, const struct line *in)
{
    unsigned char typed[RIGHT_MAX];
    struct line line = { { 0 }, 0, LINE_CRLF, 0 };
    struct command again;

    buf_add(out, keys_obey(in->head, typed, sizeof typed));
    line.head = buf_span(out);
    line.len = out->len;
    command_parse(&line, COMMAND_LINE_MAX, &again);
    return again.verb != VERB_UNKNOWN && again.verb != VERB_AUTH && again.mistakes.count == 0;
}

static bool is_of_order(enum mistake m)
{
    return m >= MISTAKE_TOO_EARLY && m <= MISTAKE_TOO_MANY_ERRORS;
}

static bool is_of_path(enum mistake m)
{
    return (m >= MISTAKE_NO_FROM && m <= MISTAKE_TWO_ADDRESSES) ||
           m == MISTAKE_NO_SQUARE_BRACKETS || m == MISTAKE_SOURCE_ROUTE;
}

static bool is_greeting(enum verb verb)
{
    return verb == VERB_HELO || verb == VERB_EHLO || verb == VERB_LHLO;
}

/* The row's form speaks of MAIL, RCPT or HELO; the line may be of another verb. */
static void add_example(struct buf *out, const char *right, enum mistake m, const struct command *c)
{
    bool mail = span_starts(span_of(right), SPAN("MAIL "));
    bool rcpt = span_starts(span_of(right), SPAN("RCPT "));
    bool helo = span_starts(span_of(right), SPAN("HELO "));

    if (!c || is_of_order(m)) /* another command is due first */
        buf_add_text(out, right);
    else if (m == MISTAKE_BAD_LITERAL && is_greeting(c->verb))
        buf_printf(out, "%s [192.0.2.1]", verb_word(c->verb));
    else if (rcpt && m != MISTAKE_TWO_ADDRESSES && c->verb == VERB_MAIL)
        buf_printf(out, "MAIL FROM%s", right + sizeof("RCPT TO") - 1);
    else if ((mail || rcpt) && c->verb == VERB_VRFY)
        buf_add_text(out, verb_row(VERB_VRFY)->example);
    else if (mail && c->verb == VERB_RCPT)
        buf_add_text(out, verb_row(VERB_RCPT)->example);
    else if (helo && (c->verb == VERB_EHLO || c->verb == VERB_LHLO))
        buf_printf(out, "%s%s", verb_word(c->verb), right + 4);
    else
        buf_add_text(out, right);
}

/* The line without the spaces around it; false: that is no better. */
static bool make_trimmed(struct buf *out, const struct line *in)
{
    struct line line = { { 0 }, 0, LINE_CRLF, 0 };
    struct command again;

    buf_add(out, span_trim(in->head));
    line.head = buf_span(out);
    line.len = out->len;
    command_parse(&line, COMMAND_LINE_MAX, &again);
    return again.verb != VERB_UNKNOWN && again.verb != VERB_AUTH && again.mistakes.count == 0;
}

/* The right form of this very line; false: it cannot be told. */
static bool make_own(struct buf *out, const struct mistake_at *at, const struct command *c,
                     const struct line *line)
{
    if (line->len > RIGHT_MAX)
        return false;
    if (is_of_path(at->mistake))
        return (c->verb == VERB_MAIL || c->verb == VERB_RCPT) && c->path.kind == PATH_MAILBOX &&
               make_path(out, c);
    if (at->mistake == MISTAKE_CONTROL_OCTET)
        return make_typed(out, line);
    if (at->mistake == MISTAKE_LEADING_SPACE || at->mistake == MISTAKE_TRAILING_SPACE)
        return make_trimmed(out, line);
    return false;
}

static void make_right(struct buf *out, const struct mistake_at *at, const struct command *c,
                       const struct line *line, const struct notes_style *style)
{
    struct buf example = { 0 };
    const char *right = mistake_words(at->mistake)->right;

    if (c && make_own(out, at, c, line))
        return;
    buf_clear(out);
    if (c && (at->mistake == MISTAKE_MISSPELT_VERB || at->mistake == MISTAKE_UNKNOWN_VERB) &&
        c->meant != VERB_UNKNOWN)
        right = verb_row(c->meant)->example;
    else if (c && c->verb != VERB_UNKNOWN && verb_row(c->verb) &&
             (at->mistake == MISTAKE_UNEXPECTED_ARGUMENT ||
              at->mistake == MISTAKE_MISSING_ARGUMENT || at->mistake == MISTAKE_BAD_ARGUMENT ||
              at->mistake == MISTAKE_FROM_AND_TO_SWAPPED))
        right = verb_row(c->verb)->example;
    add_example(&example, right, at->mistake, c);
    notes_add_form(out, style, buf_text(&example));
    buf_release(&example);
}

/* How the right form is to be read. */
static const char *label(enum mistake m)
{
    switch (m) {
    case MISTAKE_EMPTY_LINE:
    case MISTAKE_NO_HEADER:
    case MISTAKE_HELO_UNQUALIFIED:
    case MISTAKE_HELO_BARE_ADDRESS:
        return "For example: ";
    case MISTAKE_HEADER_AS_COMMAND:
    case MISTAKE_PARAMETER_AFTER_HELO:
    case MISTAKE_BEFORE_HELO:
    case MISTAKE_RCPT_BEFORE_MAIL:
    case MISTAKE_DATA_BEFORE_MAIL:
    case MISTAKE_DATA_BEFORE_RCPT:
    case MISTAKE_NESTED_MAIL:
    case MISTAKE_AUTH_WITHOUT_TLS:
    case MISTAKE_MAIL_AFTER_STARTTLS:
        return "First: ";
    default:
        return "Right: ";
    }
}

/* What the server does not offer is no advice. */
static bool is_offered(const struct mistake_at *at, const struct observer *o)
{
    int number = keyword_number(SPAN("STARTTLS"));

    return at->mistake != MISTAKE_AUTH_WITHOUT_TLS || observer_offers(o, (unsigned)number);
}

static void add_right(struct buf *out, const struct mistake_at *at, const struct command *c,
                      const struct line *line, const struct notes_style *style)
{
    struct buf right = { 0 };

    make_right(&right, at, c, line, style);
    if (right.len && !span_eq(buf_span(&right), SPAN("."))) {
        buf_printf(out, " %s", label(at->mistake));
        marks_add(out, buf_span(&right), 0);
    }
    buf_release(&right);
}

bool notes_is_full(const struct mistakes *found, const struct mistake_at *at)
{
    return is_of_order(at->mistake) || at == mistakes_worst(found, HARMLESS);
}

void notes_add_mistake(struct buf *out, const struct mistake_at *at, bool full,
                       const struct command *command, const struct line *line,
                       const struct observer *after, const struct notes_style *style)
{
    if (at->mistake == MISTAKE_COMMAND_IN_LETTER) {
        notes_add_peer(out, first_word(line->head), 8);
        buf_add_text(out, " is now a line of ");
        add_letter(out, after);
        buf_add_text(out, ": in here the server obeys nothing but the dot. To end the letter, send "
                          "a line with only a dot.");
        notes_add_source(out, style, mistake_rows[at->mistake].source);
        return;
    }
    add_what(out, at, command, line);
    if (full && style->level == NOTES_LEARNER) {
        buf_add_octet(out, ' ');
        if (command && at->mistake == MISTAKE_CONSOLE_WORD)
            add_console_word(out, command->meant);
        else
            buf_add_text(out, mistake_words(at->mistake)->why);
    }
    notes_add_source(out, style, mistake_rows[at->mistake].source);
    if (full && is_offered(at, after))
        add_right(out, at, command, line, style);
}
