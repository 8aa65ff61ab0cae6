#include "smtp/path.h"

#include "support/parsed.h"
#include "support/table.h"

#define T(text) SPAN_INIT(text)

/*
 * A path at the start of a text in column 1: how many octets it takes; its shape; its mistakes.
 * The shape is kind and marks, source route, local part and domain, with a bar between them.
 * Kind: - none, 0 the empty path, p postmaster, m a mailbox. Marks: < brackets, q quoted,
 * [ literal, 8 needs SMTPUTF8.
 */
static const struct row {
    struct span text;
    size_t took;
    struct span shape;
    const char *found;
} rows[] = {
    { T("<bob@x.y>"), 9, T("m<||bob|x.y"), "" },
    { T("<b.o.b+tag@x.y>"), 15, T("m<||b.o.b+tag|x.y"), "" },
    { T("<!#$%&'*+-/=?^_`{|}~@x.y>"), 25, T("m<||!#$%&'*+-/=?^_`{|}~|x.y"), "" },
    { T("<>"), 2, T("0<|||"), "" },
    { T("<postmaster>"), 12, T("p<||postmaster|"), "" },
    { T("<PostMaster>"), 12, T("p<||PostMaster|"), "" },
    { T("<postmaster@x.y>"), 16, T("m<||postmaster|x.y"), "" },
    { T("<bob@x.y> SIZE=100"), 9, T("m<||bob|x.y"), "" },
    { T("<bob@x.y>SIZE=100"), 9, T("m<||bob|x.y"), "" },
    { T("<bob@x>"), 7, T("m<||bob|x"), "" },
    { T("<bob@xn--caf-dma.fr>"), 20, T("m<||bob|xn--caf-dma.fr"), "" },
    { T("<\"bob smith\"@x.y>"), 17, T("m<q||\"bob smith\"|x.y"), "" },
    { T("<\"bob\\\"smith\"@x.y>"), 18, T("m<q||\"bob\\\"smith\"|x.y"), "" },
    { T("<\"bob\\\\\"@x.y>"), 13, T("m<q||\"bob\\\\\"|x.y"), "" },
    { T("<\"a>b\"@x.y>"), 11, T("m<q||\"a>b\"|x.y"), "" },
    { T("<\"a<b\"@x.y>"), 11, T("m<q||\"a<b\"|x.y"), "" },
    { T("<\"a@b\"@x.y>"), 11, T("m<q||\"a@b\"|x.y"), "" },
    { T("<\"a,b\"@x.y>"), 11, T("m<q||\"a,b\"|x.y"), "" },
    { T("<\"\"@x.y>"), 8, T("m<q||\"\"|x.y"), "" },
    { T("<\"bob@x.y>"), 10, T("m<||\"bob|x.y"), "BAD_LOCAL_PART 2+1" },
    { T("<\"bob\\\\\\\"@x.y>"), 14, T("m<||\"bob\\\\\\\"|x.y"), "BAD_LOCAL_PART 2+1" },
    { T("<\"bob\"smith@x.y>"), 16, T("m<q||\"bob\"smith|x.y"), "BAD_LOCAL_PART 7+5" },
    { T("<bob\"smith\"@x.y>"), 16, T("m<||bob\"smith\"|x.y"), "BAD_LOCAL_PART 5+1" },
    { T("<\"a\".\"b\"@x.y>"), 13, T("m<q||\"a\".\"b\"|x.y"), "BAD_LOCAL_PART 5+4" },
    { T("<\"y\x01z\"@x.y>"), 11, T("m<q||\"y\x01z\"|x.y"), "CONTROL_OCTET 4+1" },
    { T("<\"y\x7fz\"@x.y>"), 11, T("m<q||\"y\x7fz\"|x.y"), "CONTROL_OCTET 4+1" },
    { T("<\"a\tb\"@x.y>"), 11, T("m<q||\"a\tb\"|x.y"), "BAD_LOCAL_PART 4+1" },
    { T("<\"postmaster\">"), 14, T("m<q||\"postmaster\"|"), "NO_DOMAIN 14+0" },
    { T("<@a.b:e@f.g>"), 12, T("m<|@a.b|e|f.g"), "SOURCE_ROUTE 2+4" },
    { T("<@a.b,@c.d:e@f.g>"), 17, T("m<|@a.b,@c.d|e|f.g"), "SOURCE_ROUTE 2+9" },
    { T("<@[192.0.2.1]:e@f.g>"), 20, T("m<|@[192.0.2.1]|e|f.g"), "SOURCE_ROUTE 2+12" },
    { T("<@[IPv6:2001:db8::1],@a.b:e@f.g>"), 32, T("m<|@[IPv6:2001:db8::1],@a.b|e|f.g"),
      "SOURCE_ROUTE 2+24" },
    { T("<@a.b:\"e:e\"@f.g>"), 16, T("m<q|@a.b|\"e:e\"|f.g"), "SOURCE_ROUTE 2+4" },
    { T("<@a.b:postmaster>"), 17, T("p<|@a.b|postmaster|"), "SOURCE_ROUTE 2+4" },
    { T("<@a.b: e@f.g>"), 13, T("m<|@a.b|e|f.g"), "SOURCE_ROUTE 2+4, SPACE_IN_PATH 7+1" },
    { T("<@a.b:>"), 7, T("m<|@a.b||"), "SOURCE_ROUTE 2+4, NO_LOCAL_PART 7+0" },
    { T("<@a.b>"), 6, T("m<|||a.b"), "NO_LOCAL_PART 2+0" },
    { T("<@:e@f.g>"), 9, T("m<|@|e|f.g"), "SOURCE_ROUTE 2+1, BAD_DOMAIN 3+0" },
    { T("<@a.b,:e@f.g>"), 13, T("m<|@a.b,|e|f.g"), "SOURCE_ROUTE 2+5, BAD_DOMAIN 7+0" },
    { T("<@a.b,,@c.d:e@f.g>"), 18, T("m<|@a.b,,@c.d|e|f.g"), "SOURCE_ROUTE 2+10, BAD_DOMAIN 7+1" },
    { T("<@a.b,c.d:e@f.g>"), 16, T("m<|@a.b,c.d|e|f.g"), "SOURCE_ROUTE 2+8, BAD_DOMAIN 7+3" },
    { T("<@a.b@c.d:e@f.g>"), 16, T("m<|@a.b@c.d|e|f.g"), "SOURCE_ROUTE 2+8, BAD_DOMAIN 6+1" },
    { T("<@[bad]:e@f.g>"), 14, T("m<|@[bad]|e|f.g"), "SOURCE_ROUTE 2+6, BAD_DOMAIN 3+1" },
    { T("<@[bad:e@f.g>"), 13, T("m<||@[bad:e|f.g"), "BAD_LOCAL_PART 2+1" },
    { T("<@a_b:e@f.g>"), 12, T("m<|@a_b|e|f.g"), "SOURCE_ROUTE 2+4, BAD_DOMAIN 4+1" },
    { T("<@a\x01z:e@f.g>"), 12, T("m<|@a\x01z|e|f.g"), "SOURCE_ROUTE 2+4, CONTROL_OCTET 4+1" },
    { T("<@a\"b:c\"@f.g>"), 13, T("m<||@a\"b:c\"|f.g"), "BAD_LOCAL_PART 2+1" },
    { T("<bob@[192.0.2.1]>"), 17, T("m<[||bob|[192.0.2.1]"), "" },
    { T("<bob@[IPv6:2001:db8::1]>"), 24, T("m<[||bob|[IPv6:2001:db8::1]"), "" },
    { T("<bob@[ipv6:::1]>"), 16, T("m<[||bob|[ipv6:::1]"), "" },
    { T("<bob@[IPv6:::ffff:192.0.2.1]>"), 29, T("m<[||bob|[IPv6:::ffff:192.0.2.1]"), "" },
    { T("<bob@[tag:content]>"), 19, T("m<[||bob|[tag:content]"), "" },
    { T("<bob@[tag:a@b]>"), 15, T("m<[||bob|[tag:a@b]"), "" },
    { T("<bob@[tag:a,b]>"), 15, T("m<[||bob|[tag:a,b]"), "" },
    { T("<bob@[]>"), 8, T("m<[||bob|[]"), "BAD_LITERAL 6+2" },
    { T("<bob@[x]>"), 9, T("m<[||bob|[x]"), "BAD_LITERAL 6+3" },
    { T("<bob@[tag:]>"), 12, T("m<[||bob|[tag:]"), "BAD_LITERAL 6+6" },
    { T("<bob@[t.g:a]>"), 13, T("m<[||bob|[t.g:a]"), "BAD_LITERAL 6+7" },
    { T("<bob@[tag:a b]>"), 15, T("m<[||bob|[tag:a b]"), "SPACE_IN_PATH 12+1, BAD_LITERAL 6+9" },
    { T("<bob@[1.2.3]>"), 13, T("m<[||bob|[1.2.3]"), "BAD_LITERAL 6+7" },
    { T("<bob@[IPv6:1.2.3.4]>"), 20, T("m<[||bob|[IPv6:1.2.3.4]"), "BAD_LITERAL 6+14" },
    { T("<bob@[192.0.2.1>"), 16, T("m<[||bob|[192.0.2.1"), "BAD_LITERAL 6+10" },
    { T("<bob@[192.0.2.1"), 15, T("m[||bob|[192.0.2.1"),
      "BAD_LITERAL 6+10, BRACKET_NOT_CLOSED 16+0" },
    { T("<bob@[192.0.2.1]x>"), 18, T("m<[||bob|[192.0.2.1]x"), "BAD_LITERAL 6+12" },
    { T("<bob@192.0.2.1>"), 15, T("m<||bob|192.0.2.1"), "NO_SQUARE_BRACKETS 6+9" },
    { T("<alice>"), 7, T("m<||alice|"), "NO_DOMAIN 7+0" },
    { T("<alice@>"), 8, T("m<||alice|"), "NO_DOMAIN 8+0" },
    { T("<@crepes.fr>"), 12, T("m<|||crepes.fr"), "NO_LOCAL_PART 2+0" },
    { T("<@>"), 3, T("m<|||"), "NO_LOCAL_PART 2+0, NO_DOMAIN 3+0" },
    { T("<bob..smith@x.y>"), 16, T("m<||bob..smith|x.y"), "BAD_LOCAL_PART 6+1" },
    { T("<.bob@x.y>"), 10, T("m<||.bob|x.y"), "BAD_LOCAL_PART 2+1" },
    { T("<bob.@x.y>"), 10, T("m<||bob.|x.y"), "BAD_LOCAL_PART 5+1" },
    { T("<bob(x)@x.y>"), 12, T("m<||bob(x)|x.y"), "BAD_LOCAL_PART 5+1" },
    { T("<a@b@c>"), 7, T("m<||a@b|c"), "BAD_LOCAL_PART 3+1" },
    { T("<bob@-x.y>"), 10, T("m<||bob|-x.y"), "BAD_DOMAIN 6+1" },
    { T("<bob@x-.y>"), 10, T("m<||bob|x-.y"), "BAD_DOMAIN 7+1" },
    { T("<bob@x..y>"), 10, T("m<||bob|x..y"), "BAD_DOMAIN 8+1" },
    { T("<bob@.x.y>"), 10, T("m<||bob|.x.y"), "BAD_DOMAIN 6+1" },
    { T("<bob@x.y.>"), 10, T("m<||bob|x.y."), "BAD_DOMAIN 9+1" },
    { T("<bob@.>"), 7, T("m<||bob|."), "BAD_DOMAIN 6+1" },
    { T("<bob@x_y.z>"), 11, T("m<||bob|x_y.z"), "BAD_DOMAIN 7+1" },
    { T("<bob@x.y,>"), 10, T("m<||bob|x.y,"), "BAD_DOMAIN 9+1" },
    { T("< bob@x.y>"), 10, T("m<||bob|x.y"), "SPACE_IN_PATH 2+1" },
    { T("<bob@x.y  >"), 11, T("m<||bob|x.y"), "SPACE_IN_PATH 9+2" },
    { T("<\tbob@x.y>"), 10, T("m<||bob|x.y"), "SPACE_IN_PATH 2+1" },
    { T("< >"), 3, T("0<|||"), "SPACE_IN_PATH 2+1" },
    { T("<bob smith@x.y>"), 15, T("m<||bob smith|x.y"), "SPACE_IN_PATH 5+1" },
    { T("<bob @x.y>"), 10, T("m<||bob |x.y"), "SPACE_IN_PATH 5+1" },
    { T("<bob@x y.z>"), 11, T("m<||bob|x y.z"), "SPACE_IN_PATH 7+1" },
    { T("<bob@x.y"), 8, T("m||bob|x.y"), "BRACKET_NOT_CLOSED 9+0" },
    { T("<bob@x.y NOTIFY=NEVER"), 8, T("m||bob|x.y"), "BRACKET_NOT_CLOSED 9+0" },
    { T("<bob"), 4, T("m||bob|"), "NO_DOMAIN 5+0, BRACKET_NOT_CLOSED 5+0" },
    { T("<"), 1, T("0|||"), "BRACKET_NOT_CLOSED 2+0" },
    { T("<\"bob smith\"@x.y NOTIFY=NEVER"), 16, T("mq||\"bob smith\"|x.y"),
      "BRACKET_NOT_CLOSED 17+0" },
    { T("<bob@x.y,carol@x.y"), 8, T("m||bob|x.y"), "BRACKET_NOT_CLOSED 9+0" },
    { T("<<bob@x.y>>"), 10, T("m<||bob|x.y"), "BRACKET_NOT_CLOSED 2+0" },
    { T("Bob <<bob@x.y>>"), 14, T("m<||bob|x.y"), "DISPLAY_NAME 1+3, BRACKET_NOT_CLOSED 6+0" },
    { T("bob@x.y"), 7, T("m||bob|x.y"), "NO_BRACKETS 1+7" },
    { T("bob@x.y>"), 8, T("m||bob|x.y"), "BRACKET_NOT_OPENED 1+0" },
    { T("bob"), 3, T("m||bob|"), "NO_BRACKETS 1+3, NO_DOMAIN 4+0" },
    { T("postmaster"), 10, T("p||postmaster|"), "NO_BRACKETS 1+10" },
    { T("\"bob smith\"@x.y"), 15, T("mq||\"bob smith\"|x.y"), "NO_BRACKETS 1+15" },
    { T("bob@x.y,carol@x.y"), 7, T("m||bob|x.y"), "NO_BRACKETS 1+7" },
    { T("bob@x.y carol@x.y"), 7, T("m||bob|x.y"), "NO_BRACKETS 1+7" },
    { T("bob@x.y<carol@x.y>"), 7, T("m||bob|x.y"), "NO_BRACKETS 1+7" },
    { T("a=b@x.y"), 7, T("m||a=b|x.y"), "NO_BRACKETS 1+7" },
    { T("SIZE=100"), 0, T("-|||"), "NO_PATH 1+0" },
    { T(">"), 0, T("-|||"), "NO_PATH 1+0" },
    { T(">bob@x.y"), 0, T("-|||"), "NO_PATH 1+0" },
    { T(","), 0, T("-|||"), "NO_PATH 1+0" },
    { T("Bob <bob@x.y>"), 13, T("m<||bob|x.y"), "DISPLAY_NAME 1+3" },
    { T("\"Bob Smith\" <bob@x.y>"), 21, T("m<||bob|x.y"), "DISPLAY_NAME 1+11" },
    { T("\"Bob Smith\"<bob@x.y>"), 20, T("m<||bob|x.y"), "DISPLAY_NAME 1+11" },
    { T("Bob \"the\" Smith <bob@x.y>"), 25, T("m<||bob|x.y"), "DISPLAY_NAME 1+15" },
    { T(": <bob@x.y>"), 11, T("m<||bob|x.y"), "DISPLAY_NAME 1+1" },
    { T("Bob, x <bob@x.y>"), 3, T("m||Bob|"), "NO_BRACKETS 1+3, NO_DOMAIN 4+0" },
    { T("<bob@x.y,carol@x.y>"), 19, T("m<||bob|x.y"), "TWO_ADDRESSES 9+10" },
    { T("<bob@x.y;carol@x.y>"), 19, T("m<||bob|x.y"), "TWO_ADDRESSES 9+10" },
    { T("<bob@x.y , carol@x.y>"), 21, T("m<||bob|x.y"), "TWO_ADDRESSES 10+11" },
    { T("<bob,carol>"), 11, T("m<||bob|"), "TWO_ADDRESSES 5+6, NO_DOMAIN 5+0" },
    { T("<bob@[192.0.2.1],carol@x.y>"), 27, T("m<[||bob|[192.0.2.1]"), "TWO_ADDRESSES 17+10" },
    { T("<smith,john@x.y>"), 16, T("m<||smith,john|x.y"), "BAD_LOCAL_PART 7+1" },
    { T("<caf\xc3\xa9@x.y>"), 11, T("m<8||caf\xc3\xa9|x.y"), "" },
    { T("<\"caf\xc3\xa9\"@x.y>"), 13, T("m<q8||\"caf\xc3\xa9\"|x.y"), "" },
    { T("<bob@caf\xc3\xa9.fr>"), 14, T("m<8||bob|caf\xc3\xa9.fr"), "" },
    { T("<caf\xe9@x.y>"), 10, T("m<||caf\xe9|x.y"), "EIGHT_BIT 5+1" },
    { T("<bob@caf\xe9.fr>"), 13, T("m<||bob|caf\xe9.fr"), "EIGHT_BIT 9+1" },
    { T("<bo\x08zb@x.y>"), 11, T("m<||bo\x08zb|x.y"), "CONTROL_OCTET 4+1" },
    { T("<bob@x\x1b[D.y>"), 12, T("m<||bob|x\x1b[D.y"), "CONTROL_OCTET 7+3" },
    { T("<bob@x\x00.y>"), 10, T("m<||bob|x\x00.y"), "CONTROL_OCTET 7+1" },
    { T("\x00"), 0, T("-|||"), "NO_PATH 1+0" },
    { T("bob\x00@x.y"), 3, T("m||bob|"), "NO_BRACKETS 1+3, NO_DOMAIN 4+0" },
};

