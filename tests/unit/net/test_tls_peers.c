/* The openssl program as the other side, where it is installed. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "net/pki.h"
#include "net/stream.h"
#include "support/certs.h"
#include "support/table.h"
#include "support/turn.h"

#define ARGS_MAX 20

struct peers {
    char folder[64], ca[CERTS_PATH];
    struct loop *loop;
    struct stream *stream;
    struct buf octets, events; /* of our side */
    struct tls_context *context;
    struct watch *output; /* of the program */
    struct buf said;
    pid_t child;
    int in, out;
    bool over, starttls, out_ended;
};

static bool installed(void)
{
    return access("/usr/bin/openssl", X_OK) == 0;
}

static void output_came(void *ctx)
{
    struct peers *p = ctx;
    char room[4096];
    ssize_t n = read(p->out, room, sizeof(room));

    if (n > 0) {
        buf_add(&p->said, span_make(room, (size_t)n));
    } else {
        p->out_ended = true;
        watch_stop(p->output);
    }
}

/* Starts openssl with these words, split at spaces; its output is read by the loop. */
static void run(struct peers *p, const char *words)
{
    char *copy = mem_strdup(words), *args[ARGS_MAX + 1], *rest = copy;
    int in[2], out[2], count = 0;

    args[count++] = strtok_r(copy, " ", &rest);
    while (count < ARGS_MAX && (args[count] = strtok_r(NULL, " ", &rest)))
        count++;
    args[count] = NULL;
    cr_assert(pipe(in) == 0 && pipe(out) == 0);
    p->child = fork();
    if (p->child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(open("/dev/null", O_WRONLY), 2);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        execv("/usr/bin/openssl", args);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    p->in = in[1];
    p->out = out[0];
    p->output = loop_watch_read(p->loop, p->out, LOOP_NETWORK, output_came, p);
    mem_free(copy);
}

static void octets_came(void *ctx, struct span octets)
{
    struct peers *p = ctx;

    buf_add(&p->octets, octets);
    if (!p->starttls)
        return;
    if (strstr(buf_text(&p->octets), "STARTTLS\r\n")) {
        p->starttls = false;
        stream_write(p->stream, SPAN("220 go\r\n"));
        stream_start_tls(p->stream, p->context, true, NULL);
    } else if (strstr(buf_text(&p->octets), "EHLO ")) {
        stream_write(p->stream, SPAN("250-mx\r\n250 STARTTLS\r\n"));
    }
}

static void event_came(void *ctx, enum stream_event e, const char *detail)
{
    struct peers *p = ctx;

    if (e == STREAM_TLS_OPEN)
        buf_add_text(&p->events, "open ");
    if (e == STREAM_TLS_CUT)
        buf_add_text(&p->events, "cut ");
    if (e == STREAM_TLS_FAILED)
        buf_add_text(&p->events, detail);
    if (e == STREAM_CLOSED)
        buf_add_text(&p->events, "closed ");
    p->over = p->over || e == STREAM_CLOSED || e == STREAM_RESET || e == STREAM_TLS_FAILED ||
              e == STREAM_REFUSED;
}

static void accepted(void *ctx, int fd)
{
    struct peers *p = ctx;

    p->stream = stream_accepted(p->loop, fd, &(struct stream_hooks){ octets_came, event_came, p });
    if (p->starttls)
        stream_write(p->stream, SPAN("220 mx\r\n"));
    else
        stream_start_tls(p->stream, p->context, true, NULL);
}

static void peers_start(struct peers *p)
{
    *p = (struct peers){ .in = -1, .out = -1 };
    signal(SIGPIPE, SIG_IGN);
    certs_folder(p->folder);
    certs_path(p->folder, "ca.pem", p->ca);
    p->loop = loop_new(NULL);
}

static int peers_end(struct peers *p)
{
    int status = 0;

    close(p->in);
    cr_expect(TURN_UNTIL(p->loop, p->out_ended), "the program is stuck: %s", buf_text(&p->said));
    if (!p->out_ended)
        kill(p->child, SIGKILL);
    waitpid(p->child, &status, 0);
    watch_free(p->output);
    close(p->out);
    stream_free(p->stream);
    tls_context_free(p->context);
    loop_free(p->loop);
    buf_release(&p->octets);
    buf_release(&p->events);
    buf_release(&p->said);
    certs_remove(p->folder);
    return status;
}

static const struct {
    const char *name, *more, *protocol;
    bool starttls;
} clients[] = {
    { "TLS 1.3", "-tls1_3", "TLSv1.3", false },
    { "TLS 1.2", "-tls1_2", "TLSv1.2", false },
    { "STARTTLS", "-starttls smtp", "TLSv1.3", true },
};

Test(tls_peers, openssl_s_client_verifies_our_server)
{
    if (!installed())
        cr_skip_test("openssl is not installed");
    for (size_t i = 0; i < ROWS(clients); i++) {
        struct peers p;
        struct error err = { "" };
        struct listener *listener;
        struct buf words = { 0 };

        peers_start(&p);
        p.starttls = clients[i].starttls;
        p.context = pki_server_context(p.folder, "mx.example.org", &err);
        listener = listener_new(p.loop, "127.0.0.1", 0, accepted, &p, &err);
        cr_assert(p.context && listener, "%s", err.text);
        buf_printf(&words,
                   "openssl s_client -quiet -verify_return_error -verify_hostname mx.example.org "
                   "-servername mx.example.org -CAfile %s -connect 127.0.0.1:%u %s",
                   p.ca, listener_port(listener), clients[i].more);
        run(&p, buf_text(&words));
        cr_assert(TURN_UNTIL(p.loop, p.over || strstr(buf_text(&p.events), "open")));
        cr_assert_str_eq(buf_text(&p.events), "open ", "%s: %s", clients[i].name,
                         buf_text(&p.events));
        cr_expect_str_eq(stream_tls(p.stream)->protocol, clients[i].protocol);
        cr_expect_str_eq(stream_tls(p.stream)->server_name, "mx.example.org");
        cr_assert_eq(write(p.in, "NOOP now\n", 9), 9);
        cr_assert(TURN_UNTIL(p.loop, strstr(buf_text(&p.octets), "NOOP now\n")));
        stream_write(p.stream, SPAN("250 fine\r\n"));
        cr_assert(TURN_UNTIL(p.loop, strstr(buf_text(&p.said), "250 fine\r\n")));
        stream_finish(p.stream);
        cr_expect_eq(peers_end(&p), 0, "%s", clients[i].name);
        listener_free(listener);
        buf_release(&words);
    }
}

/* The port that s_server chose stands in its first line. */
static unsigned port_of(const struct buf *said)
{
    const char *at = strstr(buf_text(said), "ACCEPT 127.0.0.1:");
    unsigned port = 0;

    return at && strchr(at, '\n') && sscanf(at, "ACCEPT 127.0.0.1:%u", &port) == 1 ? port : 0;
}

static const struct {
    const char *name, *more, *protocol, *events;
} servers[] = {
    { "TLS 1.3", "-tls1_3", "TLSv1.3", "open " },
    { "TLS 1.2", "-tls1_2", "TLSv1.2", "open " },
    { "TLS 1.1", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", NULL, "no common version" },
};

Test(tls_peers, openssl_s_server_talks_to_our_client)
{
    if (!installed())
        cr_skip_test("openssl is not installed");
    for (size_t i = 0; i < ROWS(servers); i++) {
        struct peers p;
        struct error err = { "" };
        struct certs_pair own;
        char cert[CERTS_PATH];
        struct buf words = { 0 };

        peers_start(&p);
        own = certs_make(&(struct certs_wish){ "mx", "DNS:mx.example.org", -1, 9, false }, NULL);
        certs_path(p.folder, "both.pem", cert);
        certs_write(cert, &own, true, true);
        p.context = tls_client_context(&(struct tls_client_options){ .ca_file = cert }, &err);
        cr_assert_not_null(p.context, "%s", err.text);
        buf_printf(&words, "openssl s_server -accept 127.0.0.1:0 -naccept 1 -rev -cert %s %s", cert,
                   servers[i].more);
        run(&p, buf_text(&words));
        cr_assert(TURN_UNTIL(p.loop, p.out_ended || port_of(&p.said)), "%s", buf_text(&p.said));
        cr_assert_neq(port_of(&p.said), 0, "%s", buf_text(&p.said));
        p.stream = stream_connect(p.loop,
                                  &(struct stream_target){ .host = "127.0.0.1",
                                                           .port = port_of(&p.said),
                                                           .timeout = 5 * CLOCK_SECOND },
                                  &(struct stream_hooks){ octets_came, event_came, &p });
        stream_start_tls(p.stream, p.context, false, "mx.example.org");
        stream_write(p.stream, SPAN("abc\n"));
        cr_assert(TURN_UNTIL(p.loop, p.over || p.octets.len == 4), "%s", servers[i].name);
        cr_expect(strstr(buf_text(&p.events), servers[i].events), "%s: %s", servers[i].name,
                  buf_text(&p.events));
        if (servers[i].protocol) {
            cr_expect_str_eq(buf_text(&p.octets), "cba\n");
            cr_expect_str_eq(stream_tls(p.stream)->protocol, servers[i].protocol);
            cr_expect_eq(stream_tls(p.stream)->verdict, TLS_VERIFIED, "%s",
                         stream_tls(p.stream)->why);
            stream_finish(p.stream);
        }
        peers_end(&p);
        certs_free(&own);
        buf_release(&words);
    }
}
