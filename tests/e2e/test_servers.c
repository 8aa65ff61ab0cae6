/*
 * Our own client at servers of the world, encrypted and logged in; and Postfix on its way to
 * `serve`, as one server to another. Skipped where the server is missing, or nobody may start it.
 */
#include <sys/stat.h>

#include "support/house.h"
#include "support/postfix.h"
#include "support/table.h"

#define LETTER                                                                                     \
    "MAIL FROM:<alice@crepes.example>\nRCPT TO:<bob@postfix.example>\nDATA\nSubject: x\n\n..hi\n"  \
    ".\nQUIT\n"

/* A certificate for 127.0.0.1 that signs itself: cert.pem and key.pem in the folder. */
static void make_certificate(const char *folder)
{
    const char *key = run_path(folder, "key.pem"), *cert = run_path(folder, "cert.pem");
    struct ran r =
        PROGRAM(SPAN(""), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=postfix.example",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert);

    cr_assert_eq(r.status, 0, "%s", program_said(&r));
    ran_release(&r);
}

static void write_sasl(const char *folder)
{
    struct buf text = { 0 };
    struct ran r = PROGRAM(SPAN("ketchup"), "saslpasswd2", "-p", "-c", "-f",
                           run_path(folder, "sasldb2"), "-u", "postfix.example", "alice");

    cr_assert_eq(r.status, 0, "%s", program_said(&r));
    cr_assert_eq(chmod(run_path(folder, "sasldb2"), 0644), 0); /* a password of the test's own */
    ran_release(&r);
    buf_printf(&text,
               "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: %s/sasldb2\n"
               "mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\n",
               folder);
    cr_assert_eq(mkdir(run_path(folder, "sasl"), 0755), 0);
    run_file(folder, "sasl/smtpd.conf", buf_span(&text));
    buf_release(&text);
}

/* Postfix with TLS and logins. tls: a second place, with TLS from the first octet. */
static bool start_secure(struct postfix *p, char *tls, size_t room)
{
    struct buf text = { 0 };

    postfix_folder(p);
    make_certificate(p->folder);
    write_sasl(p->folder);
    buf_printf(&text,
               "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = %s/cert.pem\n"
               "smtpd_tls_key_file = %s/key.pem\nsmtpd_tls_auth_only = yes\n"
               "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_local_domain = postfix.example\n"
               "cyrus_sasl_config_path = %s/sasl\n",
               p->folder, p->folder, p->folder);
    run_file(p->folder, "more", buf_span(&text));
    buf_release(&text);
    snprintf(tls, room, "%s", run_free_place());
    buf_printf(&text, "%s inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n", tls);
    run_file(p->folder, "services", buf_span(&text));
    buf_release(&text);
    return postfix_start_there(p);
}

static void expect_delivered(struct ran *r, const char *name, const char *queued)
{
    cr_expect_eq(r->status, 0, "%s: %d: %s", name, r->status, program_said(r));
    cr_expect(has(&r->out, "S: 235 2.7.0"), "%s: %s", name, program_said(r));
    cr_expect(has(&r->out, queued), "%s: %s", name, program_said(r));
    cr_expect_not(has(&r->out, "ketchup"), "%s: %s", name, program_said(r));
    ran_release(r);
}

Test(servers, postfix_takes_letters_by_every_login_in_both_kinds_of_tls, .timeout = 120)
{
    static const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1",
                                              "SCRAM-SHA-256" };
    struct postfix p;
    char tls[32];

    PROGRAM_NEEDED("openssl");
    PROGRAM_NEEDED("saslpasswd2");
    if (start_secure(&p, tls, sizeof tls)) {
        const char *ca = run_path(p.folder, "cert.pem");
        const char *password = run_file(p.folder, "password", SPAN("ketchup\n"));
        struct ran r = RUN(LETTER, "--plain", "--starttls", "--ca", ca, "--auth", "alice",
                           "--password-file", password, p.place);

        cr_expect(has(&r.out, "the best is SCRAM-SHA-256"), "%s", buf_text(&r.out));
        cr_expect(has(&r.out, "-- the certificate is the server's"), "%s", buf_text(&r.out));
        expect_delivered(&r, "STARTTLS", "S: 250 2.0.0 Ok: queued as");
        for (size_t i = 0; i < ROWS(mechanisms); i++) {
            char input[512];

            snprintf(input, sizeof input, "EHLO crepes.example\n/auth %s alice ketchup\n" LETTER,
                     mechanisms[i]);
            r = RUN(input, "--plain", "--tls", "--ca", ca, tls);
            expect_delivered(&r, mechanisms[i], "S: 250 2.0.0 Ok: queued as");
        }
        r = RUN("EHLO crepes.example\n/auth SCRAM-SHA-256 alice mustard\nQUIT\n", "--plain",
                "--tls", "--ca", ca, tls);
        cr_expect_eq(r.status, 1, "%d: %s", r.status, program_said(&r));
        cr_expect(has(&r.out, "S: 535 5.7.8"), "%s", program_said(&r));
        ran_release(&r);
        r = RUN(LETTER, "--plain", "--starttls", p.place);
        cr_expect_eq(r.status, 4, "%d: %s", r.status, program_said(&r));
        cr_expect_not(has(&r.out, "MAIL FROM"), "%s", program_said(&r));
        ran_release(&r);
    }
    postfix_stop(&p);
    if (!p.started)
        cr_skip_test("Postfix cannot be started here");
}

