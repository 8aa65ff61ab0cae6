#include "view/letter.h"

#include "base/marks.h"
#include "view/header.h"
#include "view/para.h"
#include "view/walk.h"

/* Lines after the letter's last one in which replies to a blindly sent letter are looked for: more
 * than any client sends at once. */
#define REPLIES_SPAN 1024
/* Lines before the one asked for in which the DATA of an empty letter is looked for. */
#define LOOK_BACK 1024

/* The server leaves in the middle (RFC 5321 3.8). */
#define BROKEN_OFF 421

struct letter_view {
    const struct record *record;
    unsigned dialogue, cols;
    bool ascii;
    struct styled *out;
    uint32_t first, last; /* lines of the letter; first > last: none yet */
    bool known;           /* the envelope was found: */
    struct observer envelope;
    struct body_counts counts;
    uint64_t header_lines; /* the empty one behind them included */
    unsigned verdict;      /* the code that answered the dot; 0: none yet */
    struct buf from;       /* the envelope's sender, empty: <> */
    bool from_known;
    struct buf recipients[OBSERVER_RECIPIENTS_MAX];
    unsigned recipient_count;
    struct header header;
    struct buf words;
};

/* From the state after line `n` on: the state when DATA was granted, and the reply to the dot. */
static void follow(struct letter_view *v, uint32_t n)
{
    struct walk w;

    walk_start(&w, v->record, v->dialogue, n + 1);
    for (unsigned i = 0; i < REPLIES_SPAN; i++) {
        if (w.after.state == AT_BODY) {
            v->envelope = w.after;
            v->known = true;
        } else if (v->known) {
            break;
        }
        if (!walk_next(&w))
            break;
        if (w.line.role != ROLE_REPLY || !w.line.reply.whole)
            continue;
        if (w.line.answers == VERB_BODY_END)
            v->verdict = w.line.reply.code;
        if (v->verdict || (w.line.answers == VERB_DATA && w.line.after != AT_BODY))
            break;
    }
}

static bool is_data(const struct letter_view *v, uint32_t n)
{
    struct record_line kept;
    struct command c;

    if (record_line_role(v->record, v->dialogue, n) != ROLE_COMMAND)
        return false;
    record_line(v->record, v->dialogue, n, 0, &kept);
    command_parse(&kept.line, COMMAND_LINE_MAX, &c);
    return c.verb == VERB_DATA;
}

/* The state before the letter's end has its envelope. A letter without lines is found by its DATA.
 */
static void find_envelope(struct letter_view *v, uint32_t n)
{
    struct observer state;

    if (v->first <= v->last) {
        record_state(v->record, v->dialogue, v->last, &state);
        v->counts = state.body.counts;
        follow(v, v->last);
        return;
    }
    for (unsigned i = 0; i < LOOK_BACK && i < n && !v->known; i++)
        if (is_data(v, n - i))
            follow(v, n - i);
}

/* The mailbox in a MAIL or RCPT line. */
static bool mailbox_of(struct letter_view *v, uint32_t line, struct buf *out)
{
    struct record_line kept;
    struct command c;

    if (!line)
        return false;
    record_line(v->record, v->dialogue, line, 0, &kept);
    command_parse(&kept.line, COMMAND_LINE_MAX, &c);
    buf_add(out, c.path.mailbox);
    return c.path.kind != PATH_NONE;
}

static void read_envelope(struct letter_view *v)
{
    const struct observer *o = &v->envelope;

    if (!v->known)
        return;
    v->from_known = mailbox_of(v, o->mail_line, &v->from);
    for (uint32_t i = 0; i < o->rcpt_accepted && i < OBSERVER_RECIPIENTS_MAX; i++)
        if (mailbox_of(v, o->rcpt_lines[i], &v->recipients[v->recipient_count]))
            v->recipient_count++;
}

