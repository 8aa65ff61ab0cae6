/*
 * The panel of faults: which row is chosen, and what keys do with it. What is typed goes to the
 * prompt all the same; the panel has Space, Enter and Delete only while nothing stands there.
 */
#include "tui/inner.h"

void panel_fill(struct tui *t)
{
    unsigned rows = console_fault_rows(t->console);

    if (!rows) {
        page_close(t);
        return;
    }
    if (t->panel.row >= rows)
        t->panel.row = rows - 1;
    styled_clear(&t->page_text);
    t->screen.page_mark =
        (int)console_fault_panel(t->console, t->panel.row, t->o.ascii, &t->page_text);
}

static void choose(struct tui *t, unsigned row)
{
    t->panel.row = row;
    panel_fill(t);
    page_show_mark(t);
    if (row == 0)
        t->screen.page_top = 0; /* the head is seen, too */
    tui_ask_draw(t, DRAW_ALL);
}

void panel_open(struct tui *t, unsigned row)
{
    struct styled none = { 0 };

    page_close(t);
    page_open_text(t, "faults", &none);
    t->panel.open = true;
    choose(t, row);
}

/* Is the key the panel's, as nothing is typed? */
static bool acts(struct tui *t, const struct key *key)
{
    bool space = key->code == K_CHAR && key->mods == 0 && key->len == 1 && key->text[0] == ' ';

    return !tui_secret(t) && tui_line_empty(t) && key->mods == 0 &&
           (space || key->code == K_ENTER || key->code == K_DELETE);
}

bool panel_key(struct tui *t, const struct key *key)
{
    unsigned last = console_fault_rows(t->console) - 1, row = t->panel.row;
    unsigned step = t->spots.page.rows > 3 ? t->spots.page.rows / 2 - 1 : 1;

    if (acts(t, key)) {
        if (key->code == K_DELETE)
            console_fault_remove(t->console, row);
        else
            row = console_fault_choose(t->console, row);
        choose(t, row);
        return true;
    }
    if (key->mods)
        return false;
    switch (key->code) {
    case K_UP:
        choose(t, row ? row - 1 : last);
        return true;
    case K_DOWN:
        choose(t, row < last ? row + 1 : 0);
        return true;
    case K_PAGE_UP:
        choose(t, row > step ? row - step : 0);
        return true;
    case K_PAGE_DOWN:
        choose(t, last - row > step ? row + step : last);
        return true;
    default:
        return key->code == K_WHEEL_UP || key->code == K_WHEEL_DOWN ? page_key(t, key) : false;
    }
}
