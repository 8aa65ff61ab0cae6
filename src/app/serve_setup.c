#include "app/serve_setup.h"

#include <netinet/in.h>
#include <stdio.h>

#include "base/marks.h"
#include "base/mem.h"
#include "engine/persona.h"
#include "net/address.h"

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

static bool add_place(const char *text, bool tls, struct serve_setup *out, struct error *err)
{
    struct serve_place *place = &out->places[out->place_count++];

    place->tls = tls;
    return serve_place_read(text, place, err);
}

static bool add_places(const struct option_list *list, bool tls, struct serve_setup *out,
                       struct error *err)
{
    for (size_t i = 0; i < list->count; i++)
        if (!add_place(list->at[i], tls, out, err))
            return false;
    return true;
}

static bool read_places(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    const struct server_config *c = &out->config;
    bool given = o->listen.count || o->tls_listen.count;

    if (!given && !c->listen && !c->tls_listen)
        return add_place("127.0.0.1", false, out, err);
    if (!given)
        return (!c->listen || add_place(c->listen, false, out, err)) &&
               (!c->tls_listen || add_place(c->tls_listen, true, out, err));
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

static bool read_names(const struct serve_options *o, struct policy *out, struct error *err)
{
    static const char wrong[] = " is no name of a host: it must be one word of at most 255 octets";

    if (o->hostname && !is_word(o->hostname))
        return refuse(err, "--hostname: ", o->hostname, wrong);
    for (size_t i = 0; i < o->domains.count; i++)
        if (!is_word(o->domains.at[i]))
            return refuse(err, "--domain: ", o->domains.at[i], wrong);
    if (o->hostname)
        out->hostname = o->hostname;
    if (o->domains.count) {
        out->domains = (const char *const *)o->domains.at;
        out->domain_count = o->domains.count;
    }
    return true;
}

/* Where TLS is both forbidden and asked for. NULL: nowhere. */
static const char *contradiction(const struct serve_options *o)
{
    if (!o->no_tls)
        return NULL;
    if (o->tls_cert)
        return "--tls-cert";
    if (o->client_ca)
        return "--client-ca";
    if (o->require_tls)
        return "--require-tls";
    return o->tls_listen.count ? "--tls-listen" : NULL;
}

static bool read_tls(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    const struct server_config *c = &out->config;
    bool off = o->no_tls || !c->tls;

    if (contradiction(o)) {
        error_set(err, "--no-tls contradicts %s", contradiction(o));
        return false;
    }
    out->tls_cert = o->tls_cert ? o->tls_cert : c->tls_cert;
    out->tls_key = o->tls_cert ? o->tls_key : o->tls_key ? o->tls_key : c->tls_key;
    out->client_ca = o->client_ca ? o->client_ca : c->client_ca;
    if (out->tls_key && !out->tls_cert) {
        error_set(err, "--tls-key needs --tls-cert: a key without its certificate is of no use");
        return false;
    }
    if (!out->tls_key)
        out->tls_key = out->tls_cert;
    out->tls = off ? SERVE_NO_TLS : out->tls_cert ? SERVE_GIVEN_TLS : SERVE_OWN_TLS;
    out->tls_needed = out->policy.require_tls;
    for (size_t i = 0; i < out->place_count; i++)
        out->tls_needed |= out->places[i].tls;
    if (off && out->tls_needed)
        error_set(err, "TLS is asked for, and switched off: with --no-tls there can be no "
                       "--require-tls, and no place with TLS");
    return !off || !out->tls_needed;
}

/* "alice:secret"; the password may hold further colons. */
static bool read_login(char *text, struct serve_setup *out, struct sasl_user *user,
                       struct error *err)
{
    char *colon = strchr(text, ':'), *own;

    if (!colon || colon == text) {
        error_set(err, "--auth needs USER:PASS, a name and a password with a colon between");
        return false;
    }
    own = out->logins[out->login_count++] = mem_strdup(text);
    own[colon - text] = '\0';
    *user = (struct sasl_user){ own, own + (colon - text) + 1 };
    mem_wipe(colon + 1, strlen(colon + 1));
    return true;
}

static bool read_users(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    const struct row_list *file = &out->config.users;
    struct sasl_user *list = mem_zero(o->users.count + file->count + 1, sizeof *list);

    out->users.at = list;
    for (size_t i = 0; i < o->users.count; i++)
        if (!read_login(o->users.at[i], out, &list[out->users.count++], err))
            return false;
    for (size_t i = 0; i < file->count; i++) {
        const struct config_user *user = (const struct config_user *)file->at + i;

        list[out->users.count++] = (struct sasl_user){ user->name, user->secret };
    }
    if (!out->users.count && out->client_ca) /* a certificate is all that can be shown */
        out->policy.mechanisms = "EXTERNAL";
    if (out->users.count && out->tls == SERVE_NO_TLS && !out->policy.auth_without_tls)
        error_set(err, "--auth with --no-tls could never be used: AUTH is offered behind TLS only, "
                       "unless --auth-without-tls allows it in plain text");
    else if (out->policy.require_auth && !out->users.count && !out->client_ca)
        error_set(err, "--require-auth needs somebody who can log in: --auth USER:PASS");
    else
        return true;
    return false;
}

/* The command line's, or else the file's. */
static bool read_proxies(const struct serve_options *o, struct serve_setup *out, struct error *err)
{
    const struct row_texts *file = &out->config.proxies;
    size_t count = o->proxies.count ? o->proxies.count : file->count;

    out->proxies = mem_zero(count + 1, sizeof *out->proxies);
    for (size_t i = 0; i < count; i++) {
        const char *text = o->proxies.count ? o->proxies.at[i] : file->at[i];

        if (!range_read(text, &out->proxies[out->proxy_count++], err))
            return false;
    }
    return true;
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

/* How many errors it bears is a persona's own habit, unless the file says another number. */
static void read_persona(int chosen, struct serve_setup *out)
{
    const struct row *errors = rows_find(&config_rows, SPAN("errors"));

    if (chosen)
        out->policy.persona = personas[chosen - 1];
    if (out->policy.persona != &persona_strict && row_is_default(errors, &out->config))
        out->policy.errors_max = 0;
}

static bool read_policy(const struct options *all, struct policy *out, struct error *err)
{
    const struct serve_options *o = &all->serve;

    for (size_t i = 0; i < o->without.count; i++)
        if (!switch_off(o->without.at[i], &out->extensions, err))
            return false;
    if (o->size_limit)
        out->size_limit = o->size_limit;
    if (!out->mechanisms)
        out->mechanisms = sasl_mechanisms;
    out->lmtp |= o->lmtp;
    out->auth_without_tls |= o->auth_without_tls;
    out->require_tls |= o->require_tls;
    out->require_auth |= o->require_auth;
    return read_names(o, out, err);
}

bool serve_setup_begin(struct serve_setup *s, const char *name, struct span text,
                       struct buf *complaints)
{
    struct yaml_file file = { .name = name };

    *s = (struct serve_setup){ 0 };
    if (!name) { /* the defaults, of which an empty file would be a mistake */
        file.name = "";
        text = SPAN("{}");
    }
    return server_config_read(text, &file, &s->config, complaints) == 0;
}

bool serve_setup_read(const struct options *o, struct serve_setup *out, struct error *err)
{
    const struct serve_options *serve = &o->serve;
    const struct server_config *c = &out->config;

    out->policy = c->policy;
    read_persona(o->persona, out);
    out->clients_max = serve->clients_max ? serve->clients_max : c->clients_max;
    out->clients_per_address_max =
        serve->clients_per_host_max ? serve->clients_per_host_max : c->clients_per_address_max;
    return read_places(serve, out, err) &&
           read_store(serve->store ? serve->store : c->store, out, err) &&
           read_policy(o, &out->policy, err) && read_tls(serve, out, err) &&
           read_users(serve, out, err) && read_proxies(serve, out, err);
}

void serve_setup_release(struct serve_setup *s)
{
    struct sasl_user *list;

    for (size_t i = 0; i < s->login_count; i++) {
        char *secret = s->logins[i] + strlen(s->logins[i]) + 1;

        mem_wipe(secret, strlen(secret));
        mem_free(s->logins[i]);
    }
    memcpy(&list, &s->users.at, sizeof list);
    mem_free(list);
    mem_free(s->proxies);
    server_config_release(&s->config);
    *s = (struct serve_setup){ 0 };
}
