/*
 * The console's own words. They take the place of what the last line means, with that of the
 * server's inside where they need it, or of the footer, until the next key that acts; what is
 * longer becomes a page.
 */
#include "base/utf8.h"
#include "tui/inner.h"
#include "view/signs.h"
#include "view/wrap.h"

void notice_clear(struct tui *t)
{
    if (!t->notice.text.len)
        return;
    styled_clear(&t->notice);
    tui_ask_draw(t, DRAW_ALL);
}

/* The first words since the last key take the place of older ones. */
static void begin(struct tui *t, bool brief)
{
    if (!t->notice_said)
        styled_clear(&t->notice);
    t->notice_said = true;
    t->notice_brief = brief;
    tui_ask_draw(t, DRAW_ALL);
}

void notice_add(struct tui *t, const struct styled *text)
{
    begin(t, false);
    styled_append(&t->notice, text);
}

void notice_say(struct tui *t, bool brief, const char *format, ...)
{
    struct buf text = { 0 };
    va_list args;

    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    begin(t, brief);
    styled_add(&t->notice, STYLE_NOTE, buf_span(&text));
    styled_add_text(&t->notice, STYLE_PLAIN, "\n");
    buf_release(&text);
}

/* Without the line feed at its end, which would count as one more row. */
static struct span words(const struct tui *t)
{
    struct span text = buf_span(&t->notice.text);

    while (text.len && text.at[text.len - 1] == '\n')
        text.len--;
    return text;
}

static void draw_rows(struct tui *t, struct rect where)
{
    struct wrap_row row;
    size_t at = 0;

    grid_clear(&t->grid, where);
    for (unsigned i = 0; i < where.rows; i++) {
        if (!wrap_next(words(t), where.cols > 2 ? where.cols - 2 : 1, &at, &row))
            break;
        grid_slice(&t->grid, where.row + i, where.col + 1, where.cols - 1, &t->notice, row.from,
                   row.len);
    }
}

/* The rule above the meaning bears another heading meanwhile. */
static void draw_heading(struct tui *t, struct rect where)
{
    unsigned row = where.row - 1, col = where.col + 2;

    while (col < where.col + where.cols) {
        uint32_t c = grid_at(&t->grid, row, col)->chars[0];

        if (c == SIGN_RULE_CODE || c == SIGN_RULE_FOCUS_CODE ||
            (c == (uint32_t)sign_twin(SIGN_RULE_CODE) && t->o.ascii))
            break;
        grid_fill(&t->grid, row, col, 1, STYLE_DIM,
                  t->o.ascii ? (uint32_t)sign_twin(SIGN_RULE_CODE) : SIGN_RULE_CODE);
        col++;
    }
    grid_text(&t->grid, row, where.col + 2, where.cols - 2, STYLE_PLAIN, SPAN(" smtpscope says "));
}

/* What the last line means, and what the server is inside when that alone is not enough. */
static struct rect place(const struct tui *t, unsigned rows)
{
    struct rect meaning = t->spots.meaning, inside = t->spots.inside;
    bool above = inside.rows && meaning.rows && inside.row + inside.rows + 1 == meaning.row &&
                 inside.cols == meaning.cols;

    if (rows <= meaning.rows || !above)
        return meaning;
    inside.rows += 1 + meaning.rows;
    return inside;
}

bool notice_draw(struct tui *t)
{
    struct rect where, footer = t->spots.footer;
    unsigned rows;

    if (!t->notice.text.len)
        return true;
    rows = wrap_text(words(t), t->cols > 2 ? t->cols - 2 : 1, NULL, NULL);
    where = place(t, rows);
    if (where.rows >= rows && where.row > 0 && where.cols > 20) {
        draw_heading(t, where);
        draw_rows(t, where);
    } else if (footer.rows >= rows) {
        draw_rows(t, footer);
    } else {
        return false;
    }
    return true;
}
