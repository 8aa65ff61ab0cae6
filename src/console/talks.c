/*
 * Talks: the connections of this console. One of them is the current one, which typed lines go
 * to; the others stay in the record.
 */
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "net/address.h"
#include "server/server.h"

const char *console_lab(const struct console *c)
{
    return c->lab;
}

unsigned console_dialogue(const struct console *c)
{
    return c->current ? c->current->dialogue : 0;
}

bool console_talking(const struct console *c)
{
    return c->current && !c->current->closing && !client_ended(c->current->client);
}

unsigned console_dialogue_of(void *ctx, unsigned client_port)
{
    const struct console *c = ctx;

    for (const struct connection *n = c->connections; n; n = n->next)
        if (!client_ended(n->client) && client_local_port(n->client) == client_port)
            return n->dialogue;
    return 0;
}

struct connection *console_connection(const struct console *c, unsigned dialogue)
{
    struct connection *n = c->connections;

    while (n && n->dialogue != dialogue)
        n = n->next;
    return n;
}

const struct observer *console_observer(const struct console *c)
{
    return c->current ? record_now(c->config.record, c->current->dialogue) : NULL;
}

bool console_was_connected(const struct console *c)
{
    return c->current && client_connected(c->current->client);
}

uint32_t console_last_reply(const struct console *c, uint32_t n)
{
    unsigned d = console_dialogue(c);
    struct record_line line;

    for (; n; n--) {
        if (record_line_side(c->config.record, d, n) != SIDE_SERVER)
            continue;
        record_line(c->config.record, d, n, 0, &line);
        if (line.reply_end)
            return n;
    }
    return 0;
}

/* How a talk that is over ended, as an exit status (design: the command line). */
static int end_status(const struct console *c)
{
    unsigned d = console_dialogue(c);
    struct record_event e = { .event = TALK_CLOSED_BY_CLIENT };
    struct observed o;
    uint32_t last;

    for (uint32_t i = record_events(c->config.record, d); i--;) {
        record_event_get(c->config.record, d, i, &e);
        if (talk_event_ends(e.event))
            break;
    }
    switch (e.event) {
    case TALK_NOT_FOUND:
    case TALK_NO_MX:
    case TALK_REFUSED:
    case TALK_UNREACHABLE:
    case TALK_CONNECT_TIMEOUT:
        return STATUS_CONNECT;
    case TALK_CLOSED_BY_SERVER:
    case TALK_RESET:
        last = console_last_reply(c, record_lines(c->config.record, d));
        if (!last)
            return STATUS_BROKEN;
        record_observed(c->config.record, d, last, &o);
        return o.answers == VERB_QUIT && o.reply.code / 100 == 2 ? STATUS_OK : STATUS_BROKEN;
    case TALK_STOPPED:
        return STATUS_BROKEN;
    default:
        return STATUS_OK;
    }
}

/* An address as HELO and EHLO write it (RFC 5321 4.1.3). A zone means nothing to others. */
static void make_literal(struct console *c, const char *address)
{
    snprintf(c->literal, sizeof(c->literal), "[%s%.*s]", strchr(address, ':') ? "IPv6:" : "",
             (int)strcspn(address, "%"), address);
}

static struct tls_context *client_tls(void *ctx)
{
    return tls_context(ctx);
}

static void client_changed(void *ctx)
{
    struct connection *n = ctx;

    n->heard = true;
    if (client_connected(n->client)) {
        n->console->ever_connected = true;
        make_literal(n->console, client_local(n->client));
    }
    if (client_ended(n->client) && n == n->console->current)
        n->console->broken = client_tls_failed(n->client) ? STATUS_TLS : end_status(n->console);
    if (client_tls_failed(n->client))
        tls_failed(n->console, n);
    console_turn(n->console);
}

static void forget(struct console *c, struct connection *gone)
{
    struct connection **at = &c->connections;

    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    client_free(gone->client);
    route_free(gone->route);
    mem_free(gone);
}

static void client_gone(void *ctx)
{
    struct connection *n = ctx;
    struct console *c = n->console;

    if (n != c->current)
        forget(c, n);
    console_turn(c);
}

static void open_talk(struct console *c, struct client_options *o)
{
    struct connection *n = mem_zero(1, sizeof(*n)), *old = c->current;
    struct client_hooks hooks = { client_changed, client_gone, n, client_tls };

    n->console = c;
    n->local = o->local;
    n->route = o->route;
    n->next = c->connections;
    c->connections = n;
    c->current = n;
    c->broken = 0;
    c->parting = c->lingering = false;
    c->looked_at = 0;
    c->empty_warned = false;
    n->client = client_new(c->config.loop, c->config.record, o, &hooks);
    n->dialogue = client_dialogue(n->client);
    if (!old)
        return;
    if (client_ended(old->client))
        forget(c, old);
    else if (!old->closing)
        console_say(c, "Talk %u stays open beside this one. /talk %u goes back to it.\n",
                    old->dialogue, old->dialogue);
}

