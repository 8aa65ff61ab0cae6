/* PROXY headers: what each says, at every cut, and what is none; and written ones, read back. */
#include "net/proxy_header.h"

#include "base/mem.h"
#include "support/feed.h"
#include "support/table.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V4        "\xcb\0\x71\7" /* 203.0.113.7 */ "\xc0\0\2\1" /* 192.0.2.1 */ "\x12\x67\0\x19"
#define V6                                                                                         \
    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7"                                                       \
    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"                                                       \
    "\x12\x67\0\x19"

struct row {
    struct span octets;
    const char *want; /* "VERSION FROM TO", "VERSION" for no addresses; "" more; "no: why" */
};
static const struct row rows[] = {
    { SPAN_INIT("PROXY TCP4 203.0.113.7 192.0.2.1 4711 25\r\n"),
      "1 203.0.113.7:4711 192.0.2.1:25" },
    { SPAN_INIT("PROXY TCP6 2001:db8::7 2001:db8::1 4711 25\r\n"),
      "1 [2001:db8::7]:4711 [2001:db8::1]:25" },
    { SPAN_INIT("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n"),
      "1 0.0.0.0:0 255.255.255.255:65535" },
    { SPAN_INIT("PROXY UNKNOWN\r\n"), "1" },
    { SPAN_INIT("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n"), "1" },
    { SPAN_INIT(SIGNATURE "\x21\x11\0\x0c" V4), "2 203.0.113.7:4711 192.0.2.1:25" },
    { SPAN_INIT(SIGNATURE "\x21\x21\0\x24" V6), "2 [2001:db8::7]:4711 [2001:db8::1]:25" },
    { SPAN_INIT(SIGNATURE "\x21\x11\0\x14" V4 "\2\0\5b.org"), "2 203.0.113.7:4711 192.0.2.1:25" },
    { SPAN_INIT(SIGNATURE "\x20\0\0\0"), "2" },
    { SPAN_INIT(SIGNATURE "\x20\x11\0\x0c" V4), "2" },
    { SPAN_INIT(SIGNATURE "\x21\0\0\3abc"), "2" },
    { SPAN_INIT(SIGNATURE "\x21\x12\0\x0c" V4), "2" }, /* UDP */
    { SPAN_INIT(SIGNATURE "\x21\x31\0\2ab"), "2" },    /* a socket of the file system */

    { SPAN_INIT(""), "" },
    { SPAN_INIT("PRO"), "" },
    { SPAN_INIT("PROXY TCP4 203.0.113.7 "), "" },
    { SPAN_INIT("\r\n\r\n"), "" },
    { SPAN_INIT(SIGNATURE "\x21\x11\0\x0c"
                          "\xcb"),
      "" },
    { SPAN_INIT(SIGNATURE "\x21\x11\x0f\xf0"), "" }, /* the longest that is taken */

    { SPAN_INIT("EHLO crepes.fr\r\n"), "no: what it sent first is no PROXY header" },
    { SPAN_INIT("proxy TCP4 203.0.113.7 192.0.2.1 4711 25\r\n"),
      "no: what it sent first is no PROXY header" },
    { SPAN_INIT("\r\n\r\nX"), "no: what it sent first is no PROXY header" },
    { SPAN_INIT("PROXY TCP4 203.0.113.7 192.0.2.1 4711 25\n"), "no: its line ends in LF alone" },
    { SPAN_INIT("PROXY UDP4 203.0.113.7 192.0.2.1 4711 25\r\n"),
      "no: its line names neither TCP4, TCP6 nor UNKNOWN" },
    { SPAN_INIT("PROXY \r\n"), "no: its line names neither TCP4, TCP6 nor UNKNOWN" },
    { SPAN_INIT("PROXY TCP4\r\n"),
      "no: its line does not hold two addresses of that family and two ports" },
    { SPAN_INIT("PROXY TCP4 2001:db8::7 2001:db8::1 4711 25\r\n"),
      "no: its line does not hold two addresses of that family and two ports" },
    { SPAN_INIT("PROXY TCP4 203.0.113.7 192.0.2.1 4711 65536\r\n"),
      "no: its line does not hold two addresses of that family and two ports" },
    { SPAN_INIT("PROXY TCP4 203.0.113.7 192.0.2.1 04711 25\r\n"),
      "no: its line does not hold two addresses of that family and two ports" },
    { SPAN_INIT("PROXY TCP4 203.0.113.7 192.0.2.1 4711 25 \r\n"),
      "no: its line does not hold two addresses of that family and two ports" },
    { SPAN_INIT("PROXY TCP4 203.0.113.7\0 192.0.2.1 4711 25\r\n"),
      "no: its line does not hold two addresses of that family and two ports" },
    { SPAN_INIT("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535 more"),
      "no: its line has no end" },
    { SPAN_INIT(SIGNATURE "\x11"), "no: its version or command is not known" },
    { SPAN_INIT(SIGNATURE "\x22\0\0\0"), "no: its version or command is not known" },
    { SPAN_INIT(SIGNATURE "\x21\x11\0\x0b" V4),
      "no: it is too short for the addresses it should hold" },
    { SPAN_INIT(SIGNATURE "\x21\x11\xff\xff"), "no: it is longer than this program takes" },
};

