/*
 * /wait and /expect: commands that let time pass, for scripts and pipes.
 */
#include "console/inner.h"

/* An hour: longer than any time-out in RFC 5321 4.5.3.2. */
#define WAIT_MAX 3600

/* "2", "0.25". False: not a number of seconds. */
static bool read_seconds(struct span text, int64_t *micros)
{
    struct span fraction, whole = span_cut(text, '.', &fraction);
    uint64_t seconds = 0, part = 0;
    int64_t unit = CLOCK_SECOND;

    if (!text.len || (!whole.len && !fraction.len) || fraction.len > 6)
        return false;
    if ((whole.len && !span_number(whole, &seconds)) ||
        (fraction.len && !span_number(fraction, &part)) || seconds > WAIT_MAX)
        return false;
    for (size_t i = 0; i < fraction.len; i++)
        unit /= 10;
    *micros = (int64_t)seconds * CLOCK_SECOND + (int64_t)part * unit;
    return true;
}

void command_wait(struct console *c, struct span args)
{
    int64_t micros;

    if (!read_seconds(args, &micros)) {
        console_complain(c, "/wait needs seconds, at most %d, as in /wait 2 or /wait 0.5",
                         WAIT_MAX);
        console_worsen(c, STATUS_USAGE);
        return;
    }
    c->busy = BUSY_WAIT;
    c->timer_rang = false;
    watch_set_timer(c->timer, micros);
}

void command_expect(struct console *c, struct span args)
{
    uint64_t code;

    if (args.len > 3 || !span_number(args, &code) || code == 0) {
        console_complain(c, "/expect needs a reply code or its first digits, as in /expect 250 or "
                            "/expect 5");
        console_worsen(c, STATUS_USAGE);
        return;
    }
    c->expect = (unsigned)code;
    c->expect_digits = (unsigned)args.len;
    c->busy = BUSY_EXPECT;
}

static void compare(struct console *c)
{
    unsigned d = console_dialogue(c), got = 0, cut;
    uint32_t last = d ? console_last_reply(c, record_lines(c->config.record, d)) : 0;
    struct observed seen;

    if (last) {
        record_observed(c->config.record, d, last, &seen);
        got = seen.reply.code;
    }
    cut = c->expect_digits == 3 ? got : c->expect_digits == 2 ? got / 10 : got / 100;
    c->expect_failed = !last || cut != c->expect;
    if (!c->expect_failed)
        return;
    if (last)
        console_complain(c, "/expect %u: the last reply was %u.", c->expect, got);
    else
        console_complain(c, "/expect %u: there was no reply.", c->expect);
    console_worsen(c, STATUS_DIFFERENT);
}

bool wait_turn(struct console *c)
{
    if (c->busy == BUSY_WAIT && c->timer_rang) {
        console_not_busy(c);
        return true;
    }
    if (c->busy != BUSY_EXPECT)
        return false;
    if (console_talking(c) && observer_outstanding(console_observer(c)))
        return false;
    compare(c);
    console_not_busy(c);
    return true;
}
