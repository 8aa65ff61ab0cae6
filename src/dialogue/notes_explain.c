/*
 * The long explanation of one line: what it is, digit by digit, what it does to the session, who
 * must act, whether to try again, and where that is written.
 */
#include "dialogue/notes_inner.h"
#include "registry/keywords.h"
#include "registry/verbs.h"

/* A word of a peer in a sentence: longer ones say no more. */
#define WORD_MAX 40

void notes_paragraph(struct buf *out)
{
    if (out->len && out->at[out->len - 1] != '\n')
        buf_add_octet(out, '\n');
}

static void say(struct buf *out, const char *text)
{
    notes_paragraph(out);
    buf_add_text(out, text);
}

static void add_digits(struct buf *out, unsigned code)
{
    static const char *const ordinal[] = { "First", "Second" };
    unsigned digits[2] = { code / 100, code / 10 % 10 };

    notes_paragraph(out);
    for (unsigned i = 0; i < 2; i++) {
        const struct digit_row *row = digit_row(i + 1, (char)('0' + digits[i]));

        if (row)
            buf_printf(out, "%s digit %u, %s: %s ", ordinal[i], digits[i], row->name, row->meaning);
        else
            buf_printf(out, "%s digit %u: the standard gives it no meaning. ", ordinal[i],
                       digits[i]);
    }
    buf_printf(out, "Third digit %u: it only tells replies of the same kind apart.", code % 10);
}

/* Class 0: any, the class of the row that is found. */
static const struct enhanced_row *find_enhanced(struct enhanced_code code)
{
    static const uint8_t classes[] = { 5, 4, 2 };
    const struct enhanced_row *row = code.class ? enhanced_row(code) : NULL;

    for (size_t i = 0; !code.class && !row && i < sizeof classes; i++)
        row = enhanced_row((struct enhanced_code){ classes[i], code.subject, code.detail });
    return row;
}

void notes_explain_enhanced(struct buf *out, struct enhanced_code code)
{
    const struct enhanced_row *row = find_enhanced(code);
    const struct enhanced_subject_row *subject = enhanced_subject_row(code.subject);
    char class = code.class ? (char)('0' + code.class) : 'X';
    const struct digit_row *digit = digit_row(1, class);

    notes_paragraph(out);
    buf_printf(out, "%c.%u.%u is an enhanced status code, finer than the reply code. ", class,
               code.subject, code.detail);
    if (digit)
        buf_printf(out, "%c, %s. ", class, digit->name);
    else
        buf_add_text(out, "X stands for 2 (yes), 4 (later) or 5 (no). ");
    if (subject)
        buf_printf(out, "%c.%u, %s: %s ", class, code.subject, subject->name, subject->meaning);
    if (row)
        buf_printf(out, "%c.%u.%u, %s: %s %s (%s)", class, code.subject, code.detail, row->name,
                   row->meaning, row->advice, row->source);
    else
        buf_add_text(out, "Its last number is in no registry: the server's makers know what it "
                          "means. (RFC 3463 2)");
}

/* Who must act, and whether to try again. */
static void add_duty(struct buf *out, unsigned code, const struct meaning_row *row)
{
    const struct code_row *general = code_row(code);
    const struct digit_row *digit = digit_row(1, (char)('0' + code / 100));

    notes_paragraph(out);
    buf_add_text(out, "What to do: ");
    if (row)
        buf_add_text(out, row->advice);
    else if (general)
        buf_add_text(out, general->advice);
    else
        buf_add_text(out, digit ? digit->advice : "Take it as a fault of the server.");
    if (code == 421 || code / 100 == 4)
        buf_add_text(out, " Try again: yes, later.");
    else if (code / 100 == 5)
        buf_add_text(out, " Try again: not unchanged.");
}

