/*
 * From the state to the terminal. A key at the prompt draws the prompt's row and nothing else; all
 * of the screen is drawn when something else changed, and for the network's sake not more often
 * than an eye can follow.
 */
#include "base/utf8.h"
#include "tui/inner.h"
#include "tui/prompt.h"
#include "tui/promptrow.h"
#include "tui/terminal.h"

/* Between two drawings that no key asked for: sixty in a second. */
#define DRAW_PAUSE (CLOCK_SECOND / 60)

void tui_ask_draw(struct tui *t, enum draw what)
{
    if (what > t->draw)
        t->draw = what;
}

static bool in_field(const struct tui *t)
{
    return t->mode == MODE_HELP || t->mode == MODE_FIND || t->mode == MODE_COMMAND || tui_secret(t);
}

static const char *prompt_label(const struct tui *t)
{
    switch (t->mode) {
    case MODE_HELP:
        return "search the help: ";
    case MODE_FIND:
        return "find: ";
    case MODE_COMMAND:
        return "command: /";
    case MODE_PASTE:
        return "pasted| ";
    default:
        return t->console ? console_prompt_text(t->console) : "";
    }
}

static void fill_hint(struct tui *t)
{
    buf_clear(&t->hint);
    switch (t->mode) {
    case MODE_FIND:
        if (t->find.missing)
            buf_add_text(&t->hint, "not found");
        break;
    case MODE_PASTE:
        if (console_prompt(t->console) == PROMPT_NO_SERVER)
            buf_add_text(&t->hint, "no server: Enter connects again");
        else
            buf_printf(&t->hint, "Enter sends line %u of %u", t->paste.sent + 1, t->paste.lines);
        break;
    case MODE_PROMPT:
        if (t->panel.open && tui_line_empty(t) && !tui_secret(t))
            buf_add_text(&t->hint, "Enter: the marked fault, on or off");
        else if (t->console)
            console_prompt_hint(t->console, &t->hint);
        if (t->console && console_hint_ages(t->console))
            watch_set_timer(t->second_timer, CLOCK_SECOND);
        break;
    default:
        break;
    }
}

static void add_footer(struct buf *out, const char *text)
{
    if (out->len)
        buf_add_text(out, "   ");
    buf_add_text(out, text);
}

/* The keys' own words, and two commands that newcomers need. So many of them are left out, the
 * least needed first; the ways out are last. */
static void table_footer(struct buf *out, unsigned less)
{
    static const enum request least_needed[] = { REQ_PAGE_UP, REQ_COMPLETE };
    unsigned rows = sizeof(least_needed) / sizeof(*least_needed);

    buf_clear(out);
    for (size_t i = 0; i < key_row_count; i++) {
        struct buf name = { 0 };
        bool gone = false;

        for (unsigned k = 0; k < less && k < rows; k++)
            gone |= key_rows[i].request == least_needed[k];
        if (!key_rows[i].footer || gone)
            continue;
        key_name(&key_rows[i].keys[0], &name);
        buf_printf(&name, " %s", key_rows[i].footer);
        add_footer(out, buf_text(&name));
        buf_release(&name);
    }
    if (less <= rows)
        add_footer(out, "/help");
    add_footer(out, "/quit leaves");
}

/* One cell at each edge stays free. */
static bool footer_fits(const struct tui *t)
{
    return utf8_cells(buf_span(&t->footer)) + 2 <= t->cols;
}

static void prompt_footer(struct tui *t)
{
    if (!t->screen.follow) {
        add_footer(&t->footer, "Esc to the end   PgUp PgDn End move   F2 explain the line");
    } else if (t->screen.letter) {
        add_footer(&t->footer, "Esc menu: help, end the letter, hang up, leave");
        t->screen.footer_right = "/ and Tab are text here";
        if (footer_fits(t))
            return;
        buf_clear(&t->footer);
        add_footer(&t->footer, "Esc menu   a lone dot ends it");
    } else {
        for (unsigned less = 0; less == 0 || (less <= 3 && !footer_fits(t)); less++)
            table_footer(&t->footer, less);
    }
}

