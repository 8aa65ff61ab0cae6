#include "base/marks.h"
#include "view/inside_fill.h"

#include <stdio.h>

/* What fits beside the value in the right column. */
#define MAILBOX_LABEL 15

static void add_or(struct buf *out, const char *text, const char *otherwise, unsigned flags)
{
    if (text)
        marks_add(out, span_of(text), flags);
    else
        buf_add_text(out, otherwise);
}

static void add_sender(struct buf *out, const struct inside *in, unsigned flags)
{
    if (in->from && !*in->from)
        buf_add_text(out, "<> (nobody: no reply is wanted)");
    else
        add_or(out, in->from, "nobody yet", flags);
}

static void add_recipients(struct buf *out, const struct inside *in, unsigned flags)
{
    add_or(out, in->to_count ? in->to[0] : NULL, "nobody yet", flags);
    if (in->to_count > 1)
        buf_printf(out, " and %u more", in->to_count - 1);
}

static void add_so_far(struct buf *out, const struct inside *in)
{
    if (!in->letter) {
        buf_add_text(out, "nothing of the letter itself");
        return;
    }
    buf_add_text(out, "header ");
    inside_count(out, in->header_lines, "line", "lines");
    buf_add_text(out, ", body ");
    inside_count(out, in->body_lines, "line", "lines");
    buf_add_text(out, ", ");
    inside_count(out, in->octets, "octet with its line end", "octets with their line ends");
}

static struct span local_part(const char *mailbox)
{
    struct span rest;

    return span_cut(span_of(mailbox), '@', &rest);
}

/* The mailbox that matters most: the letter's first local one, else the first with letters. */
static unsigned main_mailbox(const struct inside *in)
{
    for (unsigned t = 0; t < in->to_count; t++)
        for (unsigned i = 0; i < in->mailbox_count; i++)
            if (span_eq_nocase(local_part(in->to[t]), local_part(in->mailboxes[i].name)))
                return i;
    for (unsigned i = 0; i < in->mailbox_count; i++)
        if (in->mailboxes[i].letters)
            return i;
    return 0;
}

static void add_letters(struct buf *out, uint64_t letters)
{
    if (letters)
        inside_count(out, letters, "letter", "letters");
    else
        buf_add_text(out, "empty");
}

/* "Bob's mailbox"; false: the name is no ordinary word, or too long for a label. */
static bool mailbox_label(char label[MAILBOX_LABEL + 1], const char *mailbox)
{
    struct span name = local_part(mailbox);

    if (!name.len || !ascii_is_alpha(name.at[0]) || marks_plain(name, MARKS_ASCII) != name.len)
        return false;
    if (snprintf(label, MAILBOX_LABEL + 1, "%c%.*s's mailbox", ascii_upper(name.at[0]),
                 (int)name.len - 1, (const char *)name.at + 1) <= MAILBOX_LABEL)
        return true;
    return false;
}

static void add_mailbox(struct inside_pane *pane, const struct inside_mailbox *mailbox,
                        unsigned line, unsigned flags)
{
    char label[MAILBOX_LABEL + 1];
    bool named = mailbox_label(label, mailbox->name);
    struct buf *value = inside_row_add(pane, named ? label : "mailbox", line, INSIDE_RIGHT);

    if (!named) {
        struct span name = local_part(mailbox->name);

        marks_add(value, name.len ? name : span_of(mailbox->name), flags);
        buf_add_text(value, ": ");
    }
    add_letters(value, mailbox->letters);
}

static void add_other_mailboxes(struct inside_pane *pane, const struct inside *in, unsigned first,
                                unsigned line, unsigned flags)
{
    struct buf *value;

    if (in->mailbox_count < 2)
        return;
    value = inside_row_add(pane, "also here", line, INSIDE_WHOLE);
    for (unsigned i = 0; i < in->mailbox_count; i++) {
        if (i == first)
            continue;
        if (value->len)
            buf_add_text(value, ", ");
        marks_add(value, local_part(in->mailboxes[i].name), flags);
        buf_add_text(value, ": ");
        add_letters(value, in->mailboxes[i].letters);
    }
}

static void add_greeted(struct buf *out, const struct inside *in, unsigned flags)
{
    add_or(out, in->greeted, "nobody yet", flags);
    if (in->greeted)
        buf_add_text(out, in->esmtp ? ", by EHLO" : ", by HELO: no extensions");
}

void inside_fill_lab(struct inside_pane *pane, const struct inside *in, bool writing,
                     unsigned flags)
{
    unsigned first = main_mailbox(in), line = in->transaction ? 3 : 2;
    unsigned below = in->closed ? 1 : 0; /* why it is closed takes a row alone */

    buf_add_text(&pane->heading, "inside ");
    add_or(&pane->heading, in->host, "the server", flags);
    if (!writing)
        buf_add_text(&pane->heading, "  (in real life you never see this)");
    pane->basic = line;
    if (in->closed)
        marks_add(inside_row_add(pane, "closed", 0, INSIDE_WHOLE), span_of(in->closed), flags);
    else
        add_or(inside_row_add(pane, "waits for", 0, INSIDE_LEFT), in->waits, "nothing yet", flags);
    add_greeted(inside_row_add(pane, "greeted", line, INSIDE_WHOLE), in, flags);
    add_sender(inside_row_add(pane, "letter from", 1, INSIDE_LEFT), in, flags);
    add_recipients(inside_row_add(pane, "letter to", in->closed ? line + 3 : 1, INSIDE_RIGHT), in,
                   flags);
    if (in->transaction)
        add_so_far(inside_row_add(pane, "so far", 2, INSIDE_WHOLE), in);
    add_or(inside_row_add(pane, "just decided", line + 1, INSIDE_WHOLE), in->decided, "nothing yet",
           flags);
    if (in->mailbox_count)
        add_mailbox(pane, &in->mailboxes[first], below, flags);
    add_other_mailboxes(pane, in, first, line + 2, flags);
}
