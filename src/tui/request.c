/* Keys and what they ask for. Letters go where the mode says; everything else is a row of the key
 * table, or the line editor's. */
#include "tui/inner.h"
#include "tui/prompt.h"
#include "tui/terminal.h"

bool tui_in_letter(const struct tui *t)
{
    return t->console && console_prompt(t->console) == PROMPT_LETTER;
}

bool tui_secret(const struct tui *t)
{
    return t->console && console_prompt(t->console) == PROMPT_SECRET;
}

static bool uses_field(const struct tui *t)
{
    return t->mode == MODE_PROMPT && tui_secret(t);
}

bool tui_line_empty(const struct tui *t)
{
    return uses_field(t) ? t->field.text.len == 0 : prompt_text().len == 0 && !prompt_busy();
}

void tui_line(void *ctx, struct span text)
{
    struct tui *t = ctx;

    if (!t->console)
        return;
    if (t->mode != MODE_PROMPT || t->screen.page != PAGE_NONE)
        page_close(t);
    t->tab_turn = 0;
    t->prompt_first = 0;
    t->screen.found = (struct span){ 0 };
    look_end(t);
    if (console_may_remember(t->console, text))
        prompt_remember(text);
    console_enter(t->console, text);
    tui_ask_draw(t, DRAW_ALL);
}

static void enter_secret(struct tui *t)
{
    if (t->screen.page != PAGE_NONE)
        t->screen.page = PAGE_NONE;
    look_end(t);
    console_enter(t->console, buf_span(&t->field.text));
    field_clear(&t->field);
    tui_ask_draw(t, DRAW_ALL);
}

/* Something typed where the letters go: is it empty afterwards or before, the hint may change. */
static void prompt_key(struct tui *t, const struct key *key)
{
    unsigned char octets[8];
    size_t len = key_for_editor(key, octets);

    if (key->code == K_CHAR && key->mods == 0 && ascii_is_control(key->text[0])) {
        if (uses_field(t))
            field_key(&t->field, key);
        else
            prompt_insert(span_make(key->text, key->len)); /* after Ctrl-V */
    } else if (uses_field(t)) {
        if (key->code == K_ENTER)
            enter_secret(t);
        else
            field_key(&t->field, key);
    } else if (len) {
        prompt_feed(span_make(octets, len));
    } else {
        struct buf name = { 0 };

        key_name(key, &name);
        notice_say(t, true, "%s has no use here. F1, or Esc and 1, lists the keys.",
                   buf_text(&name));
        buf_release(&name);
    }
    tui_ask_draw(t, DRAW_PROMPT);
}

/* The faint suggestion becomes text. */
static bool take_suggestion(struct tui *t, const struct key *key)
{
    bool asks = (key->mods == 0 && (key->code == K_RIGHT || key->code == K_END)) ||
                (key->code == K_CHAR && key->mods == KEY_CTRL &&
                 (key->text[0] == 'f' || key->text[0] == 'e'));
    const char *rest = asks ? suggest_rest(t) : "";

    if (!*rest)
        return false;
    prompt_insert(span_of(rest));
    tui_ask_draw(t, DRAW_PROMPT);
    return true;
}

static void cancel(struct tui *t)
{
    if (t->mode == MODE_MENU && t->menu.by_cancel) {
        tui_request(t, REQ_LEAVE);
    } else if (t->mode != MODE_PROMPT || t->screen.page != PAGE_NONE) {
        page_close(t);
    } else if (t->console && console_interrupt(t->console)) {
        tui_ask_draw(t, DRAW_ALL);
    } else if (!tui_line_empty(t)) {
        field_clear(&t->field);
        prompt_clear();
        tui_ask_draw(t, DRAW_ALL);
    } else {
        menu_open(t, true);
    }
}

static void escape(struct tui *t, const struct key *key)
{
    if (t->mode != MODE_PROMPT || t->screen.page != PAGE_NONE) {
        page_close(t);
    } else if (prompt_busy()) {
        prompt_abort();
        tui_ask_draw(t, DRAW_ALL);
    } else if (t->screen.focus != FOCUS_PROMPT) {
        t->screen.focus = FOCUS_PROMPT;
        t->screen.maximised = false;
        tui_ask_draw(t, DRAW_ALL);
    } else if (key->code == K_ESC && prompt_wants_esc() && prompt_text().len) {
        prompt_feed(SPAN("\x1b")); /* vi's keys: the menu is on Ctrl-] and on an empty line */
        tui_ask_draw(t, DRAW_PROMPT);
    } else {
        menu_open(t, false);
    }
}

