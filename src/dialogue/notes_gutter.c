/*
 * What stands under a line in the dialogue: its mistakes before any reply has come, the faults of a
 * reply, replies that nobody asked for, and servers that take what the standard forbids.
 */
#include "dialogue/notes_inner.h"

void notes_release(struct notes *n)
{
    buf_release(&n->words);
    n->count = 0;
}

/* Text grows while notes are added, and may move: until the end a note's span holds its length
 * only. */
static void close_note(struct notes *out, size_t start, enum note_kind kind, unsigned column)
{
    if (out->count == NOTES_MAX) {
        buf_truncate(&out->words, start);
        return;
    }
    out->at[out->count++] = (struct note){ kind, column, { NULL, out->words.len - start } };
}

static void settle(struct notes *out)
{
    size_t at = 0;

    for (unsigned i = 0; i < out->count; i++) {
        out->at[i].text.at = out->words.at + at;
        at += out->at[i].text.len;
    }
}

static enum note_kind kind_of(enum mistake m)
{
    static const enum note_kind kinds[] = {
        [HARMLESS] = NOTE_HARMLESS, [RISKY] = NOTE_RISKY, [WRONG] = NOTE_WRONG
    };

    return kinds[mistake_rows[m].severity];
}

static void add_mistakes(const struct mistakes *found, const struct command *command,
                         const struct observed *line, const struct observer *after,
                         const struct notes_style *style, struct notes *out)
{
    for (unsigned i = 0; i < found->count; i++) {
        size_t start = out->words.len;

        notes_add_mistake(&out->words, &found->at[i], notes_is_full(found, &found->at[i]), command,
                          &line->line, after, style);
        close_note(out, start, kind_of(found->at[i].mistake), found->at[i].column);
    }
}

enum note_kind notes_fault_kind(enum reply_fault_bit bit)
{
    switch (bit) {
    case REPLY_BARE_CODE_BIT:
    case REPLY_EIGHT_BIT_BIT:
    case REPLY_WRONG_CLASS_BIT:
    case REPLY_LONG_LINE_BIT:
        return NOTE_HARMLESS;
    case REPLY_BARE_LF_BIT:
    case REPLY_CONTROL_BIT:
    case REPLY_OVERSIZE_BIT:
        return NOTE_RISKY;
    default:
        return NOTE_WRONG;
    }
}

/* What a client does about it. */
static const char *fault_advice(enum reply_fault_bit bit)
{
    switch (bit) {
    case REPLY_BARE_LF_BIT:
        return "Most clients read it all the same; the line ends in CR and LF by the standard.";
    case REPLY_LONG_LINE_BIT:
        return "Clients may cut it; the code at its start is what counts.";
    case REPLY_NO_CODE_BIT:
        return "Nobody can tell what it means. Perhaps this is no mail server.";
    case REPLY_CODE_RANGE_BIT:
        return "Clients go by the first digit, if they know it.";
    case REPLY_BARE_CODE_BIT:
        return "Clients take it; text is only for people.";
    case REPLY_SEPARATOR_BIT:
        return "A space marks the last line, a hyphen says that more follow.";
    case REPLY_MIXED_CODES_BIT:
        return "The standard wants one code; the last one is taken here, as mail programs do.";
    case REPLY_WRONG_CLASS_BIT:
        return "The reply code decides; the second code only explains it.";
    case REPLY_NO_LAST_LINE_BIT:
        return "The connection ended inside the reply; do not rely on it.";
    case REPLY_EIGHT_BIT_BIT:
        return "Replies are plain ASCII unless SMTPUTF8 is in use.";
    case REPLY_CONTROL_BIT:
        return "They are shown as marks here, and never obeyed.";
    default:
        return "It is kept as one reply to its end.";
    }
}

void notes_add_fault(struct buf *out, enum reply_fault_bit bit, const struct notes_style *style)
{
    buf_add_text(out, "A fault of the server: ");
    buf_add_text(out, reply_fault_text(bit));
    buf_add_text(out, ". ");
    buf_add_text(out, fault_advice(bit));
    notes_add_source(out, style, reply_fault_source(bit));
}

/* Faults of this very line. What shows only in the reply as a whole is told once, at its end. */
static unsigned faults_here(const struct observed *line)
{
    unsigned faults = line->part.faults;

    if (line->reply.whole)
        faults |= line->reply.faults & (REPLY_NO_LAST_LINE | REPLY_OVERSIZE | REPLY_MIXED_CODES);
    if (line->line.end == LINE_CUT && !(line->reply.faults & REPLY_NO_LAST_LINE))
        faults &= ~(unsigned)REPLY_NO_LAST_LINE;
    return faults;
}

static void add_faults(const struct observed *line, const struct notes_style *style,
                       struct notes *out)
{
    unsigned faults = faults_here(line);

