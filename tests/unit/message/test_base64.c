#include "message/base64.h"

#include "support/table.h"

static const struct {
    const char *name;
    struct span octets, text;
} rows[] = {
    /* RFC 4648 10 */
    { "nothing", SPAN_INIT(""), SPAN_INIT("") },
    { "f", SPAN_INIT("f"), SPAN_INIT("Zg==") },
    { "fo", SPAN_INIT("fo"), SPAN_INIT("Zm8=") },
    { "foo", SPAN_INIT("foo"), SPAN_INIT("Zm9v") },
    { "foob", SPAN_INIT("foob"), SPAN_INIT("Zm9vYg==") },
    { "fooba", SPAN_INIT("fooba"), SPAN_INIT("Zm9vYmE=") },
    { "foobar", SPAN_INIT("foobar"), SPAN_INIT("Zm9vYmFy") },
    { "what AUTH PLAIN carries", SPAN_INIT("\0alice\0secret"), SPAN_INIT("AGFsaWNlAHNlY3JldA==") },
    { "the last digits", SPAN_INIT("\xfb\xff\xbf"), SPAN_INIT("+/+/") },
    { "NULs", SPAN_INIT("\0\0\0\0"), SPAN_INIT("AAAAAA==") },
    { "octets of 255", SPAN_INIT("\xff\xff"), SPAN_INIT("//8=") },
};

static const struct {
    const char *name;
    struct span text;
    enum base64_fault fault;
    size_t at;
} wrong[] = {
    { "a space", SPAN_INIT("YWxp Y2U="), BASE64_OCTET, 4 },
    { "a line end", SPAN_INIT("YWxp\r\n"), BASE64_OCTET, 4 },
    { "the alphabet of URLs", SPAN_INIT("-_-_"), BASE64_OCTET, 0 },
    { "a NUL", SPAN_INIT("YW\0p"), BASE64_OCTET, 2 },
    { "above 127", SPAN_INIT("YWx\xe9"), BASE64_OCTET, 3 },
    { "a star", SPAN_INIT("*"), BASE64_OCTET, 0 },
    { "a stranger after the padding", SPAN_INIT("YQ==!"), BASE64_OCTET, 4 },
    { "padding alone", SPAN_INIT("="), BASE64_PADDING, 0 },
    { "four of padding", SPAN_INIT("===="), BASE64_PADDING, 0 },
    { "padding too soon", SPAN_INIT("Y==="), BASE64_PADDING, 1 },
    { "three of padding", SPAN_INIT("YQ==="), BASE64_PADDING, 4 },
    { "two where one is enough", SPAN_INIT("YWE=="), BASE64_PADDING, 4 },
    { "one where none is needed", SPAN_INIT("YWFh="), BASE64_PADDING, 4 },
    { "text after the padding", SPAN_INIT("YQ==YQ=="), BASE64_PADDING, 2 },
    { "padding inside", SPAN_INIT("YWE=YWFh"), BASE64_PADDING, 3 },
    { "one character", SPAN_INIT("Y"), BASE64_LENGTH, 1 },
    { "no padding", SPAN_INIT("YQ"), BASE64_LENGTH, 2 },
    { "half the padding", SPAN_INIT("YQ="), BASE64_LENGTH, 3 },
    { "one of padding missing", SPAN_INIT("YWE"), BASE64_LENGTH, 3 },
    { "five characters", SPAN_INIT("YWFhY"), BASE64_LENGTH, 5 },
    { "bits left over before ==", SPAN_INIT("YR=="), BASE64_BITS, 1 },
    { "bits left over before =", SPAN_INIT("YWF="), BASE64_BITS, 2 },
};

Test(base64, goes_there_and_back)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf text = { 0 }, octets = { 0 };
        size_t at = SIZE_MAX;

        buf_add_text(&text, "before ");
        buf_add_text(&octets, "before ");
        base64_encode(rows[i].octets, &text);
        cr_expect(span_eq(span_from(buf_span(&text), 7), rows[i].text), "%s: %s", rows[i].name,
                  buf_text(&text));
        cr_expect_eq(base64_check(rows[i].text, &at), BASE64_NONE, "%s", rows[i].name);
        cr_expect_eq(at, rows[i].text.len, "%s", rows[i].name);
        cr_expect(base64_decode(rows[i].text, &octets), "%s", rows[i].name);
        cr_expect(span_eq(span_from(buf_span(&octets), 7), rows[i].octets), "%s", rows[i].name);
        buf_release(&text);
        buf_release(&octets);
    }
}

Test(base64, says_what_is_wrong_and_where)
{
    for (size_t i = 0; i < ROWS(wrong); i++) {
        struct buf octets = { 0 };
        size_t at = SIZE_MAX;

        buf_add_text(&octets, "before");
        cr_expect_eq(base64_check(wrong[i].text, &at), wrong[i].fault, "%s: %d", wrong[i].name,
                     (int)base64_check(wrong[i].text, &at));
        cr_expect_eq(at, wrong[i].at, "%s: at %zu", wrong[i].name, at);
        cr_expect(!base64_decode(wrong[i].text, &octets), "%s", wrong[i].name);
        cr_expect_str_eq(buf_text(&octets), "before", "%s", wrong[i].name);
        buf_release(&octets);
    }
}

Test(base64, has_words_for_each_fault)
{
    cr_expect_str_empty(base64_fault_text(BASE64_NONE));
    for (int f = BASE64_NONE + 1; f < BASE64_FAULT_COUNT; f++)
        cr_expect(strlen(base64_fault_text((enum base64_fault)f)) > 10);
}

Test(base64, carries_every_octet_at_each_place)
{
    for (unsigned c = 0; c < 256; c++)
        for (size_t len = 1; len <= 4; len++) {
            unsigned char octets[4] = { (unsigned char)c, (unsigned char)~c, (unsigned char)c,
                                        (unsigned char)~c };
            struct buf text = { 0 }, back = { 0 };

            base64_encode(span_make(octets, len), &text);
            cr_expect_eq(text.len, (len + 2) / 3 * 4);
            cr_expect(base64_decode(buf_span(&text), &back));
            cr_expect(span_eq(buf_span(&back), span_make(octets, len)), "%u, %zu octets", c, len);
            buf_release(&text);
            buf_release(&back);
        }
}
