#include "server/alarms.h"

#include <stdlib.h>

#include "support/table.h"
#include "support/turn.h"

#define COUNT 200

/* An alarm, and what went off so far. */
struct bell {
    struct alarm alarm; /* first */
    unsigned rung;
};
static struct bell bells[COUNT];
static struct alarms *all;
static int64_t last_at;
static unsigned rung, out_of_order;
static struct bell *drops, *sets; /* what the next one does */

static void ring(struct alarm *a)
{
    struct bell *b = (struct bell *)a;

    b->rung++;
    rung++;
    out_of_order += a->at < last_at;
    last_at = a->at;
    if (drops)
        alarm_drop(all, &drops->alarm);
    if (sets)
        alarm_set(all, &sets->alarm, a->at);
    drops = sets = NULL;
}

Test(alarms, go_off_in_order_each_once)
{
    struct loop *l = loop_new(NULL);
    int64_t now = loop_now(l);

    all = alarms_new(l, ring);
    for (unsigned i = 0; i < COUNT; i++)
        alarm_set(all, &bells[i].alarm, now - 1000 + (int64_t)(i * 7919 % 997));
    for (unsigned i = 0; i < COUNT; i += 3)
        alarm_drop(all, &bells[i].alarm);
    for (unsigned i = 0; i < COUNT; i += 6)
        alarm_set(all, &bells[i].alarm, now - (int64_t)i);
    for (unsigned i = 1; i < COUNT; i += 3)
        alarm_set(all, &bells[i].alarm, now - 500 + (int64_t)(i * 31 % 499));
    cr_expect(TURN_UNTIL(l, rung >= COUNT - COUNT / 6));
    loop_poll(l);
    cr_expect_eq(out_of_order, 0);
    for (unsigned i = 0; i < COUNT; i++)
        cr_expect_eq(bells[i].rung, i % 6 == 3 ? 0 : 1, "bell %u rang %u times", i, bells[i].rung);
    alarms_free(all);
    loop_free(l);
}

Test(alarms, do_not_go_off_before_their_time)
{
    struct loop *l = loop_new(NULL);
    int64_t at = loop_now(l) + CLOCK_SECOND / 50;

    all = alarms_new(l, ring);
    alarm_set(all, &bells[0].alarm, at);
    alarm_set(all, &bells[1].alarm, at + 1000 * CLOCK_SECOND);
    cr_expect(TURN_UNTIL(l, rung));
    cr_expect_geq(loop_now(l), at);
    cr_expect_eq(bells[1].rung, 0);
    alarm_drop(all, &bells[1].alarm);
    alarm_drop(all, &bells[1].alarm);
    alarms_free(all);
    alarms_free(NULL);
    loop_free(l);
}

Test(alarms, may_be_set_and_dropped_while_one_goes_off)
{
    struct loop *l = loop_new(NULL);
    int64_t now = loop_now(l);

    all = alarms_new(l, ring);
    alarm_set(all, &bells[0].alarm, now - 3);
    alarm_set(all, &bells[1].alarm, now - 2);
    alarm_set(all, &bells[2].alarm, now - 1);
    drops = &bells[1];
    sets = &bells[0];
    cr_expect(TURN_UNTIL(l, rung == 3));
    cr_expect_eq(bells[0].rung, 2);
    cr_expect_eq(bells[1].rung, 0);
    cr_expect_eq(bells[2].rung, 1);
    alarms_free(all);
    loop_free(l);
}
