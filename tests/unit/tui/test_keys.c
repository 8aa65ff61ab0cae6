/* Keys: what terminals send, however it is cut, and what must never become text. */
#include "tui/keys.h"

#include "support/feed.h"
#include "support/table.h"

/* Keys as text: names in brackets, characters as they are, control characters as marks. */
struct reading {
    struct keys keys;
    struct buf out;
};

static void note(struct reading *r, const struct key *key)
{
    if (key->code == K_CHAR && key->mods == 0) {
        buf_add(&r->out, span_make(key->text, key->len));
        return;
    }
    buf_add_octet(&r->out, '[');
    key_name(key, &r->out);
    if (key->code == K_CLICK)
        buf_printf(&r->out, " %u,%u", key->row, key->col);
    if (key->code == K_PASTE) {
        buf_add_octet(&r->out, ' ');
        buf_add(&r->out, buf_span(&r->keys.paste));
    }
    buf_add_octet(&r->out, ']');
}

static void read_piece(void *ctx, struct span piece)
{
    struct reading *r = ctx;
    struct key key;

    for (size_t i = 0; i < piece.len; i++)
        if (keys_take(&r->keys, piece.at[i], &key))
            note(r, &key);
}

static const char *read_keys(struct reading *r, struct span octets, size_t way, bool late)
{
    struct key key;

    *r = (struct reading){ 0 };
    feed(read_piece, r, octets, way);
    if (late && keys_late(&r->keys, &key))
        note(r, &key);
    return buf_text(&r->out);
}

static void release(struct reading *r)
{
    keys_release(&r->keys);
    buf_release(&r->out);
}

