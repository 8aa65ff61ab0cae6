/* Strange peers, strange terminals, strange keys: the screen stays readable and in hand. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/lab.h"
#include "support/run.h"
#include "tui/keytable.h"

/* A server of the test's own. */
struct peer {
    int listener, fd;
    char port[16];
};

static void peer_listen(struct peer *p)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;

    p->listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(p->listener, (struct sockaddr *)&at, len) == 0 && listen(p->listener, 1) == 0 &&
              getsockname(p->listener, (struct sockaddr *)&at, &len) == 0);
    snprintf(p->port, sizeof p->port, "%u", (unsigned)ntohs(at.sin_port));
}

static struct terminal *peer_talk(struct peer *p, const struct lab *more)
{
    struct lab lab = *more;
    struct terminal *t;

    peer_listen(p);
    lab.args[0] = "127.0.0.1";
    lab.args[1] = p->port;
    t = lab_start(&lab);
    p->fd = accept(p->listener, NULL, NULL);
    cr_assert(p->fd >= 0);
    return t;
}

static void peer_say(const struct peer *p, const char *text)
{
    cr_assert_eq(write(p->fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void peer_close(struct peer *p)
{
    close(p->fd);
    close(p->listener);
}

Test(strange, server_that_closes_leaves_the_dialogue_in_sight)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ 0 });

    peer_say(&p, "220 mx.test ready\r\n");
    SHOWS(t, "mx.test ready");
    terminal_type(t, "HE");
    peer_close(&p);
    SHOWS(t, "no server> HE");
    SHOWS(t, "S: 220 mx.test ready");
    SHOWS(t, "NO CONNECTION");
    terminal_type(t, "\x03\x03\x03");
    cr_expect_neq(terminal_ends(t), -1);
    terminal_free(t);
}

Test(strange, server_that_breaks_off_is_named_so)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ 0 });
    struct linger hard = { .l_onoff = 1 };

    peer_say(&p, "220 mx.test ready\r\n");
    SHOWS(t, "mx.test ready");
    setsockopt(p.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    peer_close(&p);
    SHOWS(t, "no server>");
    SHOWS(t, "S: 220 mx.test ready");
    SHOWS(t, "broken off (reset)"); /* a close is told otherwise */
    terminal_free(t);
}

Test(strange, octets_of_a_server_never_reach_the_terminal)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ 0 });

    peer_say(&p, "220 mx\x1b[2J\x1b]0;title\a\xe2\x80\xae\xff end\r\n");
    SHOWS(t, "<ESC>[2J<ESC>]0;title<BEL><U+202E><0xFF> end");
    cr_expect_eq(span_search(terminal_output(t), SPAN("]0;title\a"), 0, false), SPAN_NOT_FOUND);
    peer_close(&p);
    terminal_free(t);
}

/* What a key may take to be seen, here with the machine busy and the test's own terminal slow. */
#if defined(__SANITIZE_ADDRESS__)
#define WAIT_MS 2000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WAIT_MS 2000
#endif
#endif
#ifndef WAIT_MS
#define WAIT_MS 1000
#endif

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

Test(strange, flood_does_not_keep_the_keyboard_waiting)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ 0 });
    pid_t writer = fork();

    if (writer == 0) {
        static char lines[64 * 1024];

        for (size_t i = 0; i + 16 <= sizeof lines; i += 16)
            memcpy(lines + i, "250-more to say\n", 16);
        while (write(p.fd, lines, sizeof lines) > 0)
            ;
        _exit(0);
    }
    SHOWS(t, "more to say");
    for (unsigned i = 0; i < 20; i++) {
        int64_t start = now_ms(), took;

        TYPE(t, "typed", "typed");
        terminal_type(t, "\x15");
        HIDES(t, "typed");
        took = now_ms() - start;
        cr_expect_leq(took, 2 * WAIT_MS, "two keys: %lld ms", (long long)took);
    }
    terminal_type(t, "\x03");
    SHOWS(t, "again leaves");
    terminal_type(t, "\x03");
    cr_expect_neq(terminal_ends(t), -1);
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    peer_close(&p);
    terminal_free(t);
}

Test(strange, server_that_stays_silent_can_be_left)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ 0 });

    SHOWS(t, "connected to 127.0.0.1");
    SHOWS(t, "the server speaks first: 2 s");
    TYPE(t, "EHLO me\r", "C: EHLO me");
    terminal_type(t, "\x03\x03");
    cr_expect_neq(terminal_ends(t), -1);
    peer_close(&p);
    terminal_free(t);
}

/* Reads what the client sent, until it ends with the line. */
static void peer_hears(const struct peer *p, const char *line)
{
    char got[512];
    size_t len = 0;

    do {
        ssize_t n = 0;

        if (len < sizeof got - 1 && poll(&(struct pollfd){ p->fd, POLLIN, 0 }, 1, 20000) > 0)
            n = read(p->fd, got + len, sizeof got - 1 - len);
        got[len + (size_t)(n > 0 ? n : 0)] = '\0';
        cr_assert(n > 0, "no %s, only: %s", line, got);
        len += (size_t)n;
    } while (!strstr(got, line));
}

