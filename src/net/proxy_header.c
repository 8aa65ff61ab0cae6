#include "net/proxy_header.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <string.h>

/* Of a version 1 line with its CRLF: the longest that can be (2.1). */
#define LINE_MAX_V1 107
/* Before the addresses of version 2: signature, command, family, length (2.2). */
#define FIXED_V2 16

enum { COMMAND_LOCAL = 0x20, COMMAND_PROXY = 0x21 };
enum { FAMILY_UNKNOWN = 0x00, FAMILY_TCP4 = 0x11, FAMILY_TCP6 = 0x21 };

static const unsigned char signature[12] = "\r\n\r\n\0\r\nQUIT\n";
static const char word[] = "PROXY ";

static enum proxy_result wrong(struct proxy_header *out, const char *why)
{
    out->why = why;
    return PROXY_WRONG;
}

static void set_v4(struct address *a, const void *at, unsigned port)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

    memcpy(&in.sin_addr, at, sizeof in.sin_addr);
    *a = (struct address){ .len = sizeof in };
    memcpy(&a->at, &in, sizeof in);
}

static void set_v6(struct address *a, const void *at, unsigned port)
{
    struct sockaddr_in6 in = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };

    memcpy(&in.sin6_addr, at, sizeof in.sin6_addr);
    *a = (struct address){ .len = sizeof in };
    memcpy(&a->at, &in, sizeof in);
}

static bool read_port(struct span text, unsigned *port)
{
    uint64_t number;

    if (!span_number(text, &number) || number > 65535 || (text.len > 1 && text.at[0] == '0'))
        return false;
    *port = (unsigned)number;
    return true;
}

static bool read_end(struct span host, struct span port_text, int family, struct address *out)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr at; /* large enough for both */
    unsigned port;

    if (host.len == 0 || host.len >= sizeof text || memchr(host.at, 0, host.len) ||
        !read_port(port_text, &port))
        return false;
    memcpy(text, host.at, host.len);
    text[host.len] = '\0';
    if (inet_pton(family, text, &at) != 1)
        return false;
    if (family == AF_INET)
        set_v4(out, &at, port);
    else
        set_v6(out, &at, port);
    return true;
}

/* "TCP4 203.0.113.7 192.0.2.1 4711 25", or "UNKNOWN" and whatever (2.1). */
static enum proxy_result read_words(struct span rest, struct proxy_header *out)
{
    struct span family = span_cut(rest, ' ', &rest), from, to, from_port;
    int wanted = span_eq(family, SPAN("TCP4")) ? AF_INET : AF_INET6;

    if (span_eq(family, SPAN("UNKNOWN")))
        return PROXY_READ;
    if (wanted == AF_INET6 && !span_eq(family, SPAN("TCP6")))
        return wrong(out, "its line names neither TCP4, TCP6 nor UNKNOWN");
    from = span_cut(rest, ' ', &rest);
    to = span_cut(rest, ' ', &rest);
    from_port = span_cut(rest, ' ', &rest);
    if (!read_end(from, from_port, wanted, &out->from) || !read_end(to, rest, wanted, &out->to))
        return wrong(out, "its line does not hold two addresses of that family and two ports");
    out->named = true;
    return PROXY_READ;
}

static enum proxy_result read_line(struct span octets, struct proxy_header *out)
{
    struct span head = span_first(octets, LINE_MAX_V1);
    size_t end = span_find(head, '\n');

    if (end == head.len)
        return head.len < LINE_MAX_V1 ? PROXY_MORE : wrong(out, "its line has no end");
    if (head.at[end - 1] != '\r')
        return wrong(out, "its line ends in LF alone");
    out->version = 1;
    out->octets = end + 1;
    head = span_first(head, end - 1);
    return read_words(span_from(head, sizeof word - 1), out);
}