static struct span shape_of(const struct path *p, struct buf *out)
{
    static const char kinds[] = { '-', '0', 'p', 'm' };

    buf_truncate(out, 0);
    buf_printf(out, "%c%s%s%s%s|", kinds[p->kind], p->brackets ? "<" : "", p->quoted ? "q" : "",
               p->literal ? "[" : "", p->utf8 ? "8" : "");
    buf_add(out, p->route);
    buf_add_octet(out, '|');
    buf_add(out, p->local);
    buf_add_octet(out, '|');
    buf_add(out, p->domain);
    return buf_span(out);
}

/* Parses a copy of exactly its size, and tells what does not hold. */
static size_t parse(struct span text, struct path *p, struct mistakes *found, unsigned char **copy)
{
    size_t took;

    *copy = mem_alloc(text.len);
    if (text.len)
        memcpy(*copy, text.at, text.len);
    *found = (struct mistakes){ 0 };
    text = span_make(*copy, text.len);
    took = path_parse(text, 1, p, found);
    cr_expect_leq(took, text.len);
    cr_expect_null(path_fault(p, text), "%.*s: %s", SPAN_ARG(text), path_fault(p, text));
    cr_expect_null(found_fault(found, text.len), "%.*s: %s", SPAN_ARG(text),
                   found_fault(found, text.len));
    return took;
}

