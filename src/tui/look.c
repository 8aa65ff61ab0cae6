/*
 * Looking back: the dialogue pane's place, the selected line, the focus. While the person is not at
 * the end nothing moves by itself; what came since is counted (screen.seen).
 */
#include "tui/inner.h"

static unsigned pane_rows(const struct tui *t)
{
    return t->panes.dialogue.rows ? t->panes.dialogue.rows : 1;
}

static struct dialogue_look pane_look(const struct tui *t)
{
    struct dialogue_look look;

    screen_look(&t->screen, &t->panes, &look);
    return look;
}

static void leave_end(struct tui *t)
{
    if (t->screen.follow) {
        t->screen.seen = t->screen.dialogue ? record_lines(t->o.record, t->screen.dialogue) : 0;
        t->screen.top = t->panes.top;
    }
    t->screen.follow = false;
}

/* Shows from `to` on; at the end it follows again, unless a line is selected. */
static void show_from(struct tui *t, const struct dialogue_look *look, struct dialogue_pos to)
{
    leave_end(t);
    t->screen.top = to;
    t->screen.follow =
        !t->screen.selected && dialogue_pos_compare(to, dialogue_end(look, pane_rows(t))) >= 0;
    tui_ask_draw(t, DRAW_ALL);
}

void look_scroll(struct tui *t, int by)
{
    struct dialogue_look look = pane_look(t);
    struct dialogue_pos from = t->screen.follow ? t->panes.top : t->screen.top;

    if (t->screen.dialogue)
        show_from(t, &look, dialogue_scroll(&look, from, by, pane_rows(t)));
}

void look_page(struct tui *t, int pages)
{
    int rows = (int)pane_rows(t);

    look_scroll(t, pages * (rows > 1 ? rows - 1 : 1));
}

void look_start(struct tui *t)
{
    struct dialogue_look look = pane_look(t);
    struct dialogue_pos first = { .talk = 1 };

    if (t->screen.dialogue)
        show_from(t, &look, dialogue_scroll(&look, first, 0, pane_rows(t)));
}

void look_end(struct tui *t)
{
    t->screen.follow = true;
    t->screen.selected = 0;
    tui_ask_draw(t, DRAW_ALL);
}

uint32_t look_line(const struct tui *t)
{
    uint32_t lines = t->screen.dialogue ? record_lines(t->o.record, t->screen.dialogue) : 0;
    uint32_t line = t->screen.selected ? t->screen.selected : t->panes.explained;

    /* What was drawn last may be an older, longer talk: nothing is drawn on a screen too small. */
    return line && line <= lines ? line : lines;
}

void look_go(struct tui *t, uint32_t line)
{
    struct dialogue_look look;

    leave_end(t);
    t->screen.selected = line;
    look = pane_look(t);
    show_from(t, &look, dialogue_show(&look, t->screen.top, pane_rows(t), line));
}

void look_select(struct tui *t, int by)
{
    uint32_t last = t->screen.dialogue ? record_lines(t->o.record, t->screen.dialogue) : 0;
    uint32_t at = t->screen.selected;

    if (!last)
        return;
    if (!at) {
        if (by > 0)
            return;
        look_go(t, t->panes.drawn.last ? t->panes.drawn.last : last);
    } else if (by < 0) {
        look_go(t, at > 1 ? at - 1 : 1);
    } else if (at < last) {
        look_go(t, at + 1);
    } else {
        look_end(t);
    }
}

void look_click(struct tui *t, unsigned row, unsigned col)
{
    struct rect where = t->spots.dialogue;
    struct dialogue_look look = pane_look(t);
    struct dialogue_pos at;

    if (t->screen.page != PAGE_NONE || !t->screen.dialogue || row < where.row ||
        row - where.row >= where.rows || col < where.col || col - where.col >= where.cols)
        return;
    at = dialogue_at(&look, t->spots.top, row - where.row);
    if (at.talk == t->screen.dialogue && at.item &&
        at.item <= record_lines(t->o.record, t->screen.dialogue))
        look_go(t, at.item);
}

void look_focus(struct tui *t)
{
    enum screen_focus focus = t->screen.focus;

    if (focus == FOCUS_PROMPT && t->spots.dialogue.rows)
        focus = FOCUS_DIALOGUE;
    else if (focus < FOCUS_INSIDE && t->spots.inside.rows)
        focus = FOCUS_INSIDE;
    else if (focus < FOCUS_MEANING && t->spots.meaning.rows)
        focus = FOCUS_MEANING;
    else
        focus = FOCUS_PROMPT;
    t->screen.focus = focus;
    tui_ask_draw(t, DRAW_ALL);
}
