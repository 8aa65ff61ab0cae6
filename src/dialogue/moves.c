#include "dialogue/moves.h"

#include "dialogue/letter.h"
#include "dialogue/pairing.h"
#include "registry/keywords.h"

static unsigned good_digit(enum verb verb)
{
    return verb == VERB_DATA ? 3 : 2;
}

/* Where a command leads when it is allowed and goes well. */
static enum session_state expected_after(enum session_state state, enum verb verb, unsigned flags)
{
    const struct session_step *step = flags & RUN_LAST
                                          ? session_last_chunk(state, 250)
                                          : session_step(state, verb, good_digit(verb) * 100 + 50);

    return step && step->standard ? step->to : state;
}

void moves_expect(struct observer *o, enum verb verb, unsigned flags)
{
    o->expected = expected_after(o->expected, verb, flags);
}

static void expect_again(struct observer *o)
{
    o->expected = o->state;
    for (unsigned i = 0; i < o->pending_used; i++) {
        const struct observer_run *run = pairing_run(o, i);

        if (!(run->flags & RUN_IN_LETTER))
            moves_expect(o, pairing_verb(run), run->flags);
    }
}

static void forget_reader(struct observer *o)
{
    o->reader_line = 0;
    memset(o->reader, 0, sizeof o->reader);
}

static void clear_transaction(struct observer *o)
{
    if (o->reader_line <=
        o->reply_to_line) /* a RCPT sent before this reply came is the next one's */
        forget_reader(o);
    o->mail_line = 0;
    if (o->letter == LETTER_NONE)
        o->data_line = 0;
    o->rcpt_accepted = o->rcpt_refused = 0;
    memset(o->rcpt_lines, 0, sizeof o->rcpt_lines);
}

void moves_end(struct observer *o)
{
    pairing_clear(o);
    o->letter = LETTER_NONE;
    o->chunk_left = 0;
    o->verdicts_due = 0;
    o->login = (struct login){ 0 };
    o->reply = (struct reply){ 0 };
    o->state = o->expected = AT_END;
    o->ended = true;
    clear_transaction(o);
}

static void forget_new_keywords(struct observer *o)
{
    memset(o->keywords_new, 0, sizeof o->keywords_new);
    o->size_limit_new = 0;
    o->keywords_other_new = false;
}

/* Everything that was learnt in plain text is void, on both sides, and replies that were due then
 * never come (RFC 3207 4.2). Only what was offered is remembered beside it, to be compared. */
static void forget_plain_text(struct observer *o)
{
    const struct session_step *step = session_step(o->state, VERB_TLS_DONE, 220);

    o->before_tls = o->esmtp;
    memcpy(o->keywords_before, o->keywords, sizeof o->keywords_before);
    memset(o->keywords, 0, sizeof o->keywords);
    o->size_limit = 0;
    o->keywords_other = o->esmtp = o->lmtp = o->authenticated = false;
    o->hello_line = 0;
    o->login = (struct login){ 0 };
    pairing_clear(o);
    o->letter = LETTER_NONE;
    o->chunk_left = 0;
    o->chunk_refused = false;
    o->verdicts_due = 0;
    o->reply = (struct reply){ 0 };
    forget_new_keywords(o);
    forget_reader(o);
    clear_transaction(o);
    o->state = o->expected = step ? step->to : AT_HELLO;
}

void moves_encrypted(struct observer *o)
{
    o->tls = true;
    if (o->greeted) /* else TLS came first, and there is nothing to forget */
        forget_plain_text(o);
}

/* A line of an EHLO reply after the first: RFC 5321 4.1.1.1. */
static void keyword(struct observer *o, struct span text)
{
    struct span params, name = span_cut(text, ' ', &params), rest;
    int number = keyword_number(name);

    if (number < 0) /* "AUTH=LOGIN", as old servers wrote it */
        number = keyword_number(span_cut(name, '=', &rest));
    if (number < 0) {
        o->keywords_other_new = true;
        return;
    }
    o->keywords_new[number / 64] |= (uint64_t)1 << number % 64;
    if (span_eq_nocase(name, SPAN("SIZE")) && !span_number(span_trim(params), &o->size_limit_new))
        o->size_limit_new = 0;
}

static void take_hello(struct observer *o, enum verb verb, uint32_t line)
{
    o->hello_line = line;
    o->lmtp = verb == VERB_LHLO;
    o->esmtp = verb != VERB_HELO;
    memcpy(o->keywords, o->keywords_new, sizeof o->keywords); /* HELO: none came in */
    o->size_limit = o->size_limit_new;
    o->keywords_other = o->keywords_other_new;
}

static void take_recipient(struct observer *o, unsigned digit, uint32_t line)
{
    bool reader = o->reader_line == line;

    if (digit == 2 ? !o->rcpt_accepted && !reader : reader)
        forget_reader(o);
    if (digit != 2) {
        o->rcpt_refused++;
        return;
    }
    if (o->rcpt_accepted < OBSERVER_RECIPIENTS_MAX)
        o->rcpt_lines[o->rcpt_accepted] = line;
    o->rcpt_accepted++;
}

