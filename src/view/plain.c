#include "view/plain.h"

#include "base/marks.h"
#include "dialogue/mask.h"
#include "dialogue/pairing.h"
#include "view/answered.h"
#include "view/dialogue.h"
#include "view/happened.h"
#include "view/signs.h"

/* Stands before what is said about a line: as wide as "C: ". */
#define INDENT "   "

struct writer {
    const struct record *record;
    unsigned dialogue;
    const struct notes_style *style;
    unsigned flags, marks;
    struct styled *out;
    struct notes notes;             /* owned; memory that every line reuses */
    struct buf words;               /* owned; the same */
    uint32_t command;               /* that the next line may answer, if it is one of a group */
    struct buf answered;            /* owned; how it is called */
    uint64_t gap_lines, gap_octets; /* left out since the last line written */
};

static enum style digit_style(unsigned code)
{
    static const enum style styles[] = { STYLE_YES, STYLE_GO_ON, STYLE_LATER, STYLE_NO };

    return code >= 200 && code < 600 ? styles[code / 100 - 2] : STYLE_SERVER;
}

/* What is left out of a line longer than anyone reads. */
static void add_rest(struct writer *w, const struct line *line)
{
    if (line->len > line->head.len)
        styled_printf(w->out, STYLE_DIM, " ... and %llu more octets",
                      (unsigned long long)(line->len - line->head.len));
}

static void client_line(struct writer *w, const struct observed *line)
{
    struct span head = line->line.head, secret = line->secret;
    size_t before = secret.len ? (size_t)(secret.at - head.at) : head.len;
    bool letter = line->role == ROLE_LETTER || line->role == ROLE_CHUNK;

    styled_add_text(w->out, STYLE_CLIENT, letter ? "C: | " : "C: ");
    styled_add_marks(w->out, letter ? STYLE_PLAIN : STYLE_CLIENT, span_first(head, before),
                     w->marks);
    if (secret.len && !(w->flags & PLAIN_SECRETS)) {
        styled_add_text(w->out, STYLE_SECRET, MASK);
    } else {
        styled_add_marks(w->out, STYLE_SECRET, span_from(head, before), w->marks);
        add_rest(w, &line->line);
    }
    styled_add_text(w->out, STYLE_PLAIN, "\n");
}

static void server_line(struct writer *w, const struct observed *line)
{
    size_t digits = line->part.code ? 3 : 0;
    struct span head = line->line.head;

    styled_add_text(w->out, STYLE_SERVER, "S: ");
    styled_add(w->out, digit_style(line->part.code), span_first(head, digits));
    styled_add_marks(w->out, STYLE_SERVER, span_from(head, digits), w->marks);
    add_rest(w, &line->line);
    styled_add_text(w->out, STYLE_PLAIN, "\n");
}

/* Under a line. Notes are texts of ours, but may quote what a peer sent. */
static void add_notes(struct writer *w, const struct observed *line, const struct observer *after)
{
    static const struct {
        enum style style;
        const char *sign, *twin;
    } kinds[] = {
        [NOTE_PLAIN] = { STYLE_NOTE, "-", "-" },
        [NOTE_HARMLESS] = { STYLE_NOTE, "-", "-" },
        [NOTE_RISKY] = { STYLE_FAULT, "!", "!" },
        [NOTE_WRONG] = { STYLE_FAULT, SIGN_WRONG, "x" },
    };

    notes_gutter(line, after, w->style, &w->notes);
    for (unsigned i = 0; i < w->notes.count; i++) {
        enum note_kind kind = w->notes.at[i].kind;

        styled_printf(w->out, kinds[kind].style, INDENT "%s ",
                      w->flags & PLAIN_ASCII ? kinds[kind].twin : kinds[kind].sign);
        styled_add_marks(w->out, STYLE_NOTE, w->notes.at[i].text, w->marks);
        styled_add_text(w->out, STYLE_PLAIN, "\n");
    }
}

/* How long the reply took that this line ended, as words; `first`: its first line. Empty: unknown.
 */
static void time_words(const struct writer *w, const struct observed *line, uint32_t first,
                       struct buf *out)
{
    struct observed start = *line;
    int64_t time;

    start.number = first;
    start.reply.lines = 1;
    time = dialogue_line_time(w->record, w->dialogue, &start);
    if (time < 0)
        return;
    buf_add_text(out, "after ");
    dialogue_time(out, time);
}

/* "250 = the server ..." reads "= 250: the server ..." here, behind the sign of all meanings. */
static void add_meaning(struct writer *w, struct span time)
{
    struct span text = buf_span(&w->words);

    if (!text.len)
        return;
    styled_add_text(w->out, STYLE_NOTE, INDENT "= ");
    if (span_eq(span_first(span_from(text, 3), 3), SPAN(" = "))) {
        styled_add_marks(w->out, STYLE_NOTE, span_first(text, 3), w->marks);
        styled_add_text(w->out, STYLE_NOTE, ": ");
        text = span_from(text, 6);
    }
    styled_add_marks(w->out, STYLE_NOTE, text, w->marks);
    if (time.len)
        styled_printf(w->out, STYLE_DIM, " (%.*s)", SPAN_ARG(time));
    styled_add_text(w->out, STYLE_PLAIN, "\n");
}

