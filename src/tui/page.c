/* What stands in the place of the panes: opened, moved, closed. */
#include "view/page.h"
#include "tui/inner.h"
#include "view/states.h"

void page_open_text(struct tui *t, const char *heading, struct styled *text)
{
    styled_release(&t->page_text);
    t->page_text = *text;
    *text = (struct styled){ 0 };
    page_open(t, PAGE_TEXT);
    t->screen.page_text = &t->page_text;
    t->screen.page_heading = heading;
}

/* Where a page is opened: at its start, or where the talk is now. */
static uint32_t first_row(const struct tui *t, enum screen_page page)
{
    const struct observer *now;
    unsigned row;

    if (page == PAGE_LADDER || page == PAGE_OCTETS)
        return UINT32_MAX; /* its end: kept within bounds when drawn */
    if (page != PAGE_STATES || !t->screen.dialogue)
        return 0;
    now = record_now(t->o.record, t->screen.dialogue);
    row = states_row(now->state, now->esmtp, t->cols);
    return row > t->rows / 3 ? row - t->rows / 3 : 0;
}

void page_open(struct tui *t, enum screen_page page)
{
    t->screen.page = page;
    t->screen.page_heading = NULL;
    t->screen.page_top = first_row(t, page);
    t->screen.page_mark = -1;
    tui_ask_draw(t, DRAW_ALL);
}

void page_close(struct tui *t)
{
    if (t->mode == MODE_PASTE)
        paste_release(&t->paste);
    t->mode = MODE_PROMPT;
    t->menu.by_cancel = false;
    t->panel.open = false;
    field_clear(&t->field);
    t->prompt_first = 0;
    t->screen.page = PAGE_NONE;
    t->screen.page_mark = -1;
    tui_ask_draw(t, DRAW_ALL);
}

void page_move(struct tui *t, int rows)
{
    uint32_t now = t->screen.page_top == UINT32_MAX ? t->spots.page_top : t->screen.page_top;
    int64_t top = (int64_t)now + rows;

    t->screen.page_top = top < 0 ? 0 : top > UINT32_MAX ? UINT32_MAX : (uint32_t)top;
    tui_ask_draw(t, DRAW_ALL);
}

void page_show_mark(struct tui *t)
{
    unsigned cols = t->spots.page.cols ? t->spots.page.cols : t->cols;
    uint32_t mark = page_row(&t->page_text, cols, (unsigned)t->screen.page_mark);
    uint32_t rows = t->spots.page.rows ? t->spots.page.rows : 1;

    if (mark < t->screen.page_top)
        t->screen.page_top = mark;
    else if (mark >= t->screen.page_top + rows)
        t->screen.page_top = mark - rows + 1;
}

bool page_key(struct tui *t, const struct key *key)
{
    int rows = t->spots.page.rows > 1 ? (int)t->spots.page.rows - 1 : 1;

    if (t->screen.page == PAGE_NONE || (key->mods & ~(unsigned)KEY_CTRL))
        return false;
    switch (key->code) {
    case K_UP:
        page_move(t, -1);
        return true;
    case K_DOWN:
        page_move(t, 1);
        return true;
    case K_WHEEL_UP:
        page_move(t, -3);
        return true;
    case K_WHEEL_DOWN:
        page_move(t, 3);
        return true;
    case K_PAGE_UP:
        page_move(t, -rows);
        return true;
    case K_PAGE_DOWN:
        page_move(t, rows);
        return true;
    case K_HOME:
        page_move(t, INT32_MIN);
        return true;
    case K_END:
        page_move(t, INT32_MAX);
        return true;
    default:
        return false;
    }
}
