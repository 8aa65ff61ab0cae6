#include "view/item.h"

#include "base/utf8.h"
#include "dialogue/mask.h"
#include "view/answered.h"
#include "view/happened.h"
#include "view/item_rows.h"
#include "view/signs.h"
#include "view/welcome.h"

/* Octets of one cell at most: UTF-8 in four, without what combines. */
#define CELL_OCTETS 4

uint32_t item_last(const struct dialogue_look *look, unsigned talk)
{
    return record_lines(look->record, talk) + 1;
}

void item_release(struct item *it)
{
    styled_release(&it->text);
    notes_release(&it->notes);
    buf_release(&it->work);
}

static enum style code_style(unsigned code)
{
    switch (code / 100) {
    case 2:
        return STYLE_YES;
    case 3:
        return STYLE_GO_ON;
    case 4:
        return STYLE_LATER;
    case 5:
        return STYLE_NO;
    default:
        return STYLE_SERVER;
    }
}

static bool is_letter(const struct observed *line)
{
    return line->role == ROLE_LETTER || line->role == ROLE_CHUNK;
}

static enum style said_style(const struct observed *line)
{
    if (is_letter(line))
        return STYLE_PLAIN;
    return line->side == SIDE_SERVER ? STYLE_SERVER : STYLE_CLIENT;
}

/* Which part of the safe text in it->work is special: the reply code, or the mask. */
static struct item_stretch special(const struct item *it)
{
    const struct observed *line = &it->walk.line;
    size_t mask;

    if (line->side == SIDE_SERVER)
        return (struct item_stretch){ 0, line->part.code ? 3 : 0, code_style(line->part.code) };
    mask =
        line->secret.len ? span_search(buf_span(&it->work), SPAN(MASK), 0, false) : SPAN_NOT_FOUND;
    if (mask == SPAN_NOT_FOUND)
        return (struct item_stretch){ 0 };
    return (struct item_stretch){ mask, mask + sizeof MASK - 1, STYLE_SECRET };
}

static struct item_lead line_lead(struct item *it, enum side side, bool letter, bool mark)
{
    struct item_lead lead = { it->text.text.len, 0, 0 };

    if (mark)
        styled_add_text(&it->text, STYLE_BOLD, it->look->ascii ? ">" : SIGN_HERE);
    else
        styled_add_text(&it->text, STYLE_PLAIN, " ");
    styled_add_text(&it->text, side == SIDE_SERVER ? STYLE_SERVER : STYLE_CLIENT,
                    side == SIDE_SERVER ? "S:" : "C:");
    if (letter)
        styled_add_text(&it->text, STYLE_DIM, " |");
    lead.len = it->text.text.len - lead.from;
    return lead;
}

/* What a side said: as many rows as it may take; of the rest only the length is told. */
static void add_said(struct item *it, const struct item_lead *lead, struct span head, uint64_t len,
                     unsigned most)
{
    unsigned col = is_letter(&it->walk.line) ? 6 : 4, cols = item_room(it, col, true);
    struct span shown = span_first(head, (size_t)most * cols * CELL_OCTETS);
    struct item_stretch other;
    size_t from = it->text.text.len;
    bool whole;

    buf_clear(&it->work);
    marks_add(&it->work, shown, item_marks(it));
    other = special(it);
    item_found(it, buf_span(&it->work), said_style(&it->walk.line), &other);
    whole = item_rows_add(it, lead, col, from, cols, most);
    if (whole && shown.len == len)
        return;
    if (!whole)
        it->count--;
    from = it->text.text.len;
    styled_printf(&it->text, STYLE_DIM, "... (%llu octets in this line)", (unsigned long long)len);
    item_row_add(it, it->count == 0 ? lead : NULL, col, from, it->text.text.len - from);
}

static const char *note_sign(const struct item *it, enum note_kind kind)
{
    switch (kind) {
    case NOTE_HARMLESS:
        return "-";
    case NOTE_RISKY:
        return "!";
    case NOTE_WRONG:
        return it->look->ascii ? "x" : SIGN_WRONG;
    default:
        return " ";
    }
}

