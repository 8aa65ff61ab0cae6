/*
 * MAIL and RCPT: who sends, who gets. Sources: RFC 5321 3.3, 4.1.1.2, 4.1.1.3; RFC 1870 6 (SIZE),
 * RFC 6531 3.4 (addresses in UTF-8), RFC 3461 4 (DSN), RFC 9422 (LIMITS).
 */
#include "engine/inner.h"

/* RFC 5321 4.5.3.1.8: at least so many. */
#define RECIPIENTS_LEAST 100

/* Named values only, so that what a letter says can be kept as a pointer. */
static const char *one_of(const struct param *p, const char *const *words, size_t count)
{
    for (size_t i = 0; p && i < count; i++)
        if (span_eq_nocase(p->value, span_of(words[i])))
            return words[i];
    return "";
}

static void note_params(struct transaction *t, const struct command *c)
{
    static const char *const rets[] = { "FULL", "HDRS" };
    static const char *const bodies[] = { "7BIT", "8BITMIME", "BINARYMIME" };
    const struct param *envid = command_param(c, SPAN("ENVID"));
    const struct param *size = command_param(c, SPAN("SIZE"));

    t->ret = one_of(command_param(c, SPAN("RET")), rets, 2);
    t->type = one_of(command_param(c, SPAN("BODY")), bodies, 3);
    if (envid && !xtext_decode(&t->envid, envid->value))
        buf_add(&t->envid, envid->value);
    if (size)
        span_number(size->value, &t->announced);
}

/* False: the letter is announced with more octets than are taken. A number that no integer holds
 * is too large as well. */
static bool check_size(struct engine *e, const struct command *c)
{
    const struct param *size = command_param(c, SPAN("SIZE"));
    uint64_t octets, limit = engine_size_limit(e);

    if (!size || !e->esmtp || (span_number(size->value, &octets) && octets <= limit))
        return true;
    if (engine_bears(e, VERB_MAIL, SITUATION_SIZE_ANNOUNCED))
        return true;
    engine_fact(e, FACT_DECIDED, engine_code(e, VERB_MAIL, SITUATION_SIZE_ANNOUNCED),
                "the letter is announced with %.*s octets, %llu is the limit: refused",
                SPAN_ARG(size->value), (unsigned long long)limit);
    engine_say(e, VERB_MAIL, SITUATION_SIZE_ANNOUNCED, (struct reply_words){ .number = limit });
    return false;
}

static bool check_mails(struct engine *e)
{
    if (!e->policy->mail_max || e->mails < e->policy->mail_max)
        return true;
    engine_decide(e, engine_code(e, VERB_MAIL, SITUATION_TOO_MANY_LETTERS),
                  "this session has brought as many letters as one may: refused for now",
                  (struct span){ 0 }, "");
    engine_say_plain(e, VERB_MAIL, SITUATION_TOO_MANY_LETTERS);
    return false;
}

void engine_mail(struct engine *e, const struct command *c)
{
    struct span mailbox = c->path.kind == PATH_NULL ? (struct span){ 0 } : c->path.mailbox;

    if (!check_mails(e) || !engine_check_params(e, c) || !check_size(e, c))
        return;
    transaction_begin(e);
    e->mails++;
    e->letter->utf8 = command_param(c, SPAN("SMTPUTF8")) != NULL;
    buf_add(&e->letter->from, mailbox);
    note_params(e->letter, c);
    engine_tell(e, FACT_FROM, 0, mailbox);
    engine_decide(e, engine_code(e, VERB_MAIL, SITUATION_MAIL_OK),
                  mailbox.len ? "the sender is not checked here: sender accepted"
                              : "the empty sender is for reports: sender accepted",
                  (struct span){ 0 }, "");
    engine_say_of(e, VERB_MAIL, SITUATION_MAIL_OK, mailbox);
}

