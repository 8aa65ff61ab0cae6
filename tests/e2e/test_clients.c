/*
 * Clients of the world at `serve`, as their users start them: what they send is what the maildir
 * holds, and what is refused is refused with words that they understand.
 */
#include "support/house.h"
#include "support/table.h"

#define TEXT                                                                                       \
    "From: alice@crepes.fr\r\nTo: bob@hamburger.edu\r\nSubject: lunch\r\n\r\n"                     \
    "Do you like ketchup?\r\n.\r\n..\r\n.profile\r\nHow about pickles?\r\n"

#define CASE_ARGS 10
struct row {
    const char *name, *args[CASE_ARGS];
    int status;       /* the client's */
    const char *said; /* by either of them */
};

/* The client's usual arguments, and those of one case. "%C" is the CA, "%T" the port of TLS. */
static struct ran run_row(const struct house *h, const char *const *usual, const struct row *r)
{
    const char *args[RUN_ARGS_MAX + 2];
    char url[128];
    size_t n = 0;

    for (; *usual; usual++)
        args[n++] = *usual;
    for (size_t i = 0; i < CASE_ARGS && r->args[i]; i++) {
        args[n] = strcmp(r->args[i], "%C") == 0   ? h->ca
                  : strcmp(r->args[i], "%T") == 0 ? h->tls_port
                                                  : r->args[i];
        if (strcmp(r->args[i], "%smtps") == 0) {
            snprintf(url, sizeof url, "smtps://127.0.0.1:%s/crepes.fr", h->tls_port);
            args[n] = url;
        }
        cr_assert_lt(++n, RUN_ARGS_MAX);
    }
    args[n] = NULL;
    return run_child(SPAN(TEXT), NULL, program_exec, args);
}

/* One row: status, words, and one letter more where the client was content. */
static void expect_row(const struct house *h, const char *const *usual, const struct row *r,
                       struct span want)
{
    unsigned before = house_letters(h);
    struct ran ran = run_row(h, usual, r);

    cr_expect_eq(ran.status, r->status, "%s: %d: %s", r->name, ran.status, program_said(&ran));
    cr_expect(!r->said || has(&ran.out, r->said) || has(&ran.err, r->said), "%s: %s", r->name,
              program_said(&ran));
    cr_expect_eq(house_letters(h), before + (r->status == 0), "%s: %s", r->name,
                 program_said(&ran));
    if (r->status == 0)
        house_expect(h, r->name, want);
    ran_release(&ran);
}

Test(clients, swaks_is_understood_in_all_its_ways)
{
    static const struct row rows[] = {
        { "plain text", { NULL }, 0, "250 2.0.0" },
        { "all at once", { "-pipeline" }, 0, "250 2.0.0" },
        { "STARTTLS", { "-tls", "--tls-verify", "--tls-ca-path", "%C" }, 0, "TLS started" },
        { "TLS from the first octet", { "-tlsc", "--port", "%T" }, 0, "TLS started" },
        { "PLAIN", { "-tls", "-a", "PLAIN", "-au", "alice", "-ap", "ketchup" }, 0, "235 2.7.0" },
        { "LOGIN", { "-tls", "-a", "LOGIN", "-au", "alice", "-ap", "ketchup" }, 0, "235 2.7.0" },
        { "CRAM-MD5",
          { "-tls", "-a", "CRAM-MD5", "-au", "alice", "-ap", "ketchup" },
          0,
          "235 2.7.0" },
        { "mustard",
          { "-tls", "-a", "CRAM-MD5", "-au", "alice", "-ap", "mustard" },
          28,
          "535 5.7" },
        { "no TLS",
          { "-a", "PLAIN", "-au", "alice", "-ap", "ketchup" },
          28,
          "advertise authentication" },
        { "PRDR", { "--prdr" }, 30, "did not advertise PRDR" },
        { "relaying", { "--to", "bob@elsewhere.example" }, 24, "550 5.7.1" },
    };
    struct house h;

    PROGRAM_NEEDED("swaks");
    HOUSE_OPEN(&h, "--domain", "hamburger.edu");
    const char *const usual[] = { "swaks",
                                  "--server",
                                  "127.0.0.1",
                                  "--port",
                                  h.port,
                                  "--helo",
                                  "crepes.fr",
                                  "--from",
                                  "alice@crepes.fr",
                                  "--to",
                                  "bob@hamburger.edu",
                                  "--data",
                                  "-",
                                  NULL };
    for (size_t i = 0; i < ROWS(rows); i++)
        expect_row(&h, usual, &rows[i], SPAN(TEXT "\r\n")); /* it adds a line end before the dot */
    house_close(&h);
}

