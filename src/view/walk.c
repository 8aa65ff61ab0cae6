#include "view/walk.h"

#include <assert.h>

#include "dialogue/pairing.h"

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
    w->command = 0;
    w->asked.count = 0;
}

/* The command that the line to come answers, when that line is the server's; 0: none. */
static uint32_t answered(const struct observer *o)
{
    const struct observer_run *head = pairing_head(o);

    if (o->reply.lines)
        return o->reply_to_line;
    return o->greeted && head ? head->line : 0;
}

/* Commands sent ahead of their replies, and where a walk starts at a reply: their form alone is
 * looked at, their order shows in the state. */
static void find_command(struct walk *w, uint32_t n)
{
    uint32_t command = answered(&w->after);
    struct record_line kept;
    struct command c;

    if (record_line_side(w->record, w->dialogue, n) != SIDE_SERVER || command == w->command)
        return;
    w->command = command;
    w->asked.count = 0;
    if (!command || record_line_role(w->record, w->dialogue, command) != ROLE_COMMAND)
        return;
    record_line(w->record, w->dialogue, command, RECORD_SECRETS, &kept);
    command_parse(&kept.line, COMMAND_LINE_MAX, &c);
    w->asked = c.mistakes;
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
    find_command(w, n + 1);
    record_line(w->record, w->dialogue, n + 1, RECORD_SECRETS, &w->kept);
    observer_line(&w->after, w->kept.side, &w->kept.line, &w->line);
    if (w->line.role == ROLE_COMMAND) {
        w->command = n + 1;
        w->asked = w->line.command.mistakes;
    }
    return true;
}
