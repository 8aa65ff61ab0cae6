/* What `serve` makes of its command line. */
#include "app/serve_setup.h"

#include <stdio.h>

#include "engine/persona.h"
#include "support/table.h"

static const struct {
    const char *text, *host;
    unsigned port;
    bool alone; /* nobody else can reach it */
} places[] = {
    { "127.0.0.1:25", "127.0.0.1", 25, true },
    { "127.9.9.9", "127.9.9.9", SERVE_PORT, true },
    { "0", "127.0.0.1", 0, true },
    { "2526", "127.0.0.1", 2526, true },
    { "localhost:0", "localhost", 0, true },
    { "127.0.0.1:smtp", "127.0.0.1", 25, true },
    { "[::1]:0", "::1", 0, true },
    { "::1", "::1", SERVE_PORT, true },
    { "[::]:25", "::", 25, false },
    { "0.0.0.0:25", "0.0.0.0", 25, false },
    { "192.0.2.7:0", "192.0.2.7", 0, false },
};

Test(serve_setup, places_are_addresses_in_numbers)
{
    for (size_t i = 0; i < ROWS(places); i++) {
        struct serve_place p = { "", 1, false };
        struct error err;

        cr_assert(serve_place_read(places[i].text, &p, &err), "%s: %s", places[i].text, err.text);
        cr_expect_str_eq(p.host, places[i].host, "%s", places[i].text);
        cr_expect_eq(p.port, places[i].port, "%s", places[i].text);
        cr_expect_eq(serve_place_is_private(&p), places[i].alone, "%s", places[i].text);
    }
}

#define WORDS_MAX 20

struct given {
    struct options o;
    struct serve_setup setup;
    struct error err;
    bool good;
    char text[512];
    char *argv[WORDS_MAX];
};

static struct given *give_both(struct given *g, const char *text, const char *yaml)
{
    struct buf wrong = { 0 };
    int argc = 1;

    *g = (struct given){ 0 };
    snprintf(g->text, sizeof g->text, "smtpscope serve%s%s", *text ? " " : "", text);
    g->argv[0] = g->text;
    for (char *at = g->text; (at = strchr(at, ' ')) && argc < WORDS_MAX;) {
        *at++ = '\0';
        g->argv[argc++] = at;
    }
    cr_assert(options_parse(&g->o, argc, g->argv, &g->err), "%s: %s", text, g->err.text);
    g->good = serve_setup_begin(&g->setup, *yaml ? "x.yaml" : NULL, span_of(yaml), &wrong);
    cr_assert(g->good, "%s", buf_text(&wrong));
    g->good = serve_setup_read(&g->o, &g->setup, &g->err);
    return g;
}

static struct given *give(struct given *g, const char *text)
{
    return give_both(g, text, "");
}

static const struct {
    const char *text, *why;
} bad[] = {
    { "--listen :25", "':25' names no address" },
    { "--listen _", "'_' is a name" },
    { "--listen mx.example:25", "'mx.example' is a name; to listen, give an address in numbers" },
    { "--tls-listen 127.0.0.1:x", "a port is a number" },
    { "--listen 99999", "a port is a number" },
    { "--store attic", "--store is none, memory or maildir:DIR, not 'attic'" },
    { "--store maildir:", "--store is none, memory or maildir:DIR, not 'maildir:'" },
    { "--hostname \x01", "--hostname: '<SOH>' is no name" },
    { "--domain a\x7f", "--domain: 'a<DEL>' is no name" },
    { "--no-tls --tls-cert x.pem", "--no-tls contradicts --tls-cert" },
    { "--no-tls --require-tls", "--no-tls contradicts --require-tls" },
    { "--no-tls --tls-listen 0", "--no-tls contradicts --tls-listen" },
    { "--tls-key x.pem", "--tls-key needs --tls-cert" },
    { "--auth alice", "--auth needs USER:PASS" },
    { "--auth :secret", "--auth needs USER:PASS" },
    { "--auth a:b --no-tls", "--auth with --no-tls could never be used" },
    { "--require-auth", "--require-auth needs somebody who can log in" },
    { "--without ETRN", "--without knows no 'ETRN'; it knows PIPELINING SIZE 8BITMIME" },
};

