#include "view/header.h"

#include <criterion/criterion.h>

static void take_all(struct header *h, const char *text)
{
    struct span rest = span_of(text), line;

    while (rest.len) {
        line = span_cut(rest, '\n', &rest);
        header_take(h, line);
    }
}

#define expect_value(h, field, want)                                                               \
    cr_expect(span_eq(header_value(&(h), field), span_of(want)), "%.*s",                           \
              SPAN_ARG(header_value(&(h), field)))

Test(header, tells_fields_from_the_empty_line_and_the_body)
{
    struct header h = { 0 };

    cr_expect_eq(header_take(&h, SPAN("From: a@b")), HEADER_LINE_FIELD);
    cr_expect_eq(header_take(&h, SPAN("X-Other : obsolete blank")), HEADER_LINE_FIELD);
    cr_expect_eq(header_take(&h, SPAN("\tfolded")), HEADER_LINE_FIELD);
    cr_expect_eq(header_take(&h, SPAN("")), HEADER_LINE_EMPTY);
    cr_expect_eq(header_take(&h, SPAN("To: me")), HEADER_LINE_BODY);
    cr_expect_eq(header_take(&h, SPAN("")), HEADER_LINE_BODY);
    cr_expect(!h.none && !h.unparted && h.has[HEADER_FROM] && !h.has[HEADER_TO]);
    header_release(&h);
}

static const struct {
    const char *name, *text;
    bool none, unparted;
    enum header_place place;
} shapes[] = {
    { "nothing yet", "", false, false, HEADER_START },
    { "no header", "Do you like ketchup?\n", true, false, HEADER_OVER },
    { "no header, colon later", "Do you: like it?\n", true, false, HEADER_OVER },
    { "no name before the colon", ": x\n", true, false, HEADER_OVER },
    { "first line empty", "\n", true, false, HEADER_OVER },
    { "first line folded", " x: y\n", true, false, HEADER_OVER },
    { "8-bit name", "S\xc3\xbcjet: x\n", true, false, HEADER_OVER },
    { "runs into the text", "Subject: x\nDear Bob,\n", false, true, HEADER_OVER },
    { "still going on", "Subject: x\n more\n", false, false, HEADER_INSIDE },
};

Test(header, knows_its_shapes)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct header h = { 0 };

        if (shapes[i].text[0] == '\n')
            header_take(&h, SPAN(""));
        else
            take_all(&h, shapes[i].text);
        cr_expect_eq(h.none, shapes[i].none, "%s", shapes[i].name);
        cr_expect_eq(h.unparted, shapes[i].unparted, "%s", shapes[i].name);
        cr_expect_eq(h.place, shapes[i].place, "%s", shapes[i].name);
        header_release(&h);
    }
}

Test(header, unfolds_and_joins_fields)
{
    struct header h = { 0 };

    take_all(&h, "SUBJECT:lunch\n  and more \nto: a@b,\n\tc@d\nX-To: e@f\n g@h\nTo: i@j\nDate:\n");
    expect_value(h, HEADER_SUBJECT, "lunch and more");
    expect_value(h, HEADER_TO, "a@b, c@d, i@j");
    expect_value(h, HEADER_DATE, "");
    cr_expect(h.has[HEADER_DATE] && !h.has[HEADER_FROM]);
    cr_expect(header_names(&h, HEADER_TO, SPAN("c@D")));
    cr_expect_not(header_names(&h, HEADER_TO, SPAN("e@f")));
    header_release(&h);
}

Test(header, keeps_a_bounded_part_of_a_field_without_end)
{
    struct header h = { 0 };

    header_take(&h, SPAN("To: a@b"));
    for (unsigned i = 0; i < 20000; i++)
        header_take(&h, SPAN(" xxxxxxxxxxxxxxxxxxxxxxxx"));
    cr_expect_eq(header_value(&h, HEADER_TO).len, HEADER_FIELD_MAX);
    header_release(&h);
}

static const struct {
    const char *name, *value, *want; /* addresses, each followed by a blank */
} lists[] = {
    { "bare", "a@b", "a@b " },
    { "several", "a@b, c@d ,e@f", "a@b c@d e@f " },
    { "display name", "Alice Smith <a@b>", "a@b " },
    { "quoted name with a comma and a quote", "\"Smith, \\\"Al\\\" <x@y>\" <a@b>, c@d",
      "a@b c@d " },
    { "comments", "(work (or home), maybe) a@b (x@y)", "a@b " },
    { "quoted local part", "\"a b\"@c", "\"a b\"@c " },
    { "group", "friends: a@b, Bob <c@d>; e@f", "a@b c@d e@f " },
    { "empty group", "undisclosed-recipients:;", "" },
    { "address literal", "a@[IPv6:::1], b@[127.0.0.1]", "a@[IPv6:::1] b@[127.0.0.1] " },
    { "colon and comma inside brackets", "<@x,@y:a@b>", "@x,@y:a@b " },
    { "no address at all", "Bob", "" },
    { "blanks in brackets", "Bob < a@b >", "a@b " },
    { "bracket not closed", "Bob <a@b", "a@b " },
    { "quote not closed: all of it", "\"Bob <a@b>, c@d", "\"Bob <a@b>, c@d " },
    { "comment not closed", "a@b (home", "a@b " },
    { "backslash at the end", "\"x\\", "" },
    { "only commas", ",,,", "" },
    { "empty", "", "" },
};

Test(header, finds_the_addresses_of_a_list)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct span rest = span_of(lists[i].value), address;
        struct buf got = { 0 };

        while (header_address(&rest, &address)) {
            buf_add(&got, address);
            buf_add_text(&got, " ");
        }
        cr_expect_str_eq(buf_text(&got), lists[i].want, "%s: %s", lists[i].name, buf_text(&got));
        buf_release(&got);
    }
}
