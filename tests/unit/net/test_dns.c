/* MX records: messages as tables, and queries to a name server of the test's own. */
#include "net/dns.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "net/address.h"
#include "support/table.h"
#include "support/turn.h"

/* A header with `code` and counts, one question for a.fr, and what `answers` holds. */
#define HEAD(code, answers)    "\x12\x34\x81" code "\0\1\0" answers "\0\0\0\0"
#define QUESTION               "\1a\2fr\0\0\x0f\0\1"
#define MX_TO(pref, name, len) "\xc0\x0c\0\x0f\0\1\0\0\0\x3c\0" len "\0" pref name
#define PACKET(text)                                                                               \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct {
    const char *at;
    size_t len;
    enum dns_result result;
    const char *records; /* "10 mx.a.fr, 20 b.fr" */
} messages[] = {
    { HEAD("\x80", "\1") QUESTION MX_TO("\x0a", "\2mx\xc0\x0c", "\7"), 12 + 10 + 12 + 7, DNS_FOUND,
      "10 mx.a.fr" },
    { HEAD("\x80", "\2") QUESTION MX_TO("\x14", "\1b\2fr\0", "\x08")
          MX_TO("\x0a", "\2mx\xc0\x0c", "\7"),
      12 + 10 + 12 + 8 + 12 + 7, DNS_FOUND, "20 b.fr, 10 mx.a.fr" },
    { HEAD("\x80", "\1") QUESTION MX_TO("\0", "\0", "\3"), 12 + 10 + 12 + 3, DNS_FOUND, "0 " },
    { HEAD("\x80", "\0") QUESTION, 12 + 10, DNS_NONE, "" },
    { HEAD("\x83", "\0") QUESTION, 12 + 10, DNS_NO_NAME, "" },
    { HEAD("\x82", "\0") QUESTION, 12 + 10, DNS_FAILED, "" },
    { HEAD("\x85", "\0") QUESTION, 12 + 10, DNS_FAILED, "" },
    { HEAD("\x84", "\0") QUESTION, 12 + 10, DNS_FAILED, "" },
    /* an alias before it, and a record of another type */
    { HEAD("\x80", "\2") QUESTION
      "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x0c" MX_TO("\x0a", "\2mx\xc0\x0c", "\7"),
      12 + 10 + 14 + 12 + 7, DNS_FOUND, "10 mx.a.fr" },
    /* a name that no host can have is passed over: a line feed, a dot in a label */
    { HEAD("\x80", "\1") QUESTION MX_TO("\x0a", "\2m\n\xc0\x0c", "\7"), 12 + 10 + 12 + 7, DNS_NONE,
      "" },
    { HEAD("\x80", "\1") QUESTION MX_TO("\x0a", "\2m.\xc0\x0c", "\7"), 12 + 10 + 12 + 7, DNS_NONE,
      "" },
    /* a pointer to itself */
    { HEAD("\x80", "\1") QUESTION MX_TO("\x0a", "\xc0\x24", "\4"), 12 + 10 + 12 + 4, DNS_NONE, "" },
    { "", 0, DNS_FAILED, "" },
};

static const char *spell(const struct dns_answer *a, struct buf *out)
{
    buf_clear(out);
    for (unsigned i = 0; i < a->count; i++)
        buf_printf(out, "%s%u %s", i ? ", " : "", a->at[i].preference, a->at[i].host);
    return buf_text(out);
}

Test(dns, reads_mx_records_out_of_messages)
{
    static struct dns_answer answer;
    struct buf text = { 0 };

    for (size_t i = 0; i < ROWS(messages); i++) {
        dns_read_mx((const unsigned char *)messages[i].at, messages[i].len, &answer);
        cr_expect_eq(answer.result, messages[i].result, "row %zu: %d", i, (int)answer.result);
        cr_expect_str_eq(spell(&answer, &text), messages[i].records, "row %zu: %s", i,
                         buf_text(&text));
        cr_expect_eq(answer.why != NULL, answer.result == DNS_FAILED, "row %zu", i);
    }
    buf_release(&text);
}

Test(dns, survives_messages_that_end_anywhere)
{
    static struct dns_answer answer;

    for (size_t i = 0; i < ROWS(messages); i++)
        for (size_t len = 0; len < messages[i].len; len++) {
            unsigned char *cut = malloc(len ? len : 1); /* so that a sanitizer sees its end */

            memcpy(cut, messages[i].at, len);
            dns_read_mx(cut, len, &answer);
            cr_expect(answer.result != DNS_FOUND, "row %zu to %zu", i, len);
            free(cut);
        }
}

Test(dns, takes_no_more_records_than_it_has_room_for)
{
    static struct dns_answer answer;
    struct buf packet = { 0 };

    buf_add(&packet, span_make(HEAD("\x80", "\x40") QUESTION, 12 + 10));
    for (int i = 0; i < 0x40; i++)
        buf_add(&packet, span_make(MX_TO("\x0a", "\2mx\xc0\x0c", "\7"), 12 + 7));
    dns_read_mx(packet.at, packet.len, &answer);
    cr_expect_eq(answer.result, DNS_FOUND);
    cr_expect_eq(answer.count, DNS_MX_MAX);
    buf_release(&packet);
}

