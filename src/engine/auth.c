/*
 * AUTH: the exchange of lines around a login. Who may log in is checked outside (ACTION_AUTH); the
 * engine never looks into what a mechanism says. Source: RFC 4954 4, 6.
 */
#include "engine/inner.h"

#include "base/mem.h"
#include "message/base64.h"

static void forget_octets(struct login *l)
{
    if (l->octets.cap)
        mem_wipe(l->octets.at, l->octets.cap);
    buf_release(&l->octets);
}

void auth_forget(struct engine *e)
{
    if (!e->login)
        return;
    forget_octets(e->login);
    mem_free(e->login);
    e->login = NULL;
}

/* The exchange ends with that reply. */
static void finish(struct engine *e, unsigned situation, const char *why)
{
    enum verb verb = e->login->started ? VERB_AUTH_LINE : VERB_AUTH;

    auth_forget(e);
    engine_decide(e, engine_code(e, verb, situation), why, (struct span){ 0 }, "");
    engine_say_plain(e, verb, situation);
}

/* Why AUTH cannot begin; SITUATION_COUNT: it can. */
static unsigned obstacle(const struct engine *e)
{
    if (e->user)
        return SITUATION_AUTH_TWICE;
    if (!e->esmtp)
        return SITUATION_NEEDS_EHLO;
    if (!e->tls && !e->policy->auth_without_tls)
        return SITUATION_AUTH_NEEDS_TLS;
    return SITUATION_COUNT;
}

static bool is_offered(const struct engine *e, struct span mechanism)
{
    struct span rest = span_of(e->policy->mechanisms);

    while (rest.len)
        if (span_eq_nocase(span_cut(rest, ' ', &rest), mechanism))
            return engine_mechanism_fits(e, mechanism);
    return false;
}

static void ask(struct engine *e)
{
    struct login *l = e->login;

    e->pending = PENDING_AUTH;
    e->deadline = CLOCK_NEVER;
    outbox_auth(&e->out, &l->step);
}

/* Base64 to l->octets; false: it is none. */
static bool decode(struct login *l, struct span text)
{
    forget_octets(l);
    buf_reserve(&l->octets, text.len / 4 * 3); /* at once: what is secret is not moved about */
    if (!base64_decode(text, &l->octets))
        return false;
    l->step.octets = buf_span(&l->octets);
    return true;
}

static void begin(struct engine *e, struct span mechanism, struct span initial)
{
    struct login *l = mem_zero(1, sizeof *l);

    e->login = l;
    for (size_t i = 0; i < mechanism.len && i + 1 < sizeof l->mechanism; i++)
        l->mechanism[i] = (char)ascii_upper(mechanism.at[i]);
    l->step.mechanism = span_of(l->mechanism);
    if (initial.len && !decode(l, span_eq(initial, SPAN("=")) ? SPAN("") : initial)) {
        finish(e, MISTAKE_AUTH_NOT_BASE64, "this is not base64: login refused");
        return;
    }
    ask(e);
}

void engine_auth_command(struct engine *e, const struct command *c)
{
    struct span initial, mechanism = span_cut(c->argument, ' ', &initial);
    unsigned why = obstacle(e);

    if (why == SITUATION_COUNT && !is_offered(e, mechanism))
        why = SITUATION_AUTH_MECHANISM;
    if (why != SITUATION_COUNT) {
        engine_decide(e, engine_code(e, VERB_AUTH, why),
                      why == SITUATION_AUTH_MECHANISM ? "this mechanism is not offered here: "
                      : why == SITUATION_AUTH_TWICE   ? "the client has logged in already: "
                      : why == SITUATION_NEEDS_EHLO   ? "logins need EHLO: "
                                                      : "logins need TLS here: ",
                      (struct span){ 0 }, "login refused");
        engine_say_plain(e, VERB_AUTH, why);
        return;
    }
    if (!e->tls)
        engine_note(e, NOTE_LOGIN_IN_CLEAR);
    begin(e, mechanism, span_trim(initial));
}

void auth_line(struct engine *e, const struct line *line)
{
    struct login *l = e->login;

    if (!l) { /* a fault asked for this line */
        engine_say_plain(e, VERB_AUTH_LINE, SITUATION_AUTH_BROKEN);
        return;
    }
    if (line->len > COMMAND_AUTH_LINE_MAX) {
        finish(e, SITUATION_AUTH_LINE_TOO_LONG, "the line is too long: login refused");
    } else if ((line->faults & LINE_FAULT_BARE_LF) &&
               !engine_bears(e, VERB_AUTH_LINE, MISTAKE_BARE_LF)) {
        engine_note(e, NOTE_BARE_LF);
        finish(e, MISTAKE_BARE_LF, "the line ends in LF alone: login refused");
    } else if (span_eq(line->head, SPAN("*"))) {
        finish(e, SITUATION_AUTH_CANCELLED, "the client gave the login up");
    } else if (!decode(l, line->head)) {
        finish(e, MISTAKE_AUTH_NOT_BASE64, "this is not base64: login refused");
    } else {
        l->step.mechanism = (struct span){ 0 };
        ask(e);
    }
}

static void challenge(struct engine *e, struct span octets)
{
    enum verb verb = e->login->started ? VERB_AUTH_LINE : VERB_AUTH;
    struct buf text = { 0 };

    e->login->started = true;
    forget_octets(e->login);
    base64_encode(octets, &text);
    engine_say(e, verb, SITUATION_AUTH_CHALLENGE, (struct reply_words){ .text = buf_span(&text) });
    buf_release(&text);
}

void engine_auth(struct engine *e, enum engine_verdict verdict, struct span octets, int64_t now)
{
    if (e->pending != PENDING_AUTH)
        return;
    e->now = now;
    e->pending = PENDING_NOTHING;
    engine_touch(e);
    switch (verdict) {
    case ENGINE_AUTH_MORE:
        challenge(e, octets);
        break;
    case ENGINE_AUTH_OK:
        e->user = mem_strndup(octets.at ? (const void *)octets.at : "", octets.len);
        engine_tell(e, FACT_LOGIN, 0, octets);
        finish(e, SITUATION_AUTH_OK, "user and password are right: logged in");
        break;
    case ENGINE_AUTH_DENIED:
        finish(e, SITUATION_AUTH_DENIED, "user or password is wrong: login refused");
        break;
    case ENGINE_AUTH_BROKEN:
        finish(e, SITUATION_AUTH_BROKEN, "not what the mechanism asks for: login refused");
        break;
    case ENGINE_AUTH_LATER:
        finish(e, SITUATION_AUTH_LATER,
               "the login cannot be checked now: refused, it may be tried again");
        break;
    }
}