#define CHUNKS                                                                                     \
    "EHLO crepes.example\n"                                                                        \
    "MAIL FROM:<alice@crepes.example> RET=HDRS ENVID=QQ+2B314 BODY=8BITMIME\n"                     \
    "RCPT TO:<bob@hamburger.edu> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;robert@hamburger.edu\n"       \
    "/bdat \"Subject: lunch\\r\\n\\r\\nKetchup?\\r\\n\"\n/bdat \".\\r\\n..two\\r\\n\" "            \
    "LAST\nQUIT\n"

static void expect_relayed(struct house *h, const char *record)
{
    static const char *const said[] = { "C: STARTTLS\n",
                                        " ENVID=QQ+2B314",
                                        " RET=HDRS",
                                        " ORCPT=rfc822;robert@hamburger.edu",
                                        " NOTIFY=SUCCESS,FAILURE",
                                        " BODY=8BITMIME" };
    static const char *const trace[] = { "Return-Path: <alice@crepes.example>\r\n",
                                         "Received: from postfix.example ([127.0.0.1])\r\n",
                                         "\r\n\t(using TLSv1.3",
                                         "by hamburger.edu with ESMTPS id ",
                                         "\r\nReceived: from crepes.example",
                                         "by postfix.example (Postfix) with ESMTP id " };
    struct buf talk, letter;

    house_expect(h, "relayed", SPAN("\r\n\r\nKetchup?\r\n.\r\n..two\r\n"));
    letter = house_newest(h);
    for (size_t i = 0; i < ROWS(trace); i++)
        cr_expect(has(&letter, trace[i]), "%s: %s", trace[i], buf_text(&letter));
    buf_release(&letter);
    talk = run_slurp(record);
    for (size_t i = 0; i < ROWS(said); i++)
        cr_expect(has(&talk, said[i]), "%s: %s", said[i], buf_text(&talk));
    buf_release(&talk);
}

/* It takes chunks itself (RFC 3030), but sends none: on its way here the letter comes by DATA. */
Test(servers, postfix_relays_over_tls_with_all_that_was_asked_for, .timeout = 120)
{
    struct buf more = { 0 };
    struct postfix p;
    struct house h;
    char record[128];

    postfix_folder(&p);
    snprintf(record, sizeof record, "%s/talks.smtp", p.folder);
    HOUSE_OPEN(&h, "--require-tls", "--record", record);
    buf_printf(&more,
               "relayhost = [127.0.0.1]:%s\ndefault_transport = smtp\n"
               "smtpd_recipient_restrictions = permit_mynetworks, reject\n"
               "smtp_tls_security_level = secure\nsmtp_tls_CAfile = %s\n"
               "smtp_tls_secure_cert_match = hamburger.edu\n",
               h.port, h.ca);
    run_file(p.folder, "more", buf_span(&more));
    buf_release(&more);
    if (postfix_start_there(&p)) {
        struct ran r = RUN(CHUNKS, "--plain", p.place);

        cr_expect_eq(r.status, 0, "%d: %s", r.status, program_said(&r));
        cr_expect(has(&r.out, "C: BDAT 28\n") && has(&r.out, "C: BDAT 10 LAST\n"), "%s",
                  program_said(&r));
        ran_release(&r);
        served_shows(&h.served, ", 1 letter\n");
        expect_relayed(&h, record);
    }
    house_close(&h);
    postfix_stop(&p);
    if (!p.started)
        cr_skip_test("Postfix cannot be started here");
}

