#include "dialogue/observer.h"

#include <stddef.h>

#include "dialogue/letter.h"
#include "dialogue/mask.h"
#include "dialogue/moves.h"
#include "dialogue/order.h"
#include "dialogue/pairing.h"

/* Longest command lines without CRLF: with the extensions that lengthen MAIL and RCPT (RFC 1870 26,
 * RFC 6152 17, RFC 4954 500, RFC 3461 500, RFC 6531 10), and of AUTH (RFC 4954 4). */
#define LONGEST_ESMTP (COMMAND_LINE_MAX + 26 + 17 + 500 + 500 + 10)
#define LONGEST_AUTH  12288

void observer_init(struct observer *o)
{
    *o = (struct observer){ .state = AT_CONNECT, .expected = AT_CONNECT };
}

bool observer_offers(const struct observer *o, unsigned keyword)
{
    return keyword < OBSERVER_KEYWORD_WORDS * 64 && (o->keywords[keyword / 64] >> keyword % 64 & 1);
}

bool observer_offered_before(const struct observer *o, unsigned keyword)
{
    return o->before_tls && keyword < OBSERVER_KEYWORD_WORDS * 64 &&
           (o->keywords_before[keyword / 64] >> keyword % 64 & 1);
}

bool observer_starttls_waits(const struct observer *o)
{
    return !o->over && pairing_waits(o, VERB_STARTTLS);
}

enum verb observer_awaits(const struct observer *o)
{
    const struct observer_run *head = pairing_head(o);

    if (o->over)
        return VERB_COUNT;
    if (!o->greeted)
        return VERB_CONNECT;
    if (!head)
        return VERB_COUNT;
    return o->login.asked ? VERB_AUTH_LINE : pairing_verb(head);
}

uint32_t observer_outstanding(const struct observer *o)
{
    return o->over ? 0 : o->pending_count + !o->greeted;
}

/* A user's name may be shown only where one was asked for. */
static void know_message(const struct login *l, struct observed *out)
{
    bool may_show =
        l->mechanism != AUTH_LOGIN || out->said || out->role != ROLE_AUTH || l->asks_name;

    out->mechanism = may_show ? (enum auth_mechanism)l->mechanism : AUTH_UNKNOWN;
}

static void auth_line(struct observer *o, const struct line *line, struct observed *out)
{
    bool open = o->login.asked || pairing_auth_waits(o);

    out->role = ROLE_AUTH;
    out->said = o->login.said;
    login_says(&o->login);
    know_message(&o->login, out);
    out->secret = mask_in_auth_line(line->head);
    if (open) {
        pairing_sent(o, o->lines, VERB_AUTH_LINE, RUN_AUTH);
        moves_expect(o, VERB_AUTH_LINE, 0);
    } else { /* the server has refused the AUTH, and takes this for a command */
        o->login.left--;
        pairing_sent(o, o->lines, VERB_UNKNOWN, 0);
    }
}

/* BDAT size [LAST]: the octets follow at once, whatever the server will say (RFC 3030 2). */
static unsigned begin_chunk(struct observer *o, const struct command *c)
{
    struct span last, size = span_cut(c->argument, ' ', &last);

    if (!span_number(size, &o->chunk_left))
        return 0;
    return span_eq_nocase(span_trim(last), SPAN("LAST")) ? RUN_LAST : 0;
}

static unsigned begin_mail(struct observer *o, const struct command *c)
{
    const struct param *body = command_param(c, SPAN("BODY"));

    if (o->expected == AT_MAIL || o->expected == AT_RCPT)
        return 0; /* the letter under way was declared by the MAIL before */
    o->mail_eight_bit = body && (span_eq_nocase(body->value, SPAN("8BITMIME")) ||
                                 span_eq_nocase(body->value, SPAN("BINARYMIME")));
    o->mail_utf8 = command_param(c, SPAN("SMTPUTF8")) != NULL;
    return 0;
}

/* The first recipient may be the letter's reader: a plain word can stand in a sentence. */
static void begin_recipient(struct observer *o, const struct command *c)
{
    struct span local = c->path.local;

    if (o->rcpt_accepted || pairing_waits(o, VERB_RCPT))
        return;
    memset(o->reader, 0, sizeof o->reader);
    o->reader_line = o->lines;
    for (size_t i = 0; i < local.len; i++)
        if (!ascii_is_alpha(local.at[i]))
            return;
    if (local.len < sizeof o->reader && local.len)
        memcpy(o->reader, local.at, local.len);
}

