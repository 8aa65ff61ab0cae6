#include "server/crowd.h"

#include <stdio.h>

#include "support/table.h"

static uint64_t key_of(const char *text)
{
    struct address a;

    cr_assert(address_numeric(text, 25, &a), "%s", text);
    return crowd_key(&a);
}

Test(crowd, tells_addresses_apart)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        { "127.0.0.1", "127.0.0.1", true },
        { "127.0.0.1", "127.0.0.2", false },
        { "127.0.0.1", "::ffff:127.0.0.1", true },
        { "127.0.0.1", "::1", false },
        { "::1", "::1", true },
        { "0.0.0.0", "::1", false },
        { "2001:db8::1", "2001:db8::ffff:1", true },
        { "2001:db8::1", "2001:db8:0:1::1", false },
        { "2001:db8:0:2::1", "2001:db8:0:3::1", false },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        cr_expect_eq(key_of(rows[i].a) == key_of(rows[i].b), rows[i].same, "%s and %s", rows[i].a,
                     rows[i].b);
        cr_expect_neq(key_of(rows[i].a), 0, "%s", rows[i].a);
    }
}

Test(crowd, counts_those_who_come_and_go)
{
    enum { ADDRESSES = 3000 };
    struct crowd c = { 0 };
    char text[32];

    cr_expect_eq(crowd_count(&c, key_of("127.0.0.1")), 0);
    for (unsigned turn = 0; turn < 3; turn++)
        for (unsigned i = 0; i < ADDRESSES; i++) {
            snprintf(text, sizeof text, "10.%u.%u.1", i / 256, i % 256);
            crowd_enter(&c, key_of(text));
        }
    cr_expect_eq(c.count, ADDRESSES);
    for (unsigned turn = 0; turn < 3; turn++)
        for (unsigned i = 0; i < ADDRESSES; i += 2) {
            snprintf(text, sizeof text, "10.%u.%u.1", i / 256, i % 256);
            crowd_leave(&c, key_of(text));
        }
    cr_expect_eq(c.count, ADDRESSES / 2, "addresses without clients are forgotten");
    for (unsigned i = 0; i < ADDRESSES; i++) {
        snprintf(text, sizeof text, "10.%u.%u.1", i / 256, i % 256);
        cr_expect_eq(crowd_count(&c, key_of(text)), i % 2 ? 3 : 0, "%s", text);
    }
    crowd_release(&c);
}
