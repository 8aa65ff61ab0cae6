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
    mem_free(s->changed);
    *s = (struct sessions){ 0 };
}

/* A tenth of the rows goes at once, so that a full list is not moved for each row. */
#define MAKE_ROOM (SESSIONS_MAX / 10)

/* Those of rows that are no more. */
static void drop_changes(struct sessions *s, uint64_t before)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->changes; i++)
        if (s->changed[i] >= before)
            s->changed[kept++] = s->changed[i];
    s->changes = kept;
}

static struct session_row *ask(struct sessions *s, struct session_row *row)
{
    if (!row->asked)
        s->changed[s->changes++] = row->number;
    row->asked = true;
    return row;
}

struct session_row *sessions_begin(struct sessions *s, uint64_t number)
{
    struct session_row *row;

    assert(number == s->begun + 1);
    if (!s->at) {
        s->at = mem_zero(SESSIONS_MAX, sizeof *s->at);
        s->changed = mem_zero(SESSIONS_MAX, sizeof *s->changed);
    }
    if (s->count == SESSIONS_MAX) {
        for (size_t i = 0; i < MAKE_ROOM; i++)
            release_session(&s->at[i]);
        s->count -= MAKE_ROOM;
        memmove(s->at, s->at + MAKE_ROOM, s->count * sizeof *s->at);
        drop_changes(s, s->at[0].number);
    }
    row = &s->at[s->count++];
    *row = (struct session_row){ .number = number };
    s->begun++;
    return ask(s, row);
}

static struct session_row *find(const struct sessions *s, uint64_t number)
{
    if (!s->count || number < s->at[0].number || number - s->at[0].number >= s->count)
        return NULL;
    return &s->at[number - s->at[0].number];
}

struct session_row *sessions_find(struct sessions *s, uint64_t number)
{
    struct session_row *row = find(s, number);

    return row ? ask(s, row) : NULL;
}

