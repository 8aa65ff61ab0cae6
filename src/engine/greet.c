/*
 * HELO, EHLO and LHLO, and what the server offers after them. Sources: RFC 5321 4.1.1.1; RFC 2033
 * 4.1; RFC 1870 4 (SIZE), RFC 3030 3 (BINARYMIME needs CHUNKING), RFC 6531 3.1 (SMTPUTF8 needs
 * 8BITMIME), RFC 3207 4.2 and RFC 4954 4 (what depends on TLS), RFC 9422 (LIMITS).
 */
#include "engine/inner.h"

#include <stdio.h>

static bool is_set(const struct engine *e, enum extension extension)
{
    const struct persona *p = engine_persona(e);
    bool has = p->offers == NULL;

    for (size_t i = 0; i < p->offer_count && !has; i++)
        has = p->offers[i].extension == extension;
    return has && (e->policy->extensions & 1u << extension);
}

/* Is there one that can be used now? */
static bool has_mechanism(const struct engine *e)
{
    struct span rest = span_of(e->policy->mechanisms);

    while (rest.len) {
        struct span name = span_cut(rest, ' ', &rest);

        if (name.len && engine_mechanism_fits(e, name))
            return true;
    }
    return false;
}

bool engine_offers(const struct engine *e, enum extension extension)
{
    if (!is_set(e, extension))
        return false;
    switch (extension) {
    case EXTENSION_BINARYMIME:
        return is_set(e, EXTENSION_CHUNKING);
    case EXTENSION_SMTPUTF8:
        return is_set(e, EXTENSION_8BITMIME);
    case EXTENSION_STARTTLS:
        return !e->tls;
    case EXTENSION_AUTH:
        return has_mechanism(e) && (e->tls || e->policy->auth_without_tls);
    default:
        return true;
    }
}

static void limit(struct buf *out, const char *name, unsigned most)
{
    if (most)
        buf_printf(out, " %s=%u", name, most);
}

bool engine_mechanism_fits(const struct engine *e, struct span name)
{
    static const struct span plus = SPAN_INIT("-PLUS");

    if (span_eq_nocase(name, SPAN("EXTERNAL")))
        return e->certified;
    if (name.len > plus.len && span_eq_nocase(span_from(name, name.len - plus.len), plus))
        return e->tls;
    return true;
}

static void write_mechanisms(const struct engine *e, struct buf *out)
{
    struct span rest = span_of(e->policy->mechanisms);

    while (rest.len) {
        struct span name = span_cut(rest, ' ', &rest);

        if (!name.len || !engine_mechanism_fits(e, name))
            continue;
        buf_add_octet(out, ' ');
        buf_add(out, name);
    }
}

/* The keyword with what belongs to it. */
static void write_offer(const struct engine *e, struct buf *out, enum extension extension)
{
    buf_add_text(out, extension_keywords[extension]);
    switch (extension) {
    case EXTENSION_SIZE:
        buf_printf(out, " %llu", (unsigned long long)engine_size_limit(e));
        return;
    case EXTENSION_AUTH:
        write_mechanisms(e, out);
        return;
    case EXTENSION_LIMITS:
        limit(out, "MAILMAX", e->policy->mail_max);
        limit(out, "RCPTMAX", e->policy->recipients_max);
        limit(out, "RCPTDOMAINMAX", e->policy->rcpt_domain_max);
        return;
    default:
        return;
    }
}

/* What is offered now, in the persona's order. */
static size_t list_offers(const struct engine *e, struct persona_offer *list, size_t room)
{
    const struct persona *p = engine_persona(e);
    size_t all = p->offers ? p->offer_count : EXTENSION_COUNT, count = 0;

    for (size_t i = 0; i < all && count < room; i++) {
        struct persona_offer o =
            p->offers ? p->offers[i] : (struct persona_offer){ (enum extension)i, NULL };

        if (o.extension == EXTENSION_COUNT || engine_offers(e, o.extension))
            list[count++] = o;
    }
    return count;
}

/* The most lines that a reply to EHLO has: each extension, and a persona's own lines. */
#define OFFERS_MAX (2 * EXTENSION_COUNT)

static void say_ehlo(struct engine *e, enum verb verb)
{
    unsigned situation = verb == VERB_LHLO ? SITUATION_LHLO_OK : SITUATION_EHLO_OK;
    unsigned code = engine_code(e, verb, situation);
    struct persona_offer list[OFFERS_MAX];
    size_t count = list_offers(e, list, OFFERS_MAX);

    if (count == 0) {
        engine_say_plain(e, verb, situation);
        return;
    }
    engine_say_line(e, verb, situation, (struct reply_words){ 0 });
    for (size_t i = 0; i < count; i++) {
        size_t start = outbox_line(&e->out, code, i + 1 < count, "");

        if (list[i].line)
            buf_add_text(&e->out.replies, list[i].line);
        else
            write_offer(e, &e->out.replies, list[i].extension);
        outbox_line_end(&e->out, start);
    }
    engine_move(e, verb, code);
}

void engine_greet(struct engine *e, const struct command *c)
{
    bool esmtp = c->verb != VERB_HELO;
    struct span name = c->argument;

    if (e->policy->lmtp && c->verb != VERB_LHLO) {
        engine_decide(e, engine_code(e, c->verb, SITUATION_EHLO_IN_LMTP),
                      "this is an LMTP server: LHLO is its greeting", (struct span){ 0 }, "");
        engine_say_plain(e, c->verb, SITUATION_EHLO_IN_LMTP);
        return;
    }
    engine_clear(e, "the client greeted anew");
    e->esmtp = esmtp;
    buf_clear(&e->name);
    buf_add(&e->name, name);
    engine_tell(e, FACT_GREETED, esmtp, name);
    if (!domain_is_qualified(name))
        engine_note(e, NOTE_NAME);
    engine_decide(e, 250,
                  esmtp ? "the name is well formed: greeting accepted, extensions offered"
                        : "the name is well formed: greeting accepted, without extensions",
                  (struct span){ 0 }, "");
    if (esmtp)
        say_ehlo(e, c->verb);
    else
        engine_say_plain(e, VERB_HELO, SITUATION_HELO_OK);
}
