/* ncurses is given the changed part of a row; it knows how to get there with few octets. */
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

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->style == b->style && memcmp(a->chars, b->chars, sizeof(a->chars)) == 0;
}

/* From the first to the last cell that differ, wide characters whole, as shown and as wanted. */
void blit_row(struct blit *b, const struct grid *g, unsigned row)
{
    struct cell *shown = b->shown.cells + (size_t)row * g->cols;
    const struct cell *wanted = g->cells + (size_t)row * g->cols;
    unsigned first = 0, end = g->cols;

    while (first < end && same_cell(&shown[first], &wanted[first]))
        first++;
    while (end > first && same_cell(&shown[end - 1], &wanted[end - 1]))
        end--;
    if (first == end)
        return;
    while (first > 0 && (!shown[first].chars[0] || !wanted[first].chars[0]))
        first--;
    while (end < g->cols && (!shown[end].chars[0] || !wanted[end].chars[0]))
        end++;
    memcpy(shown + first, wanted + first, (end - first) * sizeof(*wanted));
    for (unsigned col = first; col < end; col++)
        if (wanted[col].chars[0]) /* not the right half of a wide character */
            put_cell(row, col, &wanted[col]);
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
