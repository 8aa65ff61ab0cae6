#include "server/pace.h"

#include "support/table.h"

static void expect(struct pace *p, int64_t now, const char *want)
{
    struct span got = pace_take(p, now);

    cr_expect(span_eq(got, span_of(want)), "got '%.*s', want '%s'", SPAN_ARG(got), want);
}

Test(pace, gives_so_many_octets_at_a_time)
{
    struct pace *p = pace_new(3, 10);

    cr_expect(pace_empty(p));
    cr_expect_leq(pace_due(p), 0, "the first may leave at once");
    pace_add(p, SPAN("abcdefg"));
    expect(p, 100, "abc");
    cr_expect_eq(pace_due(p), 110);
    pace_add(p, SPAN("hi"));
    expect(p, 110, "def");
    expect(p, 125, "ghi");
    cr_expect(pace_empty(p));
    cr_expect_eq(pace_due(p), 135, "later ones keep the distance");
    pace_add(p, SPAN("jkl"));
    pace_change(p, 2, 20);
    expect(p, 140, "jk");
    cr_expect_eq(pace_due(p), 160);
    expect(p, 160, "l");
    expect(p, 180, "");
    pace_free(p);
    pace_free(NULL);
}
