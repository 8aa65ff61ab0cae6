/* The user's own authority: made once, whole, for its owner alone, and good for a server at once.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "net/pki.h"
#include "support/certs.h"
#include "support/table.h"
#include "support/wire.h"

static void read_text(const char *folder, const char *name, struct buf *out)
{
    char path[CERTS_PATH];
    FILE *f;
    int c;

    certs_path(folder, name, path);
    f = fopen(path, "r");
    cr_assert_not_null(f, "%s", path);
    while ((c = getc(f)) != EOF)
        buf_add_octet(out, (unsigned char)c);
    fclose(f);
}

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[CERTS_PATH];
    FILE *f;

    certs_path(folder, name, path);
    f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
}

static unsigned mode_of(const char *folder, const char *name)
{
    char path[CERTS_PATH];
    struct stat st;

    certs_path(folder, name, path);
    cr_assert_eq(stat(path, &st), 0, "%s", path);
    return st.st_mode & 0777;
}

Test(pki, makes_an_authority_once_for_its_owner_alone)
{
    char top[64], folder[128], path[192];
    struct buf first = { 0 }, second = { 0 }, file = { 0 };
    struct error err = { "" };

    certs_folder(top);
    snprintf(folder, sizeof(folder), "%s/a/b", top);
    cr_assert(pki_export_ca(folder, &first, &err), "%s", err.text);
    cr_assert(pki_export_ca(folder, &second, &err), "%s", err.text);
    read_text(folder, "ca.pem", &file);
    cr_expect(span_eq(buf_span(&first), buf_span(&second)));
    cr_expect(span_eq(buf_span(&first), buf_span(&file)));
    cr_expect(span_starts(buf_span(&first), SPAN("-----BEGIN CERTIFICATE-----\n")));
    cr_expect_eq(mode_of(folder, "."), 0700);
    cr_expect_eq(mode_of(folder, "ca.pem"), 0600);
    cr_expect_eq(mode_of(folder, "ca-key.pem"), 0600);
    certs_remove(folder);
    snprintf(path, sizeof(path), "%s/a", top);
    cr_expect_eq(rmdir(path), 0, "no other file was left");
    certs_remove(top);
    buf_release(&first);
    buf_release(&second);
    buf_release(&file);
}

#define PROGRAMS 8

/* Each program writes what it took for the CA into a pipe. */
Test(pki, is_one_for_programs_that_start_at_once)
{
    char folder[64];
    struct buf all[PROGRAMS] = { { 0 } };
    int pipes[PROGRAMS][2];
    pid_t pids[PROGRAMS];

    certs_folder(folder);
    for (int i = 0; i < PROGRAMS; i++) {
        cr_assert_eq(pipe(pipes[i]), 0);
        pids[i] = fork();
        if (pids[i] == 0) {
            struct buf out = { 0 };
            bool good = pki_export_ca(folder, &out, NULL) &&
                        write(pipes[i][1], out.at, out.len) == (ssize_t)out.len;

            buf_release(&out);
            _exit(good ? 0 : 1);
        }
        close(pipes[i][1]);
    }
    for (int i = 0; i < PROGRAMS; i++) {
        char room[4096];
        ssize_t n;
        int status;

        while ((n = read(pipes[i][0], room, sizeof(room))) > 0)
            buf_add(&all[i], span_make(room, (size_t)n));
        close(pipes[i][0]);
        cr_assert_eq(waitpid(pids[i], &status, 0), pids[i]);
        cr_expect_eq(status, 0);
        cr_expect(all[i].len > 100 && span_eq(buf_span(&all[i]), buf_span(&all[0])));
    }
    for (int i = 0; i < PROGRAMS; i++)
        buf_release(&all[i]);
    certs_remove(folder);
}

