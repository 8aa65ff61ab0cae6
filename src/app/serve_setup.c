#include "app/serve_setup.h"

#include <netinet/in.h>
#include <stdio.h>

#include "app/machine.h"
#include "base/marks.h"
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
    if (text[0] == ':')
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

static bool read_places(const struct option_list *listen, struct serve_setup *out,
                        struct error *err)
{
    static const char usual[] = "127.0.0.1";

    if (!listen->count)
        return serve_place_read(usual, &out->places[out->place_count++], err);
    for (size_t i = 0; i < listen->count; i++)
        if (!serve_place_read(listen->at[i], &out->places[out->place_count++], err))
            return false;
    return true;
}

static bool read_store(const char *text, struct serve_setup *out, struct error *err)
{
    out->store = SERVE_MEMORY;
    return !text || strcmp(text, "memory") == 0 || refuse(err, "--store is memory, not ", text, "");
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

bool serve_setup_read(const struct options *o, struct serve_setup *out, struct error *err)
{
    const struct serve_options *serve = &o->serve;

    *out = (struct serve_setup){ 0 };
    if (!read_places(&serve->listen, out, err) || !read_store(serve->store, out, err) ||
        !read_names(serve, out, err))
        return false;
    out->policy = (struct policy){ .hostname = out->hostname,
                                   .domains = serve->domains.at,
                                   .domain_count = serve->domains.count,
                                   .any_recipient = true,
                                   .size_limit = serve->size_limit,
                                   .recipients_max = RECIPIENTS_MAX,
                                   .extensions = (1u << EXTENSION_COUNT) - 1 };
    return true;
}
