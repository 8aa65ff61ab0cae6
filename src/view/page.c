#include "view/page.h"

#include "base/utf8.h"
#include "view/ladder.h"
#include "view/letter.h"
#include "view/octets.h"
#include "view/states.h"
#include "view/wrap.h"

static const char *const headings[] = {
    [PAGE_NONE] = "",
    [PAGE_TEXT] = "",
    [PAGE_LADDER] = "the ladder: who said what, and when",
    [PAGE_STATES] = "the states of the session",
    [PAGE_LETTER] = "the letter: envelope, header, body",
    [PAGE_OCTETS] = "the octets: each write, each read",
};

const char *page_heading(const struct screen *s)
{
    return s->page_heading ? s->page_heading : headings[s->page];
}

void page_hidden(const struct screen_spots *spots, struct buf *out)
{
    uint32_t shown = spots->page_top + spots->page.rows;

    if (spots->page_top)
        buf_printf(out, "%lu more above", (unsigned long)spots->page_top);
    if (shown < spots->page_rows)
        buf_printf(out, "%s%lu more below", out->len ? ", " : "",
                   (unsigned long)(spots->page_rows - shown));
}

/* Keeps the first row within bounds. */
static void set_top(const struct screen *s, struct screen_spots *spots, uint32_t rows,
                    uint32_t room)
{
    uint32_t last = rows > room ? rows - room : 0;

    spots->page_rows = rows;
    spots->page_top = s->page_top < last ? s->page_top : last;
}

/* One line of a text after the other, and the rows that it takes. */
struct line_rows {
    size_t at, from, len;
    unsigned indent; /* blanks before its text, kept when it is wrapped */
    unsigned rows;
};

static bool next_line(struct span text, unsigned cols, struct line_rows *line)
{
    struct span rest = span_from(text, line->at), here;

    if (!rest.len)
        return false;
    here = span_first(rest, span_find(rest, '\n'));
    line->from = line->at;
    line->len = here.len;
    line->at += here.len + 1;
    line->indent = 0;
    line->rows = 1;
    if (here.len <= cols)
        return true;
    while (line->indent < cols / 2 && here.at[line->indent] == ' ')
        line->indent++;
    line->rows = wrap_text(span_from(here, line->indent), cols - line->indent, NULL, NULL);
    return true;
}

uint32_t page_row(const struct styled *text, unsigned cols, unsigned line)
{
    struct line_rows at = { 0 };
    uint32_t rows = 0;

    while (line-- && next_line(buf_span(&text->text), cols, &at))
        rows += at.rows;
    return rows;
}

static void draw_line(const struct styled *text, const struct line_rows *line, uint32_t first,
                      bool mark, struct grid *g, const struct screen_spots *spots)
{
    size_t from = line->from + line->indent;
    struct span here = span_first(span_from(buf_span(&text->text), from), line->len - line->indent);
    struct rect where = spots->page;
    unsigned cols = where.cols - line->indent;
    struct wrap_row row;
    size_t at = 0;

    for (uint32_t n = first; wrap_next(here, cols, &at, &row); n++) {
        if (n < spots->page_top)
            continue;
        if (n - spots->page_top >= where.rows)
            break;
        where.row = spots->page.row + (unsigned)(n - spots->page_top);
        grid_slice(g, where.row, where.col + line->indent, cols, text, from + row.from, row.len);
        if (mark)
            grid_restyle(g, (struct rect){ where.row, where.col, 1, where.cols }, STYLE_INVERSE);
    }
}

/* Lines longer than the page is wide are wrapped; page_mark counts lines. */
static void draw_text(const struct screen *s, const struct styled *text, struct grid *g,
                      struct screen_spots *spots)
{
    struct span all = buf_span(&text->text);
    struct line_rows line = { 0 };
    uint32_t rows = 0;

    while (next_line(all, spots->page.cols, &line))
        rows += line.rows;
    set_top(s, spots, rows, spots->page.rows);
    line = (struct line_rows){ 0 };
    rows = 0;
    for (int n = 0; next_line(all, spots->page.cols, &line); n++) {
        if (rows >= spots->page_top + spots->page.rows)
            break;
        if (rows + line.rows > spots->page_top)
            draw_line(text, &line, rows, n == s->page_mark, g, spots);
        rows += line.rows;
    }
}

static void draw_ladder(const struct screen *s, struct grid *g, struct screen_spots *spots)
{
    unsigned room = spots->page.rows > 1 ? spots->page.rows - 1 : 1; /* without its head */

    set_top(s, spots, ladder_rows(s->record, s->dialogue), room);
    ladder_draw(s->record, s->dialogue, spots->page_top, s->selected, s->ascii, g, spots->page);
    spots->page_rows++; /* with it */
}

static void draw_octets(const struct screen *s, struct grid *g, struct screen_spots *spots)
{
    set_top(s, spots, octets_rows(s->record, s->dialogue), spots->page.rows);
    octets_draw(s->record, s->dialogue, spots->page_top, s->ascii, g, spots->page);
}

static void draw_made(const struct screen *s, struct grid *g, struct screen_spots *spots)
{
    uint32_t n = s->selected ? s->selected : record_lines(s->record, s->dialogue);
    unsigned cols = spots->page.cols;
    struct styled text = { 0 };
    struct observer then;

    if (s->page == PAGE_LETTER) {
        letter_text(s->record, s->dialogue, n, cols, s->ascii, &text);
    } else {
        record_state(s->record, s->dialogue, n, &then);
        states_text(then.state, then.esmtp, cols, &text);
    }
    draw_text(s, &text, g, spots);
    styled_release(&text);
}

void page_draw(const struct screen *s, struct grid *g, struct screen_spots *spots)
{
    spots->page_top = spots->page_rows = 0;
    if (s->page == PAGE_TEXT)
        draw_text(s, s->page_text, g, spots);
    else if (!s->dialogue)
        grid_text(g, spots->page.row, 1, spots->page.cols - 1, STYLE_NOTE,
                  SPAN("There is no talk yet. /connect HOST starts one."));
    else if (s->page == PAGE_LADDER)
        draw_ladder(s, g, spots);
    else if (s->page == PAGE_OCTETS)
        draw_octets(s, g, spots);
    else
        draw_made(s, g, spots);
}