/* A line of the letter as its reader gets it (RFC 5321 4.5.2: a dot in front was doubled). */
static void read_line(const struct letter_view *v, uint32_t n, struct record_line *out)
{
    record_line(v->record, v->dialogue, n, 0, out);
    if (out->line.head.len && out->line.head.at[0] == '.') {
        out->line.head = span_from(out->line.head, 1);
        out->line.len--;
    }
}

/* Behind the last line of the letter that is shown. */
static uint32_t shown_end(const struct letter_view *v)
{
    uint32_t count = v->first <= v->last ? v->last - v->first + 1 : 0;

    return v->first + (count < LETTER_SHOWN_LINES ? count : LETTER_SHOWN_LINES);
}

static void read_header(struct letter_view *v)
{
    for (uint32_t n = v->first; n < shown_end(v) && v->header.place != HEADER_OVER; n++) {
        struct record_line kept;

        if (record_line_role(v->record, v->dialogue, n) != ROLE_LETTER)
            continue;
        read_line(v, n, &kept);
        if (kept.gap)
            return;
        if (header_take(&v->header, kept.line.head) != HEADER_LINE_BODY)
            v->header_lines++;
    }
}

/* Octets of a peer in a sentence of ours. */
static void add_shown(struct letter_view *v, struct span octets)
{
    marks_add(&v->words, para_first(octets, PARA_QUOTE_MAX), v->ascii ? MARKS_ASCII : 0);
}

static void heading(struct letter_view *v, const char *name, const char *what)
{
    para_add(v->out, v->cols, STYLE_BOLD, name, span_of(what));
}

/* A sentence about the letter; %s-like parts are put together in v->words by the caller. */
static void remark(struct letter_view *v)
{
    para_add(v->out, v->cols, STYLE_NOTE, "  ! ", buf_span(&v->words));
    buf_clear(&v->words);
}

static void remark_text(struct letter_view *v, const char *text)
{
    buf_add_text(&v->words, text);
    remark(v);
}

static void envelope_row(struct letter_view *v, const char *label, struct span mailbox)
{
    add_shown(v, mailbox);
    if (!mailbox.len)
        buf_add_text(&v->words, "<>  (nobody: a notice that must not be answered)");
    para_add(v->out, v->cols, STYLE_CLIENT, label, buf_span(&v->words));
    buf_clear(&v->words);
}

static void draw_envelope(struct letter_view *v)
{
    heading(v, "envelope  ", "what MAIL and RCPT said; servers deliver by it");
    if (!v->known) {
        remark_text(v, v->first <= v->last ? "the server has not yet agreed to take this letter"
                                           : "it stands too far back to be shown here");
        return;
    }
    if (v->from_known)
        envelope_row(v, "  from  ", buf_span(&v->from));
    else
        remark_text(v, "no sender: the server took the letter without MAIL");
    for (unsigned i = 0; i < v->recipient_count; i++)
        envelope_row(v, i ? "        " : "  to    ", buf_span(&v->recipients[i]));
    if (!v->recipient_count)
        remark_text(v, "no recipient was accepted; the server takes the letter all the same");
    if (v->envelope.rcpt_accepted > v->recipient_count && v->recipient_count) {
        buf_printf(&v->words, "and %u more",
                   (unsigned)(v->envelope.rcpt_accepted - v->recipient_count));
        para_add(v->out, v->cols, STYLE_CLIENT, "        ", buf_span(&v->words));
        buf_clear(&v->words);
    }
    if (v->envelope.rcpt_refused) {
        buf_printf(&v->words, "%u more %s refused: this letter does not go there",
                   (unsigned)v->envelope.rcpt_refused,
                   v->envelope.rcpt_refused == 1 ? "recipient was" : "recipients were");
        remark(v);
    }
}