    for (int bit = 0; bit < REPLY_FAULT_COUNT; bit++) {
        size_t start = out->words.len;

        if (!(faults >> bit & 1))
            continue;
        notes_add_fault(&out->words, (enum reply_fault_bit)bit, style);
        close_note(out, start, notes_fault_kind((enum reply_fault_bit)bit), 0);
    }
}

static void add_empty_letter(const struct notes_style *style, struct notes *out)
{
    size_t start = out->words.len;

    buf_add_text(&out->words,
                 "The letter is empty. A letter has at least a From: and a Date: line; "
                 "servers differ in whether they take one without.");
    notes_add_source(&out->words, style, "RFC 5322 3.6");
    close_note(out, start, NOTE_RISKY, 0);
}

/* "hello." */
static bool is_word_and_dot(const struct line *line)
{
    struct span s = line->head;

    if (s.len < 2 || s.len < line->len || s.at[s.len - 1] != '.')
        return false;
    for (size_t i = 0; i + 1 < s.len; i++)
        if (!ascii_is_alpha(s.at[i]) && s.at[i] < 0x80)
            return false;
    return true;
}

/* A learner may believe that such a dot ends the letter. */
static void add_dot_behind_word(const struct notes_style *style, struct notes *out)
{
    size_t start = out->words.len;

    buf_add_text(&out->words, "This dot belongs to the text. Only a dot alone on its line ends the "
                              "letter.");
    notes_add_source(&out->words, style, "RFC 5321 4.1.1.4");
    close_note(out, start, NOTE_PLAIN, 0);
}

static void add_unsolicited(const struct observed *line, const struct notes_style *style,
                            struct notes *out)
{
    size_t start = out->words.len;

    if (line->part.code == 421)
        buf_add_text(&out->words,
                     "Nobody asked: the server says by itself that it is about to close.");
    else if (line->before == AT_BODY)
        buf_add_text(&out->words, "The server breaks in, before the dot has come.");
    else
        buf_add_text(&out->words, "Nobody asked: no command waits for this reply.");
    notes_add_source(&out->words, style, line->part.code == 421 ? "RFC 5321 3.8" : "RFC 5321 4.2");
    close_note(out, start, line->part.code == 421 ? NOTE_PLAIN : NOTE_RISKY, 0);
}

static void add_departure(const struct observed *line, const struct notes_style *style,
                          struct notes *out)
{
    size_t start = out->words.len;

    notes_add_sentence(&out->words, line->step->why);
    notes_add_source(&out->words, style, line->step->source);
    close_note(out, start, NOTE_RISKY, 0);
}

static void add_login(const struct observed *line, const struct notes_style *style,
                      struct notes *out)
{
    size_t start = out->words.len;
    enum note_kind kind = notes_add_login(&out->words, line, style);

    if (out->words.len > start)
        close_note(out, start, kind, 0);
}

static void add_recipient(const struct observed *line, const struct notes_style *style,
                          struct notes *out)
{
    size_t start = out->words.len;

    buf_printf(&out->words, "This is for the recipient in line %lu: in LMTP each has a verdict.",
               (unsigned long)line->recipient_line);
    notes_add_source(&out->words, style, "RFC 2033 4.2");
    close_note(out, start, NOTE_PLAIN, 0);
}

/* EHLO came once more, inside TLS. */
static void add_changes(const struct observer *after, const struct notes_style *style,
                        struct notes *out)
{
    size_t start = out->words.len;

    if (!notes_tls_changes(after, &out->words))
        return;
    notes_add_source(&out->words, style, "RFC 3207 4.2");
    close_note(out, start, NOTE_PLAIN, 0);
}

void notes_gutter(const struct observed *line, const struct observer *after,
                  const struct notes_style *style, struct notes *out)
{
    buf_clear(&out->words);
    out->count = 0;
    if (line->role == ROLE_COMMAND || line->role == ROLE_CHUNK)
        add_mistakes(&line->command.mistakes, &line->command, line, after, style, out);
    else if (line->role == ROLE_LETTER)
        add_mistakes(&line->letter_mistakes, NULL, line, after, style, out);
    if (line->role == ROLE_LETTER && style->level == NOTES_LEARNER && is_word_and_dot(&line->line))
        add_dot_behind_word(style, out);
    if (line->role == ROLE_DOT && !after->body.counts.octets)
        add_empty_letter(style, out);
    if (line->role == ROLE_REPLY) {
        if (line->unsolicited && line->reply.lines == 1)
            add_unsolicited(line, style, out);
        if (line->step && !line->step->standard)
            add_departure(line, style, out);
        add_faults(line, style, out);
        if (line->reply.whole && line->reply.code / 100 == 2 &&
            (line->answers == VERB_EHLO || line->answers == VERB_LHLO))
            add_changes(after, style, out);
        if (line->reply.whole && line->recipient_line)
            add_recipient(line, style, out);
    }
    add_login(line, style, out);
    settle(out);
}