static void add_notes(struct item *it)
{
    unsigned sign_col = item_narrow(it, 6), col = sign_col + 2;

    for (unsigned i = 0; i < it->notes.count; i++) {
        const struct note *note = &it->notes.at[i];
        enum style style = note->kind >= NOTE_RISKY ? STYLE_FAULT : STYLE_NOTE;
        struct item_lead lead = item_lead(it, sign_col, style, note_sign(it, note->kind));
        size_t from = it->text.text.len;

        styled_add_marks(&it->text, STYLE_NOTE, note->text, item_marks(it));
        item_rows_add(it, &lead, col, from, item_room(it, col, false), ITEM_ROWS_MAX);
    }
}

/* Details of the encryption would push the talk away; /tls has them on a page. Who asked for the
 * mail servers of a domain wants to see which they are. */
static bool is_shown(const struct item *it, enum talk_event e)
{
    if (talk_event_ends(e) || e == TALK_LOOKUP || e == TALK_CHOSEN)
        return true;
    return it->look->events && e != TALK_TLS_DETAIL;
}

/* Which command of a group it answers: behind the reply where there is room, or below. */
static void add_answered(struct item *it, unsigned talk)
{
    const struct observed *line = &it->walk.line;
    struct item_row *said = it->count ? &it->at[it->count - 1] : NULL;
    size_t from = it->text.text.len;
    unsigned col = item_narrow(it, 6);
    uint64_t cells;

    if (!said || !answered_of_group(it->look->record, talk, line, &it->walk.after))
        return;
    buf_clear(&it->work);
    buf_add_text(&it->work, "  (");
    answered_words(it->look->record, talk, line->answers_line, item_marks(it), &it->work);
    buf_add_text(&it->work, ")");
    cells = utf8_cells(span_from(buf_span(&it->text.text), said->from)) +
            utf8_cells(buf_span(&it->work));
    if (said->from + said->len == from && cells <= item_room(it, said->col, true)) {
        styled_add(&it->text, STYLE_DIM, buf_span(&it->work));
        said->len += (uint32_t)it->work.len;
        return;
    }
    styled_add(&it->text, STYLE_DIM, span_from(buf_span(&it->work), 2));
    item_rows_add(it, NULL, col, from, item_room(it, col, false), 1);
}

static void add_event(struct item *it, unsigned talk, uint32_t i, const struct record_event *e)
{
    bool ends = talk_event_ends(e->event);
    unsigned col = item_narrow(it, 4), more = item_narrow(it, 6);
    struct item_lead lead;
    size_t from;

    if (!is_shown(it, e->event))
        return;
    lead = item_lead(it, 1, ends ? STYLE_FAULT : STYLE_DIM, "--");
    from = it->text.text.len;
    buf_clear(&it->work);
    happened_text(e, item_marks(it), &it->work);
    styled_add(&it->text, ends ? STYLE_BOLD : STYLE_DIM, buf_span(&it->work));
    item_rows_add(it, &lead, col, from, item_room(it, col, false), DIALOGUE_LINE_ROWS);
    if (!ends)
        return;
    buf_clear(&it->work);
    notes_event(e->event, e->detail, happened_port(it->look->record, talk, i), &it->look->notes,
                &it->work);
    if (!it->work.len)
        return;
    from = it->text.text.len;
    styled_add_marks(&it->text, STYLE_NOTE, buf_span(&it->work), item_marks(it));
    item_rows_add(it, NULL, more, from, item_room(it, more, false), ITEM_ROWS_MAX);
}

/* The events that stand behind line n. */
static void add_events(struct item *it, unsigned talk, uint32_t n)
{
    const struct record *r = it->look->record;
    uint32_t count = record_events(r, talk);
    struct record_event e;

    for (uint32_t i = record_event_after(r, talk, n); i < count && it->count < ITEM_ROWS_MAX; i++) {
        record_event_get(r, talk, i, &e);
        if (e.after != n)
            break;
        add_event(it, talk, i, &e);
    }
}

