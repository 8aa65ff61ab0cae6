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

/* The mistake as a situation, told apart where some persona does. */
static unsigned situation_of(const struct command *c, const struct mistake_at *at)
{
    if (at->mistake == MISTAKE_CONTROL_OCTET && at->len > 1)
        return SITUATION_KEY_SEQUENCE;
    if (at->mistake == MISTAKE_HELO_BAD_NAME && at->column && at->len == 1 &&
        c->word.at[at->column - 1] == '_') /* the word is where the line begins */
        return SITUATION_HELO_UNDERSCORE;
    return at->mistake;
}

/* The first mistake that is not borne; MISTAKE_COUNT: there is none. */
static unsigned first_refused(const struct engine *e, const struct command *c)
{
    for (unsigned i = 0; i < c->mistakes.count; i++) {
        unsigned situation = situation_of(c, &c->mistakes.at[i]);

        if (!engine_bears(e, c->verb, situation))
            return situation;
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

/* True: a strict server would refuse it, and that is said. */
static bool tell_taken(struct engine *e, enum verb verb, unsigned situation)
{
    if (persona_bears(&persona_strict, verb, situation))
        return false;
    engine_fact(e, FACT_NOTED, 0, "%s takes this line; a strict server answers %u",
                engine_persona(e)->who, persona_row(&persona_strict, verb, situation).code);
    return true;
}

/* Where another server than the strict one is played, the difference is said. */
static void tell_leniency(struct engine *e, const struct command *c)
{
    enum mistake misplaced = session_misplaced(e->state, c->verb);

    if (!e->facts || engine_persona(e) == &persona_strict)
        return;
    for (unsigned i = 0; i < c->mistakes.count; i++)
        if (tell_taken(e, c->verb, situation_of(c, &c->mistakes.at[i])))
            return;
    if (misplaced != MISTAKE_COUNT)
        tell_taken(e, c->verb, misplaced);
}

/* A persona that waits for CRLF: a line that ends in LF alone is kept until it comes, and what
 * follows it is lost in it. False: the command is not whole yet. */
static bool is_whole(struct engine *e, const struct line *line, struct line *whole)
{
    *whole = *line;
    if (!engine_persona(e)->lf_waits)
        return true;
    if (line->end == LINE_LF && e->begun.len == 0) {
        buf_add(&e->begun, line->head);
        buf_add_octet(&e->begun, ' ');
    }
    if (line->end == LINE_LF || e->begun.len == 0)
        return line->end != LINE_LF;
    *whole = (struct line){ .head = span_first(buf_span(&e->begun), e->begun.len - 1),
                            .len = e->begun.len - 1,
                            .end = LINE_CRLF };
    return true;
}

void engine_command(struct engine *e, const struct line *line)
{
    struct line whole;
    struct command c;
    unsigned why;

    if (!is_whole(e, line, &whole))
        return;
    parse(e, &whole, &c);
    if (engine_before(e, c.verb, &c)) {
        buf_clear(&e->begun);
        return;
    }
    why = sent_ahead(e, c.verb);
    if (why == MISTAKE_COUNT)
        why = objection(e, &c);
    if (why != MISTAKE_COUNT)
        refuse(e, &c, why);
    else if (c.verb == VERB_UNKNOWN)
        engine_say_plain(e, VERB_UNKNOWN,
                         c.mistakes.count ? c.mistakes.at[0].mistake : SITUATION_NOOP_OK);
    else {
        tell_leniency(e, &c);
        offers[c.verb].run(e, &c);
    }
    e->last = c.verb;
    engine_after(e, c.verb, &c);
    buf_clear(&e->begun);
}