/* BDAT ... LAST or the dot. */
static bool ends_letter(const struct observer *o, const struct observer_run *head)
{
    return o->reply_verb == VERB_BODY_END ||
           (o->reply_verb == VERB_BDAT && (head->flags & RUN_LAST));
}

static void count_verdict(struct observer *o, const struct observer_run *head, unsigned digit)
{
    o->errors += digit == 5;
    o->letters += digit == 2 && ends_letter(o, head);
}

/* What a reply changes beside the state. */
static void take_effect(struct observer *o, enum verb verb, unsigned digit,
                        const struct session_step *step)
{
    o->chunk_refused = o->state == AT_CHUNK && (verb == VERB_BDAT ? digit != 2 : o->chunk_refused);
    if (step && (step->to == AT_HELLO || step->to == AT_READY || step->to == AT_END) &&
        verb != VERB_AUTH && verb != VERB_AUTH_LINE)
        clear_transaction(o);
    if (verb == VERB_RCPT && digit != 3) {
        take_recipient(o, digit, o->reply_to_line);
        return;
    }
    if (digit != 2)
        return;
    if (verb == VERB_EHLO || verb == VERB_HELO || verb == VERB_LHLO) {
        take_hello(o, verb, o->reply_to_line);
    } else if (verb == VERB_MAIL) {
        clear_transaction(o);
        o->mail_line = o->reply_to_line;
    } else if (verb == VERB_AUTH || verb == VERB_AUTH_LINE) {
        o->authenticated = true;
    }
}

/* While the server waits for an answer in a login it reads every line as one (RFC 4954 4), and only
 * then. A 2yz that is no 235 shows that it has read a command. */
static enum verb verb_answered(const struct observer *o, const struct observer_run *head)
{
    if (o->login.asked && (o->reply.code / 100 != 2 || o->reply.code == 235))
        return VERB_AUTH_LINE;
    return !o->login.asked && head->verb == VERB_AUTH_LINE ? VERB_UNKNOWN : pairing_verb(head);
}

/* The first line of a reply has come: whom does it answer? */
static void begin_reply(struct observer *o)
{
    const struct observer_run *head = pairing_head(o), *near_miss = pairing_near_miss(o);
    unsigned digit = o->reply.code / 100;

    o->reply_first_line = o->lines;
    o->reply_verb = VERB_UNKNOWN;
    o->reply_to_line = 0;
    o->reply_unasked = false;
    if (!o->greeted &&
        !(head && o->reply.code == 250)) { /* 250 is the answer to a HELO sent early */
        o->reply_verb = VERB_CONNECT;
    } else if (head) {
        o->reply_verb = verb_answered(o, head);
        o->reply_to_line = head->line;
    } else if (near_miss && (digit == 2 || digit == 4 || digit == 5)) {
        o->reply_verb = VERB_BODY_END; /* this server took it for the dot */
        o->reply_to_line = near_miss->line;
    } else {
        o->reply_unasked = true;
        if (o->letter == LETTER_GRANTED)
            o->reply_verb = VERB_BODY_END; /* the server breaks in */
    }
}

static const struct session_step *step_of(const struct observer *o, const struct observer_run *head,
                                          unsigned code)
{
    enum verb verb = o->reply_verb;

    if (o->reply_unasked) /* only what ends something moves the state */
        return code == 421 || (verb == VERB_BODY_END && (code / 100 == 4 || code / 100 == 5))
                   ? session_step(o->state, verb, code)
                   : NULL;
    if (verb == VERB_BDAT && ends_letter(o, head))
        return o->lmtp && code / 100 != 2 /* one recipient of several is no failed chunk */
                   ? session_step(AT_BODY, VERB_BODY_END, code)
                   : session_last_chunk(o->state, code);
    if (verb == VERB_UNKNOWN && code == 354) /* only DATA is answered so */
        return session_step(o->state, VERB_DATA, code);
    if ((head->flags & RUN_FORGOTTEN) && o->state == AT_BODY)
        return session_step(o->state, VERB_BODY_END, code);
    return session_step(o->state, verb, code);
}

/* A BDAT that the server does not know: it has not taken the octets for a chunk either. */
static bool chunk_is_unknown(const struct observer *o, unsigned code)
{
    return o->reply_verb == VERB_BDAT && (code == 500 || code == 502);
}

/* The end of a letter is answered once for each recipient in LMTP (RFC 2033 4.2, 4.3), and behind
 * 353 with Exim's PRDR, there with one reply more, for the letter. True while more are due. */
