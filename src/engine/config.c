#include "engine/config.h"

#include "base/mem.h"
#include "engine/persona.h"
#include "smtp/path.h"

struct config_list {
    const char *name;
    struct row_texts members;
};

static bool is_mailbox(struct span text)
{
    return policy_local_part(text).len && policy_domain(text).len &&
           span_find(text, ' ') == text.len;
}

static bool is_name(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] == 0x7f)
            return false;
    return text.len > 0 && text.len <= DOMAIN_MAX;
}

static bool is_store(struct span text)
{
    return span_eq(text, SPAN("none")) || span_eq(text, SPAN("memory")) ||
           (span_starts(text, SPAN("maildir:")) && text.len > 8);
}

#define USER(field) ROW_FIELD(struct config_user, field)
static const struct row user_row[] = {
    { "name", ROW_TEXT, USER(name), "Who logs in.", .example = "alice", .required = true,
      .max = 255 },
    { "password", ROW_TEXT, USER(secret), "The password, or the token for OAUTHBEARER and XOAUTH2.",
      .example = "\"secret words\"", .required = true, .max = 1024, .secret = true },
};

/* "alice:secret"; the password may hold colons. */
static bool user_line(void *target, struct span text, struct buf *why)
{
    struct span secret, name = span_cut(text, ':', &secret);

    if (!name.len || name.len == text.len) {
        buf_add_text(why, "a user is NAME:PASSWORD, or the keys 'name' and 'password'");
        return false;
    }
    return row_read(&user_row[0], target, name, why) && row_read(&user_row[1], target, secret, why);
}
static const struct rows user_rows = { user_row, 2, sizeof(struct config_user), .line = user_line };

#define LIST(field) ROW_FIELD(struct config_list, field)
static const struct row list_row[] = {
    { "name", ROW_TEXT, LIST(name), "The list's name.", .example = "friends", .required = true,
      .max = 64 },
    { "members", ROW_TEXTS, LIST(members), "Who is in it.",
      .example = "[bob@mail.example.test, carol@mail.example.test]",
      .must = "mailboxes such as bob@x.org", .check = is_mailbox },
};
static const struct rows list_rows = { list_row, 2, sizeof(struct config_list) };

#define X(name, keyword) keyword "|"
static const char extension_words[] = EXTENSIONS(X);
#undef X
#define X(name, keyword) keyword ","
static const char extensions_all[] = EXTENSIONS(X);
#undef X

