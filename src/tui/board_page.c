/* What stands on a server's screen, and how one moves in it. Not here: the drawing (view/screen.h,
 * view/overview.h). */
#include <limits.h>

#include "base/marks.h"
#include "smtp/command.h"
#include "tui/board_inner.h"
#include "tui/prompt.h"
#include "tui/promptrow.h"
#include "view/walk.h"

/* Drawing. */

static const char *footer(const struct board *b)
{
    if (b->page == BOARD_LIST)
        return b->letters ? "Up Down choose   Enter opens   Tab sessions   ? keys   /quit ends it"
                          : "Up Down choose   Enter opens   Tab letters   /filter   ? keys   "
                            "/quit ends it";
    if (b->page == BOARD_DIALOGUE)
        return "Esc back   Up Down a line   Enter explains it   PgUp PgDn   /find   ? keys";
    return "Esc back   Up Down PgUp PgDn scroll   ? keys";
}

static void fill_screen(struct board *b)
{
    struct screen *s = &b->screen;

    buf_clear(&b->status);
    buf_clear(&b->heading);
    b->o.status(b->o.ctx, &b->status);
    buf_printf(&b->heading, "talk of %s  (C: the client   S: this server)",
               s->dialogue ? record_client(b->o.record, s->dialogue) : "");
    s->rows = b->rows;
    s->cols = b->cols;
    s->status = buf_text(&b->status);
    s->heading = buf_text(&b->heading);
    s->footer = footer(b);
    s->page = b->page == BOARD_TEXT ? PAGE_TEXT : PAGE_NONE;
}

/* What is typed, or what was said. Returns the cursor's column. */
static unsigned draw_prompt(struct board *b)
{
    struct promptrow line = { .text = prompt_text(), .cursor = prompt_cursor(), .suggestion = "" };
    struct rect where = b->spots.prompt;
    const char *message = prompt_message();
    unsigned col = where.col, edge = where.col + where.cols;

    if (!where.rows)
        return 0;
    col += grid_text(&b->grid, where.row, col, edge - col, STYLE_NOTE, span_of(message));
    if (!line.text.len && !*message) {
        grid_styled(&b->grid, where.row, col, edge - col, &b->note);
    } else if (b->note.text.len && b->spots.footer.rows) { /* what the text may become */
        grid_clear(&b->grid, b->spots.footer);
        grid_styled(&b->grid, b->spots.footer.row, 1, b->cols - 1, &b->note);
    }
    return col < edge
               ? promptrow_draw(&line, &b->grid, where.row, col, edge - col, &b->prompt_first)
               : 0;
}

void board_draw(struct board *b)
{
    unsigned col;

    fill_screen(b);
    if (b->page == BOARD_LIST) {
        overview_draw(&b->list[b->letters], &b->screen, &b->grid, &b->spots, &b->drawn);
    } else {
        screen_draw(&b->screen, &b->grid, &b->spots);
        b->screen.page_top = b->spots.page_top;
        b->screen.top = b->spots.top;
    }
    col = draw_prompt(b);
    if (b->o.ascii)
        grid_to_ascii(&b->grid);
    blit_grid(&b->blit, &b->grid);
    blit_send(b->spots.prompt.row, col < b->cols ? col : b->cols - 1);
}

/* Opening. */

void board_open_text(struct board *b, const char *heading)
{
    if (b->page != BOARD_TEXT)
        b->back = b->page;
    b->page = BOARD_TEXT;
    b->screen.page_heading = heading;
    b->screen.page_top = 0;
    b->screen.page_text = &b->text;
}

void board_open_letter(struct board *b, struct span words)
{
    b->letter.record = b->o.record;
    b->letter.cols = b->cols > 2 ? b->cols - 2 : 1;
    b->letter.ascii = b->o.ascii;
    if (board_letter_take(&b->letter, words, &b->text, &b->note))
        board_open_text(b, words.len ? "parts of the letter" : "letter");
}

/* False: it was said why there is nothing to see. */
static bool is_kept(struct board *b, unsigned dialogue)
{
    if (!dialogue)
        board_say(b, "This one was served, and not recorded: the record was full.");
    else if (!record_lines(b->o.record, dialogue) && record_full(b->o.record, dialogue))
        board_say(b, "What it said is no longer kept: it made room for newer ones.");
    else
        return true;
    return false;
}

void board_open_session(struct board *b, uint64_t number)
{
    const struct session_row *row = sessions_find(b->o.sessions, number);

    if (!row) {
        board_say(b, "There is no session of that number.");
        return;
    }
    if (!is_kept(b, row->dialogue))
        return;
    b->page = BOARD_DIALOGUE;
    b->screen.dialogue = b->letter.dialogue = row->dialogue;
    b->letter.line = UINT32_MAX;
    b->screen.selected = 1;
    b->screen.follow = false;
    b->screen.seen = record_lines(b->o.record, row->dialogue);
    b->screen.found = (struct span){ 0 };
    b->screen.top = (struct dialogue_pos){ row->dialogue, 0, 0 };
}