static void lay_head(struct item *it, unsigned talk)
{
    if (talk > 1) {
        size_t from;

        item_blank(it);
        from = it->text.text.len;
        styled_printf(&it->text, STYLE_BOLD, "talk %u", talk);
        if (*record_server(it->look->record, talk)) {
            styled_add_text(&it->text, STYLE_DIM, " with ");
            styled_add_marks(&it->text, STYLE_DIM, span_of(record_server(it->look->record, talk)),
                             item_marks(it));
        }
        item_rows_add(it, NULL, 1, from, item_room(it, 1, false), 1);
    }
    add_events(it, talk, 0);
}

/* Line n as it may be shown. Its notes are made first: what the record gives out lasts until it is
 * asked again, and it is asked again for a line with a secret. */
static void add_line(struct item *it, const struct item_lead *lead, unsigned talk, uint32_t n,
                     unsigned most)
{
    const struct observed *line = &it->walk.line;
    struct record_line shown;

    if (it->walk.kept.gap) {
        size_t from = it->text.text.len;

        styled_printf(&it->text, STYLE_DIM, "(%llu octets, no longer kept)",
                      (unsigned long long)line->line.len);
        item_row_add(it, lead, is_letter(line) ? 6 : 4, from, it->text.text.len - from);
        return;
    }
    if (!line->secret.len) {
        add_said(it, lead, line->line.head, line->line.len, most);
        return;
    }
    record_line(it->look->record, talk, n, 0, &shown);
    add_said(it, lead, shown.line.head, shown.line.len, most);
}

/* To line n: the next one, or one that follows a former start closely, or anew. */
static void walk_to(struct item *it, unsigned talk, uint32_t n)
{
    if (it->walk.dialogue != talk || it->walk.line.number + 1 != n || !it->walking) {
        uint32_t start = it->start.line.number;

        if (it->start.record && it->start.dialogue == talk && start < n &&
            n - start < RECORD_SNAPSHOT_LINES / 2) {
            it->walk = it->start;
            while (it->walk.line.number + 1 < n)
                walk_next(&it->walk);
        } else {
            walk_start(&it->walk, it->look->record, talk, n);
            it->start = it->walk;
        }
    }
    it->walking = walk_next(&it->walk);
}

static void lay_line(struct item *it, unsigned talk, uint32_t n)
{
    bool selected = talk == it->look->dialogue && n == it->look->selected;
    const struct observed *line = &it->walk.line;
    struct item_lead lead;

    walk_to(it, talk, n);
    it->time = item_has_times(it->look) ? dialogue_line_time(it->look->record, talk, line) : -1;
    notes_gutter(line, &it->walk.after, &it->look->notes, &it->notes);
    lead = line_lead(it, line->side, is_letter(line), selected);
    add_line(it, &lead, talk, n, selected ? DIALOGUE_SELECTED_ROWS : DIALOGUE_LINE_ROWS);
    add_answered(it, talk);
    add_notes(it);
    add_events(it, talk, n);
}

/* What a side has said of its next line. */
static void add_open(struct item *it, unsigned talk, enum side side)
{
    const struct record *r = it->look->record;
    struct span open = record_open_line(r, talk, side);
    bool letter = side == SIDE_CLIENT && record_now(r, talk)->letter != LETTER_NONE;
    unsigned col = letter ? 6 : 4;
    struct item_lead lead;
    size_t from;

    if (!open.len)
        return;
    it->walk.line = (struct observed){ .side = side, .role = letter ? ROLE_LETTER : ROLE_COMMAND };
    it->walking = false;
    lead = line_lead(it, side, letter, false);
    add_said(it, &lead, open, open.len, DIALOGUE_LINE_ROWS);
    from = it->text.text.len;
    styled_add_text(&it->text, STYLE_DIM, "... (this line has not ended yet)");
    item_rows_add(it, NULL, col, from, item_room(it, col, false), 2);
}

