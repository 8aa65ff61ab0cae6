/*
 * Each command as the server takes it: is it offered, may it come now (smtp/session.h), is it right
 * (smtp/command.h), then what it does. Sources: RFC 5321 3.3, 4.1.1, 4.2.4, 4.5.1; RFC 1870, 6152,
 * 6531 (parameters); RFC 2034 4 (enhanced codes).
 */
#include "engine/inner.h"

#include <stdio.h>

/* A MAIL line may be longer by what the extensions add: SIZE (RFC 1870 3), BODY (RFC 6152 2),
 * SMTPUTF8 (RFC 6531 3.1). */
#define MAIL_LINE_MAX (COMMAND_LINE_MAX + 26 + 17 + 10)

/* The longest mailbox: a path without its brackets (RFC 5321 4.5.3.1.3). */
#define VRFY_MAX 254

typedef void run_fn(struct engine *e, const struct command *c);
static run_fn *const offers[VERB_COUNT];

static void say(struct engine *e, enum verb verb, unsigned situation)
{
    engine_say(e, verb, situation, (struct reply_words){ 0 });
}

static void say_of(struct engine *e, enum verb verb, unsigned situation, struct span address)
{
    engine_say(e, verb, situation, (struct reply_words){ .address = address });
}

/* One line of what EHLO offers; the last one makes the reply whole. */
static void offer(struct engine *e, const char *text, bool more)
{
    size_t start = outbox_line(&e->out, engine_code(e, VERB_EHLO, SITUATION_EHLO_OK), more, "");

    buf_add_text(&e->out.replies, text);
    outbox_line_end(&e->out, start);
}

static void greet(struct engine *e, const struct command *c)
{
    static const char *const keywords[] = {
        "SIZE", "8BITMIME", "PIPELINING", "SMTPUTF8", "ENHANCEDSTATUSCODES", "HELP"
    };
    bool esmtp = c->verb == VERB_EHLO;
    char size[32];
    struct span name = c->argument;

    engine_clear(e, "the client greeted anew");
    e->esmtp = esmtp;
    buf_clear(&e->name);
    buf_add(&e->name, name);
    engine_fact(e, FACT_GREETED, esmtp, "%.*s", SPAN_ARG(name));
    engine_fact(e, FACT_DECIDED, 250, "%s",
                esmtp ? "the name is well formed: greeting accepted, extensions offered"
                      : "the name is well formed: greeting accepted, without extensions");
    if (!esmtp) {
        say(e, VERB_HELO, SITUATION_HELO_OK);
        return;
    }
    engine_say_line(e, VERB_EHLO, SITUATION_EHLO_OK, (struct reply_words){ 0 });
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (i == 0)
            snprintf(size, sizeof size, "SIZE %llu", (unsigned long long)engine_size_limit(e));
        offer(e, i ? keywords[i] : size, i + 1 < sizeof keywords / sizeof keywords[0]);
    }
    engine_move(e, VERB_EHLO, engine_code(e, VERB_EHLO, SITUATION_EHLO_OK));
}

/* False: some parameter was refused. */
static bool check_params(struct engine *e, const struct command *c)
{
    static const struct span offered[] = { SPAN_INIT("SIZE"), SPAN_INIT("BODY"),
                                           SPAN_INIT("SMTPUTF8") };

    if (c->param_count && !e->esmtp) {
        engine_refuse(e, c->verb, MISTAKE_PARAMETER_AFTER_HELO);
        return false;
    }
    for (unsigned i = 0; i < c->param_count; i++) {
        const struct param *p = &c->params[i];
        size_t k = 0, known = sizeof offered / sizeof offered[0];

        while (k < known && !span_eq_nocase(p->keyword, offered[k]))
            k++;
        /* BODY=BINARYMIME comes with CHUNKING (RFC 3030 3) */
        if (c->verb != VERB_MAIL || k == known || span_eq_nocase(p->value, SPAN("BINARYMIME"))) {
            engine_refuse(e, c->verb, MISTAKE_PARAMETER_NOT_OFFERED);
            return false;
        }
    }
    return true;
}

static void mail(struct engine *e, const struct command *c)
{
    const struct param *size = command_param(c, SPAN("SIZE"));
    struct span mailbox = c->path.mailbox;
    uint64_t octets;

    if (!check_params(e, c))
        return;
    /* A number that no integer holds is too large as well. */
    if (size && (!span_number(size->value, &octets) || octets > engine_size_limit(e))) {
        engine_fact(e, FACT_DECIDED, engine_code(e, VERB_MAIL, SITUATION_SIZE_ANNOUNCED),
                    "the letter is announced with %.*s octets, %llu is the limit: refused",
                    SPAN_ARG(size->value), (unsigned long long)engine_size_limit(e));
        engine_say(e, VERB_MAIL, SITUATION_SIZE_ANNOUNCED,
                   (struct reply_words){ .number = engine_size_limit(e) });
        return;
    }
    e->utf8 = command_param(c, SPAN("SMTPUTF8")) != NULL;
    if (c->path.kind == PATH_NULL)
        mailbox = (struct span){ 0 };
    e->transaction = true;
    buf_clear(&e->from);
    buf_add(&e->from, mailbox);
    engine_fact(e, FACT_FROM, 0, "%.*s", SPAN_ARG(mailbox));
    engine_fact(e, FACT_DECIDED, 250, "%s",
                mailbox.len ? "the sender is not checked here: sender accepted"
                            : "the empty sender is for reports: sender accepted");
    say_of(e, VERB_MAIL, SITUATION_MAIL_OK, mailbox);
}

