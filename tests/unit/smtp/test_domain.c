#include "smtp/domain.h"

#include "support/parsed.h"
#include "support/table.h"

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

Test(domain, names_say_where_they_break)
{
    static const struct {
        struct span name;
        bool utf8;
        size_t fault, len;
    } rows[] = {
        { SPAN_INIT("crepes.fr"), false, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT("a"), false, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT("3com.com"), false, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT("a--b.c"), false, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT("192.0.2.1"), false, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT(LABEL_63 ".fr"), false, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT("fr.a" LABEL_63), false, 3, 64 },
        { SPAN_INIT(""), false, 0, 0 },
        { SPAN_INIT("."), false, 0, 1 },
        { SPAN_INIT(".fr"), false, 0, 1 },
        { SPAN_INIT("a..b"), false, 2, 1 },
        { SPAN_INIT("a.b."), false, 3, 1 },
        { SPAN_INIT("-a.b"), false, 0, 1 },
        { SPAN_INIT("a-.b"), false, 1, 1 },
        { SPAN_INIT("a.b-"), false, 3, 1 },
        { SPAN_INIT("a_b.c"), false, 1, 1 },
        { SPAN_INIT("a b"), false, 1, 1 },
        { SPAN_INIT("a\0b"), false, 1, 1 },
        { SPAN_INIT("caf\xc3\xa9.fr"), false, 3, 2 },
        { SPAN_INIT("caf\xc3\xa9.fr"), true, SPAN_NOT_FOUND, 0 },
        { SPAN_INIT("caf\xe9.fr"), false, 3, 1 },
        { SPAN_INIT("\xc3\xa9"), true, SPAN_NOT_FOUND, 0 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t len = 99, fault = domain_fault(rows[i].name, rows[i].utf8, &len);

        cr_expect_eq(fault, rows[i].fault, "row %zu: %zu", i, fault);
        if (fault != SPAN_NOT_FOUND)
            cr_expect_eq(len, rows[i].len, "row %zu: %zu octets", i, len);
    }
}

Test(domain, addresses_are_told_from_what_only_looks_so)
{
    static const struct {
        const char *text;
        bool v4, v6;
    } rows[] = {
        { "192.0.2.1", true, false },
        { "0.0.0.0", true, false },
        { "255.255.255.255", true, false },
        { "001.002.003.004", true, false },
        { "256.0.0.1", false, false },
        { "1.2.3", false, false },
        { "1.2.3.4.5", false, false },
        { "1.2.3.4.", false, false },
        { ".1.2.3", false, false },
        { "1..2.3", false, false },
        { "0001.2.3.4", false, false },
        { "1.2.3.a", false, false },
        { "-1.2.3.4", false, false },
        { "", false, false },
        { ":", false, false },
        { "::", false, true },
        { "::1", false, true },
        { "1::", false, true },
        { "2001:db8::1", false, true },
        { "2001:DB8::1", false, true },
        { "1:2:3:4:5:6:7:8", false, true },
        { "1:2:3:4:5:6:7", false, false },
        { "1:2:3:4:5:6:7:8:9", false, false },
        { "1:2:3:4:5:6::", false, true },
        { "::1:2:3:4:5:6", false, true },
        { "1:2:3::4:5:6:7", false, false }, /* "::" must stand for two groups at least */
        { "1::2::3", false, false },
        { ":::1", false, false },
        { ":1:2:3:4:5:6:7:8", false, false },
        { "1:2:3:4:5:6:7:", false, false },
        { "12345::", false, false },
        { "g::", false, false },
        { "::ffff:192.0.2.1", false, true },
        { "1:2:3:4:5:6:192.0.2.1", false, true },
        { "1:2:3:4:5:6:7:192.0.2.1", false, false },
        { "1:2:3:4:5:192.0.2.1", false, false },
        { "::192.0.2.256", false, false },
        { "::192.0.2.1:1", false, false },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        cr_expect_eq(ipv4_valid(span_of(rows[i].text)), rows[i].v4, "4: %s", rows[i].text);
        cr_expect_eq(ipv6_valid(span_of(rows[i].text)), rows[i].v6, "6: %s", rows[i].text);
    }
}

Test(domain, literals_stand_in_brackets_with_their_tag)
{
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        { "[192.0.2.1]", true },
        { "[IPv6:2001:db8::1]", true },
        { "[ipv6:::]", true },
        { "[tag:content]", true },
        { "[x-tag1:!~@,;<>]", true },
        { "[2001:db8::1]", false }, /* its tag is missing */
        { "[IPv6:192.0.2.1]", false },
        { "[IPv6:]", false },
        { "[192.0.2.256]", false },
        { "[192.0.2.1", false },
        { "192.0.2.1]", false },
        { "[]", false },
        { "[", false },
        { "", false },
        { "[tag]", false },
        { "[tag:]", false },
        { "[:content]", false },
        { "[tag-:content]", false },
        { "[t.g:content]", false },
        { "[tag:a b]", false },
        { "[tag:a[b]", false },
        { "[tag:a]b]", false },
        { "[tag:a\\b]", false },
        { "[tag:caf\xc3\xa9]", false },
    };

    for (size_t i = 0; i < ROWS(rows); i++)
        cr_expect_eq(literal_valid(span_of(rows[i].text)), rows[i].valid, "%s", rows[i].text);
}