/* The sender of the envelope beside the author in the header. */
static void compare_sender(struct letter_view *v)
{
    struct span rest = header_value(&v->header, HEADER_FROM), author;

    if (!v->from_known || !v->header.has[HEADER_FROM] || !header_address(&rest, &author) ||
        header_names(&v->header, HEADER_FROM, buf_span(&v->from)))
        return;
    buf_add_text(&v->words, "From: says ");
    add_shown(v, author);
    if (v->from.len) {
        buf_add_text(&v->words, ", the envelope says ");
        add_shown(v, buf_span(&v->from));
        buf_add_text(&v->words, ". Both may be honest (mailing lists do this), or one is not: SMTP "
                                "never compares them.");
    } else {
        buf_add_text(&v->words, ", the envelope names no sender.");
    }
    remark(v);
}

static bool named_in_header(const struct letter_view *v, struct span mailbox)
{
    return header_names(&v->header, HEADER_TO, mailbox) ||
           header_names(&v->header, HEADER_CC, mailbox) ||
           header_names(&v->header, HEADER_BCC, mailbox);
}

static bool named_in_envelope(const struct letter_view *v, struct span mailbox)
{
    for (unsigned i = 0; i < v->recipient_count; i++)
        if (mailbox_same(buf_span(&v->recipients[i]), mailbox))
            return true;
    return false;
}

/* More than this many remarks of one kind teach nothing. */
#define SAME_REMARKS 4

static void compare_recipients(struct letter_view *v)
{
    bool addressed = v->header.has[HEADER_TO] || v->header.has[HEADER_CC];
    unsigned said = 0;

    /* where the header names nobody, that is said once, and is no blind copy */
    for (unsigned i = 0; i < v->recipient_count && addressed && said < SAME_REMARKS; i++) {
        if (named_in_header(v, buf_span(&v->recipients[i])))
            continue;
        add_shown(v, buf_span(&v->recipients[i]));
        buf_add_text(&v->words, " gets this letter and is not named in the header: a blind copy.");
        remark(v);
        said++;
    }
    said = 0;
    for (int field = HEADER_TO; field <= HEADER_CC; field++) {
        struct span rest = header_value(&v->header, (enum header_field)field), address;

        while (v->envelope.rcpt_accepted == v->recipient_count && said < SAME_REMARKS &&
               header_address(&rest, &address)) {
            if (named_in_envelope(v, address))
                continue;
            add_shown(v, address);
            buf_add_text(&v->words, " is named in the header and not in the envelope: this letter "
                                    "does not go there.");
            remark(v);
            said++;
        }
    }
}

/* What RFC 5322 3.6 asks for, and what readers miss. */
static void missing_fields(struct letter_view *v)
{
    const bool *has = v->header.has;

    if (!has[HEADER_FROM])
        remark_text(v, "No From: the reader does not see who wrote this. Every letter should have "
                       "one.");
    if (!has[HEADER_DATE])
        remark_text(v, "No Date: the reader does not see when it was written. Every letter should "
                       "have one.");
    if (!has[HEADER_TO] && !has[HEADER_CC])
        remark_text(v, "No To: the reader does not see whom it is meant for.");
    if (!has[HEADER_SUBJECT])
        remark_text(v, "No Subject: mail programs show an empty line in their lists.");
    if (has[HEADER_BCC])
        remark_text(v, "Bcc: stands in the letter, so every reader sees who was to be hidden.");
}

/* The header is judged when it is over: by an empty line, or with the letter. */
static void compare(struct letter_view *v)
{
    struct header *h = &v->header;

    if (h->none)
        remark_text(v, "This letter has no header: a header is lines such as \"Subject: lunch\", "
                       "then an empty line. The reader sees neither author, date nor subject.");
    if (h->unparted)
        remark_text(v, "There is no empty line between header and body: where one ends and the "
                       "other starts is guesswork, and programs guess differently.");
    if (h->none || (h->place != HEADER_OVER && (!v->verdict || v->verdict == BROKEN_OFF)))
        return;
    if (v->known) {
        compare_sender(v);
        compare_recipients(v);
    }
    missing_fields(v);
}

