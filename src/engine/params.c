/*
 * Which ESMTP parameters may stand behind MAIL and RCPT, and how long that makes their lines. Their
 * form is smtp/param.h's. Sources: RFC 5321 4.1.1.11, 4.5.3.1.4; RFC 1870 3, RFC 6152 2, RFC 6531
 * 3.1, RFC 3030 3, RFC 3461 4 (whose lengths follow from 4.1 to 4.4), RFC 4954 3.
 */
#include "engine/inner.h"

static const struct rule {
    enum extension extension;
    enum verb verb;
    struct span keyword;
    unsigned octets; /* what it adds to a line at most, with its space */
} rules[] = {
    { EXTENSION_SIZE, VERB_MAIL, SPAN_INIT("SIZE"), 26 },
    { EXTENSION_8BITMIME, VERB_MAIL, SPAN_INIT("BODY"), 17 },
    { EXTENSION_BINARYMIME, VERB_MAIL, SPAN_INIT("BODY"), 16 },
    { EXTENSION_SMTPUTF8, VERB_MAIL, SPAN_INIT("SMTPUTF8"), 10 },
    { EXTENSION_DSN, VERB_MAIL, SPAN_INIT("RET"), 9 },
    { EXTENSION_DSN, VERB_MAIL, SPAN_INIT("ENVID"), 107 },
    { EXTENSION_AUTH, VERB_MAIL, SPAN_INIT("AUTH"), 500 },
    { EXTENSION_DSN, VERB_RCPT, SPAN_INIT("NOTIFY"), 29 },
    { EXTENSION_DSN, VERB_RCPT, SPAN_INIT("ORCPT"), 507 },
};
#define RULES (sizeof rules / sizeof rules[0])

/* AUTH= may be said wherever AUTH is offered, also in clear (RFC 4954 5). */
static bool holds(const struct engine *e, const struct rule *rule)
{
    if (rule->extension == EXTENSION_AUTH)
        return (e->policy->extensions & EXTENSION_BIT(AUTH)) && e->policy->mechanisms;
    return engine_offers(e, rule->extension);
}

static bool may_stand(const struct engine *e, enum verb verb, const struct param *p)
{
    bool binary = span_eq_nocase(p->value, SPAN("BINARYMIME"));

    for (size_t i = 0; i < RULES; i++) {
        const struct rule *rule = &rules[i];

        if (rule->verb != verb || !span_eq_nocase(p->keyword, rule->keyword) || !holds(e, rule))
            continue;
        if ((rule->extension == EXTENSION_8BITMIME && binary) ||
            (rule->extension == EXTENSION_BINARYMIME && !binary))
            continue;
        return true;
    }
    return false;
}

bool engine_check_params(struct engine *e, const struct command *c)
{
    enum mistake m = e->esmtp ? MISTAKE_PARAMETER_NOT_OFFERED : MISTAKE_PARAMETER_AFTER_HELO;

    for (unsigned i = 0; i < c->param_count; i++) {
        if ((e->esmtp && may_stand(e, c->verb, &c->params[i])) || engine_bears(e, c->verb, m))
            continue;
        engine_refuse(e, c->verb, m);
        return false;
    }
    return true;
}

uint64_t engine_line_max(const struct engine *e, enum verb verb)
{
    unsigned most = e->policy->command_line_max   ? e->policy->command_line_max
                    : engine_persona(e)->line_max ? engine_persona(e)->line_max
                                                  : COMMAND_LINE_MAX;

    if (e->esmtp && (verb == VERB_MAIL || verb == VERB_RCPT))
        for (size_t i = 0; i < RULES; i++)
            if (rules[i].verb == verb && holds(e, &rules[i]))
                most += rules[i].octets;
    return most;
}
