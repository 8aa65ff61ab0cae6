/*
 * What a TLS session is, told to the record. Details are "what: value"; those of certificates begin
 * with "certificate" and their number in the chain, the server's own first.
 */
#include "live/session.h"

#include <time.h>

#include "base/buf.h"
#include "base/clock.h"

#define DAY ((int64_t)24 * 3600)

struct telling {
    struct record *record;
    unsigned dialogue;
    int64_t now, wall; /* wall: in seconds */
};

static void tell(const struct telling *t, enum talk_event e, const struct buf *detail)
{
    record_event(t->record, t->dialogue, e, buf_span(detail), t->now);
}

static void detail(const struct telling *t, const char *what, const char *value)
{
    struct buf text = { 0 };

    if (!*value)
        return;
    buf_printf(&text, "%s: %s", what, value);
    tell(t, TALK_TLS_DETAIL, &text);
    buf_release(&text);
}

static void add_date(struct buf *out, int64_t seconds)
{
    time_t at = (time_t)seconds;
    char text[32] = "";
    struct tm parts;

    if (gmtime_r(&at, &parts))
        strftime(text, sizeof text, "%Y-%m-%d", &parts);
    buf_add_text(out, text);
}

static void add_days(struct buf *out, int64_t count, const char *after)
{
    buf_printf(out, "%lld %s%s", (long long)count, count == 1 ? "day" : "days", after);
}

/* "valid from 2026-01-01 to 2026-04-01, 45 days left" */
static void add_validity(struct buf *out, const struct tls_certificate *c, int64_t wall)
{
    buf_add_text(out, "valid from ");
    add_date(out, c->not_before);
    buf_add_text(out, " to ");
    add_date(out, c->not_after);
    buf_add_text(out, ", ");
    if (wall < c->not_before)
        buf_add_text(out, "not valid yet");
    else if (wall > c->not_after)
        add_days(out, (wall - c->not_after) / DAY, " past its end");
    else
        add_days(out, (c->not_after - wall) / DAY, " left");
}

static void certificate(const struct telling *t, const struct tls_certificate *c, unsigned number)
{
    struct buf text = { 0 };

    buf_printf(&text, "certificate %u: %s", number, *c->subject ? c->subject : "without a subject");
    if (*c->issuer)
        buf_printf(&text, "; issued by %s", c->issuer);
    if (*c->names)
        buf_printf(&text, "; for %s", c->names);
    if (*c->key)
        buf_printf(&text, "; key %s", c->key);
    buf_add_text(&text, "; ");
    add_validity(&text, c, t->wall);
    tell(t, TALK_TLS_DETAIL, &text);
    buf_clear(&text);
    buf_printf(&text, "certificate %u, SHA-256", number);
    detail(t, buf_text(&text), c->fingerprint);
    buf_release(&text);
}

static void done(const struct telling *t, const struct tls_report *report)
{
    struct buf text = { 0 };

    buf_add_text(&text, report->protocol);
    if (*report->cipher)
        buf_printf(&text, ", %s", report->cipher);
    if (*report->key_exchange)
        buf_printf(&text, ", %s", report->key_exchange);
    tell(t, TALK_TLS_DONE, &text);
    buf_release(&text);
}

void session_tell(struct record *r, unsigned d, const struct tls_report *report, int64_t now,
                  int64_t wall)
{
    struct telling t = { r, d, now, wall / CLOCK_SECOND };
    struct buf why = { 0 };

    done(&t, report);
    detail(&t, "server name sent (SNI)", report->server_name);
    detail(&t, "agreed protocol (ALPN)", report->alpn);
    detail(&t, "stapled OCSP response", report->staple);
    if (report->resumed)
        detail(&t, "session", "resumed from an earlier one");
    for (unsigned i = 0; i < report->chain_count && i < TLS_CHAIN_MAX; i++)
        certificate(&t, &report->chain[i], i + 1);
    buf_add_text(&why, report->why);
    tell(&t, report->verdict == TLS_VERIFIED ? TALK_TLS_VERIFIED : TALK_TLS_UNVERIFIED, &why);
    buf_release(&why);
}
