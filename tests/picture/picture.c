#include "picture/picture.h"

#include "base/mem.h"
#include "base/utf8.h"

/* One cell, and the margin around all of them, in the drawing's units. */
#define CELL_COLS 9
#define CELL_ROWS 20
#define MARGIN    14
/* From a row's top to the line that its letters stand on. */
#define BASELINE 15

#define RULE 0x2500 /* the sign that a rule is made of */

/* Styles by name, the same ones for light and for dark pages: c0 to c15 are the terminal's colours,
 * b is bold, d dim, r reversed. Written out, as some viewers know no var(). */
#define COLOURS(paper, edge, rule, ink, dim, red, green, yellow, blue, magenta, cyan, lime)        \
    "text,rect{fill:" ink "}.page{fill:" paper ";stroke:" edge "}.r{fill:" paper                   \
    "}line{stroke:" rule "}.d{fill:" dim "}\n.c1,.c9{fill:" red "}.c2{fill:" green                 \
    "}.c3,.c11{fill:" yellow "}.c4,.c12{fill:" blue "}.c5,.c13{fill:" magenta                      \
    "}.c6,.c14{fill:" cyan "}.c10{fill:" lime "}\n"
static const char style[] =
    "<style>\n"
    "text{font:15px ui-monospace,'DejaVu Sans "
    "Mono',Menlo,Consolas,monospace}.b{font-weight:bold}\n" COLOURS(
        "#fbfaf7", "#d5d2ca", "#b9b5ab", "#2b2f36", "#6d6d72", "#b3261e", "#1b7340", "#8a5a00",
        "#2f5fb3", "#7d3f98", "#0b6e80",
        "#3c7d12") "@media (prefers-color-scheme:dark){\n" COLOURS("#1d2027", "#3a3f4a", "#4d535f",
                                                                   "#d8d9da", "#8f959f", "#f2827a",
                                                                   "#7cc98f", "#e0b25c", "#8fb2f0",
                                                                   "#cda0e0", "#6cc5d4",
                                                                   "#b5d774") "}\n</style>\n";

static void add_escaped(struct buf *out, uint32_t code)
{
    unsigned char octets[4];

    if (code == '<')
        buf_add_text(out, "&lt;");
    else if (code == '>')
        buf_add_text(out, "&gt;");
    else if (code == '&')
        buf_add_text(out, "&amp;");
    else
        buf_add(out, span_make(octets, utf8_encode(code, octets)));
}

static bool blank(const struct terminal_cell *cell)
{
    return !cell->code || cell->code == ' ';
}

static bool alike(const struct terminal_cell *a, const struct terminal_cell *b)
{
    return a->bold == b->bold && a->dim == b->dim && a->reverse == b->reverse &&
           a->coloured == b->coloured && a->colour == b->colour &&
           (a->code == RULE) == (b->code == RULE);
}

static void add_class(const struct terminal_cell *cell, struct buf *out)
{
    struct buf names = { 0 };

    if (cell->bold)
        buf_add_text(&names, " b");
    if (cell->reverse)
        buf_add_text(&names, " r");
    else if (cell->coloured)
        buf_printf(&names, " c%u", (unsigned)cell->colour);
    else if (cell->dim)
        buf_add_text(&names, " d");
    if (names.len)
        buf_printf(out, " class=\"%s\"", buf_text(&names) + 1);
    buf_release(&names);
}

static void add_rule(unsigned row, unsigned col, unsigned end, struct buf *out)
{
    buf_printf(out, "<line x1=\"%u\" x2=\"%u\" y1=\"%u.5\" y2=\"%u.5\"/>\n",
               MARGIN + col * CELL_COLS, MARGIN + end * CELL_COLS,
               MARGIN + row * CELL_ROWS + CELL_ROWS / 2, MARGIN + row * CELL_ROWS + CELL_ROWS / 2);
}

/* Cells of one look without a gap between them. */
static void add_piece(const struct terminal_cell *cells, unsigned row, unsigned col, unsigned end,
                      struct buf *out)
{
    if (cells[col].code == RULE) {
        add_rule(row, col, end, out);
        return;
    }
    buf_printf(out, "<text x=\"%u\" y=\"%u\" textLength=\"%u\" lengthAdjust=\"spacingAndGlyphs\"",
               MARGIN + col * CELL_COLS, MARGIN + row * CELL_ROWS + BASELINE,
               (end - col) * CELL_COLS);
    add_class(&cells[col], out);
    buf_add_octet(out, '>');
    for (; col < end; col++)
        add_escaped(out, cells[col].code ? cells[col].code : ' ');
    buf_add_text(out, "</text>\n");
}

/* Where the piece that starts at col ends: another look, or two blanks. */
static unsigned piece_end(const struct terminal_cell *cells, unsigned col, unsigned cols)
{
    unsigned end = col + 1;

    while (end < cols && alike(&cells[col], &cells[end]) &&
           !(blank(&cells[end]) && (end + 1 == cols || blank(&cells[end + 1]))))
        end++;
    while (blank(&cells[end - 1]))
        end--;
    return end;
}

static void add_reversed(const struct terminal_cell *cells, unsigned row, unsigned cols,
                         struct buf *out)
{
    for (unsigned col = 0, end; col < cols; col = end) {
        end = col + 1;
        if (!cells[col].reverse)
            continue;
        while (end < cols && cells[end].reverse)
            end++;
        buf_printf(out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"/>\n",
                   MARGIN + col * CELL_COLS, MARGIN + row * CELL_ROWS, (end - col) * CELL_COLS,
                   CELL_ROWS);
    }
}

static void add_row(struct terminal *t, unsigned row, unsigned cols, struct buf *out)
{
    struct terminal_cell *cells = mem_zero(cols, sizeof *cells);

    for (unsigned col = 0; col < cols; col++)
        terminal_cell(t, row, col, &cells[col]);
    add_reversed(cells, row, cols, out);
    for (unsigned col = 0; col < cols;) {
        unsigned end = blank(&cells[col]) ? col + 1 : piece_end(cells, col, cols);

        if (!blank(&cells[col]))
            add_piece(cells, row, col, end, out);
        col = end;
    }
    mem_free(cells);
}

void picture_draw(struct terminal *t, unsigned rows, unsigned cols, const char *title,
                  const char *words, struct buf *out)
{
    unsigned width = cols * CELL_COLS + 2 * MARGIN, height = rows * CELL_ROWS + 2 * MARGIN;
    unsigned row, col;

    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" width=\"%u\" "
               "height=\"%u\" role=\"img\" aria-labelledby=\"title words\">\n"
               "<title id=\"title\">%s</title>\n<desc id=\"words\">%s</desc>\n%s"
               "<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%u\" height=\"%u\" rx=\"8\"/>\n",
               width, height, width, height, title, words, style, width - 1, height - 1);
    for (row = 0; row < rows; row++)
        add_row(t, row, cols, out);
    terminal_cursor(t, &row, &col);
    buf_printf(out,
               "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" opacity=\"0.6\"/>\n</svg>\n",
               MARGIN + col * CELL_COLS, MARGIN + row * CELL_ROWS + 1, CELL_COLS, CELL_ROWS - 2);
}
