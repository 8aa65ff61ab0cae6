/* Invariant: however the client's octets are cut, the same replies, facts (but for the counts of a
 * letter under way, for what was sent ahead, and for the pieces of what was injected) and letters;
 * every whole command line, dot, chunk and line of a login gets its replies and nothing else does;
 * what waits inside stays bounded, and so does what is kept of letters.
 * The first octet of the input chooses the policy. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "smtp/body.h"
#include "smtp/reply.h"
#include "support/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EVERYTHING ((1u << EXTENSION_COUNT) - 1)
#define LETTER     50

static const char *const domains[] = { "hamburger.edu" };
static const char *const members[] = { "bob@hamburger.edu", "carol@hamburger.edu" };
static const struct policy_list lists[] = { { "friends", members, 2 } };

/* Small limits: a fuzzer reaches them. */
#define SMALL                                                                                      \
    .hostname = "hamburger.edu", .domains = domains, .domain_count = 1, .any_recipient = true,     \
    .size_limit = LETTER, .recipients_max = 2
static const struct policy strict = { SMALL, .errors_max = 4 };
static const struct policy whole = { SMALL,
                                     .extensions = EVERYTHING,
                                     .mechanisms = "PLAIN LOGIN",
                                     .auth_without_tls = true,
                                     .vrfy = POLICY_TELLS,
                                     .expn = POLICY_TELLS,
                                     .lists = lists,
                                     .list_count = 1,
                                     .mail_max = 5,
                                     .rcpt_domain_max = 2,
                                     .text_line_max = 20 };
static const struct policy lmtp = { SMALL, .extensions = EVERYTHING, .lmtp = true };
static const struct policy guarded = { SMALL, .extensions = EVERYTHING, .mechanisms = "PLAIN",
                                       .require_tls = true, .require_auth = true };
static const struct policy *const policies[] = { &policy_lab, &strict, &whole, &lmtp, &guarded };

static void start(struct drive *d, unsigned how)
{
    const struct policy *policy = policies[how % (sizeof policies / sizeof policies[0])];

    drive_start(d, policy);
    d->refuse = how & 0x10 ? "no" : NULL;
    d->no_handshake = (how & 0x20) == 0;
    d->verdict = how & 0x40 ? ENGINE_AUTH_MORE : ENGINE_AUTH_OK;
    d->challenge = "alice";
}

static void run(struct drive *d, struct span wire, size_t piece, unsigned how)
{
    start(d, how);
    for (size_t at = 0; at < wire.len; at += piece) {
        assert(drive_push(d, span_first(span_from(wire, at), piece)) ==
               span_first(span_from(wire, at), piece).len);
        assert(engine_letter_octets(d->engine) <= policy_lab.size_limit);
        /* Inside TLS other octets come, which depends on what was sent with STARTTLS. */
        if (d->handshakes && !d->no_handshake)
            break;
    }
    assert(engine_waiting(d->engine) == 0);
    engine_client_closed(d->engine, 0);
    drive_pull(d);
    assert(d->closes == 1);
}

/* Every line is one of a reply, and no reply is broken off. */
static void check_replies(const struct drive *d)
{
    struct span all = buf_span(&d->replies);
    struct reply r = { 0 };
    size_t at = 0;

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
    }
    assert(r.lines == 0);
}

static size_t count_replies(struct span all)
{
    size_t n = 0, start = 0;

    for (size_t i = 0; i < all.len; i++) {
        if (all.at[i] != '\n')
            continue;
        n += all.at[start + 3] == ' ';
        start = i + 1;
    }
    return n;
}

/* A reply comes with the octet that ends what it answers, and with no other. */
static void check_moments(struct span wire, unsigned how)
{
    struct drive d;

    start(&d, how);
    for (size_t at = 0; at < wire.len; at++) {
        size_t before = d.replies.len, more;

        drive_push(&d, span_first(span_from(wire, at), 1));
        if (d.handshakes)
            break;
        more = count_replies(span_from(buf_span(&d.replies), before));
        assert(more <= 2); /* LMTP, with two recipients */
    }
    drive_end(&d);
}

/* Without what depends on how the octets came; how many octets were injected is counted. */
static uint64_t drop_chance(struct buf *facts)
{
    struct buf kept = { 0 };
    struct span rest = buf_span(facts);
    uint64_t injected = 0;

    while (rest.len) {
        size_t len = span_find(rest, '\n') + 1;

        if (span_starts(rest, SPAN("INJECTED ")))
            injected += strtoull((const char *)rest.at + strlen("INJECTED "), NULL, 10);
        else if (span_starts(rest, SPAN("BODY ")) || span_starts(rest, SPAN("NOTED ")))
            ;
        else
            buf_add(&kept, span_first(rest, len));
        rest = span_from(rest, len);
    }
    buf_release(facts);
    *facts = kept;
    return injected;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned how = size ? data[0] : 0;
    struct span wire = span_from(span_make(data, size), 1);
    static const size_t pieces[] = { 1, 3, 40 };
    struct drive all;
    uint64_t injected;

    run(&all, wire, wire.len ? wire.len : 1, how);
    check_replies(&all);
    check_moments(wire, how);
    injected = drop_chance(&all.facts);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct drive cut;

        run(&cut, wire, pieces[i], how);
        if (!(all.handshakes && !all.no_handshake)) {
            assert(drop_chance(&cut.facts) == injected);
            assert(span_eq(buf_span(&all.replies), buf_span(&cut.replies)));
            assert(span_eq(buf_span(&all.letters), buf_span(&cut.letters)));
            assert(span_eq(buf_span(&all.logins), buf_span(&cut.logins)));
            assert(span_eq(buf_span(&all.facts), buf_span(&cut.facts)));
        }
        drive_end(&cut);
    }
    drive_end(&all);
    return 0;
}
