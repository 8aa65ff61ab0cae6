#include "view/sessions.h"

#include <assert.h>

#include "base/marks.h"
#include "base/mem.h"
#include "view/signs.h"

static void release_session(struct session_row *row)
{
    mem_free(row->client);
    mem_free(row->name);
    mem_free(row->from);
    mem_free(row->to);
}

static void release_message(struct message_row *row)
{
    mem_free(row->from);
    mem_free(row->to);
}

void sessions_release(struct sessions *s)
{
    for (size_t i = 0; i < s->count; i++)
        release_session(&s->at[i]);
    for (size_t i = 0; i < s->message_count; i++)
        release_message(&s->messages[i]);
    mem_free(s->at);
    mem_free(s->messages);
    *s = (struct sessions){ 0 };
}

/* A tenth of the rows goes at once, so that a full list is not moved for each row. */
#define MAKE_ROOM (SESSIONS_MAX / 10)

struct session_row *sessions_begin(struct sessions *s, uint64_t number)
{
    struct session_row *row;

    if (!s->at)
        s->at = mem_zero(SESSIONS_MAX, sizeof *s->at);
    if (s->count == SESSIONS_MAX) {
        for (size_t i = 0; i < MAKE_ROOM; i++)
            release_session(&s->at[i]);
        s->count -= MAKE_ROOM;
        memmove(s->at, s->at + MAKE_ROOM, s->count * sizeof *s->at);
    }
    assert(!s->count || s->at[s->count - 1].number + 1 == number);
    row = &s->at[s->count++];
    *row = (struct session_row){ .number = number };
    s->begun++;
    return row;
}

struct session_row *sessions_find(const struct sessions *s, uint64_t number)
{
    if (!s->count || number < s->at[0].number || number - s->at[0].number >= s->count)
        return NULL;
    return &s->at[number - s->at[0].number];
}

struct message_row *sessions_store(struct sessions *s)
{
    struct message_row *row;

    if (!s->messages)
        s->messages = mem_zero(SESSIONS_MAX, sizeof *s->messages);
    if (s->message_count == SESSIONS_MAX) {
        for (size_t i = 0; i < MAKE_ROOM; i++)
            release_message(&s->messages[i]);
        s->message_count -= MAKE_ROOM;
        memmove(s->messages, s->messages + MAKE_ROOM, s->message_count * sizeof *s->messages);
    }
    row = &s->messages[s->message_count++];
    *row = (struct message_row){ 0 };
    s->stored++;
    return row;
}

void sessions_set(char **field, struct span text)
{
    mem_free(*field);
    *field = mem_strndup(text.at, text.len);
}

const char *session_outcome(const struct session_row *row, enum style *style)
{
    *style = STYLE_PLAIN;
    if (row->fault) {
        *style = STYLE_FAULT;
        return "fault";
    }
    if (row->broken) {
        *style = STYLE_NO;
        return "broken off";
    }
    if (row->letters) {
        *style = STYLE_YES;
        return "delivered";
    }
    if (row->refusals) {
        *style = STYLE_NO;
        return "refused";
    }
    if (!row->ended)
        return "here";
    *style = STYLE_DIM;
    return "no letter";
}

/* A row's text, safe to show; for the filter, too. */
static void add_text(struct styled *out, const char *text)
{
    styled_add_marks(out, STYLE_PLAIN, span_of(text ? text : ""), 0);
}

static void add_envelope(struct styled *out, const char *from, const char *to)
{
    add_text(out, *from ? from : "<>");
    if (!to)
        return;
    styled_add_text(out, STYLE_DIM, " > ");
    add_text(out, to);
}

