/* Ranges of addresses: what they hold, and what is none. */
#include "net/range.h"

#include "support/table.h"

static const struct {
    const char *range, *address;
    bool holds;
} rows[] = {
    { "127.0.0.1", "127.0.0.1", true },
    { "127.0.0.1", "127.0.0.2", false },
    { "127.0.0.1", "::1", false },
    { "127.0.0.1", "::ffff:127.0.0.1", true },
    { "192.0.2.0/24", "192.0.2.255", true },
    { "192.0.2.0/24", "192.0.3.0", false },
    { "192.0.2.128/25", "192.0.2.127", false },
    { "192.0.2.128/25", "192.0.2.129", true },
    { "192.0.2.99/25", "192.0.2.1", true }, /* octets behind the prefix do not matter */
    { "0.0.0.0/0", "203.0.113.7", true },
    { "0.0.0.0/0", "2001:db8::1", false },
    { "2001:db8::/32", "2001:db8:ffff::1", true },
    { "2001:db8::/33", "2001:db8:ffff::1", false },
    { "::1", "::1", true },
    { "::/0", "2001:db8::1", true },
};

Test(range, holds_addresses_that_begin_alike)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct error err = { "" };
        struct address a;
        struct range r;

        cr_assert(range_read(rows[i].range, &r, &err), "%s: %s", rows[i].range, err.text);
        cr_assert(address_numeric(rows[i].address, 25, &a));
        cr_expect_eq(range_holds(&r, &a), rows[i].holds, "%s, %s", rows[i].range, rows[i].address);
    }
}

Test(range, that_is_none_is_refused_in_words)
{
    static const char *const wrong[] = {
        "",        "localhost",    "127.0.0.1/", "127.0.0.1/33", "127.0.0/8",
        "::1/129", "127.0.0.1/-1", "/8",         "10.0.0.1:25",  "\x1b[1m/8"
    };
    struct range r = { 0 };

    for (size_t i = 0; i < ROWS(wrong); i++) {
        struct error err = { "" };

        cr_expect_not(range_read(wrong[i], &r, &err), "%s", wrong[i]);
        cr_expect_not_null(strstr(err.text, "names no addresses"), "%s", err.text);
        cr_expect_null(strchr(err.text, 0x1b));
    }
}

Test(range, of_several_one_is_enough)
{
    struct range r[2] = { 0 };
    struct address a = { 0 };

    cr_expect_not(ranges_hold(r, 0, &a));
    cr_assert(range_read("127.0.0.1", &r[0], NULL));
    cr_assert(range_read("::1", &r[1], NULL));
    cr_expect_not(ranges_hold(r, 2, &a)); /* an end without address */
    cr_assert(address_numeric("::1", 25, &a));
    cr_expect(ranges_hold(r, 2, &a));
    cr_expect_not(ranges_hold(r, 1, &a));
}
