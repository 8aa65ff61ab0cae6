/* Invariant: however the client's octets are cut, the same replies, facts (but for the counts of a
 * letter under way) and letters; every whole command line and every dot gets exactly one reply;
 * what waits inside stays bounded.
 * The first octet of the input chooses the policy. */
#include <assert.h>
#include <stdint.h>

#include "smtp/body.h"
#include "smtp/reply.h"
#include "support/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const domains[] = { "hamburger.edu" };
static const struct policy strict = { .hostname = "hamburger.edu",
                                      .domains = domains,
                                      .domain_count = 1,
                                      .any_recipient = true,
                                      .size_limit = 50,
                                      .recipients_max = 2,
                                      .errors_max = 4 };

static void run(struct drive *d, struct span wire, size_t piece, unsigned how)
{
    drive_start(d, how & 1 ? &strict : &policy_lab);
    d->refuse = how & 2 ? "no" : NULL;
    for (size_t at = 0; at < wire.len; at += piece)
        assert(drive_push(d, span_first(span_from(wire, at), piece)) ==
               span_first(span_from(wire, at), piece).len);
    assert(engine_waiting(d->engine) == 0);
    engine_client_closed(d->engine, 0);
    drive_pull(d);
    assert(d->closes == 1);
}

/* Whole replies in what the server sent. */
static size_t replies(const struct drive *d)
{
    struct span all = buf_span(&d->replies);
    struct reply r = { 0 };
    size_t n = 0, at = 0;

    while (at < all.len) {
        struct span text = span_from(all, at);
        size_t len = span_find(text, '\n');
        struct line line = { .head = span_first(text, len ? len - 1 : 0),
                             .len = len ? len - 1 : 0,
                             .end = LINE_CRLF };

        assert(len < text.len && len > 3 && len <= 511 && text.at[len - 1] == '\r');
        at += len + 1;
        if (!reply_add(&r, &line, NULL))
            continue;
        assert(r.faults == 0 && r.code >= 200);
        r = (struct reply){ 0 };
        n++;
    }
    assert(r.lines == 0);
    return n;
}

/* Lines and dots that were due a reply, by the replies themselves: 354 begins a letter, 221 and
 * 421 end the talk. */
static size_t due(const struct drive *d, struct span wire)
{
    struct span all = buf_span(&d->replies);
    size_t n = 1, at = 0, reply = span_find(all, '\n') + 1;

    while (at < wire.len) {
        size_t end = span_find(span_from(wire, at), '\n');

        if (at + end == wire.len)
            return n;
        at += end + 1;
        n++;
        while (reply + 3 < all.len && all.at[reply + 3] == '-')
            reply += span_find(span_from(all, reply), '\n') + 1;
        if (span_starts(span_from(all, reply), SPAN("221")) ||
            span_starts(span_from(all, reply), SPAN("421")))
            return n;
        if (span_starts(span_from(all, reply), SPAN("354"))) {
            struct body body = { 0 };

            reply += span_find(span_from(all, reply), '\n') + 1;
            at += body_push(&body, span_from(wire, at), NULL);
            if (!body.ended)
                return n;
            n++;
            if (span_starts(span_from(all, reply), SPAN("421")))
                return n;
        }
        reply += span_find(span_from(all, reply), '\n') + 1;
    }
    return n;
}

/* Without the counts of letters under way, which depend on how the octets came. */
static void drop_counts(struct buf *facts)
{
    struct buf kept = { 0 };
    struct span rest = buf_span(facts);

    while (rest.len) {
        size_t len = span_find(rest, '\n') + 1;

        if (!span_starts(rest, SPAN("BODY ")))
            buf_add(&kept, span_first(rest, len));
        rest = span_from(rest, len);
    }
    buf_release(facts);
    *facts = kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned how = size ? data[0] : 0;
    struct span wire = span_from(span_make(data, size), 1);
    static const size_t pieces[] = { 1, 3, 40 };
    struct drive whole;

    run(&whole, wire, wire.len ? wire.len : 1, how);
    assert(replies(&whole) == due(&whole, wire));
    drop_counts(&whole.facts);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct drive cut;

        run(&cut, wire, pieces[i], how);
        drop_counts(&cut.facts);
        assert(span_eq(buf_span(&whole.replies), buf_span(&cut.replies)));
        assert(span_eq(buf_span(&whole.letters), buf_span(&cut.letters)));
        assert(span_eq(buf_span(&whole.facts), buf_span(&cut.facts)));
        drive_end(&cut);
    }
    drive_end(&whole);
    return 0;
}
