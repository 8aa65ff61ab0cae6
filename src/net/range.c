#include "net/range.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/marks.h"

/* The octets of an address; how many, 0: it has none. */
static size_t octets_of(const struct address *a, unsigned char out[16])
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (a->len && a->at.ss_family == AF_INET) {
        memcpy(&v4, &a->at, sizeof v4);
        memcpy(out, &v4.sin_addr, 4);
        return 4;
    }
    if (!a->len || a->at.ss_family != AF_INET6)
        return 0;
    memcpy(&v6, &a->at, sizeof v6);
    memcpy(out, &v6.sin6_addr, 16);
    if (memcmp(out, mapped, sizeof mapped) != 0)
        return 16;
    memmove(out, out + 12, 4);
    return 4;
}

static bool refuse(const char *text, struct error *err)
{
    struct buf shown = { 0 };

    marks_add(&shown, span_first(span_of(text), 80), 0);
    error_set(err,
              "'%s' names no addresses: give one in numbers, such as 127.0.0.1, or a range of "
              "them, such as 192.0.2.0/24",
              buf_text(&shown));
    buf_release(&shown);
    return false;
}

bool range_read(const char *text, struct range *out, struct error *err)
{
    struct span bits_text, host_text = span_cut(span_of(text), '/', &bits_text);
    bool whole = host_text.len == strlen(text);
    unsigned char octets[16];
    char host[ADDRESS_TEXT_MAX];
    uint64_t bits;
    size_t len;

    if (host_text.len >= sizeof host)
        return refuse(text, err);
    snprintf(host, sizeof host, "%.*s", SPAN_ARG(host_text));
    if (!address_numeric(host, 0, &out->first))
        return refuse(text, err);
    len = octets_of(&out->first, octets);
    bits = 8 * len;
    if (!whole && (!span_number(bits_text, &bits) || bits > 8 * len))
        return refuse(text, err);
    out->bits = (unsigned)bits;
    return true;
}

bool range_holds(const struct range *r, const struct address *a)
{
    unsigned char want[16], got[16];
    size_t len = octets_of(&r->first, want), whole = r->bits / 8;
    unsigned rest = r->bits % 8;

    if (len == 0 || octets_of(a, got) != len || memcmp(want, got, whole) != 0)
        return false;
    return rest == 0 || (want[whole] ^ got[whole]) >> (8 - rest) == 0;
}

bool ranges_hold(const struct range *r, size_t count, const struct address *a)
{
    for (size_t i = 0; i < count; i++)
        if (range_holds(&r[i], a))
            return true;
    return false;
}
