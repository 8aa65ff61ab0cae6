/*
 * `serve` under siege: crowds, clients that stop in the middle, lines and headers without end, a
 * hundred thousand recipients. Others are served meanwhile, limits hold, memory keeps to its bound.
 */
#include "support/attack.h"
#include "support/table.h"

/* A sanitizer keeps what was freed for a while. */
#ifdef SANITIZED
#define MEMORY_KILOBYTES (1024L * 1024)
#else
#define MEMORY_KILOBYTES (64L * 1024)
#endif

#define HELLO "EHLO crepes.example\r\nMAIL FROM:<alice@crepes.example>\r\n"
#define TO    "RCPT TO:<bob@hamburger.example>\r\n"
#define REST  "Subject: x\r\n\r\nHi.\r\n.\r\nQUIT\r\n"

static void expect_served(struct served *s)
{
    int fd = served_connect(s->place);
    struct buf said = served_talk(fd, HELLO TO "DATA\r\n", "354 ");

    buf_release(&said);
    said = served_talk(fd, REST, NULL);
    cr_expect(has(&said, "250 2.0.0") && has(&said, "221 "), "%s", buf_text(&said));
    buf_release(&said);
    close(fd);
}

static void expect_end(struct served *s)
{
    struct ran r = served_end(s);

    cr_expect_eq(r.status, 0, "%d: %s", r.status, buf_text(&r.err));
    ran_release(&r);
    cr_expect_leq(hostile_peak(), MEMORY_KILOBYTES, "%ld KiB", hostile_peak());
}

#define CROWD 200

static void connect_crowd(const struct served *s, int *fds)
{
    for (size_t i = 0; i < CROWD; i++)
        fds[i] = served_connect(s->place);
}

/* How many were greeted; the others heard 421 and the server's end. */
static size_t count_greeted(const int *fds)
{
    size_t greeted = 0;

    for (size_t i = 0; i < CROWD; i++) {
        struct buf said = served_talk(fds[i], "", "\n");
        bool in = span_starts(buf_span(&said), SPAN("220 "));

        greeted += in;
        cr_expect(in || span_starts(buf_span(&said), SPAN("421 ")), "%s", buf_text(&said));
        buf_release(&said);
    }
    return greeted;
}

static void close_crowd(const int *fds)
{
    for (size_t i = 0; i < CROWD; i++)
        close(fds[i]);
}

Test(besieged, floods_are_let_in_up_to_the_limit_and_turned_away_beyond)
{
    static const char *const limits[] = { "--max-clients=20", "--max-clients-per-host=20" };

    for (size_t i = 0; i < ROWS(limits); i++) {
        struct served s = SERVED("--log=text", "--store=none", limits[i]);
        int fds[CROWD];

        connect_crowd(&s, fds);
        cr_expect_eq(count_greeted(fds), 20, "%s", limits[i]);
        close_crowd(fds);
        while (attack_count(buf_span(&s.log), " s, ") < 20)
            served_read(&s);
        expect_served(&s);
        expect_end(&s);
    }
}

Test(besieged, limit_of_one_address_leaves_room_for_others)
{
    struct served s = SERVED("--log=text", "--listen=[::1]:0", "--max-clients-per-host=20");
    struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    const char *v6 = strstr(buf_text(&s.log), "[::1]:");
    int fds[CROWD], fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct buf said;

    cr_assert(v6, "%s", buf_text(&s.log));
    at.sin6_port = htons((uint16_t)strtoul(v6 + 6, NULL, 10));
    connect_crowd(&s, fds);
    cr_expect_eq(count_greeted(fds), 20);
    cr_assert_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    said = served_talk(fd, "QUIT\r\n", NULL);
    cr_expect(has(&said, "220 ") && has(&said, "221 "), "%s", buf_text(&said));
    buf_release(&said);
    close(fd);
    close_crowd(fds);
    expect_end(&s);
}

