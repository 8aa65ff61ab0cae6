#include "view/ladder.h"

#include "base/marks.h"
#include "base/utf8.h"
#include "view/answered.h"
#include "view/dialogue.h"
#include "view/happened.h"
#include "view/signs.h"
#include "view/walk.h"

/* The life-lines: blanks before the first, cells behind the second for times, where there is room,
 * and how far apart they stand at most: farther the eye loses the row. */
#define LEFT         2
#define TIME_COLS    12
#define TIME_AFTER   3 /* columns from the life-line to them: names end on it */
#define TIMES_FROM   48
#define APART_MAX    110
#define APART_MIN    12 /* narrower, there are no arrows, only what was said */
#define TEXT_COLS    500
#define TEXT_ROWS    256
#define CELL_OCTETS  4 /* UTF-8 in four */
#define SHAFT_BEFORE 2 /* cells of the arrow before what was said */

struct ladder {
    const struct record *record;
    unsigned dialogue;
    uint32_t mark;
    bool ascii;
    struct grid *grid;
    struct rect where;
    unsigned left, right; /* columns of the life-lines in the grid */
    bool arrows, times;
    struct buf words; /* owned */
};

/* Events stand in row `after` plus how many events came before them. */
static uint32_t event_row(const struct record *r, unsigned d, uint32_t i)
{
    struct record_event e;

    record_event_get(r, d, i, &e);
    return e.after + i;
}

