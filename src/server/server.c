/*
 * The server itself: who is let in, what it offers, and its letters for whoever asks. What happens
 * to a client that is let in is in visit.c.
 */
#include "server/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/faults.h"
#include "net/listener.h"
#include "server/inner.h"

void server_farewell(const struct server *s, const char *why, struct buf *out)
{
    buf_printf(out, "421 %s %s, try again later\r\n", s->policy.hostname, why);
}

const char *server_crowded(const struct server *s, uint64_t key)
{
    if (s->clients_per_address_max && crowd_count(&s->crowd, key) >= s->clients_per_address_max)
        return "Too many clients from your address";
    return NULL;
}

/* RFC 5321 3.8: 421, then the end. Whatever does not fit into an empty socket is lost. */
static void turn_away(const struct door *door, int fd, const struct address *peer, const char *why)
{
    const struct server *s = door->server;
    struct buf text = { 0 };

    if (!door->tls) {
        server_farewell(s, why, &text);
        (void)!send(fd, text.at, text.len, MSG_NOSIGNAL);
        buf_release(&text);
    }
    close(fd);
    tell_turned_away(s, peer, why);
}

/* What cannot be done here is not offered. The caller's policy may change between calls. */
static void look_at_policy(struct server *s)
{
    s->policy = *s->given;
    if (!s->tls && !s->make_tls)
        s->policy.extensions &= ~EXTENSION_BIT(STARTTLS);
    if (!s->users)
        s->policy.extensions &= ~EXTENSION_BIT(AUTH);
}

static void accepted(void *ctx, int fd)
{
    struct door *door = ctx;
    struct server *s = door->server;
    const struct address *peer = listener_peer(door->listener);
    bool proxy = ranges_hold(s->proxies, s->proxy_count, peer);
    const char *crowded = proxy ? NULL : server_crowded(s, crowd_key(peer));

    look_at_policy(s);
    if (s->visits >= s->clients_max)
        turn_away(door, fd, peer, "Too many clients");
    else if (crowded)
        turn_away(door, fd, peer, crowded);
    else
        visit_start(s, fd, peer, door->tls, proxy);
}

static void options_into(struct server *s, const struct server_options *o)
{
    *s = (struct server){ .loop = o->loop,
                          .record = o->record,
                          .given = o->policy,
                          .tls = o->tls,
                          .make_tls = o->make_tls,
                          .make_ctx = o->make_ctx,
                          .users = o->users,
                          .faults = o->faults,
                          .store = o->store,
                          .clients_max = o->clients_max ? o->clients_max : SERVER_CLIENTS_MAX,
                          .clients_per_address_max = o->clients_per_address_max,
                          .proxies = o->proxies,
                          .proxy_count = o->proxy_count,
                          .started = loop_wall(),
                          .strangers_room = SERVER_STRANGERS_OCTETS_MAX,
                          .timeouts = o->timeouts,
                          .forget_ended = o->forget_ended,
                          .forget_oldest = o->forget_oldest };
    if (!s->faults) /* some may be added while it runs */
        s->faults = s->own_faults = faults_new((uint64_t)s->started);
    look_at_policy(s);
}

bool server_listen(struct server *s, const char *address, unsigned port, bool implicit_tls,
                   struct error *err)
{
    struct door *door;

    if (s->door_count == SERVER_PLACES_MAX) {
        error_set(err, "a server listens in %d places at most", SERVER_PLACES_MAX);
        return false;
    }
    door = mem_zero(1, sizeof *door);
    *door = (struct door){ .server = s, .tls = implicit_tls };
    door->listener = listener_new(s->loop, address, port, accepted, door, err);
    if (!door->listener) {
        mem_free(door);
        return false;
    }
    s->doors[s->door_count++] = door;
    return true;
}

struct server *server_new(const struct server_options *o, const struct server_hooks *hooks,
                          struct error *err)
{
    struct server *s = mem_zero(1, sizeof *s);

    options_into(s, o);
    if (hooks)
        s->hooks = *hooks;
    if (!server_listen(s, o->address ? o->address : "127.0.0.1", o->port, o->implicit_tls, err)) {
        faults_free(s->own_faults);
        mem_free(s);
        return NULL;
    }
    s->mailboxes = mailboxes_new(o->policy);
    mailboxes_set_rolling(s->mailboxes, o->rolling);
    s->alarms = alarms_new(o->loop, visit_alarm);
    return s;
}

void server_free(struct server *s)
{
    if (!s)
        return;
    s->hooks.changed = NULL; /* its owner is about to forget us */
    while (s->first)
        visit_stop(s->first);
    for (size_t i = 0; i < s->door_count; i++) {
        listener_free(s->doors[i]->listener);
        mem_free(s->doors[i]);
    }
    alarms_free(s->alarms);
    crowd_release(&s->crowd);
    mailboxes_free(s->mailboxes);
    faults_free(s->own_faults);
    buf_release(&s->fault_text);
    buf_release(&s->fault_words);
    mem_free(s->ended);
    mem_free(s);
}

struct tls_context *server_tls(struct server *s)
{
    if (!s->tls && s->make_tls) {
        s->tls = s->make_tls(s->make_ctx);
        s->make_tls = NULL; /* once is enough: it would fail for the next client, too */
        look_at_policy(s);
    }
    return s->tls;
}

void server_set_timeouts(struct server *s, bool on)
{
    s->timeouts = on;
}

void server_set_strangers_room(struct server *s, uint64_t octets)
{
    s->strangers_room = octets;
}

size_t server_clients(const struct server *s)
{
    return s->visits;
}

unsigned server_port(const struct server *s)
{
    return server_port_at(s, 0);
}

unsigned server_port_at(const struct server *s, size_t i)
{
    return listener_port(s->doors[i]->listener);
}

const char *server_name(const struct server *s)
{
    return s->policy.hostname;
}

size_t server_mailboxes(const struct server *s)
{
    return mailboxes_count(s->mailboxes);
}

const char *server_mailbox(const struct server *s, size_t i)
{
    return mailboxes_name(s->mailboxes, i);
}

size_t server_letters(const struct server *s, const char *mailbox)
{
    size_t i = mailboxes_find(s->mailboxes, span_of(mailbox));

    return i == MAILBOX_NONE ? 0 : mailboxes_letters(s->mailboxes, i);
}

bool server_letter(const struct server *s, const char *mailbox, size_t n, struct server_letter *out)
{
    size_t i = mailboxes_find(s->mailboxes, span_of(mailbox));

    return i != MAILBOX_NONE && mailboxes_letter(s->mailboxes, i, n, out);
}
