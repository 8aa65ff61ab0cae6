#include "app/serve_setup.h"

#include <netinet/in.h>
#include <stdio.h>

#include "app/machine.h"
#include "base/marks.h"
#include "base/mem.h"
#include "net/address.h"

/* Of one letter. RFC 5321 4.5.3.1.8 asks for 100; servers in use take a thousand, and lists of
 * recipients are something that people test with. */
#define RECIPIENTS_MAX 1000

/* Sets err to `before`, the word as visible marks in quotes, and `after`. */
static bool refuse(struct error *err, const char *before, const char *word, const char *after)
{
    struct buf shown = { 0 };

    marks_add(&shown, span_first(span_of(word), 80), 0);
    error_set(err, "%s'%s'%s", before, buf_text(&shown), after);
    buf_release(&shown);
    return false;
}

/* ":0" at the end, which is no port to connect to, and here asks for a free one. */
static bool asks_for_free_port(const char *text, char host[256])
{
    size_t len = strlen(text);

    if (len < 3 || len > 255 || strcmp(text + len - 2, ":0") != 0)
        return false;
    snprintf(host, 256, "%.*s", (int)len - 2, text);
    return true;
}

bool serve_place_read(const char *text, struct serve_place *out, struct error *err)
{
    char without_port[256];
    bool free_port = asks_for_free_port(text, without_port);
    uint64_t number;

    if (span_number(span_of(text), &number)) {
        snprintf(out->host, sizeof out->host, "127.0.0.1");
        out->port = 0;
        return number == 0 || address_parse_port(text, &out->port, err);
    }
    if (text[0] == ':' && text[1] != ':')
        return refuse(err, "", text,
                      " names no address: 127.0.0.1 is for this machine alone, 0.0.0.0 for "
                      "everybody who can reach it");
    if (!address_parse(free_port ? without_port : text, SERVE_PORT, out->host, &out->port, err))
        return false;
    if (free_port)
        out->port = 0;
    if (address_numeric(out->host, out->port, NULL) ||
        span_eq_nocase(span_of(out->host), SPAN("localhost")))
        return true;
    return refuse(err, "", out->host,
                  " is a name; to listen, give an address in numbers, such as 127.0.0.1");
}

bool serve_place_is_private(const struct serve_place *p)
{
    struct address a;

    if (!address_numeric(p->host, p->port, &a))
        return true; /* "localhost" */
    if (a.at.ss_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, &a.at, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == 127; /* RFC 1122 3.2.1.3 */
    }
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&a.at)->sin6_addr);
}

static bool add_places(const struct option_list *list, bool tls, struct serve_setup *out,
                       struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        struct serve_place *place = &out->places[out->place_count++];

        if (!serve_place_read(list->at[i], place, err))
            return false;
        place->tls = tls;
    }
    return true;
}

static bool read_places(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    if (!o->listen.count && !o->tls_listen.count)
        return serve_place_read("127.0.0.1", &out->places[out->place_count++], err);
    return add_places(&o->listen, false, out, err) && add_places(&o->tls_listen, true, out, err);
}

static bool read_store(const char *text, struct serve_setup *out, struct error *err)
{
    static const char maildir[] = "maildir:";

    out->store = SERVE_MEMORY;
    if (!text || strcmp(text, "memory") == 0)
        return true;
    if (strcmp(text, "none") == 0) {
        out->store = SERVE_NONE;
        return true;
    }
    if (strncmp(text, maildir, sizeof maildir - 1) == 0 && text[sizeof maildir - 1]) {
        out->store = SERVE_MAILDIR;
        out->folder = text + sizeof maildir - 1;
        return true;
    }
    return refuse(err, "--store is none, memory or maildir:DIR, not ", text, "");
}

/* A name stands in replies and trace lines, as one word. */
static bool is_word(const char *name)
{
    struct span s = span_of(name);

    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] <= ' ' || s.at[i] == 0x7f)
            return false;
    return s.len > 0 && s.len < 256;
}

static bool read_names(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    static const char wrong[] = " is no name of a host: it must be one word of at most 255 octets";

    if (o->hostname && !is_word(o->hostname))
        return refuse(err, "--hostname: ", o->hostname, wrong);
    for (size_t i = 0; i < o->domains.count; i++)
        if (!is_word(o->domains.at[i]))
            return refuse(err, "--domain: ", o->domains.at[i], wrong);
    if (o->hostname)
        snprintf(out->hostname, sizeof out->hostname, "%s", o->hostname);
    else
        machine_name(out->hostname);
    return true;
}

