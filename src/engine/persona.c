#include "engine/persona.h"

const struct persona *const personas[] = { &persona_strict,
                                           &persona_postfix,
                                           &persona_postfix_default,
                                           &persona_exim,
                                           &persona_opensmtpd,
                                           &persona_sink,
                                           NULL };

const struct persona *persona_named(struct span name)
{
    for (size_t i = 0; personas[i]; i++)
        if (span_eq_nocase(name, span_of(personas[i]->name)))
            return personas[i];
    return NULL;
}

const char *situation_name(unsigned situation)
{
    static const char *const names[] = {
#define X(name, when) #name,
        SITUATIONS(X)
#undef X
    };

    if (situation < MISTAKE_COUNT)
        return mistake_rows[situation].name;
    return names[situation - MISTAKE_COUNT];
}

static bool stands(const struct persona_row *row)
{
    return row->text || row->flags;
}

static const struct persona_row *row_of(const struct persona *p, enum verb verb, unsigned situation)
{
    for (size_t i = 0; i < p->exception_count; i++)
        if (p->exceptions[i].verb == verb && p->exceptions[i].situation == situation)
            return &p->exceptions[i].row;
    return &p->rows[situation];
}

/* What holds where a persona does not tell the situation apart; SITUATION_COUNT: nothing else. */
static unsigned coarser(unsigned situation)
{
    switch (situation) {
    case SITUATION_ALL_REFUSED:
        return MISTAKE_DATA_BEFORE_RCPT;
    case SITUATION_KEY_SEQUENCE:
        return MISTAKE_CONTROL_OCTET;
    case SITUATION_HELO_UNDERSCORE:
        return MISTAKE_HELO_BAD_NAME;
    default:
        return SITUATION_COUNT;
    }
}

struct persona_row persona_row(const struct persona *p, enum verb verb, unsigned situation)
{
    struct persona_row row = *row_of(p, verb, situation);

    if (!stands(&row) && coarser(situation) != SITUATION_COUNT)
        return persona_row(p, verb, coarser(situation));
    if (!stands(&row))
        row = persona_strict.rows[situation];
    if (row.code == 0 && situation < MISTAKE_COUNT) {
        row.code = mistake_rows[situation].code;
        if (!row.enhanced)
            row.enhanced = mistake_rows[situation].enhanced;
    }
    if (!row.enhanced)
        row.enhanced = "";
    if (!row.text)
        row.text = "Syntax: %s";
    return row;
}

const char *persona_syntax(const struct persona *p, enum verb verb)
{
    if (p->syntax && p->syntax[verb])
        return p->syntax[verb];
    return persona_strict.syntax[verb] ? persona_strict.syntax[verb] : "";
}

bool persona_bears(const struct persona *p, enum verb verb, unsigned situation)
{
    const struct persona_row *row = row_of(p, verb, situation);

    if (!stands(row) && coarser(situation) != SITUATION_COUNT)
        return persona_bears(p, verb, coarser(situation));
    if (!stands(row))
        row = &persona_strict.rows[situation];
    if (row->flags & PERSONA_ACCEPT)
        return true;
    return situation < MISTAKE_COUNT && row->code == 0 && mistake_rows[situation].code == 0;
}