static const struct {
    const char *hostname, *asked, *names, *subject;
} hosts[] = {
    { "mx.example.org", "mx.example.org", "mx.example.org, localhost, 127.0.0.1, ::1",
      "CN=mx.example.org" },
    { "localhost", "localhost", "localhost, 127.0.0.1, ::1", "CN=localhost" },
    { "mx.example.org", "127.0.0.1", "mx.example.org, localhost, 127.0.0.1, ::1",
      "CN=mx.example.org" },
    { "192.0.2.1", "192.0.2.1", "192.0.2.1, localhost, 127.0.0.1, ::1", "CN=192.0.2.1" },
    { "a,DNS:evil.example", "::1", "localhost, 127.0.0.1, ::1", "CN=localhost" },
    { "gr\xc3\xbc\xc3\x9f.example", "localhost", "localhost, 127.0.0.1, ::1", "CN=localhost" },
    { "", "localhost", "localhost, 127.0.0.1, ::1", "CN=localhost" },
    { "a23456789012345678901234567890.a23456789012345678901234567890.example",
      "a23456789012345678901234567890.a23456789012345678901234567890.example",
      "a23456789012345678901234567890.a23456789012345678901234567890.example, localhost, "
      "127.0.0.1, ::1",
      "CN=localhost" },
};

Test(pki, makes_a_certificate_that_clients_verify)
{
    char folder[64], ca[CERTS_PATH];

    certs_folder(folder);
    certs_path(folder, "ca.pem", ca);
    for (size_t i = 0; i < ROWS(hosts); i++) {
        struct error err = { "" };
        struct tls_context *server = pki_server_context(folder, hosts[i].hostname, &err);
        struct tls_context *client =
            tls_client_context(&(struct tls_client_options){ .ca_file = ca }, &err);
        const struct tls_report *r;
        struct wire w;

        cr_assert(server && client, "%s", err.text);
        wire_start(&w, client, server, hosts[i].asked);
        wire_settle(&w, 0);
        r = tls_report(w.client.tls);
        cr_assert_not_null(r, "%s", tls_why(w.client.tls));
        cr_expect_eq(r->verdict, TLS_VERIFIED, "%s: %s", hosts[i].hostname, r->why);
        cr_expect_str_eq(r->chain[0].names, hosts[i].names);
        cr_expect_str_eq(r->chain[0].subject, hosts[i].subject);
        wire_end(&w);
        tls_context_free(client);
        tls_context_free(server);
    }
    certs_remove(folder);
}

/* The key stays: whoever trusted the old certificate finds the new one under the same name. */
Test(pki, makes_one_anew_that_ends_soon)
{
    char folder[64], path[CERTS_PATH];
    struct buf before = { 0 }, after = { 0 }, key = { 0 }, key_after = { 0 };
    struct error err = { "" };
    struct certs_pair old;

    certs_folder(folder);
    certs_path(folder, "ca.pem", path);
    old = certs_make(&(struct certs_wish){ "old", NULL, -300, 20, true }, NULL);
    certs_write(path, &old, true, false);
    certs_path(folder, "ca-key.pem", path);
    certs_write(path, &old, false, true);
    read_text(folder, "ca.pem", &before);
    read_text(folder, "ca-key.pem", &key);
    cr_assert(pki_export_ca(folder, &after, &err), "%s", err.text);
    cr_expect_not(span_eq(buf_span(&before), buf_span(&after)));
    read_text(folder, "ca-key.pem", &key_after);
    cr_expect(span_eq(buf_span(&key), buf_span(&key_after)));
    buf_clear(&before);
    cr_assert(pki_export_ca(folder, &before, &err));
    cr_expect(span_eq(buf_span(&before), buf_span(&after)), "that one stays");
    certs_free(&old);
    buf_release(&before);
    buf_release(&after);
    buf_release(&key);
    buf_release(&key_after);
    certs_remove(folder);
}

Test(pki, names_what_it_cannot_use)
{
    char folder[64];
    struct buf out = { 0 };
    struct error err = { "" };

    certs_folder(folder);
    cr_expect_not(pki_export_ca("/dev/null/pki", &out, &err));
    cr_expect(strstr(err.text, "cannot make the folder '/dev/null/pki'"), "%s", err.text);
    cr_expect_null(pki_server_context("/dev/null/pki", "localhost", NULL));
    write_text(folder, "ca-key.pem", "no key");
    cr_expect_not(pki_export_ca(folder, &out, &err));
    cr_expect(strstr(err.text, "ca-key.pem' holds no private key; remove it"), "%s", err.text);
    certs_remove(folder);
    certs_folder(folder);
    cr_assert(pki_export_ca(folder, &out, &err));
    write_text(folder, "ca.pem", "no certificate");
    cr_expect_not(pki_export_ca(folder, &out, &err));
    cr_expect(strstr(err.text, "ca.pem' is not the certificate of the key beside it"), "%s",
              err.text);
    buf_release(&out);
    certs_remove(folder);
}
