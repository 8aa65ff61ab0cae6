/* Values by their rows: read, refused with what they must be, printed, and made into a manual. */
#include "base/rows.h"

#include "support/shop.h"
#include "support/table.h"

static const struct value {
    const char *key, *text;
    const char *printed; /* NULL: refused */
    const char *why;     /* what the refusal says */
} values[] = {
    { "name", "bakery", "bakery", "" },
    { "name", "two words", NULL, "'name' must be a word of letters, not 'two words'" },
    { "name", "", NULL, "'name' must be a word of letters, not ''" },
    { "shelves", "0", "0", "" },
    { "shelves", "18446744073709551615", "18446744073709551615", "" },
    { "shelves", "18446744073709551616", NULL,
      "'shelves' must be a whole number, not '18446744073709551616'" },
    { "shelves", "25o", NULL, "'shelves' must be a whole number, not '25o'" },
    { "shelves", "-1", NULL, "'shelves' must be a whole number, not '-1'" },
    { "shelves", "1.5", NULL, "'shelves' must be a whole number, not '1.5'" },
    { "staff", "9", "9", "" },
    { "staff", "10", NULL, "'staff' must be a whole number from 0 to 9, not '10'" },
    { "space", "512", "512", "" },
    { "space", "511", NULL,
      "'space' must be a number of octets, such as 512, 10k or 5M, from 512 to 1G, not '511'" },
    { "space", "10k", "10k", "" },
    { "space", "10 KiB", "10k", "" },
    { "space", "1536", "1536", "" },
    { "space", "1.5k", "1536", "" },
    { "space", "1G", "1G", "" },
    { "space", "2G", NULL,
      "'space' must be a number of octets, such as 512, 10k or 5M, from 512 to 1G, not '2G'" },
    { "space", "10x", NULL,
      "'space' must be a number of octets, such as 512, 10k or 5M, from 512 to 1G, not '10x'" },
    { "space", "k", NULL,
      "'space' must be a number of octets, such as 512, 10k or 5M, from 512 to 1G, not 'k'" },
    { "space", "99999999999999999999G", NULL,
      "'space' must be a number of octets, such as 512, 10k or 5M, from 512 to 1G, not "
      "'99999999999999999999G'" },
    { "space", "18446744073709551615G", NULL,
      "'space' must be a number of octets, such as 512, 10k or 5M, from 512 to 1G, not "
      "'18446744073709551615G'" },
    { "pause", "5s", "5s", "" },
    { "pause", "2 min", "2min", "" },
    { "pause", "120 seconds", "2min", "" },
    { "pause", "300ms", "300ms", "" },
    { "pause", "0.3s", "300ms", "" },
    { "pause", "1.5h", "90min", "" },
    { "pause", "7us", "7us", "" },
    { "pause", "48h", "2d", "" },
    { "pause", "0", "0s", "" },
    { "pause", "0s", "0s", "" },
    { "pause", "5", NULL, "'pause' must be a time, such as 300ms, 5s or 2min, not '5'" },
    { "pause", "1.2.3s", NULL, "'pause' must be a time, such as 300ms, 5s or 2min, not '1.2.3s'" },
    { "pause", "1.s", NULL, "'pause' must be a time, such as 300ms, 5s or 2min, not '1.s'" },
    { "pause", "1.1234567s", NULL,
      "'pause' must be a time, such as 300ms, 5s or 2min, not '1.1234567s'" },
    { "pause", "366d", NULL, "'pause' must be a time, such as 300ms, 5s or 2min, not '366d'" },
    { "pause", "", NULL, "'pause' must be a time, such as 300ms, 5s or 2min, not ''" },
    { "open", "No", "off", "" },
    { "open", "TRUE", "on", "" },
    { "open", "on", "on", "" },
    { "open", "1", NULL, "'open' must be on or off, not '1'" },
    { "colour", "BLUE", "blue", "" },
    { "colour", "gren", NULL,
      "'colour' must be one of red, green, blue, not 'gren' (did you mean green?)" },
    { "colour", "", NULL, "'colour' must be one of red, green, blue, not ''" },
    { "days", "wed, mon", "MON,WED", "" },
    { "days", "", "", "" },
    { "days", "MON,SUN", NULL, "'days' must be a list out of MON, TUE, WED, not 'SUN'" },
    { "keepers", "Ann,Bob", "Ann,Bob", "" },
    { "keepers", "Ann,B0b", NULL, "'keepers' must be names, not 'B0b'" },
    { "keepers", "A,B,C,D", NULL, "'keepers' has more than 3 entries" },
    { "door", "left", NULL, "'door' must be a set of keys, not 'left'" },
    { "items", "x", NULL, "'items' must be a list, not 'x'" },
    { "name", "a\x1b[2J", NULL, "'name' must be a word of letters, not 'a<ESC>[2J'" },
};

