/*
 * Rows for tests: a shop, with a setting of each type. Nothing of a mail server, so that these
 * tests say what rows and YAML do, and not what is set with them.
 */
#ifndef TESTS_SHOP_H
#define TESTS_SHOP_H
#include "base/clock.h"
#include "base/rows.h"

struct shop_item {
    char *name;
    unsigned code;
    bool sold;
};
struct shop_door {
    int64_t opens;
    int side;
};
struct shop {
    char *name;
    uint64_t shelves, space;
    int64_t pause;
    unsigned staff;
    bool open;
    int colour;
    unsigned days;
    struct row_texts keepers;
    struct shop_door door;
    struct row_list items;
};

/* "NAME CODE" */
static inline bool shop_item_line(void *target, struct span text, struct buf *why);
static inline bool shop_item_check(void *target, struct buf *why);
static inline bool shop_is_word(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.at[i]))
            return false;
    return text.len > 0;
}

static const struct row shop_item_row[] = {
    { "name", ROW_TEXT, ROW_FIELD(struct shop_item, name), "What it is called.", .example = "apple",
      .required = true, .max = 20 },
    { "code", ROW_NUMBER, ROW_FIELD(struct shop_item, code), "Its number.", .fallback = "200",
      .example = "450", .min = 200, .max = 599 },
    { "sold", ROW_BOOL, ROW_FIELD(struct shop_item, sold), "It is gone.", .fallback = "off" },
};
static const struct rows shop_item_rows = { shop_item_row, 3, sizeof(struct shop_item),
                                            .line = shop_item_line, .check = shop_item_check };
static const struct row shop_door_row[] = {
    { "opens", ROW_DURATION, ROW_FIELD(struct shop_door, opens), "How long it takes.",
      .fallback = "1500ms", .max = 60 * (uint64_t)CLOCK_SECOND },
    { "side", ROW_CHOICE, ROW_FIELD(struct shop_door, side), "Where it is.", .fallback = "left",
      .words = "left|right|behind" },
};
static const struct rows shop_door_rows = { shop_door_row, 2, sizeof(struct shop_door) };
static const struct row shop_row[] = {
    { "name", ROW_TEXT, ROW_FIELD(struct shop, name), "What stands over the door.",
      .fallback = "shop", .must = "a word of letters", .check = shop_is_word },
    { "shelves", ROW_NUMBER, ROW_FIELD(struct shop, shelves), "How many.", .fallback = "3" },
    { "space", ROW_OCTETS, ROW_FIELD(struct shop, space), "Room on them.", .fallback = "10M",
      .min = 512, .max = 1u << 30 },
    { "pause", ROW_DURATION, ROW_FIELD(struct shop, pause), "At noon.", .example = "2min" },
    { "staff", ROW_NUMBER, ROW_FIELD(struct shop, staff), "People.", .example = "2", .max = 9 },
    { "open", ROW_BOOL, ROW_FIELD(struct shop, open), "Today.", .fallback = "yes" },
    { "colour", ROW_CHOICE, ROW_FIELD(struct shop, colour), "Of the door.", .fallback = "green",
      .words = "red|green|blue" },
    { "days", ROW_SET, ROW_FIELD(struct shop, days), "When.", .fallback = "MON,TUE",
      .words = "MON|TUE|WED|" },
    { "keepers", ROW_TEXTS, ROW_FIELD(struct shop, keepers), "Who.", .example = "[Ann, Bob]",
      .max = 3, .must = "names", .check = shop_is_word },
    { "door", ROW_MAP, ROW_FIELD(struct shop, door), "The door.", .rows = &shop_door_rows },
    { "items", ROW_LIST, ROW_FIELD(struct shop, items), "What there is to buy, one entry for each.",
      .rows = &shop_item_rows, .max = 4 },
};
static const struct rows shop_rows = { shop_row, 11, sizeof(struct shop) };

/* The same, which may stand under `shop:`, too. */
static const struct row shop_top_row[] = {
    { "shop", ROW_MAP, .at = 0, .size = sizeof(struct shop), .help = "The one shop.",
      .rows = &shop_rows },
};
static const struct rows shop_top = { shop_top_row, 1, sizeof(struct shop), .also = &shop_rows };

static inline bool shop_item_line(void *target, struct span text, struct buf *why)
{
    struct span code, name = span_cut(text, ' ', &code);

    return row_read(&shop_item_row[0], target, name, why) &&
           row_read(&shop_item_row[1], target, code, why);
}

static inline bool shop_item_check(void *target, struct buf *why)
{
    struct shop_item *item = target;

    if (!item->sold || item->code != 599)
        return true;
    buf_add_text(why, "what has the code 599 is never sold");
    return false;
}

#endif