static void fill_footer(struct tui *t)
{
    buf_clear(&t->footer);
    t->screen.footer_right = NULL;
    switch (t->mode) {
    case MODE_MENU:
        add_footer(&t->footer, t->menu.by_cancel ? "Esc back   Ctrl-C again leaves smtpscope"
                                                 : "Esc back   digit, or arrows and Enter");
        break;
    case MODE_HELP:
        add_footer(&t->footer, "Esc back   type to search   PgUp PgDn move");
        break;
    case MODE_FIND:
        add_footer(&t->footer, "Esc ends the search   Up older   Down newer");
        break;
    case MODE_COMMAND:
        add_footer(&t->footer, "Esc back   Enter runs it");
        break;
    case MODE_PASTE:
        add_footer(&t->footer, "Esc drops them   Enter sends one   a sends all");
        break;
    default:
        if (t->panel.open) {
            add_footer(&t->footer,
                       "Esc back   Up Down choose   Space or Enter on, off   Delete removes");
        } else if (t->screen.page != PAGE_NONE) {
            add_footer(&t->footer, "Esc back   PgUp PgDn move");
        } else if (t->screen.focus != FOCUS_PROMPT) {
            add_footer(&t->footer, t->screen.focus == FOCUS_DIALOGUE
                                       ? "Esc back   Up Down select a line   Shift-Tab next pane"
                                       : "Esc back   Shift-Tab next pane");
        } else {
            prompt_footer(t);
        }
    }
    t->screen.footer = buf_text(&t->footer);
}

static void fill_next(struct tui *t)
{
    t->screen.next_count = t->console ? console_next(t->console, t->next) : 0;
    for (unsigned i = 0; i < t->screen.next_count; i++)
        t->next_items[i] = (struct next_item){ t->next[i].shown, t->next[i].hint };
    t->screen.next = t->next_items;
}

static void fill_screen(struct tui *t)
{
    struct screen *s = &t->screen;
    unsigned d = t->console ? console_shown(t->console) : 0;

    if (d != s->dialogue) { /* a line's number means another one now */
        s->dialogue = d;
        s->selected = 0;
        s->follow = true;
    }
    s->rows = t->rows;
    s->cols = t->cols;
    s->notes = t->console ? *console_notes(t->console) : t->o.notes;
    s->letter = tui_in_letter(t);
    s->prompt = prompt_label(t);
    s->place = t->console ? console_lab(t->console) : NULL;
    fill_hint(t);
    s->hint = buf_text(&t->hint);
    fill_next(t);
    fill_footer(t);
}

/* In the prompt's row: from where to where text may stand. */
static void draw_line(struct tui *t, struct grid *row, unsigned *cursor)
{
    struct rect where = t->spots.prompt;
    bool field = in_field(t), hidden = tui_secret(t) && t->mode == MODE_PROMPT;
    const char *message = field || t->mode != MODE_PROMPT ? "" : prompt_message();
    struct promptrow line = { .suggestion = *message ? "" : suggest_rest(t) };
    unsigned col = where.col, edge = where.col + where.cols, cells;

    if (t->mode == MODE_MENU || t->mode == MODE_PROMPT || field) {
        line.text = hidden ? (struct span){ 0 } : field ? buf_span(&t->field.text) : prompt_text();
        line.cursor = hidden ? 0 : field ? line.text.len : prompt_cursor();
    }
    if (*message) { /* readline asks something in the prompt's place */
        unsigned label = (unsigned)utf8_cells(span_of(t->screen.prompt));

        col = col > label ? col - label : 0;
        grid_clear(row, (struct rect){ 0, col, 1, edge - col });
        col += grid_text(row, 0, col, edge - col, STYLE_NOTE, span_of(message));
    }
    cells = promptrow_cells(line.text);
    if (edge > row->cols)
        edge = row->cols;
    if (t->spots.hint_col < edge) {
        if (col + cells + 2 <= t->spots.hint_col)
            edge = t->spots.hint_col - 1;
        else /* the text needs the hint's place */
            grid_clear(row, (struct rect){ 0, t->spots.hint_col, 1, edge - t->spots.hint_col });
    }
    *cursor = col < edge ? promptrow_draw(&line, row, 0, col, edge - col, &t->prompt_first) : 0;
}