static const struct {
    const char *name;
    struct span octets;
    const char *want;
} rows[] = {
    { "letters", SPAN_INIT("HELO a"), "HELO a" },
    { "Enter, as either end", SPAN_INIT("a\rb\n"), "a[Enter]b[Enter]" },
    { "Tab and Backspace, both of them", SPAN_INIT("\t\x7f\x08"), "[Tab][Backspace][Backspace]" },
    { "control letters", SPAN_INIT("\x01\x03\x1a"), "[Ctrl-A][Ctrl-C][Ctrl-Z]" },
    { "other control characters", SPAN_INIT("\x1c\x1d\x1f"), "[Ctrl-\\][Ctrl-]][Ctrl-_]" },
    { "NUL is Ctrl-Space", SPAN_INIT("\0"), "[Ctrl-@]" },
    { "two octets", SPAN_INIT("\xc3\xa9"), "\xc3\xa9" },
    { "three octets", SPAN_INIT("\xe6\xbc\xa2x"), "\xe6\xbc\xa2x" },
    { "four octets", SPAN_INIT("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
    { "a character cut short",
      SPAN_INIT("\xe6\xbc"
                "a"),
      "a" },
    { "a follower alone",
      SPAN_INIT("\x80"
                "a\xff"),
      "a" },
    { "an overlong form",
      SPAN_INIT("\xe0\x80\x80"
                "a"),
      "a" },
    { "a surrogate",
      SPAN_INIT("\xed\xa0\x80"
                "a"),
      "a" },
    { "arrows", SPAN_INIT("\x1b[A\x1b[B\x1b[C\x1b[D"), "[Up][Down][Right][Left]" },
    { "arrows of the application mode", SPAN_INIT("\x1bOA\x1bOD"), "[Up][Left]" },
    { "Home and End, five ways", SPAN_INIT("\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~"),
      "[Home][End][Home][End][Home][End]" },
    { "the other four", SPAN_INIT("\x1b[2~\x1b[3~\x1b[5~\x1b[6~"), "[Insert][Delete][PgUp][PgDn]" },
    { "F1 to F4", SPAN_INIT("\x1bOP\x1bOQ\x1bOR\x1bOS"), "[F1][F2][F3][F4]" },
    { "F1 to F5 of rxvt", SPAN_INIT("\x1b[11~\x1b[15~"), "[F1][F5]" },
    { "F1 and F5 of the Linux console", SPAN_INIT("\x1b[[A\x1b[[E"), "[F1][F5]" },
    { "none of the Linux console's", SPAN_INIT("\x1b[[Zx\x1b[[\x01"), "x[Ctrl-A]" },
    { "F6 to F12", SPAN_INIT("\x1b[17~\x1b[21~\x1b[23~\x1b[24~"), "[F6][F10][F11][F12]" },
    { "modifiers", SPAN_INIT("\x1b[1;2A\x1b[1;3A\x1b[1;5A\x1b[1;6A\x1b[5;2~"),
      "[Shift-Up][Alt-Up][Ctrl-Up][Ctrl-Shift-Up][Shift-PgUp]" },
    { "modifiers after SS3", SPAN_INIT("\x1bO5P"), "[Ctrl-F1]" },
    { "rxvt's modifiers", SPAN_INIT("\x1b[a\x1b[5$\x1b[7^\x1b[8@"),
      "[Shift-Up][Shift-PgUp][Ctrl-Home][Ctrl-Shift-End]" },
    { "Shift-Tab", SPAN_INIT("\x1b[Z"), "[Shift-Tab]" },
    { "Meta",
      SPAN_INIT("\x1b"
                "b\x1b"
                "1\x1b\x7f\x1b\r"),
      "[Alt-B][Alt-1][Alt-Backspace][Alt-Enter]" },
    { "Meta with a character beyond ASCII", SPAN_INIT("\x1b\xc3\xa9"), "[Alt-\xc3\xa9]" },
    { "Meta with Control", SPAN_INIT("\x1b\x01"), "[Ctrl-Alt-A]" },
    { "Esc before another Esc is a key", SPAN_INIT("\x1b\x1b[A"), "[Esc][Up]" },
    { "CSI u", SPAN_INIT("\x1b[99;5u\x1b[97u\x1b[233u\x1b[27u\x1b[13;2u\x1b[9;2u\x1b[127u"),
      "[Ctrl-C]a\xc3\xa9[Esc][Shift-Enter][Shift-Tab][Backspace]" },
    { "CSI u of what is no character", SPAN_INIT("\x1b[57399u\x1b[55296u\x1b[9999999u\x1b[1uz"),
      "z" },
    { "CSI u with Ctrl beyond ASCII", SPAN_INIT("\x1b[233;5uz"), "z" },
    { "modifyOtherKeys", SPAN_INIT("\x1b[27;5;99~\x1b[27;3;120~"), "[Ctrl-C][Alt-X]" },
    { "the wheel", SPAN_INIT("\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<68;9;9M"),
      "[wheel up][wheel down][wheel up]" },
    { "a click counts once", SPAN_INIT("\x1b[<0;12;3M\x1b[<0;12;3m"), "[click 2,11]" },
    { "other mouse reports", SPAN_INIT("\x1b[<2;1;1M\x1b[<35;1;1M\x1b[<0;1MX"), "X" },
    { "a click at nowhere", SPAN_INIT("\x1b[<0;0;0M"), "[click 0,0]" },
    { "an old mouse report", SPAN_INIT("\x1b[M !!x"), "x" },
    { "focus reports", SPAN_INIT("\x1b[I\x1b[Ox"), "x" },
    { "answers to questions", SPAN_INIT("\x1b[?62;1;4c\x1b[>0;276;0c\x1b[0n\x1b[?2026;2$yx"), "x" },
    { "an OSC answer, either end", SPAN_INIT("\x1b]11;rgb:0000/0000/0000\x07\x1b]10;?\x1b\\x"),
      "x" },
    { "DCS and APC", SPAN_INIT("\x1bP1+r544e=1\x1b\\\x1b_Gi=1;OK\x1b\\x"), "x" },
    { "a string that another sequence breaks off", SPAN_INIT("\x1b]11;rgb\x1b[Ax"), "[Up]x" },
    { "a sequence broken off by a control", SPAN_INIT("\x1b[12\x03x"), "[Ctrl-C]x" },
    { "a sequence broken off by Esc", SPAN_INIT("\x1b[1\x1b[Bx\x1bO\x1b[B"), "[Down]x[Down]" },
    { "more parameters than any key has", SPAN_INIT("\x1b[1;2;3;4;5;6;7;8;9;10;11;12mx"), "x" },
    { "a number past all bounds", SPAN_INIT("\x1b[99999999999999999999999999~x"), "x" },
    { "the keypad's Enter", SPAN_INIT("\x1bOM"), "[Enter]" },
    { "a paste", SPAN_INIT("\x1b[200~HELO\rMAIL\x1b[201~x"), "[paste HELO\rMAIL]x" },
    { "a paste with sequences in it", SPAN_INIT("\x1b[200~\x1b[A\x1b[201\x1b[201~"),
      "[paste \x1b[A\x1b[201]" },
    { "two pastes", SPAN_INIT("\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~"), "[paste a][paste b]" },
    { "an empty paste", SPAN_INIT("\x1b[200~\x1b[201~"), "[paste ]" },
    { "the end of no paste", SPAN_INIT("\x1b[201~x"), "x" },
};

Test(keys, are_read_the_same_however_they_are_cut)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t way = 0; way < feed_ways(rows[i].octets.len); way++) {
            struct reading r;
            const char *got = read_keys(&r, rows[i].octets, way, false);

            cr_expect_str_eq(got, rows[i].want, "%s, way %zu: got %s", rows[i].name, way, got);
            release(&r);
        }
}

