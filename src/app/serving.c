#include "app/serving.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/authority.h"
#include "app/file.h"
#include "app/terminal.h"

/* Descriptors for all but clients: files, the loop, letters that are being stored. */
#define DESCRIPTORS_OWN 64

static bool failed(const struct error *err)
{
    terminal_complain(err->text);
    return false;
}

/* Making a certificate, and OpenSSL with it, costs time and memory that most clients never ask for.
 * Where it is sure to be asked for, it is made at once, so that all that can fail fails now. */
static bool needs_tls_at_once(const struct serving *s)
{
    for (size_t i = 0; i < s->setup.place_count; i++)
        if (s->setup.places[i].tls)
            return true;
    return s->setup.tls_needed || s->setup.client_ca;
}

static struct tls_context *make_tls(void *ctx)
{
    struct serving *s = ctx;
    struct error err;

    s->tls = authority_context(s->setup.policy.hostname, &err);
    if (!s->tls)
        failed(&err);
    return s->tls;
}

/* A certificate of our own is a kindness: where none can be made, letters are taken without. */
static bool open_tls(struct serving *s)
{
    struct tls_server_options given = { .cert_file = s->setup.tls_cert,
                                        .key_file = s->setup.tls_key,
                                        .client_ca_file = s->setup.client_ca };
    struct error err, said;

    if (s->setup.tls == SERVE_NO_TLS)
        return true;
    s->make_tls =
        s->setup.tls == SERVE_OWN_TLS && !needs_tls_at_once(s) && authority_possible(&err);
    if (s->make_tls)
        return true;
    s->tls = s->setup.tls == SERVE_GIVEN_TLS ? tls_server_context(&given, &err)
                                             : authority_context(s->setup.policy.hostname, &err);
    if (s->tls && s->setup.tls == SERVE_OWN_TLS && s->setup.client_ca &&
        !tls_context_ask_clients(s->tls, s->setup.client_ca, &err))
        return failed(&err);
    if (s->tls)
        return true;
    if (s->setup.tls == SERVE_GIVEN_TLS || s->setup.tls_needed)
        return failed(&err);
    error_set(&said, "warning: STARTTLS is not offered: %.400s", err.text);
    terminal_complain(said.text);
    return true;
}

static bool open_store(struct serving *s)
{
    struct error err;

    switch (s->setup.store) {
    case SERVE_NONE:
        s->store = store_none();
        return true;
    case SERVE_MEMORY:
        return true;
    case SERVE_MAILDIR:
        s->store = store_maildir(s->loop, s->setup.folder, &err);
        return s->store || failed(&err);
    }
    return false;
}

/* As many descriptors as we may have, and how many clients they are enough for. */
static unsigned clients_max(unsigned asked)
{
    unsigned wanted = asked ? asked : SERVING_CLIENTS_MAX;
    struct rlimit limit;
    struct error said;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return wanted;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= (rlim_t)wanted + DESCRIPTORS_OWN)
        return wanted;
    if (asked) {
        error_set(&said,
                  "warning: this process may have %llu descriptors, fewer than %u clients "
                  "need; more clients than that will have to wait",
                  (unsigned long long)limit.rlim_cur, asked);
        terminal_complain(said.text);
    }
    return limit.rlim_cur > 2 * DESCRIPTORS_OWN ? (unsigned)(limit.rlim_cur - DESCRIPTORS_OWN)
                                                : DESCRIPTORS_OWN;
}

/* Loopback is safe for everybody; anything else is the person's choice, and she should know. */
static void warn_of(const struct serve_place *place)
{
    struct error said;

    if (serve_place_is_private(place))
        return;
    error_set(&said,
              "warning: other machines can reach %s. Whoever does can hand in letters; none of "
              "them is ever sent on",
              place->host);
    terminal_complain(said.text);
}

