/*
 * The scanner of keys: one state, one octet at a time. The shape of a sequence decides where it
 * ends, known or not; only then is it looked up (keynames.c).
 */
#include "base/utf8.h"
#include "tui/keynames.h"

void keys_release(struct keys *k)
{
    buf_release(&k->paste);
}

static bool give(struct keys *k, enum key_code code, unsigned mods, struct key *out)
{
    bool alt = k->alt;

    k->state = KEYS_GROUND;
    k->alt = false;
    *out = (struct key){ .code = code, .mods = mods | (alt ? KEY_ALT : 0u) };
    return code != K_NONE;
}

static bool give_text(struct keys *k, const unsigned char *at, unsigned len, unsigned mods,
                      struct key *out)
{
    give(k, K_CHAR, mods, out);
    memcpy(out->text, at, len);
    out->len = len;
    return true;
}

static bool give_char(struct keys *k, unsigned char c, unsigned mods, struct key *out)
{
    return give_text(k, &c, 1, mods, out);
}

/* A sequence that is no key of ours. */
static bool swallow(struct keys *k)
{
    k->state = KEYS_GROUND;
    k->alt = false;
    return false;
}

static bool ground(struct keys *k, unsigned char c, struct key *out)
{
    if (c >= 0x80) {
        unsigned want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

        if (c < 0xc2 || c > 0xf4)
            return swallow(k);
        k->state = KEYS_UTF8;
        k->held[0] = c;
        k->held_len = 1;
        k->held_want = want;
        return false;
    }
    switch (c) {
    case ESC:
        k->state = KEYS_ESC;
        return false;
    case '\r':
    case '\n':
        return give(k, K_ENTER, 0, out);
    case '\t':
        return give(k, K_TAB, 0, out);
    case 0x08:
    case 0x7f:
        return give(k, K_BACKSPACE, 0, out);
    }
    if (c >= 0x20)
        return give_char(k, c, 0, out);
    return give_char(k, ascii_lower((unsigned char)(c + 0x40)), KEY_CTRL, out);
}

static bool more_utf8(struct keys *k, unsigned char c, struct key *out)
{
    uint32_t code;

    if ((c & 0xc0) != 0x80) { /* the character was cut short: what follows stands by itself */
        swallow(k);
        return keys_take(k, c, out);
    }
    k->held[k->held_len++] = c;
    if (k->held_len < k->held_want)
        return false;
    if (utf8_decode(span_make(k->held, k->held_len), &code) != k->held_len)
        return swallow(k);
    return give_text(k, k->held, k->held_len, 0, out);
}

static void begin(struct keys *k, enum keys_state state)
{
    k->state = state;
    k->prefix = 0;
    k->strange = false;
    memset(k->params, 0, sizeof(k->params));
    k->param_count = 0;
    k->count = 0;
}

static bool after_esc(struct keys *k, unsigned char c, struct key *out)
{
    switch (c) {
    case ESC: /* the first one was a key; this one may be the start of something */
        give(k, K_ESC, 0, out);
        k->state = KEYS_ESC;
        return true;
    case '[':
        begin(k, KEYS_CSI);
        return false;
    case 'O':
        begin(k, KEYS_SS3);
        return false;
    case ']':
    case 'P':
    case '_':
    case '^':
    case 'X':
        begin(k, KEYS_STRING);
        k->opener = c;
        return false;
    }
    k->alt = true;
    return ground(k, c, out);
}

/* A parameter octet: false when it is none. */
static bool param(struct keys *k, unsigned char c)
{
    if (ascii_is_digit(c)) {
        unsigned *n;

        if (k->param_count == 0)
            k->param_count = 1;
        if (k->param_count > KEYS_PARAMS)
            return true;
        n = &k->params[k->param_count - 1];
        *n = *n < 1000000 ? *n * 10 + (unsigned)(c - '0') : *n; /* Unicode ends at 1114111 */
        return true;
    }
    if (c == ';' || c == ':') {
        if (k->param_count == 0)
            k->param_count = 1;
        if (k->param_count <= KEYS_PARAMS)
            k->param_count++;
        return true;
    }
    return false;
}

