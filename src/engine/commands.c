/*
 * Each command line as the server takes it: is its shape right, is the verb known here, may it come
 * now (smtp/session.h), is it right (smtp/command.h), then what it does. What a lenient persona
 * bears is passed over. Sources: RFC 5321 4.1.1, 4.1.4, 4.2.4, 4.5.1; RFC 2920 3.1; RFC 3207 4,
 * RFC 4954 6 (530).
 */
#include "engine/inner.h"

typedef void run_fn(struct engine *e, const struct command *c);

static void rset(struct engine *e, const struct command *c)
{
    (void)c;
    engine_clear(e, "RSET: the letter is dropped, the greeting still holds");
    engine_say_plain(e, VERB_RSET, SITUATION_RSET_OK);
}

static void noop(struct engine *e, const struct command *c)
{
    (void)c;
    engine_say_plain(e, VERB_NOOP, SITUATION_NOOP_OK);
}

static void quit(struct engine *e, const struct command *c)
{
    (void)c;
    if (e->behind)
        engine_note(e, NOTE_AFTER_QUIT);
    engine_say_plain(e, VERB_QUIT, SITUATION_QUIT_OK);
    engine_end(e, "the client said QUIT");
}

#define ALWAYS EXTENSION_COUNT
/* When it needs something: RFC 3207 4 and RFC 4954 6 name the commands that do not. */
enum { OPEN_TO_ALL = 1, WITHOUT_LOGIN = 2, ENDS_GROUP = 4, SMTP_ONLY = 8, LMTP_ONLY = 16 };

static const struct offer {
    run_fn *run;
    enum extension extension; /* ALWAYS: none */
    unsigned flags;           /* ENDS_GROUP: its reply must be awaited (RFC 2920 3.1) */
} offers[VERB_COUNT] = {
    [VERB_EHLO] = { engine_greet, ALWAYS, OPEN_TO_ALL | WITHOUT_LOGIN | ENDS_GROUP },
    [VERB_HELO] = { engine_greet, ALWAYS, OPEN_TO_ALL | WITHOUT_LOGIN | ENDS_GROUP },
    [VERB_LHLO] = { engine_greet, ALWAYS, OPEN_TO_ALL | WITHOUT_LOGIN | ENDS_GROUP | LMTP_ONLY },
    [VERB_STARTTLS] = { engine_starttls, EXTENSION_STARTTLS,
                        OPEN_TO_ALL | WITHOUT_LOGIN | ENDS_GROUP },
    [VERB_AUTH] = { engine_auth_command, EXTENSION_AUTH, WITHOUT_LOGIN | ENDS_GROUP },
    [VERB_MAIL] = { engine_mail, ALWAYS, 0 },
    [VERB_RCPT] = { engine_rcpt, ALWAYS, 0 },
    [VERB_DATA] = { engine_data, ALWAYS, ENDS_GROUP },
    [VERB_BDAT] = { engine_bdat, EXTENSION_CHUNKING, 0 },
    [VERB_RSET] = { rset, ALWAYS, WITHOUT_LOGIN },
    [VERB_NOOP] = { noop, ALWAYS, OPEN_TO_ALL | WITHOUT_LOGIN | ENDS_GROUP },
    [VERB_HELP] = { engine_help, EXTENSION_HELP, 0 },
    [VERB_VRFY] = { engine_vrfy, EXTENSION_VRFY, ENDS_GROUP },
    [VERB_EXPN] = { engine_expn, EXTENSION_EXPN, ENDS_GROUP },
    [VERB_QUIT] = { quit, ALWAYS, OPEN_TO_ALL | WITHOUT_LOGIN | ENDS_GROUP },
};

/* STARTTLS inside TLS and AUTH in clear are not offered, and still known: their refusal is another
 * one. */
bool engine_knows(const struct engine *e, enum verb verb)
{
    const struct offer *o = &offers[verb];

    if (!o->run || ((o->flags & LMTP_ONLY) && !e->policy->lmtp))
        return false;
    if (o->extension == ALWAYS || engine_offers(e, o->extension))
        return true;
    if (!(e->policy->extensions & 1u << o->extension))
        return false;
    return verb == VERB_STARTTLS || (verb == VERB_AUTH && e->policy->mechanisms);
}

static unsigned not_offered(enum verb verb)
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

/* The first mistake that is not borne; MISTAKE_COUNT: there is none. */
static unsigned first_refused(const struct engine *e, const struct command *c)
{
    for (unsigned i = 0; i < c->mistakes.count; i++) {
        enum mistake m = c->mistakes.at[i].mistake;

        if (!engine_bears(e, c->verb, m))
            return m;
    }
    return MISTAKE_COUNT;
}