static void refuse_recipient(struct engine *e, struct span mailbox, enum policy_verdict verdict)
{
    struct span local = policy_local_part(mailbox), domain = policy_domain(mailbox);
    unsigned situation =
        verdict == POLICY_UNKNOWN_USER ? SITUATION_UNKNOWN_USER : SITUATION_RELAYING;
    unsigned code = engine_code(e, VERB_RCPT, situation);

    if (verdict == POLICY_UNKNOWN_USER)
        engine_fact(e, FACT_DECIDED, code, "there is no mailbox %.*s here: recipient refused",
                    SPAN_ARG(local));
    else
        engine_fact(e, FACT_DECIDED, code,
                    "%.*s is not a domain of this server, which passes nothing on: "
                    "recipient refused",
                    SPAN_ARG(domain));
    say_of(e, VERB_RCPT, situation, mailbox);
}

static void rcpt(struct engine *e, const struct command *c)
{
    struct span mailbox = c->path.mailbox;
    enum policy_verdict verdict = policy_recipient(e->policy, mailbox);

    if (c->path.utf8 && !e->utf8) { /* MAIL says it for the whole letter: RFC 6531 3.4 */
        engine_refuse(e, VERB_RCPT, MISTAKE_UTF8_WITHOUT_SMTPUTF8);
        return;
    }
    if (!check_params(e, c))
        return;
    if (verdict != POLICY_LOCAL) {
        refuse_recipient(e, mailbox, verdict);
        return;
    }
    if (e->to_count >= e->policy->recipients_max) {
        engine_fact(e, FACT_DECIDED, engine_code(e, VERB_RCPT, SITUATION_TOO_MANY_RECIPIENTS),
                    "this letter has %llu recipients, no more are taken: recipient refused for now",
                    (unsigned long long)e->to_count);
        say_of(e, VERB_RCPT, SITUATION_TOO_MANY_RECIPIENTS, mailbox);
        return;
    }
    engine_add_recipient(e, mailbox);
    engine_fact(e, FACT_TO, 0, "%.*s", SPAN_ARG(mailbox));
    if (e->policy->any_recipient)
        engine_fact(e, FACT_DECIDED, 250, "every mailbox is taken here: recipient accepted");
    else
        engine_fact(e, FACT_DECIDED, 250, "mailbox %.*s exists here: recipient accepted",
                    SPAN_ARG(policy_local_part(mailbox)));
    say_of(e, VERB_RCPT, SITUATION_RCPT_OK, mailbox);
}

static void data(struct engine *e, const struct command *c)
{
    (void)c;
    e->body = (struct body){ 0 };
    e->told = 0;
    e->doom = DOOM_NONE;
    engine_fact(e, FACT_DECIDED, 354, "sender and recipient are known: the letter may come");
    say(e, VERB_DATA, SITUATION_DATA_OK);
}

static void rset(struct engine *e, const struct command *c)
{
    (void)c;
    engine_clear(e, "RSET: the letter is dropped, the greeting still holds");
    say(e, VERB_RSET, SITUATION_RSET_OK);
}

static void noop(struct engine *e, const struct command *c)
{
    (void)c;
    say(e, VERB_NOOP, SITUATION_NOOP_OK);
}

static void help(struct engine *e, const struct command *c)
{
    struct span rest;
    enum verb verb = verb_by_word(span_cut(c->argument, ' ', &rest));

    if (offers[verb]) {
        engine_say(e, VERB_HELP, SITUATION_HELP_LINE, (struct reply_words){ .syntax = verb });
        return;
    }
    for (unsigned v = 0; v < VERB_COUNT; v++)
        if (offers[v])
            engine_say_line(e, VERB_HELP, SITUATION_HELP_LINE,
                            (struct reply_words){ .syntax = (enum verb)v });
    say(e, VERB_HELP, SITUATION_HELP_END);
}

/* What VRFY asks for: a mailbox, or the name of a user, which may be several words. SMTPUTF8 may
 * follow (RFC 6531 3.7.4.2). */
static struct span vrfy_mailbox(const struct command *c, bool *utf8)
{
    struct span said = c->argument, name = said, last;

    while (name.len && name.at[name.len - 1] != ' ')
        name.len--;
    last = span_from(said, name.len);
    *utf8 = name.len && span_eq_nocase(last, SPAN("SMTPUTF8"));
    if (c->path.kind != PATH_NONE)
        return c->path.mailbox;
    return *utf8 ? span_trim(name) : said;
}

