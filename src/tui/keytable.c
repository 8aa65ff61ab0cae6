/*
 * The rows. Keys that terminals and desktops take for themselves (F1, F10, F11) always have a twin
 * in the menu. Letters, alone, are never bound: they are the prompt's.
 */
#include "tui/keytable.h"

#define NAMED(name)                                                                                \
    {                                                                                              \
        .code = K_##name                                                                           \
    }
#define WITH(mod, name)                                                                            \
    {                                                                                              \
        .code = K_##name, .mods = KEY_##mod                                                        \
    }
#define CHAR(mod, octet)                                                                           \
    {                                                                                              \
        .code = K_CHAR, .mods = KEY_##mod, .text = { octet }, .len = 1                             \
    }

const struct key_row key_rows[] = {
    { REQ_MENU,
      { NAMED(ESC), CHAR(CTRL, ']'), NAMED(F10) },
      .footer = "menu",
      .help = "The menu; in a page, a search or a pane: back to the prompt; from looking back: to "
              "the end "
              "of the dialogue. Ctrl-5 is the same key as "
              "Ctrl-]. Esc and then a digit takes that choice of the menu at once." },
    { REQ_HELP,
      { NAMED(F1) },
      .digit = '1',
      .menu = "help",
      .help = "This help. Type to search it." },
    { REQ_EXPLAIN,
      { NAMED(F2) },
      .digit = '2',
      .menu = "explain this line",
      .help = "Explains the selected line, or the last one, at length, with sources." },
    { REQ_INSIDE,
      { NAMED(F3) },
      .digit = '3',
      .menu = "inside: show or hide",
      .help = "Shows or hides what the server is inside." },
    { REQ_LADDER,
      { NAMED(F4) },
      .digit = '4',
      .menu = "ladder",
      .help = "The dialogue as a ladder, time running down." },
    { REQ_STATES,
      { NAMED(F5) },
      .digit = '5',
      .menu = "states",
      .help = "The states of a session, and the one this talk is in." },
    { REQ_LETTER,
      { NAMED(F6) },
      .digit = '6',
      .menu = "the letter",
      .help = "The letter: envelope, header, body." },
    { REQ_FIND,
      { NAMED(F7), CHAR(ALT, '/') },
      .digit = '7',
      .menu = "find",
      .help =
          "Finds text in the dialogue while you type it. Up goes to older places, Down to newer "
          "ones, Esc ends the search." },
    { REQ_END_LETTER,
      { { 0 } },
      MENU_LETTER,
      .digit = '8',
      .menu = "end the letter",
      .help = "Sends the dot that ends the letter." },
    { REQ_HANG_UP,
      { { 0 } },
      MENU_TALK,
      .digit = '9',
      .menu = "hang up",
      .help = "Closes the connection at once, without QUIT." },
    { REQ_LEAVE,
      { { 0 } },
      .digit = '0',
      .menu = "leave smtpscope",
      .help = "Ends the program. The dialogue is printed, so that nothing is lost." },
    { REQ_LESSON,
      { { 0 } },
      .menu = "lesson",
      .help = "Opens the first lesson, as /learn does: a letter to Bob, step by step." },
    { REQ_TALKS,
      { { 0 } },
      .menu = "talks, yours and others'",
      .help = "Lists the talks, as /talk does; /talk and a number shows one of them, Esc goes "
              "back to the current one." },
    { REQ_OCTETS,
      { WITH(SHIFT, F4) },
      .menu = "octets: each write, each read",
      .help = "The octets of the talk in hexadecimal, write by write and read by read, with times, "
              "as /octets shows them." },
    { REQ_FAULTS,
      { { 0 } },
      .menu = "faults of the lab's server",
      .help =
          "What goes wrong at the lab's server, as /server fault does: Space or Enter switches a "
          "fault on and off, or adds a ready-made one, Delete removes it." },
    { REQ_COMMAND,
      { CHAR(ALT, 'x') },
      .menu = "a command of the console",
      .help = "Takes one of the console's commands, also inside DATA, where / is text." },
    { REQ_COPY_LINE,
      { NAMED(F8) },
      .menu = "copy the line",
      .help =
          "Copies the selected line, or the last one, to the clipboard, if the terminal lets it." },
    { REQ_COPY_ALL,
      { WITH(SHIFT, F8) },
      .menu = "copy the dialogue",
      .help = "Copies the whole dialogue to the clipboard, if the terminal lets it." },
    { REQ_BARE,
      { WITH(ALT, F8) },
      .menu = "bare view, for copying",
      .help = "The dialogue alone, without frames and notes at its sides; any key ends it." },
    { REQ_MAXIMISE,
      { NAMED(F9), CHAR(ALT, '*') },
      .menu = "this pane alone",
      .help = "Gives the pane in focus the whole screen, and back." },
    { REQ_GROW,
      { CHAR(ALT, '+'), CHAR(ALT, '=') },
      .menu = "inside: larger",
      .help = "Makes the pane \"inside\" larger." },
    { REQ_SHRINK,
      { CHAR(ALT, '-') },
      .menu = "inside: smaller",
      .help = "Makes the pane \"inside\" smaller." },
    { REQ_MEANING,
      { WITH(SHIFT, F2) },
      .menu = "what the line means: show or hide",
      .help = "Shows or hides what the last line means." },
    { REQ_MOUSE,
      { { 0 } },
      .menu = "mouse: on or off",
      .help =
          "With the mouse on, the wheel looks back and a click selects a line; with it off, the "
          "terminal's own copying works." },
    { REQ_COMPLETE,
      { NAMED(TAB) },
      .footer = "write it for me",
      .help = "Writes the likely next command, or the one you began; once more: another one. "
              "Completes what else is begun. Inside DATA it is text." },
    { REQ_PAGE_UP,
      { NAMED(PAGE_UP) },
      .footer = "look back",
      .help = "Looks back. \"inside\" and the meaning are shown as they were there." },
    { REQ_PAGE_DOWN, { NAMED(PAGE_DOWN) }, .help = "Looks forward again." },
    { REQ_START,
      { NAMED(HOME), WITH(CTRL, HOME) },
      KEY_EMPTY_LINE,
      .help = "The start of the dialogue; while something is typed, the start of the line." },
    { REQ_END,
      { NAMED(END), WITH(CTRL, END) },
      KEY_EMPTY_LINE,
      .help = "The end of the dialogue; while something is typed, the end of the line." },
    { REQ_WHEEL_UP, { NAMED(WHEEL_UP) }, .help = "Looks back a little, when the mouse is on." },
    { REQ_WHEEL_DOWN,
      { NAMED(WHEEL_DOWN) },
      .help = "Looks forward a little, when the mouse is on." },
    { REQ_CLICK, { NAMED(CLICK) }, .help = "Selects the line, when the mouse is on." },
    { REQ_SELECT_UP,
      { WITH(SHIFT, UP), WITH(ALT, UP) },
      .help = "Selects the line above: its state and meaning are shown." },
    { REQ_SELECT_DOWN,
      { WITH(SHIFT, DOWN), WITH(ALT, DOWN) },
      .help = "Selects the line below; after the last one, none." },
    { REQ_FOCUS,
      { WITH(SHIFT, TAB) },
      .help =
          "Moves the focus to the next pane; then Up and Down move in it. Esc brings it back." },
    { REQ_CANCEL,
      { CHAR(CTRL, 'c') },
      .help = "Stops what is under way, or clears the line; on an empty line the menu; once more: "
              "leaves." },
    { REQ_END_OF_FILE,
      { CHAR(CTRL, 'd') },
      .help = "Removes the character at the cursor. It never closes the screen." },
    { REQ_QUOTE, { CHAR(CTRL, 'v') }, .help = "Takes the next key as text, whatever it is." },
    { REQ_REDRAW, { CHAR(CTRL, 'l') }, .help = "Draws the screen anew." },
    { REQ_SUSPEND,
      { CHAR(CTRL, 'z') },
      .help = "Back to the shell for a while; the shell's fg returns." },
    { REQ_IGNORE,
      { CHAR(CTRL, 's'), CHAR(CTRL, 'q') },
      .help = "Nothing: the screen never holds its output." },
    /* The line editor's own, here for the help. */
    { REQ_NONE,
      { NAMED(UP), NAMED(DOWN) },
      .help = "Lines typed before; in a page or a pane: up and down." },
    { REQ_NONE,
      { NAMED(RIGHT), CHAR(CTRL, 'f'), CHAR(CTRL, 'e') },
      .help = "At the end of the line: takes the faint suggestion. Else they move." },
    { REQ_NONE, { CHAR(CTRL, 'r') }, .help = "Searches the lines typed before." },
    { REQ_NONE, { CHAR(CTRL, '_') }, .help = "Takes the last change of the line back." },
    { REQ_NONE,
      { CHAR(CTRL, 'w'), CHAR(CTRL, 'u'), CHAR(CTRL, 'y') },
      .help = "Cuts a word, cuts to the start of the line, puts it back." },
};
const size_t key_row_count = sizeof(key_rows) / sizeof(key_rows[0]);