Test(path, is_taken_apart_and_its_mistakes_are_told)
{
    struct buf shape = { 0 }, told = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct row *row = &rows[i];
        struct mistakes found;
        unsigned char *copy;
        struct path p;
        size_t took = parse(row->text, &p, &found, &copy);

        cr_expect_eq(took, row->took, "%.*s: took %zu", SPAN_ARG(row->text), took);
        cr_expect(span_eq(shape_of(&p, &shape), row->shape), "%.*s: %s", SPAN_ARG(row->text),
                  buf_text(&shape));
        cr_expect_str_eq(found_text(&found, &told), row->found, "%.*s: %s", SPAN_ARG(row->text),
                         buf_text(&told));
        mem_free(copy);
    }
    buf_release(&shape);
    buf_release(&told);
}

Test(path, holds_together_wherever_its_text_ends)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t len = 0; len < rows[i].text.len; len++) {
            struct mistakes found;
            unsigned char *copy;
            struct path p;

            parse(span_first(rows[i].text, len), &p, &found, &copy);
            mem_free(copy);
        }
}

Test(path, columns_count_from_where_the_text_stands)
{
    struct mistakes found = { 0 };
    struct path p;

    path_parse(SPAN("<bob@x_y.z>"), 11, &p, &found);
    cr_assert_eq(found.count, 1);
    cr_expect_eq(found.at[0].column, 17);
    found = (struct mistakes){ 0 };
    cr_expect_eq(path_parse(SPAN(""), 11, &p, &found), 0);
    cr_assert_eq(found.count, 1);
    cr_expect_eq(found.at[0].mistake, MISTAKE_NO_PATH);
    cr_expect_eq(found.at[0].column, 11);
}