static void command_line(struct observer *o, const struct line *line, struct observed *out)
{
    struct command *c = &out->command;
    unsigned flags = 0;
    bool auth = mask_is_auth_command(line->head);

    out->role = ROLE_COMMAND;
    command_parse(line, auth ? LONGEST_AUTH : o->esmtp ? LONGEST_ESMTP : COMMAND_LINE_MAX, c);
    order_check(o, c);
    if (auth) {
        out->secret = mask_in_auth_command(line->head);
        flags = RUN_AUTH;
        login_begins(&o->login, line->head, pairing_auth_waits(o));
        know_message(&o->login, out);
    } else if (o->login.asked) {
        out->secret = mask_behind_verb(line->head);
    }
    if (c->verb == VERB_MAIL)
        flags = begin_mail(o, c);
    else if (c->verb == VERB_RCPT)
        begin_recipient(o, c);
    else if (c->verb == VERB_BDAT)
        flags = begin_chunk(o, c);
    pairing_sent(o, o->lines, c->verb, flags);
    moves_expect(o, c->verb, flags);
    if (c->verb == VERB_DATA) {
        o->data_line = o->lines;
        o->login.left = 0; /* what follows is a letter's */
        o->letter = LETTER_ASKED;
        letter_begin(o);
    }
}

/* Text that the server may yet read as commands: AUTH in it is as secret as anywhere. */
static struct span secret_in_text(const struct observer *o, struct span head)
{
    if (mask_is_auth_in_letter(head))
        return mask_in_auth_command(head);
    return login_hides(&(struct login){ .left = o->login.left }, false, head) ? head
                                                                              : span_first(head, 0);
}

/* Flags for the pairing. */
static unsigned hide_in_text(struct observer *o, const struct line *line, struct observed *out)
{
    out->secret = secret_in_text(o, line->head);
    if (mask_is_auth_in_letter(line->head)) {
        o->login.left = LOGIN_LINES;
        return RUN_AUTH;
    }
    if (out->secret.len)
        o->login.left--;
    return 0;
}

/* A chunk is counted in octets, and a command may follow on the same line. */
static void chunk_line(struct observer *o, const struct line *line, struct observed *out)
{
    uint64_t octets = line->len + line_end_octets(line->end);
    struct line rest = *line;

    out->role = ROLE_CHUNK;
    if (octets <= o->chunk_left) {
        o->chunk_left -= octets;
        if (o->pending_used) /* the server may not know BDAT, and read lines */
            pairing_sent(o, o->lines, letter_verb(line),
                         hide_in_text(o, line, out) | RUN_IN_LETTER);
        return;
    }
    rest.head = span_from(line->head, o->chunk_left < SIZE_MAX ? (size_t)o->chunk_left : SIZE_MAX);
    rest.len = line->len > o->chunk_left ? line->len - o->chunk_left : 0;
    o->chunk_left = 0;
    command_line(o, &rest, out);
    out->role = ROLE_CHUNK;
}

static void line_of_letter(struct observer *o, const struct line *line, struct observed *out)
{
    bool first = o->body.counts.octets == 0, asked = o->letter == LETTER_ASKED;
    unsigned flags = letter_line(o, line, out);

    if (flags & RUN_DOT) {
        if (!asked)
            pairing_drop_letter(o);
        pairing_sent(o, o->lines, VERB_UNKNOWN, RUN_DOT | RUN_END);
        moves_expect(o, VERB_BODY_END, 0);
        o->letter = LETTER_NONE;
        o->login.left = 0;
        return;
    }
    if (asked)
        flags |= hide_in_text(o, line, out);
    if (asked && first)
        mistakes_add(&out->letter_mistakes, MISTAKE_PIPELINED_PAST_SYNC, 0, 0);
    /* it may yet turn out to be a command */
    if (asked || flags || o->pending_used)
        pairing_sent(o, o->lines, letter_verb(line), flags | RUN_IN_LETTER);
}

static void client_line(struct observer *o, const struct line *line, struct observed *out)
{
    if (o->chunk_left)
        chunk_line(o, line, out);
    else if (o->letter != LETTER_NONE)
        line_of_letter(o, line, out);
    else if (login_hides(&o->login, pairing_auth_waits(o), line->head))
        auth_line(o, line, out);
    else
        command_line(o, line, out);
}

void observer_line(struct observer *o, enum side side, const struct line *line,
                   struct observed *out)
{
    *out = (struct observed){ .side = side, .number = ++o->lines, .line = *line };
    out->before = o->state;
    if (side == SIDE_CLIENT)
        client_line(o, line, out);
    else
        moves_reply_line(o, line, out);
    out->after = o->state;
}

struct span observer_open_secret(const struct observer *o, struct span head)
{
    bool open = o->login.asked || pairing_auth_waits(o);

