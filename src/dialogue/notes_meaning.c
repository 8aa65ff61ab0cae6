/*
 * What one line means here, in at most two rows of the pane for a learner.
 */
#include "dialogue/notes_inner.h"
#include "registry/keywords.h"
#include "registry/mistakes.h"
#include "registry/verbs.h"

/* The text under way: where it starts in out, and how long it may get. */
struct text {
    struct buf *out;
    size_t start, most;
    const struct notes_style *style;
};

static bool say(const struct text *t, const char *what)
{
    return notes_add_fitting(t->out, t->start, what, t->most);
}

static void source(const struct text *t, const char *from)
{
    notes_add_source(t->out, t->style, from);
}

const struct meaning_row *notes_meaning_row(const struct observed *line)
{
    unsigned code = line->reply.code;

    if (line->answers == VERB_BDAT && line->step &&
        line->step == session_last_chunk(AT_CHUNK, code) && code != 421)
        return meaning_row(VERB_BODY_END, code);
    return meaning_row(line->answers, code);
}

void notes_add_learner(struct buf *out, const struct meaning_row *row, unsigned code)
{
    if (row->code < 100)
        buf_printf(out, "%u = ", code);
    buf_add_text(out, row->learner);
}

int notes_keyword(const struct observed *line)
{
    struct span rest, name = span_cut(line->part.text, ' ', &rest);
    int number;

    if ((line->answers != VERB_EHLO && line->answers != VERB_LHLO) || line->reply.lines < 2 ||
        !line->part.code)
        return -1;
    number = keyword_number(name);
    return number >= 0 ? number : keyword_number(span_cut(name, '=', &rest));
}

static void unsolicited(const struct text *t, const struct observed *line)
{
    unsigned code = line->reply.code;

    if (code == 421) {
        say(t, "421 = nobody asked: the server closes the connection by itself, often after a long "
               "silence or before a restart. Connect again to go on.");
        source(t, "RFC 5321 3.8");
        return;
    }
    if (code)
        buf_printf(t->out, "%u = ", code);
    buf_add_text(t->out, code ? "nobody asked" : "Nobody asked");
    if (line->before == AT_BODY && line->after != AT_BODY)
        buf_add_text(t->out, ": the server breaks off the letter before its dot. It has not taken "
                             "it.");
    else
        buf_add_text(t->out, " for this reply: no command waits for one. It changes nothing.");
    source(t, "RFC 5321 4.2");
}

static void no_class(const struct text *t, unsigned code)
{
    if (!code)
        say(t, "No reply code stands at the start of this line, so nobody can tell what the server "
               "means. Perhaps it is no mail server.");
    else {
        buf_printf(t->out, "%u", code);
        buf_add_text(t->out, " = no meaning in SMTP: replies begin with 2, 3, 4 or 5. A client "
                             "cannot tell whether it was yes or no.");
    }
    source(t, "RFC 5321 4.2.1");
}

static void part_of_reply(const struct text *t, const struct observed *line)
{
    int keyword = notes_keyword(line);

    if (keyword >= 0) {
        const struct keyword_row *row = &keyword_rows[keyword];
        size_t before = t->out->len;

        buf_printf(t->out, "%s = ", row->keyword);
        buf_add_text(t->out, row->meaning);
        if (t->most && notes_characters(span_from(buf_span(t->out), t->start)) > t->most) {
            buf_truncate(t->out, before);
            buf_printf(t->out, "%s = an extension that this server offers; /explain tells more.",
                       row->keyword);
        }
        source(t, row->source);
        return;
    }
    if (!line->part.code) {
        no_class(t, 0);
        return;
    }
    if (line->answers == VERB_EHLO && line->reply.lines > 1)
        say(t, "One more extension that this server offers; this program does not know it.");
    else
        buf_printf(t->out,
                   "%u- = the hyphen says that more lines of this reply follow; in its last line a "
                   "space stands there.",
                   line->part.code);
    source(t, "RFC 5321 4.2.1");
}

/* What a line of a login carries, behind `before`. False: nothing is to be said, or there is no
 * room for it. */
static bool decoded(const struct text *t, const struct observed *line, const char *before)
{
    const struct notes_style bare = { NOTES_LEARNER, false, false, NULL };
    struct buf words = { 0 };
    size_t start;
    bool said;

    buf_add_text(&words, before);
    start = words.len;
    notes_add_login(&words, line, &bare);
    said = words.len > start && say(t, buf_text(&words));
    buf_release(&words);
    return said;
}

static void admin_reply(const struct text *t, const struct observed *line,
                        const struct meaning_row *row)
{
    const struct enhanced_row *enhanced =
        line->reply.enhanced.class ? enhanced_row(line->reply.enhanced) : NULL;
    const struct denial_row *denial =
        notes_denial(line->answers, line->reply.code, line->reply.enhanced, line->part.words);
    const char *word = verb_word(line->answers), *name = denial ? denial->name : row->admin;

    if (word[0])
        buf_printf(t->out, "%s ", word);
    buf_printf(t->out, "%u: ", line->reply.code);
    notes_add_sentence(t->out, name);
    if (enhanced && !span_eq(span_of(enhanced->name), span_of(name))) {
        buf_printf(t->out, " %u.%u.%u: ", line->reply.enhanced.class, line->reply.enhanced.subject,
                   line->reply.enhanced.detail);
        notes_add_sentence(t->out, enhanced->name);
    }
    buf_printf(t->out, " %s", row->advice);
    source(t, denial ? denial->source : row->source);
}

