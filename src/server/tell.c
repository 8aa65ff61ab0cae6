/*
 * What happens in a visit, told twice: into the record, and to whoever listens for events. Not
 * here: what a log line looks like.
 */
#include <assert.h>

#include "base/buf.h"
#include "base/marks.h"
#include "base/mem.h"
#include "server/inner.h"

#define FULL_TALK      "it is as long as this program keeps"
#define FULL_STRANGERS "talks from outside are longer, all together, than this program keeps"

/* Of a reply that comes in pieces, or without an end: what is kept for its event. */
#define SAID_MAX 512

bool visit_recorded_here(const struct visit *v)
{
    return v->stranger && v->dialogue;
}

static bool heard(const struct visit *v)
{
    return v->server->hooks.event != NULL;
}

/* Fills in who it is about. */
static void hand_out(const struct visit *v, struct server_event *e)
{
    const struct server *s = v->server;

    e->session = v->session;
    e->address = v->address;
    e->port = visit_peer_port(v);
    e->dialogue = v->dialogue;
    s->hooks.event(s->hooks.ctx, e);
}

void tell_connected(struct visit *v)
{
    struct server_event e = { .kind = SERVER_CONNECTED };

    if (!heard(v))
        return;
    v->address = mem_strdup(visit_peer(v));
    hand_out(v, &e);
}

void tell_turned_away(const struct server *s, const struct address *peer, const char *why)
{
    struct server_event e = { .kind = SERVER_TURNED_AWAY, .text = span_of(why) };
    char text[ADDRESS_TEXT_MAX];

    if (!s->hooks.event)
        return;
    address_text(peer, text);
    e.address = text;
    e.port = address_port(peer);
    s->hooks.event(s->hooks.ctx, &e);
}

/* RFC 3207: what came behind STARTTLS is thrown away; seen, it is an attack. */
static void tell_injected(const struct visit *v, const struct fact *f)
{
    struct buf detail = { 0 };

    if (!visit_recorded_here(v))
        return;
    buf_printf(&detail, "%llu octets: ", (unsigned long long)f->number);
    marks_add(&detail, f->text, 0);
    tell_talk(v, TALK_TLS_DISCARDED, buf_text(&detail));
    buf_release(&detail);
}

void tell_fact(const struct visit *v, const struct fact *f)
{
    struct server_event e = { .kind = SERVER_FACT, .fact = f };

    if (v->dialogue && !v->unrecorded)
        record_fact(v->server->record, v->dialogue, f, visit_now(v));
    if (f->kind == FACT_INJECTED)
        tell_injected(v, f);
    if (heard(v))
        hand_out(v, &e);
}

void tell_mailbox(const struct visit *v, enum fact_kind kind, size_t i)
{
    const struct mailboxes *m = v->server->mailboxes;
    struct fact f = { .kind = kind,
                      .text = mailboxes_short_name(m, i),
                      .number = mailboxes_letters(m, i) };

    if (kind == FACT_STORED)
        tell_fact(v, &f);
    else if (v->dialogue)
        record_fact(v->server->record, v->dialogue, &f, visit_now(v));
}

/* A line of a reply; only the last one is told. */
static void tell_line(const struct visit *v, struct span line)
{
    struct server_event e = { .kind = SERVER_REPLIED };
    bool coded = line.len >= 3;

    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    for (size_t i = 0; coded && i < 3; i++)
        coded = ascii_is_digit(line.at[i]);
    if (coded && line.len > 3 && line.at[3] == '-')
        return;
    coded = coded && (line.len == 3 || line.at[3] == ' ');
    if (coded)
        e.code = (line.at[0] - (unsigned)'0') * 100 + (line.at[1] - (unsigned)'0') * 10 +
                 (line.at[2] - (unsigned)'0');
    e.text = line;
    hand_out(v, &e);
}

static void keep_said(struct visit *v, struct span part)
{
    if (!v->said)
        v->said = mem_zero(1, sizeof *v->said);
    if (v->said->len < SAID_MAX)
        buf_add(v->said, span_first(part, SAID_MAX - v->said->len));
}

static void tell_replies(struct visit *v, struct span octets)
{
    while (octets.len) {
        size_t end = span_find(octets, '\n');
        struct span line = span_first(octets, end + 1);

        octets = span_from(octets, end + 1);
        if (end == line.len) { /* not its end */
            keep_said(v, line);
        } else if (v->said && v->said->len) {
            keep_said(v, line);
            tell_line(v, buf_span(v->said));
            buf_clear(v->said);
        } else {
            tell_line(v, line);
        }
    }
}

/* The client is served on, whatever is kept of it. Where the oldest talks make room, it is one of
 * them from now on: so there is always room for those that come. */
static void stop_recording(struct visit *v, const char *why)
{
    tell_talk(v, TALK_UNRECORDED, why);
    v->unrecorded = true;
    if (v->server->forget_oldest)
        roll_keep(v->server, v->dialogue, v->octets);
}

static void record_said(struct visit *v, enum side side, struct span octets)
{
    struct server *s = v->server;

    v->octets += octets.len;
    s->strangers_octets += octets.len;
    roll_make_room(s);
    record_octets(s->record, v->dialogue, side, octets, visit_now(v));
    if (record_full(s->record, v->dialogue))
        stop_recording(v, FULL_TALK);
    else if (s->strangers_octets > s->strangers_room)
        stop_recording(v, FULL_STRANGERS);
}

void tell_octets(struct visit *v, enum side side, struct span octets)
{
    if (side == SIDE_SERVER && heard(v))
        tell_replies(v, octets);
    if (visit_recorded_here(v) && !v->unrecorded)
        record_said(v, side, octets);
}

void tell_talk(const struct visit *v, enum talk_event e, const char *detail)
{
    if (visit_recorded_here(v))
        record_event(v->server->record, v->dialogue, e, span_of(detail), visit_now(v));
}

void tell_stored(const struct visit *v, const char *path, const char *id)
{
    struct server_event e = { .kind = SERVER_STORED, .letter = v->letter, .path = path, .id = id };

    if (heard(v))
        hand_out(v, &e);
}

static const char *how_it_ended(enum talk_event e)
{
    switch (e) {
    case TALK_CLOSED_BY_CLIENT:
        return "closed by the client";
    case TALK_CLOSED_BY_SERVER:
        return "closed by the server";
    case TALK_RESET:
        return "broken off (reset)";
    case TALK_TLS_FAILED:
        return "the TLS handshake failed";
    default:
        assert(e == TALK_STOPPED);
        return "stopped by this program";
    }
}

void tell_ended(const struct visit *v, enum talk_event e, const char *detail)
{
    struct server_event event = { .kind = SERVER_CLOSED,
                                  .lasted = visit_now(v) - v->began,
                                  .letters = v->letters };
    struct buf text = { 0 };

    tell_talk(v, e, detail);
    if (!heard(v))
        return;
    buf_printf(&text, "%s%s%s", how_it_ended(e), detail[0] ? ": " : "", detail);
    event.text = buf_span(&text);
    hand_out(v, &event);
    buf_release(&text);
}
