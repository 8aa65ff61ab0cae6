/*
 * What a proxy says before the talk: the PROXY header, and who is let in by it. The header itself
 * is net/proxy_header.h's.
 */
#include "base/mem.h"
#include "server/inner.h"

/* The header is the first thing that a proxy sends, in one piece as a rule; the protocol's text
 * (2) asks for a time-out of at least 3 seconds. */
#define INTRODUCTION_MAX (10 * CLOCK_SECOND)

const char *visit_peer(const struct visit *v)
{
    const struct introduction *i = v->introduction;

    return i && i->named ? i->text : stream_peer(v->stream);
}

unsigned visit_peer_port(const struct visit *v)
{
    const struct introduction *i = v->introduction;

    return i && i->named ? address_port(&i->from) : stream_peer_port(v->stream);
}

static void peer_of(const struct visit *v, struct address *out)
{
    *out = (struct address){ 0 };
    if (v->introduction->named)
        *out = v->introduction->from;
    else
        address_numeric(stream_peer(v->stream), stream_peer_port(v->stream), out);
}

void introduce_begin(struct visit *v, bool tls)
{
    v->introduction = mem_zero(1, sizeof *v->introduction);
    v->introduction->tls = tls;
    v->busy = VISIT_INTRODUCES;
    v->until = visit_now(v) + INTRODUCTION_MAX;
}

void introduce_refuse(struct visit *v, const char *why, const char *detail)
{
    struct buf text = { 0 };
    struct address peer;

    buf_printf(&text, "%s%s", why, detail);
    peer_of(v, &peer);
    tell_turned_away(v->server, &peer, buf_text(&text));
    buf_release(&text);
    visit_discard(v);
}

static void turn_away(struct visit *v, const char *why)
{
    struct buf text = { 0 };

    if (!v->introduction->tls) {
        server_farewell(v->server, why, &text);
        stream_write(v->stream, buf_span(&text));
        buf_release(&text);
    }
    introduce_refuse(v, why, "");
}

/* The header is whole. What the client sent may have come in one piece with it. */
static void introduced(struct visit *v, const struct proxy_header *header)
{
    struct introduction *i = v->introduction;
    struct buf came = i->octets;
    struct address peer;
    const char *crowded;

    i->octets = (struct buf){ 0 };
    i->named = header->named;
    i->from = header->from;
    if (i->named)
        address_text(&i->from, i->text);
    peer_of(v, &peer);
    crowded = server_crowded(v->server, crowd_key(&peer));
    if (crowded)
        turn_away(v, crowded);
    else
        visit_admit(v, &peer, i->tls, span_from(buf_span(&came), header->octets));
    buf_release(&came);
}

void introduce_take(struct visit *v, struct span octets)
{
    struct introduction *i = v->introduction;
    struct proxy_header header;

    buf_add(&i->octets, octets);
    switch (proxy_header_read(buf_span(&i->octets), &header)) {
    case PROXY_MORE:
        return;
    case PROXY_WRONG:
        introduce_refuse(v, "its PROXY header is wrong: ", header.why);
        return;
    case PROXY_READ:
        introduced(v, &header);
        return;
    }
}