Test(domain, greeting_names_are_judged)
{
    static const struct {
        const char *text;
        bool literals, ok;
        const char *found;
    } rows[] = {
        { "crepes.fr", true, true, "" },
        { "[192.0.2.1]", true, true, "" },
        { "[192.0.2.1]", false, false, "HELO_BAD_NAME 6+1" },
        { "[192.0.2.1", true, false, "BAD_LITERAL 6+10" },
        { "", true, false, "HELO_NO_NAME 6+0" },
        { "crepes", true, true, "HELO_UNQUALIFIED 6+6" },
        { "192.0.2.1", true, true, "HELO_BARE_ADDRESS 6+9" },
        { "::1", true, false, "HELO_BARE_ADDRESS 6+3, HELO_BAD_NAME 6+1" },
        { "my laptop", true, false, "HELO_BAD_NAME 8+1" },
        { "my_pc", true, false, "HELO_BAD_NAME 8+1" },
        { "crepes.fr.", true, false, "HELO_BAD_NAME 15+1" },
        { "caf\xc3\xa9.fr", true, false, "HELO_BAD_NAME 9+2" },
        { "cr\x1b[Depes.fr", true, false, "CONTROL_OCTET 8+3" },
    };
    struct buf told = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct mistakes found = { 0 };

        cr_expect_eq(domain_check(span_of(rows[i].text), 6, rows[i].literals, &found), rows[i].ok,
                     "%s", rows[i].text);
        cr_expect_str_eq(found_text(&found, &told), rows[i].found, "%s: %s", rows[i].text,
                         buf_text(&told));
    }
    buf_release(&told);
}

Test(domain, greeting_names_have_their_length)
{
    struct buf name = { 0 };
    struct mistakes found = { 0 };

    for (int i = 0; i < 127; i++)
        buf_add_text(&name, "a.");
    buf_add_text(&name, "b");
    cr_assert_eq(name.len, DOMAIN_MAX);
    cr_expect(domain_check(buf_span(&name), 1, true, &found));
    cr_expect_eq(found.count, 0);
    buf_add_text(&name, "b");
    cr_expect_not(domain_check(buf_span(&name), 1, true, &found));
    cr_assert_eq(found.count, 1);
    cr_expect_eq(found.at[0].mistake, MISTAKE_DOMAIN_TOO_LONG);
    cr_expect_eq(found.at[0].len, 256);
    buf_release(&name);
}

Test(domain, control_octets_are_told_once)
{
    struct mistakes found = { 0 };

    mistakes_add(&found, MISTAKE_CONTROL_OCTET, 3, 1);
    cr_expect_not(domain_check(SPAN("cr\x01.fr"), 1, true, &found));
    cr_expect_eq(found.count, 1);
}

Test(domain, is_qualified_with_two_labels_or_an_address)
{
    static const struct {
        const char *text;
        bool qualified, numeric;
    } rows[] = {
        { "crepes.fr", true, false },      { "a.b.c", true, false }, { "crepes", false, false },
        { "crepes.", false, false },       { ".fr", false, false },  { "", false, false },
        { "[192.0.2.1]", true, false },    { "1.2", true, true },    { "12", false, false },
        { "999.999.999.999", true, true }, { "1.2a", true, false },  { ".", false, true },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        cr_expect_eq(domain_is_qualified(span_of(rows[i].text)), rows[i].qualified, "%s",
                     rows[i].text);
        cr_expect_eq(domain_looks_numeric(span_of(rows[i].text)), rows[i].numeric, "%s",
                     rows[i].text);
    }
}