/* Modifiers as xterm counts them: one more than their bits; CSI 1 ; 5 A. */
static unsigned mods_of(const struct keys *k, unsigned at)
{
    unsigned n = at < k->param_count && at < KEYS_PARAMS ? k->params[at] : 0;

    return n > 1 ? (n - 1) & (KEY_SHIFT | KEY_ALT | KEY_CTRL) : 0;
}

static bool mouse(struct keys *k, bool press, struct key *out)
{
    unsigned button = k->params[0] & ~(4u | 8u | 16u); /* without Shift, Alt, Ctrl */
    enum key_code code = button == 64           ? K_WHEEL_UP
                         : button == 65         ? K_WHEEL_DOWN
                         : button == 0 && press ? K_CLICK
                                                : K_NONE;
    unsigned row = k->params[2], col = k->params[1];

    if (k->param_count != 3 || !give(k, code, 0, out))
        return swallow(k);
    out->row = row ? row - 1 : 0;
    out->col = col ? col - 1 : 0;
    return true;
}

/* CSI code ; mods u, and CSI 27 ; mods ; code ~: a character that says its modifiers. */
static bool coded(struct keys *k, unsigned code, unsigned mods, struct key *out)
{
    unsigned char octets[4];

    switch (code) {
    case 9:
        return give(k, K_TAB, mods, out);
    case 13:
        return give(k, K_ENTER, mods, out);
    case 27:
        return give(k, K_ESC, mods, out);
    case 8:
    case 127:
        return give(k, K_BACKSPACE, mods, out);
    }
    if (code < 0x20 || (code >= 0xd800 && code < 0xf900) || code > 0x10ffff)
        return swallow(k); /* F8xx and the like: keys that we have no use for */
    if (mods & KEY_CTRL) {
        if (code >= 0x7f)
            return swallow(k);
        return give_char(k, ascii_lower((unsigned char)code), mods & ~(unsigned)KEY_SHIFT, out);
    }
    return give_text(k, octets, (unsigned)utf8_encode(code, octets), mods & KEY_ALT, out);
}

static bool paste_begins(struct keys *k)
{
    buf_clear(&k->paste);
    k->paste_dropped = 0;
    k->paste_match = 0;
    k->alt = false;
    k->state = KEYS_PASTE;
    return false;
}

static bool csi_ends(struct keys *k, unsigned char c, struct key *out)
{
    enum key_code code;

    if (k->prefix == '<' && (c == 'M' || c == 'm') && !k->strange)
        return mouse(k, c == 'M', out);
    if (k->prefix || k->strange)
        return swallow(k);
    switch (c) {
    case '~':
        if (k->params[0] == 200)
            return paste_begins(k);
        if (k->params[0] == 27 && k->param_count == 3)
            return coded(k, k->params[2], mods_of(k, 1), out);
        code = keys_by_number(k->params[0]);
        break;
    case '$': /* rxvt's Shift, Ctrl and both */
    case '^':
    case '@':
        return give(k, keys_by_number(k->params[0]),
                    c == '$'   ? KEY_SHIFT
                    : c == '^' ? KEY_CTRL
                               : KEY_SHIFT | KEY_CTRL,
                    out);
    case 'a': /* rxvt's Shift with an arrow */
    case 'b':
    case 'c':
    case 'd':
        return give(k, k->param_count ? K_NONE : keys_by_letter((unsigned char)(c - 0x20)),
                    KEY_SHIFT, out);
    case 'u':
        return coded(k, k->params[0], mods_of(k, 1), out);
    case 'Z':
        return give(k, K_TAB, KEY_SHIFT, out);
    case 'M':
        if (k->param_count)
            return swallow(k);
        k->state = KEYS_CSI_X10;
        k->count = 0;
        return false;
    default:
        code = keys_by_letter(c);
    }
    return give(k, code, mods_of(k, 1), out);
}

static bool more_csi(struct keys *k, unsigned char c, struct key *out)
{
    if (c < 0x20 || c >= 0x7f) { /* broken off: what follows stands by itself */
        swallow(k);
        return keys_take(k, c, out);
    }
    if (k->count++ == 0) {
        if (c == '[') {
            k->state = KEYS_CSI_LINUX;
            return false;
        }
        if (c >= '<' && c <= '?') {
            k->prefix = c;
            return false;
        }
    }
    if (param(k, c))
        return false;
    if (c < 0x40 && !(c == '$' && !k->prefix && k->param_count == 1)) {
        k->strange = true;
        return false;
    }
    return csi_ends(k, c, out);
}