static void open_message(struct board *b, uint64_t number)
{
    const struct message_row *row = sessions_message(b->o.sessions, number);

    if (!row || !is_kept(b, row->dialogue))
        return;
    b->letter.dialogue = b->screen.dialogue = row->dialogue;
    b->letter.line = row->line;
    board_open_letter(b, SPAN(""));
}

void board_open(struct board *b)
{
    struct sessions_look *look = &b->list[b->letters];

    if (b->page == BOARD_DIALOGUE) {
        board_explain(b, 0);
    } else if (b->page == BOARD_LIST && sessions_update(look)) {
        uint64_t number = sessions_number(look, sessions_place(look));

        if (b->letters)
            open_message(b, number);
        else
            board_open_session(b, number);
    }
}

static uint32_t line_meant(const struct board *b)
{
    return b->spots.explained ? b->spots.explained : record_lines(b->o.record, b->screen.dialogue);
}

void board_explain(struct board *b, uint32_t line)
{
    unsigned d = b->screen.dialogue;
    struct buf words = { 0 };
    struct record_line said;
    struct walk walk;

    line = line ? line : line_meant(b);
    if (!line || line > record_lines(b->o.record, d)) {
        board_say(b, "There is no such line; the last one is %u.", record_lines(b->o.record, d));
        return;
    }
    record_line(b->o.record, d, line, 0, &said);
    styled_clear(&b->text);
    styled_add_text(&b->text, STYLE_PLAIN, said.side == SIDE_CLIENT ? "C: " : "S: ");
    styled_add_marks(&b->text, said.side == SIDE_CLIENT ? STYLE_CLIENT : STYLE_SERVER,
                     span_first(said.line.head, COMMAND_LINE_MAX), 0);
    styled_add_text(&b->text, STYLE_PLAIN, "\n\n");
    walk_start(&walk, b->o.record, d, line);
    walk_next(&walk);
    notes_explain(&walk.line, &walk.after, &walk.asked, &b->screen.notes, &words);
    styled_add(&b->text, STYLE_PLAIN, buf_span(&words));
    styled_add_text(&b->text, STYLE_PLAIN, "\n");
    board_open_text(b, "explanation");
    buf_release(&words);
}

void board_back(struct board *b)
{
    b->page = b->page == BOARD_TEXT ? b->back : BOARD_LIST;
}

/* Moving. */

static void move_list(struct board *b, int by)
{
    struct sessions_look *look = &b->list[b->letters];
    size_t count = sessions_update(look), at = sessions_place(look);

    if (!count)
        return;
    if (by < 0)
        at = at > (size_t) - (int64_t)by ? at - (size_t) - (int64_t)by : 0;
    else
        at = count - 1 - at > (size_t)by ? at + (size_t)by : count - 1;
    if (look->follow)
        look->seen = b->letters ? look->list->stored : look->list->begun;
    look->selected = sessions_number(look, at);
    look->follow = at == count - 1;
}

static void leave_end(struct board *b)
{
    if (b->screen.follow)
        b->screen.seen = record_lines(b->o.record, b->screen.dialogue);
    b->screen.follow = false;
}

void board_go(struct board *b, uint32_t line)
{
    struct dialogue_look look;

    leave_end(b);
    b->screen.selected = line;
    screen_look(&b->screen, &b->spots, &look);
    if (b->spots.dialogue.rows)
        b->screen.top = dialogue_show(&look, b->screen.top, b->spots.dialogue.rows, line);
}

static void move_line(struct board *b, int by)
{
    int64_t lines = record_lines(b->o.record, b->screen.dialogue);
    int64_t to = (b->screen.selected ? by : by < 0 ? by + 1 : 0) + (int64_t)line_meant(b);

    if (lines)
        board_go(b, (uint32_t)(to < 1 ? 1 : to > lines ? lines : to));
}

static void move_text(struct board *b, int by)
{
    int64_t to = (int64_t)b->screen.page_top + by;

    b->screen.page_top = to < 0 ? 0 : to > INT_MAX ? INT_MAX : (uint32_t)to;
}

void board_move(struct board *b, int by)
{
    if (b->page == BOARD_LIST)
        move_list(b, by);
    else if (b->page == BOARD_DIALOGUE)
        move_line(b, by);
    else
        move_text(b, by);
}

void board_move_page(struct board *b, int pages)
{
    struct dialogue_look look;
    int rows = (int)b->spots.page.rows;

    if (b->page != BOARD_DIALOGUE) {
        board_move(b, pages * (rows > 1 ? rows - 1 : 1));
        return;
    }
    rows = (int)b->spots.dialogue.rows;
    if (!rows)
        return;
    leave_end(b);
    screen_look(&b->screen, &b->spots, &look);
    b->screen.selected = 0; /* the last one in sight is meant */
    b->screen.top =
        dialogue_scroll(&look, b->screen.top, pages * (rows > 1 ? rows - 1 : 1), (unsigned)rows);
}

void board_move_end(struct board *b, bool start)
{
    if (b->page != BOARD_DIALOGUE) {
        board_move(b, start ? -INT_MAX : INT_MAX);
    } else if (start) {
        board_go(b, 1);
        b->screen.top = (struct dialogue_pos){ b->screen.dialogue, 0, 0 };
    } else {
        b->screen.selected = 0;
        b->screen.follow = true;
    }
}
