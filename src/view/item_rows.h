/*
 * The rows of one item: adding text to it, broken at the pane's width. Private to item.c.
 */
#ifndef VIEW_ITEM_ROWS_H
#define VIEW_ITEM_ROWS_H
#include "base/marks.h"
#include "view/item.h"

/* What stands in front of the next row that is added. */
struct item_lead {
    size_t from, len;
    unsigned col;
};

/* A stretch of a line that is drawn in another style than the rest. */
struct item_stretch {
    size_t from, to;
    enum style style;
};

bool item_has_times(const struct dialogue_look *look);
/* A column, or one further left in a narrow pane. */
unsigned item_narrow(const struct item *it, unsigned col);
/* Cells for text that starts in `col`; one stays free at the edge. */
unsigned item_room(const struct item *it, unsigned col, bool beside_time);
enum marks_flags item_marks(const struct item *it);
struct item_lead item_lead(struct item *it, unsigned col, enum style style, const char *text);
/* One row: a part of the text. lead: what stands in front; NULL: nothing. */
void item_row_add(struct item *it, const struct item_lead *lead, unsigned col, size_t from,
                  size_t len);
void item_blank(struct item *it);
/* Breaks what was added to the text since `from` into rows, at most `most` of them. False:
 * there would be more. */
bool item_rows_add(struct item *it, const struct item_lead *lead, unsigned col, size_t from,
                   unsigned cols, unsigned most);
/* A paragraph of our own words. */
void item_text(struct item *it, const struct item_lead *lead, unsigned col, enum style style,
               const char *text);
/* Text that is safe already, in its styles, with what is searched for standing out. */
void item_found(struct item *it, struct span text, enum style base,
                const struct item_stretch *other);

#endif
