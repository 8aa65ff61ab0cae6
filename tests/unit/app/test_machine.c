/* The machine's full name, from a hosts file. */
#include "app/machine.h"
#include "support/table.h"

#include <string.h>

static const struct {
    const char *hosts, *host, *full; /* full: NULL, none */
} rows[] = {
    { "", "mx", NULL },
    { "127.0.0.1 localhost\n127.0.1.1 mx.example.org mx\n", "mx", "mx.example.org" },
    { "127.0.1.1\tmx\tmx.example.org\n", "mx", "mx.example.org" },
    { "127.0.1.1 MX.example.org MX\n", "mx", "MX.example.org" },
    { "127.0.1.1 mx.example.org mx", "mx", "mx.example.org" },
    { "127.0.1.1 mx.a.example mx.b.example mx\n", "mx", "mx.a.example" },
    { "10.0.0.1 other.example.org other\n10.0.0.2 mx.example.org mx\n", "mx", "mx.example.org" },
    { "10.0.0.1 mx\n10.0.0.2 mx.example.org mx\n", "mx", "mx.example.org" },
    { "127.0.1.1 mx\n", "mx", NULL },
    { "127.0.1.1 mx.example.org mxx\n", "mx", NULL },
    { "127.0.1.1 other # mx.example.org mx\n", "mx", NULL },
    { "# 127.0.1.1 mx.example.org mx\n", "mx", NULL },
    { "127.0.1.1 mx.example.org mx # ours\r\n", "mx", "mx.example.org" },
    { "mx.example.org\n", "mx.example.org", NULL },
    { "\n\n \t\n", "mx", NULL },
};

Test(machine, finds_the_full_name_beside_the_short_one)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct span full = { NULL, 0 };
        bool found = machine_full_name(span_of(rows[i].hosts), span_of(rows[i].host), &full);

        cr_expect_eq(found, rows[i].full != NULL, "row %zu", i);
        if (found && rows[i].full)
            cr_expect(span_eq(full, span_of(rows[i].full)), "row %zu: %.*s", i, SPAN_ARG(full));
    }
}

Test(machine, always_has_a_name)
{
    char name[256];

    memset(name, 'x', sizeof name);
    machine_name(name);
    cr_expect_neq(name[0], '\0');
    cr_expect(memchr(name, '\0', sizeof name), "it ends");
}