/* What matters most stands first: on a narrow screen the rest is cut. */
static void session_text(const struct session_row *row, struct styled *out)
{
    enum style style;
    const char *outcome = session_outcome(row, &style);
    struct buf mark = { 0 };

    buf_add_text(&mark, outcome);
    if (row->letters > 1)
        buf_printf(&mark, " x%u", row->letters);
    styled_printf(out, STYLE_DIM, "%s ", row->clock);
    styled_printf(out, STYLE_PLAIN, "%5llu ", (unsigned long long)row->number);
    styled_printf(out, style, "%-13s ", buf_text(&mark));
    styled_printf(out, STYLE_PLAIN, "%-15s ", row->client ? row->client : "");
    if (row->from)
        add_envelope(out, row->from, row->to);
    if (row->name) {
        styled_add_text(out, STYLE_DIM, row->from ? "  at " : "");
        add_text(out, row->name);
    }
    buf_release(&mark);
}

static void message_text(const struct message_row *row, struct styled *out)
{
    styled_printf(out, STYLE_DIM, "%s ", row->clock);
    styled_printf(out, STYLE_PLAIN, "%5llu  %9llu octets  ", (unsigned long long)row->session,
                  (unsigned long long)row->octets);
    add_envelope(out, row->from, row->to);
}

static size_t row_count(const struct sessions_look *look)
{
    return look->messages ? look->list->message_count : look->list->count;
}

static void row_text(const struct sessions_look *look, size_t i, struct styled *out)
{
    styled_clear(out);
    if (look->messages)
        message_text(&look->list->messages[i], out);
    else
        session_text(&look->list->at[i], out);
}

static bool passes(const struct sessions_look *look, size_t i, struct styled *scratch)
{
    if (!look->filter.len)
        return true;
    row_text(look, i, scratch);
    return span_search(buf_span(&scratch->text), look->filter, 0, true) != SPAN_NOT_FOUND;
}

/* The rows that pass, by their place in the list. Caller frees. */
static size_t *passing(const struct sessions_look *look, size_t *count)
{
    size_t all = row_count(look), *list = mem_zero(all ? all : 1, sizeof *list);
    struct styled scratch = { 0 };

    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (passes(look, i, &scratch))
            list[(*count)++] = i;
    styled_release(&scratch);
    return list;
}

static size_t chosen(const struct sessions_look *look, size_t count)
{
    return look->follow || look->selected >= count ? count - 1 : look->selected;
}

bool sessions_selected(const struct sessions_look *look, size_t *index)
{
    size_t count, *list = passing(look, &count);

    if (count)
        *index = list[chosen(look, count)];
    mem_free(list);
    return count > 0;
}

static void draw_row(const struct sessions_look *look, size_t i, bool selected, struct grid *g,
                     struct rect where)
{
    struct styled text = { 0 };

    row_text(look, i, &text);
    if (selected)
        grid_text(g, where.row, where.col, 1, STYLE_BOLD, span_of(SIGN_HERE));
    if (where.cols > 2)
        grid_styled(g, where.row, where.col + 2, where.cols - 2, &text);
    styled_release(&text);
}

static void draw_nothing(const struct sessions_look *look, struct grid *g, struct rect where)
{
    const char *words = look->filter.len ? "Nothing here has that in it."
                        : look->messages ? "No letter has come in yet."
                                         : "No client has connected yet.";

    if (where.cols > 2)
        grid_text(g, where.row, where.col + 2, where.cols - 2, STYLE_NOTE, span_of(words));
}

void sessions_draw(const struct sessions_look *look, struct grid *g, struct rect where,
                   struct sessions_drawn *drawn)
{
    size_t count, top, *list = passing(look, &count), selected;

    *drawn = (struct sessions_drawn){ .shown = count };
    if (where.rows && !count)
        draw_nothing(look, g, where);
    if (where.rows && count) {
        selected = chosen(look, count);
        /* the newest rows, or those around the selected one */
        top = count > where.rows ? count - where.rows : 0;
        if (selected < top)
            top = selected > where.rows / 2 ? selected - where.rows / 2 : 0;
        for (unsigned row = 0; row < where.rows && top + row < count; row++)
            draw_row(look, list[top + row], top + row == selected, g,
                     (struct rect){ where.row + row, where.col, 1, where.cols });
        drawn->selected = selected;
        drawn->below = count - top > where.rows ? count - top - where.rows : 0;
    }
    mem_free(list);
}
