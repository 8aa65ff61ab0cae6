#include "base/marks.h"
#include "registry/keywords.h"
#include "smtp/command.h"
#include "view/dialogue.h"
#include "view/inside_fill.h"
#include "view/secured.h"

/* A name has few addresses; an endless list of attempts is not searched. */
#define EVENTS_BEFORE_CONNECTED 64

/* Words in a greeting by which programs name themselves. */
static const struct {
    const char *word, *program;
} programs[] = {
    { "Postfix", "Postfix" },
    { "Exim", "Exim" },
    { "Sendmail", "Sendmail" },
    { "OpenSMTPD", "OpenSMTPD" },
    { "Microsoft ESMTP", "Microsoft Exchange" },
    { "gsmtp", "Google" },
    { "Haraka", "Haraka" },
    { "Stalwart", "Stalwart" },
    { "MailEnable", "MailEnable" },
    { "hMailServer", "hMailServer" },
    { "MDaemon", "MDaemon" },
    { "CommuniGate", "CommuniGate Pro" },
    { "Kerio", "Kerio Connect" },
    { "PowerMTA", "PowerMTA" },
    { "Mailpit", "Mailpit" },
    { "MailHog", "MailHog" },
    { "aiosmtpd", "aiosmtpd" },
    { "Python SMTP", "aiosmtpd" },
    { "Mimecast", "Mimecast" },
    { "Barracuda", "Barracuda" },
    { "Proofpoint", "Proofpoint" },
    { "Courier", "Courier" },
    { "JAMES", "Apache James" },
};

static struct inside_row *last_row(struct inside_pane *pane)
{
    return &pane->at[pane->count - 1];
}

/* The server's first words. False: none have come up to line `last`. */
static bool banner(const struct record *r, unsigned d, uint32_t last, struct record_line *out)
{
    for (uint32_t n = 1; n <= last && n <= RECORD_SNAPSHOT_LINES; n++)
        if (record_line_side(r, d, n) == SIDE_SERVER) {
            record_line(r, d, n, 0, out);
            return true;
        }
    return false;
}

static void add_software(struct inside_pane *pane, const struct record *r, unsigned d,
                         uint32_t last)
{
    struct buf *value = inside_row_add(pane, "software", 1, INSIDE_LEFT);
    struct record_line line;

    if (!banner(r, d, last, &line)) {
        buf_add_text(value, "no greeting yet");
        return;
    }
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        if (span_search(line.line.head, span_of(programs[i].word), 0, true) != SPAN_NOT_FOUND) {
            buf_printf(value, "%s, its greeting says", programs[i].program);
            last_row(pane)->inferred = true;
            return;
        }
    buf_add_text(value, "its greeting names none");
}

static void add_size_limit(struct buf *out, const struct observer *o)
{
    if (o->size_limit)
        inside_count(out, o->size_limit, "octet", "octets");
    else
        buf_add_text(out, "not named");
}

/* What keeps the talk secret comes first: a narrow row is cut at its end. */
static bool comes_first(const char *keyword)
{
    return strcmp(keyword, "STARTTLS") == 0 || strcmp(keyword, "AUTH") == 0;
}

static void add_offered(struct buf *out, const struct observer *o, bool first)
{
    for (unsigned i = 0; i < keyword_row_count; i++)
        if (observer_offers(o, i) && comes_first(keyword_rows[i].keyword) == first)
            buf_printf(out, "%s%s", out->len ? " " : "", keyword_rows[i].keyword);
}

static void add_keywords(struct buf *out, const struct observer *o)
{
    if (!o->hello_line) {
        buf_add_text(out, "not known yet: EHLO asks for them");
        return;
    }
    if (!o->esmtp) {
        buf_add_text(out, "not known: HELO does not ask for them");
        return;
    }
    add_offered(out, o, true);
    add_offered(out, o, false);
    if (o->keywords_other)
        buf_add_text(out, out->len ? " and others" : "some that are not known here");
    if (!out->len)
        buf_add_text(out, "it offers none");
}

