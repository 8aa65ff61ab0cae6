/* `serve` without a terminal: where it listens, what it logs, and how it ends. */
#include "support/certs.h"
#include "support/served.h"
#include "support/table.h"

#define LETTER                                                                                     \
    "EHLO client.example\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"        \
    "DATA\r\n"
#define REST "Subject: x\r\n\r\nHi.\r\n.\r\n"

static void send_letter(const struct served *s)
{
    int fd = served_connect(s->place);
    struct buf said = served_talk(fd, LETTER, "354 ");

    buf_release(&said);
    said = served_talk(fd, REST "QUIT\r\n", NULL);
    cr_expect(has(&said, "221 "), "%s", buf_text(&said));
    buf_release(&said);
    close(fd);
}

Test(serve, says_where_it_listens_and_ends_with_status_0)
{
    static const int signals[] = { SIGTERM, SIGINT };

    for (size_t i = 0; i < 2; i++) {
        struct served s = SERVED("--log", "none");
        struct ran r;

        send_letter(&s);
        kill(s.pid, signals[i]);
        r = served_wait(&s);
        cr_expect_eq(r.status, 0, "%d", r.status);
        cr_expect(span_starts(buf_span(&r.out), SPAN("listening 127.0.0.1:")));
        cr_expect_eq(span_find(buf_span(&r.out), '\n'), r.out.len - 1, "%s", buf_text(&r.out));
        cr_expect_eq(r.err.len, 0, "%s", buf_text(&r.err));
        ran_release(&r);
    }
}

Test(serve, logs_what_happens)
{
    static const char *const want[] = { " connected\n",
                                        " greeted EHLO client.example\n",
                                        " mail from <alice@crepes.fr>\n",
                                        " rcpt to <bob@hamburger.edu>\n",
                                        " stored 19 octets from <alice@crepes.fr> to <bob@h",
                                        " closed by the " };
    struct served s = SERVED("--log=text");
    size_t at = 0;
    struct ran r;

    send_letter(&s);
    served_shows(&s, " closed by the ");
    r = served_end(&s);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        at = span_search(buf_span(&r.out), span_of(want[i]), at, false);
        cr_assert_neq(at, SPAN_NOT_FOUND, "%s: %s", want[i], buf_text(&r.out));
    }
    cr_expect_eq(r.status, 0);
    ran_release(&r);
}

Test(serve, logs_for_machines_one_object_a_line)
{
    struct served s = SERVED("--log=json");
    struct span rest;
    struct ran r;

    send_letter(&s);
    served_shows(&s, "\"closed\"");
    r = served_end(&s);
    cr_expect(has(&r.out, "\"event\":\"stored\",\"session\":1,\"address\":\"127.0.0.1\""), "%s",
              buf_text(&r.out));
    cr_expect(has(&r.out, "\"from\":\"alice@crepes.fr\",\"to\":[\"bob@hamburger.edu\"],"
                          "\"octets\":19"));
    span_cut(buf_span(&r.out), '\n', &rest);
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        cr_expect(span_starts(line, SPAN("{\"time\":\"2")) && line.at[line.len - 1] == '}', "%.*s",
                  SPAN_ARG(line));
    }
    ran_release(&r);
}

Test(serve, ends_by_itself_after_so_many_letters)
{
    struct served s = SERVED("--exit-after=2");
    struct ran r;

    send_letter(&s);
    send_letter(&s);
    r = served_wait(&s);
    cr_expect_eq(r.status, 0);
    ran_release(&r);
}

Test(serve, takes_only_its_domains_where_it_has_some)
{
    struct served s =
        SERVED("--domain=a.example", "--domain", "b.example", "--hostname=mx.example");
    int fd = served_connect(s.place);
    struct buf said = served_talk(fd,
                                  "EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<u@c.example>\r\n"
                                  "RCPT TO:<u@b.example>\r\nQUIT\r\n",
                                  NULL);
    struct ran r;

    cr_expect(has(&said, "220 mx.example"), "%s", buf_text(&said));
    cr_expect(has(&said, "550 5.7.1"), "%s", buf_text(&said));
    served_shows(&s, " rcpt to <u@b.example>");
    served_shows(&s, " refused 550 5.7.1");
    r = served_end(&s);
    close(fd);
    buf_release(&said);
    ran_release(&r);
}

Test(serve, says_so_when_others_can_reach_it)
{
    struct served s = served_start(
        (const char *const[RUN_ARGS_MAX + 1]){ "serve", "--listen", "0.0.0.0:0", NULL });
    struct ran r = served_end(&s);

    cr_expect(has(&r.err, "warning: other machines can reach 0.0.0.0"), "%s", buf_text(&r.err));
    cr_expect_eq(r.status, 0);
    ran_release(&r);
}

Test(serve, ends_with_status_2_where_it_cannot_listen)
{
    struct served s = SERVED("--log=none");
    struct ran r = RUN("", "serve", "--listen", s.place);

    cr_expect_eq(r.status, 2);
    cr_expect(has(&r.err, "another program does already; choose another port"), "%s",
              buf_text(&r.err));
    cr_expect_eq(r.out.len, 0, "%s", buf_text(&r.out));
    ran_release(&r);
    r = served_end(&s);
    ran_release(&r);
}