/* A line whose very shape is wrong is refused before its place in the talk is looked at. */
static bool is_shape(unsigned mistake)
{
    return mistake < MISTAKE_COUNT && mistake_rows[mistake].code == 500;
}

/* The mistake of sending it now, or a situation; MISTAKE_COUNT: it may come. */
static unsigned misplaced(const struct engine *e, enum verb verb)
{
    unsigned m = session_misplaced(e->state, verb);
    bool bearable = verb == VERB_MAIL || verb == VERB_RCPT || verb == VERB_DATA;

    if (m == MISTAKE_COUNT)
        return m;
    if (e->state == AT_CHUNK)
        return verb == VERB_DATA ? SITUATION_DATA_AFTER_BDAT : SITUATION_IN_CHUNKS;
    if (m == MISTAKE_DATA_BEFORE_RCPT && e->letter && e->letter->refused)
        m = engine_bears(e, verb, m) ? MISTAKE_COUNT : SITUATION_ALL_REFUSED;
    if (m < MISTAKE_COUNT && bearable && engine_bears(e, verb, (enum mistake)m))
        return MISTAKE_COUNT;
    return m;
}

/* 530, where the policy wants more than the client has given. */
static unsigned required(const struct engine *e, enum verb verb)
{
    unsigned flags = offers[verb].flags;

    if (e->policy->require_tls && !e->tls && !(flags & OPEN_TO_ALL))
        return verb == VERB_AUTH ? SITUATION_AUTH_NEEDS_TLS : SITUATION_NEEDS_TLS;
    if (e->policy->require_auth && !e->user && !(flags & WITHOUT_LOGIN))
        return SITUATION_NEEDS_AUTH;
    return MISTAKE_COUNT;
}

/* Why the command is refused; MISTAKE_COUNT: it is not. */
static unsigned objection(const struct engine *e, const struct command *c)
{
    unsigned wrong = c->mistakes.count ? first_refused(e, c) : MISTAKE_COUNT, why;

    if (is_shape(wrong) || c->verb == VERB_UNKNOWN)
        return wrong;
    if (!engine_knows(e, c->verb))
        return not_offered(c->verb);
    why = required(e, c->verb);
    if (why == MISTAKE_COUNT)
        why = misplaced(e, c->verb);
    return why == MISTAKE_COUNT ? wrong : why;
}

static void refuse(struct engine *e, const struct command *c, unsigned why)
{
    bool readable =
        c->verb == VERB_BDAT && engine_knows(e, VERB_BDAT) && first_refused(e, c) == MISTAKE_COUNT;

    if (readable) {
        chunk_drop(e, c, why);
        return;
    }
    engine_refuse(e, c->verb, why);
    if (why == MISTAKE_BARE_LF && !e->over)
        engine_note(e, NOTE_BARE_LF);
}

/* Commands sent ahead of their time: MISTAKE_COUNT when they may be, or are borne. */
static unsigned sent_ahead(struct engine *e, enum verb verb)
{
    enum mistake m = MISTAKE_PIPELINED_NOT_OFFERED;

    if (!e->ahead)
        return MISTAKE_COUNT;
    if (e->esmtp && engine_offers(e, EXTENSION_PIPELINING)) {
        if (!(offers[e->last].flags & ENDS_GROUP))
            return MISTAKE_COUNT;
        m = MISTAKE_PIPELINED_PAST_SYNC;
    }
    engine_note(e, m == MISTAKE_PIPELINED_PAST_SYNC ? NOTE_PAST_SYNC : NOTE_PIPELINED);
    return engine_bears(e, verb, m) ? MISTAKE_COUNT : m;
}

/* The verb decides how long the line may be, so it is looked for first. */
static void parse(const struct engine *e, const struct line *line, struct command *c)
{
    struct span rest, word = span_cut(line->head, ' ', &rest);

    command_parse(line, engine_line_max(e, verb_by_word(word)), c);
}

void engine_command(struct engine *e, const struct line *line)
{
    struct command c;
    unsigned why;

    parse(e, line, &c);
    if (engine_before(e, c.verb, &c))
        return;
    why = sent_ahead(e, c.verb);
    if (why == MISTAKE_COUNT)
        why = objection(e, &c);
    if (why != MISTAKE_COUNT)
        refuse(e, &c, why);
    else if (c.verb == VERB_UNKNOWN)
        engine_say_plain(e, VERB_UNKNOWN,
                         c.mistakes.count ? c.mistakes.at[0].mistake : SITUATION_NOOP_OK);
    else
        offers[c.verb].run(e, &c);
    e->last = c.verb;
    engine_after(e, c.verb, &c);
}
