/* Names: the hosts file, the machine itself, and a name server of the test's own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/resolve.h"
#include "support/table.h"
#include "support/turn.h"

static const struct {
    const char *line, *host, *address; /* NULL: the line does not name it */
} hosts_lines[] = {
    { "192.0.2.7 mx.example.test", "mx.example.test", "192.0.2.7" },
    { "192.0.2.7\tmx.example.test  mx", "MX", "192.0.2.7" },
    { "  2001:db8::7 mx.example.test", "mx.example.test.", "2001:db8::7" },
    { "192.0.2.7 mx # mail", "mx", "192.0.2.7" },
    { "192.0.2.7 mx # mail", "mail", NULL },
    { "#192.0.2.7 mx", "mx", NULL },
    { "192.0.2.7 mx", "192.0.2.7", NULL },
    { "192.0.2.7 mx2", "mx", NULL },
    { "banana mx", "mx", NULL },
    { "192.0.2.7", "mx", NULL },
    { "", "mx", NULL },
};

Test(resolve, reads_lines_of_a_hosts_file)
{
    for (size_t i = 0; i < ROWS(hosts_lines); i++) {
        struct address a = { .len = 0 };
        char text[ADDRESS_TEXT_MAX] = "";
        bool named = resolve_hosts_line(span_of(hosts_lines[i].line), hosts_lines[i].host, &a);

        cr_expect_eq(named, hosts_lines[i].address != NULL, "'%s'", hosts_lines[i].line);
        address_text(&a, text);
        if (named)
            cr_expect_str_eq(text, hosts_lines[i].address, "'%s'", hosts_lines[i].line);
    }
}

/* A loop whose name files are the test's. */
struct names {
    struct loop *loop;
    char folder[64], resolv_conf[128], hosts[128];
    int server; /* UDP socket of the name server; -1: none */
    struct watch *watch;
    unsigned asked;
    bool silent;
    struct buf found; /* addresses, or why there are none */
    bool done;
};

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

/* Answers a query (RFC 1035 4.1): the question again, then what the first letter of the name
 * asks for: n: no such name; e: no addresses; others: 192.0.2.1 for A, nothing for AAAA. */
static void serve(void *ctx)
{
    struct names *n = ctx;
    unsigned char packet[600];
    struct sockaddr_storage from;
    socklen_t from_len = sizeof(from);
    ssize_t got = recvfrom(n->server, packet, 512, 0, (struct sockaddr *)&from, &from_len);
    size_t at = 12;
    static const unsigned char answer[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1 };

    n->asked++;
    if (n->silent || got < 17)
        return;
    while (at < (size_t)got && packet[at])
        at += packet[at] + 1u;
    at += 5;
    packet[2] |= 0x80;
    packet[3] = (packet[13] | 32) == 'n' ? 0x83 : 0x80;
    packet[7] = 0;
    if ((packet[13] | 32) != 'n' && (packet[13] | 32) != 'e' && packet[at - 3] == 1) {
        packet[7] = 1;
        memcpy(packet + at, answer, sizeof(answer));
        at += sizeof(answer);
    }
    sendto(n->server, packet, at, 0, (struct sockaddr *)&from, from_len);
}

static void names_start(struct names *n, bool server)
{
    struct address a;
    char line[ADDRESS_TEXT_MAX + 16], at[ADDRESS_TEXT_MAX];

    *n = (struct names){ .loop = loop_new(NULL), .server = -1 };
    snprintf(n->folder, sizeof(n->folder), "/tmp/smtpscope-names-XXXXXX");
    cr_assert_not_null(mkdtemp(n->folder));
    snprintf(n->resolv_conf, sizeof(n->resolv_conf), "%s/resolv.conf", n->folder);
    snprintf(n->hosts, sizeof(n->hosts), "%s/hosts", n->folder);
    write_file(n->hosts, "192.0.2.9 written.example.test\r\n2001:db8::9 written.example.test\n"
                         "192.0.2.10 written.example.test");
    loop_name_files(n->loop, n->resolv_conf, n->hosts);
    if (!server)
        return;
    cr_assert(address_numeric("127.0.0.1", 0, &a));
    n->server = socket(AF_INET, SOCK_DGRAM, 0);
    cr_assert_eq(bind(n->server, (struct sockaddr *)&a.at, a.len), 0);
    cr_assert(address_local(n->server, &a));
    address_port_text(&a, at);
    snprintf(line, sizeof(line), "nameserver %s\n", at);
    write_file(n->resolv_conf, line);
    n->watch = loop_watch_read(n->loop, n->server, LOOP_NETWORK, serve, n);
}

