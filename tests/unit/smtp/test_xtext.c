#include "smtp/xtext.h"

#include "support/table.h"

static const struct {
    const char *name;
    struct span text;
    size_t fault, fault_utf8;
    struct span decoded;
} rows[] = {
    { "empty", SPAN_INIT(""), 0, 0, SPAN_INIT("") },
    { "plain", SPAN_INIT("alice"), 5, 5, SPAN_INIT("alice") },
    { "an at sign", SPAN_INIT("a@b.c"), 5, 5, SPAN_INIT("a@b.c") },
    { "a plus", SPAN_INIT("a+2Bb"), 5, 5, SPAN_INIT("a+b") },
    { "an equals sign", SPAN_INIT("+3D"), 3, 3, SPAN_INIT("=") },
    { "a space", SPAN_INIT("a+20b"), 5, 5, SPAN_INIT("a b") },
    { "octet 255", SPAN_INIT("+FF"), 3, 3, SPAN_INIT("\xff") },
    { "octet 0", SPAN_INIT("+00"), 3, 3, SPAN_INIT("\0") },
    { "two in a row", SPAN_INIT("+2B+3D"), 6, 6, SPAN_INIT("+=") },
    { "first and last that stand for themselves", SPAN_INIT("!~"), 2, 2, SPAN_INIT("!~") },
    { "small letters", SPAN_INIT("a+2b"), 1, 1, { 0 } },
    { "one digit", SPAN_INIT("a+2"), 1, 1, { 0 } },
    { "no digit", SPAN_INIT("a+"), 1, 1, { 0 } },
    { "not hexadecimal", SPAN_INIT("+G0"), 0, 0, { 0 } },
    { "not hexadecimal, second", SPAN_INIT("+0G"), 0, 0, { 0 } },
    { "equals as it is", SPAN_INIT("a=b"), 1, 1, { 0 } },
    { "a space as it is", SPAN_INIT("a b"), 1, 1, { 0 } },
    { "DEL", SPAN_INIT("ab\x7f"), 2, 2, { 0 } },
    { "above 127", SPAN_INIT("caf\xc3\xa9"), 3, 5, { 0 } },
};

Test(xtext, is_checked_and_decoded)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        bool good = rows[i].fault == rows[i].text.len;
        struct buf out = { 0 };

        buf_add_text(&out, "before ");
        cr_expect_eq(xtext_fault(rows[i].text, false), rows[i].fault, "%s", rows[i].name);
        cr_expect_eq(xtext_fault(rows[i].text, true), rows[i].fault_utf8, "%s", rows[i].name);
        cr_expect_eq(xtext_decode(&out, rows[i].text), good, "%s", rows[i].name);
        cr_expect(span_starts(buf_span(&out), SPAN("before ")));
        cr_expect(span_eq(span_from(buf_span(&out), 7), good ? rows[i].decoded : SPAN("")), "%s",
                  rows[i].name);
        buf_release(&out);
    }
}

Test(xtext, carries_every_octet_there_and_back)
{
    struct buf all = { 0 }, text = { 0 }, back = { 0 };

    for (unsigned i = 0; i < 256; i++)
        buf_add_octet(&all, (unsigned char)i);
    xtext_encode(&text, buf_span(&all));
    cr_expect_eq(xtext_fault(buf_span(&text), false), text.len);
    cr_expect(xtext_decode(&back, buf_span(&text)));
    cr_expect(span_eq(buf_span(&back), buf_span(&all)));
    buf_release(&all);
    buf_release(&text);
    buf_release(&back);
}

Test(xtext, writes_upper_case)
{
    struct buf text = { 0 };

    xtext_encode(&text, SPAN("a+b=c\xab"));
    cr_expect_str_eq(buf_text(&text), "a+2Bb+3Dc+AB");
    buf_release(&text);
}
