/* HOST, HOST:PORT and HOST PORT. */
#include "app/place.h"
#include "support/table.h"

static const struct {
    const char *words[2];
    const char *host; /* NULL: refused */
    unsigned port;
    const char *why;
} rows[] = {
    { { "mx.example.org", NULL }, "mx.example.org", 25, "" },
    { { "mx.example.org:587", NULL }, "mx.example.org", 587, "" },
    { { "mx.example.org", "587" }, "mx.example.org", 587, "" },
    { { "mx.example.org", "submission" }, "mx.example.org", 587, "" },
    { { "::1", "2525" }, "::1", 2525, "" },
    { { "[::1]", "2525" }, "::1", 2525, "" },
    { { "[::1]:2525", NULL }, "::1", 2525, "" },
    { { "mx.example.org:25", "587" }, NULL, 0, "named twice" },
    { { "mx.example.org", "0" }, NULL, 0, "from 1 to 65535" },
    { { "mx.example.org", "65536" }, NULL, 0, "from 1 to 65535" },
    { { "mx.example.org", "twenty" }, NULL, 0, "from 1 to 65535" },
    { { "alice@crepes.fr", NULL }, NULL, 0, "person's address" },
    { { "", NULL }, NULL, 0, "no host" },
};

Test(place, is_read_as_telnet_does)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *words[2] = { NULL, NULL };
        struct place place;
        struct error err = { "" };
        int count = 0;
        bool good;

        for (; count < 2 && rows[i].words[count]; count++)
            words[count] = strdup(rows[i].words[count]);
        good = place_read(words, count, PLACE_PORT, &place, &err);
        cr_expect_eq(good, rows[i].host != NULL, "row %zu: %s", i, err.text);
        if (good && rows[i].host) {
            cr_expect_str_eq(place.host, rows[i].host, "row %zu", i);
            cr_expect_eq(place.port, rows[i].port, "row %zu: %u", i, place.port);
        } else {
            cr_expect(strstr(err.text, rows[i].why), "row %zu: %s", i, err.text);
        }
        free(words[0]);
        free(words[1]);
    }
}

Test(place, may_be_a_domain)
{
    struct place domain = { "crepes.fr", 25 }, address = { "192.0.2.1", 25 };
    struct place literal = { "[192.0.2.1]", 25 };
    struct error err = { "" };

    cr_expect(place_is_domain(&domain, &err));
    cr_expect_str_eq(err.text, "");
    cr_expect_not(place_is_domain(&address, &err));
    cr_expect(strstr(err.text, "no MX records"), "%s", err.text);
    cr_expect_not(place_is_domain(&literal, &err));
}
