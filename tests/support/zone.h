/*
 * A name server of the test's own, on loopback, that knows the MX records of a table and nothing
 * else; and a hosts file for the addresses. For one loop.
 */
#ifndef TESTS_ZONE_H
#define TESTS_ZONE_H
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/address.h"
#include "net/loop.h"
#include "support/table.h"

/* "crepes.fr" has "10 mx1.crepes.fr, 20 mx2.crepes.fr", or "" none, or "0 ." the null MX. */
struct zone_row {
    const char *domain, *mx;
};

struct zone {
    const struct zone_row *rows;
    size_t count;
    int server;
    struct watch *watch;
    char folder[64], resolv_conf[96], hosts[96];
    unsigned asked;
    bool silent;
};

#define ZONE_TYPE_MX 15

static inline void zone_add_name(struct buf *out, const char *name)
{
    struct span rest = span_of(name);

    while (rest.len && name[0] != '.') {
        struct span label = span_cut(rest, '.', &rest);

        buf_add_octet(out, (unsigned char)label.len);
        buf_add(out, label);
    }
    buf_add_octet(out, 0);
}

/* Appends the records, and returns how many there are. */
static inline unsigned zone_add_records(struct buf *out, const char *mx)
{
    struct span rest = span_of(mx);
    unsigned count = 0;

    while (rest.len) {
        struct span host, number = span_cut(span_trim(span_cut(rest, ',', &rest)), ' ', &host);
        char name[256];
        struct buf data = { 0 };
        uint64_t preference = 0;

        cr_assert(span_number(number, &preference));
        snprintf(name, sizeof name, "%.*s", (int)host.len, host.at);
        zone_add_name(&data, name);
        buf_add(out, span_make("\xc0\x0c\0\x0f\0\1\0\0\0\x3c\0", 11));
        buf_add_octet(out, (unsigned char)(data.len + 2));
        buf_add_octet(out, (unsigned char)(preference >> 8));
        buf_add_octet(out, (unsigned char)preference);
        buf_add(out, buf_span(&data));
        buf_release(&data);
        count++;
    }
    return count;
}

/* The name that is asked for, and the length of the whole question. */
static inline size_t zone_question(const unsigned char *packet, size_t len, char name[256])
{
    size_t at = 12, used = 0;

    while (at < len && packet[at]) {
        used += (size_t)snprintf(name + used, 256 - used, "%s%.*s", used ? "." : "", packet[at],
                                 (const char *)packet + at + 1);
        at += packet[at] + 1u;
    }
    return at + 5;
}

static inline void zone_serve(void *ctx)
{
    struct zone *z = ctx;
    unsigned char packet[512];
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    ssize_t got =
        recvfrom(z->server, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_len);
    const char *mx = NULL;
    struct buf answer = { 0 };
    char name[256] = "";
    size_t end;

    z->asked++;
    if (z->silent || got < 17)
        return;
    end = zone_question(packet, (size_t)got, name);
    for (size_t i = 0; i < z->count; i++)
        if (strcasecmp(z->rows[i].domain, name) == 0)
            mx = z->rows[i].mx;
    packet[2] |= 0x84;
    packet[3] = mx ? 0x80 : 0x83;
    memset(packet + 6, 0, 6);
    buf_add(&answer, span_make(packet, end));
    if (mx && packet[end - 3] == ZONE_TYPE_MX)
        answer.at[7] = (unsigned char)zone_add_records(&answer, mx);
    sendto(z->server, answer.at, answer.len, 0, (struct sockaddr *)&from, from_len);
    buf_release(&answer);
}

static inline void zone_write(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

/* The loop asks it from now on. `hosts`: lines of a hosts file. */
static inline void zone_start(struct zone *z, struct loop *l, const struct zone_row *rows,
                              size_t count, const char *hosts)
{
    struct address a;
    char at[ADDRESS_TEXT_MAX], line[ADDRESS_TEXT_MAX + 16];

    *z = (struct zone){ .rows = rows, .count = count };
    snprintf(z->folder, sizeof z->folder, "/tmp/smtpscope-zone-XXXXXX");
    cr_assert_not_null(mkdtemp(z->folder));
    snprintf(z->resolv_conf, sizeof z->resolv_conf, "%s/resolv.conf", z->folder);
    snprintf(z->hosts, sizeof z->hosts, "%s/hosts", z->folder);
    cr_assert(address_numeric("127.0.0.1", 0, &a));
    z->server = socket(AF_INET, SOCK_DGRAM, 0);
    cr_assert_eq(bind(z->server, (struct sockaddr *)&a.at, a.len), 0);
    cr_assert(address_local(z->server, &a));
    address_port_text(&a, at);
    snprintf(line, sizeof line, "nameserver %s\n", at);
    zone_write(z->resolv_conf, line);
    zone_write(z->hosts, hosts);
    z->watch = loop_watch_read(l, z->server, LOOP_NETWORK, zone_serve, z);
    loop_name_files(l, z->resolv_conf, z->hosts);
}

/* Before the loop goes. */
static inline void zone_end(struct zone *z)
{
    watch_free(z->watch);
    close(z->server);
    unlink(z->resolv_conf);
    unlink(z->hosts);
    rmdir(z->folder);
}

#endif
