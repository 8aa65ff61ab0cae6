/* The configuration of a server: what YAML makes of the policy, and what it is told is wrong. */
#include "engine/config.h"
#include "engine/persona.h"

#include <stdio.h>

#include "base/clock.h"
#include "support/table.h"

static const struct yaml_file file = { "serve.yaml", 0 };

static unsigned read(const char *text, struct server_config *c, struct buf *complaints)
{
    return server_config_read(span_of(text), &file, c, complaints);
}

Test(config, sets_all_of_a_policy)
{
    static const char text[] = "hostname: hamburger.edu\n"
                               "listen: 127.0.0.1:2525\n"
                               "tls-listen: 127.0.0.1:4650\n"
                               "store: maildir:/var/tmp/letters\n"
                               "tls-cert: c.pem\n"
                               "tls-key: k.pem\n"
                               "persona: exim\n"
                               "domains: [hamburger.edu]\n"
                               "mailboxes: [bob@hamburger.edu, carol@Crepes.fr]\n"
                               "extensions: {VRFY: off, CHUNKING: off}\n"
                               "lmtp: on\n"
                               "users:\n  - alice:secret:words\n  - {name: bob, password: pw}\n"
                               "mechanisms: PLAIN LOGIN\n"
                               "auth-without-tls: yes\nrequire-tls: yes\nrequire-auth: yes\n"
                               "vrfy: truth\nexpn: truth\n"
                               "lists:\n  - name: friends\n    members: [bob@hamburger.edu]\n"
                               "size-limit: 10M\nrecipients: 100\nletters: 5\n"
                               "recipient-domains: 3\nerrors: 7\ncommand-line: 600\n"
                               "text-line: 998\nclients: 9\nclients-per-address: 2\n"
                               "timeouts: off\ncommand-timeout: 10s\ndata-timeout: 3s\nseed: 9\n"
                               "faults:\n  - RCPT to=*@busy.example reply=\"450 4.2.1 busy\"\n"
                               "  - at: MAIL\n    drop: yes\n";
    struct server_config c;
    struct buf complaints = { 0 };
    const struct policy *p = &c.policy;
    const struct config_user *users;
    struct faults *set;
    struct fault_info info;

    cr_expect_eq(read(text, &c, &complaints), 0, "%s", buf_text(&complaints));
    cr_expect_str_eq(p->hostname, "hamburger.edu");
    cr_expect_str_eq(c.listen, "127.0.0.1:2525");
    cr_expect_str_eq(c.tls_listen, "127.0.0.1:4650");
    cr_expect_str_eq(c.store, "maildir:/var/tmp/letters");
    cr_expect_str_eq(c.tls_cert, "c.pem");
    cr_expect_str_eq(c.tls_key, "k.pem");
    cr_expect_eq(p->persona, &persona_exim);
    cr_assert_eq(p->mailbox_count, 2);
    cr_expect_str_eq(p->mailboxes[1].local, "carol");
    cr_expect_str_eq(p->mailboxes[1].domain, "Crepes.fr");
    cr_assert_eq(p->domain_count, 2, "the mailboxes' domains are local, each once");
    cr_expect_str_eq(p->domains[0], "hamburger.edu");
    cr_expect_str_eq(p->domains[1], "Crepes.fr");
    cr_expect(!p->any_recipient);
    cr_expect_eq(policy_recipient(p, SPAN("carol@crepes.fr")), POLICY_LOCAL);
    cr_expect_eq(policy_recipient(p, SPAN("dan@crepes.fr")), POLICY_UNKNOWN_USER);
    cr_expect_eq(policy_recipient(p, SPAN("dan@x.org")), POLICY_RELAY);
    cr_expect_eq(p->extensions,
                 ((1u << EXTENSION_COUNT) - 1) & ~EXTENSION_BIT(VRFY) & ~EXTENSION_BIT(CHUNKING));
    cr_expect(p->lmtp && p->auth_without_tls && p->require_tls && p->require_auth);
    cr_assert_eq(c.users.count, 2);
    users = c.users.at;
    cr_expect_str_eq(users[0].name, "alice");
    cr_expect_str_eq(users[0].secret, "secret:words");
    cr_expect_str_eq(users[1].name, "bob");
    cr_expect_str_eq(p->mechanisms, "PLAIN LOGIN");
    cr_expect_eq(p->vrfy, POLICY_TELLS);
    cr_expect_eq(p->expn, POLICY_TELLS);
    cr_assert_eq(p->list_count, 1);
    cr_expect_str_eq(p->lists[0].name, "friends");
    cr_expect_str_eq(p->lists[0].members[0], "bob@hamburger.edu");
    cr_expect_eq(p->size_limit, 10u << 20);
    cr_expect_eq(p->recipients_max, 100);
    cr_expect_eq(p->mail_max, 5);
    cr_expect_eq(p->rcpt_domain_max, 3);
    cr_expect_eq(p->errors_max, 7);
    cr_expect_eq(p->command_line_max, 600);
    cr_expect_eq(p->text_line_max, 998);
    cr_expect_eq(c.clients_max, 9);
    cr_expect_eq(c.clients_per_address_max, 2);
    cr_expect(!c.timeouts);
    cr_expect_eq(p->command_timeout, 10 * CLOCK_SECOND);
    cr_expect_eq(p->data_timeout, 3 * CLOCK_SECOND);
    set = server_config_faults(&c);
    cr_assert_eq(faults_count(set), 2);
    cr_expect(faults_get(set, 0, &info));
    cr_expect_str_eq(info.fault->reply, "450 4.2.1 busy");
    cr_expect(faults_get(set, 1, &info) && info.fault->drop);
    faults_free(set);
    server_config_release(&c);
    buf_release(&complaints);
}

