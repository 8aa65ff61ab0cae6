/* YAML by rows: what is right fills the struct; all that is wrong is told at once, with its place.
 */
#include "base/yaml.h"

#include "base/mem.h"
#include "support/shop.h"
#include "support/table.h"

static const struct yaml_file file = { "shop.yaml", 0 };

static void print_shop(const struct shop *s, struct buf *out)
{
    for (size_t i = 0; i < shop_rows.count; i++) {
        if (shop_row[i].rows || row_is_default(&shop_row[i], s))
            continue;
        buf_printf(out, "%s=", shop_row[i].key);
        row_print(&shop_row[i], s, out);
        buf_add_octet(out, ' ');
    }
    if (!row_is_default(&shop_door_row[0], &s->door) || s->door.side)
        buf_printf(out, "door=%lld,%d ", (long long)s->door.opens, s->door.side);
    for (size_t i = 0; i < s->items.count; i++) {
        const struct shop_item *item = (const struct shop_item *)s->items.at + i;

        buf_printf(out, "%s:%u%s ", item->name ? item->name : "(none)", item->code,
                   item->sold ? ":sold" : "");
    }
}

/* What a text gives: the settings that are no defaults, then the complaints. */
static const struct row_of {
    const char *name, *text, *want, *complaints;
} texts[] = {
    { "one key", "name: bakery\n", "name=bakery ", "" },
    { "JSON", "{\"name\": \"bakery\", \"staff\": 2, \"open\": false}",
      "name=bakery staff=2 open=off ", "" },
    { "every type",
      "name: bakery\nshelves: 7\nspace: 1M\npause: 2 min\nstaff: 2\nopen: no\ncolour: blue\n"
      "days: [WED]\nkeepers:\n  - Ann\n  - Bob\ndoor: {opens: 2s, side: right}\n"
      "items:\n  - name: apple\n    code: 450\n  - name: pear\n    sold: yes\n",
      "name=bakery shelves=7 space=1M pause=2min staff=2 open=off colour=blue days=WED "
      "keepers=Ann,Bob door=2000000,1 apple:450 pear:200:sold ",
      "" },
    { "the short forms", "days: {MON: off, WED: on}\nkeepers: Ann\nitems:\n  - apple 300\n",
      "days=TUE,WED keepers=Ann apple:300 ", "" },
    { "under its own key", "shop:\n  name: bakery\n  items: [pear 222]\n", "name=bakery pear:222 ",
      "" },
    { "aliases", "items:\n  - &a {name: apple, sold: on}\n  - *a\nname: &n bakery\nkeepers: [*n]\n",
      "name=bakery keepers=bakery apple:200:sold apple:200:sold ", "" },
    { "comments and a marker", "# a shop\n---\nname: bakery # here\n", "name=bakery ", "" },
    { "a list that is empty", "days: []\nitems: []\nkeepers: []\n", "days= ", "" },
    { "a wrong value", "items:\n  - name: apple\n    code: 25o\n", "apple:200 ",
      "shop.yaml:3:11: 'code' must be a whole number from 200 to 599, not '25o'; for example: "
      "code: 450\n" },
    { "all mistakes at once", "nmae: x\nstaff: 12\ncolour: gren\nopen: maybe\nshelves: 4\n",
      "shelves=4 ",
      "shop.yaml:1:1: unknown key 'nmae'; did you mean 'name'?\n"
      "shop.yaml:2:8: 'staff' must be a whole number from 0 to 9, not '12'; for example: staff: 2\n"
      "shop.yaml:3:9: 'colour' must be one of red, green, blue, not 'gren' (did you mean green?); "
      "for example: colour: green\n"
      "shop.yaml:4:7: 'open' must be on or off, not 'maybe'; for example: open: yes\n" },
    { "a key twice", "staff: 1\nname: bakery\nstaff: 2\n", "name=bakery staff=1 ",
      "shop.yaml:3:1: 'staff' stands here twice; the first is in line 1\n" },
    { "a key that is missing", "items:\n  - code: 300\n", "(none):300 ",
      "shop.yaml:2:5: 'name' is missing here; for example: name: apple\n" },
    { "no value", "staff:\nname: x\n", "name=x ",
      "shop.yaml:1:7: 'staff' has no value; for example: staff: 2\n" },
    { "the wrong kinds",
      "staff: [1]\nkeepers: {a: b}\ndoor: left\nitems: {a: b}\ncolour: {red: on}\ndays: x\n", "",
      "shop.yaml:1:8: 'staff' must be a whole number from 0 to 9, not a list; for example: staff: "
      "2\n"
      "shop.yaml:2:10: 'keepers' must be names, not a set of keys; for example: keepers: [Ann, "
      "Bob]\n"
      "shop.yaml:3:7: 'door' must be a set of keys, not a text\n"
      "shop.yaml:4:8: 'items' must be a list, not a set of keys\n"
      "shop.yaml:5:9: 'colour' must be one of red, green, blue, not a set of keys; for example: "
      "colour: green\n"
      "shop.yaml:6:7: 'days' must be a list out of MON, TUE, WED, not 'x'; for example: days: "
      "MON,TUE\n" },
    { "wrong entries",
      "keepers: [A1, [x], Bob]\nitems: [[x], 5, pear x]\ndays: {MON: maybe, SUN: on, [x]: on}\n",
      "keepers=Bob (none):200 5:200 pear:200 ",
      "shop.yaml:1:11: 'keepers' must be names, not 'A1'\n"
      "shop.yaml:1:15: an entry of 'keepers' must be a text, not a list\n"
      "shop.yaml:2:9: an entry of 'items' must be a set of keys, not a list\n"
      "shop.yaml:2:14: 'code' must be a whole number from 200 to 599, not ''\n"
      "shop.yaml:2:17: 'code' must be a whole number from 200 to 599, not 'x'\n"
      "shop.yaml:3:13: a word of 'days' is on or off\n"
      "shop.yaml:3:20: 'days' must be a list out of MON, TUE, WED, not 'SUN'\n"
      "shop.yaml:3:29: a key must be a text, not a list\n" },
    { "too many entries", "items: [a 300, b 300, c 300, d 300, e 300]\n",
      "a:300 b:300 c:300 d:300 ", "shop.yaml:1:37: 'items' has more than 4 entries\n" },
    { "what no single row can say", "items:\n  - {name: a, code: 599, sold: on}\n", "a:599:sold ",
      "shop.yaml:2:5: what has the code 599 is never sold\n" },
    { "keys that are no texts", "? [a]\n: b\nname: x\n", "name=x ",
      "shop.yaml:1:3: a key must be a text, not a list\n" },
    { "nothing", "", "",
      "shop.yaml:1:1: there is nothing in it: at least one key and its value are due\n" },
    { "comments alone", "# name: x\n", "",
      "shop.yaml:1:1: there is nothing in it: at least one key and its value are due\n" },
    { "an empty document", "---\n...\n", "",
      "shop.yaml:2:1: there is nothing in it: at least one key and its value are due\n" },
    { "a text", "bakery\n", "",
      "shop.yaml:1:1: this must be a set of keys, one a line, such as shop: ..., not a text\n" },
    { "a list", "- name: x\n", "",
      "shop.yaml:1:1: this must be a set of keys, one a line, such as shop: ..., not a list\n" },
    { "two documents", "name: x\n---\nname: y\n", "",
      "shop.yaml:2:1: a second document begins here (---); there must be one\n" },
    { "no YAML", "name: [a\nopen: b\n", "",
      "shop.yaml:2:5: this is not YAML: did not find expected ',' or ']' while parsing a flow "
      "sequence\n" },
    { "a tab", "door:\n\topens: 1s\n", "",
      "shop.yaml:2:1: this is not YAML: found character that cannot start any token while scanning "
      "for the next token\n" },
    { "an alias of nothing", "name: *x\n", "",
      "shop.yaml:1:7: an alias (*name) needs its anchor (&name) above it\n" },
    { "an alias of itself", "items: &a [*a]\n", "(none):200 ",
      "shop.yaml:1:8: an entry of 'items' must be a set of keys, not a list\n" },
    { "invalid UTF-8", "name: a\xff\n", "",
      "shop.yaml:1:1: this is not YAML: octet 8 is not valid here (invalid leading UTF-8 "
      "octet)\n" },
};