/* A round trip is what the connection took: one packet there and one back. */
static void add_round_trip(struct buf *out, const struct record *r, unsigned d)
{
    uint32_t count = record_events(r, d);
    int64_t from = -1;

    for (uint32_t i = 0; i < count && i < EVENTS_BEFORE_CONNECTED; i++) {
        struct record_event e;

        record_event_get(r, d, i, &e);
        if (e.event == TALK_CONNECTING) {
            from = e.time;
        } else if (e.event == TALK_CONNECTED && from >= 0) {
            dialogue_time(out, e.time - from);
            buf_add_text(out, ", to connect");
            return;
        }
    }
    buf_add_text(out, "not measured");
}

/* The path in a line of the envelope. */
static bool add_path(struct buf *out, const struct record *r, unsigned d, uint32_t n,
                     unsigned flags)
{
    struct record_line line;
    struct command c;

    if (!n)
        return false;
    record_line(r, d, n, 0, &line);
    command_parse(&line.line, COMMAND_LINE_MAX, &c);
    marks_add(out, c.path.kind == PATH_NONE ? line.line.head : c.path.whole, flags);
    return true;
}

static void add_envelope(struct inside_pane *pane, const struct record *r, unsigned d,
                         const struct observer *o, unsigned flags)
{
    struct buf *from = inside_row_add(pane, "letter from", 3, INSIDE_LEFT), *to;

    if (!add_path(from, r, d, o->mail_line, flags))
        buf_add_text(from, "nobody yet");
    to = inside_row_add(pane, "letter to", 3, INSIDE_RIGHT);
    if (!o->rcpt_accepted || !add_path(to, r, d, o->rcpt_lines[0], flags))
        buf_add_text(to, "nobody yet");
    else if (o->rcpt_accepted > 1)
        buf_printf(to, " and %lu more", (unsigned long)o->rcpt_accepted - 1);
}

/* A doubt comes first: a narrow row is cut at its end. */
static void add_encryption(struct buf *out, const struct record *r, unsigned d,
                           const struct observer *o, unsigned flags)
{
    struct secured s;

    if (!o->tls) {
        buf_add_text(out, "no: open to all on the way");
        return;
    }
    if (o->trust == TRUST_UNVERIFIED || o->trust == TRUST_GIVEN)
        buf_add_text(out, o->trust == TRUST_GIVEN ? "NOT verified, trusted by you"
                                                  : "NOT verified: /tls tells why");
    if (!secured_find(r, d, o->lines, &s) || !s.protocol.len) {
        buf_add_text(out, out->len ? "" : "yes");
        return;
    }
    buf_add_text(out, out->len ? "; " : "");
    marks_add(out, s.protocol, flags);
    if (s.days.len) {
        buf_add_text(out, ", certificate: ");
        marks_add(out, s.days, flags);
    }
    if (s.rest.len) {
        buf_add_text(out, "; ");
        marks_add(out, s.rest, flags);
    }
}

void inside_fill_known(struct inside_pane *pane, const struct record *r, unsigned d,
                       const struct observer *o, unsigned flags)
{
    const char *server = record_server(r, d);

    buf_add_text(&pane->heading, "what we know of ");
    marks_add(&pane->heading, span_of(*server ? server : "the server"), flags);
    buf_add_text(&pane->heading, "  (? = concluded, not told)");
    pane->basic = 3;
    buf_add_text(inside_row_add(pane, "waits for", 0, INSIDE_LEFT),
                 session_state_waits(o->over ? AT_END : o->state));
    last_row(pane)->inferred = true;
    add_round_trip(inside_row_add(pane, "round trip", 0, INSIDE_RIGHT), r, d);
    add_software(pane, r, d, o->lines);
    add_size_limit(inside_row_add(pane, "size limit", 1, INSIDE_RIGHT), o);
    add_keywords(inside_row_add(pane, "keywords", 2, INSIDE_WHOLE), o);
    add_envelope(pane, r, d, o, flags);
    add_encryption(inside_row_add(pane, "TLS", 4, INSIDE_LEFT), r, d, o, flags);
    inside_count(inside_row_add(pane, "accepted", 4, INSIDE_RIGHT), o->letters, "letter",
                 "letters");
}
