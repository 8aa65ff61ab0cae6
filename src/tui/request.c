/* What keys, the menu and signals ask for. */
#include "tui/inner.h"
#include "tui/terminal.h"

static void explain(struct tui *t)
{
    struct buf command = { 0 };
    uint32_t line = look_line(t);

    buf_add_text(&command, "explain");
    if (t->screen.selected || !t->screen.follow)
        buf_printf(&command, " %u", line);
    console_command(t->console, buf_span(&command));
    buf_release(&command);
}

static void maximise(struct tui *t)
{
    if (t->screen.focus == FOCUS_PROMPT)
        t->screen.focus = FOCUS_DIALOGUE;
    else if (t->screen.maximised)
        t->screen.focus = FOCUS_PROMPT;
    t->screen.maximised = !t->screen.maximised;
}

void tui_mouse(struct tui *t, bool on)
{
    if (t->o.no_mouse) {
        notice_say(t, false, "The mouse stays the terminal's own: the program was started so.");
        return;
    }
    t->mouse = on;
    terminal_mouse(on);
    notice_say(t, false,
               on ? "The mouse is on: the wheel looks back, a click selects a line. "
                    "Shift with the mouse still copies in most terminals."
                  : "The mouse is the terminal's own again.");
}

static void resize_inside(struct tui *t, int by)
{
    if (t->screen.no_inside) {
        notice_say(t, true, "\"inside\" is hidden; Esc and 3 shows it.");
        return;
    }
    if ((by > 0 && t->screen.inside_more < 200) || (by < 0 && t->screen.inside_more > -200))
        t->screen.inside_more += by;
}

static void leave(struct tui *t)
{
    console_command(t->console, SPAN("quit"));
    if (!t->done) {
        t->done = true;
        t->status = console_status(t->console);
    }
}

/* What needs the console. */
static void ask_console(struct tui *t, enum request request)
{
    if (!t->console)
        return;
    switch (request) {
    case REQ_EXPLAIN:
        explain(t);
        break;
    case REQ_END_LETTER:
        if (tui_in_letter(t))
            tui_line(t, SPAN("."));
        break;
    case REQ_HANG_UP:
        console_command(t->console, SPAN("close"));
        break;
    case REQ_LESSON:
        console_command(t->console, SPAN("learn"));
        break;
    case REQ_TALKS:
        console_command(t->console, SPAN("talk"));
        break;
    case REQ_FAULTS:
        console_command(t->console, SPAN("server fault panel"));
        break;
    case REQ_LEAVE:
        leave(t);
        break;
    default:
        break;
    }
}

/* From another page or mode, too; but what was pasted is decided first. */
static void turn_to(struct tui *t, enum screen_page page)
{
    if (t->mode == MODE_PASTE) {
        notice_say(t, true, "First the pasted lines: Enter sends one, Esc drops them.");
        return;
    }
    page_close(t);
    page_open(t, page);
}

static void change_screen(struct tui *t, enum request request)
{
    switch (request) {
    case REQ_INSIDE:
        t->screen.no_inside = !t->screen.no_inside;
        break;
    case REQ_MEANING:
        t->screen.no_meaning = !t->screen.no_meaning;
        break;
    case REQ_LADDER:
        turn_to(t, PAGE_LADDER);
        break;
    case REQ_STATES:
        turn_to(t, PAGE_STATES);
        break;
    case REQ_LETTER:
        turn_to(t, PAGE_LETTER);
        break;
    case REQ_OCTETS:
        turn_to(t, PAGE_OCTETS);
        break;
    case REQ_BARE:
        page_close(t);
        t->mode = MODE_BARE;
        break;
    case REQ_MAXIMISE:
        maximise(t);
        break;
    case REQ_GROW:
        resize_inside(t, 1);
        break;
    case REQ_SHRINK:
        resize_inside(t, -1);
        break;
    case REQ_REDRAW:
        blit_forget(&t->blit);
        break;
    default:
        break;
    }
}

static void move(struct tui *t, enum request request)
{
    switch (request) {
    case REQ_PAGE_UP:
        look_page(t, -1);
        break;
    case REQ_PAGE_DOWN:
        look_page(t, 1);
        break;
    case REQ_START:
        look_start(t);
        break;
    case REQ_END:
        look_end(t);
        break;
    case REQ_WHEEL_UP:
        look_scroll(t, -3);
        break;
    case REQ_WHEEL_DOWN:
        look_scroll(t, 3);
        break;
    case REQ_SELECT_UP:
        look_select(t, -1);
        break;
    case REQ_SELECT_DOWN:
        look_select(t, 1);
        break;
    case REQ_FOCUS:
        look_focus(t);
        break;
    default:
        break;
    }
}

void tui_request(struct tui *t, enum request request)
{
    tui_ask_draw(t, DRAW_ALL);
    switch (request) {
    case REQ_HELP:
        help_open(t);
        break;
    case REQ_FIND:
        find_open(t);
        break;
    case REQ_COMMAND:
        page_close(t);
        t->mode = MODE_COMMAND;
        break;
    case REQ_COPY_LINE:
        copy_line(t);
        break;
    case REQ_COPY_ALL:
        copy_dialogue(t);
        break;
    case REQ_MOUSE:
        tui_mouse(t, !t->mouse);
        break;
    case REQ_COMPLETE:
        complete_key(t);
        break;
    case REQ_QUOTE:
        keys_quote(&t->keys);
        break;
    case REQ_SUSPEND:
        terminal_suspend();
        tui_back(t);
        break;
    default:
        ask_console(t, request);
        change_screen(t, request);
        move(t, request);
    }
}
