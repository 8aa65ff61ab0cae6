/*
 * Programs of the world that encrypt, log in, send one command after the other without waiting, and
 * speak LMTP.
 */
#include "net/pki.h"
#include "support/certs.h"
#include "support/peer.h"

static const struct sasl_user users_at[] = { { "alice", "ketchup" } };
static const struct sasl_users users = { users_at, 1 };
static const struct policy_mailbox mailbox = { "bob", "hamburger.edu" };
static const struct policy policy = { .hostname = "hamburger.edu",
                                      .mailboxes = &mailbox,
                                      .mailbox_count = 1,
                                      .any_recipient = true,
                                      .recipients_max = 100,
                                      .extensions = (1u << EXTENSION_COUNT) - 1,
                                      .require_tls = true,
                                      .require_auth = true,
                                      .mechanisms =
                                          "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256" };

#define LETTER "From: alice@crepes.fr\r\nSubject: lunch\r\n\r\nDo you like ketchup?\r\n"

struct keys {
    char folder[64], ca[256];
    struct tls_context *server;
};

static void open_house(struct peer *p, struct keys *k, const struct policy *with, bool implicit)
{
    struct error err = { "" };

    certs_folder(k->folder);
    certs_path(k->folder, "ca.pem", k->ca);
    k->server = pki_server_context(k->folder, "hamburger.edu", &err);
    cr_assert_not_null(k->server, "%s", err.text);
    peer_start_with(p, (struct server_options){ .policy = with,
                                                .tls = k->server,
                                                .implicit_tls = implicit,
                                                .users = &users,
                                                .timeouts = true });
}

static void close_house(struct peer *p, struct keys *k)
{
    peer_end(p);
    tls_context_free(k->server);
    certs_remove(k->folder);
}

static void expect_kept(const struct peer *p, size_t count, struct span want)
{
    struct server_letter letter;

    cr_assert_eq(server_letters(p->server, "bob"), count);
    cr_assert(server_letter(p->server, "bob", count, &letter));
    cr_expect(span_eq(letter.octets, want), "got '%.*s'", SPAN_ARG(letter.octets));
}

#define ARGS_MAX 48
/* The program's usual arguments, and those of one case; its status. */
static int run_with(struct peer *p, const char *const *usual, const char *const *more,
                    struct span input)
{
    const char *argv[ARGS_MAX];
    size_t count = 0;

    for (; *usual; usual++)
        argv[count++] = *usual;
    for (; *more; more++) {
        cr_assert_lt(count + 1, ARGS_MAX);
        argv[count++] = *more;
    }
    argv[count] = NULL;
    return peer_run(p, argv, input);
}

#define CASE_ARGS 8
struct row {
    const char *name, *args[CASE_ARGS];
    int status;
};

static void run_swaks(const struct row *r, const struct policy *with, bool implicit)
{
    struct keys k;
    struct peer p;
    int got;

    open_house(&p, &k, with, implicit);
    const char *const usual[] = { "swaks",
                                  "--server",
                                  p.address,
                                  "--port",
                                  p.port,
                                  "--helo",
                                  "crepes.fr",
                                  "--from",
                                  "alice@crepes.fr",
                                  "--to",
                                  "bob@hamburger.edu",
                                  "--data",
                                  "-",
                                  NULL };
    got = run_with(&p, usual, r->args, SPAN(LETTER));
    cr_expect_eq(got, r->status, "%s: got %d", r->name, got);
    if (r->status == 0)
        expect_kept(&p, 1, SPAN(LETTER "\r\n")); /* swaks adds a line end before the dot */
    else
        cr_expect_eq(server_letters(p.server, "bob"), 0, "%s", r->name);
    close_house(&p, &k);
}

