/*
 * Text without a session, as somebody pastes it: what is in it, and what that means. A guess for
 * people: the first form that fits is taken.
 */
#include "dialogue/mask.h"
#include "dialogue/notes_inner.h"
#include "registry/keywords.h"
#include "registry/verbs.h"

/* A paste is explained up to here; more of it helps nobody on one screen. */
#define TEXT_LINES_MAX 64
/* Of a line that is quoted: a row or two. */
#define QUOTE_MAX 120

struct reader {
    struct span rest;  /* lines not read yet */
    enum verb answers; /* of the last command seen; VERB_COUNT: none */
    unsigned code;     /* of the last reply seen: after 354 no command follows */
    struct login login;
    bool answer; /* this line is one in a login */
    unsigned lines;
    const struct notes_style *style;
    struct buf *out;
};

static struct span next_line(struct reader *r)
{
    struct span line = span_cut(r->rest, '\n', &r->rest);

    r->lines++;
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* "999 x": in the place of a reply code, and none. */
static bool is_no_reply(struct span s)
{
    return notes_is_code(s) && !notes_is_reply(s);
}

static bool explain_no_reply(struct reader *r, struct span s)
{
    notes_paragraph(r->out);
    buf_add(r->out, span_first(s, 3));
    buf_add_text(r->out, " is no reply code of SMTP: such a code has three digits, and the first "
                         "is 2 (yes), 3 (go on), 4 (later) or 5 (no). (RFC 5321 4.2.1)");
    return true;
}

/* Which step a bounce says was refused: "(in reply to RCPT TO command)". */
static enum verb step_in(struct span s)
{
    static const struct {
        struct span words;
        enum verb verb;
    } steps[] = {
        { SPAN_INIT("in reply to end of DATA"), VERB_BODY_END },
        { SPAN_INIT("in reply to DATA"), VERB_DATA },
        { SPAN_INIT("in reply to RCPT"), VERB_RCPT },
        { SPAN_INIT("in reply to MAIL"), VERB_MAIL },
        { SPAN_INIT("in reply to EHLO"), VERB_EHLO },
        { SPAN_INIT("in reply to HELO"), VERB_HELO },
        { SPAN_INIT("after RCPT TO"), VERB_RCPT },
        { SPAN_INIT("after MAIL FROM"), VERB_MAIL },
        { SPAN_INIT("after end of data"), VERB_BODY_END },
    };

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (span_search(s, steps[i].words, 0, true) != SPAN_NOT_FOUND)
            return steps[i].verb;
    return VERB_COUNT;
}

/* A line of an EHLO reply names a keyword after its code. */
static void read_keyword(struct span s, struct buf *keywords)
{
    struct span rest;
    int number = keyword_number(span_cut(span_from(s, 4), ' ', &rest));

    if (number >= 0 && span_starts(s, SPAN("250")))
        notes_explain_keyword(keywords, number);
}

/* Reads the reply that begins with `s`, further lines included. A part of a reply is a fair
 * question: that its last line is missing is no fault. */
static void read_reply(struct reader *r, struct span s, struct reply *reply, struct buf *keywords)
{
    struct line line = { s, s.len, LINE_CRLF, 0 };

    read_keyword(s, keywords);
    while (!reply_add(reply, &line, NULL) && r->rest.len && r->lines < TEXT_LINES_MAX) {
        enum side side;
        bool told;
        struct span before = r->rest, next = notes_strip_side(next_line(r), &side, &told);

        if (!notes_is_reply(next)) {
            r->rest = before;
            r->lines--;
            break;
        }
        read_keyword(next, keywords);
        line = (struct line){ next, next.len, LINE_CRLF, 0 };
    }
}

static void explain_reply(struct reader *r, struct span s, enum verb answers)
{
    struct reply reply = { 0 };
    struct buf keywords = { 0 }, reason = { 0 };
    const struct meaning_row *row;
    const char *source;

    read_reply(r, s, &reply, &keywords);
    if (s.len == 3) /* a question about a code, not a server's line */
        reply.faults &= ~(unsigned)REPLY_BARE_CODE;
    if (answers == VERB_COUNT && keywords.len)
        answers = VERB_EHLO;
    r->code = reply.code;
    row = answers == VERB_COUNT ? NULL : meaning_row(answers, reply.code);
    if (notes_add_refusal(&reason, answers, reply.code, reply.enhanced, s, &source))
        buf_printf(&reason, " (%s)", source);
    notes_explain_reply(r->out, &reply, answers, row, buf_span(&reason), r->style);
    if (keywords.len) {
        notes_paragraph(r->out);
        buf_add(r->out, buf_span(&keywords));
    }
    buf_release(&keywords);
    buf_release(&reason);
}

/* Where a reply stands inside a line of a bounce or a log: behind "said: ", "smtp; " and the like,
 * or anywhere as a code and its enhanced code. */
static struct span reply_inside(struct span s)
{
    static const struct span before[] = { SPAN_INIT("said: "), SPAN_INIT("smtp; "),
                                          SPAN_INIT("smtp;"), SPAN_INIT("reason: "),
                                          SPAN_INIT("response: ") };
    struct enhanced_code code;

    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        size_t at = span_search(s, before[i], 0, true);