static void quote_gap(struct letter_view *v, uint32_t lines)
{
    if (!lines)
        return;
    buf_printf(&v->words, "%u %s no longer kept in memory", (unsigned)lines,
               lines == 1 ? "line is" : "lines are");
    remark(v);
}

/* Lines from *n on as long as they are header, or body. */
static void quote_lines(struct letter_view *v, struct header *h, bool body, uint32_t *n)
{
    uint32_t gap = 0;

    for (; *n < shown_end(v); ++*n) {
        struct record_line kept;
        enum header_line kind;

        if (record_line_role(v->record, v->dialogue, *n) != ROLE_LETTER)
            continue;
        read_line(v, *n, &kept);
        if (kept.gap) {
            gap++;
            continue;
        }
        kind = body ? HEADER_LINE_BODY : header_take(h, kept.line.head);
        if (!body && kind != HEADER_LINE_FIELD) {
            *n += kind == HEADER_LINE_EMPTY; /* it belongs to neither */
            break;
        }
        quote_gap(v, gap);
        gap = 0;
        para_quote(v->out, v->cols, v->ascii, body ? STYLE_PLAIN : STYLE_CLIENT, kept.line.head,
                   kept.line.len - kept.line.head.len);
    }
    quote_gap(v, gap);
}

/* All lines but those of the header, whatever a parser of headers made of them. */
static void body_heading(struct letter_view *v)
{
    const struct body_counts *c = &v->counts;
    uint64_t lines = c->header_lines + c->body_lines + c->blank_line, body = 0;

    if (lines > v->header_lines)
        body = lines - v->header_lines;
    buf_printf(&v->words, "%llu %s; the letter as a whole has %llu octets",
               (unsigned long long)body, body == 1 ? "line" : "lines",
               (unsigned long long)c->octets);
    heading(v, "body      ", buf_text(&v->words));
    buf_clear(&v->words);
}

static void draw_text(struct letter_view *v)
{
    struct header h = { 0 };
    uint32_t n = v->first;

    heading(v, "header    ", "what the letter says about itself; its reader sees it");
    quote_lines(v, &h, false, &n);
    compare(v);
    body_heading(v);
    quote_lines(v, &h, true, &n);
    if (v->first <= v->last && v->last >= n) {
        buf_printf(&v->words, "and %u more lines, not shown here", (unsigned)(v->last - n + 1));
        remark(v);
    }
    header_release(&h);
}

static void draw_verdict(struct letter_view *v)
{
    static const char *const words[] = {
        "the server has taken charge of it", "the server wants more",
        "the server does not take it now; the sender may try again", "the server refused it"
    };

    if (v->verdict == BROKEN_OFF) {
        heading(v, "letter    ", "broken off by the server with 421; the sender may try again");
    } else if (v->verdict >= 200 && v->verdict < 600) {
        buf_printf(&v->words, "sent, answered with %u: %s", v->verdict,
                   words[v->verdict / 100 - 2]);
        heading(v, "letter    ", buf_text(&v->words));
        buf_clear(&v->words);
    } else {
        heading(v, "letter    ", "under way; a line with only a dot ends it");
    }
}

bool letter_text(const struct record *r, unsigned d, uint32_t n, unsigned cols, bool ascii,
                 struct styled *out)
{
    struct letter_view v = { .record = r, .dialogue = d, .cols = cols, .ascii = ascii, .out = out };

    if (n > record_lines(r, d))
        n = record_lines(r, d);
    if (!record_letter(r, d, n, &v.first, &v.last)) {
        para_add(out, cols, STYLE_NOTE, "",
                 SPAN("There is no letter yet: it starts when the server answers DATA with 354."));
        return false;
    }
    find_envelope(&v, n);
    read_envelope(&v);
    read_header(&v);
    draw_verdict(&v);
    draw_envelope(&v);
    draw_text(&v);
    buf_release(&v.from);
    for (unsigned i = 0; i < v.recipient_count; i++)
        buf_release(&v.recipients[i]);
    header_release(&v.header);
    buf_release(&v.words);
    return true;
}
