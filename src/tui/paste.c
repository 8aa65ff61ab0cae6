/* CRLF, CR and LF all end a line: terminals send any of them in a paste. */
#include "tui/paste.h"

void paste_release(struct paste *p)
{
    buf_release(&p->text);
    *p = (struct paste){ 0 };
}

/* Takes one line off. */
static struct span cut_line(struct span text, struct span *rest)
{
    size_t end = 0, next;

    while (end < text.len && text.at[end] != '\r' && text.at[end] != '\n')
        end++;
    next = end + 1;
    if (end + 1 < text.len && text.at[end] == '\r' && text.at[end + 1] == '\n')
        next++;
    *rest = span_from(text, next);
    return span_first(text, end);
}

unsigned paste_count(struct span text)
{
    unsigned lines = 0;

    while (text.len) {
        cut_line(text, &text);
        lines++;
    }
    return lines;
}

void paste_hold(struct paste *p, struct span text)
{
    paste_release(p);
    while (text.len) {
        buf_add(&p->text, cut_line(text, &text));
        buf_add_octet(&p->text, '\n');
        p->lines++;
    }
}

bool paste_peek(const struct paste *p, struct span *line)
{
    struct span rest = span_from(buf_span(&p->text), p->at);

    if (!rest.len)
        return false;
    *line = span_first(rest, span_find(rest, '\n'));
    return true;
}

void paste_pass(struct paste *p)
{
    struct span line;

    if (!paste_peek(p, &line))
        return;
    p->at += line.len + 1;
    p->sent++;
}
