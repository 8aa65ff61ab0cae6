/*
 * The client's side of a dialogue: every octet and every turn of the connection goes into the
 * record at the moment it happens. Not here: what to send when, and what replies mean.
 */
#include "live/client.h"

#include "base/buf.h"
#include "base/marks.h"
#include "base/mem.h"
#include "live/session.h"
#include "net/proxy_header.h"

/* After our FIN most servers close within a round trip. Those that do not are not waited for. */
#define CLIENT_CLOSE_WAIT (2 * CLOCK_SECOND)
/* Before it, what was handed over has to leave: a letter on a slow line, but no line is waited for
 * that takes nothing. */
#define CLIENT_DRAIN_WAIT (30 * CLOCK_SECOND)

#define PORT_SMTP 25

/* Of the octets that came too early for TLS, so many are shown. */
#define DISCARDED_SHOWN 100

#define UNVERIFIED "the certificate is not verified"
#define CUT                                                                                        \
    "without the farewell that TLS asks for (close_notify); what came last may be incomplete"
#define FULL "this talk is as long as this program keeps"

struct client {
    struct loop *loop;
    struct record *record;
    struct client_hooks hooks;
    struct stream *stream; /* NULL: ended */
    struct watch *close_timer;
    unsigned dialogue;
    bool local, connected, closing, ended;
    bool tls_first;
    unsigned proxy_header;
    int64_t timeout;          /* of the handshake; 0: none */
    const char *no_handshake; /* why, when that time is over */
    enum client_doubt doubt;
    enum { TLS_NOT, TLS_SHAKING, TLS_STANDS, TLS_FAILED } secure;
    bool cut;                    /* the server ended TLS without saying so */
    const char *stopped;         /* why this program ends the talk; NULL: it does not */
    struct stream_target target; /* its host and source are owned */
    char *host, *source;         /* these */
    struct route *route;         /* asked, its answer awaited; NULL: none is */
    struct buf held; /* handed over before the connection stood; not in the record yet */
    unsigned calls;  /* hooks running now */
    bool dead;
};

static void stop_route(struct client *c)
{
    if (c->route)
        route_stop(c->route);
    c->route = NULL;
}

static void destroy(struct client *c)
{
    stop_route(c);
    watch_free(c->close_timer);
    stream_free(c->stream);
    buf_release(&c->held);
    mem_free(c->host);
    mem_free(c->source);
    mem_free(c);
}

/* Calls the owner back; false: it freed the client. */
static bool call(struct client *c, void (*hook)(void *ctx))
{
    c->calls++;
    if (hook)
        hook(c->hooks.ctx);
    c->calls--;
    if (!c->dead)
        return true;
    if (c->calls == 0)
        destroy(c);
    return false;
}

static void note(struct client *c, enum talk_event e, const char *detail)
{
    record_event(c->record, c->dialogue, e, span_of(detail), loop_now(c->loop));
}

static void end(struct client *c, enum talk_event e, const char *detail)
{
    if (c->ended)
        return;
    c->ended = true;
    c->connected = false;
    stop_route(c);
    stream_free(c->stream);
    c->stream = NULL;
    watch_stop(c->close_timer);
    buf_clear(&c->held);
    note(c, e, detail);
    if (call(c, c->hooks.changed))
        call(c, c->hooks.ended);
}

/* The context may be long in the making: it is asked for when it is needed. */
static void start_tls(struct client *c)
{
    struct tls_context *context = c->hooks.tls ? c->hooks.tls(c->hooks.ctx) : NULL;
    bool named = !address_numeric(c->host, 0, NULL);

    c->secure = TLS_SHAKING;
    note(c, TALK_TLS_STARTING, named ? c->host : "");
    c->no_handshake =
        context ? "the server did not finish it in time" : "this program could not set TLS up";
    if (c->timeout || !context)
        watch_set_timer(c->close_timer, context ? c->timeout : 0);
    if (context)
        stream_start_tls(c->stream, context, false, c->host);
}

/* Plain octets behind the 220 could have been slipped in by anybody, to be taken for something said
 * inside TLS (RFC 3207 4.2, CVE-2011-0411). */