Test(serve, listens_in_several_places_and_counts_sessions_together)
{
    struct served s = SERVED("--listen", "[::1]:0", "--listen=0");
    int one = served_connect(s.place), two = served_connect(strrchr(buf_text(&s.log), ' '));
    struct ran r;

    served_shows(&s, " #2 ");
    r = served_end(&s);
    close(one);
    close(two);

    cr_expect(has(&r.out, " and [::1]:"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, " and 127.0.0.1:"), "%s", buf_text(&r.out));
    ran_release(&r);
}

Test(serve, names_the_client_that_a_proxy_comes_for)
{
    struct served s = SERVED("--listen=0", "--store=none", "--proxy-protocol=127.0.0.0/8");
    int fd = served_connect(s.place);
    struct buf said = served_talk(fd,
                                  "PROXY TCP4 203.0.113.7 192.0.2.1 4711 25\r\n"
                                  "HELO crepes.fr\r\nQUIT\r\n",
                                  NULL);
    struct ran r;

    cr_expect(has(&said, "220 "), "%s", buf_text(&said));
    close(fd);
    served_shows(&s, " closed by the ");
    r = served_end(&s);
    cr_expect(has(&r.out, "203.0.113.7"), "%s", buf_text(&r.out));
    cr_expect_not(has(&r.out, "127.0.0.1 "), "%s", buf_text(&r.out));
    ran_release(&r);
    buf_release(&said);
}

/* The same certificate that says who the client is says whom the client may log in as. */
Test(serve, lets_a_certificate_log_in)
{
    static const struct {
        const char *line, *says;
    } rows[] = {
        { "AUTH EXTERNAL =", "S: 235 " },
        { "AUTH EXTERNAL YWxpY2VAY3JlcGVzLmZy", "S: 235 " }, /* alice@crepes.fr */
        { "AUTH EXTERNAL Ym9iQGNyZXBlcy5mcg==", "S: 535 " }, /* bob@crepes.fr */
    };
    struct certs_pair ca, server, alice;
    char folder[64], ca_file[CERTS_PATH], server_file[CERTS_PATH], alice_file[CERTS_PATH];
    struct served s;
    struct ran r;

    certs_folder(folder);
    certs_path(folder, "ca.pem", ca_file);
    certs_path(folder, "both.pem", server_file);
    certs_path(folder, "other.pem", alice_file);
    ca = certs_make(&(struct certs_wish){ "CA", NULL, -1, 9, true }, NULL);
    server = certs_make(&(struct certs_wish){ "server", "IP:127.0.0.1", -1, 9, false }, &ca);
    alice = certs_make(&(struct certs_wish){ "alice", "email:alice@crepes.fr", -1, 9, false }, &ca);
    certs_write(ca_file, &ca, true, false);
    certs_write(server_file, &server, true, true);
    certs_write(alice_file, &alice, true, true);
    s = SERVED("--tls-cert", server_file, "--client-ca", ca_file);
    for (size_t i = 0; i < ROWS(rows); i++) {
        char input[256];

        snprintf(input, sizeof input, "EHLO crepes.fr\n%s\nQUIT\n", rows[i].line);
        r = RUN(input, "--starttls", "--ca", ca_file, "--cert", alice_file, s.place);
        cr_expect(has(&r.out, rows[i].says), "%zu: %s", i, buf_text(&r.out));
        ran_release(&r);
    }
    r = RUN("EHLO crepes.fr\nQUIT\n", "--starttls", "--ca", ca_file, s.place);
    cr_expect(has(&r.out, "S: 250"), "%s", buf_text(&r.out));
    cr_expect_not(has(&r.out, "AUTH"), "%s", buf_text(&r.out));
    ran_release(&r);
    r = served_end(&s);
    ran_release(&r);
    certs_free(&ca);
    certs_free(&server);
    certs_free(&alice);
    certs_remove(folder);
}

Test(serve, ends_quietly_when_nobody_reads_its_log)
{
    struct served s = SERVED("--log=text");
    int fd, status = 0;

    close(s.out);
    fd = served_connect(s.place);
    waitpid(s.pid, &status, 0);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGPIPE, "%x", (unsigned)status);
    buf_release(&s.log);
    s.log = (struct buf){ 0 };
    while (run_read(s.err, &s.log))
        continue;
    cr_expect_eq(s.log.len, 0, "%s", buf_text(&s.log));
    close(s.err);
    close(fd);
    buf_release(&s.log);
}

