#include "base/near.h"

#include <criterion/criterion.h>

static const struct {
    const char *typed, *known;
    bool near;
    unsigned score;
} rows[] = {
    { "plain", "plain", true, 0 },
    { "PLAIN", "plain", true, 0 },
    { "plian", "plain", true, 2 },
    { "lain", "plain", true, 3 },
    { "pplain", "plain", true, 2 },
    { "plane", "plain", false, 0 },
    { "explian", "explain", true, 2 },
    { "explaim", "explain", true, 2 },
    { "xeplian", "explain", true, 5 },
    { "sources", "show-secrets", false, 0 },
    { "me", "mx", false, 0 },
    { "", "plain", false, 0 },
    { "plain", "", false, 0 },
    { "abcdefghijklmnopqrstuvwxyz", "plain", false, 0 },
    { "plain", "abcdefghijklmnopqrstuvwxyz", false, 0 },
};

Test(near, a_slip_or_two_are_near)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned score = 0;
        bool near = near_enough(span_of(rows[i].typed), span_of(rows[i].known), &score);

        cr_expect_eq(near, rows[i].near, "%s %s", rows[i].typed, rows[i].known);
        cr_expect_eq(score, rows[i].score, "%s %s: %u", rows[i].typed, rows[i].known, score);
    }
}