static bool has_utf8(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] > 127)
            return true;
    return false;
}

static void vrfy(struct engine *e, const struct command *c)
{
    bool utf8;
    struct span mailbox = vrfy_mailbox(c, &utf8), local = policy_local_part(mailbox);
    struct span domain = policy_domain(mailbox);
    char full[VRFY_MAX + DOMAIN_MAX + 2];
    enum policy_verdict verdict;

    if (has_utf8(c->argument) && !(utf8 && e->esmtp)) {
        engine_refuse(e, VERB_VRFY, MISTAKE_UTF8_WITHOUT_SMTPUTF8);
        return;
    }
    if (mailbox.len > VRFY_MAX) { /* so that it fits into a reply, too */
        engine_refuse(e, VERB_VRFY, MISTAKE_PATH_TOO_LONG);
        return;
    }
    if (domain.len == 0)
        domain = span_of(e->policy->hostname);
    snprintf(full, sizeof full, "%.*s@%.*s", SPAN_ARG(local), SPAN_ARG(domain));
    verdict = policy_recipient(e->policy, span_of(full));
    if (!e->policy->reveal || verdict == POLICY_RELAY) {
        say(e, VERB_VRFY, SITUATION_VRFY_SECRET);
    } else if (verdict == POLICY_LOCAL) {
        engine_fact(e, FACT_DECIDED, 250, "mailbox %.*s exists here, and the server tells",
                    SPAN_ARG(local));
        say_of(e, VERB_VRFY, SITUATION_VRFY_YES, span_of(full));
    } else {
        engine_fact(e, FACT_DECIDED, 550, "there is no mailbox %.*s here, and the server tells",
                    SPAN_ARG(local));
        say_of(e, VERB_VRFY, SITUATION_VRFY_NO, mailbox);
    }
}

static void expn(struct engine *e, const struct command *c)
{
    (void)c;
    engine_fact(e, FACT_DECIDED, 550, "there are no mailing lists here: EXPN refused");
    say(e, VERB_EXPN, SITUATION_EXPN_NO);
}

static void quit(struct engine *e, const struct command *c)
{
    (void)c;
    say(e, VERB_QUIT, SITUATION_QUIT_OK);
    engine_end(e, "the client said QUIT");
}

/* RFC 5321 4.5.1 asks for all of these but HELP and EXPN. */
static run_fn *const offers[VERB_COUNT] = {
    [VERB_EHLO] = greet, [VERB_HELO] = greet, [VERB_MAIL] = mail, [VERB_RCPT] = rcpt,
    [VERB_DATA] = data,  [VERB_RSET] = rset,  [VERB_NOOP] = noop, [VERB_HELP] = help,
    [VERB_VRFY] = vrfy,  [VERB_EXPN] = expn,  [VERB_QUIT] = quit,
};

void engine_refuse(struct engine *e, enum verb verb, enum mistake m)
{
    const char *words = persona_row(&persona_strict, verb, m).text;
    bool syntax = strcmp(words, "Syntax: %s") == 0;

    /* The decision is stated before the reply, which may become a 421; in plain words, however
     * curt the persona is. */
    engine_fact(e, FACT_DECIDED, engine_code(e, verb, m), "refused: %s%s",
                syntax ? "it should read " : words,
                syntax ? persona_syntax(engine_persona(e), verb) : "");
    say(e, verb, m);
}

static enum mistake not_offered(enum verb verb)
{
    switch (verb) {
    case VERB_AUTH:
        return MISTAKE_AUTH_NOT_OFFERED;
    case VERB_STARTTLS:
        return MISTAKE_STARTTLS_NOT_OFFERED;
    default:
        return MISTAKE_VERB_NOT_OFFERED;
    }
}

/* A line whose very shape is wrong is refused before its place in the talk is looked at. */
static bool is_shape(const struct mistake_at *worst)
{
    return worst && mistake_rows[worst->mistake].code == 500;
}

void engine_command(struct engine *e, const struct line *line)
{
    struct command c;
    const struct mistake_at *worst;
    enum mistake misplaced;

    command_parse(line, e->esmtp ? MAIL_LINE_MAX : COMMAND_LINE_MAX, &c);
    if (e->esmtp && c.verb != VERB_MAIL && line->len > COMMAND_LINE_MAX)
        command_parse(line, COMMAND_LINE_MAX, &c);
    worst = mistakes_worst(&c.mistakes, WRONG);
    misplaced = session_misplaced(e->state, c.verb);
    if (is_shape(worst) || (worst && c.verb == VERB_UNKNOWN))
        engine_refuse(e, c.verb, worst->mistake);
    else if (!offers[c.verb])
        engine_refuse(e, c.verb, not_offered(c.verb));
    else if (misplaced != MISTAKE_COUNT)
        engine_refuse(e, c.verb, misplaced);
    else if (worst)
        engine_refuse(e, c.verb, worst->mistake);
    else
        offers[c.verb](e, &c);
}
