/* Hosts and ports as people type them. */
#include <string.h>

#include "net/address.h"
#include "support/table.h"

static const struct {
    const char *text, *host;
    unsigned port; /* 0: refused */
} typed[] = {
    { "mx.example.org", "mx.example.org", 25 },
    { "mx.example.org:587", "mx.example.org", 587 },
    { "mx.example.org:submission", "mx.example.org", 587 },
    { "mx.example.org:SMTP", "mx.example.org", 25 },
    { "localhost:2525", "localhost", 2525 },
    { "127.0.0.1", "127.0.0.1", 25 },
    { "127.0.0.1:65535", "127.0.0.1", 65535 },
    { "[127.0.0.1]:2525", "127.0.0.1", 2525 },
    { "::1", "::1", 25 },
    { "2001:db8::25", "2001:db8::25", 25 },
    { "[::1]", "::1", 25 },
    { "[::1]:2525", "::1", 2525 },
    { "", NULL, 0 },
    { ":25", NULL, 0 },
    { "host:", NULL, 0 },
    { "host:0", NULL, 0 },
    { "host:65536", NULL, 0 },
    { "host:99999999999999999999", NULL, 0 },
    { "host:-1", NULL, 0 },
    { "host:25x", NULL, 0 },
    { "[::1", NULL, 0 },
    { "[::1]25", NULL, 0 },
    { "[]:25", NULL, 0 },
    { "1:2:3", NULL, 0 },
    { "::1:zz", NULL, 0 },
    { "alice@crepes.fr", NULL, 0 },
    { "smtp://host", NULL, 0 },
    { "two words", NULL, 0 },
    { "host\x1b[2J", NULL, 0 },
};

Test(address, reads_hosts_as_people_type_them)
{
    for (size_t i = 0; i < ROWS(typed); i++) {
        char host[256] = "untouched";
        unsigned port = 7;
        struct error err = { "" };
        bool ok = address_parse(typed[i].text, 25, host, &port, &err);

        cr_expect_eq(ok, typed[i].port != 0, "'%s': %s", typed[i].text, err.text);
        if (ok) {
            cr_expect_str_eq(host, typed[i].host, "'%s'", typed[i].text);
            cr_expect_eq(port, typed[i].port, "'%s': port %u", typed[i].text, port);
        } else {
            cr_expect_str_neq(err.text, "", "'%s'", typed[i].text);
        }
    }
}

Test(address, says_a_refused_word_again_as_visible_marks)
{
    char host[256];
    unsigned port;
    struct error err = { "" };

    cr_expect_not(address_parse("host\x1b[2J", 25, host, &port, &err));
    cr_expect_str_eq(err.text, "'host<ESC>[2J' is no host; give HOST, HOST:PORT or [IPv6]:PORT");
    cr_expect_not(address_parse_port("2\xe9\n", &port, &err));
    cr_expect_str_eq(err.text, "a port is a number from 1 to 65535, not '2<0xE9><LF>'");
    cr_expect_not(address_parse_port("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee", &port, &err));
    cr_expect_str_eq(err.text, "a port is a number from 1 to 65535, not "
                               "'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd...'");
}

Test(address, refuses_a_name_longer_than_any_can_be)
{
    char text[300], host[256];
    unsigned port;
    struct error err = { "" };

    memset(text, 'a', sizeof(text));
    text[255] = '\0';
    cr_expect(address_parse(text, 25, host, &port, &err));
    text[255] = 'a';
    text[256] = '\0';
    cr_expect_not(address_parse(text, 25, host, &port, &err));
}

static const struct {
    const char *host;
    bool numeric;
    const char *shown;
} numbers[] = {
    { "192.0.2.1", true, "192.0.2.1:25" },
    { "::1", true, "[::1]:25" },
    { "2001:DB8:0:0::25", true, "[2001:db8::25]:25" },
    { "127.1", false, "" },
    { "192.0.2.256", false, "" },
    { "25", false, "" },
    { "localhost", false, "" },
    { "", false, "" },
    { ":", false, "" },
    { "::g", false, "" },
};

Test(address, knows_addresses_in_numbers)
{
    for (size_t i = 0; i < ROWS(numbers); i++) {
        struct address a = { .len = 0 };
        char text[ADDRESS_TEXT_MAX];

        cr_expect_eq(address_numeric(numbers[i].host, 25, &a), numbers[i].numeric, "'%s'",
                     numbers[i].host);
        if (!numbers[i].numeric)
            continue;
        address_port_text(&a, text);
        cr_expect_str_eq(text, numbers[i].shown, "'%s': %s", numbers[i].host, text);
        cr_expect_eq(address_port(&a), 25);
    }
}