/* Under a whole reply: what it means and, behind that, how long it took. */
static void add_reply(struct writer *w, const struct walk *walk, uint32_t first)
{
    struct buf time = { 0 };

    if (w->flags & PLAIN_TIMES)
        time_words(w, &walk->line, first, &time);
    buf_clear(&w->words);
    if (w->flags & PLAIN_MEANINGS)
        notes_meaning(&walk->line, &walk->after, &walk->asked, w->style, &w->words);
    if (w->words.len)
        add_meaning(w, buf_span(&time));
    else if (time.len)
        styled_printf(w->out, STYLE_DIM, INDENT "%s\n", buf_text(&time));
    buf_release(&time);
}

/* Before the next line is asked for: what the record gave out of it would not last. */
static void look_ahead(struct writer *w, const struct walk *walk)
{
    const struct observer_run *head = pairing_head(&walk->after);
    uint32_t next = walk->line.number + 1;

    w->command = 0;
    if (walk->after.reply.lines || !head || next - head->line < 2 ||
        next > record_lines(w->record, w->dialogue) ||
        record_line_side(w->record, w->dialogue, next) == SIDE_CLIENT)
        return;
    w->command = head->line;
    buf_clear(&w->answered);
    answered_words(w->record, w->dialogue, w->command, w->marks, &w->answered);
}

/* `first`: of the reply that this line belongs to. */
static void add_line(struct writer *w, const struct walk *walk, uint32_t first)
{
    const struct observed *line = &walk->line;

    if (line->side == SIDE_CLIENT)
        client_line(w, line);
    else
        server_line(w, line);
    if (w->command && line->answers_line == w->command &&
        answered_of_group(w->record, w->dialogue, line, &walk->after))
        styled_printf(w->out, STYLE_DIM, INDENT "- %s\n", buf_text(&w->answered));
    if (w->flags & PLAIN_NOTES)
        add_notes(w, line, &walk->after);
    if (line->role == ROLE_REPLY && line->reply.whole)
        add_reply(w, walk, first);
}

/* Lines of a letter whose octets are no longer kept, together in one line of ours. */
static void end_gap(struct writer *w)
{
    if (w->gap_lines)
        styled_printf(w->out, STYLE_DIM,
                      "-- %llu %s of the letter, %llu octets, no longer kept in memory\n",
                      (unsigned long long)w->gap_lines, w->gap_lines == 1 ? "line" : "lines",
                      (unsigned long long)w->gap_octets);
    w->gap_lines = w->gap_octets = 0;
}

/* Octets that came after the record was full are gone, and it says so before it says how the talk
 * ended. */
static void add_dropped(struct writer *w)
{
    uint64_t dropped = record_dropped(w->record, w->dialogue);

    if (dropped)
        styled_printf(w->out, STYLE_NOTE,
                      "-- %llu more octets came and were not kept: the talk is too long for this "
                      "program\n",
                      (unsigned long long)dropped);
}

static void add_event(struct writer *w, uint32_t i)
{
    struct record_event e;

    record_event_get(w->record, w->dialogue, i, &e);
    if (!talk_event_ends(e.event) && !(w->flags & PLAIN_EVENTS))
        return;
    end_gap(w);
    if (talk_event_ends(e.event))
        add_dropped(w);
    buf_clear(&w->words);
    happened_text(&e, w->marks, &w->words);
    styled_add_text(w->out, STYLE_DIM, "-- ");
    styled_add(w->out, talk_event_ends(e.event) ? STYLE_BOLD : STYLE_DIM, buf_span(&w->words));
    styled_add_text(w->out, STYLE_PLAIN, "\n");
    if (!(w->flags & PLAIN_MEANINGS) || !talk_event_ends(e.event))
        return;
    buf_clear(&w->words);
    notes_event(e.event, e.detail, happened_port(w->record, w->dialogue, i), w->style, &w->words);
    add_meaning(w, SPAN(""));
}

/* Events that came before the next line. */
static void add_events(struct writer *w, struct plain_cursor *cursor)
{
    for (; cursor->event < record_events(w->record, w->dialogue); cursor->event++) {
        struct record_event e;

        record_event_get(w->record, w->dialogue, cursor->event, &e);
        if (e.after > cursor->line)
            return;
        add_event(w, cursor->event);
    }
}

static void add_lines(struct writer *w, struct plain_cursor *cursor)
{
    struct walk *walk = &cursor->walk;

    for (;;) {
        uint32_t first = walk->after.reply.lines ? walk->after.reply_first_line : cursor->line + 1;

        look_ahead(w, walk);
        if (!walk_next(walk))
            break;
        cursor->line++;
        if (walk->kept.gap) {
            w->gap_lines++;
            w->gap_octets += walk->kept.line.len + line_end_octets(walk->kept.line.end);
        } else {
            end_gap(w);
            add_line(w, walk, first);
        }
        add_events(w, cursor);
    }
    end_gap(w);
}

void plain_dialogue(const struct record *r, unsigned d, struct plain_cursor *cursor,
                    const struct notes_style *style, unsigned flags, struct styled *out)
{
    struct writer w = { .record = r,
                        .dialogue = d,
                        .style = style,
                        .flags = flags,
                        .marks = flags & PLAIN_ASCII ? MARKS_ASCII : 0,
                        .out = out };

    add_events(&w, cursor);
    if (cursor->line < record_lines(r, d)) {
        if (!cursor->walking || cursor->walk.record != r || cursor->walk.dialogue != d ||
            cursor->walk.line.number != cursor->line)
            walk_start(&cursor->walk, r, d, cursor->line + 1);
        cursor->walking = true;
        add_lines(&w, cursor);
    }
    notes_release(&w.notes);
    buf_release(&w.words);
    buf_release(&w.answered);
}