static void draw_prompt(struct tui *t, unsigned *cursor)
{
    struct grid row = { .cells = grid_at(&t->grid, t->spots.prompt.row, 0),
                        .rows = 1,
                        .cols = t->grid.cols }; /* a window on it, without memory of its own */

    memcpy(row.cells, t->prompt_base.cells, row.cols * sizeof(*row.cells));
    draw_line(t, &row, cursor);
    if (t->o.ascii)
        grid_to_ascii(&row);
}

static void draw_bare(struct tui *t)
{
    struct rect all = { 0, 0, t->rows, t->cols };
    struct dialogue_look look;
    struct dialogue_drawn drawn;

    grid_resize(&t->grid, t->rows, t->cols);
    if (!t->screen.dialogue)
        return;
    screen_look(&t->screen, &t->panes, &look);
    look.cols = t->cols;
    look.selected = 0;
    look.times = false;
    dialogue_draw(&look,
                  t->screen.follow ? dialogue_end(&look, t->rows)
                                   : dialogue_scroll(&look, t->screen.top, 0, t->rows),
                  &t->grid, all, &drawn);
    if (t->o.ascii)
        grid_to_ascii(&t->grid);
    blit_grid(&t->blit, &t->grid);
    blit_send(t->rows - 1, 0);
}

/* The octets go on while one looks at their end. */
static bool page_follows(const struct tui *t)
{
    return t->screen.page == PAGE_OCTETS &&
           t->spots.page_top + t->spots.page.rows >= t->spots.page_rows;
}

static void draw_panes(struct tui *t)
{
    screen_draw(&t->screen, &t->grid, &t->spots);
    t->screen.page_top = t->screen.page == PAGE_NONE ? 0
                         : page_follows(t)           ? UINT32_MAX
                                                     : t->spots.page_top;
    if (!t->spots.dialogue.rows)
        return;
    t->panes = t->spots;
    if (!t->screen.follow)
        t->screen.top = t->spots.top;
}

static void draw_all(struct tui *t)
{
    unsigned cursor = 0;

    suggest_forget(t);
    if (t->panel.open)
        panel_fill(t);
    fill_screen(t);
    draw_panes(t);
    if (!t->spots.too_small && !notice_draw(t) && t->mode == MODE_PROMPT &&
        t->screen.page == PAGE_NONE) {
        page_open_text(t, "smtpscope says", &t->notice);
        fill_screen(t);
        draw_panes(t);
    }
    if (t->o.ascii)
        grid_to_ascii(&t->grid);
    if (t->spots.prompt.rows) {
        grid_resize(&t->prompt_base, 1, t->grid.cols);
        grid_copy_row(&t->prompt_base, 0, 0, t->grid.cols, &t->grid, t->spots.prompt.row);
        draw_prompt(t, &cursor);
    }
    blit_grid(&t->blit, &t->grid);
    blit_send(t->spots.prompt.rows ? t->spots.prompt.row : t->rows - 1, cursor);
}

static void draw_prompt_only(struct tui *t)
{
    unsigned cursor;

    if (!t->spots.prompt.rows)
        return;
    draw_prompt(t, &cursor);
    blit_row(&t->blit, &t->grid, t->spots.prompt.row);
    blit_send(t->spots.prompt.row, cursor);
}

/* What changed without a key is drawn at once, too, unless the last time was just now: a flood is
 * drawn in steps, and between them the keyboard is looked at. */
static enum draw what_to_draw(struct tui *t)
{
    int64_t since = loop_now(t->o.loop) - t->drawn_at;

    if (!t->changed || t->draw == DRAW_ALL)
        return t->draw;
    if (since < DRAW_PAUSE) {
        watch_set_timer(t->draw_timer, DRAW_PAUSE - since);
        return t->draw;
    }
    t->drawn_at += since;
    return DRAW_ALL;
}

void tui_draw(struct tui *t)
{
    enum draw what = what_to_draw(t);

    t->draw = DRAW_NOTHING;
    if (what == DRAW_NOTHING)
        return;
    if (what == DRAW_ALL)
        t->changed = false;
    if (t->mode == MODE_BARE)
        draw_bare(t);
    else if (what == DRAW_PROMPT)
        draw_prompt_only(t);
    else
        draw_all(t);
}
