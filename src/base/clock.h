/* Times are int64_t microseconds. Pure rooms are handed `now`; only net/ reads a clock. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stdint.h>
#define CLOCK_SECOND ((int64_t)1000000)
#define CLOCK_NEVER  INT64_MAX
#endif
