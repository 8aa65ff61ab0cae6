#include "engine/persona.h"

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

struct persona_row persona_row(const struct persona *p, enum verb verb, unsigned situation)
{
    struct persona_row row = *row_of(p, verb, situation);

    if (!stands(&row) && situation == SITUATION_ALL_REFUSED)
        return persona_row(p, verb, MISTAKE_DATA_BEFORE_RCPT);
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

bool persona_bears(const struct persona *p, enum verb verb, enum mistake m)
{
    const struct persona_row *row = row_of(p, verb, m);

    if (!stands(row))
        row = &persona_strict.rows[m];
    if (row->flags & PERSONA_ACCEPT)
        return true;
    return row->code == 0 && mistake_rows[m].code == 0;
}