Test(config, has_defaults_that_take_every_recipient)
{
    struct server_config c;
    struct buf complaints = { 0 };

    cr_expect_eq(read("server:\n  hostname: x.org\n", &c, &complaints), 0);
    cr_expect_str_eq(c.policy.hostname, "x.org");
    cr_expect_str_eq(c.store, "memory");
    cr_expect_null(c.listen);
    cr_expect(c.policy.any_recipient && c.timeouts && c.tls);
    cr_expect_eq(policy_recipient(&c.policy, SPAN("any@where")), POLICY_LOCAL);
    cr_expect_eq(c.policy.extensions, (1u << EXTENSION_COUNT) - 1);
    cr_expect_eq(c.policy.errors_max, 100);
    server_config_release(&c);
    server_config_release(&c);
    buf_release(&complaints);
}

/* Magic addresses are on where nobody is named, unless that is said otherwise. */
static const struct {
    const char *text;
    bool magic;
} magics[] = {
    { "hostname: x.org\n", true },
    { "mailboxes: [bob@x.org]\n", false },
    { "magic: off\n", false },
    { "magic: on\nmailboxes: [bob@x.org]\n", true },
};

Test(config, turns_magic_addresses_on_where_no_mailbox_is_named)
{
    for (size_t i = 0; i < ROWS(magics); i++) {
        struct server_config c;
        struct buf complaints = { 0 };
        struct fault_session session = { 0 };
        struct fault_play play;
        struct fault_event ev = { .at = FAULT_RCPT, .to = SPAN("drop@x.org"), .address = "" };
        struct faults *set;

        cr_expect_eq(read(magics[i].text, &c, &complaints), 0);
        set = server_config_faults(&c);
        cr_expect_eq(faults_ask(set, &session, &ev, &play), magics[i].magic, "%s", magics[i].text);
        faults_free(set);
        server_config_release(&c);
        buf_release(&complaints);
    }
}

