#include "dialogue/order.h"

#include "dialogue/pairing.h"
#include "registry/keywords.h"

/* After so many errors servers slow down or hang up: Postfix slows down at 10 and closes at 20,
 * others are quicker. */
#define ORDER_ERRORS_MANY 10

static void add(struct command *c, enum mistake mistake)
{
    mistakes_add(&c->mistakes, mistake, 0, 0);
}

static bool offered(const struct observer *o, struct span keyword)
{
    int number = keyword_number(keyword);

    return number >= 0 && observer_offers(o, (unsigned)number);
}

bool order_must_wait(enum verb verb)
{
    switch (verb) {
    case VERB_EHLO:
    case VERB_HELO:
    case VERB_LHLO:
    case VERB_DATA:
    case VERB_VRFY:
    case VERB_EXPN:
    case VERB_NOOP:
    case VERB_QUIT:
    case VERB_STARTTLS: /* RFC 3207 4 */
    case VERB_AUTH:     /* RFC 4954 4 */
    case VERB_AUTH_LINE:
        return true;
    default:
        return false;
    }
}

static bool hello_waits(const struct observer *o)
{
    return pairing_waits(o, VERB_EHLO) || pairing_waits(o, VERB_HELO) ||
           pairing_waits(o, VERB_LHLO);
}

static void check_place(const struct observer *o, struct command *c)
{
    enum mistake mistake;

    if (!o->greeted) {
        add(c, MISTAKE_TOO_EARLY);
        return;
    }
    if (o->expected == AT_BODY || o->expected == AT_TLS || o->expected == AT_AUTH ||
        o->expected == AT_END)
        return; /* what comes here is no command, or comes past a point of waiting */
    mistake = session_misplaced(o->expected, c->verb);
    if (o->chunk_refused && o->expected == AT_CHUNK && c->verb == VERB_BDAT)
        mistake = MISTAKE_NESTED_MAIL;
    if (mistake == MISTAKE_BEFORE_HELO && o->tls && c->verb == VERB_MAIL)
        mistake = MISTAKE_MAIL_AFTER_STARTTLS;
    if (mistake != MISTAKE_COUNT)
        add(c, mistake);
}

static void check_pipelining(const struct observer *o, struct command *c)
{
    const struct observer_run *newest = pairing_newest(o);

    if (!o->pending_count || !newest || !o->greeted)
        return;
    if (order_must_wait((enum verb)newest->verb))
        add(c, MISTAKE_PIPELINED_PAST_SYNC);
    else if (!offered(o, SPAN("PIPELINING")) && !hello_waits(o))
        add(c, MISTAKE_PIPELINED_NOT_OFFERED);
}

static void check_params(const struct observer *o, struct command *c)
{
    if (!o->hello_line || hello_waits(o))
        return;
    for (unsigned i = 0; i < c->param_count; i++) {
        const struct param *p = &c->params[i];
        const struct param_row *row = param_row(span_of(verb_word(c->verb)), p->keyword);

        if (!o->esmtp)
            mistakes_add(&c->mistakes, MISTAKE_PARAMETER_AFTER_HELO, p->column,
                         (unsigned)p->keyword.len);
        else if (row ? !param_offered(row, o->keywords) : !o->keywords_other)
            mistakes_add(&c->mistakes, MISTAKE_PARAMETER_NOT_OFFERED, p->column,
                         (unsigned)p->keyword.len);
    }
}

/* Mechanisms that hand over the password itself. */
static bool is_plaintext(struct span mechanism)
{
    return span_eq_nocase(mechanism, SPAN("PLAIN")) || span_eq_nocase(mechanism, SPAN("LOGIN"));
}

static void check_offer(const struct observer *o, struct command *c)
{
    struct span rest;

    if (!o->hello_line || hello_waits(o))
        return;
    switch (c->verb) {
    case VERB_AUTH:
        if (!offered(o, SPAN("AUTH")))
            add(c, MISTAKE_AUTH_NOT_OFFERED);
        if (!o->tls && is_plaintext(span_cut(c->argument, ' ', &rest)))
            add(c, MISTAKE_AUTH_WITHOUT_TLS);
        break;
    case VERB_STARTTLS:
        if (!offered(o, SPAN("STARTTLS")))
            add(c, MISTAKE_STARTTLS_NOT_OFFERED);
        break;
    case VERB_BDAT:
        if (!offered(o, SPAN("CHUNKING")))
            add(c, MISTAKE_VERB_NOT_OFFERED);
        break;
    case VERB_ETRN:
        if (!offered(o, SPAN("ETRN")))
            add(c, MISTAKE_VERB_NOT_OFFERED);
        break;
    default:
        break;
    }
}

void order_check(const struct observer *o, struct command *c)
{
    check_place(o, c);
    check_offer(o, c);
    check_params(o, c);
    if (c->verb == VERB_RCPT && c->path.utf8 && !o->mail_utf8 &&
        !mistakes_have(&c->mistakes, MISTAKE_UTF8_WITHOUT_SMTPUTF8))
        add(c, MISTAKE_UTF8_WITHOUT_SMTPUTF8);
    check_pipelining(o, c);
    if (o->errors >= ORDER_ERRORS_MANY && mistakes_worst(&c->mistakes, WRONG))
        add(c, MISTAKE_TOO_MANY_ERRORS);
}
