#include "dialogue/event.h"

#define X(name, ends, text) { text, ends },
static const struct {
    const char *text;
    bool ends;
} events[] = { TALK_EVENTS(X) };
#undef X

const char *talk_event_text(enum talk_event e)
{
    return events[e].text;
}

bool talk_event_ends(enum talk_event e)
{
    return events[e].ends;
}
