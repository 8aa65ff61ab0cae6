/*
 * /slow: what is typed goes out a few octets at a time, each in a write of its own and so, with
 * TCP_NODELAY, in a segment of its own; and the parts of /raw, in the same way. TCP may still join
 * them on the way.
 */
#include "base/mem.h"
#include "console/inner.h"
#include "dialogue/mask.h"

/* Long enough for the server to have read what came before, short enough not to be waited for. */
#define GAP_USUAL_MS 20
/* More at a time would be no slower; longer pauses than a minute are what /wait is for. */
#define OCTETS_MAX ((uint64_t)64 * 1024)
#define GAP_MAX_MS ((uint64_t)60000)

void slow_release(struct console *c)
{
    struct slow *s = &c->slow;

    if (s->pending.len)
        mem_wipe(s->pending.at, s->pending.len);
    buf_release(&s->pending);
    s->at = 0;
    s->parts = s->part = 0;
    s->auth = false;
}

bool slow_takes(const struct console *c)
{
    return c->busy == BUSY_SLOW || (c->slow.octets && c->busy == BUSY_NOT);
}

static void begin(struct console *c)
{
    slow_release(c);
    c->slow.dialogue = console_dialogue(c);
    c->busy = BUSY_SLOW;
    c->timer_rang = true; /* the first piece goes out at once */
}

bool slow_send(struct console *c, struct span octets)
{
    if (tls_holds(c->current, octets))
        return true;
    if (c->busy != BUSY_SLOW)
        begin(c);
    c->slow.auth = c->slow.auth || mask_is_auth_command(octets);
    buf_add(&c->slow.pending, octets);
    return true;
}

bool slow_send_parts(struct console *c, struct span octets, const size_t *ends, unsigned parts)
{
    if (c->pipeline.on || parts < 2 || !console_talking(c) || c->busy != BUSY_NOT)
        return console_send(c, octets);
    if (!slow_send(c, octets) || c->busy != BUSY_SLOW)
        return true;
    memcpy(c->slow.ends, ends, parts * sizeof *ends);
    c->slow.parts = parts;
    return true;
}

/* What goes out next. */
static struct span next_piece(struct slow *s)
{
    struct span rest = span_from(buf_span(&s->pending), s->at);

    if (s->part < s->parts)
        return span_first(rest, s->ends[s->part++] - s->at);
    return s->octets ? span_first(rest, s->octets) : rest;
}

static void tell_stopped(struct console *c, const char *why)
{
    console_say(c, "%s after %zu of %zu octets; the others are not sent.\n", why, c->slow.at,
                c->slow.pending.len);
}

void slow_stop(struct console *c)
{
    tell_stopped(c, "Stopped");
    slow_release(c);
}

static bool done(struct console *c)
{
    slow_release(c);
    console_not_busy(c);
    return true;
}

bool slow_turn(struct console *c)
{
    struct slow *s = &c->slow;
    struct span piece;

    if (c->busy != BUSY_SLOW)
        return false;
    if (!console_talking(c) || console_dialogue(c) != s->dialogue) {
        tell_stopped(c, "The talk was over");
        return done(c);
    }
    /* What waits in a queue would be joined with what comes behind it. */
    if (!c->timer_rang || !console_was_connected(c) || client_queued(c->current->client))
        return false;
    c->timer_rang = false;
    piece = next_piece(s);
    s->at += piece.len;
    c->current->sent += piece.len;
    client_send(c->current->client, piece);
    if (s->at >= s->pending.len)
        return done(c);
    watch_set_timer(c->timer, s->octets ? s->gap : GAP_USUAL_MS * 1000);
    return false;
}

static void tell(struct console *c)
{
    if (!c->slow.octets) {
        console_say(c, "What is typed goes out whole. /slow 1 sends it octet by octet, /slow 4 100 "
                       "four at a time, 100 ms apart.\n");
        return;
    }
    console_say(c,
                "What is typed goes out %zu %s at a time, %lld ms apart, each in a write of its "
                "own. /octets shows them; /slow off ends that.\n",
                c->slow.octets, c->slow.octets == 1 ? "octet" : "octets",
                (long long)(c->slow.gap / 1000));
}

/* "N", "N MS", also "N 20ms". */
static bool read_pace(struct span args, uint64_t *octets, uint64_t *ms)
{
    struct span rest, first = span_cut(args, ' ', &rest);

    rest = span_trim(rest);
    if (rest.len > 2 && span_eq_nocase(span_from(rest, rest.len - 2), SPAN("ms")))
        rest = span_first(rest, rest.len - 2);
    *ms = GAP_USUAL_MS;
    return span_number(first, octets) && *octets > 0 && *octets <= OCTETS_MAX &&
           (!rest.len || (span_number(rest, ms) && *ms <= GAP_MAX_MS));
}

void command_slow(struct console *c, struct span args)
{
    uint64_t octets, ms;

    if (span_eq_nocase(args, SPAN("off"))) {
        c->slow.octets = 0;
        tell(c);
    } else if (!args.len) {
        tell(c);
    } else if (read_pace(args, &octets, &ms)) {
        c->slow.octets = (size_t)octets;
        c->slow.gap = (int64_t)ms * 1000;
        tell(c);
    } else {
        console_complain(c,
                         "/slow needs how many octets go out at a time, at most %llu, and perhaps "
                         "the milliseconds between, at most %llu, as in /slow 1 20; or off",
                         (unsigned long long)OCTETS_MAX, (unsigned long long)GAP_MAX_MS);
        console_worsen(c, STATUS_USAGE);
    }
}
