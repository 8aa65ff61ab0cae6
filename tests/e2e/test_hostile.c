/* Hostile servers, met through pipes: shown as marks, bounded in memory, left with a status. */
#include <sys/resource.h>

#include "support/run.h"
#include "support/table.h"

/* The longest line here, held once as a chunk, and as much again for growth and the program. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SANITIZED)
#define MEMORY_KILOBYTES (1024L * 1024) /* it keeps what was freed for a while */
#else
#define MEMORY_KILOBYTES (256L * 1024)
#endif

struct attack {
    const char *name;
    const char *octets; /* sent again and again */
    size_t len, times;
    const char *end; /* and then this */
    bool reset;      /* broken off, not closed */
    const char *shown;
};

#define A(text) text, sizeof(text) - 1
static const struct attack attacks[] = {
    { "NULs", A("\0\0\0\0\0\0\0\0"), 1000000, "\r\n", false, "<NUL>" },
    { "OSC", A("\x1b]0;evil\x07"), 200000, "\r\n", false, "<ESC>]0;evil<BEL>" },
    { "DCS", A("\x1bPevil\x1b\\"), 1, "\r\n", false, "<ESC>Pevil<ESC>\\" },
    { "APC", A("\x1b_evil\x1b\\"), 1, "\r\n", false, "<ESC>_evil<ESC>\\" },
    { "bidi", A("220 \xe2\x80\xae"), 1, "\r\n", false, "<U+202E>" },
    { "zero width", A("220 \xe2\x80\x8b"), 1, "\r\n", false, "<U+200B>" },
    { "a line without end", A("22000000000000000000"), 5000000, "", false, "closed" },
    { "a line with an end", A("220 xxxxxxxxxxxxxxxx"), 5000000, "\r\n", false, "closed" },
    { "closed in a letter", A("220-hel\xe6\xbc"), 1, "", false, "hel<0xE6><0xBC>" },
};

static void put(int fd, const char *octets, size_t len)
{
    while (len) {
        ssize_t n = write(fd, octets, len);

        if (n <= 0)
            _exit(0);
        octets += n;
        len -= (size_t)n;
    }
}

static void serve(int listening, const struct attack *a)
{
    struct linger hard = { .l_onoff = 1 };
    struct buf block = { 0 };
    char from_client[512];
    int fd = accept(listening, NULL, NULL);
    size_t each = a->times < 1000 ? a->times : 1000;

    for (size_t i = 0; i < each; i++)
        buf_add(&block, span_make(a->octets, a->len));
    for (size_t i = 0; i < a->times; i += each)
        put(fd, buf_text(&block), block.len);
    put(fd, a->end, strlen(a->end));
    if (a->reset)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    else
        shutdown(fd, SHUT_WR);
    while (!a->reset && read(fd, from_client, sizeof from_client) > 0)
        continue;
    close(fd);
    _exit(0);
}

static struct tiny attack_start(const struct attack *a)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct tiny t;

    cr_assert(bind(listening, (struct sockaddr *)&at, len) == 0 && listen(listening, 1) == 0 &&
              getsockname(listening, (struct sockaddr *)&at, &len) == 0);
    snprintf(t.place, sizeof t.place, "127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
    t.pid = fork();
    cr_assert(t.pid >= 0);
    if (t.pid == 0) {
        signal(SIGPIPE, SIG_IGN);
        alarm(RUN_MILLISECONDS / 1000);
        serve(listening, a);
    }
    close(listening);
    return t;
}

Test(hostile, servers_are_shown_in_marks_and_left_with_status_5)
{
    for (size_t i = 0; i < ROWS(attacks); i++) {
        const struct attack *a = &attacks[i];
        struct tiny t = attack_start(a);
        struct ran r = RUN("HELO a.example\nQUIT\n", "--plain", t.place);

        cr_expect_eq(r.status, 5, "%s: %d %s", a->name, r.status, buf_text(&r.err));
        cr_expect(has(&r.out, a->shown), "%s", a->name);
        for (size_t k = 0; k < r.out.len; k++)
            cr_assert(r.out.at[k] == '\n' || (r.out.at[k] >= 0x20 && r.out.at[k] != 0x7f),
                      "%s: octet %zu is raw", a->name, k);
        tiny_end(&t);
        ran_release(&r);
    }
}

#ifdef __linux__ /* ru_maxrss in KiB */
Test(hostile, line_of_100_megabytes_is_bounded_in_memory)
{
    struct tiny t = attack_start(&attacks[6]);
    struct ran r = RUN("HELO a.example\n", "--plain", t.place);
    struct rusage used;

    cr_expect_eq(r.status, 5, "%d", r.status);
    cr_assert(getrusage(RUSAGE_CHILDREN, &used) == 0);
    cr_expect_leq(used.ru_maxrss, MEMORY_KILOBYTES, "%ld KiB", used.ru_maxrss);
    tiny_end(&t);
    ran_release(&r);
}
#endif