static bool read_tls(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    out->tls_needed = o->require_tls || o->tls_listen.count;
    out->tls = o->no_tls ? SERVE_NO_TLS : o->tls_cert ? SERVE_GIVEN_TLS : SERVE_OWN_TLS;
    if (o->no_tls && (o->tls_cert || out->tls_needed))
        error_set(err, "--no-tls contradicts %s",
                  o->tls_cert      ? "--tls-cert"
                  : o->require_tls ? "--require-tls"
                                   : "--tls-listen");
    else if (o->tls_key && !o->tls_cert)
        error_set(err, "--tls-key needs --tls-cert: a key without its certificate is of no use");
    else
        return true;
    return false;
}

/* "alice:secret"; the password may hold further colons. */
static bool read_user(char *text, struct serve_setup *out, struct error *err)
{
    char *colon = strchr(text, ':'), *own;

    if (!colon || colon == text) {
        error_set(err, "--auth needs USER:PASS, a name and a password with a colon between");
        return false;
    }
    own = out->logins[out->users.count] = mem_strdup(text);
    own[colon - text] = '\0';
    out->user_list[out->users.count++] = (struct sasl_user){ own, own + (colon - text) + 1 };
    mem_wipe(colon + 1, strlen(colon + 1));
    return true;
}

static bool read_users(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    for (size_t i = 0; i < o->users.count; i++)
        if (!read_user(o->users.at[i], out, err))
            return false;
    out->users.at = out->user_list;
    if (out->users.count && out->tls == SERVE_NO_TLS && !o->auth_without_tls)
        error_set(err, "--auth with --no-tls could never be used: AUTH is offered behind TLS only, "
                       "unless --auth-without-tls allows it in plain text");
    else if (o->require_auth && !out->users.count)
        error_set(err, "--require-auth needs somebody who can log in: --auth USER:PASS");
    else
        return true;
    return false;
}

static bool switch_off(const char *keyword, unsigned *extensions, struct error *err)
{
    struct buf known = { 0 };

    for (unsigned i = 0; i < EXTENSION_COUNT; i++)
        if (span_eq_nocase(span_of(keyword), span_of(extension_keywords[i]))) {
            *extensions &= ~(1u << i);
            return true;
        }
    buf_add_text(&known, "; it knows");
    for (unsigned i = 0; i < EXTENSION_COUNT; i++)
        buf_printf(&known, " %s", extension_keywords[i]);
    refuse(err, "--without knows no ", keyword, buf_text(&known));
    buf_release(&known);
    return false;
}

static bool read_policy(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    unsigned extensions = (1u << EXTENSION_COUNT) - 1;

    for (size_t i = 0; i < o->without.count; i++)
        if (!switch_off(o->without.at[i], &extensions, err))
            return false;
    out->policy = (struct policy){ .hostname = out->hostname,
                                   .domains = (const char *const *)o->domains.at,
                                   .domain_count = o->domains.count,
                                   .any_recipient = true,
                                   .size_limit = o->size_limit,
                                   .recipients_max = RECIPIENTS_MAX,
                                   .extensions = extensions,
                                   .lmtp = o->lmtp,
                                   .auth_without_tls = o->auth_without_tls,
                                   .require_tls = o->require_tls,
                                   .require_auth = o->require_auth,
                                   .mechanisms = sasl_mechanisms };
    return true;
}

bool serve_setup_read(const struct options *o, struct serve_setup *out, struct error *err)
{
    const struct serve_options *serve = &o->serve;

    *out = (struct serve_setup){ 0 };
    if (read_places(serve, out, err) && read_store(serve->store, out, err) &&
        read_names(serve, out, err) && read_tls(serve, out, err) && read_users(serve, out, err) &&
        read_policy(serve, out, err))
        return true;
    serve_setup_release(out);
    return false;
}

void serve_setup_release(struct serve_setup *s)
{
    for (size_t i = 0; i < s->users.count; i++) {
        mem_wipe(s->logins[i] + strlen(s->logins[i]) + 1, strlen(s->user_list[i].secret));
        mem_free(s->logins[i]);
    }
    s->users.count = 0;
}