/* "<" local part "@" domain ">", of so many octets each; the domain's labels have 63 at most. */
static void long_path(struct buf *out, size_t local, size_t domain)
{
    buf_truncate(out, 0);
    buf_add_octet(out, '<');
    buf_add_repeat(out, 'a', local);
    buf_add_octet(out, '@');
    for (size_t i = 0; i < domain; i++)
        buf_add_octet(out, i % 64 == 63 && i + 1 < domain ? '.' : 'b');
    buf_add_octet(out, '>');
}

Test(path, has_the_lengths_of_the_standard)
{
    static const struct {
        size_t local, domain;
        const char *found;
    } lengths[] = {
        { 64, 100, "" },
        { 65, 100, "LOCAL_PART_TOO_LONG 2+65" },
        { 1, 252, "" }, /* 256 with brackets and @ */
        { 2, 252, "PATH_TOO_LONG 1+257" },
        { 1, 255, "PATH_TOO_LONG 1+259" },
        { 1, 257, "DOMAIN_TOO_LONG 4+257, PATH_TOO_LONG 1+261" },
        { 64, 190, "PATH_TOO_LONG 1+257" },
        { 64, 189, "" },
    };
    struct buf text = { 0 }, told = { 0 };

    for (size_t i = 0; i < ROWS(lengths); i++) {
        struct mistakes found;
        unsigned char *copy;
        struct path p;

        long_path(&text, lengths[i].local, lengths[i].domain);
        parse(buf_span(&text), &p, &found, &copy);
        cr_expect_str_eq(found_text(&found, &told), lengths[i].found, "%zu@%zu: %s",
                         lengths[i].local, lengths[i].domain, buf_text(&told));
        mem_free(copy);
    }
    buf_release(&text);
    buf_release(&told);
}