static void add_reply_sources(struct buf *out, unsigned code, const struct meaning_row *row)
{
    const struct code_row *general = code_row(code);

    say(out, "Source: ");
    buf_add_text(out, row ? row->source : general ? general->source : "RFC 5321 4.2");
    if (row && general && !span_eq(span_of(row->source), span_of(general->source)))
        buf_printf(out, "; for the code in general %s", general->source);
    buf_add_octet(out, '.');
}

/* The next word of "RCPT . CONNECT"; empty at the end. Private verbs, which begin with X, are for
 * those who look after servers. */
static struct span next_given_to(struct span *rest, enum notes_level level)
{
    while (rest->len) {
        struct span word = span_cut(*rest, ' ', rest);

        if (level != NOTES_LEARNER || word.at[0] != 'X')
            return word;
    }
    return (struct span){ 0 };
}

/* "RCPT . CONNECT" as words in a sentence. */
static void add_given_to(struct buf *out, const char *given_to, enum notes_level level)
{
    struct span rest = span_of(given_to), word = next_given_to(&rest, level);
    bool first = true;

    buf_add_text(out, " It can answer ");
    while (word.len) {
        struct span after = next_given_to(&rest, level);

        if (!first)
            buf_add_text(out, after.len ? ", " : " and ");
        first = false;
        if (span_eq(word, SPAN(".")))
            buf_add_text(out, "the dot");
        else if (span_eq(word, SPAN("CONNECT")))
            buf_add_text(out, "a new connection");
        else if (span_eq(word, SPAN("any")))
            buf_add_text(out, "any command");
        else
            buf_add(out, word);
        word = after;
    }
    buf_add_octet(out, '.');
}

static void add_code(struct buf *out, unsigned code, enum verb answers,
                     const struct meaning_row *row, struct span reason,
                     const struct notes_style *style)
{
    const struct code_row *general = code_row(code);

    notes_paragraph(out);
    if (reason.len && style->level == NOTES_LEARNER)
        buf_add(out, reason);
    else if (row && style->level == NOTES_LEARNER)
        notes_add_learner(out, row, code);
    else if (row)
        buf_printf(out, "%u after %s: %s.", code,
                   verb_word(answers)[0] ? verb_word(answers) : "this step", row->admin);
    else if (general && style->level == NOTES_LEARNER)
        buf_printf(out, "%u = %s. %s", code, general->name, general->meaning);
    else if (general)
        buf_printf(out, "%u: %s", code, general->admin);
    else
        buf_printf(out, "%u is in no standard; a client goes by its first digit.", code);
    if (!row && general && general->given_to[0])
        add_given_to(out, general->given_to, style->level);
}

void notes_explain_reply(struct buf *out, const struct reply *reply, enum verb answers,
                         const struct meaning_row *row, struct span reason,
                         const struct notes_style *style)
{
    if (!reply->code) {
        say(out, "No reply code stands at the start of this line, so nobody can tell what the "
                 "server means. Every reply starts with three digits.");
    } else {
        add_code(out, reply->code, answers, row, reason, style);
        add_digits(out, reply->code);
    }
    if (reply->enhanced.class)
        notes_explain_enhanced(out, reply->enhanced);
    for (int bit = 0; bit < REPLY_FAULT_COUNT; bit++) {
        if (!(reply->faults >> bit & 1))
            continue;
        notes_paragraph(out);
        notes_add_fault(out, (enum reply_fault_bit)bit, style);
    }
    if (reply->code)
        add_duty(out, reply->code, row);
    add_reply_sources(out, reply->code, row);
}

void notes_explain_keyword(struct buf *out, int number)
{
    const struct keyword_row *row = &keyword_rows[number];

    notes_paragraph(out);
    buf_printf(out, "%s is an EHLO keyword: with it a server offers an extension. %s", row->keyword,
               row->meaning);
    if (row->mail_params[0])
        buf_printf(out, " It allows with MAIL: %s.", row->mail_params);
    if (row->rcpt_params[0])
        buf_printf(out, " It allows with RCPT: %s.", row->rcpt_params);
    if (row->verbs[0])
        buf_printf(out, " It brings the command: %s.", row->verbs);
    if (!span_eq(span_of(row->status), SPAN("registered")))
        buf_printf(out, " Status: %s.", row->status);
    buf_printf(out, " (%s)", row->source);
}