static unsigned read(const char *text, size_t len, struct buf *got, struct buf *complaints)
{
    unsigned char *copy = mem_alloc(len); /* exactly sized, so that ASan sees one octet too far */
    struct shop shop;
    unsigned count;

    memcpy(copy, text, len);
    rows_init(&shop_top, &shop);
    count = yaml_read(span_make(copy, len), &file, &shop_top, &shop, complaints);
    print_shop(&shop, got);
    rows_release(&shop_top, &shop);
    mem_free(copy);
    return count;
}

Test(yaml, fills_what_is_right_and_tells_all_that_is_wrong)
{
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct buf got = { 0 }, complaints = { 0 };
        unsigned count = read(texts[i].text, strlen(texts[i].text), &got, &complaints), lines = 0;

        for (size_t k = 0; k < complaints.len; k++)
            lines += complaints.at[k] == '\n';
        cr_expect_str_eq(buf_text(&got), texts[i].want, "%s", texts[i].name);
        cr_expect_str_eq(buf_text(&complaints), texts[i].complaints, "%s", texts[i].name);
        cr_expect_eq(count, lines, "%s", texts[i].name);
        buf_release(&got);
        buf_release(&complaints);
    }
}

Test(yaml, names_the_line_in_the_file_around_it)
{
    struct yaml_file block = { "lesson.md", 40 };
    struct buf complaints = { 0 };
    struct shop shop;

    rows_init(&shop_rows, &shop);
    cr_expect_eq(
        yaml_read(SPAN("staff: x\nopen: on\nopen: on\n"), &block, &shop_rows, &shop, &complaints),
        2);
    cr_expect_str_eq(buf_text(&complaints),
                     "lesson.md:41:8: 'staff' must be a whole number from 0 to 9, not 'x'; for "
                     "example: staff: 2\n"
                     "lesson.md:43:1: 'open' stands here twice; the first is in line 42\n");
    rows_release(&shop_rows, &shop);
    buf_release(&complaints);
}