Test(config, names_every_mistake_with_its_place)
{
    static const char text[] = "hostnmae: x\n"
                               "store: mailbox\n"
                               "mailboxes: [bob]\n"
                               "extensions: [PIPELINIG]\n"
                               "users: [alice]\n"
                               "faults:\n"
                               "  - at: RCTP\n"
                               "    drop: yes\n"
                               "  - at: MAIL\n"
                               "  - RCPT reply=busy\n"
                               "  - at: body\n"
                               "    reset: yes\n";
    struct server_config c;
    struct buf complaints = { 0 };

    cr_expect_eq(read(text, &c, &complaints), 9);
    cr_expect_str_eq(
        buf_text(&complaints),
        "serve.yaml:1:1: unknown key 'hostnmae'; did you mean 'hostname'?\n"
        "serve.yaml:2:8: 'store' must be none, memory or maildir:FOLDER, not 'mailbox'; for "
        "example: store: memory\n"
        "serve.yaml:3:13: 'mailboxes' must be mailboxes such as bob@x.org, not 'bob'\n"
        "serve.yaml:4:14: 'extensions' must be a list out of PIPELINING, SIZE, 8BITMIME, SMTPUTF8, "
        "CHUNKING, BINARYMIME, DSN, ENHANCEDSTATUSCODES, STARTTLS, AUTH, LIMITS, VRFY, EXPN, HELP, "
        "not 'PIPELINIG' (did you mean PIPELINING?)\n"
        "serve.yaml:5:9: a user is NAME:PASSWORD, or the keys 'name' and 'password'\n"
        "serve.yaml:7:9: 'at' must be one of connect, HELO, EHLO, LHLO, STARTTLS, AUTH, MAIL, "
        "RCPT, DATA, BDAT, RSET, NOOP, VRFY, EXPN, HELP, QUIT, command, end, body, idle, not "
        "'RCTP' (did you mean RCPT?); for example: at: RCPT\n"
        "serve.yaml:9:5: nothing would happen: name a reply, delay, drop, reset, silent or the "
        "like\n"
        "serve.yaml:10:5: 'reply' must be a code from 200 to 599 and a text, not 'busy'; for "
        "example: reply=450 4.2.1 busy\n"
        "serve.yaml:11:5: at body needs 'octet': behind which octet of the letter\n");
    server_config_release(&c);
    buf_release(&complaints);
}

Test(config, never_repeats_a_password)
{
    struct server_config c;
    struct buf text = { 0 }, complaints = { 0 };

    buf_add_text(&text, "users:\n  - name: bob\n    password: ");
    buf_add_repeat(&text, 'p', 1025);
    cr_expect_eq(read(buf_text(&text), &c, &complaints), 1);
    cr_expect_str_eq(buf_text(&complaints),
                     "serve.yaml:3:15: 'password' must be a text of at most 1024 octets; for "
                     "example: password: \"secret words\"\n");
    server_config_release(&c);
    buf_release(&text);
    buf_release(&complaints);
}

Test(config, reads_a_file_with_some_of_everything)
{
    static const char *const places[] = { "../tests/data/serve.yaml", "tests/data/serve.yaml" };
    struct server_config c;
    struct buf text = { 0 }, complaints = { 0 };
    FILE *in = fopen(places[0], "r");
    char line[256];

    if (!in)
        in = fopen(places[1], "r");
    cr_assert_not_null(in);
    while (fgets(line, sizeof line, in))
        buf_add_text(&text, line);
    fclose(in);
    cr_expect_eq(read(buf_text(&text), &c, &complaints), 0, "%s", buf_text(&complaints));
    cr_expect_eq(c.faults.count, 4);
    cr_expect_eq(c.policy.mailbox_count, 2);
    cr_expect_eq(c.policy.domain_count, 1);
    server_config_release(&c);
    buf_release(&text);
    buf_release(&complaints);
}

Test(config, reads_its_own_example)
{
    struct server_config c;
    struct buf text = { 0 }, complaints = { 0 };

    server_config_example(&text);
    cr_expect_eq(read(buf_text(&text), &c, &complaints), 0, "%s\n%s", buf_text(&complaints),
                 buf_text(&text));
    cr_expect_eq(c.faults.count, 2);
    cr_expect_eq(c.users.count, 1);
    cr_expect_eq(c.lists.count, 1);
    rows_manual(&config_rows, &text);
    cr_expect_not_null(strstr(buf_text(&text), "faults.greylist\t"));
    cr_expect_null(strstr(buf_text(&text), "server.hostname\t"));
    server_config_release(&c);
    buf_release(&text);
    buf_release(&complaints);
}
