/* Where writes end: a peer that tells in each reply how many octets its reads brought. */
#include "support/run.h"

#include "support/table.h"

static void report(int peer, const char *sizes)
{
    char line[600];
    int len = snprintf(line, sizeof line, "250 reads:%s\r\n", sizes);

    cr_assert_eq(write(peer, line, (size_t)len), (ssize_t)len);
}

static void serve(int listening)
{
    int peer = accept(listening, NULL, NULL);
    char octets[2048], sizes[512] = "";
    ssize_t got;

    cr_assert_eq(write(peer, "220 hi\r\n", 8), 8);
    while ((got = read(peer, octets, sizeof octets)) > 0) {
        size_t used = strlen(sizes);

        snprintf(sizes + used, sizeof sizes - used, " %d", (int)got);
        if (octets[got - 1] != '\n')
            continue;
        report(peer, sizes);
        sizes[0] = '\0';
    }
    _exit(0);
}

static struct tiny start(void)
{
    struct tiny t = { 0 };
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 1) == 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    snprintf(t.place, sizeof t.place, "127.0.0.1:%u", ntohs(at.sin_port));
    t.pid = fork();
    cr_assert(t.pid >= 0);
    if (t.pid == 0) {
        alarm(RUN_MILLISECONDS / 1000); /* also when the test fails before it ends us */
        serve(fd);
    }
    close(fd);
    return t;
}

Test(segments, arrive_one_by_one_when_they_are_sent_so)
{
    struct tiny t = start();
    struct ran r = RUN("HELO a.example\n/slow 6 150\nHELO a.example\n/slow off\n"
                       "/raw \"NO\" \"OP\\r\\n\"\n/octets 4\n/close\n",
                       "--plain", t.place);

    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    cr_expect(has(&r.out, "S: 250 reads: 16\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "S: 250 reads: 6 6 4\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, " C: 2 octets at "), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, " C: 4 octets at "), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "4f 50 0d 0a"), "%s", buf_text(&r.out));
    tiny_end(&t);
    ran_release(&r);
}

Test(segments, of_early_talk_come_before_the_greeting_is_answered)
{
    struct tiny t = start();
    struct ran r = RUN("/early EHLO a.example\nQUIT\n", "--plain", t.place);

    cr_expect(has(&r.out, "C: EHLO a.example\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "S: 250 reads: 16\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "- to EHLO a.example\n"), "%s", buf_text(&r.out));
    tiny_end(&t);
    ran_release(&r);
}