/* aiosmtpd in three places; it ends with its input. */
struct aiosmtpd {
    pid_t pid;
    int in;
    char plain[32], tls[32];
};

static struct aiosmtpd start_aiosmtpd(const char *python, const char *folder)
{
    struct buf said = { 0 };
    struct aiosmtpd a;
    int in[2], out[2];

    cr_assert(pipe(in) == 0 && pipe(out) == 0);
    a.pid = fork();
    if (a.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(open("/dev/null", O_WRONLY), 2);
        for (int i = 0; i < 2; i++) {
            close(in[i]);
            close(out[i]);
        }
        alarm(RUN_MILLISECONDS / 1000);
        program_exec((const char *const[]){ python, program_script("aiosmtpd_server.py"),
                                            run_path(folder, "cert.pem"),
                                            run_path(folder, "key.pem"), NULL });
    }
    close(in[0]);
    close(out[1]);
    a.in = in[1];
    while (!has(&said, "\n") && run_read(out[0], &said))
        continue;
    close(out[0]);
    cr_assert_eq(sscanf(buf_text(&said), "%31s %31s", a.plain, a.tls), 2, "%s", buf_text(&said));
    buf_release(&said);
    return a;
}

Test(servers, aiosmtpd_takes_letters_by_login_in_both_kinds_of_tls)
{
    const char *python = program_python("aiosmtpd"), *folder = run_folder(), *ca, *password;
    struct aiosmtpd a;
    struct ran r;

    if (!python)
        cr_skip_test("no python3 with aiosmtpd is installed");
    PROGRAM_NEEDED("openssl");
    make_certificate(folder);
    ca = run_path(folder, "cert.pem");
    password = run_file(folder, "password", SPAN("ketchup\n"));
    a = start_aiosmtpd(python, folder);
    r = RUN(LETTER, "--plain", "--starttls", "--ca", ca, "--auth", "alice", "--password-file",
            password, a.plain);
    cr_expect(has(&r.out, "Compared with the plain text before: new is AUTH."), "%s",
              buf_text(&r.out));
    expect_delivered(&r, "STARTTLS", "S: 250 OK");
    r = RUN("EHLO crepes.example\n/auth LOGIN alice ketchup\n" LETTER, "--plain", "--tls", "--ca",
            ca, a.tls);
    expect_delivered(&r, "TLS", "S: 250 OK");
    close(a.in);
    waitpid(a.pid, NULL, 0);
    house_remove(folder);
}

#define SINK_TRIES 2000 /* of some milliseconds: it does not say when it listens */

Test(servers, smtp_sink_takes_a_letter)
{
    struct ran r = { .status = 3 };
    char place[32];
    pid_t pid;

    PROGRAM_NEEDED("smtp-sink");
    snprintf(place, sizeof place, "%s", run_free_place());
    pid = fork();
    if (pid == 0) {
        const char *const as_root[] = { "smtp-sink", "-u", "nobody", place, "10", NULL };
        const char *const as_user[] = { "smtp-sink", place, "10", NULL };

        alarm(RUN_MILLISECONDS / 1000);
        dup2(open("/dev/null", O_WRONLY), 1);
        program_exec(geteuid() == 0 ? as_root : as_user);
    }
    for (int tries = 0; r.status == 3 && tries < SINK_TRIES; tries++) {
        ran_release(&r);
        r = RUN("EHLO crepes.example\n" LETTER, "--plain", place);
    }
    cr_expect_eq(r.status, 0, "%d: %s", r.status, program_said(&r));
    cr_expect(has(&r.out, "S: 250 2.0.0 Ok"), "%s", program_said(&r));
    ran_release(&r);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}
