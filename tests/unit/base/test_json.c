#include "base/json.h"

#include "support/table.h"

static const struct {
    const char *name;
    struct span octets;
    const char *want;
} strings[] = {
    { "nothing", SPAN_INIT(""), "\"\"" },
    { "plain", SPAN_INIT("250 ok"), "\"250 ok\"" },
    { "quotes", SPAN_INIT("\"a\\b\""), "\"\\\"a\\\\b\\\"\"" },
    { "controls with a short form", SPAN_INIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
    { "other controls", SPAN_INIT("\0\x1b\x7f"), "\"\\u0000\\u001b\\u007f\"" },
    { "UTF-8", SPAN_INIT("caf\xc3\xa9 \xf0\x9f\x98\x80"), "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"" },
    { "hidden", SPAN_INIT("\xe2\x80\xae"), "\"\\u202e\"" },
    { "C1", SPAN_INIT("\xc2\x9b"), "\"\\u009b\"" },
    { "hidden, beyond 16 bits", SPAN_INIT("\xf3\xa0\x80\x81"), "\"\\udb40\\udc01\"" },
    { "not UTF-8", SPAN_INIT("\xe9!"), "\"\\ufffd!\"" },
    { "cut", SPAN_INIT("a\xe6\x97"), "\"a\\ufffd\\ufffd\"" },
};

Test(json, strings_keep_what_they_hold_and_nothing_that_moves_a_cursor)
{
    for (size_t i = 0; i < ROWS(strings); i++) {
        struct buf out = { 0 };
        struct json j;

        json_init(&j, &out);
        json_string(&j, NULL, strings[i].octets);
        cr_expect_str_eq(buf_text(&out), strings[i].want, "%s: %s", strings[i].name,
                         buf_text(&out));
        buf_release(&out);
    }
}

static const struct {
    struct span octets;
    const char *want;
} twins[] = {
    { SPAN_INIT("\xc3\xa9"), "{\"a\":\"\xc3\xa9\",\"b\":1}" },
    { SPAN_INIT("\xff"), "{\"a\":\"\\ufffd\",\"a_base64\":\"/w==\",\"b\":1}" },
    { SPAN_INIT("a\xff"), "{\"a\":\"a\\ufffd\",\"a_base64\":\"Yf8=\",\"b\":1}" },
    { SPAN_INIT("a\xff"
                "b"),
      "{\"a\":\"a\\ufffdb\",\"a_base64\":\"Yf9i\",\"b\":1}" },
    { SPAN_INIT("\xfb\xff\xbf\0"),
      "{\"a\":\"\\ufffd\\ufffd\\ufffd\\u0000\",\"a_base64\":\"+/+/AA==\",\"b\":1}" },
};

Test(json, octets_that_are_no_text_have_a_twin)
{
    for (size_t i = 0; i < ROWS(twins); i++) {
        struct buf out = { 0 };
        struct json j;

        json_init(&j, &out);
        json_open(&j, NULL, '{');
        json_octets(&j, "a", twins[i].octets);
        json_number(&j, "b", 1);
        json_close(&j, '}');
        cr_expect_str_eq(buf_text(&out), twins[i].want);
        buf_release(&out);
    }
}

Test(json, commas_stand_between_values_only)
{
    struct buf out = { 0 };
    struct json j;

    json_init(&j, &out);
    json_open(&j, NULL, '{');
    json_open(&j, "none", '[');
    json_close(&j, ']');
    json_open(&j, "some", '[');
    json_number(&j, NULL, 0);
    json_number(&j, NULL, UINT64_MAX);
    json_open(&j, NULL, '{');
    json_close(&j, '}');
    json_text(&j, NULL, NULL);
    json_close(&j, ']');
    json_bool(&j, "yes", true);
    json_bool(&j, "no", false);
    json_null(&j, "nil");
    json_text(&j, "text", "x");
    json_close(&j, '}');
    cr_expect_str_eq(buf_text(&out), "{\"none\":[],\"some\":[0,18446744073709551615,{},null],"
                                     "\"yes\":true,\"no\":false,\"nil\":null,\"text\":\"x\"}");
    buf_release(&out);
}