Test(strange, secret_typed_before_it_is_asked_for_is_one)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ 0 });

    peer_say(&p, "220 mx.test ready\r\n");
    TYPE(t, "EHLO me\r", "C: EHLO me");
    peer_hears(&p, "EHLO me\r\n");
    peer_say(&p, "250-mx.test\r\n250 AUTH LOGIN\r\n");
    SHOWS(t, "250 AUTH LOGIN");
    TYPE(t, "AUTH LOGIN\r", "C: AUTH LOGIN");
    peer_hears(&p, "AUTH LOGIN\r\n");
    TYPE(t, "dXNlcg==", "C: dXNlcg==");
    peer_say(&p, "334 VXNlcm5hbWU6\r\n");
    SHOWS(t, "(password)");
    HIDES(t, "dXNlcg==");
    terminal_type(t, "\r");
    peer_hears(&p, "dXNlcg==\r\n");
    peer_say(&p, "535 5.7.8 no\r\n");
    SHOWS(t, "535 5.7.8 no");
    terminal_type(t, "NOOP\r");
    peer_hears(&p, "NOOP\r\n");
    terminal_type(t, "\x1b[A\x1b[A");
    SHOWS(t, "C: AUTH LOGIN");
    cr_expect_null(strstr(terminal_text(t), "dXNlcg"), "%s", terminal_text(t));
    peer_close(&p);
    terminal_free(t);
}

/* Is there an SGR sequence that sets a colour? */
static bool sets_colour(struct span output)
{
    for (size_t i = 0; i + 1 < output.len; i++) {
        unsigned n = 0;

        if (output.at[i] != 0x1b || output.at[i + 1] != '[')
            continue;
        for (size_t k = i + 2; k < output.len; k++) {
            unsigned char c = output.at[k];

            if (ascii_is_digit(c)) {
                n = n * 10 + (unsigned)(c - '0');
                continue;
            }
            if ((c == 'm' || c == ';') && ((n >= 30 && n <= 49) || (n >= 90 && n <= 107)))
                return true;
            n = 0;
            if (c != ';')
                break;
        }
    }
    return false;
}

static void talk_a_little(struct terminal *t)
{
    TYPE(t, "HELO crepes.fr\r", "pleased");
    TYPE(t, "MAIL\r", "501");
    TYPE(t,
         "\x1b"
         "4",
         "the ladder");
    terminal_type(t, "\x1b");
    HIDES(t, "the ladder");
}

Test(strange, wish_for_no_colour_is_obeyed)
{
    static const struct lab labs[] = {
        { .env = { "NO_COLOR=1" } },
        { .args = { "--no-color" } },
        { .env = { "TERM=vt100" } },
    };
    struct terminal *t = lab_open(&(struct lab){ 0 });

    cr_expect(sets_colour(terminal_output(t)), "the test sees colours");
    terminal_free(t);
    for (size_t i = 0; i < sizeof labs / sizeof labs[0]; i++) {
        t = lab_open(&labs[i]);
        talk_a_little(t);
        cr_expect_not(sets_colour(terminal_output(t)), "case %zu", i);
        terminal_free(t);
    }
}

static void expect_ascii(struct terminal *t)
{
    struct span output = terminal_output(t);

    for (size_t i = 0; i < output.len; i++)
        cr_assert(output.at[i] < 0x80, "octet %zu is %02x", i, output.at[i]);
}

/* Up to the very end: what is printed after the screen is gone, too. */
Test(strange, wish_for_ascii_is_obeyed)
{
    struct terminal *t = lab_open(&(struct lab){ .args = { "--ascii" } });

    talk_a_little(t);
    TYPE(t, "\xe6\xbc\xa2!", "C: ?\?!");
    TYPE(t, "\x15/f\xc3\xbcnd\r", "There is no command");
    TYPE(t, "NOOP \xc3\xbc\r", "250");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    expect_ascii(t);
    terminal_free(t);
}

Test(strange, wish_for_ascii_is_obeyed_with_any_server)
{
    struct peer p;
    struct terminal *t = peer_talk(&p, &(struct lab){ .args = { NULL, NULL, "--ascii" } });

    peer_say(&p, "220 caf\xc3\xa9.test \xff ready\r\n");
    SHOWS(t, "220 caf");
    TYPE(t, "EHLO me\r", "C: EHLO me");
    peer_say(&p, "250-caf\xc3\xa9\r\n250 SMTPUTF8\r\n");
    SHOWS(t, "250 SMTPUTF8");
    peer_close(&p);
    SHOWS(t, "no server>");
    terminal_type(t, "/quit\r");
    cr_expect_neq(terminal_ends(t), -1);
    expect_ascii(t);
    terminal_free(t);
}