        if (at != SPAN_NOT_FOUND && notes_is_reply(span_from(s, at + before[i].len)))
            return span_from(s, at + before[i].len);
    }
    for (size_t i = 0; i + 8 < s.len; i++) {
        struct span here = span_from(s, i);

        if ((i == 0 || !ascii_is_alnum(s.at[i - 1])) && notes_is_reply(here) &&
            enhanced_code_parse(span_from(here, 4), &code))
            return here;
    }
    return span_first(s, 0);
}

/* "5.1.1", "X.1.1", also after "Status: " or "dsn=". */
static bool explain_enhanced(struct reader *r, struct span s)
{
    struct enhanced_code code;
    unsigned char known[12];
    bool any = s.len > 1 && s.len < sizeof known && ascii_lower(s.at[0]) == 'x';

    if (span_starts_nocase(s, SPAN("Status:")))
        s = span_trim(span_from(s, 7));
    else if (span_starts_nocase(s, SPAN("dsn=")))
        s = span_from(s, 4);
    if (any) {
        memcpy(known, s.at, s.len);
        known[0] = '5';
        s = span_make(known, s.len);
    }
    if (!enhanced_code_parse(s, &code))
        return false;
    if (any)
        code.class = 0;
    notes_explain_enhanced(r->out, code);
    return true;
}

static bool explain_param(struct reader *r, struct span word)
{
    static const struct span commands[] = { SPAN_INIT("MAIL"), SPAN_INIT("RCPT"),
                                            SPAN_INIT("VRFY") };
    struct span value, name = span_cut(word, '=', &value);
    bool found = false;

    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct param_row *row = param_row(commands[i], name);

        if (!row)
            continue;
        found = true;
        notes_paragraph(r->out);
        buf_printf(r->out, "%s is a parameter of %s: %s", row->param, row->command, row->meaning);
        if (row->value[0])
            buf_printf(r->out, " Its value: %s.", row->value);
        buf_printf(r->out, " A server offers it with %s. (%s)", row->keyword, row->source);
    }
    return found;
}

static struct command parse(struct span s, struct line *line)
{
    struct command command;

    *line = (struct line){ span_first(s, LINE_HEAD_MAX), s.len, LINE_CRLF, 0 };
    command_parse(line, COMMAND_LINE_MAX, &command);
    return command;
}

static bool is_command(struct span s)
{
    struct line line;
    struct command command = parse(s, &line);

    return command.verb != VERB_UNKNOWN && !mistakes_worst(&command.mistakes, WRONG);
}

/* A single word, or a word with its value: verb, keyword, parameter may all fit. */
static bool explain_word(struct reader *r, struct span s)
{
    struct span value, rest, word = span_cut(s, ' ', &rest);
    enum verb verb = verb_by_word(word);
    int keyword = keyword_number(span_cut(word, '=', &value));
    bool found = false;

    if (verb != VERB_UNKNOWN && rest.len && is_command(s))
        return false;
    if (verb != VERB_UNKNOWN && !rest.len) {
        notes_explain_verb(r->out, verb, r->style);
        found = true;
    }
    if (keyword >= 0) {
        notes_explain_keyword(r->out, keyword);
        found = true;
    }
    return (!rest.len && explain_param(r, word)) || found;
}

/* Anything that a client may have meant as a command. `told`: the text said that it is one. */
static bool explain_command(struct reader *r, struct span s, bool told)
{
    struct observer nobody;
    struct line line;
    struct command command = parse(s, &line);

    if (command.verb == VERB_UNKNOWN && !told &&
        (mistakes_have(&command.mistakes, MISTAKE_UNKNOWN_VERB) ||
         mistakes_have(&command.mistakes, MISTAKE_EMPTY_LINE) || !command.mistakes.count))
        return false;
    observer_init(&nobody);
    r->answers = command.verb;
    notes_explain_command(r->out, &command, &line, &nobody, r->style);
    return true;
}

