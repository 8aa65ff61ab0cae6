#include "view/secured.h"

#include "base/marks.h"

/* Events of one handshake: its chain has at most ten certificates, two details each. Behind it come
 * few others; an endless talk is not searched. */
#define EVENTS_SEARCHED 256

/* "... , 45 days left": what stands behind the last comma. */
static struct span days_in(struct span detail)
{
    size_t at = detail.len;

    while (at && detail.at[at - 1] != ',')
        at--;
    return at ? span_trim(span_from(detail, at)) : span_first(detail, 0);
}

static void take(struct secured *out, uint32_t i, const struct record_event *e)
{
    switch (e->event) {
    case TALK_TLS_VERIFIED:
    case TALK_TLS_UNVERIFIED:
        if (!out->last)
            out->last = i;
        break;
    case TALK_TLS_DETAIL:
        if (span_starts(e->detail, SPAN("certificate 1: ")))
            out->days = days_in(e->detail);
        break;
    case TALK_TLS_DONE:
        out->protocol = span_cut(e->detail, ',', &out->rest);
        out->rest = span_trim(out->rest);
        out->last = out->last ? out->last : i;
        break;
    default:
        break;
    }
}

bool secured_find(const struct record *r, unsigned d, uint32_t n, struct secured *out)
{
    uint32_t count = n == UINT32_MAX ? record_events(r, d) : record_event_after(r, d, n + 1);
    bool done = false;

    *out = (struct secured){ .protocol = { NULL, 0 } };
    for (uint32_t i = count; i-- && i + EVENTS_SEARCHED > count;) {
        struct record_event e;

        record_event_get(r, d, i, &e);
        take(out, i, &e);
        done |= e.event == TALK_TLS_DONE;
        out->first = i;
        if (e.event == TALK_TLS_STARTING)
            break;
    }
    return done;
}

void secured_words(const struct record *r, unsigned d, const struct observer *o, struct buf *out)
{
    struct secured s;

    if (!o->tls) {
        buf_add_text(out, "NOT encrypted");
        return;
    }
    buf_add_text(out, "encrypted");
    if (o->trust == TRUST_UNVERIFIED || o->trust == TRUST_GIVEN) {
        buf_add_text(out, ", NOT verified");
    } else if (secured_find(r, d, UINT32_MAX, &s) && s.protocol.len) {
        buf_add_text(out, ", ");
        marks_add(out, s.protocol, 0);
    }
}
