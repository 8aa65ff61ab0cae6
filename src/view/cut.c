#include "view/cut.h"

#include "base/utf8.h"

/* With fewer cells, dots say less than what they displace. */
#define DOTS_MIN 8

unsigned cut_text(struct grid *g, unsigned row, unsigned col, unsigned cols, enum style style,
                  struct span text)
{
    unsigned used;

    if (cols < DOTS_MIN || utf8_cells(text) <= cols)
        return grid_text(g, row, col, cols, style, text);
    used = grid_text(g, row, col, cols - 3, style, text);
    return used + grid_text(g, row, col + used, 3, style, SPAN("..."));
}

struct span cut_groups(struct span text, unsigned cols)
{
    struct span whole = text;
    size_t at = 0, gap;

    if (utf8_cells(text) <= cols)
        return text;
    while ((gap = span_search(text, SPAN("  "), at, false)) != SPAN_NOT_FOUND) {
        if (at > 0 && utf8_cells(span_first(text, gap)) > cols)
            break;
        whole = span_first(text, gap);
        for (at = gap; at < text.len && text.at[at] == ' ';)
            at++;
    }
    return whole;
}