static bool more_ss3(struct keys *k, unsigned char c, struct key *out)
{
    if (c < 0x20 || c >= 0x7f) {
        swallow(k);
        return keys_take(k, c, out);
    }
    k->count++;
    if (param(k, c))
        return false;
    if (c == 'M')
        return give(k, K_ENTER, 0, out); /* of the keypad */
    return give(k, keys_by_letter(c), mods_of(k, k->param_count ? k->param_count - 1 : 0), out);
}

static bool more_string(struct keys *k, unsigned char c, struct key *out)
{
    if (k->state == KEYS_STRING_ESC) {
        swallow(k);
        if (c == '\\')
            return false;
        k->state = KEYS_ESC; /* no end of a string: a new sequence, as terminals have it */
        return keys_take(k, c, out);
    }
    if (k->count < UINT32_MAX)
        k->count++;
    if (c == 0x07 || c == 0x18 || c == 0x1a)
        return swallow(k);
    if (c == ESC)
        k->state = KEYS_STRING_ESC;
    return false;
}

static void paste_add(struct keys *k, unsigned char c)
{
    if (k->paste.len < KEYS_PASTE_MAX)
        buf_add_octet(&k->paste, c);
    else
        k->paste_dropped++;
}

static bool more_paste(struct keys *k, unsigned char c, struct key *out)
{
    static const unsigned char end[] = "\x1b[201~";

    if (c == end[k->paste_match]) {
        if (++k->paste_match == sizeof(end) - 1)
            return give(k, K_PASTE, 0, out);
        return false;
    }
    for (unsigned i = 0; i < k->paste_match; i++)
        paste_add(k, end[i]);
    k->paste_match = c == ESC;
    if (!k->paste_match)
        paste_add(k, c);
    return false;
}

bool keys_take(struct keys *k, unsigned char c, struct key *out)
{
    if (k->quoted && k->state == KEYS_GROUND) {
        k->quoted = false;
        if (c < 0x80)
            return give_char(k, c, 0, out);
    }
    switch (k->state) {
    case KEYS_GROUND:
        return ground(k, c, out);
    case KEYS_UTF8:
        return more_utf8(k, c, out);
    case KEYS_ESC:
        return after_esc(k, c, out);
    case KEYS_CSI:
        return more_csi(k, c, out);
    case KEYS_CSI_LINUX:
        if (c < 0x20 || c >= 0x7f)
            break;
        return give(k, c >= 'A' && c <= 'E' ? (enum key_code)(K_F1 + (c - 'A')) : K_NONE, 0, out);
    case KEYS_CSI_X10:
        return ++k->count == 3 ? swallow(k) : false;
    case KEYS_SS3:
        return more_ss3(k, c, out);
    case KEYS_STRING:
    case KEYS_STRING_ESC:
        return more_string(k, c, out);
    case KEYS_PASTE:
        return more_paste(k, c, out);
    }
    swallow(k);
    return keys_take(k, c, out);
}

enum keys_wait keys_waiting(const struct keys *k)
{
    switch (k->state) {
    case KEYS_GROUND:
        return KEYS_WAIT_NONE;
    case KEYS_PASTE:
        return KEYS_WAIT_LONG;
    default:
        return KEYS_WAIT_SHORT;
    }
}

bool keys_late(struct keys *k, struct key *out)
{
    switch (k->state) {
    case KEYS_ESC:
        return give(k, K_ESC, 0, out);
    case KEYS_CSI:
    case KEYS_SS3:
    case KEYS_STRING:
        if (k->count)
            break;
        k->alt = true;
        return give_char(k,
                         k->state == KEYS_CSI   ? '['
                         : k->state == KEYS_SS3 ? 'O'
                                                : k->opener,
                         0, out);
    case KEYS_PASTE:
        return give(k, K_PASTE, 0, out);
    default:
        break;
    }
    return swallow(k);
}

void keys_quote(struct keys *k)
{
    k->quoted = true;
}