static unsigned two_octets(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* Behind the addresses there may be more of the proxy's notes (TLVs): they are passed over. */
static enum proxy_result read_addresses(unsigned family, struct span rest, struct proxy_header *out)
{
    size_t each = family == FAMILY_TCP4 ? 4 : 16;

    if (family != FAMILY_TCP4 && family != FAMILY_TCP6)
        return PROXY_READ; /* not of this network, or not known: to be taken as such (2.2) */
    if (rest.len < 2 * each + 4)
        return wrong(out, "it is too short for the addresses it should hold");
    if (family == FAMILY_TCP4) {
        set_v4(&out->from, rest.at, two_octets(rest.at + 8));
        set_v4(&out->to, rest.at + 4, two_octets(rest.at + 10));
    } else {
        set_v6(&out->from, rest.at, two_octets(rest.at + 32));
        set_v6(&out->to, rest.at + 16, two_octets(rest.at + 34));
    }
    out->named = true;
    return PROXY_READ;
}

static enum proxy_result read_binary(struct span octets, struct proxy_header *out)
{
    size_t length;

    if (octets.len > 12 && octets.at[12] != COMMAND_LOCAL && octets.at[12] != COMMAND_PROXY)
        return wrong(out, "its version or command is not known");
    if (octets.len < FIXED_V2)
        return PROXY_MORE;
    length = two_octets(octets.at + 14);
    if (FIXED_V2 + length > PROXY_HEADER_MAX)
        return wrong(out, "it is longer than this program takes");
    if (octets.len < FIXED_V2 + length)
        return PROXY_MORE;
    out->version = 2;
    out->octets = FIXED_V2 + length;
    if (octets.at[12] == COMMAND_LOCAL)
        return PROXY_READ;
    return read_addresses(octets.at[13], span_make(octets.at + FIXED_V2, length), out);
}

static bool begins(struct span octets, struct span with)
{
    size_t len = octets.len < with.len ? octets.len : with.len;

    return span_eq(span_first(octets, len), span_first(with, len));
}

enum proxy_result proxy_header_read(struct span octets, struct proxy_header *out)
{
    struct span line = span_of(word), binary = span_make(signature, sizeof signature);

    *out = (struct proxy_header){ 0 };
    if (begins(octets, line))
        return octets.len < line.len ? PROXY_MORE : read_line(octets, out);
    if (begins(octets, binary))
        return octets.len < binary.len ? PROXY_MORE : read_binary(octets, out);
    return wrong(out, "what it sent first is no PROXY header");
}

static bool same_family(const struct address *from, const struct address *to)
{
    return from->len && to->len && from->at.ss_family == to->at.ss_family &&
           (from->at.ss_family == AF_INET || from->at.ss_family == AF_INET6);
}

static void write_line(struct buf *out, const struct address *from, const struct address *to)
{
    char from_text[INET6_ADDRSTRLEN], to_text[INET6_ADDRSTRLEN];
    bool v4 = from->at.ss_family == AF_INET;
    size_t at =
        v4 ? offsetof(struct sockaddr_in, sin_addr) : offsetof(struct sockaddr_in6, sin6_addr);

    inet_ntop(from->at.ss_family, (const char *)&from->at + at, from_text, sizeof from_text);
    inet_ntop(to->at.ss_family, (const char *)&to->at + at, to_text, sizeof to_text);
    buf_printf(out, "PROXY %s %s %s %u %u\r\n", v4 ? "TCP4" : "TCP6", from_text, to_text,
               address_port(from), address_port(to));
}

static void add_two(struct buf *out, size_t number)
{
    buf_add_octet(out, (unsigned char)(number >> 8));
    buf_add_octet(out, (unsigned char)(number & 0xff));
}

static void write_binary(struct buf *out, const struct address *from, const struct address *to)
{
    bool v4 = from->at.ss_family == AF_INET;
    size_t each = v4 ? 4 : 16;
    size_t at =
        v4 ? offsetof(struct sockaddr_in, sin_addr) : offsetof(struct sockaddr_in6, sin6_addr);

    buf_add_octet(out, v4 ? FAMILY_TCP4 : FAMILY_TCP6);
    add_two(out, 2 * each + 4);
    buf_add(out, span_make((const char *)&from->at + at, each));
    buf_add(out, span_make((const char *)&to->at + at, each));
    add_two(out, address_port(from));
    add_two(out, address_port(to));
}

void proxy_header_write(struct buf *out, unsigned version, const struct address *from,
                        const struct address *to)
{
    bool known = same_family(from, to);

    assert(version == 1 || version == 2);
    if (version == 1) {
        if (known)
            write_line(out, from, to);
        else
            buf_add_text(out, "PROXY UNKNOWN\r\n");
        return;
    }
    buf_add(out, span_make(signature, sizeof signature));
    buf_add_octet(out, COMMAND_PROXY);
    if (known) {
        write_binary(out, from, to);
        return;
    }
    buf_add_octet(out, FAMILY_UNKNOWN);
    add_two(out, 0);
}