Test(serve_setup, says_what_is_wrong)
{
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct given g;

        give(&g, bad[i].text);
        cr_expect_not(g.good, "'%s'", bad[i].text);
        cr_expect(strstr(g.err.text, bad[i].why), "'%s': %s", bad[i].text, g.err.text);
        serve_setup_release(&g.setup);
    }
}

Test(serve_setup, takes_everything_from_everybody_unless_told_otherwise)
{
    struct given g;

    give(&g, "");
    cr_assert(g.good, "%s", g.err.text);
    cr_expect_eq(g.setup.place_count, 1);
    cr_expect_str_eq(g.setup.places[0].host, "127.0.0.1");
    cr_expect_eq(g.setup.places[0].port, SERVE_PORT);
    cr_expect_str_eq(g.setup.policy.hostname, "mail.example.test");
    cr_expect_eq(g.setup.tls, SERVE_OWN_TLS);
    cr_expect_not(g.setup.tls_needed);
    cr_expect_eq(g.setup.users.count, 0);
    cr_expect_eq(policy_recipient(&g.setup.policy, SPAN("any@where.example")), POLICY_LOCAL);
    cr_expect_eq(g.setup.policy.extensions, (1u << EXTENSION_COUNT) - 1);
    serve_setup_release(&g.setup);
}

static const struct {
    const char *text;
    enum serve_store store;
    const char *folder;
} stores[] = { { "", SERVE_MEMORY, NULL },
               { "--store none", SERVE_NONE, NULL },
               { "--store memory", SERVE_MEMORY, NULL },
               { "--store maildir:/m:x", SERVE_MAILDIR, "/m:x" } };

Test(serve_setup, letters_go_to_one_of_three_stores)
{
    for (size_t i = 0; i < ROWS(stores); i++) {
        struct given g;

        give(&g, stores[i].text);
        cr_assert(g.good, "%s", g.err.text);
        cr_expect_eq(g.setup.store, stores[i].store, "%s", stores[i].text);
        cr_expect((!stores[i].folder && !g.setup.folder) ||
                      strcmp(stores[i].folder, g.setup.folder) == 0,
                  "%s", stores[i].text);
        serve_setup_release(&g.setup);
    }
}

Test(serve_setup, makes_a_policy_of_the_options)
{
    struct given g;

    give(&g, "--domain a.example --domain b.example --size-limit 1M --without chunking --lmtp "
             "--require-tls");
    cr_assert(g.good, "%s", g.err.text);
    cr_expect_eq(policy_recipient(&g.setup.policy, SPAN("any@B.example")), POLICY_LOCAL);
    cr_expect_eq(policy_recipient(&g.setup.policy, SPAN("any@c.example")), POLICY_RELAY);
    cr_expect_eq(g.setup.policy.size_limit, 1048576);
    cr_expect_not(g.setup.policy.extensions & EXTENSION_BIT(CHUNKING));
    cr_expect(g.setup.policy.extensions & EXTENSION_BIT(PIPELINING));
    cr_expect(g.setup.policy.lmtp && g.setup.policy.require_tls);
    cr_expect(g.setup.tls_needed);
    serve_setup_release(&g.setup);
}

Test(serve_setup, keeps_passwords_out_of_the_command_line)
{
    struct given g;

    give(&g, "--auth alice:se:cret --auth bob: --tls-listen 0");
    cr_assert(g.good, "%s", g.err.text);
    cr_assert_eq(g.setup.users.count, 2);
    cr_expect_str_eq(g.setup.users.at[0].name, "alice");
    cr_expect_str_eq(g.setup.users.at[0].secret, "se:cret");
    cr_expect_str_eq(g.setup.users.at[1].name, "bob");
    cr_expect_str_eq(g.setup.users.at[1].secret, "");
    cr_expect_eq(span_search(span_make(g.text, sizeof g.text), SPAN("cret"), 0, false),
                 SPAN_NOT_FOUND);
    cr_expect(g.setup.place_count == 1 && g.setup.places[0].tls);
    serve_setup_release(&g.setup);
}