/* False: the persona takes every recipient. */
static bool refuse_recipient(struct engine *e, struct span mailbox, enum policy_verdict verdict)
{
    bool unknown = verdict == POLICY_UNKNOWN_USER;
    unsigned situation = unknown ? SITUATION_UNKNOWN_USER : SITUATION_RELAYING;
    unsigned code = engine_code(e, VERB_RCPT, situation);

    if (engine_bears(e, VERB_RCPT, situation))
        return false;
    e->letter->refused++;
    if (unknown)
        engine_decide(e, code, "there is no mailbox ", policy_local_part(mailbox),
                      " here: recipient refused");
    else
        engine_decide(e, code, "", policy_domain(mailbox),
                      " is not a domain of this server, which passes nothing on: "
                      "recipient refused");
    engine_say_of(e, VERB_RCPT, situation, mailbox);
    return true;
}

/* A domain that no recipient of this session had yet. */
static bool is_new_domain(const struct engine *e, struct span domain)
{
    struct span rest = buf_span(&e->domains);

    while (rest.len)
        if (span_eq_nocase(span_cut(rest, '\0', &rest), domain))
            return false;
    return true;
}

/* False: a limit is reached. */
static bool check_limits(struct engine *e, struct span mailbox)
{
    struct span domain = policy_domain(mailbox);
    unsigned most = e->policy->recipients_max ? e->policy->recipients_max : RECIPIENTS_LEAST;

    if (e->letter->to_count >= most) {
        engine_fact(e, FACT_DECIDED, engine_code(e, VERB_RCPT, SITUATION_TOO_MANY_RECIPIENTS),
                    "this letter has %llu recipients, no more are taken: recipient refused for now",
                    (unsigned long long)e->letter->to_count);
        engine_say_of(e, VERB_RCPT, SITUATION_TOO_MANY_RECIPIENTS, mailbox);
        return false;
    }
    if (!e->policy->rcpt_domain_max || !is_new_domain(e, domain))
        return true;
    if (e->domain_count >= e->policy->rcpt_domain_max) {
        engine_decide(e, engine_code(e, VERB_RCPT, SITUATION_TOO_MANY_DOMAINS),
                      "one session may name only so many domains, and ", domain,
                      " is one more: recipient refused for now");
        engine_say_of(e, VERB_RCPT, SITUATION_TOO_MANY_DOMAINS, mailbox);
        return false;
    }
    e->domain_count++;
    buf_add(&e->domains, domain);
    buf_add_octet(&e->domains, '\0');
    return true;
}

void engine_rcpt(struct engine *e, const struct command *c)
{
    struct span mailbox = c->path.mailbox;
    enum policy_verdict verdict = policy_recipient(e->policy, mailbox);

    if (!e->letter) /* a persona that takes RCPT without MAIL */
        transaction_begin(e);
    /* MAIL says it for the whole letter: RFC 6531 3.4 */
    if (c->path.utf8 && !e->letter->utf8 &&
        !engine_bears(e, VERB_RCPT, MISTAKE_UTF8_WITHOUT_SMTPUTF8)) {
        engine_refuse(e, VERB_RCPT, MISTAKE_UTF8_WITHOUT_SMTPUTF8);
        return;
    }
    if (!engine_check_params(e, c))
        return;
    if ((verdict == POLICY_UNKNOWN_USER ||
         (verdict == POLICY_RELAY && !(e->user && e->policy->relay_after_auth))) &&
        refuse_recipient(e, mailbox, verdict))
        return;
    if (!check_limits(e, mailbox))
        return;
    transaction_add(e, c);
    engine_tell(e, FACT_TO, 0, mailbox);
    if (verdict == POLICY_RELAY)
        engine_decide(e, 250, "who has logged in may send to ", policy_domain(mailbox),
                      ", too: recipient accepted");
    else if (e->policy->any_recipient)
        engine_decide(e, 250, "every mailbox is taken here: recipient accepted", (struct span){ 0 },
                      "");
    else
        engine_decide(e, 250, "mailbox ", policy_local_part(mailbox),
                      " exists here: recipient accepted");
    engine_say_of(e, VERB_RCPT, SITUATION_RCPT_OK, mailbox);
}