/* Texts that would cost more than they are worth. */
static void bomb(struct buf *text, int kind)
{
    switch (kind) {
    case 0: /* deep */
        buf_add_text(text, "name: ");
        buf_add_repeat(text, '[', 5000);
        break;
    case 1: /* long */
        buf_add_text(text, "name: ");
        buf_add_repeat(text, 'x', YAML_SIZE_MAX);
        break;
    case 2: /* many values */
        buf_add_text(text, "keepers: [");
        for (int i = 0; i < YAML_NODES_MAX; i++)
            buf_add_text(text, "a,");
        break;
    case 3: /* many anchors */
        buf_add_text(text, "keepers: [");
        for (int i = 0; i <= YAML_ANCHORS_MAX; i++)
            buf_printf(text, "&a%d x,", i);
        break;
    case 4: /* aliases of something long */
        buf_add_text(text, "keepers: [&a '");
        buf_add_repeat(text, 'x', 100000);
        buf_add_text(text, "'");
        for (int i = 0; i < 100; i++)
            buf_add_text(text, ",*a");
        buf_add_text(text, "]");
        break;
    default:
        for (int i = 0; i < 100; i++)
            buf_printf(text, "key%d: x\n", i);
    }
}

Test(yaml, bounds_what_a_text_may_cost)
{
    static const char *const want[] = {
        ":1:22: lists and maps stand more than 16 deep in each other\n",
        ":1:1: it has more than 262144 octets\n",
        "there are more than 20000 values in it\n",
        "there are more than 64 anchors (&name) in it\n",
        "with its aliases (*name) this becomes too much to read\n",
        "shop.yaml: and 70 more mistakes\n",
    };

    for (int kind = 0; kind < (int)ROWS(want); kind++) {
        struct buf text = { 0 }, got = { 0 }, complaints = { 0 };

        bomb(&text, kind);
        cr_expect_neq(read((const char *)text.at, text.len, &got, &complaints), 0, "%d", kind);
        cr_expect_not_null(strstr(buf_text(&complaints), want[kind]), "%d: %s", kind,
                           buf_text(&complaints));
        cr_expect(complaints.len < 16 * 1024, "%d", kind);
        buf_release(&text);
        buf_release(&got);
        buf_release(&complaints);
    }
}

Test(yaml, reads_the_example_that_the_rows_make)
{
    struct buf text = { 0 }, got = { 0 }, complaints = { 0 };

    rows_example(&shop_rows, &text);
    cr_expect_eq(read(buf_text(&text), text.len, &got, &complaints), 0, "%s\n%s",
                 buf_text(&complaints), buf_text(&text));
    cr_expect_str_eq(buf_text(&got), "pause=2min staff=2 keepers=Ann,Bob apple:450 ");
    cr_expect_not_null(strstr(buf_text(&text),
                              "# The door. (a set of keys)\ndoor:\n  # How long it takes. (a time, "
                              "such as 300ms, 5s or 2min, from 0s to 1min;\n  # default 1500ms)\n  "
                              "opens: 1500ms\n"),
                       "%s", buf_text(&text));
    buf_release(&text);
    buf_release(&got);
    buf_release(&complaints);
}
