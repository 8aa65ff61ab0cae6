#include "view/dialogue.h"

#include "view/item.h"

/* Items looked at together on the way up: their heights come from one walk. */
#define BLOCK 128
/* In a pane so small the start of the last line says more than its end. */
#define FEW_ROWS 2
/* So much of a way is gone row by row; what is beyond goes item by item, each as one row. */
#define EXACT_ROWS 4096

static int compare(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

int dialogue_pos_compare(struct dialogue_pos a, struct dialogue_pos b)
{
    int by_talk = compare(a.talk, b.talk), by_item = compare(a.item, b.item);

    return by_talk ? by_talk : by_item ? by_item : compare(a.row, b.row);
}

static const struct dialogue_pos nowhere = { 0 };

/* The first talk that is shown. */
static unsigned first_talk(const struct dialogue_look *look)
{
    return look->alone ? look->dialogue : 1;
}

static bool is_empty(const struct dialogue_look *look)
{
    return look->dialogue == 0 || look->cols == 0;
}

static unsigned height(struct item *it, struct dialogue_pos pos)
{
    item_lay(it, pos.talk, pos.item);
    return it->count;
}

/* The next item. False: there is none. */
static bool next_item(const struct dialogue_look *look, struct dialogue_pos *pos)
{
    if (pos->item < item_last(look, pos->talk)) {
        *pos = (struct dialogue_pos){ pos->talk, pos->item + 1, 0 };
        return true;
    }
    if (pos->talk >= look->dialogue)
        return false;
    *pos = (struct dialogue_pos){ pos->talk + 1, 0, 0 };
    return true;
}

/* Behind the last row of all. */
static struct dialogue_pos behind_all(const struct dialogue_look *look)
{
    return (struct dialogue_pos){ look->dialogue, item_last(look, look->dialogue) + 1, 0 };
}

/* `by` rows up from the start of an item, or from behind all. */
static struct dialogue_pos rows_up(struct item *it, struct dialogue_pos pos, unsigned by)
{
    unsigned heights[BLOCK];

    while (by > 0) {
        uint32_t span = by < BLOCK ? by : BLOCK, low;

        if (pos.item == 0) {
            if (pos.talk <= first_talk(it->look))
                break;
            pos.talk--;
            pos.item = item_last(it->look, pos.talk) + 1;
        }
        low = pos.item > span ? pos.item - span : 0;
        for (uint32_t i = low; i < pos.item; i++)
            heights[i - low] = height(it, (struct dialogue_pos){ pos.talk, i, 0 });
        while (pos.item > low && by > 0) {
            unsigned rows = heights[--pos.item - low];

            pos.row = rows > by ? rows - by : 0;
            by -= rows > by ? by : rows;
        }
    }
    return pos;
}

/* A place that exists: rows beyond an item's last become its last, and an item without rows gives
 * way to the next one with some, or else to the one before. */
static struct dialogue_pos fit(struct item *it, struct dialogue_pos pos)
{
    const struct dialogue_look *look = it->look;
    unsigned rows;

    if (pos.talk < first_talk(look))
        pos = (struct dialogue_pos){ first_talk(look), 0, 0 };
    if (pos.talk > look->dialogue)
        pos = behind_all(look);
    if (pos.item > item_last(look, pos.talk))
        pos = (struct dialogue_pos){ pos.talk, item_last(look, pos.talk), UINT32_MAX };
    if (pos.row == 0 && pos.item >= 1 && pos.item < item_last(look, pos.talk))
        return pos; /* a line has one row at least */
    rows = height(it, pos);
    if (rows) {
        pos.row = pos.row < rows ? pos.row : rows - 1;
        return pos;
    }
    while (next_item(look, &pos))
        if (height(it, pos))
            return pos;
    pos = rows_up(it, pos, 1);
    return pos;
}

static struct dialogue_pos end_of(struct item *it, unsigned rows)
{
    struct dialogue_pos pos = rows_up(it, behind_all(it->look), rows ? rows : 1);

    return pos.talk == first_talk(it->look) && pos.item == 0 ? fit(it, pos) : pos;
}

struct dialogue_pos dialogue_end(const struct dialogue_look *look, unsigned rows)
{
    struct item it = { .look = look };
    struct dialogue_pos pos;

    if (is_empty(look))
        return nowhere;
    pos = end_of(&it, rows);
    item_release(&it);
    return pos;
}

/* So many items further, or back, without a look at them. */
static struct dialogue_pos leap(const struct dialogue_look *look, struct dialogue_pos pos,
                                int64_t by)
{
    while (by > 0) {
        uint32_t left = item_last(look, pos.talk) - pos.item;

        if (by <= left)
            return (struct dialogue_pos){ pos.talk, pos.item + (uint32_t)by, 0 };
        by -= (int64_t)left + 1;
        if (pos.talk == look->dialogue)
            return (struct dialogue_pos){ pos.talk, item_last(look, pos.talk), 0 };
        pos = (struct dialogue_pos){ pos.talk + 1, 0, 0 };
    }
    while (by < 0) {
        if (-by <= pos.item)
            return (struct dialogue_pos){ pos.talk, pos.item - (uint32_t)-by, 0 };
        by += (int64_t)pos.item + 1;
        if (pos.talk == first_talk(look))
            return (struct dialogue_pos){ pos.talk, 0, 0 };
        pos = (struct dialogue_pos){ pos.talk - 1, item_last(look, pos.talk - 1), 0 };
    }
    return pos;
}

static struct dialogue_pos rows_down(struct item *it, struct dialogue_pos pos, unsigned by)
{
    for (;;) {
        unsigned rows = height(it, pos);

        if (pos.row + by < rows) {
            pos.row += by;
            return pos;
        }
        by -= rows > pos.row ? rows - pos.row : 0;
        if (!next_item(it->look, &pos)) {
            pos.row = rows ? rows - 1 : 0;
            return pos;
        }
    }
}

/* False: so much follows `pos` that the end is out of sight. */
static bool is_near_end(const struct dialogue_look *look, struct dialogue_pos pos, unsigned rows)
{
    return pos.talk < look->dialogue || item_last(look, pos.talk) - pos.item <= (uint64_t)rows + 1;
}

static struct dialogue_pos not_beyond_end(struct item *it, struct dialogue_pos pos, unsigned rows)
{
    struct dialogue_pos end;

    if (!is_near_end(it->look, pos, rows))
        return pos;
    end = end_of(it, rows);
    return dialogue_pos_compare(pos, end) > 0 ? end : pos;
}

struct dialogue_pos dialogue_scroll(const struct dialogue_look *look, struct dialogue_pos from,
                                    int by, unsigned rows)
{
    struct item it = { .look = look };
    int64_t way = by;
    struct dialogue_pos pos;

    if (is_empty(look))
        return nowhere;
    if (way > EXACT_ROWS) {
        from = leap(look, fit(&it, from), way - EXACT_ROWS);
        way = EXACT_ROWS;
    } else if (way < -EXACT_ROWS) {
        from = leap(look, fit(&it, from), way + EXACT_ROWS);
        way = -EXACT_ROWS;
    }
    pos = fit(&it, from);
    if (way == 0) {
        /* as it is */
    } else if (way > 0) {
        pos = rows_down(&it, pos, (unsigned)way);
    } else if (-way <= pos.row) {
        pos.row -= (unsigned)-way;
    } else {
        unsigned row = pos.row;

        pos.row = 0;
        pos = fit(&it, rows_up(&it, pos, (unsigned)-way - row));
    }
    pos = not_beyond_end(&it, pos, rows);
    item_release(&it);
    return pos;
}

/* Rows from `from` to the start of `to`, which is not before it; `most` when there are more. */
static unsigned distance(struct item *it, struct dialogue_pos from, struct dialogue_pos to,
                         unsigned most)
{
    unsigned rows = 0;

    while (rows < most && compare(from.talk, to.talk) | compare(from.item, to.item)) {
        unsigned tall = height(it, from);

        rows += tall > from.row ? tall - from.row : 0;
        if (!next_item(it->look, &from))
            break;
    }
    return rows < most ? rows : most;
}

struct dialogue_pos dialogue_show(const struct dialogue_look *look, struct dialogue_pos from,
                                  unsigned rows, uint32_t n)
{
    struct item it = { .look = look };
    struct dialogue_pos line = { look->dialogue, n, 0 }, pos;
    unsigned tall;

    if (is_empty(look))
        return nowhere;
    pos = not_beyond_end(&it, fit(&it, from), rows);
    if (n >= 1 && n < item_last(look, look->dialogue)) {
        tall = height(&it, line);
        if (dialogue_pos_compare(pos, line) > 0 || tall >= rows)
            pos = line;
        else if (distance(&it, pos, line, rows) + tall > rows)
            pos = fit(&it, rows_up(&it, line, rows - tall));
        pos = not_beyond_end(&it, pos, rows);
    }
    item_release(&it);
    return pos;
}

/* Lines before a place; the one that it cuts in two counts when `cut` says so. */
static uint64_t lines_before(const struct dialogue_look *look, struct dialogue_pos pos, bool cut)
{
    uint64_t lines = 0;
    uint32_t here = item_last(look, pos.talk) - 1, item = pos.item;

    for (unsigned talk = first_talk(look); talk < pos.talk; talk++)
        lines += record_lines(look->record, talk);
    if (item > 0 && !(cut && pos.row > 0))
        item--;
    return lines + (item < here ? item : here);
}

/* Draws the rows of one item that are visible; false: the pane is full. */
static bool draw_item(struct item *it, struct dialogue_pos *pos, struct grid *g, struct rect where,
                      struct dialogue_drawn *drawn)
{
    const struct dialogue_look *look = it->look;

    item_lay(it, pos->talk, pos->item);
    if (drawn->rows == 0 && it->count && pos->row >= it->count)
        pos->row = it->count - 1;
    for (; pos->row < it->count; pos->row++) {
        if (drawn->rows == where.rows)
            return false;
        item_draw(it, pos->row, g, where.row + drawn->rows, where.col);
        if (pos->talk == look->dialogue && pos->item > 0 &&
            pos->item < item_last(look, pos->talk)) {
            drawn->first = drawn->first ? drawn->first : pos->item;
            drawn->last = pos->item;
            if (pos->item == look->selected && pos->row == 0) {
                drawn->mark = true;
                drawn->mark_row = where.row + drawn->rows;
            }
        }
        drawn->rows++;
    }
    return true;
}

static void draw_from(struct item *it, struct dialogue_pos top, struct grid *g, struct rect where,
                      struct dialogue_drawn *drawn)
{
    const struct dialogue_look *look = it->look;
    struct dialogue_pos pos = top;
    uint64_t all;

    if (pos.talk < first_talk(look) || pos.talk > look->dialogue ||
        pos.item > item_last(look, pos.talk))
        pos = fit(it, pos);
    drawn->above = lines_before(look, pos, true);
    all = lines_before(look, behind_all(look), false);
    while (draw_item(it, &pos, g, where, drawn))
        if (!next_item(look, &pos)) {
            pos = behind_all(look);
            break;
        }
    drawn->below = all - lines_before(look, pos, false);
}

void dialogue_draw(const struct dialogue_look *look, struct dialogue_pos top, struct grid *g,
                   struct rect where, struct dialogue_drawn *drawn)
{
    struct item it = { .look = look };

    *drawn = (struct dialogue_drawn){ 0 };
    if (is_empty(look) || where.rows == 0)
        return;
    draw_from(&it, top, g, where, drawn);
    item_release(&it);
}

/* Is this the last item that shows anything? */
static bool is_last(struct item *it, struct dialogue_pos pos)
{
    while (next_item(it->look, &pos))
        if (height(it, pos))
            return false;
    return true;
}

struct dialogue_pos dialogue_draw_end(const struct dialogue_look *look, struct grid *g,
                                      struct rect where, struct dialogue_drawn *drawn)
{
    struct item it = { .look = look };
    struct dialogue_pos top;

    *drawn = (struct dialogue_drawn){ 0 };
    if (is_empty(look) || where.rows == 0)
        return nowhere;
    top = end_of(&it, where.rows);
    if (top.row > 0 && where.rows <= FEW_ROWS && is_last(&it, top))
        top.row = 0;
    draw_from(&it, top, g, where, drawn);
    item_release(&it);
    return top;
}

struct dialogue_pos dialogue_at(const struct dialogue_look *look, struct dialogue_pos top,
                                unsigned row)
{
    struct item it = { .look = look };
    struct dialogue_pos pos = nowhere;

    if (is_empty(look))
        return pos;
    pos = fit(&it, top);
    for (;;) {
        unsigned rows = height(&it, pos);

        if (pos.row + row < rows) {
            pos.row += row;
            break;
        }
        row -= rows > pos.row ? rows - pos.row : 0;
        if (!next_item(look, &pos)) {
            pos = nowhere;
            break;
        }
    }
    if (pos.talk && pos.item == item_last(look, pos.talk))
        pos.item = 0;
    item_release(&it);
    return pos;
}