    if (o->chunk_left) /* a command may follow the chunk on its line */
        head = span_from(head, o->chunk_left < SIZE_MAX ? (size_t)o->chunk_left : SIZE_MAX);
    if (o->letter == LETTER_GRANTED)
        return span_first(head, 0);
    if (o->letter == LETTER_ASKED)
        return secret_in_text(o, head);
    if (open) /* what looks like a verb may be the beginning of something else */
        return mask_in_auth_line(head);
    if (mask_is_auth_command(head))
        return mask_in_auth_command(head);
    return login_hides(&o->login, false, head) ? head : span_first(head, 0);
}

void observer_event(struct observer *o, enum talk_event e)
{
    switch (e) {
    case TALK_TLS_DONE:
        moves_encrypted(o);
        break;
    case TALK_TLS_VERIFIED:
        o->trust = TRUST_VERIFIED;
        break;
    case TALK_TLS_UNVERIFIED:
        o->trust = TRUST_UNVERIFIED;
        break;
    case TALK_TLS_TRUSTED:
        o->trust = TRUST_GIVEN;
        break;
    default:
        if (!talk_event_ends(e))
            break;
        moves_end(o);
        o->over = true;
    }
}

size_t observer_pack(const struct observer *o, unsigned char *at)
{
    struct observer head = *o;
    size_t len = offsetof(struct observer, pending);

    head.pending_at = 0;
    memcpy(at, &head, len);
    for (unsigned i = 0; i < o->pending_used; i++, len += sizeof o->pending[0])
        memcpy(at + len, pairing_run(o, i), sizeof o->pending[0]);
    return len;
}

void observer_unpack(struct observer *o, const unsigned char *at)
{
    const size_t head = offsetof(struct observer, pending);

    *o = (struct observer){ 0 };
    memcpy(o, at, head);
    memcpy(o->pending, at + head, o->pending_used * sizeof o->pending[0]);
}

static bool same_body(const struct body *a, const struct body *b)
{
    return memcmp(&a->counts, &b->counts, offsetof(struct body_counts, blank_line)) == 0 &&
           a->counts.blank_line == b->counts.blank_line && a->line_len == b->line_len &&
           a->state == b->state && a->ended == b->ended;
}

static bool same_reply(const struct reply *a, const struct reply *b)
{
    return a->code == b->code && a->enhanced.class == b->enhanced.class &&
           a->enhanced.subject == b->enhanced.subject && a->enhanced.detail == b->enhanced.detail &&
           a->faults == b->faults && a->lines == b->lines && a->octets == b->octets &&
           a->whole == b->whole;
}

static bool same_pending(const struct observer *a, const struct observer *b)
{
    if (a->pending_used != b->pending_used || a->pending_count != b->pending_count)
        return false;
    for (unsigned i = 0; i < a->pending_used; i++) {
        const struct observer_run *x = pairing_run(a, i), *y = pairing_run(b, i);

        if (x->line != y->line || x->count != y->count || x->verb != y->verb ||
            x->flags != y->flags)
            return false;
    }
    return true;
}

bool observer_same(const struct observer *a, const struct observer *b)
{
#define SAME(field)       (a->field == b->field)
#define SAME_ARRAY(field) (memcmp(a->field, b->field, sizeof a->field) == 0)
    return SAME(state) && SAME(expected) && SAME(letter) && SAME(esmtp) && SAME(lmtp) &&
           SAME(greeted) && SAME(ended) && SAME(over) && SAME(lines) && SAME(hello_line) &&
           SAME(mail_line) && SAME(data_line) && SAME_ARRAY(rcpt_lines) && SAME(rcpt_accepted) &&
           SAME(rcpt_refused) && SAME(reader_line) && SAME_ARRAY(reader) && SAME(letters) &&
           SAME(errors) && SAME(verdicts_due) && SAME_ARRAY(keywords) && SAME_ARRAY(keywords_new) &&
           SAME(size_limit) && SAME(size_limit_new) && SAME(keywords_other) &&
           SAME(keywords_other_new) && SAME(tls) && SAME(authenticated) && SAME(trust) &&
           SAME(before_tls) && SAME_ARRAY(keywords_before) && SAME(login.asked) &&
           SAME(login.left) && SAME(login.mechanism) && SAME(login.said) && SAME(login.answered) &&
           SAME(login.asks_name) && SAME(mail_eight_bit) && SAME(mail_utf8) && SAME(chunk_left) &&
           SAME(chunk_refused) && same_body(&a->body, &b->body) && SAME(letter_has_header) &&
           SAME(letter_unparted) && same_reply(&a->reply, &b->reply) && SAME(reply_first_line) &&
           SAME(reply_to_line) && SAME(reply_verb) && SAME(reply_unasked) && same_pending(a, b);
#undef SAME
#undef SAME_ARRAY
}