Test(path, names_the_same_mailbox_in_many_ways)
{
    static const struct {
        const char *a, *b;
        bool same;
    } pairs[] = {
        { "bob@x.y", "bob@x.y", true },
        { "bob@x.y", "bob@X.Y", true },
        { "bob@x.y", "Bob@x.y", false },
        { "bob@x.y", "bob@x.yz", false },
        { "bob@x.y", "bo@x.y", false },
        { "bob@x.y", "bobb@x.y", false },
        { "bob@x.y", "bob", false },
        { "bob", "bob", true },
        { "postmaster", "PostMaster", true },
        { "postmaster@x.y", "POSTMASTER@X.y", true },
        { "postmaster", "postmaster@x.y", false },
        { "\"bob\"@x.y", "bob@x.y", true },
        { "\"b\\ob\"@x.y", "bob@x.y", true },
        { "\"bob smith\"@x.y", "\"bob\\ smith\"@x.y", true },
        { "\"bob\\\"\"@x.y", "\"bob\"@x.y", false },
        { "\"bob\\\\\"@x.y", "\"bob\\\\\"@x.y", true },
        { "\"a@b\"@x.y", "\"a@b\"@x.y", true },
        { "\"a@b\"@x.y", "\"a@c\"@x.y", false },
        { "\"\"@x.y", "\"\"@x.y", true },
        { "\"\"@x.y", "a@x.y", false },
        { "bob@[IPv6:::1]", "bob@[ipv6:::1]", true },
        { "bob@[t:a@b]", "bob@[t:a@b]", true },
        { "", "", true },
    };

    for (size_t i = 0; i < ROWS(pairs); i++) {
        struct span a = span_of(pairs[i].a), b = span_of(pairs[i].b);

        cr_expect_eq(mailbox_same(a, b), pairs[i].same, "%s %s", pairs[i].a, pairs[i].b);
        cr_expect_eq(mailbox_same(b, a), pairs[i].same, "%s %s", pairs[i].b, pairs[i].a);
    }
}
