/*
 * /mx and --mx: the mail servers of a domain, one after the other. Each that is tried is a talk of
 * its own. The lookup is the first talk's (live/route.h).
 *
 * Sources: RFC 5321 5.1 (each of the servers in order), 3.1 (a greeting of 554 leaves QUIT).
 */
#include "base/mem.h"
#include "console/inner.h"

/* "[192.0.2.1]", "192.0.2.1": no domain. */
static bool is_address(const char *domain)
{
    return domain[0] == '[' || address_numeric(domain, 0, NULL);
}

void console_connect_mx(struct console *c, const char *domain, unsigned port)
{
    uint64_t seed = (uint64_t)loop_now(c->config.loop);

    connect_routed(c, domain, port, c->config.tls_first, route_new(c->config.loop, domain, seed));
}

void command_mx(struct console *c, struct span args)
{
    char domain[256];
    unsigned port;

    if (!args.len) {
        console_complain(c, "/mx needs a domain, as in /mx example.org");
    } else if (!console_read_place(c, "/mx", args, domain, &port)) {
        return;
    } else if (is_address(domain)) {
        console_complain(c,
                         "/mx needs a domain: an address has no MX records. /connect %s goes "
                         "there.",
                         domain);
    } else {
        console_connect_mx(c, domain, port);
        return;
    }
    console_worsen(c, STATUS_USAGE);
}

bool mx_interrupt(struct console *c)
{
    struct connection *n = c->current;

    if (!n || !n->route || n->closing || client_ended(n->client) || client_connected(n->client))
        return false;
    n->closing = true;
    client_close(n->client);
    return true;
}

/* QUIT is all that is left; the reply is not waited for, but shown when it comes. */
static void leave_politely(struct connection *n)
{
    if (client_ended(n->client))
        return;
    client_send(n->client, SPAN("QUIT\r\n"));
    n->closing = true;
    client_close(n->client);
}

static void go_on(struct console *c, struct connection *n, struct route *route)
{
    bool greeted = record_now(c->config.record, n->dialogue)->greeted;
    const char *failed = record_server(c->config.record, n->dialogue);
    char *domain;

    console_say(c,
                "%s %s. RFC 5321 5.1: each server of %s is tried in order until one takes the "
                "mail. The next one is %s.\n",
                failed, greeted ? "turns mail away" : "gives no connection", route_domain(route),
                route_host(route));
    leave_politely(n);
    domain = mem_strdup(route_domain(route));
    connect_routed(c, domain, c->port, c->tls_first, route);
    mem_free(domain);
}

bool mx_turn(struct console *c)
{
    struct connection *n = c->current;
    struct route *route = n ? n->route : NULL;
    enum route_turn turn;

    if (!route)
        return false;
    turn = n->closing ? ROUTE_STAYS : route_turn(c->config.record, n->dialogue);
    if (turn == ROUTE_OPEN || (n->closing && !client_ended(n->client)))
        return false;
    n->route = NULL;
    if (turn == ROUTE_NEXT && route_next(route)) {
        go_on(c, n, route);
        return true;
    }
    if (turn == ROUTE_NEXT)
        console_say(c,
                    "That was the last server of %s. A mail server would try them all again "
                    "later (RFC 5321 4.5.4.1).\n",
                    route_domain(route));
    route_free(route);
    return false;
}