static void spell(enum proxy_result result, const struct proxy_header *h, struct buf *out)
{
    char text[ADDRESS_TEXT_MAX];

    buf_clear(out);
    if (result == PROXY_WRONG)
        buf_printf(out, "no: %s", h->why);
    if (result != PROXY_READ)
        return;
    buf_printf(out, "%u", h->version);
    if (!h->named)
        return;
    address_port_text(&h->from, text);
    buf_printf(out, " %s", text);
    address_port_text(&h->to, text);
    buf_printf(out, " %s", text);
}

struct feeding {
    struct buf all;
    struct proxy_header header;
    enum proxy_result result;
    unsigned over; /* how often a result was reached */
};

static void take(void *ctx, struct span piece)
{
    struct feeding *f = ctx;
    unsigned char *copy;

    if (f->over)
        return;
    buf_add(&f->all, piece);
    copy = mem_alloc(f->all.len);
    if (f->all.len)
        memcpy(copy, f->all.at, f->all.len);
    f->result = proxy_header_read(span_make(copy, f->all.len), &f->header);
    f->over += f->result != PROXY_MORE;
    mem_free(copy);
}

Test(proxy_header, says_the_same_however_it_is_cut)
{
    struct buf got = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t way = 0; way < feed_ways(rows[i].octets.len); way++) {
            struct feeding f = { .result = PROXY_MORE };

            feed(take, &f, rows[i].octets, way);
            spell(f.result, &f.header, &got);
            cr_expect_str_eq(buf_text(&got), rows[i].want, "row %zu, way %zu: got '%s'", i, way,
                             buf_text(&got));
            if (f.result == PROXY_READ)
                cr_expect_eq(f.header.octets, rows[i].octets.len, "row %zu", i);
            buf_release(&f.all);
        }
    buf_release(&got);
}

Test(proxy_header, ends_before_what_the_client_says)
{
    static const struct span both[] = {
        SPAN_INIT("PROXY TCP4 203.0.113.7 192.0.2.1 4711 25\r\nEHLO crepes.fr\r\n"),
        SPAN_INIT(SIGNATURE "\x21\x11\0\x0c" V4 "EHLO crepes.fr\r\n"),
    };
    struct proxy_header h;

    for (size_t i = 0; i < ROWS(both); i++) {
        cr_assert_eq(proxy_header_read(both[i], &h), PROXY_READ);
        cr_expect(span_eq(span_from(both[i], h.octets), SPAN("EHLO crepes.fr\r\n")));
    }
}

Test(proxy_header, is_written_as_it_is_read)
{
    static const struct {
        const char *from, *to, *want;
    } ends[] = {
        { "203.0.113.7", "192.0.2.1", " 203.0.113.7:4711 192.0.2.1:25" },
        { "2001:db8::7", "2001:db8::1", " [2001:db8::7]:4711 [2001:db8::1]:25" },
        { "203.0.113.7", "2001:db8::1", "" },
        { "203.0.113.7", NULL, "" },
    };
    struct buf out = { 0 }, got = { 0 };

    for (size_t i = 0; i < ROWS(ends); i++)
        for (unsigned version = 1; version <= 2; version++) {
            struct address from = { 0 }, to = { 0 };
            struct proxy_header h;

            address_numeric(ends[i].from, 4711, &from);
            if (ends[i].to)
                address_numeric(ends[i].to, 25, &to);
            buf_clear(&out);
            proxy_header_write(&out, version, &from, &to);
            spell(proxy_header_read(buf_span(&out), &h), &h, &got);
            cr_expect_eq(got.at[0], '0' + version);
            cr_expect_str_eq(buf_text(&got) + 1, ends[i].want, "%zu: got '%s'", i, buf_text(&got));
            cr_expect_eq(h.octets, out.len);
        }
    buf_release(&out);
    buf_release(&got);
}