/* How many events stand above a row. */
static uint32_t events_above(const struct record *r, unsigned d, uint32_t row)
{
    uint32_t low = 0, high = record_events(r, d);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (event_row(r, d, middle) < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t ladder_rows(const struct record *r, unsigned d)
{
    return record_lines(r, d) + record_events(r, d);
}

uint32_t ladder_row_of(const struct record *r, unsigned d, uint32_t n)
{
    return n - 1 + record_event_after(r, d, n);
}

static uint32_t sign(const struct ladder *l, uint32_t code)
{
    return l->ascii ? (uint32_t)sign_twin(code) : code;
}

static void lay_out(struct ladder *l)
{
    unsigned cols = l->where.cols, left = LEFT, right, apart;

    l->times = cols >= TIMES_FROM;
    right = l->times ? cols - 1 - TIME_COLS : cols > 1 ? cols - 1 : 0;
    apart = right > left ? right - left : 0;
    l->arrows = apart >= APART_MIN;
    l->left = l->where.col + left;
    l->right = l->left + (apart > APART_MAX ? APART_MAX : apart);
}

/* The text in l->words in a row, cut with dots where it is too long. Returns the cells used. */
static unsigned put_words(struct ladder *l, unsigned row, unsigned col, unsigned cols,
                          enum style style)
{
    struct span text = buf_span(&l->words);
    bool cut = utf8_cells(text) > cols;
    unsigned used;

    if (cut)
        cols = cols > 3 ? cols - 3 : 0;
    used = grid_text(l->grid, row, col, cols, style, text);
    if (cut)
        used += grid_text(l->grid, row, col + used, 3, STYLE_DIM, SPAN("..."));
    return used;
}

static void put_name(struct ladder *l, const char *name, const char *otherwise, bool right)
{
    unsigned cols = (l->right - l->left) / 2, col = l->where.col, cells;
    struct span text = span_of(*name ? name : otherwise);

    buf_clear(&l->words);
    marks_add(&l->words, span_first(text, (size_t)cols * CELL_OCTETS), l->ascii ? MARKS_ASCII : 0);
    cells = (unsigned)utf8_cells(buf_span(&l->words));
    if (cells > cols)
        cells = cols;
    if (right)
        col = l->right + 1 - cells;
    put_words(l, l->where.row, col, cols, STYLE_BOLD);
}

static void draw_head(struct ladder *l)
{
    if (l->arrows) {
        put_name(l, record_client(l->record, l->dialogue), "client", false);
        put_name(l, record_server(l->record, l->dialogue), "server", true);
        if (l->times)
            grid_text(l->grid, l->where.row, l->right + TIME_AFTER, TIME_COLS - 2, STYLE_DIM,
                      SPAN("answer in"));
        return;
    }
    grid_text(l->grid, l->where.row, l->where.col, l->where.cols, STYLE_BOLD,
              SPAN("C: client, S: server"));
}

static void life_lines(struct ladder *l, unsigned row)
{
    if (!l->arrows)
        return;
    grid_fill(l->grid, row, l->left, 1, STYLE_DIM, sign(l, SIGN_SIDE_CODE));
    grid_fill(l->grid, row, l->right, 1, STYLE_DIM, sign(l, SIGN_SIDE_CODE));
}

static enum style line_style(const struct record_line *kept)
{
    static const enum style styles[] = { STYLE_YES, STYLE_GO_ON, STYLE_LATER, STYLE_NO };

    if (kept->side == SIDE_CLIENT)
        return kept->role == ROLE_LETTER || kept->role == ROLE_CHUNK ? STYLE_PLAIN : STYLE_CLIENT;
    return kept->code >= 200 && kept->code < 600 ? styles[kept->code / 100 - 2] : STYLE_SERVER;
}

static void arrow(struct ladder *l, unsigned row, enum side side, enum style style)
{
    unsigned from = l->left + 1, cols = l->right - from;

    grid_fill(l->grid, row, from, cols, style, sign(l, SIGN_RULE_CODE));
    if (side == SIDE_CLIENT)
        grid_fill(l->grid, row, l->right - 1, 1, style, sign(l, SIGN_HERE_CODE));
    else
        grid_fill(l->grid, row, from, 1, style, sign(l, SIGN_BACK_CODE));
}

/* What a line says, in as few octets as the row can show. */
static void line_words(struct ladder *l, const struct record_line *kept)
{
    bool letter = kept->role == ROLE_LETTER || kept->role == ROLE_CHUNK;

    buf_clear(&l->words);
    if (!l->arrows)
        buf_add_text(&l->words, kept->side == SIDE_CLIENT ? "C: " : "S: ");
    if (letter)
        buf_add_text(&l->words, "| ");
    if (kept->gap)
        buf_printf(&l->words, "(%llu octets, no longer kept)", (unsigned long long)kept->line.len);
    marks_add(&l->words, span_first(kept->line.head, (size_t)l->where.cols * CELL_OCTETS),
              l->ascii ? MARKS_ASCII : 0);
}

static void draw_time(struct ladder *l, unsigned row, const struct observed *line)
{
    int64_t time;

    if (!l->times || line->side != SIDE_SERVER)
        return;
    time = dialogue_line_time(l->record, l->dialogue, line);
    if (time < 0)
        return;
    buf_clear(&l->words);
    dialogue_time(&l->words, time);
    put_words(l, row, l->right + TIME_AFTER, TIME_COLS - 2, STYLE_DIM);
}

/* Behind the reply, where a command of a group is meant. */
static void add_answered(struct ladder *l, const struct walk *w)
{
    if (!answered_of_group(l->record, l->dialogue, &w->line, &w->after))
        return;
    buf_add_text(&l->words, " (");
    answered_words(l->record, l->dialogue, w->line.answers_line, l->ascii ? MARKS_ASCII : 0,
                   &l->words);
    buf_add_text(&l->words, ")");
}

static void draw_line(struct ladder *l, unsigned row, const struct walk *w)
{
    const struct observed *line = &w->line;
    struct record_line kept;
    enum style style;
    unsigned used, col;

    record_line(l->record, l->dialogue, line->number, 0, &kept);
    style = line_style(&kept);
    line_words(l, &kept);
    add_answered(l, w);
    if (line->number == l->mark)
        grid_fill(l->grid, row, l->where.col, 1, STYLE_BOLD, sign(l, SIGN_HERE_CODE));
    if (!l->arrows) {
        put_words(l, row, l->where.col + 1, l->where.cols > 1 ? l->where.cols - 1 : 0, style);
        return;
    }
    life_lines(l, row);
    arrow(l, row, kept.side, style);
    col = l->left + 1 + SHAFT_BEFORE;
    grid_fill(l->grid, row, col, 1, STYLE_PLAIN, ' ');
    used = put_words(l, row, col + 1, l->right - col - 4, style);
    grid_fill(l->grid, row, col + 1 + used, 1, STYLE_PLAIN, ' ');
    draw_time(l, row, line);
}

static void draw_event(struct ladder *l, unsigned row, uint32_t i)
{
    struct record_event e;
    unsigned col = l->arrows ? l->left + 2 : l->where.col + 1;

    record_event_get(l->record, l->dialogue, i, &e);
    life_lines(l, row);
    buf_clear(&l->words);
    buf_add_text(&l->words, "-- ");
    e.detail = span_first(e.detail, (size_t)l->where.cols * CELL_OCTETS);
    happened_text(&e, l->ascii ? MARKS_ASCII : 0, &l->words);
    put_words(l, row, col, l->arrows ? l->right - col - 1 : l->where.cols - 1,
              talk_event_ends(e.event) ? STYLE_BOLD : STYLE_DIM);
}

/* Rows from `first` on, into `rows` rows of the grid from `top` on. */
static void draw_rows(struct ladder *l, uint32_t first, unsigned top, unsigned rows)
{
    uint32_t all = ladder_rows(l->record, l->dialogue);
    uint32_t event = events_above(l->record, l->dialogue, first);
    uint32_t events = record_events(l->record, l->dialogue);
    struct walk w;

    if (first >= all)
        return;
    walk_start(&w, l->record, l->dialogue, first - event + 1);
    for (uint32_t row = first; row < all && row - first < rows; row++) {
        if (event < events && event_row(l->record, l->dialogue, event) == row)
            draw_event(l, top + row - first, event++);
        else if (walk_next(&w))
            draw_line(l, top + row - first, &w);
    }
}

void ladder_draw(const struct record *r, unsigned d, uint32_t first, uint32_t mark, bool ascii,
                 struct grid *g, struct rect where)
{
    struct ladder l = {
        .record = r, .dialogue = d, .mark = mark, .ascii = ascii, .grid = g, .where = where
    };

    if (!where.rows || !where.cols)
        return;
    lay_out(&l);
    draw_head(&l);
    draw_rows(&l, first, where.row + 1, where.rows - 1);
    buf_release(&l.words);
}

void ladder_text(const struct record *r, unsigned d, unsigned cols, bool ascii, struct buf *out)
{
    uint32_t rows = ladder_rows(r, d), first = 0;
    struct grid g;
    struct ladder l = { .record = r, .dialogue = d, .ascii = ascii, .grid = &g };

    cols = cols < 1 ? 1 : cols > TEXT_COLS ? TEXT_COLS : cols;
    l.where = (struct rect){ 0, 0, 1, cols };
    lay_out(&l);
    grid_init(&g, 1, cols);
    draw_head(&l);
    grid_to_text(&g, out);
    if (rows > LADDER_TEXT_LINES) {
        first = rows - LADDER_TEXT_LINES;
        buf_printf(out, "... %u earlier rows\n", (unsigned)first);
    }
    while (first < rows) {
        unsigned count = rows - first < TEXT_ROWS ? rows - first : TEXT_ROWS;

        grid_resize(&g, count, cols);
        draw_rows(&l, first, 0, count);
        grid_to_text(&g, out);
        first += count;
    }
    buf_release(&l.words);
    grid_release(&g);
}