Test(serve_setup, takes_from_the_file_what_the_command_line_leaves_open)
{
    static const char yaml[] = "hostname: file.example\nlisten: 127.0.0.1:0\nstore: none\n"
                               "size-limit: 5k\nusers: [alice:secret]\nrequire-auth: on\n"
                               "clients: 7\ntimeouts: off\nextensions: {SIZE: off}\n";
    struct given g;

    give_both(&g, "", yaml);
    cr_assert(g.good, "%s", g.err.text);
    cr_expect_str_eq(g.setup.policy.hostname, "file.example");
    cr_expect_eq(g.setup.places[0].port, 0);
    cr_expect_eq(g.setup.store, SERVE_NONE);
    cr_expect_eq(g.setup.policy.size_limit, 5120);
    cr_assert_eq(g.setup.users.count, 1);
    cr_expect_str_eq(g.setup.users.at[0].secret, "secret");
    cr_expect_eq(g.setup.clients_max, 7);
    cr_expect_not(g.setup.config.timeouts);
    cr_expect_not(g.setup.policy.extensions & EXTENSION_BIT(SIZE));
    serve_setup_release(&g.setup);
    give_both(&g,
              "--hostname cli.example --listen 2600 --store memory --size-limit 9 --auth bob:x "
              "--max-clients 8 --without DSN",
              yaml);
    cr_assert(g.good, "%s", g.err.text);
    cr_expect_str_eq(g.setup.policy.hostname, "cli.example");
    cr_expect(g.setup.place_count == 1 && g.setup.places[0].port == 2600);
    cr_expect_eq(g.setup.store, SERVE_MEMORY);
    cr_expect_eq(g.setup.policy.size_limit, 9);
    cr_expect_eq(g.setup.users.count, 2);
    cr_expect_eq(g.setup.clients_max, 8);
    cr_expect_not(g.setup.policy.extensions & (EXTENSION_BIT(SIZE) | EXTENSION_BIT(DSN)));
    serve_setup_release(&g.setup);
}

Test(serve_setup, speaks_as_the_persona_that_is_named)
{
    struct given g;

    give_both(&g, "", "persona: exim\n");
    cr_assert(g.good, "%s", g.err.text);
    cr_expect_str_eq(g.setup.policy.persona->name, "exim");
    cr_expect_eq(g.setup.policy.errors_max, 0, "the persona's own");
    serve_setup_release(&g.setup);
    give_both(&g, "--persona postfix", "persona: exim\nerrors: 7\n");
    cr_expect_str_eq(g.setup.policy.persona->name, "postfix");
    cr_expect_eq(g.setup.policy.errors_max, 7);
    serve_setup_release(&g.setup);
    give(&g, "");
    cr_expect_eq(g.setup.policy.persona, &persona_strict);
    serve_setup_release(&g.setup);
}

Test(serve_setup, knows_a_contradiction_with_the_file)
{
    struct given g;

    give_both(&g, "--no-tls", "tls-listen: 127.0.0.1:0\n");
    cr_expect_not(g.good);
    cr_expect(strstr(g.err.text, "TLS is asked for, and switched off"), "%s", g.err.text);
    serve_setup_release(&g.setup);
    give_both(&g, "--require-tls", "tls: off\n");
    cr_expect_not(g.good);
    serve_setup_release(&g.setup);
}

Test(serve_setup, tells_every_mistake_of_the_file_with_its_place)
{
    struct serve_setup setup;
    struct buf wrong = { 0 };

    cr_expect_not(
        serve_setup_begin(&setup, "x.yaml", SPAN("hostnam: a\nsize-limit: none\n"), &wrong));
    cr_expect(strstr(buf_text(&wrong), "x.yaml:1:1: "), "%s", buf_text(&wrong));
    cr_expect(strstr(buf_text(&wrong), "x.yaml:2:13: "), "%s", buf_text(&wrong));
    serve_setup_release(&setup);
    buf_release(&wrong);
}
