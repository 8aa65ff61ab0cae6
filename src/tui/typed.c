/* Where a key goes: letters go where the mode says; everything else is a row of the key table, or
 * the line editor's. What a row asks for is done in request.c. */
#include "tui/inner.h"
#include "tui/prompt.h"

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

/* A secret that was typed before the server asked for it stands in the line: it is one all the
 * same. And one that was not sent before the question was over is none of the next line's. */
void tui_keep_secret(struct tui *t)
{
    if (t->mode != MODE_PROMPT)
        return;
    if (!tui_secret(t)) {
        field_clear(&t->field);
    } else if (prompt_text().len) {
        if (prompt_busy())
            prompt_abort();
        field_add(&t->field, prompt_text());
        prompt_clear();
        tui_ask_draw(t, DRAW_PROMPT);
    }
}

bool tui_line_empty(const struct tui *t)
{
    return uses_field(t) ? t->field.text.len == 0 : prompt_text().len == 0 && !prompt_busy();
}

void tui_line(void *ctx, struct span text)
{
    struct tui *t = ctx;
    bool panel = t->panel.open && span_starts(text, SPAN("/server fault "));

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
    if (panel && t->screen.page == PAGE_NONE) /* a fault was added or changed: there it is */
        panel_open(t, 0);
    tui_ask_draw(t, DRAW_ALL);
}

static void enter_secret(struct tui *t)
{
    if (t->screen.page != PAGE_NONE)
        t->screen.page = PAGE_NONE;
    look_end(t);
    if (!t->field.text.len && !t->empty_secret) { /* a page or the menu may have emptied it */
        t->empty_secret = true;
        notice_say(t, true,
                   "Nothing was sent: the hidden line is empty. Type it, or press Enter once more "
                   "to send an empty line.");
        return;
    }
    t->empty_secret = false;
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
    tui_ask_draw(t, t->panel.open ? DRAW_ALL : DRAW_PROMPT); /* what Enter does has changed */
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
    } else if (!t->screen.follow) {
        t->screen.found = (struct span){ 0 };
        look_end(t);
    } else if (t->console && console_shown(t->console) != console_dialogue(t->console)) {
        console_command(t->console, SPAN("talk back"));
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
    if (t->panel.open)
        return panel_key(t, key);
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

    tui_keep_secret(t);
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