static void discard(struct client *c, struct span octets)
{
    struct buf detail = { 0 };

    if (!octets.len)
        return;
    buf_printf(&detail, "%zu %s: ", octets.len, octets.len == 1 ? "octet" : "octets");
    marks_add(&detail, span_first(octets, DISCARDED_SHOWN), 0);
    if (octets.len > DISCARDED_SHOWN)
        buf_add_text(&detail, "...");
    note(c, TALK_TLS_DISCARDED, buf_text(&detail));
    buf_release(&detail);
}

/* Records octets of the server up to the line that begins the handshake, or all of them. */
static void record_until_tls(struct client *c, struct span octets)
{
    const struct observer *o = record_now(c->record, c->dialogue);

    while (octets.len) {
        bool may_begin = c->secure == TLS_NOT && observer_starttls_waits(o);
        struct span piece = may_begin ? span_first(octets, span_find(octets, '\n') + 1) : octets;

        record_octets(c->record, c->dialogue, SIDE_SERVER, piece, loop_now(c->loop));
        octets = span_from(octets, piece.len);
        if (may_begin && o->state == AT_TLS) {
            discard(c, octets);
            start_tls(c);
            return;
        }
    }
}

static void octets_came(void *ctx, struct span octets)
{
    struct client *c = ctx;

    record_until_tls(c, octets);
    if (!call(c, c->hooks.changed) || c->ended || !record_full(c->record, c->dialogue))
        return;
    stream_abort(c->stream);
    end(c, TALK_STOPPED, FULL);
}

static void hand_over(struct client *c, struct span octets)
{
    record_octets(c->record, c->dialogue, SIDE_CLIENT, octets, loop_now(c->loop));
    stream_write(c->stream, octets);
    if (record_full(c->record, c->dialogue)) {
        /* Told from the loop: the owner is in the middle of sending. */
        c->stopped = FULL;
        watch_set_timer(c->close_timer, 0);
    }
}

static void hand_over_held(struct client *c)
{
    struct buf held = c->held;

    c->held = (struct buf){ 0 };
    if (held.len)
        hand_over(c, buf_span(&held));
    if (held.len)
        mem_wipe(held.at, held.len);
    buf_release(&held);
}

/* No octets of the dialogue: it is told as something that happened. */
static void introduce(struct client *c)
{
    struct buf header = { 0 }, detail = { 0 };
    struct address from = { 0 }, to = { 0 };
    char from_text[ADDRESS_TEXT_MAX], to_text[ADDRESS_TEXT_MAX];

    address_numeric(stream_local(c->stream), stream_local_port(c->stream), &from);
    address_numeric(stream_peer(c->stream), stream_peer_port(c->stream), &to);
    proxy_header_write(&header, c->proxy_header, &from, &to);
    stream_write(c->stream, buf_span(&header));
    address_port_text(&from, from_text);
    address_port_text(&to, to_text);
    buf_printf(&detail, "version %u, %s to %s", c->proxy_header, from_text, to_text);
    note(c, TALK_PROXY_SENT, buf_text(&detail));
    buf_release(&detail);
    buf_release(&header);
}

static void connected(struct client *c, const char *where)
{
    c->connected = true;
    if (!c->local)
        note(c, TALK_CONNECTED, where);
    if (c->proxy_header)
        introduce(c);
    if (c->tls_first)
        start_tls(c);
    else
        hand_over_held(c);
    call(c, c->hooks.changed);
}

static void encrypted(struct client *c)
{
    c->secure = TLS_STANDS;
    if (!c->closing && !c->stopped)
        watch_stop(c->close_timer);
    session_tell(c->record, c->dialogue, stream_tls(c->stream), loop_now(c->loop), loop_wall());
    if (client_doubtful(c) && c->doubt == CLIENT_TRUSTS)
        client_trust(c);
    if (client_doubtful(c) && c->doubt == CLIENT_STOPS) {
        c->secure = TLS_FAILED;
        end(c, TALK_STOPPED, UNVERIFIED);
        return;
    }
    hand_over_held(c);
    call(c, c->hooks.changed);
}