/* Ranges of addresses in one list: more proxies than one server has. */
#define SERVER_RANGES 64
#define CONFIG(field) ROW_FIELD(struct server_config, field)
#define MAILBOXES     "mailboxes such as bob@x.org"
#define DAY           (86400 * (uint64_t)CLOCK_SECOND)
static const struct row server_row[] = {
    { "hostname", ROW_TEXT, CONFIG(policy.hostname), "The server's name, in its greeting.",
      .fallback = "mail.example.test", .must = "the name of a host", .check = is_name },
    { "listen", ROW_TEXT, CONFIG(listen),
      "Where clients connect: address and port. A loopback address is for this machine alone; port "
      "0 "
      "is any that is free.",
      .example = "127.0.0.1:2525", .max = 300 },
    { "tls-listen", ROW_TEXT, CONFIG(tls_listen), "The same, with TLS from the first octet on.",
      .example = "127.0.0.1:4650", .max = 300 },
    { "store", ROW_TEXT, CONFIG(store), "Where letters are kept.", .fallback = "memory",
      .must = "none, memory or maildir:FOLDER", .check = is_store },
    { "tls-cert", ROW_TEXT, CONFIG(tls_cert), "Certificate and chain, PEM. Without it one is made.",
      .example = "cert.pem" },
    { "tls-key", ROW_TEXT, CONFIG(tls_key), "Its key, PEM.", .example = "key.pem" },
    { "client-ca", ROW_TEXT, CONFIG(client_ca),
      "Clients are asked for a certificate by these CAs, PEM. Who shows one can log in with "
      "EXTERNAL, as its mailbox or else its common name.",
      .example = "ca.pem" },
    { "tls", ROW_BOOL, CONFIG(tls), "STARTTLS can be offered.", .fallback = "on" },
    { "persona", ROW_CHOICE, CONFIG(persona), "Whose codes and words the server speaks.",
      .fallback = "strict", .words = PERSONA_NAMES },
    { "domains", ROW_TEXTS, CONFIG(domains),
      "Only recipients of these domains are taken, others are refused as relaying. Without it: the "
      "mailboxes' domains; without mailboxes: all. Nothing is ever passed on.",
      .example = "[mail.example.test]", .must = "names of domains", .check = is_name },
    { "mailboxes", ROW_TEXTS, CONFIG(mailboxes),
      "Only these exist. Without it every local part does.",
      .example = "[bob@mail.example.test, carol@mail.example.test]", .must = MAILBOXES,
      .check = is_mailbox },
    { "proxy-protocol", ROW_TEXTS, CONFIG(proxies),
      "Proxies at these addresses, in numbers or as ranges, begin with a PROXY header (version 1 "
      "or "
      "2) that names the client. Others are served as usual.",
      .example = "[127.0.0.1, 192.0.2.0/24]", .max = SERVER_RANGES },
    { "magic", ROW_CHOICE, CONFIG(magic),
      "Recipients such as busy+450@ play faults. auto: when no mailboxes are named.",
      .fallback = "auto", .words = "auto|on|off" },
    { "extensions", ROW_SET, CONFIG(policy.extensions),
      "What EHLO offers: a list of those, or KEYWORD: off for some of them.",
      .fallback = extensions_all, .example = "{VRFY: off, EXPN: off}", .words = extension_words },
    { "lmtp", ROW_BOOL, CONFIG(policy.lmtp), "Speak LMTP (RFC 2033).", .fallback = "off" },
    { "users", ROW_LIST, CONFIG(users), "Who may log in. Without it AUTH is not offered.",
      .rows = &user_rows },
    { "mechanisms", ROW_TEXT, CONFIG(policy.mechanisms),
      "What AUTH offers, with spaces between. Without it: all that are known.",
      .example = "PLAIN LOGIN", .max = 200 },
    { "auth-without-tls", ROW_BOOL, CONFIG(policy.auth_without_tls),
      "AUTH is offered in plain text, too.", .fallback = "off" },
    { "require-tls", ROW_BOOL, CONFIG(policy.require_tls), "No letter before STARTTLS.",
      .fallback = "off" },
    { "require-auth", ROW_BOOL, CONFIG(policy.require_auth), "No letter before a login.",
      .fallback = "off" },
    { "vrfy", ROW_CHOICE, CONFIG(policy.vrfy),
      "What VRFY tells: nothing (252), the truth, or yes to everything.", .fallback = "nothing",
      .words = "nothing|truth|yes" },
    { "expn", ROW_CHOICE, CONFIG(policy.expn), "What EXPN tells.", .fallback = "nothing",
      .words = "nothing|truth" },
    { "lists", ROW_LIST, CONFIG(lists), "Mailing lists, for EXPN.", .rows = &list_rows },
    { "size-limit", ROW_OCTETS, CONFIG(policy.size_limit), "Larger letters are refused.",
      .fallback = "64M", .min = 1, .max = (uint64_t)1 << 30 },
    { "recipients", ROW_NUMBER, CONFIG(policy.recipients_max),
      "Of one letter; RFC 5321 4.5.3.1.8 asks for 100 at least.", .fallback = "1000", .min = 1,
      .max = 100000 },
    { "letters", ROW_NUMBER, CONFIG(policy.mail_max), "In one session; 0: any number (RFC 9422).",
      .fallback = "0", .max = 1000000 },
    { "recipient-domains", ROW_NUMBER, CONFIG(policy.rcpt_domain_max),
      "Domains of recipients in one session; 0: any number (RFC 9422).", .fallback = "0",
      .max = 10000 },
    { "errors", ROW_NUMBER, CONFIG(policy.errors_max),
      "Refused commands in one session; one more is answered with 421. 0: any number.",
      .fallback = "100", .max = 1000000 },
    { "command-line", ROW_NUMBER, CONFIG(policy.command_line_max),
      "Octets of a command line; 0: as RFC 5321 4.5.3.1.4 says.", .fallback = "0", .max = 65536 },
    { "text-line", ROW_NUMBER, CONFIG(policy.text_line_max),
      "Octets of a line in a letter; 0: any number.", .fallback = "0", .max = 1000000 },
    { "clients", ROW_NUMBER, CONFIG(clients_max), "At once; 0: as many as the server can.",
      .fallback = "0", .max = 100000 },
    { "clients-per-address", ROW_NUMBER, CONFIG(clients_per_address_max),
      "At once from one address; 0: no limit of its own.", .fallback = "0", .max = 100000 },
    { "timeouts", ROW_BOOL, CONFIG(timeouts), "Silent clients are sent away.", .fallback = "on" },
    { "command-timeout", ROW_DURATION, CONFIG(policy.command_timeout),
      "How long the server waits for a command (RFC 5321 4.5.3.2.7: 5 minutes at least).",
      .fallback = "5min", .min = 1000, .max = DAY },
    { "data-timeout", ROW_DURATION, CONFIG(policy.data_timeout),
      "How long it waits inside a letter; 0: as for commands.", .fallback = "0s", .max = DAY },
    { "seed", ROW_NUMBER, CONFIG(seed), "What the chances of faults follow from.",
      .fallback = "1" },
    { "faults", ROW_LIST, CONFIG(faults),
      "What goes wrong, when, for whom, how often: keys, or one line for each fault.",
      .rows = &fault_rows, .max = FAULTS_MAX },
};
static const struct rows server_rows = { server_row, sizeof server_row / sizeof *server_row,
                                         sizeof(struct server_config) };