static void names_end(struct names *n)
{
    watch_free(n->watch);
    if (n->server >= 0)
        close(n->server);
    loop_free(n->loop);
    buf_release(&n->found);
    unlink(n->resolv_conf);
    unlink(n->hosts);
    rmdir(n->folder);
}

static void found(void *ctx, const struct addresses *list, const char *why)
{
    struct names *n = ctx;

    n->done = true;
    cr_expect_eq(list->count == 0, why != NULL);
    for (unsigned i = 0; i < list->count; i++) {
        char text[ADDRESS_TEXT_MAX];

        address_text(&list->at[i], text);
        buf_printf(&n->found, "%s%s", i ? " " : "", text);
    }
    if (why)
        buf_add_text(&n->found, why);
}

static const struct {
    const char *host;
    enum stream_family family;
    bool server;
    const char *found;
} lookups[] = {
    { "localhost", STREAM_ANY, false, "::1 127.0.0.1" },
    { "LOCALHOST.", STREAM_V4, false, "127.0.0.1" },
    { "mx.localhost", STREAM_V6, false, "::1" },
    { "written.example.test", STREAM_ANY, false, "2001:db8::9 192.0.2.9 192.0.2.10" },
    { "written.example.test", STREAM_V6, true, "2001:db8::9" },
    { "other.example.test", STREAM_ANY, false, "this machine names no name server to ask" },
    { "mx.invalid", STREAM_ANY, false, "no host has a name that ends with .invalid" },
    { "Invalid.", STREAM_ANY, true, "no host has a name that ends with .invalid" },
    { "asked.example.test", STREAM_V4, true, "192.0.2.1" },
    { "no.example.test", STREAM_V4, true, "the name servers know no such name" },
    { "empty.example.test", STREAM_V4, true, "the name servers gave no address for it" },
};

Test(resolve, finds_names_where_they_are_written)
{
    for (size_t i = 0; i < ROWS(lookups); i++) {
        struct names n;

        names_start(&n, lookups[i].server);
        resolve_start(loop_resolver(n.loop), lookups[i].host, lookups[i].family, found, &n);
        cr_expect_not(n.done, "never from inside the call");
        cr_expect(TURN_UNTIL(n.loop, n.done), "%s", lookups[i].host);
        cr_expect_str_eq(buf_text(&n.found), lookups[i].found, "%s: %s", lookups[i].host,
                         buf_text(&n.found));
        names_end(&n);
    }
}

Test(resolve, a_label_too_long_for_any_server_is_not_found)
{
    struct names n;
    char host[101];

    memset(host, 'x', 100);
    host[100] = '\0';
    names_start(&n, true);
    resolve_start(loop_resolver(n.loop), host, STREAM_ANY, found, &n);
    cr_expect(TURN_UNTIL(n.loop, n.done));
    cr_expect_gt(n.found.len, 0);
    names_end(&n);
}

Test(resolve, can_be_cancelled_at_any_moment)
{
    struct names n;

    names_start(&n, true);
    n.silent = true;
    resolve_cancel(resolve_start(loop_resolver(n.loop), "localhost", STREAM_ANY, found, &n));
    resolve_cancel(resolve_start(loop_resolver(n.loop), "mx.example.test", STREAM_ANY, found, &n));
    struct lookup *u =
        resolve_start(loop_resolver(n.loop), "mx2.example.test", STREAM_ANY, found, &n);
    cr_expect(TURN_UNTIL(n.loop, n.asked > 0));
    resolve_cancel(u);
    loop_poll(n.loop);
    cr_expect_not(n.done);
    names_end(&n);
}

struct told {
    char text[300];
    bool over;
};

static void told_event(void *ctx, enum stream_event e, const char *detail)
{
    struct told *t = ctx;

    snprintf(t->text, sizeof(t->text), "%d %s", (int)e, detail);
    t->over = e == STREAM_NOT_FOUND;
}

Test(resolve, a_silent_name_server_costs_no_more_than_the_time_allowed)
{
    struct names n;
    struct told t = { .over = false };
    struct stream_hooks hooks = { NULL, told_event, &t };
    struct stream_target target = { .host = "mx.example.test", .port = 25, .timeout = 50000 };
    struct stream *s;

    names_start(&n, true);
    n.silent = true;
    s = stream_connect(n.loop, &target, &hooks);
    cr_expect(TURN_UNTIL(n.loop, t.over));
    cr_expect(strstr(t.text, "in time"), "%s", t.text);
    cr_expect_gt(n.asked, 0);
    stream_free(s);
    names_end(&n);
}