/* A client that speaks it where it is not offered hears a code and goes on (RFC 5321 4.2.4). */
Test(clients, that_try_prdr_unasked_are_refused_and_may_go_on)
{
    struct house h;
    struct buf said;
    int fd;

    HOUSE_OPEN(&h, "--log=text");
    fd = served_connect(h.served.place);
    said = served_talk(fd,
                       "EHLO crepes.fr\r\nMAIL FROM:<a@crepes.fr> PRDR\r\nMAIL FROM:<a@crepes.fr>"
                       "\r\nRCPT TO:<b@hamburger.edu>\r\nQUIT\r\n",
                       NULL);
    cr_expect(has(&said, "\r\n555 5.5.4 "), "%s", buf_text(&said));
    cr_expect(has(&said, "\r\n250 2.1.5 "), "%s", buf_text(&said));
    cr_expect_not(has(&said, "PRDR\r\n250"), "%s", buf_text(&said));
    buf_release(&said);
    close(fd);
    house_close(&h);
}

Test(clients, swaks_hears_of_each_recipient_in_lmtp)
{
    static const struct row row = { "LMTP",
                                    { "--protocol", "LMTP", "--to",
                                      "bob@hamburger.edu,carol@hamburger.edu,x@elsewhere.example" },
                                    0,
                                    "550 5.7.1" };
    struct house h;

    PROGRAM_NEEDED("swaks");
    HOUSE_OPEN(&h, "--lmtp", "--domain", "hamburger.edu");
    const char *const usual[] = { "swaks",  "--server",  "127.0.0.1", "--port",          h.port,
                                  "--helo", "crepes.fr", "--from",    "alice@crepes.fr", "--data",
                                  "-",      NULL };
    expect_row(&h, usual, &row, SPAN(TEXT "\r\n"));
    house_close(&h);
}