/* True while the client has said nothing, and still can. */
static bool is_newcomer(const struct dialogue_look *look, unsigned talk)
{
    uint32_t lines = record_lines(look->record, talk);

    if (!look->welcome || talk != look->dialogue || lines > WELCOME_LINES_MAX ||
        record_now(look->record, talk)->over)
        return false;
    for (uint32_t n = 1; n <= lines; n++)
        if (record_line_side(look->record, talk, n) == SIDE_CLIENT)
            return false;
    return record_open_line(look->record, talk, SIDE_CLIENT).len == 0;
}

static void add_welcome_from(struct item *it, size_t first)
{
    item_blank(it);
    for (size_t i = first; i < welcome_row_count; i++) {
        const struct welcome_row *row = &welcome_rows[i];
        unsigned lead_col = item_narrow(it, 4), col = row->lead ? lead_col + 3 : lead_col;
        struct item_lead lead = item_lead(it, lead_col, STYLE_BOLD, row->lead ? row->lead : "");

        if (*row->text)
            item_text(it, &lead, col, STYLE_NOTE, row->text);
        else
            item_blank(it);
    }
}

/* Below the greeting: where not all of it fits, its last paragraphs. */
static void add_welcome(struct item *it, unsigned talk)
{
    unsigned start = it->count, lines = record_lines(it->look->record, talk);

    for (size_t first = 0; first < welcome_row_count; first++) {
        if (first > 0 && *welcome_rows[first - 1].text)
            continue;
        add_welcome_from(it, first);
        if (it->count - start + lines <= it->look->welcome)
            return;
        it->count = start;
    }
}

static void lay_tail(struct item *it, unsigned talk)
{
    const struct record *r = it->look->record;
    uint64_t dropped = record_dropped(r, talk);

    add_open(it, talk, SIDE_SERVER);
    add_open(it, talk, SIDE_CLIENT);
    if (record_full(r, talk)) {
        size_t from = it->text.text.len;

        styled_add_text(&it->text, STYLE_FAULT, "This talk has reached the limit of what is kept");
        if (dropped)
            styled_printf(&it->text, STYLE_FAULT, ": %llu octets that came after it are not here",
                          (unsigned long long)dropped);
        styled_add_text(&it->text, STYLE_FAULT, ".");
        item_rows_add(it, NULL, 4, from, item_room(it, 4, false), ITEM_ROWS_MAX);
    }
    if (is_newcomer(it->look, talk))
        add_welcome(it, talk);
}

void item_lay(struct item *it, unsigned talk, uint32_t number)
{
    styled_clear(&it->text);
    it->count = 0;
    it->time = -1;
    if (number == 0)
        lay_head(it, talk);
    else if (number < item_last(it->look, talk))
        lay_line(it, talk, number);
    else
        lay_tail(it, talk);
}

/* A time at the right edge, one cell in. */
static void draw_time(struct item *it, struct grid *g, unsigned row, unsigned col)
{
    unsigned len, edge = it->look->cols - 1;

    buf_clear(&it->work);
    dialogue_time(&it->work, it->time);
    len = (unsigned)it->work.len;
    if (len < edge)
        grid_text(g, row, col + edge - len, len, STYLE_DIM, buf_span(&it->work));
}

void item_draw(struct item *it, unsigned row, struct grid *g, unsigned grid_row, unsigned grid_col)
{
    const struct item_row *at = &it->at[row];
    unsigned cols = it->look->cols;

    if (at->lead_len && at->lead_col < cols)
        grid_slice(g, grid_row, grid_col + at->lead_col, cols - at->lead_col, &it->text, at->lead,
                   at->lead_len);
    if (at->len && at->col < cols)
        grid_slice(g, grid_row, grid_col + at->col, cols - at->col, &it->text, at->from, at->len);
    if (row == 0 && it->time >= 0)
        draw_time(it, g, grid_row, grid_col);
}
