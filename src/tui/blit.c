/* Whole rows are given to ncurses, which finds the cells that differ on the terminal itself. */
#define NCURSES_WIDECHAR 1
#include "tui/blit.h"

#include <curses.h>

#include "tui/terminal.h"

void blit_release(struct blit *b)
{
    grid_release(&b->shown);
}

void blit_forget(struct blit *b)
{
    grid_release(&b->shown);
    b->shown = (struct grid){ 0 };
    erase();
    clearok(curscr, TRUE);
}

static void put_cell(unsigned row, unsigned col, const struct cell *cell)
{
    wchar_t text[CELL_CHARS + 1] = { 0 };
    unsigned long attributes;
    short pair;
    cchar_t out;

    for (unsigned i = 0; i < CELL_CHARS; i++)
        text[i] = (wchar_t)cell->chars[i];
    terminal_style((enum style)cell->style, &attributes, &pair);
    if (setcchar(&out, text, (attr_t)attributes, pair, NULL) == OK)
        mvadd_wch((int)row, (int)col, &out);
}

static void put_row(const struct grid *g, unsigned row)
{
    const struct cell *cells = g->cells + (size_t)row * g->cols;

    for (unsigned col = 0; col < g->cols; col++)
        if (cells[col].chars[0]) /* not the right half of a wide character */
            put_cell(row, col, &cells[col]);
}

void blit_row(struct blit *b, const struct grid *g, unsigned row)
{
    struct cell *shown = b->shown.cells + (size_t)row * g->cols;
    const struct cell *wanted = g->cells + (size_t)row * g->cols;
    size_t size = g->cols * sizeof(*wanted);

    if (memcmp(shown, wanted, size) == 0)
        return;
    memcpy(shown, wanted, size);
    put_row(g, row);
}

void blit_grid(struct blit *b, const struct grid *g)
{
    if (b->shown.rows != g->rows || b->shown.cols != g->cols) {
        grid_release(&b->shown);
        grid_init(&b->shown, g->rows, g->cols);
        erase();
    }
    for (unsigned row = 0; row < g->rows; row++)
        blit_row(b, g, row);
}

void blit_send(unsigned row, unsigned col)
{
    move((int)row, (int)col);
    refresh();
}
