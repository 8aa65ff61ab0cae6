/*
 * Addresses as people type them and as sockets hold them.
 * Sources: RFC 3986 3.2.2 (the brackets around IPv6), RFC 4291 2.2 (IPv6 as text).
 */
#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/marks.h"

/* Of a refused word, so much is shown; it is said again, not copied. */
#define REFUSED_MAX 40

static const struct {
    const char *name;
    unsigned port;
} services[] = { { "smtp", 25 }, { "submission", 587 } };

/* Sets err to `before`, the word that was typed as visible marks, and `after`. False. */
static bool refuse(struct error *err, const char *before, const char *text, const char *after)
{
    struct span word = span_of(text), shown = span_first(word, REFUSED_MAX);
    struct buf marked = { 0 };

    marks_add(&marked, shown, 0);
    error_set(err, "%s'%s%s'%s", before, buf_text(&marked), shown.len < word.len ? "..." : "",
              after);
    buf_release(&marked);
    return false;
}

bool address_parse_port(const char *text, unsigned *port_out, struct error *err)
{
    uint64_t number;

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (span_eq_nocase(span_of(text), span_of(services[i].name))) {
            *port_out = services[i].port;
            return true;
        }
    }
    if (!span_number(span_of(text), &number) || number == 0 || number > 65535) {
        return refuse(err, "a port is a number from 1 to 65535, not ", text, "");
    }
    *port_out = (unsigned)number;
    return true;
}

/* What a person may have meant instead, said at once: a lookup could only fail. */
static bool host_ok(struct span host, const char *text, struct error *err)
{
    if (host.len == 0) {
        return refuse(err, "no host is named in ", text, "; give HOST or HOST:PORT");
    }
    if (host.len > 255) {
        error_set(err, "a host's name has at most 255 characters; this one has %zu", host.len);
        return false;
    }
    if (span_find(host, '@') < host.len) {
        return refuse(err, "", text,
                      " is a person's address; give the host of its server, HOST or HOST:PORT");
    }
    for (size_t i = 0; i < host.len; i++) {
        unsigned char c = host.at[i];

        if (c == '/' || c == '[' || c == ']' || c == ' ' || ascii_is_control(c)) {
            return refuse(err, "", text, " is no host; give HOST, HOST:PORT or [IPv6]:PORT");
        }
    }
    return true;
}

bool address_parse(const char *text, unsigned port, char host[256], unsigned *port_out,
                   struct error *err)
{
    struct span all = span_of(text), name = all;
    const char *port_text = NULL;
    size_t colon = span_find(all, ':');

    if (all.len && all.at[0] == '[') {
        size_t close = span_find(all, ']');

        if (close == all.len || (close + 1 < all.len && all.at[close + 1] != ':')) {
            return refuse(err, "", text,
                          " is no host; an address in brackets reads [::1] or [::1]:25");
        }
        name = span_make(all.at + 1, close - 1);
        if (close + 1 < all.len)
            port_text = text + close + 2;
    } else if (colon < all.len &&
               span_find(span_from(all, colon + 1), ':') == all.len - colon - 1) {
        /* one colon: HOST:PORT; more are an IPv6 address by itself */
        name = span_first(all, colon);
        port_text = text + colon + 1;
    }
    if (!host_ok(name, text, err))
        return false;
    if (port_text && !address_parse_port(port_text, &port, err))
        return false;
    memcpy(host, name.at, name.len);
    host[name.len] = '\0';
    if (strchr(host, ':') && !address_numeric(host, port, NULL)) {
        return refuse(err, "", text, " is no host; give HOST, HOST:PORT or [IPv6]:PORT");
    }
    *port_out = port;
    return true;
}

bool address_numeric(const char *host, unsigned port, struct address *out)
{
    struct in_addr v4;
    struct addrinfo hints = { .ai_family = AF_INET6,
                              .ai_flags = AI_NUMERICHOST,
                              .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    struct address a = { .len = 0 };

    if (inet_pton(AF_INET, host, &v4) == 1) {
        struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = v4 };

        memcpy(&a.at, &in, sizeof(in));
        a.len = sizeof(in);
    } else if (strchr(host, ':') && getaddrinfo(host, NULL, &hints, &found) == 0) {
        /* not inet_pton: this reads zones, "fe80::1%eth0", too; numbers alone look nothing up */
        memcpy(&a.at, found->ai_addr, found->ai_addrlen);
        a.len = found->ai_addrlen;
        freeaddrinfo(found);
    } else {
        return false;
    }
    address_set_port(&a, port);
    if (out)
        *out = a;
    return true;
}

void address_text(const struct address *a, char out[ADDRESS_TEXT_MAX])
{
    if (a->len == 0 || getnameinfo((const struct sockaddr *)&a->at, a->len, out, ADDRESS_TEXT_MAX,
                                   NULL, 0, NI_NUMERICHOST) != 0)
        out[0] = '\0';
}

void address_port_text(const struct address *a, char out[ADDRESS_TEXT_MAX])
{
    char host[ADDRESS_TEXT_MAX];

    address_text(a, host);
    snprintf(out, ADDRESS_TEXT_MAX, strchr(host, ':') ? "[%.100s]:%u" : "%.100s:%u", host,
             address_port(a));
}

unsigned address_port(const struct address *a)
{
    if (a->at.ss_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, &a->at, sizeof(in));
        return ntohs(in.sin_port);
    }
    if (a->at.ss_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, &a->at, sizeof(in6));
        return ntohs(in6.sin6_port);
    }
    return 0;
}

void address_set_port(struct address *a, unsigned port)
{
    if (a->at.ss_family == AF_INET)
        ((struct sockaddr_in *)&a->at)->sin_port = htons((uint16_t)port);
    else if (a->at.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&a->at)->sin6_port = htons((uint16_t)port);
}

bool address_local(int fd, struct address *out)
{
    *out = (struct address){ .len = sizeof(out->at) };
    if (getsockname(fd, (struct sockaddr *)&out->at, &out->len) == 0)
        return true;
    *out = (struct address){ .len = 0 };
    return false;
}

bool address_peer(int fd, struct address *out)
{
    *out = (struct address){ .len = sizeof(out->at) };
    if (getpeername(fd, (struct sockaddr *)&out->at, &out->len) == 0)
        return true;
    *out = (struct address){ .len = 0 };
    return false;
}
