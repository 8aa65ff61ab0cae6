/*
 * The server's promise, with the server killed: a letter that was answered with 250 after its dot
 * is in the maildir, and the maildir holds whole letters only. The server is a process of its own,
 * several clients send to it over loopback as fast as they can, and SIGKILL ends it after a number
 * of events that a seed has chosen. What was in its sockets by then counts as answered.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "server/server.h"
#include "support/maildirs.h"
#include "support/table.h"

#define KILLS       50 /* of each seed */
#define CLIENTS     5
#define LETTERS_MAX 64 /* of one client in one life of the server */
#define EVENTS_MAX  80
#define STUCK_MS    30000

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16 & 0x7fff;
}

/* Which letter: of which life of the server, which client, and which of its own. */
struct number {
    unsigned life, client, letter;
};

/* The same number, the same letter; one in some is large. */
static void write_letter(struct buf *out, struct number n)
{
    unsigned seed = n.life * 7919 + n.client * 104729 + n.letter * 31;
    unsigned lines = next_random(&seed) % (next_random(&seed) % 16 ? 30 : 3000);

    buf_printf(out, "X-Number: %u.%u.%u\r\n\r\n", n.life, n.client, n.letter);
    for (unsigned i = 0; i < lines; i++)
        buf_printf(out, "line %u of a letter, and %x to make it this one's\r\n", i,
                   next_random(&seed));
    buf_printf(out, "this was %u.%u.%u\r\n", n.life, n.client, n.letter);
}

/* The server's process: says its port, and serves until it is killed. */
static void serve(const char *maildir, int port_to)
{
    struct error err = { "" };
    struct loop *l = loop_new(&err);
    struct store *s = store_maildir(l, maildir, &err);
    struct server_options o = { .loop = l, .policy = &policy_lab, .store = s };
    struct server_hooks none = { 0 };
    struct server *server = s ? server_new(&o, &none, &err) : NULL;
    unsigned port = server ? server_port(server) : 0;

    if (write(port_to, &port, sizeof port) != sizeof port)
        _exit(1);
    while (loop_once(l))
        ;
    _exit(1);
}

struct client {
    int fd;
    struct buf got;
    size_t read;      /* octets of it that were looked at */
    unsigned replies; /* so far */
    unsigned acknowledged;
};

static void say(struct client *c, struct span text)
{
    while (text.len) {
        ssize_t wrote = send(c->fd, text.at, text.len, MSG_NOSIGNAL);

        if (wrote <= 0)
            return; /* killed: what it answered is still read */
        text = span_from(text, (size_t)wrote);
    }
}

static void say_letter(struct client *c, struct number n)
{
    struct buf text = { 0 };

    write_letter(&text, n);
    buf_add_text(&text, ".\r\n");
    say(c, buf_span(&text));
    buf_release(&text);
}

/* Replies are: the greeting, HELO's, and then 250 250 354 250 for each letter. */
static void replied(struct client *c, struct number n, unsigned code, bool alive)
{
    unsigned step = c->replies++;

    if (step < 2) {
        cr_assert_eq(code, step ? 250u : 220u);
    } else {
        cr_assert_eq(code, (step - 2) % 4 == 2 ? 354u : 250u);
        c->acknowledged += (step - 2) % 4 == 3;
    }
    n.letter = c->acknowledged;
    if (!alive)
        return;
    if (step == 0)
        say(c, SPAN("HELO crepes.fr\r\n"));
    else if ((step == 1 || (step - 2) % 4 == 3) && c->acknowledged < LETTERS_MAX)
        say(c, SPAN("MAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"));
    else if (step >= 2 && (step - 2) % 4 == 2)
        say_letter(c, n);
}

/* Reads once; false: the end. */
static bool hear(struct client *c, struct number n, bool alive)
{
    unsigned char block[4096];
    ssize_t got = recv(c->fd, block, sizeof block, 0);
    size_t end;

    if (got <= 0)
        return false;
    buf_add(&c->got, span_make(block, (size_t)got));
    for (;;) {
        struct span rest = span_from(buf_span(&c->got), c->read);

        end = span_find(rest, '\n');
        if (end == rest.len)
            return true;
        c->read += end + 1;
        cr_assert(end > 4 && rest.at[3] == ' ');
        replied(c, n, (unsigned)strtoul((const char *)rest.at, NULL, 10), alive);
    }
}

static void dial(struct client *c, unsigned port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0);
}

