#include "view/grid.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "view/signs.h"

#include <assert.h>

static const struct cell blank = { { ' ' }, STYLE_PLAIN, 1 };

static void blank_cells(struct cell *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        at[i] = blank;
}

void grid_init(struct grid *g, unsigned rows, unsigned cols)
{
    size_t count = (size_t)rows * cols;

    g->rows = rows;
    g->cols = cols;
    g->cells = mem_resize(NULL, count ? count : 1, sizeof *g->cells);
    blank_cells(g->cells, count);
}

void grid_release(struct grid *g)
{
    mem_free(g->cells);
    *g = (struct grid){ 0 };
}

void grid_resize(struct grid *g, unsigned rows, unsigned cols)
{
    size_t count = (size_t)rows * cols;

    if (rows != g->rows || cols != g->cols) {
        g->cells = mem_resize(g->cells, count ? count : 1, sizeof *g->cells);
        g->rows = rows;
        g->cols = cols;
    }
    blank_cells(g->cells, count);
}

void grid_add_rows(struct grid *g, unsigned more)
{
    size_t before = (size_t)g->rows * g->cols, count = before + (size_t)more * g->cols;

    g->cells = mem_resize(g->cells, count ? count : 1, sizeof *g->cells);
    blank_cells(g->cells + before, count - before);
    g->rows += more;
}

struct cell *grid_at(struct grid *g, unsigned row, unsigned col)
{
    assert(row < g->rows && col < g->cols);
    return &g->cells[(size_t)row * g->cols + col];
}

/* The part of a row that lies inside; false when none does. */
static bool inside(const struct grid *g, unsigned row, unsigned col, unsigned *cols)
{
    if (row >= g->rows || col >= g->cols)
        return false;
    if (*cols > g->cols - col)
        *cols = g->cols - col;
    return *cols > 0;
}

/* A wide character is never left half: what else stood in the cells from col on is blanked. */
static void free_cells(struct grid *g, unsigned row, unsigned col, unsigned cols)
{
    struct cell *first = grid_at(g, row, col), *last = grid_at(g, row, col + cols - 1);

    if (first->width == 0 && col > 0) {
        first[-1].chars[0] = ' ';
        first[-1].width = 1;
    }
    if (last->width == 2 && col + cols < g->cols) {
        enum style style = (enum style)last[1].style;

        last[1] = blank;
        last[1].style = (uint8_t)style;
    }
}

void grid_clear(struct grid *g, struct rect where)
{
    for (unsigned r = 0; r < where.rows; r++) {
        unsigned cols = where.cols;

        if (!inside(g, where.row + r, where.col, &cols))
            continue;
        free_cells(g, where.row + r, where.col, cols);
        blank_cells(grid_at(g, where.row + r, where.col), cols);
    }
}

static void put(struct grid *g, unsigned row, unsigned col, unsigned width, enum style style,
                uint32_t code)
{
    struct cell *cell;

    free_cells(g, row, col, width);
    cell = grid_at(g, row, col);
    *cell = (struct cell){ { code }, (uint8_t)style, (uint8_t)width };
    if (width == 2)
        cell[1] = (struct cell){ { 0 }, (uint8_t)style, 0 };
}

/* A character without cells of its own joins the one before it. */
static void combine(struct grid *g, unsigned row, unsigned col, uint32_t code)
{
    struct cell *cell = grid_at(g, row, col);

    if (cell->width == 0 && col > 0)
        cell--;
    for (unsigned i = 1; i < CELL_CHARS; i++)
        if (!cell->chars[i]) {
            cell->chars[i] = code;
            return;
        }
}

unsigned grid_text(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
                   struct span text)
{
    unsigned used = 0;