static void end_of_file(struct tui *t, const struct key *key)
{
    if (!tui_line_empty(t))
        prompt_key(t, key);
    else if (tui_in_letter(t))
        notice_say(t, false,
                   "A line with only a dot ends the letter; Ctrl-D does not. To stop "
                   "without sending it, press Esc and 9: hang up.");
    else
        notice_say(t, false, "Ctrl-D closes nothing here. QUIT ends the talk, /quit leaves.");
}

/* A pasted text: one line is typed, several are held. */
static void pasted(struct tui *t)
{
    struct span text = buf_span(&t->keys.paste);

    if (t->mode == MODE_HELP || t->mode == MODE_FIND || t->mode == MODE_COMMAND || uses_field(t)) {
        field_add(&t->field, text);
        tui_key(t, &(struct key){ .code = K_CHAR }); /* takes it up */
        return;
    }
    if (prompt_busy())
        prompt_abort();
    if (paste_count(text) > 1) {
        held_open(t, text);
        return;
    }
    while (text.len && (text.at[text.len - 1] == '\n' || text.at[text.len - 1] == '\r'))
        text.len--;
    prompt_insert(text);
    tui_ask_draw(t, DRAW_PROMPT);
}

static bool command_key(struct tui *t, const struct key *key)
{
    if (key->code == K_ENTER) {
        struct buf line = { 0 };

        buf_add(&line, buf_span(&t->field.text));
        page_close(t);
        if (line.len)
            console_command(t->console, buf_span(&line));
        buf_release(&line);
        return true;
    }
    return field_key(&t->field, key);
}

/* False: the mode has no use for the key. */
static bool mode_key(struct tui *t, const struct key *key)
{
    switch (t->mode) {
    case MODE_MENU:
        return menu_key(t, key);
    case MODE_HELP:
        return help_key(t, key);
    case MODE_FIND:
        return find_key(t, key);
    case MODE_COMMAND:
        return command_key(t, key);
    case MODE_PASTE:
        return held_key(t, key);
    case MODE_BARE:
        page_close(t);
        return true;
    case MODE_PROMPT:
        break;
    }
    return key->code != K_HOME && key->code != K_END && page_key(t, key);
}

/* In a focused pane the arrows move there; typing goes back to the prompt by itself. */
static bool pane_key(struct tui *t, const struct key *key)
{
    if (t->screen.focus == FOCUS_PROMPT || t->screen.page != PAGE_NONE || key->mods)
        return false;
    if (key->code == K_UP || key->code == K_DOWN) {
        bool up = key->code == K_UP;

        if (t->screen.focus == FOCUS_DIALOGUE)
            look_select(t, up ? -1 : 1);
        else
            tui_request(t, up ? REQ_GROW : REQ_SHRINK);
        return true;
    }
    if (key->code == K_CHAR || key->code == K_ENTER) {
        t->screen.focus = FOCUS_PROMPT;
        tui_ask_draw(t, DRAW_ALL);
    }
    return false;
}

static bool is_alt_digit(const struct key *key)
{
    return key->code == K_CHAR && key->mods == KEY_ALT && key->len == 1 &&
           ascii_is_digit(key->text[0]);
}

/* The menu gives way to the prompt when a letter is typed, and to what a key of its own asks for.
 */
static void give_way(struct tui *t, const struct key *key, enum request request)
{
    const struct key_row *row = request != REQ_NONE ? key_row_of(request) : NULL;

    if (t->mode == MODE_MENU && (row ? row->menu != NULL : key->code == K_CHAR && key->mods == 0))
        page_close(t);
}

void tui_key(struct tui *t, const struct key *key)
{
    enum request request;

    t->notice_said = false;
    if (t->notice_brief || key->code != K_CHAR || key->mods)
        notice_clear(t);
    if (is_alt_digit(key)) {
        if (!menu_digit(t, (char)key->text[0]))
            notice_say(t, true, "There is no %c in the menu now.", key->text[0]);
        return;
    }
    if (key->code == K_PASTE && t->mode != MODE_BARE) {
        pasted(t);
        return;
    }
    request = key_request(key, tui_line_empty(t));
    if (request != REQ_MENU && request != REQ_CANCEL && request != REQ_QUOTE)
        if (mode_key(t, key) || pane_key(t, key))
            return;
    give_way(t, key, request);
    if (request == REQ_MENU && t->mode == MODE_BARE)
        page_close(t);
    else if (request == REQ_MENU)
        escape(t, key);
    else if (request == REQ_CANCEL)
        cancel(t);
    else if (request == REQ_END_OF_FILE)
        end_of_file(t, key);
    else if (request == REQ_CLICK)
        look_click(t, key->row, key->col);
    else if (request != REQ_NONE)
        tui_request(t, request);
    else if (t->mode == MODE_PROMPT && !take_suggestion(t, key))
        prompt_key(t, key);
}

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
