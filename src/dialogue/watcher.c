#include "base/mem.h"
#include "dialogue/observer.h"
#include "smtp/line.h"

struct watcher {
    struct observer observer;
    struct line_reader *reader[2]; /* by side */
    enum side side;
    struct span rest; /* borrowed: of what was pushed last, not yet taken */
    bool ending;      /* an event ends the talk: unfinished lines are still to be given */
    enum talk_event event;
};

struct watcher *watcher_new(void)
{
    struct watcher *w = mem_zero(1, sizeof *w);

    observer_init(&w->observer);
    w->reader[SIDE_CLIENT] = line_reader_new();
    w->reader[SIDE_SERVER] = line_reader_new();
    return w;
}

void watcher_free(struct watcher *w)
{
    if (!w)
        return;
    line_reader_free(w->reader[SIDE_CLIENT]);
    line_reader_free(w->reader[SIDE_SERVER]);
    mem_free(w);
}

void watcher_push(struct watcher *w, enum side side, struct span octets)
{
    w->side = side;
    w->rest = octets;
}

void watcher_event(struct watcher *w, enum talk_event e)
{
    if (!talk_event_ends(e)) {
        observer_event(&w->observer, e);
        return;
    }
    w->ending = true;
    w->event = e;
}

static bool next_pushed(struct watcher *w, struct line *line)
{
    bool whole = false;

    while (w->rest.len && !whole)
        w->rest = span_from(w->rest, line_reader_push(w->reader[w->side], w->rest, line, &whole));
    return whole;
}

/* The client's unfinished line, then the server's, then the event itself. */
static bool next_cut(struct watcher *w, struct line *line)
{
    if (!w->ending)
        return false;
    for (w->side = SIDE_CLIENT;; w->side = SIDE_SERVER) {
        if (line_reader_close(w->reader[w->side], line))
            return true;
        if (w->side == SIDE_SERVER)
            break;
    }
    w->ending = false;
    observer_event(&w->observer, w->event);
    return false;
}

bool watcher_next(struct watcher *w, struct observed *out)
{
    struct line line;

    if (!next_pushed(w, &line) && !next_cut(w, &line))
        return false;
    observer_line(&w->observer, w->side, &line, out);
    return true;
}

const struct observer *watcher_state(const struct watcher *w)
{
    return &w->observer;
}