static bool same_key(const struct key *a, const struct key *b)
{
    return a->code == b->code && a->mods == b->mods && a->len == b->len &&
           memcmp(a->text, b->text, a->len) == 0;
}

enum request key_request(const struct key *key, bool empty)
{
    if (key->code == K_CHAR && !key->mods) /* never bound, and most of what comes */
        return REQ_NONE;
    for (size_t i = 0; i < key_row_count; i++) {
        const struct key_row *row = &key_rows[i];

        for (unsigned b = 0; b < KEY_BINDINGS && row->keys[b].code != K_NONE; b++) {
            if (!same_key(&row->keys[b], key))
                continue;
            if ((row->when & KEY_EMPTY_LINE) && !empty && !(key->mods & KEY_CTRL))
                return REQ_NONE;
            return row->request;
        }
    }
    return REQ_NONE;
}

const struct key_row *key_row_of(enum request request)
{
    for (size_t i = 0; i < key_row_count; i++)
        if (key_rows[i].request == request)
            return &key_rows[i];
    return NULL;
}

bool key_row_offered(const struct key_row *row, bool letter, bool talking)
{
    return row->menu && (letter || !(row->when & MENU_LETTER)) &&
           (talking || !(row->when & MENU_TALK));
}

const struct key_row *key_row_of_digit(char digit, bool letter, bool talking)
{
    for (size_t i = 0; i < key_row_count; i++)
        if (key_rows[i].digit == digit && key_row_offered(&key_rows[i], letter, talking))
            return &key_rows[i];
    return NULL;
}

void key_row_ways(const struct key_row *row, struct buf *out)
{
    size_t before = out->len;

    key_row_names(row, out);
    if (row->digit)
        buf_printf(out, "%sEsc %c", out->len > before ? ", " : "", row->digit);
    else if (out->len == before)
        buf_printf(out, "menu: %s", row->menu);
}

void key_row_names(const struct key_row *row, struct buf *out)
{
    for (unsigned b = 0; b < KEY_BINDINGS && row->keys[b].code != K_NONE; b++) {
        if (b)
            buf_add_text(out, ", ");
        key_name(&row->keys[b], out);
    }
}