static const struct {
    const char *name;
    struct span octets;
    const char *want;
    enum keys_wait wait;
} late_rows[] = {
    { "nothing held", SPAN_INIT("a"), "a", KEYS_WAIT_NONE },
    { "a lone Esc", SPAN_INIT("\x1b"), "[Esc]", KEYS_WAIT_SHORT },
    { "Alt with what begins a sequence", SPAN_INIT("\x1b["), "[Alt-[]", KEYS_WAIT_SHORT },
    { "Alt-O", SPAN_INIT("\x1bO"), "[Alt-O]", KEYS_WAIT_SHORT },
    { "Alt-]", SPAN_INIT("\x1b]"), "[Alt-]]", KEYS_WAIT_SHORT },
    { "a sequence that never ends", SPAN_INIT("\x1b[1;"), "", KEYS_WAIT_SHORT },
    { "a string that never ends", SPAN_INIT("\x1b]52;c"), "", KEYS_WAIT_SHORT },
    { "a string that ends half", SPAN_INIT("\x1b]52;c\x1b"), "", KEYS_WAIT_SHORT },
    { "half a character", SPAN_INIT("\xe6\xbc"), "", KEYS_WAIT_SHORT },
    { "a paste that never ends", SPAN_INIT("\x1b[200~abc"), "[paste abc]", KEYS_WAIT_LONG },
};

Test(keys, held_too_long_are_what_they_are)
{
    for (size_t i = 0; i < ROWS(late_rows); i++) {
        struct reading r;
        const char *got;

        read_keys(&r, late_rows[i].octets, 0, false);
        cr_expect_eq(keys_waiting(&r.keys), late_rows[i].wait, "%s", late_rows[i].name);
        release(&r);
        got = read_keys(&r, late_rows[i].octets, 0, true);
        cr_expect_str_eq(got, late_rows[i].want, "%s: got %s", late_rows[i].name, got);
        cr_expect_eq(keys_waiting(&r.keys), KEYS_WAIT_NONE, "%s", late_rows[i].name);
        release(&r);
    }
}

Test(keys, after_a_quote_are_text)
{
    static const unsigned char octets[] = { 0x03, 0x1b, '\r', 'x' };
    struct keys keys = { 0 };

    for (size_t i = 0; i < sizeof octets; i++) {
        struct key key;

        keys_quote(&keys);
        cr_expect(keys_take(&keys, octets[i], &key));
        cr_expect(key.code == K_CHAR && key.mods == 0 && key.text[0] == octets[i]);
    }
    keys_release(&keys);
}

Test(keys, of_a_paste_past_the_limit_are_counted)
{
    struct keys keys = { 0 };
    struct key key;
    bool ended = false;

    for (const char *p = "\x1b[200~"; *p; p++)
        keys_take(&keys, (unsigned char)*p, &key);
    for (size_t i = 0; i < KEYS_PASTE_MAX + 3; i++)
        keys_take(&keys, 'a', &key);
    for (const char *p = "\x1b[201~"; *p; p++)
        ended = keys_take(&keys, (unsigned char)*p, &key);
    cr_expect(ended && key.code == K_PASTE);
    cr_expect_eq(keys.paste.len, KEYS_PASTE_MAX);
    cr_expect_eq(keys.paste_dropped, 3);
    keys_release(&keys);
}

static const struct {
    struct span octets; /* as the terminal sends the key */
    struct span want;   /* as the line editor knows it */
} editor_rows[] = {
    { SPAN_INIT("a"), SPAN_INIT("a") },
    { SPAN_INIT("\x18"), SPAN_INIT("") }, /* kept from readline */
    { SPAN_INIT("\xc3\xa9"), SPAN_INIT("\xc3\xa9") },
    { SPAN_INIT("\x1bOA"), SPAN_INIT("\x1b[A") },
    { SPAN_INIT("\x1b[1~"), SPAN_INIT("\x1b[H") },
    { SPAN_INIT("\x1b[3~"), SPAN_INIT("\x1b[3~") },
    { SPAN_INIT("\x08"), SPAN_INIT("\x7f") },
    { SPAN_INIT("\n"), SPAN_INIT("\r") },
    { SPAN_INIT("\x12"), SPAN_INIT("\x12") },
    { SPAN_INIT("\x1f"), SPAN_INIT("\x1f") },
    { SPAN_INIT("\x1b"
                "f"),
      SPAN_INIT("\x1b"
                "f") },
    { SPAN_INIT("\x1b[1;5D"), SPAN_INIT("\x1b"
                                        "b") },
    { SPAN_INIT("\x1b[1;3C"), SPAN_INIT("\x1b"
                                        "f") },
    { SPAN_INIT("\x1b\x7f"), SPAN_INIT("\x1b\x7f") },
    { SPAN_INIT("\x1b\xc3\xa9"), SPAN_INIT("") },
    { SPAN_INIT("\x1b[15~"), SPAN_INIT("") },
    { SPAN_INIT("\x1b[1;5A"), SPAN_INIT("") },
};

Test(keys, have_the_octets_a_line_editor_knows)
{
    for (size_t i = 0; i < ROWS(editor_rows); i++) {
        struct keys keys = { 0 };
        struct key key = { 0 };
        unsigned char octets[8];

        for (size_t o = 0; o < editor_rows[i].octets.len; o++)
            keys_take(&keys, editor_rows[i].octets.at[o], &key);
        cr_expect(span_eq(span_make(octets, key_for_editor(&key, octets)), editor_rows[i].want),
                  "row %zu", i);
        keys_release(&keys);
    }
}
