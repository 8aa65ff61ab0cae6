/* The menu: the rows of the key table that have words for it, as they apply now. */
#include "base/utf8.h"
#include "console/commands.h"
#include "tui/inner.h"

static bool offered(const struct tui *t, const struct key_row *row)
{
    if (row->request == REQ_LESSON && !console_command_by_name(SPAN("learn")))
        return false;
    if (row->request == REQ_FAULTS && (!t->console || !console_fault_rows(t->console)))
        return false;
    return key_row_offered(row, tui_in_letter(t), t->console && console_talking(t->console));
}

static void add_row(struct styled *text, const struct key_row *row, unsigned cols)
{
    struct buf names = { 0 };
    unsigned used = 4 + (unsigned)utf8_cells(span_of(row->menu));

    styled_printf(text, STYLE_BOLD, " %c", row->digit ? row->digit : ' ');
    styled_printf(text, STYLE_PLAIN, "  %.*s", cols > 6 ? (int)cols - 5 : 1, row->menu);
    key_row_names(row, &names);
    if (names.len && cols > 60) {
        styled_repeat(text, STYLE_PLAIN, " ", used < 40 ? 40 - used : 1);
        styled_add(text, STYLE_DIM, buf_span(&names));
    }
    styled_add_text(text, STYLE_PLAIN, "\n");
    buf_release(&names);
}

void menu_open(struct tui *t, bool by_cancel)
{
    struct styled text = { 0 };

    page_close(t);
    t->menu.count = 0;
    for (size_t i = 0; i < key_row_count && t->menu.count < MENU_ROWS_MAX; i++)
        if (offered(t, &key_rows[i])) {
            t->menu.rows[t->menu.count++] = &key_rows[i];
            add_row(&text, &key_rows[i], t->cols);
        }
    page_open_text(t, "menu", &text);
    t->mode = MODE_MENU;
    t->menu.mark = 0;
    t->menu.by_cancel = by_cancel;
    t->screen.page_mark = 0;
}

static void choose(struct tui *t, const struct key_row *row)
{
    page_close(t);
    tui_request(t, row->request);
}

bool menu_digit(struct tui *t, char digit)
{
    const struct key_row *row =
        key_row_of_digit(digit, tui_in_letter(t), t->console && console_talking(t->console));

    if (!row)
        return false;
    choose(t, row);
    return true;
}

static void mark(struct tui *t, unsigned at)
{
    t->menu.mark = at;
    t->screen.page_mark = (int)at;
    page_show_mark(t);
    tui_ask_draw(t, DRAW_ALL);
}

bool menu_key(struct tui *t, const struct key *key)
{
    unsigned last = t->menu.count - 1;

    if (key->code == K_CHAR && key->mods == 0 && key->len == 1 && ascii_is_digit(key->text[0])) {
        if (!menu_digit(t, (char)key->text[0]))
            notice_say(t, true, "There is no %c in the menu now.", key->text[0]);
        return true;
    }
    switch (key->code) {
    case K_UP:
        mark(t, t->menu.mark ? t->menu.mark - 1 : last);
        return true;
    case K_DOWN:
        mark(t, t->menu.mark < last ? t->menu.mark + 1 : 0);
        return true;
    case K_HOME:
    case K_PAGE_UP:
        mark(t, 0);
        return true;
    case K_END:
    case K_PAGE_DOWN:
        mark(t, last);
        return true;
    case K_ENTER:
        choose(t, t->menu.rows[t->menu.mark]);
        return true;
    default:
        return false;
    }
}