Test(peers_secure, swaks_encrypts_and_logs_in)
{
    static const struct row rows[] = {
        { "no TLS", { NULL }, 23 },
        { "TLS alone", { "-tls", NULL }, 23 },
        { "PLAIN", { "-tls", "-a", "PLAIN", "-au", "alice", "-ap", "ketchup", NULL }, 0 },
        { "wrong", { "-tls", "-a", "PLAIN", "-au", "alice", "-ap", "mustard", NULL }, 28 },
        { "LOGIN", { "-tls", "-a", "LOGIN", "-au", "alice", "-ap", "ketchup", NULL }, 0 },
        { "CRAM-MD5", { "-tls", "-a", "CRAM-MD5", "-au", "alice", "-ap", "ketchup", NULL }, 0 },
    };

    for (size_t i = 0; i < ROWS(rows); i++)
        run_swaks(&rows[i], &policy, false);
}

Test(peers_secure, swaks_speaks_tls_from_the_first_octet)
{
    static const struct row row = {
        "SMTPS", { "-tlsc", "-a", "PLAIN", "-au", "alice", "-ap", "ketchup", NULL }, 0
    };

    run_swaks(&row, &policy, true);
}

Test(peers_secure, swaks_does_not_wait_and_speaks_lmtp)
{
    static const struct row rows[] = { { "PIPELINING", { "-pipeline", NULL }, 0 },
                                       { "LMTP", { "--protocol", "LMTP", NULL }, 0 } };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct policy open = policy;

        open.require_tls = open.require_auth = false;
        open.lmtp = strcmp(rows[i].name, "LMTP") == 0;
        run_swaks(&rows[i], &open, false);
    }
}

static void run_curl(const struct row *r, bool implicit)
{
    struct keys k;
    struct peer p;
    int got;
    char url[96];

    open_house(&p, &k, &policy, implicit);
    snprintf(url, sizeof url, "%s://127.0.0.1:%s/crepes.fr", implicit ? "smtps" : "smtp", p.port);
    const char *const usual[] = { "curl",        "-q",
                                  "-sS",         "--noproxy",
                                  "*",           "--cacert",
                                  k.ca,          "--ssl-reqd",
                                  "--url",       url,
                                  "--mail-from", "alice@crepes.fr",
                                  "--mail-rcpt", "bob@hamburger.edu",
                                  "-T",          "-",
                                  NULL };
    got = run_with(&p, usual, r->args, SPAN(LETTER));
    cr_expect_eq(got, r->status, "%s: got %d", r->name, got);
    if (r->status == 0)
        expect_kept(&p, 1, SPAN(LETTER));
    close_house(&p, &k);
}

Test(peers_secure, curl_verifies_encrypts_and_logs_in)
{
    static const struct row rows[] = {
        { "best", { "--user", "alice:ketchup", NULL }, 0 },
        { "PLAIN", { "--user", "alice:ketchup", "--login-options", "AUTH=PLAIN", NULL }, 0 },
        { "LOGIN", { "--user", "alice:ketchup", "--login-options", "AUTH=LOGIN", NULL }, 0 },
        { "CRAM-MD5", { "--user", "alice:ketchup", "--login-options", "AUTH=CRAM-MD5", NULL }, 0 },
        { "wrong", { "--user", "alice:mustard", "--login-options", "AUTH=PLAIN", NULL }, 67 },
    };

    for (size_t i = 0; i < ROWS(rows); i++)
        run_curl(&rows[i], false);
    run_curl(&rows[0], true);
}

Test(peers_secure, openssl_starts_tls_in_both_versions)
{
    static const char *const versions[] = { "-tls1_2", "-tls1_3" };

    for (size_t i = 0; i < ROWS(versions); i++) {
        struct keys k;
        struct peer p;
        char where[32];

        open_house(&p, &k, &policy, false);
        snprintf(where, sizeof where, "127.0.0.1:%s", p.port);
        const char *const argv[] = { "openssl",   "s_client",
                                     "-connect",  where,
                                     "-starttls", "smtp",
                                     "-CAfile",   k.ca,
                                     "-crlf",     "-quiet",
                                     "-name",     "crepes.fr",
                                     versions[i], "-verify_return_error",
                                     NULL };
        cr_expect_eq(peer_run(&p, argv, SPAN("EHLO crepes.fr\nQUIT\n")), 0, "%s", versions[i]);
        close_house(&p, &k);
    }
}