void notes_explain_verb(struct buf *out, enum verb verb, const struct notes_style *style)
{
    const struct verb_row *row = verb_row(verb);

    notes_paragraph(out);
    buf_printf(out, "%s %s.", verb_word(verb), row->purpose);
    say(out, "Form: ");
    buf_printf(out, "%s   for example: ", row->syntax);
    notes_add_form(out, style, row->example);
    say(out, "If it goes well: ");
    buf_printf(out, "%s Replies: %s; refusals: %s.", row->effect, row->success, row->failure);
    say(out, "Source: ");
    buf_printf(out, "%s.", row->source);
}

static void add_param(struct buf *out, enum verb verb, const struct param *p)
{
    const struct param_row *row = param_row(span_of(verb_word(verb)), p->keyword);

    notes_paragraph(out);
    buf_add_text(out, "Parameter ");
    notes_add_peer(out, p->keyword, WORD_MAX);
    if (row)
        buf_printf(out, ": %s Offered with %s. (%s)", row->meaning, row->keyword, row->source);
    else
        buf_add_text(out, ": this program does not know it.");
}

static void add_path(struct buf *out, const struct command *c)
{
    bool sender = c->verb == VERB_MAIL;

    if (c->path.kind == PATH_NONE)
        return;
    say(out, sender ? "The sender on the envelope: " : "The recipient on the envelope: ");
    if (c->path.kind == PATH_NULL) {
        buf_add_text(out, "none (<>). Reports about delivery have it, so that nobody sends a "
                          "report about a report. (RFC 5321 4.5.5)");
        return;
    }
    notes_add_peer(out, c->path.mailbox, 320); /* 64 + 1 + 255, RFC 5321 4.5.3.1 */
    buf_add_text(
        out,
        sender ? ". Reports of failure (bounces) go there; the From: line of the letter may differ."
               : ". Only the envelope decides who gets the letter, not its To: "
                 "line.");
    buf_add_text(out, " (RFC 5321 2.3.1)");
}

void notes_explain_command(struct buf *out, const struct command *command, const struct line *line,
                           const struct observer *after, const struct notes_style *style)
{
    struct notes_style with_sources = *style;

    with_sources.sources = true;
    for (unsigned i = 0; i < command->mistakes.count; i++) {
        const struct mistake_at *at = &command->mistakes.at[i];

        notes_paragraph(out);
        notes_add_mistake(out, at, notes_is_full(&command->mistakes, at), command, line, after,
                          &with_sources);
        notes_add_servers(out, at->mistake);
    }
    if (verb_row(command->verb))
        notes_explain_verb(out, command->verb, style);
    if (command->verb == VERB_MAIL || command->verb == VERB_RCPT)
        add_path(out, command);
    for (unsigned i = 0; i < command->param_count; i++)
        add_param(out, command->verb, &command->params[i]);
}

/* What the line is, and where it stands. */
static void add_place(struct buf *out, const struct observed *line)
{
    notes_paragraph(out);
    buf_printf(out, "Line %u, from the %s", line->number,
               line->side == SIDE_CLIENT ? "client" : "server");
    if (line->role != ROLE_REPLY) {
        buf_add_octet(out, '.');
        return;
    }
    if (line->unsolicited)
        buf_add_text(out, ": a reply that nobody asked for.");
    else if (line->answers == VERB_CONNECT)
        buf_add_text(out, ": the greeting.");
    else if (verb_word(line->answers)[0])
        buf_printf(out, ": a reply to %s in line %u.", verb_word(line->answers),
                   line->answers_line);
    else
        buf_printf(out, ": a reply to line %u.", line->answers_line);
    if (!line->reply.whole)
        buf_add_text(out, " More lines of it follow.");
}

