#include "server/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/listener.h"
#include "server/inner.h"

/* RFC 5321 3.8: 421, then the end. Whatever does not fit into an empty socket is lost. */
static void turn_away(const struct server *s, int fd)
{
    struct buf text = { 0 };

    buf_printf(&text, "421 %s Too many clients, try again later\r\n", s->policy->hostname);
    (void)!send(fd, text.at, text.len, MSG_NOSIGNAL);
    buf_release(&text);
    close(fd);
}

static void accepted(void *ctx, int fd)
{
    struct server *s = ctx;

    if (s->visits >= SERVER_CLIENTS_MAX)
        turn_away(s, fd);
    else
        visit_start(s, fd);
}

struct server *server_new(const struct server_options *o, const struct server_hooks *hooks,
                          struct error *err)
{
    struct server *s = mem_zero(1, sizeof *s);

    *s = (struct server){ .loop = o->loop,
                          .record = o->record,
                          .policy = o->policy,
                          .strangers_room = SERVER_STRANGERS_OCTETS_MAX,
                          .timeouts = o->timeouts };
    if (hooks)
        s->hooks = *hooks;
    s->listener =
        listener_new(o->loop, o->address ? o->address : "127.0.0.1", o->port, accepted, s, err);
    if (!s->listener) {
        mem_free(s);
        return NULL;
    }
    s->mailboxes = mailboxes_new(o->policy);
    return s;
}

void server_free(struct server *s)
{
    if (!s)
        return;
    s->hooks.changed = NULL; /* its owner is about to forget us */
    while (s->first)
        visit_stop(s->first);
    listener_free(s->listener);
    mailboxes_free(s->mailboxes);
    mem_free(s);
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
    return listener_port(s->listener);
}

const char *server_name(const struct server *s)
{
    return s->policy->hostname;
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