/* A lookup that failed is told with the name that was looked up. */
static void not_found(struct client *c, const char *why)
{
    struct buf detail = { 0 };

    buf_printf(&detail, "%s (%s)", c->host, why);
    end(c, TALK_NOT_FOUND, buf_text(&detail));
    buf_release(&detail);
}

/* The record has every octet that was handed over: those that never left are counted. */
static void closed(struct client *c, size_t unsent)
{
    struct buf detail = { 0 };

    if (unsent)
        buf_printf(&detail, "%zu octets before it were not sent", unsent);
    end(c, TALK_CLOSED_BY_CLIENT, buf_text(&detail));
    buf_release(&detail);
}

static void tls_failed(struct client *c, const char *why)
{
    c->secure = TLS_FAILED;
    end(c, TALK_TLS_FAILED, why);
}

static void close_waited(void *ctx)
{
    struct client *c = ctx;

    if (c->stopped)
        end(c, TALK_STOPPED, c->stopped);
    else if (!c->closing)
        tls_failed(c, c->no_handshake);
    else
        closed(c, c->connected ? stream_queued(c->stream) : 0);
}

static void event_came(void *ctx, enum stream_event e, const char *detail)
{
    struct client *c = ctx;

    switch (e) {
    case STREAM_RESOLVED:
    case STREAM_CONNECTING:
        if (c->local)
            return;
        note(c, e == STREAM_RESOLVED ? TALK_RESOLVED : TALK_CONNECTING, detail);
        call(c, c->hooks.changed);
        return;
    case STREAM_CONNECTED:
        connected(c, detail);
        return;
    case STREAM_NOT_FOUND:
        not_found(c, detail);
        return;
    case STREAM_REFUSED:
        end(c, TALK_REFUSED, detail);
        return;
    case STREAM_UNREACHABLE:
        end(c, TALK_UNREACHABLE, detail);
        return;
    case STREAM_TIMEOUT:
        end(c, TALK_CONNECT_TIMEOUT, detail);
        return;
    case STREAM_CLOSED:
        if (c->closing)
            close_waited(c);
        else
            end(c, TALK_CLOSED_BY_SERVER, c->cut ? CUT : "");
        return;
    case STREAM_RESET:
        if (c->closing)
            close_waited(c);
        else
            end(c, TALK_RESET, "");
        return;
    case STREAM_TLS_OPEN:
        encrypted(c);
        return;
    case STREAM_TLS_CUT:
        c->cut = true;
        return;
    case STREAM_TLS_FAILED:
        tls_failed(c, detail);
        return;
    case STREAM_DRAINED:
        if (c->closing && !c->stopped)
            watch_set_timer(c->close_timer, CLIENT_CLOSE_WAIT);
        call(c, c->hooks.changed);
        return;
    }
}

/* As a person would write it: the port where it is not SMTP's own (RFC 5321 4.5.4.2), and then
 * brackets around an address with colons in it. */
static void add_place(const char *host, unsigned port, struct buf *out)
{
    bool colons = strchr(host, ':') != NULL;

    if (port == PORT_SMTP)
        buf_add_text(out, host);
    else
        buf_printf(out, colons ? "[%s]:%u" : "%s:%u", host, port);
}

static void start(struct client *c)
{
    struct stream_hooks own = { octets_came, event_came, c };

    c->target.host = c->host;
    if (!c->local && !address_numeric(c->host, 0, NULL))
        note(c, TALK_RESOLVING, c->host);
    c->stream = stream_connect(c->loop, &c->target, &own);
}

/* The server of the domain whose turn it is. */
static void start_chosen(struct client *c, const struct route *route)
{
    struct buf words = { 0 };

    mem_free(c->host);
    c->host = mem_strdup(route_host(route));
    add_place(c->host, c->target.port, &words);
    record_set_server(c->record, c->dialogue, buf_text(&words));
    buf_clear(&words);
    route_chosen(route, &words);
    note(c, TALK_CHOSEN, buf_text(&words));
    buf_release(&words);
    start(c);
}