static void add_session(struct buf *out, const struct observed *line)
{
    say(out, "The session: ");
    if (line->step) {
        buf_printf(out, "%s. (%s)", line->step->why, line->step->source);
        if (line->after != line->before)
            buf_printf(out, " Now %s.", session_state_what(line->after));
    } else if (line->role == ROLE_REPLY && line->reply.whole) {
        buf_printf(out, "it stays where it was: %s.", session_state_what(line->after));
    } else {
        buf_printf(out, "%s.", session_state_what(line->after));
    }
}

static void add_count(struct buf *out, uint64_t count, const char *what, const char *then)
{
    buf_printf(out, "%llu %s%s%s", (unsigned long long)count, what, count == 1 ? "" : "s", then);
}

static void add_letter(struct buf *out, const struct observed *line, const struct observer *after,
                       const struct notes_style *style)
{
    const struct body_counts *counts = &after->body.counts;
    struct notes_style with_sources = *style;

    with_sources.sources = true;
    for (unsigned i = 0; i < line->letter_mistakes.count; i++) {
        notes_paragraph(out);
        notes_add_mistake(out, &line->letter_mistakes.at[i], true, NULL, &line->line, after,
                          &with_sources);
    }
    notes_paragraph(out);
    buf_add_text(out, "So far the letter has ");
    add_count(out, counts->header_lines, "line", " of header, ");
    add_count(out, counts->body_lines, "line", " of text, and ");
    add_count(out, counts->octets, "octet", " in all, line ends counted. ");
    buf_add_text(out,
                 "A dot at the start of a line is written twice on the way, and one of the two "
                 "is taken away again. (RFC 5321 4.5.2)");
}

static void add_meaning(struct buf *out, const struct observed *line, const struct observer *after)
{
    const struct notes_style style = { NOTES_LEARNER, true, false };

    notes_paragraph(out);
    notes_meaning(line, after, NULL, &style, out);
}

static void add_reply(struct buf *out, const struct observed *line, const struct observer *after,
                      const struct mistakes *asked, const struct notes_style *style)
{
    const struct meaning_row *row = notes_meaning_row(line);
    struct buf reason = { 0 };
    const char *source;

    if (notes_add_reason(&reason, line, after, asked, &source)) {
        notes_add_others(&reason, 0, line, after);
        buf_printf(&reason, " (%s)", source);
    } else if (row) {
        notes_add_learner(&reason, row, line->reply.code);
        notes_add_others(&reason, 0, line, after);
    }
    notes_explain_reply(out, &line->reply, line->answers, row, buf_span(&reason), style);
    buf_release(&reason);
}

void notes_explain(const struct observed *line, const struct observer *after,
                   const struct mistakes *asked, const struct notes_style *style, struct buf *out)
{
    size_t start = out->len;
    int keyword = line->role == ROLE_REPLY ? notes_keyword(line) : -1;

    add_place(out, line);
    if (keyword >= 0)
        notes_explain_keyword(out, keyword);
    if (line->role == ROLE_REPLY && !line->unsolicited) {
        add_reply(out, line, after, asked, style);
    } else if (line->role == ROLE_REPLY) {
        add_meaning(out, line, after);
        notes_explain_reply(out, &line->reply, VERB_COUNT, NULL, SPAN(""), style);
    } else if (line->role == ROLE_COMMAND) {
        notes_explain_command(out, &line->command, &line->line, after, style);
        if (out->len == start)
            add_meaning(out, line, after);
    } else {
        add_meaning(out, line, after);
        if (line->role == ROLE_LETTER || line->role == ROLE_DOT)
            add_letter(out, line, after, style);
    }
    notes_explain_login(out, line, style);
    add_session(out, line);
}
