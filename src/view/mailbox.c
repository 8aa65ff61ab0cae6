#include "view/mailbox.h"

#include "base/marks.h"
#include "view/header.h"
#include "view/para.h"

/* Octets of a subject that a list shows. */
#define SUBJECT_SHOWN 60

static void add_sender(struct styled *out, struct span from, unsigned marks)
{
    styled_add_text(out, STYLE_PLAIN, "from ");
    if (from.len)
        styled_add_marks(out, STYLE_CLIENT, from, marks);
    else
        styled_add_text(out, STYLE_CLIENT, "<>");
}

static void add_subject(struct styled *out, struct span octets, unsigned marks)
{
    struct header h = { 0 };
    struct span line, subject;

    while (h.place != HEADER_OVER && para_next_line(&octets, &line))
        header_take(&h, line);
    subject = header_value(&h, HEADER_SUBJECT);
    if (!subject.len) {
        styled_add_text(out, STYLE_DIM, "no subject");
    } else {
        struct span shown = para_first(subject, SUBJECT_SHOWN);

        styled_add_marks(out, STYLE_PLAIN, shown, marks);
        if (shown.len < subject.len)
            styled_add_text(out, STYLE_DIM, " ...");
    }
    header_release(&h);
}

static void add_size(struct styled *out, const struct mailbox_letter *letter)
{
    styled_printf(out, STYLE_DIM, "%llu octets", (unsigned long long)letter->octets.len);
}

void mailbox_list(struct span name, const struct mailbox_letter *letters, unsigned count,
                  bool ascii, struct styled *out)
{
    unsigned marks = ascii ? MARKS_ASCII : 0;

    styled_add_text(out, STYLE_BOLD, "mailbox ");
    styled_add_marks(out, STYLE_BOLD, name, marks);
    if (!count) {
        styled_add_text(out, STYLE_PLAIN, "  empty\n");
        return;
    }
    styled_printf(out, STYLE_PLAIN, "  %u %s\n", count, count == 1 ? "letter" : "letters");
    for (unsigned i = 0; i < count; i++) {
        styled_printf(out, STYLE_BOLD, "%3u  ", i + 1);
        add_sender(out, letters[i].from, marks);
        styled_add_text(out, STYLE_PLAIN, "  ");
        add_subject(out, letters[i].octets, marks);
        styled_add_text(out, STYLE_PLAIN, "  ");
        add_size(out, &letters[i]);
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
}

void mailbox_letter(const struct mailbox_letter *letter, unsigned number, bool ascii,
                    struct styled *out)
{
    struct span rest = letter->octets, line;
    struct header h = { 0 };
    bool body = false;

    styled_printf(out, STYLE_BOLD, "letter %u  ", number);
    add_sender(out, letter->from, ascii ? MARKS_ASCII : 0);
    styled_add_text(out, STYLE_PLAIN, ", as its envelope said  ");
    add_size(out, letter);
    styled_add_text(out, STYLE_BOLD, "\nheader\n");
    while (para_next_line(&rest, &line)) {
        enum header_line kind = header_take(&h, line);

        if (!body && kind != HEADER_LINE_FIELD) {
            if (h.none)
                styled_add_text(out, STYLE_NOTE, "  none: the letter starts with its text\n");
            styled_add_text(out, STYLE_BOLD, "body\n");
            body = true;
        }
        if (kind != HEADER_LINE_EMPTY)
            para_quote(out, PARA_ENDLESS, ascii, body ? STYLE_PLAIN : STYLE_CLIENT, line, 0);
    }
    header_release(&h);
}