Test(clients, curl_is_understood_in_all_its_ways)
{
    static const struct row rows[] = {
        { "plain text", { "--mail-rcpt", "bob@hamburger.edu" }, 0, NULL },
        { "STARTTLS", { "--ssl-reqd", "--mail-rcpt", "bob@hamburger.edu" }, 0, NULL },
        { "two",
          { "--mail-rcpt", "bob@hamburger.edu", "--mail-rcpt", "c@hamburger.edu" },
          0,
          NULL },
        { "one of two refused",
          { "--mail-rcpt", "bob@hamburger.edu", "--mail-rcpt", "c@elsewhere.example" },
          55,
          "550" },
        { "one of two refused, which may be",
          { "--mail-rcpt-allowfails", "--mail-rcpt", "bob@hamburger.edu", "--mail-rcpt",
            "c@elsewhere.example" },
          0,
          NULL },
        { "PLAIN",
          { "--ssl-reqd", "--user", "alice:ketchup", "--login-options", "AUTH=PLAIN", "--mail-rcpt",
            "bob@hamburger.edu" },
          0,
          NULL },
        { "CRAM-MD5",
          { "--ssl-reqd", "--user", "alice:ketchup", "--login-options", "AUTH=CRAM-MD5",
            "--mail-rcpt", "bob@hamburger.edu" },
          0,
          NULL },
        { "a token",
          { "--ssl-reqd", "--user", "alice:", "--oauth2-bearer", "ketchup", "--mail-rcpt",
            "bob@hamburger.edu" },
          0,
          NULL },
        { "mustard",
          { "--ssl-reqd", "--user", "alice:mustard", "--login-options", "AUTH=LOGIN", "--mail-rcpt",
            "bob@hamburger.edu" },
          67,
          "denied" },
    };
    static const struct row tls = { "smtps",
                                    { "--url", "%smtps", "--user", "alice:ketchup", "--mail-rcpt",
                                      "b@hamburger.edu" },
                                    0,
                                    NULL };
    struct house h;
    char url[128];

    PROGRAM_NEEDED("curl");
    HOUSE_OPEN(&h, "--domain", "hamburger.edu");
    snprintf(url, sizeof url, "smtp://127.0.0.1:%s/crepes.fr", h.port);
    const char *const usual[] = {
        "curl", "-q", "-sS",   "--noproxy", "*", "--cacert", h.ca, "--mail-from", "alice@crepes.fr",
        "-T",   "-",  "--url", url,         NULL
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        expect_row(&h, usual, &rows[i], SPAN(TEXT));
    const char *const bare[] = { "curl",     "-q", "-sS",         "--noproxy",       "*",
                                 "--cacert", h.ca, "--mail-from", "alice@crepes.fr", "-T",
                                 "-",        NULL };
    expect_row(&h, bare, &tls, SPAN(TEXT));
    house_close(&h);
}

Test(clients, msmtp_is_understood_in_all_its_ways)
{
    static const struct row rows[] = {
        { "STARTTLS", { "--auth=off" }, 0, NULL },
        { "PLAIN", { "--auth=plain" }, 0, NULL },
        { "CRAM-MD5", { "--auth=cram-md5" }, 0, NULL },
        { "SCRAM-SHA-1", { "--auth=scram-sha-1" }, 0, NULL },
        { "SCRAM-SHA-256", { "--auth=scram-sha-256" }, 0, NULL },
        { "a token", { "--auth=oauthbearer" }, 0, NULL },
        { "the best of them", { "--auth=on" }, 0, NULL },
        { "mustard", { "--auth=scram-sha-256", "--passwordeval=echo mustard" }, 77, "535" },
    };
    struct house h;
    char port[32], ca[192];

    PROGRAM_NEEDED("msmtp");
    HOUSE_OPEN(&h, "--require-tls");
    snprintf(port, sizeof port, "--port=%s", h.port);
    snprintf(ca, sizeof ca, "--tls-trust-file=%s", h.ca);
    const char *const usual[] = { "msmtp",
                                  "--file=/dev/null",
                                  "--host=127.0.0.1",
                                  port,
                                  "--tls=on",
                                  ca,
                                  "--user=alice",
                                  "--passwordeval=echo ketchup",
                                  "--from=alice@crepes.fr",
                                  "--set-date-header=off",
                                  "--set-msgid-header=off",
                                  "bob@hamburger.edu",
                                  NULL };
    for (size_t i = 0; i < ROWS(rows); i++)
        expect_row(&h, usual, &rows[i],
                   SPAN("\r\n\r\nDo you like ketchup?\r\n.\r\n..\r\n.profile"
                        "\r\nHow about pickles?\r\n"));
    house_close(&h);
}

/* Both sides of the handshake: what is offered, what is refused. */
Test(clients, openssl_gets_tls_1_2_and_1_3_and_nothing_older)
{
    static const struct row rows[] = {
        { "1.2", { "-tls1_2" }, 0, "TLSv1.2, Cipher is" },
        { "1.3", { "-tls1_3" }, 0, "TLSv1.3, Cipher is" },
        { "1.1", { "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0" }, 1, "protocol version" },
        { "1.0", { "-tls1", "-cipher", "DEFAULT@SECLEVEL=0" }, 1, "protocol version" },
    };
    struct house h;

    PROGRAM_NEEDED("openssl");
    HOUSE_OPEN(&h, "--log=text");
    const char *const usual[] = {
        "openssl", "s_client", "-connect", h.tls, "-CAfile", h.ca, "-verify_return_error",
        "-crlf",   "-ign_eof", NULL
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ran r;
        const char *args[RUN_ARGS_MAX + 2];
        size_t n = 0;

        for (; usual[n]; n++)
            args[n] = usual[n];
        for (size_t k = 0; k < CASE_ARGS && rows[i].args[k]; k++)
            args[n++] = rows[i].args[k];
        args[n] = NULL;
        r = run_child(SPAN("EHLO crepes.fr\nQUIT\n"), NULL, program_exec, args);
        cr_expect_eq(r.status, rows[i].status, "%s: %d", rows[i].name, r.status);
        cr_expect(has(&r.out, rows[i].said) || has(&r.err, rows[i].said), "%s: %s", rows[i].name,
                  program_said(&r));
        cr_expect_eq(has(&r.out, "\n221 2.0.0 "), r.status == 0, "%s", rows[i].name);
        ran_release(&r);
    }
    house_close(&h);
}

static void run_smtplib(struct house *h, const char *what)
{
    const char *python = program_python("smtplib");
    struct ran r =
        PROGRAM(SPAN(""), python, program_script("smtplib_client.py"), what, h->port, h->mail.root);

    cr_expect_eq(r.status, 0, "%s: %s", what, program_said(&r));
    ran_release(&r);
}

static void expect_sent(const struct house *h, const char *name)
{
    struct buf sent = run_slurp(run_path(h->mail.root, "sent"));

    house_expect(h, name, buf_span(&sent));
    buf_release(&sent);
}

#define PYTHON_NEEDED(module)                                                                      \
    do                                                                                             \
        if (!program_python(module))                                                               \
            cr_skip_test("no python3 with %s is installed", module);                               \
    while (0)

Test(clients, smtplib_sends_a_thousand_letters_on_one_connection)
{
    struct house h;

    PYTHON_NEEDED("smtplib");
    HOUSE_OPEN(&h, "--log=text");
    run_smtplib(&h, "many");
    served_shows(&h.served, "1000 letters\n");
    cr_expect_eq(house_letters(&h), 1000);
    cr_expect_not(has(&h.served.log, " #2 "));
    house_close(&h);
}

Test(clients, smtplib_sends_25_megabytes_that_arrive_as_they_were)
{
    struct house h;

    PYTHON_NEEDED("smtplib");
    HOUSE_OPEN(&h, "--log=text");
    run_smtplib(&h, "big");
    cr_expect_eq(house_letters(&h), 1);
    expect_sent(&h, "big");
    house_close(&h);
}

Test(clients, smtplib_encrypts_logs_in_and_writes_other_alphabets)
{
    struct house h;

    PYTHON_NEEDED("smtplib");
    HOUSE_OPEN(&h, "--log=text");
    run_smtplib(&h, "tls");
    served_shows(&h.served, " auth as alice\n");
    expect_sent(&h, "tls");
    run_smtplib(&h, "utf8");
    cr_expect_eq(house_letters(&h), 2);
    expect_sent(&h, "utf8");
    house_close(&h);
}
