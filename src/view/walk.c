#include "view/walk.h"

#include <assert.h>

void walk_start(struct walk *w, const struct record *r, unsigned dialogue, uint32_t first)
{
    assert(first >= 1);
    w->record = r;
    w->dialogue = dialogue;
    w->lines = record_lines(r, dialogue);
    assert(first - 1 <= w->lines);
    record_state(r, dialogue, first - 1, &w->after);
    /* the state after the last line has heard what came after it, too */
    w->event = first - 1 == w->lines ? record_events(r, dialogue)
                                     : record_event_after(r, dialogue, first - 1);
    w->line = (struct observed){ .number = first - 1 };
    w->kept = (struct record_line){ 0 };
}

bool walk_next(struct walk *w)
{
    uint32_t n = w->line.number, events = record_events(w->record, w->dialogue);

    w->lines = record_lines(w->record, w->dialogue);
    if (n >= w->lines)
        return false;
    for (; w->event < events; w->event++) {
        struct record_event e;

        record_event_get(w->record, w->dialogue, w->event, &e);
        if (e.after > n)
            break;
        observer_event(&w->after, e.event);
    }
    record_line(w->record, w->dialogue, n + 1, RECORD_SECRETS, &w->kept);
    observer_line(&w->after, w->kept.side, &w->kept.line, &w->line);
    return true;
}
