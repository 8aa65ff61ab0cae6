/*
 * What a terminal sends, octet by octet, as keys: characters whole, sequences by name, pasted text
 * in one piece. What no key sends (answers to questions, focus reports, sequences nobody knows) is
 * swallowed, so that none of it is ever taken for typed text. No I/O, no clock: the caller says
 * when a lone Esc has waited long enough.
 *
 * Sources: ECMA-48 for the shape of sequences, xterm's ctlseqs for the rest (keys with modifiers,
 * CSI u, SGR mouse, bracketed paste); also the Linux console's and rxvt's own keys.
 */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H
#include "base/buf.h"

/* X(name, as people write it) */
#define KEYS_NAMED(X)                                                                              \
    X(ESC, "Esc")                                                                                  \
    X(ENTER, "Enter")                                                                              \
    X(TAB, "Tab")                                                                                  \
    X(BACKSPACE, "Backspace")                                                                      \
    X(UP, "Up")                                                                                    \
    X(DOWN, "Down")                                                                                \
    X(RIGHT, "Right")                                                                              \
    X(LEFT, "Left")                                                                                \
    X(HOME, "Home")                                                                                \
    X(END, "End")                                                                                  \
    X(PAGE_UP, "PgUp")                                                                             \
    X(PAGE_DOWN, "PgDn")                                                                           \
    X(INSERT, "Insert")                                                                            \
    X(DELETE, "Delete")                                                                            \
    X(F1, "F1")                                                                                    \
    X(F2, "F2")                                                                                    \
    X(F3, "F3")                                                                                    \
    X(F4, "F4")                                                                                    \
    X(F5, "F5")                                                                                    \
    X(F6, "F6")                                                                                    \
    X(F7, "F7")                                                                                    \
    X(F8, "F8")                                                                                    \
    X(F9, "F9")                                                                                    \
    X(F10, "F10")                                                                                  \
    X(F11, "F11")                                                                                  \
    X(F12, "F12")                                                                                  \
    X(WHEEL_UP, "wheel up")                                                                        \
    X(WHEEL_DOWN, "wheel down")                                                                    \
    X(CLICK, "click")                                                                              \
    X(PASTE, "paste")
enum key_code {
    K_NONE,
    K_CHAR, /* text: one character; with KEY_CTRL one ASCII character, letters in lower case */
#define X(name, text) K_##name,
    KEYS_NAMED(X)
#undef X
        K_COUNT
};
enum key_mods { KEY_SHIFT = 1, KEY_ALT = 2, KEY_CTRL = 4 };

struct key {
    enum key_code code;
    unsigned mods;
    unsigned char text[4]; /* K_CHAR */
    unsigned len;
    unsigned row, col; /* mouse, from 0 */
};

/* Octets of one paste: more than any letter a person pastes; what is beyond is left out, and
 * counted. */
#define KEYS_PASTE_MAX ((size_t)1024 * 1024)

enum keys_state {
    KEYS_GROUND,
    KEYS_UTF8,
    KEYS_ESC,
    KEYS_CSI,
    KEYS_CSI_LINUX, /* ESC [ [ of the Linux console's F1 to F5 */
    KEYS_CSI_X10,   /* three octets of an old mouse report */
    KEYS_SS3,
    KEYS_STRING, /* OSC, DCS and their like, up to their end */
    KEYS_STRING_ESC,
    KEYS_PASTE
};
#define KEYS_PARAMS 8
struct keys {
    enum keys_state state;
    bool alt; /* ESC came before */
    bool quoted;
    unsigned char held[4]; /* KEYS_UTF8 */
    unsigned held_len, held_want;
    unsigned char opener; /* KEYS_STRING: the octet after ESC */
    unsigned char prefix; /* KEYS_CSI: "<", "?", ">", "=" or 0 */
    bool strange;         /* KEYS_CSI: intermediate octets, so none of ours */
    unsigned params[KEYS_PARAMS];
    unsigned param_count; /* the last one may be unfinished */
    unsigned count;       /* octets since the sequence began */
    struct buf paste;     /* owned: what was pasted, until the next paste begins */
    size_t paste_dropped;
    unsigned paste_match; /* octets of the closing bracket seen */
};
/* Zero-filled is ready. */
void keys_release(struct keys *k);

/* Takes one octet. True: it completed a key. K_PASTE: the text is in k->paste. */
bool keys_take(struct keys *k, unsigned char c, struct key *out);

/* Is something held that only time can decide? */
enum keys_wait {
    KEYS_WAIT_NONE,
    KEYS_WAIT_SHORT, /* a lone Esc, or the start of a sequence: tens of milliseconds */
    KEYS_WAIT_LONG   /* a paste whose end is missing: seconds */
};
enum keys_wait keys_waiting(const struct keys *k);
/* That time has passed: what is held is all there is. True: it was a key. */
bool keys_late(struct keys *k, struct key *out);

/* The next octet is text whatever it is (Ctrl-V): a K_CHAR without KEY_CTRL, which may be a
 * control character. */
void keys_quote(struct keys *k);

/* Appends the key's name as people write it: "Ctrl-C", "Alt-/", "Shift-Tab". */
void key_name(const struct key *key, struct buf *out);
/* The octets a line editor knows the key by (VT100, emacs' Meta); 0: it has none. At most 8. */
size_t key_for_editor(const struct key *key, unsigned char out[8]);

#endif