/* Sends until so many events have come, or until every client has sent all its letters. */
static void send_letters(struct client clients[CLIENTS], unsigned life, unsigned events)
{
    while (events) {
        struct pollfd at[CLIENTS];
        unsigned busy = 0;

        for (unsigned i = 0; i < CLIENTS; i++) {
            at[i] = (struct pollfd){ clients[i].fd, POLLIN, 0 };
            busy += clients[i].acknowledged < LETTERS_MAX;
        }
        if (!busy)
            return;
        cr_assert(poll(at, CLIENTS, STUCK_MS) > 0, "the server is stuck");
        for (unsigned i = 0; i < CLIENTS && events; i++) {
            if (!at[i].revents)
                continue;
            cr_assert(hear(&clients[i], (struct number){ life, i, 0 }, true));
            events--;
        }
    }
}

/* One life of the server, from start to kill. Returns how many letters it acknowledged to each. */
static void live(const char *maildir, unsigned life, unsigned events, unsigned counts[CLIENTS])
{
    struct client clients[CLIENTS] = { 0 };
    unsigned port = 0;
    int pipes[2];
    pid_t child;

    cr_assert_eq(pipe(pipes), 0);
    child = fork();
    cr_assert(child >= 0);
    if (child == 0)
        serve(maildir, pipes[1]);
    cr_assert(read(pipes[0], &port, sizeof port) == sizeof port && port);
    for (unsigned i = 0; i < CLIENTS; i++)
        dial(&clients[i], port);
    send_letters(clients, life, events);
    cr_assert_eq(kill(child, SIGKILL), 0);
    cr_assert_eq(waitpid(child, NULL, 0), child);
    for (unsigned i = 0; i < CLIENTS; i++) {
        while (hear(&clients[i], (struct number){ life, i, 0 }, false))
            ;
        counts[i] = clients[i].acknowledged;
        close(clients[i].fd);
        buf_release(&clients[i].got);
    }
    close(pipes[0]);
    close(pipes[1]);
}

/* What is in the maildir, letter by letter. */
struct found {
    unsigned char letters[KILLS][CLIENTS][LETTERS_MAX + 1];
    unsigned count;
};

static void look_at(void *ctx, const char *path)
{
    struct found *f = ctx;
    struct buf got = maildirs_read(path), want = { 0 };
    size_t at = span_search(buf_span(&got), SPAN("X-Number: "), 0, false);
    struct number n = { 0 };

    cr_assert_neq(at, SPAN_NOT_FOUND, "%s is no letter: %s", path, buf_text(&got));
    cr_assert_eq(sscanf(buf_text(&got) + at, "X-Number: %u.%u.%u", &n.life, &n.client, &n.letter),
                 3);
    cr_assert(n.life < KILLS && n.client < CLIENTS && n.letter <= LETTERS_MAX);
    write_letter(&want, n);
    cr_expect(span_eq(span_from(buf_span(&got), at), buf_span(&want)), "%s is half a letter", path);
    cr_expect_eq(f->letters[n.life][n.client][n.letter]++, 0, "%s is there twice", path);
    f->count++;
    buf_release(&got);
    buf_release(&want);
}

static const unsigned seeds[] = { 1, 2, 3, 4 };
TABLE_TEST(crash, loses_no_letter_that_was_acknowledged_and_shows_no_half, seeds)
{
    static unsigned counts[KILLS][CLIENTS];
    struct found *found = mem_zero(1, sizeof *found);
    unsigned seed = seeds[*number], acknowledged = 0;
    struct maildirs m;

    maildirs_init(&m);
    for (unsigned life = 0; life < KILLS; life++)
        live(m.path, life, 1 + next_random(&seed) % EVENTS_MAX, counts[life]);
    maildirs_each(m.inner[MAILDIRS_NEW], look_at, found);
    for (unsigned life = 0; life < KILLS; life++)
        for (unsigned i = 0; i < CLIENTS; i++)
            for (unsigned n = 0; n < counts[life][i]; n++, acknowledged++)
                cr_expect(found->letters[life][i][n], "lost: %u.%u.%u", life, i, n);
    cr_expect_gt(acknowledged, (unsigned)KILLS); /* or it would show nothing */
    cr_log_info("%u acknowledged, %u in new/, %u left in tmp/", acknowledged, found->count,
                maildirs_count(&m, MAILDIRS_TMP));
    mem_free(found);
    maildirs_remove(&m);
}
