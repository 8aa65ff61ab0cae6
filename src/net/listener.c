/*
 * Listening. Not here: what is done with a connection.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4: one call instead of five */
#endif
#include "net/listener.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/span.h"
#include "net/address.h"

/* Connections taken in one wake-up, so that a flood of them leaves the rest its turn. */
#define ACCEPT_MAX 16

struct listener {
    int fd;
    struct event *event;
    struct event *again; /* after running out of descriptors */
    void (*accepted)(void *ctx, int fd);
    void *ctx;
    char address[ADDRESS_TEXT_MAX];
    unsigned port;
    struct address peer; /* of the connection that is handed over */
    bool in_call, dead;
};

static void destroy(struct listener *l)
{
    event_free(l->event);
    event_free(l->again);
    close(l->fd);
    mem_free(l);
}

static void ready(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;

    (void)what;
    l->in_call = true;
    for (int i = 0; i < ACCEPT_MAX && !l->dead; i++) {
        int got;

        l->peer.len = sizeof l->peer.at;
        got = accept4((int)fd, (struct sockaddr *)&l->peer.at, &l->peer.len,
                      SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (got >= 0) {
            l->accepted(l->ctx, got);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            /* The connection stays in the system's queue: without a rest we would spin. */
            struct timeval rest = { 0, 100000 };

            event_del(l->event);
            event_add(l->again, &rest);
        }
        if (errno != EINTR && errno != ECONNABORTED)
            break;
    }
    l->in_call = false;
    if (l->dead)
        destroy(l);
}

static void rested(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;

    (void)fd;
    (void)what;
    event_add(l->event, NULL);
}

static int bind_to(struct address *a, const char *address, struct error *err)
{
    int fd = socket(a->at.ss_family, SOCK_STREAM, 0), one = 1;
    char text[ADDRESS_TEXT_MAX];

    address_port_text(a, text);
    if (fd < 0) {
        error_set(err, "cannot listen on %s: %s", address, strerror(errno));
        return -1;
    }
    evutil_make_socket_nonblocking(fd);
    evutil_make_socket_closeonexec(fd);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* connections inherit it */
    if (bind(fd, (const struct sockaddr *)&a->at, a->len) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    if (errno == EADDRINUSE)
        error_set(err, "cannot listen on %s: another program does already; choose another port",
                  text);
    else if (errno == EACCES)
        error_set(
            err,
            "cannot listen on %s: ports below 1024 are the administrator's; choose a higher one",
            text);
    else
        error_set(err, "cannot listen on %s: %s", text, strerror(errno));
    close(fd);
    return -1;
}

struct listener *listener_new(struct loop *l, const char *address, unsigned port,
                              void (*accepted)(void *ctx, int fd), void *ctx, struct error *err)
{
    const char *number =
        span_eq_nocase(span_of(address), SPAN("localhost")) ? "127.0.0.1" : address;
    struct address a;
    struct listener *self;
    int fd;

    if (!address_numeric(number, port, &a)) {
        error_set(err, "cannot listen on '%.80s': give an address in numbers, such as 127.0.0.1",
                  address);
        return NULL;
    }
    fd = bind_to(&a, address, err);
    if (fd < 0)
        return NULL;
    self = mem_zero(1, sizeof(*self));
    *self = (struct listener){ .fd = fd, .accepted = accepted, .ctx = ctx };
    address_local(fd, &a);
    address_text(&a, self->address);
    self->port = address_port(&a);
    self->event = event_new(loop_base(l), fd, EV_READ | EV_PERSIST, ready, self);
    self->again = event_new(loop_base(l), -1, 0, rested, self);
    event_priority_set(self->event, LOOP_NETWORK);
    event_add(self->event, NULL);
    return self;
}

unsigned listener_port(const struct listener *l)
{
    return l->port;
}

const struct address *listener_peer(const struct listener *l)
{
    return &l->peer;
}

const char *listener_address(const struct listener *l)
{
    return l->address;
}

void listener_free(struct listener *l)
{
    if (!l)
        return;
    if (l->in_call) {
        l->dead = true;
        return;
    }
    destroy(l);
}
