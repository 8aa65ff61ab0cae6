/*
 * Copying by OSC 52 (xterm's ctlseqs): the terminal puts the text on the clipboard, also from
 * another machine. Nothing says whether it did, so the words do not claim it. Secrets stay masked;
 * a peer's control octets are copied as the marks they are shown as, for what is pasted into a
 * shell should do nothing there.
 */
#include "base/marks.h"
#include "message/base64.h"
#include "tui/inner.h"
#include "tui/terminal.h"

/* Octets of text: what xterm, the most careful, takes (its limit is on the encoded form). */
#define COPY_MAX ((size_t)74000)

static void send(struct tui *t, struct span text, const char *what)
{
    struct buf out = { 0 };

    buf_add_text(&out, "\x1b]52;c;");
    base64_encode(text, &out);
    buf_add_octet(&out, '\a');
    terminal_write(buf_span(&out));
    buf_release(&out);
    notice_say(t, false,
               "%s was sent to the terminal's clipboard. If it does not arrive, the "
               "terminal does not allow it: Esc, bare view, and copy with the mouse.",
               what);
}

static void add_line(struct tui *t, uint32_t n, struct buf *out)
{
    struct record_line line;

    record_line(t->o.record, t->screen.dialogue, n, 0, &line);
    buf_add_text(out, line.side == SIDE_CLIENT ? "C: " : "S: ");
    marks_add(out, line.line.head, MARKS_KEEP_TAB);
    buf_add_octet(out, '\n');
}

void copy_line(struct tui *t)
{
    uint32_t n = look_line(t);
    struct buf text = { 0 };

    if (!t->screen.dialogue || !n) {
        notice_say(t, true, "There is no line to copy yet.");
        return;
    }
    add_line(t, n, &text);
    if (text.len > COPY_MAX + 1)
        notice_say(t, false,
                   "The line is too long for the terminal's clipboard; /save FILE keeps "
                   "the dialogue whole.");
    else
        send(t, span_make(text.at + 3, text.len - 4), "The line");
    buf_release(&text);
}

void copy_dialogue(struct tui *t)
{
    struct buf text = { 0 };
    uint32_t lines = t->screen.dialogue ? record_lines(t->o.record, t->screen.dialogue) : 0;

    for (uint32_t n = 1; n <= lines && text.len <= COPY_MAX; n++)
        add_line(t, n, &text);
    if (!text.len)
        notice_say(t, true, "There is nothing to copy yet.");
    else if (text.len > COPY_MAX)
        notice_say(t, false,
                   "The dialogue is too long for the terminal's clipboard; /save FILE "
                   "keeps it whole.");
    else
        send(t, buf_span(&text), "The dialogue");
    buf_release(&text);
}