static bool explain_dot(struct reader *r)
{
    notes_paragraph(r->out);
    buf_add_text(r->out, "A line with only a dot ends the letter after DATA. It is no part of the "
                         "letter. (RFC 5321 4.1.1.4)");
    r->answers = VERB_BODY_END;
    r->code = 0;
    return true;
}

static bool explain_letter_line(struct reader *r, struct span s)
{
    if (span_eq(s, SPAN(".")))
        return explain_dot(r);
    notes_paragraph(r->out);
    buf_add_text(r->out, "A line of the letter; the server is silent until the dot. (RFC 5321 "
                         "4.1.1.4)");
    return true;
}

void notes_explain_answer(struct buf *out)
{
    notes_paragraph(out);
    buf_add_text(out, "An answer in the login, written in base64. It is secret, so it is not "
                      "shown. (RFC 4954 4)");
}

static bool explain_line(struct reader *r, struct span s)
{
    enum side side = SIDE_CLIENT;
    bool told;
    struct span inside;

    s = notes_strip_side(s, &side, &told);
    if (s.len == 0 && r->code != 354)
        return false;
    if (told ? side == SIDE_SERVER : notes_is_reply(s)) {
        enum verb step = step_in(s);

        explain_reply(r, s, step != VERB_COUNT ? step : r->answers);
        return true;
    }
    if (r->code == 354)
        return explain_letter_line(r, s);
    if (r->answer) {
        notes_explain_answer(r->out);
        r->answers = r->login.asked ? VERB_AUTH_LINE : VERB_UNKNOWN;
        r->code = 0;
        return true;
    }
    if (span_eq(s, SPAN(".")))
        return explain_dot(r);
    if (told && side == SIDE_CLIENT)
        return explain_command(r, s, true);
    if (is_no_reply(s))
        return explain_no_reply(r, s);
    if (explain_enhanced(r, s))
        return true;
    inside = reply_inside(s);
    if (inside.len) {
        explain_reply(r, inside, step_in(s));
        return true;
    }
    return explain_word(r, s) || explain_command(r, s, false);
}

/* The line itself, in front of its explanation, when there are more than one. */
static void quote(struct buf *out, struct span line, struct span hidden)
{
    notes_paragraph(out);
    buf_add_text(out, "> ");
    if (!hidden.len) {
        notes_add_peer(out, span_trim(line), QUOTE_MAX);
        return;
    }
    notes_add_peer(out, span_make(line.at, (size_t)(hidden.at - line.at)), QUOTE_MAX);
    buf_add_text(out, MASK);
}

static bool explain_one(struct reader *r, bool many)
{
    struct span line = next_line(r), hidden = { 0 };
    struct buf *out = r->out, text = { 0 };
    bool found;

    r->answer = r->code != 354 && notes_text_secret(&r->login, line, &hidden);
    r->out = &text;
    found = explain_line(r, line);
    r->out = out;
    if (found && many)
        quote(out, line, hidden);
    if (found) {
        notes_paragraph(out);
        buf_add(out, buf_span(&text));
    }
    buf_release(&text);
    return found;
}

static const char nothing[] =
    "Nothing here was recognised. What can be asked: a reply (550 5.1.1 no such user), an enhanced "
    "status code (5.1.1), a command (MAIL FROM:<alice@crepes.fr>) or a verb, an EHLO keyword "
    "(PIPELINING), a parameter (SIZE=1000), or a line of a bounce that quotes a reply.";

bool notes_explain_text(struct span text, const struct notes_style *style, struct buf *out)
{
    struct reader r = { .rest = text, .answers = VERB_COUNT, .style = style, .out = out };
    bool found = false, many = span_find(span_trim(text), '\n') + 1 < text.len;

    while (r.rest.len && r.lines < TEXT_LINES_MAX)
        found |= explain_one(&r, many);
    if (!found) {
        notes_paragraph(out);
        buf_add_text(out, nothing);
    } else if (r.rest.len) {
        notes_paragraph(out);
        buf_printf(out, "The rest of the text, after %d lines, is left out.", TEXT_LINES_MAX);
    }
    return found;
}