/* What a server may be told whose certificate is not verified: a person can look at it, a script
 * cannot, and who asked for TLS on the command line asked for a safe one. */
static enum client_doubt doubt(const struct console *c)
{
    if (c->config.insecure)
        return CLIENT_TRUSTS;
    if (c->config.alone || c->config.tls_first || c->config.starttls)
        return CLIENT_STOPS;
    return CLIENT_TELLS;
}

void connect_routed(struct console *c, const char *host, unsigned port, bool tls_first,
                    struct route *route)
{
    char *copy = mem_strdup(host);
    struct client_options o = { .target = { .host = copy,
                                            .port = port,
                                            .family = (enum stream_family)c->config.family,
                                            .timeout = c->config.timeout,
                                            .source = c->config.source },
                                .route = route,
                                .name = c->helo_name,
                                .tls_first = tls_first,
                                .proxy_header = c->config.proxy_header,
                                .doubt = doubt(c) };

    mem_free(c->host);
    c->host = copy;
    c->port = port;
    c->host_is_domain = route != NULL;
    c->tls_first = tls_first;
    open_talk(c, &o);
    if (c->config.starttls && !tls_first)
        tls_begin(c);
    else if (c->config.auth)
        auth_begin(c);
    c->auth_due = c->busy == BUSY_STARTTLS && c->config.auth;
    console_turn(c);
}

void console_connect(struct console *c, const char *host, unsigned port)
{
    connect_routed(c, host, port, c->config.tls_first, NULL);
}

void console_connect_lab(struct console *c)
{
    struct client_options o = { .target = { .host = "127.0.0.1",
                                            .port = server_port(c->config.server),
                                            .family = STREAM_V4,
                                            .timeout = c->config.timeout },
                                .name = c->helo_name,
                                .local = true };

    open_talk(c, &o);
    record_set_server(c->config.record, console_dialogue(c), server_name(c->config.server));
    console_turn(c);
}

void console_reconnect(struct console *c)
{
    char *host;

    if (c->host && !(c->current && c->current->local)) {
        host = mem_strdup(c->host);
        if (c->host_is_domain)
            console_connect_mx(c, host, c->port);
        else
            connect_routed(c, host, c->port, c->tls_first, NULL);
        mem_free(host);
    } else if (c->config.server) {
        console_connect_lab(c);
    } else {
        console_complain(c, "/connect needs a host, as in /connect mx.example.org 25");
        console_worsen(c, STATUS_USAGE);
    }
}

const char *console_how_to_connect(const struct console *c)
{
    return c->config.server || c->host ? "/connect starts a new talk with the same server."
                                       : "/connect HOST starts a talk.";
}

bool connection_send(struct connection *n, struct span octets)
{
    if (tls_holds(n, octets))
        return true;
    if (!client_send(n->client, octets))
        return false;
    n->sent += octets.len;
    return true;
}

bool console_send(struct console *c, struct span octets)
{
    if (c->pipeline.on) {
        buf_add(&c->pipeline.octets, octets);
        return true;
    }
    if (!console_talking(c))
        return false;
    return slow_takes(c) ? slow_send(c, octets) : connection_send(c->current, octets);
}

bool console_read_place(struct console *c, const char *command, struct span args, char host[256],
                        unsigned *port)
{
    struct span rest, first = span_cut(args, ' ', &rest);
    struct error err = { "" };
    char *text = mem_strndup(first.at, first.len), *number;
    bool good;

    *port = 25;
    rest = span_trim(rest);
    number = mem_strndup(rest.at, rest.len);
    good = (rest.len == 0 || address_parse_port(number, port, &err)) &&
           address_parse(text, *port, host, port, &err);
    mem_free(number);
    mem_free(text);
    if (good)
        return true;
    console_complain(c, "%s: %s", command, err.text);
    console_worsen(c, STATUS_USAGE);
    return false;
}

void command_connect(struct console *c, struct span args)
{
    struct span rest, first = span_cut(args, ' ', &rest);
    char host[256];
    unsigned port;

    if (!args.len)
        console_reconnect(c);
    else if (span_eq(first, SPAN("--mx")))
        command_mx(c, span_trim(rest));
    else if (console_read_place(c, "/connect", args, host, &port))
        console_connect(c, host, port);
}

void command_close(struct console *c, struct span args)
{
    (void)args;
    if (!console_talking(c)) {
        console_say(c, "There is no open talk to close. %s\n", console_how_to_connect(c));
        return;
    }
    c->current->closing = true;
    client_close(c->current->client);
}
