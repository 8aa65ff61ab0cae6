/*
 * Why a reply says no. The code alone tells little: 500 is as good for a bare LF as for a verb that
 * nobody knows. What tells more, in this order: the mistake of the command that is answered, the
 * state in which the server judged it, and the reply's own words.
 */
#include "dialogue/notes_inner.h"
#include "registry/denials.h"
#include "registry/mistakes.h"

/* Cells in a row of the pane at 80 columns. */
#define ROW_CELLS 78

/* In characters, which are cells here: texts of ours, in English. */
static bool fits_two_rows(struct span text)
{
    size_t end = ROW_CELLS;

    if (text.len <= ROW_CELLS)
        return true;
    while (end && text.at[end] != ' ')
        end--;
    return text.len - end - 1 <= ROW_CELLS;
}

/* 500 to 504: the line cannot be done as it stands, here and now. */
static bool is_syntax(unsigned code)
{
    return code / 10 == 50;
}

/* The reply to an unknown verb explains itself, and the note under the line names the right one. */
static bool is_plain_unknown(enum mistake m)
{
    return m == MISTAKE_UNKNOWN_VERB || m == MISTAKE_MISSPELT_VERB || m == MISTAKE_CONSOLE_WORD ||
           m == MISTAKE_HTTP_REQUEST || m == MISTAKE_EMPTY_LINE;
}

static bool is_of_path(enum mistake m)
{
    return (m >= MISTAKE_NO_COLON && m <= MISTAKE_NULL_RECIPIENT) || m == MISTAKE_CONTROL_OCTET;
}

/* Would a server that minds this mistake answer so? */
static bool explains(enum mistake m, unsigned code)
{
    const struct mistake_row *row = &mistake_rows[m];

    if (row->severity < RISKY || is_plain_unknown(m))
        return false;
    if (row->code == code)
        return true;
    switch (m) {
    case MISTAKE_HELO_UNQUALIFIED:
    case MISTAKE_HELO_BARE_ADDRESS:
        return is_syntax(code) || code == 550;
    case MISTAKE_PIPELINED_NOT_OFFERED:
    case MISTAKE_PIPELINED_PAST_SYNC:
        return code == 503 || code == 554;
    case MISTAKE_DATA_BEFORE_RCPT:
        return code == 554;
    case MISTAKE_AUTH_WITHOUT_TLS:
        return code == 538;
    case MISTAKE_PARAMETER_AFTER_HELO:
    case MISTAKE_PARAMETER_NOT_OFFERED:
        return code == 501 || code == 504;
    case MISTAKE_CONTROL_OCTET:
        return is_syntax(code) || code == 550 || code == 553;
    default:
        break;
    }
    if (code == 553 || code == 555)
        return is_of_path(m);
    if (code == 503) /* the order; a mistake of form gets another code */
        return false;
    return is_syntax(code) && row->severity == WRONG && row->code != 503 && row->code != 555;
}

/* A mistake with this very code before others. */
static enum mistake of_command(const struct mistakes *asked, unsigned code)
{
    enum mistake found = MISTAKE_COUNT;

    for (unsigned i = 0; asked && i < asked->count; i++) {
        enum mistake m = asked->at[i].mistake;

        if (!explains(m, code))
            continue;
        if (mistake_rows[m].code == code)
            return m;
        if (found == MISTAKE_COUNT)
            found = m;
    }
    return found;
}

/* The server judged the command in the state before this reply. */
static enum mistake of_state(const struct observed *line, const struct observer *after)
{
    unsigned code = line->reply.code;
    enum mistake m = MISTAKE_COUNT;

    if (line->answers >= VERB_COUNT)
        return MISTAKE_COUNT;
    if (code == 503)
        m = session_misplaced(line->before, line->answers);
    else if (code == 555 && after->hello_line && !after->esmtp)
        m = MISTAKE_PARAMETER_AFTER_HELO;
    if (m == MISTAKE_BEFORE_HELO && after->tls)
        m = MISTAKE_MAIL_AFTER_STARTTLS;
    return m;
}

/* Its why as a whole where that fits, or else its last sentence, which says what to do. */
static void add_cure(struct buf *out, size_t start, enum mistake m)
{
    const struct mistake_words *words = mistake_words(m);
    struct span what = span_of(words->what), why = span_of(words->why);
    size_t whole;

    /* "The line ..." goes on behind "500 = "; "HELO ..." keeps its capitals */
    buf_add_octet(out,
                  ascii_lower(what.at[1]) != what.at[1] ? what.at[0] : ascii_lower(what.at[0]));
    buf_add(out, span_from(what, 1));
    whole = out->len;
    while (why.len) {
        size_t stop = span_search(why, SPAN(". "), 0, false);

        buf_add_octet(out, ' ');
        buf_add(out, why);
        if (fits_two_rows(span_from(buf_span(out), start)))
            return;
        buf_truncate(out, whole);
        why = stop == SPAN_NOT_FOUND ? span_first(why, 0) : span_from(why, stop + 2);
    }
}

const struct denial_row *notes_denial(enum verb answers, unsigned code,
                                      struct enhanced_code enhanced, struct span words)
{
    if (answers != VERB_RCPT || is_syntax(code) || code == 421 || code == 455 || code == 530 ||
        code == 551 || code == 555 || code == 556) /* these say themselves what they mean */
        return NULL;
    return denial_row(code, enhanced, words);
}

bool notes_add_refusal(struct buf *out, enum verb answers, unsigned code,
                       struct enhanced_code enhanced, struct span words, const char **source)
{
    const struct denial_row *row = notes_denial(answers, code, enhanced, words);

    if (!row)
        return false;
    buf_printf(out, "%u = %s", code, denial_text(row, code));
    *source = row->source;
    return true;
}

bool notes_add_reason(struct buf *out, const struct observed *line, const struct observer *after,
                      const struct mistakes *asked, const char **source)
{
    unsigned code = line->reply.code;
    size_t start = out->len;
    enum mistake m;

    if (!line->reply.whole || line->unsolicited || (code / 100 != 4 && code / 100 != 5))
        return false;
    m = of_command(asked, code);
    if (m == MISTAKE_COUNT)
        m = of_state(line, after);
    if (m == MISTAKE_COUNT)
        return notes_add_refusal(out, line->answers, code, line->reply.enhanced, line->part.words,
                                 source);
    buf_printf(out, "%u = ", code);
    add_cure(out, start, m);
    *source = mistake_rows[m].source;
    return true;
}

void notes_add_others(struct buf *out, size_t start, const struct observed *line,
                      const struct observer *after)
{
    static const char *const words[] = { " The letter's other recipients still stand.",
                                         " The others still stand." };
    unsigned digit = line->reply.code / 100;
    size_t end = out->len;

    if (line->answers != VERB_RCPT || (digit != 4 && digit != 5) || line->after == AT_END ||
        !after->rcpt_accepted)
        return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        buf_add_text(out, words[i]);
        if (fits_two_rows(span_from(buf_span(out), start)))
            return;
        buf_truncate(out, end);
    }
}