/* A loop whose name server is the test's. */
struct names {
    struct loop *loop;
    char folder[64], resolv_conf[128];
    int server;
    struct watch *watch;
    unsigned asked;
    bool silent, done;
    struct dns_answer answer;
};

/* The question again, then what the first letter of the name asks for: n: no such name; e: no
 * records; r: refused; others: two records. */
static void serve(void *ctx)
{
    static const char records[] =
        MX_TO("\x14", "\1b\2fr\0", "\x08") MX_TO("\x0a", "\2mx\xc0\x0c", "\7");
    struct names *n = ctx;
    unsigned char packet[600];
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    ssize_t got = recvfrom(n->server, packet, 512, 0, (struct sockaddr *)&from, &from_len);
    size_t at = 12;
    int first;

    n->asked++;
    if (n->silent || got < 17)
        return;
    first = packet[13] | 32;
    while (at < (size_t)got && packet[at])
        at += packet[at] + 1u;
    at += 5;
    packet[2] |= 0x84;
    packet[3] = first == 'n' ? 0x83 : first == 'r' ? 0x85 : 0x80;
    memset(packet + 6, 0, 6);
    if (first != 'n' && first != 'e' && first != 'r') {
        packet[7] = 2;
        memcpy(packet + at, records, sizeof records - 1);
        at += sizeof records - 1;
    }
    sendto(n->server, packet, at, 0, (struct sockaddr *)&from, from_len);
}

static void names_start(struct names *n, bool server)
{
    struct address a;
    char at[ADDRESS_TEXT_MAX];
    FILE *f;

    memset(n, 0, sizeof *n);
    n->loop = loop_new(NULL);
    n->server = -1;
    snprintf(n->folder, sizeof n->folder, "/tmp/smtpscope-dns-XXXXXX");
    cr_assert_not_null(mkdtemp(n->folder));
    snprintf(n->resolv_conf, sizeof n->resolv_conf, "%s/resolv.conf", n->folder);
    loop_name_files(n->loop, n->resolv_conf, "/nonexistent");
    if (!server)
        return;
    cr_assert(address_numeric("127.0.0.1", 0, &a));
    n->server = socket(AF_INET, SOCK_DGRAM, 0);
    cr_assert_eq(bind(n->server, (struct sockaddr *)&a.at, a.len), 0);
    cr_assert(address_local(n->server, &a));
    address_port_text(&a, at);
    f = fopen(n->resolv_conf, "w");
    cr_assert_not_null(f);
    fprintf(f, "# of the test\noptions ndots:1\nnameserver\t%s  # this one\n", at);
    fclose(f);
    n->watch = loop_watch_read(n->loop, n->server, LOOP_NETWORK, serve, n);
}

static void names_end(struct names *n)
{
    watch_free(n->watch);
    if (n->server >= 0)
        close(n->server);
    loop_free(n->loop);
    unlink(n->resolv_conf);
    rmdir(n->folder);
}

static void done(void *ctx, const struct dns_answer *answer)
{
    struct names *n = ctx;

    n->answer = *answer;
    n->done = true;
}

static void ask(struct names *n, const char *domain)
{
    n->done = false;
    dns_mx(n->loop, domain, done, n);
    cr_expect_not(n->done, "told from inside the call");
    cr_assert(TURN_UNTIL(n->loop, n->done));
}

static const struct {
    const char *domain;
    enum dns_result result;
    const char *records;
} queries[] = {
    { "two.example.org", DNS_FOUND, "20 b.fr, 10 mx.two.example.org" },
    { "two.example.test", DNS_FOUND, "20 b.fr, 10 mx.two.example.test" },
    { "nobody.example.org", DNS_NO_NAME, "" },
    { "empty.example.org", DNS_NONE, "" },
    { "refused.example.org", DNS_FAILED, "" },

    { "a..b", DNS_FAILED, "" },
};

Test(dns, asks_the_name_servers_of_the_machine)
{
    static struct names n;
    struct buf text = { 0 };

    names_start(&n, true);
    for (size_t i = 0; i < ROWS(queries); i++) {

        ask(&n, queries[i].domain);
        cr_expect_eq(n.answer.result, queries[i].result, "%s: %d %s", queries[i].domain,
                     (int)n.answer.result, n.answer.why ? n.answer.why : "");
        spell(&n.answer, &text);
        for (unsigned k = 0; k < n.answer.count; k++)
            cr_expect_not_null(strstr(queries[i].records, n.answer.at[k].host), "%s",
                               buf_text(&text));
        cr_expect_eq(n.answer.secure, false);
    }
    cr_expect_gt(n.asked, 0);
    buf_release(&text);
    names_end(&n);
}

Test(dns, says_that_there_is_nobody_to_ask)
{
    static struct names n;

    names_start(&n, false);
    ask(&n, "example.org");
    cr_expect_eq(n.answer.result, DNS_FAILED);
    cr_expect_str_eq(n.answer.why, "this machine names no name server to ask");
    names_end(&n);
}

Test(dns, forgets_a_cancelled_question)
{
    static struct names n;
    struct dns_query *q;

    names_start(&n, true);
    n.silent = true;
    q = dns_mx(n.loop, "two.example.org", done, &n);
    cr_assert(TURN_UNTIL(n.loop, n.asked > 0));
    dns_cancel(q);
    dns_cancel(NULL);
    loop_poll(n.loop);
    cr_expect_not(n.done);
    names_end(&n);
}
