#include "view/happened.h"

#include "base/marks.h"

/* Events whose detail goes on with the sentence; that of others explains them. */
static bool goes_on(enum talk_event e)
{
    return e == TALK_RESOLVING || e == TALK_RESOLVED || e == TALK_CONNECTING ||
           e == TALK_CONNECTED || e == TALK_TLS_DETAIL;
}

void happened_text(const struct record_event *e, unsigned marks_flags, struct buf *out)
{
    buf_add_text(out, talk_event_text(e->event));
    if (!e->detail.len)
        return;
    buf_add_text(out, goes_on(e->event) ? " " : ": ");
    marks_add(out, e->detail, marks_flags);
}

/* Behind the last colon: "127.0.0.1:25", "[::1]:25". */
static unsigned port_in(struct span where)
{
    size_t digits = 0;
    uint64_t port;

    while (digits < where.len && ascii_is_digit(where.at[where.len - 1 - digits]))
        digits++;
    if (digits == where.len || where.at[where.len - 1 - digits] != ':' ||
        !span_number(span_from(where, where.len - digits), &port) || port > UINT16_MAX)
        return 0;
    return (unsigned)port;
}

unsigned happened_port(const struct record *r, unsigned d, uint32_t i)
{
    for (i++; i-- > 0;) {
        struct record_event e;

        record_event_get(r, d, i, &e);
        if (e.event == TALK_CONNECTING || e.event == TALK_CONNECTED)
            return port_in(e.detail);
    }
    return 0;
}