static bool more_due(struct observer *o, const struct observer_run *head, unsigned code)
{
    uint32_t recipients = o->rcpt_accepted ? o->rcpt_accepted : 1;

    if (!ends_letter(o, head) || o->reply_unasked || chunk_is_unknown(o, code))
        return false;
    if (code == 353 && !o->lmtp) {
        o->verdicts_due = recipients + 1;
        return true;
    }
    if (o->lmtp && !o->verdicts_due)
        o->verdicts_due = recipients;
    return o->verdicts_due && --o->verdicts_due > 0;
}

/* What the reply means for the lines that the client has sent, or sends next. */
static void read_on(struct observer *o, const struct observer_run *head, unsigned code)
{
    bool unknown = o->reply_verb == VERB_UNKNOWN && !(head->flags & RUN_FORGOTTEN);
    bool granted = code / 100 == 3 && o->state == AT_BODY;

    if (o->reply_unasked || o->reply_verb == VERB_CONNECT) {
        if (o->letter == LETTER_GRANTED && o->state != AT_BODY)
            pairing_read_again(o, false);
        return;
    }
    if (pairing_head(o)) {
        pairing_answered(o);
    } else if (pairing_near_miss(o)) {
        pairing_near_miss_taken(o);
        pairing_read_again(o, true);
        letter_begin(o);
    }
    if (granted)
        o->login.left = 0;
    if (head->verb == VERB_DATA && granted) {
        pairing_granted(o);
    } else if (head->verb == VERB_DATA) {
        pairing_read_again(o, false);
    } else if (unknown && granted && !o->pending_used) {
        o->letter = LETTER_GRANTED;
        letter_begin(o);
    } else if (chunk_is_unknown(o, code)) {
        o->chunk_left = 0;
        pairing_read_again(o, false);
    } else if (head->verb == VERB_BDAT) {
        pairing_drop_letter(o);
    }
}

static void follow_login(struct observer *o, const struct observer_run *head, unsigned code)
{
    bool command = (head->flags & RUN_AUTH) && head->verb != VERB_AUTH_LINE;

    login_answered(&o->login,
                   code == 334 || (o->login.asked ? o->reply_verb == VERB_AUTH_LINE : command),
                   code / 100);
}

static bool went_as_expected(const struct observer *o, unsigned code,
                             const struct session_step *step)
{
    return (!step || step->standard) && code / 100 == good_digit(o->reply_verb);
}

static void settle(struct observer *o, const struct observer_run *head, unsigned code,
                   struct observed *out)
{
    bool as_expected;

    out->step = step_of(o, head, code);
    if (out->step)
        o->state = out->step->to;
    as_expected = went_as_expected(o, code, out->step);
    count_verdict(o, head, code / 100);
    take_effect(o, o->reply_verb, code / 100, out->step);
    follow_login(o, head, code);
    read_on(o, head, code);
    if (!o->pending_count)
        o->expected = o->state;
    else if (!as_expected)
        expect_again(o);
}

static void reply_ended(struct observer *o, struct observed *out)
{
    struct observer_run head = { 0 };
    unsigned code = o->reply.code;

    if (!o->reply_unasked && o->reply_verb != VERB_CONNECT && pairing_head(o))
        head = *pairing_head(o);
    if (more_due(o, &head, code) && code != 421)
        count_verdict(o, &head, o->lmtp || code / 100 == 5 ? code / 100 : 0);
    else
        settle(o, &head, code, out);
    if (o->state == AT_END)
        o->verdicts_due = 0;
    o->ended = o->state == AT_END;
    o->greeted = o->greeted || code; /* a line without a code greets nobody */
    forget_new_keywords(o);
    o->reply = (struct reply){ 0 };
}

/* The verdicts of LMTP come in the order of the accepted recipients (RFC 2033 4.2). */
static uint32_t recipient_of(const struct observer *o)
{
    const struct observer_run *head = pairing_head(o);
    uint32_t at = o->verdicts_due ? o->rcpt_accepted - o->verdicts_due : 0;

    if (!o->lmtp || o->reply_unasked || !head || !ends_letter(o, head))
        return 0;
    return at < o->rcpt_accepted && at < OBSERVER_RECIPIENTS_MAX ? o->rcpt_lines[at] : 0;
}

void moves_reply_line(struct observer *o, const struct line *line, struct observed *out)
{
    bool whole = reply_add(&o->reply, line, &out->part);

    if (o->reply.lines == 1)
        begin_reply(o);
    else if ((o->reply_verb == VERB_EHLO || o->reply_verb == VERB_LHLO) && out->part.code)
        keyword(o, out->part.text);
    out->role = ROLE_REPLY;
    out->reply = o->reply;
    out->answers = o->reply_verb;
    out->answers_line = o->reply_to_line;
    out->recipient_line = recipient_of(o);
    out->unsolicited = o->reply_unasked;
    if (out->part.code == 334) {
        login_asks(&o->login, out->part.text);
        out->mechanism = (enum auth_mechanism)o->login.mechanism;
        out->said = o->login.said;
    }
    if (whole)
        reply_ended(o, out);
}