/* The example is well formed: nothing is wrong but that the files which it names are not there. */
Test(serve, reads_the_example_that_it_prints)
{
    struct ran r = RUN("", "serve", "--example-config");
    const char *path = run_file(run_folder(), "example.yaml", buf_span(&r.out));

    cr_expect_eq(r.status, 0);
    cr_expect_eq(r.err.len, 0, "%s", buf_text(&r.err));
    ran_release(&r);
    r = RUN("", "serve", "--config", path);
    cr_expect_eq(r.status, 2);
    cr_expect_not(has(&r.err, path), "%s", buf_text(&r.err));
    cr_expect(has(&r.err, "cert.pem"), "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(serve, names_the_place_of_each_mistake_in_its_configuration)
{
    const char *path =
        run_file(run_folder(), "bad.yaml", SPAN("hostnam: x\nerrors: many\nlmtp: perhaps\n"));
    struct ran r = RUN("", "serve", "--config", path);

    cr_expect_eq(r.status, 2);
    cr_expect(has(&r.err, "bad.yaml:1:1: ") && has(&r.err, "bad.yaml:2:9: ") &&
                  has(&r.err, "bad.yaml:3:7: "),
              "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(serve, records_each_talk_as_a_script_that_replays)
{
    const char *path = run_path(run_folder(), "talks.smtp");
    struct served s = SERVED("--record", path);
    struct buf text;
    struct ran r;

    send_letter(&s);
    served_shows(&s, " closed by the ");
    send_letter(&s);
    r = served_end(&s);
    cr_expect_eq(r.status, 0);
    ran_release(&r);
    text = run_slurp(path);
    cr_expect(has(&text, "C: MAIL FROM:<alice@crepes.fr>\n"), "%s", buf_text(&text));
    cr_expect(has(&text, "#2 C: QUIT\n"), "%s", buf_text(&text));
    buf_release(&text);
    r = RUN("", "serve", "--listen=0", "--record", path);
    cr_expect_eq(r.status, 2);
    cr_expect(has(&r.err, "there is a file"), "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(serve, records_a_talk_while_it_goes_on)
{
    const char *path = run_path(run_folder(), "killed.smtp");
    struct served s = SERVED("--record", path);
    int fd = served_connect(s.place), other = served_connect(s.place);
    struct buf said = served_talk(fd, LETTER, "354 "), text;
    struct ran r;

    buf_release(&said);
    said = served_talk(other, "EHLO other.example\r\n", "250 ");
    buf_release(&said);
    said = served_talk(fd, REST, "250 ");
    buf_release(&said);
    said = served_talk(fd, "NOOP\r\n", "250 "); /* what came before it is written by then */
    buf_release(&said);
    kill(s.pid, SIGKILL);
    r = served_wait(&s);
    cr_expect_eq(r.status, 128 + SIGKILL);
    ran_release(&r);
    text = run_slurp(path);
    cr_expect(has(&text, "C: Hi.\nC: .\nS: 250 "), "%s", buf_text(&text));
    cr_expect(has(&text, "#2 C: EHLO other.example\n"), "%s", buf_text(&text));
    buf_release(&text);
    close(fd);
    close(other);
}

/* Runs a program until its end, quietly; its status, 127 when it is not installed. */
static int run_quietly(const char *const *args)
{
    char *argv[24];
    int status = 0;
    pid_t child;

    for (size_t i = 0; i < sizeof argv / sizeof argv[0]; i++) {
        memcpy(&argv[i], &args[i], sizeof argv[i]);
        if (!args[i])
            break;
    }
    child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);

        alarm(RUN_MILLISECONDS / 1000);
        for (int fd = 0; fd <= 2; fd++)
            dup2(null, fd);
        execvp(argv[0], argv);
        _exit(127);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Other people's clients, as people start them: with TLS, a login, and a CA that they trust. */
Test(serve, swaks_and_curl_encrypt_log_in_and_deliver)
{
    char *folder = run_folder();
    const char *ca = run_path(folder, "ca.pem"), *letter;
    const char *port;
    char url[160];
    struct served s;
    struct ran r;

    setenv("XDG_STATE_HOME", folder, 1);
    r = RUN("", "serve", "--export-ca", ca);
    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    ran_release(&r);
    letter = run_file(folder, "letter", SPAN("Subject: x\r\n\r\nHi.\r\n"));
    s = SERVED("--tls-listen=127.0.0.1:0", "--auth=alice:secret", "--require-auth", "--hostname",
               "localhost");
    port = strchr(s.place, ':') + 1;
    if (run_quietly((const char *const[24]){ "swaks", "--server", "127.0.0.1", "--port", port,
                                             "--from", "a@b.example", "--to", "c@d.example",
                                             "--tls", "--auth", "CRAM-MD5", "--auth-user", "alice",
                                             "--auth-password", "secret", NULL }) != 127)
        served_shows(&s, " stored ");
    port = strstr(buf_text(&s.log), " and 127.0.0.1:") + strlen(" and 127.0.0.1:");
    snprintf(url, sizeof url, "smtps://localhost:%.*s", (int)strcspn(port, " "), port);
    if (run_quietly((const char *const[24]){ "curl", "--silent", "--cacert", ca, "--user",
                                             "alice:secret", "--mail-from", "a@b.example",
                                             "--mail-rcpt", "curl@d.example", "--upload-file",
                                             letter, url, NULL }) != 127)
        served_shows(&s, "> to <curl@d.example>");
    r = served_end(&s);
    cr_expect_eq(r.status, 0);
    cr_expect_not(has(&r.out, "secret"), "%s", buf_text(&r.out));
    ran_release(&r);
}
