/*
 * Turning a loop until something has happened, with a limit that only a broken program meets.
 */
#ifndef TESTS_TURN_H
#define TESTS_TURN_H
#include "net/loop.h"

#define TURN_LIMIT (10 * CLOCK_SECOND)

static inline void turn_late(void *ctx)
{
    *(bool *)ctx = true;
}

/* Turns `loop` until `condition` holds; false when it does not within TURN_LIMIT. */
#define TURN_UNTIL(loop, condition)                                                                \
    __extension__({                                                                                \
        bool turn_is_late = false;                                                                 \
        struct watch *turn_timer = loop_timer((loop), turn_late, &turn_is_late);                   \
        watch_set_timer(turn_timer, TURN_LIMIT);                                                   \
        while (!(condition) && !turn_is_late)                                                      \
            loop_once(loop);                                                                       \
        watch_free(turn_timer);                                                                    \
        !turn_is_late;                                                                             \
    })

#endif