/* Each stops in the middle of something else, and stays. */
Test(besieged, clients_that_stop_in_the_middle_hold_nobody_up)
{
    static const char *const beginnings[] = { "",
                                              "EHL",
                                              "EHLO crepes.example\r",
                                              HELLO,
                                              HELLO TO "DATA\r\n",
                                              HELLO TO "DATA\r\nSubject: x\r\n\r\nHi.\r\n.",
                                              HELLO TO "BDAT 1000 LAST\r\nabc",
                                              "STARTTLS\r\n",
                                              "EHLO x.example\r\nSTARTTLS\r\n\x16\x03\x01\x02" };
    struct served s = SERVED("--log=text", "--store=memory");
    int fds[CROWD];

    connect_crowd(&s, fds);
    for (size_t i = 0; i < CROWD; i++) {
        const char *text = beginnings[i % ROWS(beginnings)];

        cr_assert_eq(write(fds[i], text, strlen(text)), (ssize_t)strlen(text));
        if (i % 2)
            shutdown(fds[i], SHUT_WR);
    }
    expect_served(&s);
    close_crowd(fds);
    cr_expect_eq(attack_stored(&s, CROWD + 1), 1, "%s", buf_text(&s.log));
    expect_end(&s);
}

Test(besieged, client_of_one_octet_at_a_time_is_served)
{
    static const char all[] = HELLO TO "DATA\r\n" REST;
    struct served s = SERVED("--log=text");
    int fd = served_connect(s.place), one = 1;
    struct buf said;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (size_t i = 0; i < sizeof all - 1; i++)
        cr_assert_eq(write(fd, all + i, 1), 1);
    said = served_talk(fd, "", NULL);
    cr_expect(has(&said, "221 "), "%s", buf_text(&said));
    buf_release(&said);
    close(fd);
    cr_expect_eq(attack_stored(&s, 1), 1);
    expect_end(&s);
}

static const struct endless {
    const char *name;
    const char *arg; /* of serve */
    const char *first, *again;
    size_t len, times; /* of `again` */
    const char *last;
    const char *said; /* and the session goes on to its end, or is ended with 421 */
    size_t lines;     /* it says at least so many */
} endless[] = {
    { "a hundred thousand recipients", "--store=none", HELLO, A(TO), 100000, "DATA\r\n" REST,
      "452 4.5.3", 100000 },
    { "a hundred thousand recipients of another domain", "--domain=hamburger.example", HELLO,
      A("RCPT TO:<a@b.example>\r\n"), 100000, "QUIT\r\n", "550 5.7.1", 0 },
    { "a command without end", NULL, "EHLO x.example\r\nNOOP ", A("0123456789abcdef"), 1000000,
      "\r\nQUIT\r\n", "500 ", 0 },
    { "a command without end that is none", NULL, "", A("\0\xff\x80{}\r\r\x1b"), 1000000,
      "\r\nQUIT\r\n", "500 ", 0 },
    { "a header without end", "--size-limit=10M", HELLO TO "DATA\r\n",
      A("X-Endless: 0123456789abcdef\r\n"), 1000000, "\r\n.\r\nQUIT\r\n", "552 5.3.4", 0 },
    { "a line of a header without end", "--size-limit=10M", HELLO TO "DATA\r\n",
      A("X-Endless-0123456789abcdef"), 1000000, "\r\n\r\n.\r\nQUIT\r\n", "552 5.3.4", 0 },
    { "a million empty commands", NULL, "", A("\r\n"), 1000000, "QUIT\r\n", "500 ", 0 },
    { "a million NOOPs", NULL, "", A("NOOP\r\n"), 1000000, "QUIT\r\n", "250 ", 1000000 },
    { "ten thousand letters of nothing", "--store=memory", HELLO "RSET\r\n",
      A("MAIL FROM:<>\r\n" TO "BDAT 0 LAST\r\n"), 10000, "QUIT\r\n", "250 2.0.0", 30000 },
};

TABLE_TEST(besieged, server_bears, endless)
{
    const struct endless *e = &endless[*number];
    struct served s = SERVED("--log=none", e->arg);
    struct attack a = { span_of(e->first), span_make(e->again, e->len), e->times, span_of(e->last),
                        false };
    struct attack_heard heard = attack_run(&s, served_connect(s.place), &a);

    cr_expect(has(&heard.said, e->said), "%s: %.300s", e->name, buf_text(&heard.said));
    cr_expect_geq(heard.lines, e->lines, "%s: %zu", e->name, heard.lines);
    buf_release(&heard.said);
    expect_served(&s);
    expect_end(&s);
}
