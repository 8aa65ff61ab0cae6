/*
 * What the engine states while it works. When nobody listens none of it is put together, but what
 * was injected behind STARTTLS, which the caller may want to warn of.
 */
#include "engine/inner.h"

void engine_fact(struct engine *e, enum fact_kind kind, uint64_t number, const char *format, ...)
{
    va_list args;

    if (!e->facts)
        return;
    va_start(args, format);
    outbox_vfact(&e->out, kind, number, format, args);
    va_end(args);
}

void engine_tell(struct engine *e, enum fact_kind kind, uint64_t number, struct span text)
{
    if (e->facts || kind == FACT_INJECTED)
        outbox_fact(&e->out, &(struct fact){ .kind = kind, .text = text, .number = number });
}

void engine_decide(struct engine *e, unsigned code, const char *before, struct span middle,
                   const char *after)
{
    if (!e->facts)
        return;
    outbox_fact(&e->out,
                &(struct fact){ .kind = FACT_DECIDED, .number = code, .text = span_of(before) });
    outbox_fact_more(&e->out, middle);
    outbox_fact_more(&e->out, span_of(after));
}

void engine_note(struct engine *e, enum engine_note note)
{
    static const char *const words[] = {
#define X(name, text) text,
        ENGINE_NOTES(X)
#undef X
    };

    if (e->noted & 1u << note)
        return;
    e->noted |= 1u << note;
    engine_tell(e, FACT_NOTED, 0, span_of(words[note]));
}

void engine_set_keeping(struct engine *e, bool on)
{
    e->forgetful = !on;
}

void engine_set_facts(struct engine *e, bool on)
{
    e->facts = on;
}
