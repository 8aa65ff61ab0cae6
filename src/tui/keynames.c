/* The keys by what stands for them: in sequences that come in, in words, and for the line editor.
 */
#include "tui/keynames.h"

/* X(parameter of CSI n ~, key); 7 and 8 are rxvt's. */
#define TILDES(X)                                                                                  \
    X(1, HOME)                                                                                     \
    X(2, INSERT)                                                                                   \
    X(3, DELETE)                                                                                   \
    X(4, END)                                                                                      \
    X(5, PAGE_UP)                                                                                  \
    X(6, PAGE_DOWN)                                                                                \
    X(7, HOME)                                                                                     \
    X(8, END)                                                                                      \
    X(11, F1)                                                                                      \
    X(12, F2)                                                                                      \
    X(13, F3)                                                                                      \
    X(14, F4)                                                                                      \
    X(15, F5)                                                                                      \
    X(17, F6)                                                                                      \
    X(18, F7)                                                                                      \
    X(19, F8)                                                                                      \
    X(20, F9)                                                                                      \
    X(21, F10)                                                                                     \
    X(23, F11)                                                                                     \
    X(24, F12)

enum key_code keys_by_number(unsigned n)
{
    switch (n) {
#define X(number, name)                                                                            \
    case number:                                                                                   \
        return K_##name;
        TILDES(X)
#undef X
    }
    return K_NONE;
}

enum key_code keys_by_letter(unsigned char c)
{
    switch (c) {
    case 'A':
        return K_UP;
    case 'B':
        return K_DOWN;
    case 'C':
        return K_RIGHT;
    case 'D':
        return K_LEFT;
    case 'H':
        return K_HOME;
    case 'F':
        return K_END;
    case 'P':
        return K_F1;
    case 'Q':
        return K_F2;
    case 'R':
        return K_F3;
    case 'S':
        return K_F4;
    }
    return K_NONE;
}

static const char *const names[K_COUNT] = {
#define X(name, text) [K_##name] = text,
    KEYS_NAMED(X)
#undef X
};

void key_name(const struct key *key, struct buf *out)
{
    if (key->mods & KEY_CTRL)
        buf_add_text(out, "Ctrl-");
    if (key->mods & KEY_ALT)
        buf_add_text(out, "Alt-");
    if (key->mods & KEY_SHIFT)
        buf_add_text(out, "Shift-");
    if (key->code != K_CHAR)
        buf_add_text(out, names[key->code] ? names[key->code] : "");
    else if (key->len == 1 && key->text[0] == ' ')
        buf_add_text(out, "Space");
    else if (key->mods && key->len == 1)
        buf_add_octet(out, ascii_upper(key->text[0]));
    else
        buf_add(out, span_make(key->text, key->len));
}

size_t key_for_editor(const struct key *key, unsigned char out[8])
{
    size_t len = 0;
    static const char *const sequences[K_COUNT] = {
        [K_ENTER] = "\r",    [K_TAB] = "\t",         [K_BACKSPACE] = "\x7f", [K_UP] = "\x1b[A",
        [K_DOWN] = "\x1b[B", [K_RIGHT] = "\x1b[C",   [K_LEFT] = "\x1b[D",    [K_HOME] = "\x1b[H",
        [K_END] = "\x1b[F",  [K_DELETE] = "\x1b[3~",
    };

    if (key->code == K_CHAR) {
        if ((key->mods & KEY_ALT) && key->len > 1)
            return 0; /* Meta knows octets, no characters */
        /* readline's prefix of commands of two keys. Asked key by key it goes astray when such a
         * one fails inside a search of the history (Ctrl-R, Ctrl-X e), and ends the program. */
        if ((key->mods & KEY_CTRL) && key->len == 1 && (key->text[0] & 0x1f) == CTRL_X)
            return 0;
        if (key->mods & KEY_ALT)
            out[len++] = ESC;
        if ((key->mods & KEY_CTRL) && key->len == 1) {
            out[len++] = key->text[0] & 0x1f;
            return len;
        }
        memcpy(out + len, key->text, key->len);
        return len + key->len;
    }
    if ((key->mods & (KEY_ALT | KEY_CTRL)) && (key->code == K_LEFT || key->code == K_RIGHT)) {
        out[0] = ESC; /* by words, as everywhere else */
        out[1] = key->code == K_LEFT ? 'b' : 'f';
        return 2;
    }
    if (key->mods == KEY_ALT && key->code == K_BACKSPACE) {
        memcpy(out, "\x1b\x7f", 2);
        return 2;
    }
    if (!sequences[key->code] || (key->mods & ~(unsigned)KEY_SHIFT))
        return 0;
    len = strlen(sequences[key->code]);
    memcpy(out, sequences[key->code], len);
    return len;
}