static const struct row top_row[] = {
    { "server", ROW_MAP, .at = 0, .size = sizeof(struct server_config),
      .help = "The one server; its keys may stand without it, too.", .rows = &server_rows },
};
const struct rows config_rows = { top_row, 1, sizeof(struct server_config), .also = &server_rows };

static void make_mailboxes(struct server_config *c)
{
    struct policy_mailbox *list = mem_zero(c->mailboxes.count, sizeof *list);

    for (size_t i = 0; i < c->mailboxes.count; i++) {
        struct span whole = span_of(c->mailboxes.at[i]), local = policy_local_part(whole);

        list[i].local = mem_strndup(local.at, local.len);
        list[i].domain = c->mailboxes.at[i] + local.len + 1;
    }
    c->policy.mailboxes = list;
    c->policy.mailbox_count = c->mailboxes.count;
}

static bool has_domain(const struct server_config *c, const char *domain)
{
    for (size_t i = 0; i < c->domains.count; i++)
        if (span_eq_nocase(span_of(c->domains.at[i]), span_of(domain)))
            return true;
    return false;
}

/* Mailboxes exist in domains that are local. */
static void add_domains(struct server_config *c)
{
    for (size_t i = 0; i < c->policy.mailbox_count; i++) {
        const char *domain = c->policy.mailboxes[i].domain;

        if (has_domain(c, domain))
            continue;
        c->domains.at = mem_resize(c->domains.at, c->domains.count + 1, sizeof *c->domains.at);
        c->domains.at[c->domains.count++] = mem_strdup(domain);
    }
}

static void make_lists(struct server_config *c)
{
    const struct config_list *from = c->lists.at;
    struct policy_list *list = mem_zero(c->lists.count, sizeof *list);

    for (size_t i = 0; i < c->lists.count; i++)
        list[i] = (struct policy_list){ .name = from[i].name,
                                        .members = (const char *const *)from[i].members.at,
                                        .count = from[i].members.count };
    c->policy.lists = list;
    c->policy.list_count = c->lists.count;
}

unsigned server_config_read(struct span text, const struct yaml_file *file,
                            struct server_config *out, struct buf *complaints)
{
    unsigned mistakes;

    rows_init(&config_rows, out);
    mistakes = yaml_read(text, file, &config_rows, out, complaints);
    make_mailboxes(out);
    add_domains(out);
    make_lists(out);
    out->policy.domains = (const char *const *)out->domains.at;
    out->policy.domain_count = out->domains.count;
    out->policy.any_recipient = out->mailboxes.count == 0;
    out->policy.persona = personas[out->persona];
    return mistakes;
}

/* The rows' own texts are theirs to release; what was made of them is ours. */
void server_config_release(struct server_config *c)
{
    struct policy_mailbox *mailboxes;
    struct policy_list *lists;
    char *text;

    for (size_t i = 0; i < c->policy.mailbox_count; i++) {
        memcpy(&text, &c->policy.mailboxes[i].local, sizeof text);
        mem_free(text);
    }
    memcpy(&mailboxes, &c->policy.mailboxes, sizeof mailboxes);
    memcpy(&lists, &c->policy.lists, sizeof lists);
    mem_free(mailboxes);
    mem_free(lists);
    for (size_t i = 0; i < c->users.count; i++) {
        struct config_user *user = (struct config_user *)c->users.at + i;

        memcpy(&text, &user->secret, sizeof text);
        if (text)
            mem_wipe(text, strlen(text));
    }
    rows_release(&config_rows, c);
    *c = (struct server_config){ 0 };
}

struct faults *server_config_faults(struct server_config *c)
{
    struct faults *set = faults_new(c->seed);
    struct fault *list = c->faults.at;

    for (size_t i = 0; i < c->faults.count; i++)
        faults_add(set, &list[i]);
    faults_set_magic(set, c->magic == CONFIG_MAGIC_ON ||
                              (c->magic == CONFIG_MAGIC_AUTO && c->mailboxes.count == 0));
    return set;
}

void server_config_example(struct buf *out)
{
    buf_add_text(out, "# The configuration of a server of smtpscope. Every key may be left out.\n"
                      "# smtpscope serve --config FILE reads it.\n");
    rows_example(&server_rows, out);
}