const struct message_row *sessions_message(const struct sessions *s, uint64_t number)
{
    uint64_t gone = s->stored - s->message_count;

    return number > gone && number <= s->stored ? &s->messages[number - gone - 1] : NULL;
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

enum style session_outcome(const struct session_row *row, struct buf *out)
{
    if (row->fault) {
        buf_add_text(out, "fault");
        return STYLE_FAULT;
    }
    if (row->broken) {
        buf_add_text(out, "broken off");
        return STYLE_NO;
    }
    if (row->letters) {
        buf_add_text(out, "delivered");
        if (row->letters > 1)
            buf_printf(out, " x%u", row->letters);
        return STYLE_YES;
    }
    if (row->refusals) {
        buf_printf(out, "refused %u", row->code);
        return STYLE_NO;
    }
    buf_add_text(out, row->ended ? "no letter" : "here");
    return row->ended ? STYLE_DIM : STYLE_PLAIN;
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
    struct buf mark = { 0 };
    enum style style = session_outcome(row, &mark);

    styled_printf(out, STYLE_DIM, "%s ", row->clock);
    styled_printf(out, STYLE_PLAIN, "%5llu ", (unsigned long long)row->number);
    styled_printf(out, style, "%-13s ", buf_text(&mark));
    styled_printf(out, STYLE_PLAIN, "%-15s ", row->client ? row->client : "");
    if (row->tls)
        styled_add_text(out, STYLE_NOTE, "TLS ");
    if (row->login)
        styled_add_text(out, STYLE_NOTE, "login ");
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

static void row_text(const struct sessions_look *look, uint64_t number, struct styled *out)
{
    if (look->messages)
        message_text(sessions_message(look->list, number), out);
    else
        session_text(find(look->list, number), out);
}

/* The filter. */

static bool holds(const char *field, struct span text)
{
    return field && span_search(span_of(field), text, 0, true) != SPAN_NOT_FOUND;
}

static bool envelope_holds(const char *from, const char *to, struct span text)
{
    return holds(from && !*from ? "<>" : from, text) || holds(to, text);
}

static bool session_holds(const struct session_row *row, struct span text)
{
    struct buf words = { 0 };
    bool found;

    session_outcome(row, &words);
    buf_printf(&words, "\n%llu\n%s%s", (unsigned long long)row->number, row->tls ? "TLS" : "",
               row->login ? "\nlogin" : "");
    found = holds(buf_text(&words), text);
    buf_release(&words);
    return found || holds(row->clock, text) || holds(row->client, text) || holds(row->name, text) ||
           envelope_holds(row->from, row->to, text);
}

static bool passes(const struct sessions_look *look, uint64_t number)
{
    struct span text = buf_span(&look->filter);

    if (look->messages) {
        const struct message_row *row = sessions_message(look->list, number);

        return holds(row->clock, text) || envelope_holds(row->from, row->to, text);
    }
    return session_holds(find(look->list, number), text);
}

void sessions_look_release(struct sessions_look *look)
{
    buf_release(&look->filter);
    mem_free(look->passing);
    look->passing = NULL;
    look->count = look->room = 0;
}

void sessions_filter(struct sessions_look *look, struct span text)
{
    buf_clear(&look->filter);
    buf_add(&look->filter, text);
    look->count = 0;
    look->tested = 0;
    look->follow = true;
}

static uint64_t newest(const struct sessions_look *look)
{
    return look->messages ? look->list->stored : look->list->begun;
}

/* Rows before the first that is still there. */
static uint64_t gone(const struct sessions_look *look)
{
    return newest(look) - (look->messages ? look->list->message_count : look->list->count);
}

/* The place of the first number that is not smaller. */
static size_t place_of(const struct sessions_look *look, uint64_t number)
{
    size_t low = 0, high = look->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (look->passing[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(struct sessions_look *look, size_t at, uint64_t number)
{
    if (look->count == look->room) {
        look->room = look->room ? 2 * look->room : 256;
        look->passing = mem_resize(look->passing, look->room, sizeof *look->passing);
    }
    memmove(look->passing + at + 1, look->passing + at, (look->count - at) * sizeof *look->passing);
    look->passing[at] = number;
    look->count++;
}

static void take_out(struct sessions_look *look, size_t at, size_t rows)
{
    if (!rows)
        return;
    look->count -= rows;
    memmove(look->passing + at, look->passing + at + rows,
            (look->count - at) * sizeof *look->passing);
}

static void test_again(struct sessions_look *look, uint64_t number)
{
    size_t at = place_of(look, number);
    bool in = at < look->count && look->passing[at] == number, now = passes(look, number);

    if (now && !in)
        insert(look, at, number);
    else if (in && !now)
        take_out(look, at, 1);
}

/* Takes the rows that may have changed; those that were never tested come later anyway. */
static void take_changes(struct sessions_look *look)
{
    struct sessions *s = look->list;

    for (size_t i = 0; i < s->changes; i++) {
        find(s, s->changed[i])->asked = false;
        if (look->filter.len && s->changed[i] <= look->tested)
            test_again(look, s->changed[i]);
    }
    s->changes = 0;
}

size_t sessions_update(struct sessions_look *look)
{
    if (!look->messages)
        take_changes(look);
    if (!look->filter.len)
        return (size_t)(newest(look) - gone(look));
    take_out(look, 0, place_of(look, gone(look) + 1));
    if (look->tested < gone(look))
        look->tested = gone(look);
    while (look->tested < newest(look))
        if (passes(look, ++look->tested))
            insert(look, look->count, look->tested);
    return look->count;
}

uint64_t sessions_number(const struct sessions_look *look, size_t i)
{
    return look->filter.len ? look->passing[i] : gone(look) + 1 + i;
}

static size_t shown(const struct sessions_look *look)
{
    return look->filter.len ? look->count : (size_t)(newest(look) - gone(look));
}

/* The first row shown that has this number, or a greater one. */
static size_t place_shown(const struct sessions_look *look, uint64_t number)
{
    if (look->filter.len)
        return place_of(look, number);
    if (number <= gone(look))
        return 0;
    return number > newest(look) ? shown(look) : (size_t)(number - gone(look) - 1);
}

size_t sessions_place(const struct sessions_look *look)
{
    size_t count = shown(look), at = look->follow ? count : place_shown(look, look->selected);

    return at < count ? at : count ? count - 1 : 0;
}

static void draw_row(const struct sessions_look *look, uint64_t number, bool selected,
                     struct grid *g, struct rect where)
{
    struct styled text = { 0 };

    row_text(look, number, &text);
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

void sessions_draw(struct sessions_look *look, struct grid *g, struct rect where,
                   struct sessions_drawn *drawn)
{
    size_t count = sessions_update(look), selected = sessions_place(look), top, end, old;

    *drawn = (struct sessions_drawn){ .shown = count, .selected = selected };
    if (where.rows && !count)
        draw_nothing(look, g, where);
    if (!where.rows || !count)
        return;
    /* the newest rows, or those around the selected one */
    top = count > where.rows ? count - where.rows : 0;
    if (selected < top)
        top = selected > where.rows / 2 ? selected - where.rows / 2 : 0;
    end = count - top > where.rows ? top + where.rows : count;
    for (size_t i = top; i < end; i++)
        draw_row(look, sessions_number(look, i), i == selected, g,
                 (struct rect){ where.row + (unsigned)(i - top), where.col, 1, where.cols });
    drawn->below = count - end;
    old = place_shown(look, look->seen + 1);
    drawn->fresh = look->follow ? 0 : count - (old > end ? old : end);
}
