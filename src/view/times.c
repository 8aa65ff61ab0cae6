#include "view/dialogue.h"

#include "base/clock.h"

#define MINUTE (60 * CLOCK_SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* "2 min 5 s"; the smaller unit is left out where it no longer matters. */
static void two_units(struct buf *out, int64_t micros, int64_t large, const char *large_name,
                      int64_t small, const char *small_name)
{
    long long whole = micros / large, rest = micros % large / small;

    buf_printf(out, "%lld %s", whole, large_name);
    if (rest && whole < 10)
        buf_printf(out, " %lld %s", rest, small_name);
}

void dialogue_time(struct buf *out, int64_t micros)
{
    int64_t tenths;

    if (micros < 0)
        micros = 0;
    if (micros < 9950) {
        tenths = (micros + 50) / 100;
        buf_printf(out, "%d.%d ms", (int)(tenths / 10), (int)(tenths % 10));
    } else if (micros < CLOCK_SECOND - 500) {
        buf_printf(out, "%d ms", (int)((micros + 500) / 1000));
    } else if (micros < MINUTE) {
        tenths = micros < MINUTE - 50000 ? (micros + 50000) / 100000 : 599;
        buf_printf(out, "%d.%d s", (int)(tenths / 10), (int)(tenths % 10));
    } else if (micros < HOUR) {
        two_units(out, micros, MINUTE, "min", CLOCK_SECOND, "s");
    } else if (micros < DAY) {
        two_units(out, micros, HOUR, "h", MINUTE, "min");
    } else {
        two_units(out, micros, DAY, "d", HOUR, "h");
    }
}

/* When the connection stood, as the events before line 1 tell it. */
static int64_t connected_at(const struct record *r, unsigned d)
{
    int64_t at = record_opened_at(r, d);
    uint32_t count = record_events(r, d);

    for (uint32_t i = 0; i < count; i++) {
        struct record_event e;

        record_event_get(r, d, i, &e);
        if (e.after > 0)
            break;
        if (e.event == TALK_CONNECTED)
            at = e.time;
    }
    return at;
}

int64_t dialogue_line_time(const struct record *r, unsigned d, const struct observed *line)
{
    int64_t now = record_line_time(r, d, line->number);

    if (line->side == SIDE_SERVER) {
        if (line->reply.lines != 1 || line->unsolicited)
            return -1;
        return now - (line->answers_line ? record_line_time(r, d, line->answers_line)
                                         : connected_at(r, d));
    }
    if (line->role != ROLE_COMMAND || line->number < 2 ||
        record_line_side(r, d, line->number - 1) != SIDE_SERVER)
        return -1;
    return now - record_line_time(r, d, line->number - 1);
}