Test(rows, read_what_they_print_and_refuse_the_rest_in_words)
{
    for (size_t i = 0; i < ROWS(values); i++) {
        const struct value *v = &values[i];
        const struct row *row = rows_find(&shop_rows, span_of(v->key));
        struct buf why = { 0 }, printed = { 0 }, again = { 0 }, before = { 0 };
        struct shop shop;
        bool right;

        rows_init(&shop_rows, &shop);
        row_print(row, &shop, &before);
        right = row_read(row, &shop, span_of(v->text), &why);
        row_print(row, &shop, &printed);
        cr_expect_str_eq(buf_text(&why), v->why, "%s: %s", v->key, v->text);
        cr_expect_eq(right, v->printed != NULL, "%s: %s", v->key, v->text);
        cr_expect_str_eq(buf_text(&printed), v->printed ? v->printed : buf_text(&before), "%s: %s",
                         v->key, v->text);
        if (v->printed) {
            cr_expect(row_read(row, &shop, buf_span(&printed), &why));
            row_print(row, &shop, &again);
            cr_expect_str_eq(buf_text(&again), v->printed, "%s: %s", v->key, v->text);
        }
        rows_release(&shop_rows, &shop);
        buf_release(&why);
        buf_release(&printed);
        buf_release(&again);
        buf_release(&before);
    }
}

Test(rows, refuse_texts_that_are_too_long_or_hold_a_nul)
{
    const struct row *row = &shop_item_row[0];
    struct buf why = { 0 };
    struct shop_item item;

    rows_init(&shop_item_rows, &item);
    cr_expect(!row_read(row, &item, SPAN("123456789012345678901"), &why));
    cr_expect_str_eq(buf_text(&why), "'name' must be a text of at most 20 octets, not "
                                     "'123456789012345678901'");
    cr_expect(!row_read(row, &item, SPAN("a\0b"), &why));
    buf_clear(&why);
    cr_expect(!row_read(row, &item,
                        SPAN("1234567890123456789012345678901234567890123456789012345"
                             "678901"),
                        &why));
    cr_expect_not_null(strstr(buf_text(&why), "'12345678901234567890123456789012345678901234567890"
                                              "1234567890...'"));
    cr_expect_null(item.name);
    buf_release(&why);
    rows_release(&shop_item_rows, &item);
}

Test(rows, begin_with_their_defaults)
{
    struct shop shop;
    struct buf why = { 0 };

    rows_init(&shop_rows, &shop);
    cr_expect_str_eq(shop.name, "shop");
    cr_expect_eq(shop.shelves, 3);
    cr_expect_eq(shop.space, 10u << 20);
    cr_expect_eq(shop.staff, 0);
    cr_expect(shop.open);
    cr_expect_eq(shop.colour, 1);
    cr_expect_eq(shop.days, 3);
    cr_expect_eq(shop.door.opens, 1500000);
    for (size_t i = 0; i < shop_rows.count; i++)
        if (shop_row[i].type != ROW_MAP)
            cr_expect(row_is_default(&shop_row[i], &shop), "%s", shop_row[i].key);
    cr_expect(row_read(&shop_row[0], &shop, SPAN("bakery"), &why));
    cr_expect(row_read(&shop_row[8], &shop, SPAN("Ann"), &why));
    cr_expect(row_read(&shop_row[5], &shop, SPAN("off"), &why));
    cr_expect(!row_is_default(&shop_row[0], &shop));
    cr_expect(!row_is_default(&shop_row[8], &shop));
    cr_expect(!row_is_default(&shop_row[5], &shop));
    rows_release(&shop_rows, &shop);
    cr_expect_null(shop.name);
    buf_release(&why);
}

Test(rows, name_the_nearest_key_or_all_of_them)
{
    struct buf why = { 0 };

    rows_unknown(&shop_top, SPAN("colur"), &why);
    cr_expect_str_eq(buf_text(&why), "unknown key 'colur'; did you mean 'colour'?");
    buf_clear(&why);
    rows_unknown(&shop_door_rows, SPAN("handle"), &why);
    cr_expect_str_eq(buf_text(&why), "unknown key 'handle'; known here: opens, side");
    buf_clear(&why);
    rows_unknown(&shop_top, SPAN("zzz"), &why);
    cr_expect_str_eq(buf_text(&why), "unknown key 'zzz'; known here: shop, name, shelves, space, "
                                     "pause, staff, open, colour, days, keepers, door, items");
    cr_expect_null(rows_find(&shop_rows, SPAN("shop")));
    cr_expect_eq(rows_find(&shop_top, SPAN("NAME")), &shop_row[0]);
    buf_release(&why);
}

Test(rows, make_the_manual)
{
    struct buf out = { 0 };

    rows_manual(&shop_top, &out);
    cr_expect_not_null(strstr(buf_text(&out), "name\ta word of letters; default shop. What stands "
                                              "over the door.\n"));
    cr_expect_not_null(strstr(buf_text(&out), "door.opens\ta time, such as 300ms, 5s or 2min, "
                                              "from 0s to 1min; default 1500ms. How long it "
                                              "takes.\n"));
    cr_expect_not_null(strstr(buf_text(&out), "items.name\ta text of at most 20 octets; must be "
                                              "given. What it is called.\n"));
    buf_release(&out);
}