Test(strange, locales_and_terminals_are_borne)
{
    static const struct lab labs[] = {
        { .env = { "LC_ALL=C" } },
        { .env = { "LC_ALL=xx_XX.UTF-8" } },
        { .env = { "LC_ALL" } },
        { .env = { "TERM=linux" } },
        { .env = { "TERM=screen-256color" } },
        { .env = { "HOME" } },
        { .env = { "HOME=/dev/null/home" } },
    };

    for (size_t i = 0; i < sizeof labs / sizeof labs[0]; i++) {
        struct terminal *t = lab_open(&labs[i]);

        TYPE(t, "caf\xc3\xa9", "C: caf\xc3\xa9");
        terminal_free(t);
    }
}

static void run_quietly(const char *const *argv)
{
    pid_t pid = fork();

    cr_assert(pid >= 0);
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY), 2);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static bool make_locale(const char *folder)
{
    char path[96];

    snprintf(path, sizeof path, "%s/xx_XX", folder);
    run_quietly((const char *const[]){ "localedef", "--no-archive", "-i", "en_US", "-f",
                                       "ISO-8859-1", path, NULL });
    return access(path, F_OK) == 0;
}

/* No such locale need be installed: the test makes one, where the system has the parts. */
Test(strange, locale_without_unicode_is_given_ascii_alone)
{
    static const char *const modes[] = { NULL, "--plain" };
    char *folder = run_folder(), path[96];

    snprintf(path, sizeof path, "LOCPATH=%s", folder);
    if (!make_locale(folder))
        cr_skip_test("localedef cannot make one here");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct terminal *t =
            lab_start(&(struct lab){ .args = { modes[i] }, .env = { path, "LC_ALL=xx_XX" } });

        SHOWS(t, "S: 220");
        TYPE(t, "HELO crepes.fr\r", "pleased");
        TYPE(t, "/quit\r", "C: HELO crepes.fr");
        cr_expect_eq(terminal_ends(t), 0);
        expect_ascii(t);
        terminal_free(t);
    }
    run_quietly((const char *const[]){ "rm", "-r", folder, NULL });
}

/* What a terminal sends for a key of the table. */
static void add_octets(const struct key *key, struct buf *out)
{
    static const char *const function[] = { "P", "Q", "R", "S" };
    static const unsigned tilde[] = { 15, 17, 18, 19, 20, 21, 23, 24 };
    unsigned mods = 1 + key->mods;
    unsigned char octets[8];

    if (key->code >= K_F1 && key->code <= K_F4)
        buf_printf(out, "\x1b[1;%u%s", mods, function[key->code - K_F1]);
    else if (key->code >= K_F5 && key->code <= K_F12)
        buf_printf(out, "\x1b[%u;%u~", tilde[key->code - K_F5], mods);
    else if (key->code == K_UP || key->code == K_DOWN)
        buf_printf(out, "\x1b[1;%u%c", mods, key->code == K_UP ? 'A' : 'B');
    else if (key->code == K_HOME || key->code == K_END)
        buf_printf(out, "\x1b[1;%u%c", mods, key->code == K_HOME ? 'H' : 'F');
    else if (key->code == K_PAGE_UP || key->code == K_PAGE_DOWN)
        buf_printf(out, "\x1b[%u~", key->code == K_PAGE_UP ? 5 : 6);
    else if (key->code == K_TAB && key->mods)
        buf_add_text(out, "\x1b[Z");
    else if (key->code == K_WHEEL_UP || key->code == K_WHEEL_DOWN || key->code == K_CLICK)
        buf_printf(out, "\x1b[<%u;5;5M",
                   key->code == K_CLICK      ? 0
                   : key->code == K_WHEEL_UP ? 64
                                             : 65);
    else if (key->code != K_ESC)
        buf_add(out, span_make(octets, key_for_editor(key, octets)));
}

Test(strange, keys_of_the_help_all_leave_the_prompt_usable)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    for (size_t i = 0; i < key_row_count; i++)
        for (unsigned b = 0; b < KEY_BINDINGS && key_rows[i].keys[b].code != K_NONE; b++) {
            struct buf octets = { 0 }, name = { 0 };

            key_name(&key_rows[i].keys[b], &name);
            add_octets(&key_rows[i].keys[b], &octets);
            terminal_type(t, buf_text(&octets));
            /* Closes, stops or clears, or opens the menu, which a letter closes. */
            if (key_rows[i].request != REQ_CANCEL && key_rows[i].request != REQ_QUOTE)
                terminal_type(t, "\x03");
            terminal_type(t, "xyz");
            cr_assert(terminal_shows(t, "C: xyz"), "%s\n%s", buf_text(&name), terminal_text(t));
            terminal_type(t, "\x15");
            cr_assert(terminal_hides(t, "xyz"), "%s\n%s", buf_text(&name), terminal_text(t));
            buf_release(&octets);
            buf_release(&name);
        }
    terminal_free(t);
}