    if (!inside(g, row, col, &cols))
        return 0;
    while (text.len) {
        uint32_t code = text.at[0];
        size_t len = code < 0x80 ? 1 : utf8_decode(text, &code);
        int width = len ? utf8_width(code) : -1;

        if (width < 0) {
            code = '?';
            width = 1;
        }
        text = span_from(text, len ? len : 1);
        if (width == 0) {
            if (used > 0)
                combine(g, row, col + used - 1, code);
            continue;
        }
        if (used + (unsigned)width > cols) {
            if (used < cols) {
                put(g, row, col + used, 1, style, ' ');
                used++;
            }
            break;
        }
        put(g, row, col + used, (unsigned)width, style, code);
        used += (unsigned)width;
    }
    return used;
}

unsigned grid_slice(struct grid *g, unsigned row, unsigned col, unsigned cols,
                    const struct styled *text, size_t from, size_t len)
{
    size_t at = 0, end = from + len;
    unsigned used = 0;

    for (size_t i = 0; i < text->run_count && at < end && used < cols; i++) {
        size_t run_end = at + text->runs[i].len;
        size_t first = at > from ? at : from, last = run_end < end ? run_end : end;

        at = run_end;
        if (last <= first)
            continue;
        while (last > first && text->text.at[last - 1] == '\n')
            last--;
        used += grid_text(g, row, col + used, cols - used, text->runs[i].style,
                          span_make(text->text.at + first, last - first));
    }
    return used;
}

unsigned grid_styled(struct grid *g, unsigned row, unsigned col, unsigned cols,
                     const struct styled *line)
{
    return grid_slice(g, row, col, cols, line, 0, line->text.len);
}

void grid_fill(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
               uint32_t code)
{
    if (!inside(g, row, col, &cols))
        return;
    for (unsigned i = 0; i < cols; i++)
        put(g, row, col + i, 1, style, code);
}

void grid_restyle(struct grid *g, struct rect where, enum style style)
{
    for (unsigned r = 0; r < where.rows; r++) {
        unsigned cols = where.cols;

        if (!inside(g, where.row + r, where.col, &cols))
            continue;
        for (unsigned c = 0; c < cols; c++)
            grid_at(g, where.row + r, where.col + c)->style = (uint8_t)style;
    }
}

void grid_copy_row(struct grid *g, unsigned row, unsigned col, unsigned cols,
                   const struct grid *from, unsigned from_row)
{
    struct cell *to;

    if (!inside(g, row, col, &cols) || from_row >= from->rows)
        return;
    if (cols > from->cols)
        cols = from->cols;
    if (cols == 0)
        return;
    free_cells(g, row, col, cols);
    to = grid_at(g, row, col);
    memcpy(to, from->cells + (size_t)from_row * from->cols, cols * sizeof *to);
    if (to[cols - 1].width == 2)
        to[cols - 1] = blank;
}

void grid_to_ascii(struct grid *g)
{
    for (size_t i = 0; i < (size_t)g->rows * g->cols; i++) {
        struct cell *cell = &g->cells[i];
        char twin;

        if (cell->chars[0] < 0x80 && cell->chars[0] != 0 && cell->chars[1] == 0)
            continue;
        twin = sign_twin(cell->chars[0]);
        if (cell->chars[0] < 0x80 && cell->chars[0] != 0)
            twin = (char)cell->chars[0];
        cell->chars[0] = twin ? (uint32_t)twin : '?';
        for (unsigned c = 1; c < CELL_CHARS; c++)
            cell->chars[c] = 0;
        cell->width = 1;
    }
}

void grid_to_text(const struct grid *g, struct buf *out)
{
    for (unsigned row = 0; row < g->rows; row++) {
        size_t full = out->len; /* up to the last cell that is not blank */

        for (unsigned col = 0; col < g->cols; col++) {
            const struct cell *cell = &g->cells[(size_t)row * g->cols + col];

            for (unsigned i = 0; i < CELL_CHARS && cell->chars[i]; i++) {
                unsigned char octets[4];

                buf_add(out, span_make(octets, utf8_encode(cell->chars[i], octets)));
            }
            if (cell->chars[0] && (cell->chars[0] != ' ' || cell->chars[1]))
                full = out->len;
        }
        buf_truncate(out, full);
        buf_add_octet(out, '\n');
    }
}