static void looked_up(void *ctx)
{
    struct client *c = ctx;
    struct route *route = c->route;

    c->route = NULL;
    note(c, TALK_LOOKUP, route_told(route));
    if (!route_host(route)) {
        end(c, TALK_NO_MX, route_why(route));
        return;
    }
    start_chosen(c, route);
    call(c, c->hooks.changed);
}

struct client *client_new(struct loop *l, struct record *r, const struct client_options *o,
                          const struct client_hooks *hooks)
{
    struct client *c = mem_zero(1, sizeof(*c));
    const char *host = o->route ? route_domain(o->route) : o->target.host;
    struct buf place = { 0 };

    *c = (struct client){ .loop = l,
                          .record = r,
                          .hooks = *hooks,
                          .local = o->local,
                          .tls_first = o->tls_first,
                          .proxy_header = o->proxy_header,
                          .doubt = o->doubt,
                          .timeout = o->target.timeout,
                          .target = o->target,
                          .source = o->target.source ? mem_strdup(o->target.source) : NULL,
                          .host = mem_strdup(host) };
    c->target.source = c->source;
    c->close_timer = loop_timer(l, close_waited, c);
    add_place(host, o->target.port, &place);
    c->dialogue = record_open(r, o->name ? o->name : "", buf_text(&place), loop_now(l));
    buf_release(&place);
    if (!o->route) {
        start(c);
    } else if (route_host(o->route)) {
        start_chosen(c, o->route);
    } else {
        c->route = o->route;
        note(c, TALK_RESOLVING, host);
        route_ask(c->route, looked_up, c);
    }
    return c;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    if (!c->ended) {
        c->ended = true;
        note(c, TALK_CLOSED_BY_CLIENT, "");
    }
    if (c->calls) {
        c->dead = true;
        return;
    }
    destroy(c);
}

unsigned client_dialogue(const struct client *c)
{
    return c->dialogue;
}

bool client_connected(const struct client *c)
{
    return c->connected && c->secure != TLS_SHAKING;
}

bool client_shaking(const struct client *c)
{
    return c->secure == TLS_SHAKING && !c->ended;
}

bool client_encrypted(const struct client *c)
{
    return c->secure == TLS_STANDS && !c->ended;
}

bool client_doubtful(const struct client *c)
{
    return c->secure == TLS_STANDS && record_now(c->record, c->dialogue)->trust == TRUST_UNVERIFIED;
}

bool client_tls_failed(const struct client *c)
{
    return c->secure == TLS_FAILED;
}

void client_trust(struct client *c)
{
    if (client_doubtful(c))
        note(c, TALK_TLS_TRUSTED, "");
}

bool client_channel_binding(const struct client *c, struct buf *out)
{
    return c->stream && stream_channel_binding(c->stream, out);
}

bool client_ended(const struct client *c)
{
    return c->ended;
}

bool client_send(struct client *c, struct span octets)
{
    if (c->ended || c->closing)
        return false;
    if (client_connected(c))
        hand_over(c, octets);
    else
        buf_add(&c->held, octets);
    return true;
}

size_t client_queued(const struct client *c)
{
    return c->held.len + (c->stream ? stream_queued(c->stream) : 0);
}

void client_close(struct client *c)
{
    int64_t wait = CLIENT_CLOSE_WAIT;

    if (c->ended || c->closing)
        return;
    c->closing = true;
    if (!c->connected) /* the end is told from the loop, as always */
        wait = 0;
    else if (stream_queued(c->stream))
        wait = CLIENT_DRAIN_WAIT;
    if (c->connected)
        stream_finish(c->stream);
    watch_set_timer(c->close_timer, wait);
}

void client_stop(struct client *c, const char *why)
{
    if (c->ended)
        return;
    c->closing = true;
    c->stopped = why;
    watch_set_timer(c->close_timer, 0);
}

void client_pause(struct client *c, bool paused)
{
    if (c->stream)
        stream_pause(c->stream, paused);
}

const char *client_local(const struct client *c)
{
    return c->stream ? stream_local(c->stream) : "";
}

unsigned client_local_port(const struct client *c)
{
    return c->stream ? stream_local_port(c->stream) : 0;
}
