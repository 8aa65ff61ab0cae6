#include "server/alarms.h"

#include <assert.h>

#include "base/mem.h"

struct alarms {
    struct loop *loop;
    struct watch *timer;
    int64_t timer_at; /* CLOCK_NEVER: not set */
    void (*fn)(struct alarm *a);
    struct alarm **heap; /* owned; from 1: the children of i are 2i and 2i + 1 */
    size_t count, room;
};

static void put(struct alarms *all, size_t place, struct alarm *a)
{
    all->heap[place] = a;
    a->place = place;
}

static void rise(struct alarms *all, struct alarm *a, size_t place)
{
    for (; place > 1 && all->heap[place / 2]->at > a->at; place /= 2)
        put(all, place, all->heap[place / 2]);
    put(all, place, a);
}

static void sink(struct alarms *all, struct alarm *a, size_t place)
{
    for (size_t child = place * 2; child <= all->count; child = place * 2) {
        if (child < all->count && all->heap[child + 1]->at < all->heap[child]->at)
            child++;
        if (all->heap[child]->at >= a->at)
            break;
        put(all, place, all->heap[child]);
        place = child;
    }
    put(all, place, a);
}

/* A timer that stands too early is left alone: it looks again when it fires. */
static void set_timer(struct alarms *all)
{
    int64_t due = all->count ? all->heap[1]->at : CLOCK_NEVER;

    if (due >= all->timer_at)
        return;
    all->timer_at = due;
    watch_set_timer(all->timer, due - loop_now(all->loop));
}

void alarm_drop(struct alarms *all, struct alarm *a)
{
    struct alarm *last;
    size_t place = a->place;

    if (!place)
        return;
    last = all->heap[all->count--];
    a->place = 0;
    if (last == a)
        return;
    if (place > 1 && all->heap[place / 2]->at > last->at)
        rise(all, last, place);
    else
        sink(all, last, place);
}

void alarm_set(struct alarms *all, struct alarm *a, int64_t at)
{
    alarm_drop(all, a);
    if (++all->count >= all->room) {
        all->room = all->room ? all->room * 2 : 8;
        all->heap = mem_resize(all->heap, all->room, sizeof *all->heap);
    }
    a->at = at;
    rise(all, a, all->count);
    set_timer(all);
}

static void fired(void *ctx)
{
    struct alarms *all = ctx;
    int64_t now = loop_now(all->loop);

    all->timer_at = CLOCK_NEVER;
    while (all->count && all->heap[1]->at <= now) {
        struct alarm *a = all->heap[1];

        alarm_drop(all, a);
        all->fn(a);
    }
    set_timer(all);
}

struct alarms *alarms_new(struct loop *l, void (*fn)(struct alarm *a))
{
    struct alarms *all = mem_zero(1, sizeof *all);

    *all = (struct alarms){ .loop = l, .timer_at = CLOCK_NEVER, .fn = fn };
    all->timer = loop_timer(l, fired, all);
    return all;
}

void alarms_free(struct alarms *all)
{
    if (!all)
        return;
    assert(all->count == 0);
    watch_free(all->timer);
    mem_free(all->heap);
    mem_free(all);
}