static void learner_reply(const struct text *t, const struct observed *line,
                          const struct observer *after, const struct mistakes *asked,
                          const struct meaning_row *row)
{
    const char *from = row->source;

    if (decoded(t, line, "334 = the login goes on. ")) {
        say(t, "The answer is secret, and goes in base64.");
        source(t, from);
        return;
    }
    if (!notes_add_reason(t->out, line, after, asked, &from))
        notes_add_learner(t->out, row, line->reply.code);
    notes_add_others(t->out, t->start, line, after);
    source(t, from);
}

static void reply(const struct text *t, const struct observed *line, const struct observer *after,
                  const struct mistakes *asked)
{
    const struct meaning_row *row = notes_meaning_row(line);

    if (line->unsolicited && line->reply.lines == 1) {
        unsolicited(t, line);
    } else if (!line->reply.whole) {
        part_of_reply(t, line);
    } else if (!row) {
        no_class(t, line->reply.code);
    } else if (t->style->level == NOTES_ADMIN) {
        admin_reply(t, line, row);
    } else {
        learner_reply(t, line, after, asked, row);
    }
}

static bool mistake(const struct text *t, const struct mistakes *found, const struct observed *line,
                    const struct observer *after)
{
    const struct mistake_at *worst = mistakes_worst(found, RISKY);

    if (!worst)
        return false;
    if (worst->mistake == MISTAKE_COMMAND_IN_LETTER) {
        notes_add_mistake(t->out, worst, true, NULL, &line->line, after, t->style);
        return true;
    }
    say(t, mistake_words(worst->mistake)->what);
    say(t, mistake_words(worst->mistake)->why);
    source(t, mistake_rows[worst->mistake].source);
    return true;
}

static void command(const struct text *t, const struct observed *line, const struct observer *after)
{
    const struct verb_row *row = verb_row(line->command.verb);

    if (mistake(t, &line->command.mistakes, line, after))
        return;
    if (row) {
        if (t->style->level == NOTES_ADMIN)
            buf_printf(t->out, "%s: %s. 2yz: %s", verb_word(row->verb), row->purpose, row->effect);
        else
            say(t, row->sent);
        source(t, row->source);
        return;
    }
    say(t, "This program does not know this line as a command; the server's reply will tell.");
}

static void letter(const struct text *t, const struct observed *line, const struct observer *after)
{
    if (mistake(t, &line->letter_mistakes, line, after))
        return;
    if (line->line.len == 0 && after->body.counts.header_lines + 1 == line->letter_line) {
        say(t, "The empty line ends the header. What follows is the text that the reader sees.");
        source(t, "RFC 5322 2.1");
    } else if (line->in_header) {
        say(t,
            "A line of the letter's header. Mail programs show it; the server does not go by it: "
            "the envelope decides who gets the letter.");
        source(t, "RFC 5321 2.3.1");
    } else {
        say(t, "A line of the letter. The server takes it in silence; its answer comes after the "
               "lone dot.");
        source(t, "RFC 5321 4.1.1.4");
    }
}

static void dot(const struct text *t)
{
    say(t, "The lone dot ends the letter; it is no part of it. Now the server decides whether it "
           "takes charge of the letter.");
    source(t, "RFC 5321 4.1.1.4");
}

static void auth(const struct text *t, const struct observed *line)
{
    if (line->line.len == 1 && line->secret.len == 0)
        say(t, "The star gives up the login. The server answers 501, and the talk goes on without "
               "it.");
    else if (!decoded(t, line, "") || !say(t, "The line itself is neither shown nor saved."))
        say(t, "An answer in the login, written in base64. It is secret, so it is neither shown "
               "nor saved.");
    source(t, "RFC 4954 4");
}

static void chunk(const struct text *t)
{
    say(t, "Octets of the letter, as many as BDAT said. Any octets may stand here; no dot ends "
           "them.");
    source(t, "RFC 3030 2");
}

void notes_meaning(const struct observed *line, const struct observer *after,
                   const struct mistakes *asked, const struct notes_style *style, struct buf *out)
{
    struct text t = { out, out->len, style->level == NOTES_LEARNER ? NOTES_MEANING_MAX : 0, style };

    switch (line->role) {
    case ROLE_REPLY:
        reply(&t, line, after, asked);
        break;
    case ROLE_COMMAND:
        command(&t, line, after);
        break;
    case ROLE_LETTER:
        letter(&t, line, after);
        break;
    case ROLE_DOT:
        dot(&t);
        break;
    case ROLE_AUTH:
        auth(&t, line);
        break;
    case ROLE_CHUNK:
        chunk(&t);
        break;
    }
}
