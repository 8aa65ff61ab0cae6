#include "view/faults.h"

#include "base/marks.h"

/* Blanks before the second line of a row: as wide as what stands before the fault in the first. */
#define INDENT "          "

static void add_row(const struct faults_row *row, unsigned marks, struct styled *out)
{
    enum style style = row->on ? STYLE_PLAIN : STYLE_DIM;

    styled_printf(out, row->on ? STYLE_BOLD : STYLE_DIM, " [%c] %3u  ", row->on ? 'x' : ' ',
                  row->id);
    styled_add_marks(out, row->on ? STYLE_BOLD : STYLE_DIM, row->line, marks);
    styled_add_text(out, style, "\n" INDENT);
    styled_add_marks(out, style, row->words, marks);
    styled_printf(out, STYLE_DIM, "; %s%llu of %llu\n", row->on ? "played " : "off, played ",
                  (unsigned long long)row->played, (unsigned long long)row->matched);
}

static void add_offer(const struct faults_offer *offer, unsigned marks, struct styled *out)
{
    styled_add_text(out, STYLE_DIM, "   +      ");
    styled_add_marks(out, STYLE_PLAIN, offer->line, marks);
    styled_add_text(out, STYLE_PLAIN, "\n" INDENT);
    styled_add_marks(out, STYLE_DIM, offer->what, marks);
    styled_add_text(out, STYLE_PLAIN, "\n");
}

void faults_text(const struct faults_panel *p, bool ascii, struct styled *out)
{
    unsigned marks = ascii ? MARKS_ASCII : 0;

    styled_add_text(out, STYLE_BOLD, " What goes wrong at ");
    styled_add_marks(out, STYLE_BOLD, p->server, marks);
    styled_add_text(out, STYLE_DIM, p->count ? "  (played 2 of 5: it matched 5 times)\n" : "\n");
    for (size_t i = 0; i < p->count; i++)
        add_row(&p->rows[i], marks, out);
    if (!p->count)
        styled_add_text(out, STYLE_DIM, " none: the server does what the standard says\n");
    if (p->offered && p->keys)
        styled_add_text(out, STYLE_BOLD, " Ready-made: Space adds one\n");
    else if (p->offered)
        styled_printf(out, STYLE_BOLD, " Ready-made: %s add and one of these lines\n", p->command);
    for (size_t i = 0; i < p->offered; i++)
        add_offer(&p->offers[i], marks, out);
    styled_printf(out, STYLE_NOTE, " One of your own: %s add RCPT to=bob@* times=1-2 full=452\n",
                  p->command);
    if (p->keys)
        styled_printf(out, STYLE_NOTE, " Tab writes its words for you; %s help explains them.\n",
                      p->command);
}

unsigned faults_line(const struct faults_panel *p, size_t i)
{
    unsigned offers = 1 + (p->count ? 2 * (unsigned)p->count : 1) + 1;

    return i < p->count ? 1 + 2 * (unsigned)i : offers + 2 * (unsigned)(i - p->count);
}