/* One server for all of them: clients, sessions and letters are counted together. */
static bool open_places(struct serving *s, const struct server_hooks *hooks, bool keep)
{
    struct server_options options = { .loop = s->loop,
                                      .record = s->record,
                                      .policy = &s->setup.policy,
                                      .store = s->store,
                                      .rolling = true,
                                      .tls = s->tls,
                                      .make_tls = s->make_tls ? make_tls : NULL,
                                      .make_ctx = s,
                                      .users = s->setup.users.count || s->setup.client_ca
                                                   ? &s->setup.users
                                                   : NULL,
                                      .faults = s->faults,
                                      .clients_max = clients_max(s->setup.clients_max),
                                      .clients_per_address_max = s->setup.clients_per_address_max,
                                      .proxies = s->setup.proxies,
                                      .proxy_count = s->setup.proxy_count,
                                      .timeouts = s->setup.config.timeouts,
                                      .forget_ended = !keep,
                                      .forget_oldest = keep };
    struct error err;

    for (size_t i = 0; i < s->setup.place_count; i++) {
        const struct serve_place *place = &s->setup.places[i];
        bool good;

        if (s->server) {
            good = server_listen(s->server, place->host, place->port, place->tls, &err);
        } else {
            options.address = place->host;
            options.port = place->port;
            options.implicit_tls = place->tls;
            s->server = server_new(&options, hooks, &err);
            good = s->server != NULL;
        }
        if (!good)
            return failed(&err);
        warn_of(place);
    }
    return true;
}

/* The configuration file, when there is one. False: all that is wrong with it was said. */
static bool read_config(struct serving *s, const char *path)
{
    struct buf text = { 0 }, complaints = { 0 };
    struct error err;
    bool read = !path || file_read_all(path, YAML_SIZE_MAX, &text, &err) || failed(&err);
    bool good = serve_setup_begin(&s->setup, read ? path : NULL, buf_span(&text), &complaints);
    file_write_all(STDERR_FILENO, buf_span(&complaints));
    buf_release(&text);
    buf_release(&complaints);
    return read && good;
}

bool serving_open(struct serving *s, const struct options *o, const struct server_hooks *hooks,
                  bool keep)
{
    struct error err;

    *s = (struct serving){ 0 };
    if (!read_config(s, o->serve.config))
        return false;
    if (!serve_setup_read(o, &s->setup, &err))
        return failed(&err);
    s->loop = loop_new(&err);
    if (!s->loop)
        return failed(&err);
    if (keep || o->record) /* who only logs reads no talk: none is kept */
        s->record = record_new(NULL);
    s->faults = server_config_faults(&s->setup.config);
    return open_tls(s) && open_store(s) && open_places(s, hooks, keep);
}

void serving_stop(struct serving *s)
{
    server_free(s->server);
    s->server = NULL;
    store_free(s->store);
    s->store = NULL;
}

void serving_close(struct serving *s)
{
    faults_free(s->faults);
    tls_context_free(s->tls);
    record_free(s->record);
    loop_free(s->loop);
    serve_setup_release(&s->setup);
}

void serving_places(const struct serving *s, struct buf *out)
{
    for (size_t i = 0; i < s->setup.place_count; i++) {
        const struct serve_place *place = &s->setup.places[i];
        bool v6 = strchr(place->host, ':') != NULL;
        const char *host =
            span_eq_nocase(span_of(place->host), SPAN("localhost")) ? "127.0.0.1" : place->host;

        buf_printf(out, "%s%s%s%s:%u%s", i ? " and " : "", v6 ? "[" : "", host, v6 ? "]" : "",
                   server_port_at(s->server, i), place->tls ? " (TLS)" : "");
    }
}

static bool write_file(const char *path, struct span octets, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool good = fd >= 0 && file_write_all(fd, octets);

    if (!good)
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
    if (fd >= 0 && close(fd) != 0 && good) {
        error_set(err, "%s cannot be written: %s", path, strerror(errno));
        good = false;
    }
    return good;
}

int serving_example_config(void)
{
    struct buf text = { 0 };
    int status;

    server_config_example(&text);
    status = terminal_print(buf_span(&text));
    buf_release(&text);
    return status;
}

int serving_export_ca(const char *path)
{
    struct buf folder = { 0 }, pem = { 0 };
    int status = STATUS_USAGE;
    struct error err;

    if (!authority_folder(&folder, &err) || !pki_export_ca(buf_text(&folder), &pem, &err))
        failed(&err);
    else if (strcmp(path, "-") == 0)
        status = terminal_print(buf_span(&pem));
    else if (write_file(path, buf_span(&pem), &err) || failed(&err))
        status = STATUS_OK;
    buf_release(&folder);
    buf_release(&pem);
    return status;
}
