#include "view/item_rows.h"

#include "view/wrap.h"

/* Columns that times take at the right edge: "2 min 5 s" and a blank on both sides. */
#define TIME_COLS 11
/* Below this a time would take the place of what was said. */
#define TIME_MIN_COLS 60
#define NARROW        40

bool item_has_times(const struct dialogue_look *look)
{
    return look->times && look->cols >= TIME_MIN_COLS;
}

unsigned item_narrow(const struct item *it, unsigned col)
{
    return it->look->cols < NARROW ? (col + 1) / 2 : col;
}

unsigned item_room(const struct item *it, unsigned col, bool beside_time)
{
    unsigned taken = col + (beside_time && item_has_times(it->look) ? TIME_COLS : 1);

    return it->look->cols > taken ? it->look->cols - taken : 1;
}

enum marks_flags item_marks(const struct item *it)
{
    return it->look->ascii ? MARKS_ASCII : 0;
}

struct item_lead item_lead(struct item *it, unsigned col, enum style style, const char *text)
{
    struct item_lead lead = { it->text.text.len, strlen(text), col };

    styled_add_text(&it->text, style, text);
    return lead;
}

void item_row_add(struct item *it, const struct item_lead *lead, unsigned col, size_t from,
                  size_t len)
{
    struct item_row *row;

    if (it->count == ITEM_ROWS_MAX)
        return;
    row = &it->at[it->count++];
    *row = (struct item_row){ .from = (uint32_t)from, .len = (uint32_t)len, .col = (uint16_t)col };
    if (lead) {
        row->lead = (uint32_t)lead->from;
        row->lead_len = (uint32_t)lead->len;
        row->lead_col = (uint16_t)lead->col;
    }
}

void item_blank(struct item *it)
{
    item_row_add(it, NULL, 0, it->text.text.len, 0);
}

bool item_rows_add(struct item *it, const struct item_lead *lead, unsigned col, size_t from,
                   unsigned cols, unsigned most)
{
    struct span text = span_from(buf_span(&it->text.text), from);
    struct wrap_row row;
    size_t at = 0;

    for (unsigned n = 0; wrap_next(text, cols, &at, &row); n++) {
        if (n == most)
            return false;
        item_row_add(it, n == 0 ? lead : NULL, col, from + row.from, row.len);
    }
    return true;
}

void item_text(struct item *it, const struct item_lead *lead, unsigned col, enum style style,
               const char *text)
{
    size_t from = it->text.text.len;

    styled_add_text(&it->text, style, text);
    item_rows_add(it, lead, col, from, item_room(it, col, false), ITEM_ROWS_MAX);
}

static void add_styled(struct item *it, struct span text, size_t from, size_t to, enum style base,
                       const struct item_stretch *other)
{
    while (from < to) {
        bool inside = from >= other->from && from < other->to;
        size_t end = inside ? other->to : from < other->from ? other->from : to;

        end = end < to ? end : to;
        styled_add(&it->text, inside ? other->style : base,
                   span_first(span_from(text, from), end - from));
        from = end;
    }
}

void item_found(struct item *it, struct span text, enum style base,
                const struct item_stretch *other)
{
    struct span needle = it->look->found;
    size_t at = 0;

    while (needle.len) {
        size_t hit = span_search(text, needle, at, true);

        if (hit == SPAN_NOT_FOUND)
            break;
        add_styled(it, text, at, hit, base, other);
        styled_add(&it->text, STYLE_FOUND, span_first(span_from(text, hit), needle.len));
        at = hit + needle.len;
    }
    add_styled(it, text, at, text.len, base, other);
}
