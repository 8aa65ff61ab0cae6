#include "smtp/mx.h"

#include <string.h>

#include "support/table.h"

static void spell(const struct mx *list, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        *out++ = list[i].host[0];
    *out = '\0';
}

Test(mx, goes_by_preference)
{
    struct mx list[] = { { 30, "d" }, { 0, "a" }, { 65535, "e" }, { 10, "b" }, { 20, "c" } };
    char got[8];

    mx_order(list, ROWS(list), 1);
    spell(list, ROWS(list), got);
    cr_expect_str_eq(got, "abcde");
    mx_order(list, 0, 1);
}

Test(mx, shuffles_equals_only_and_evenly)
{
    unsigned first[3] = { 0 };

    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct mx list[] = { { 10, "b" }, { 5, "a" }, { 10, "c" }, { 10, "d" }, { 20, "e" } };
        char got[8];

        mx_order(list, ROWS(list), seed);
        spell(list, ROWS(list), got);
        cr_assert(got[0] == 'a' && got[4] == 'e', "%s", got);
        cr_assert(strchr(got, 'b') && strchr(got, 'c') && strchr(got, 'd'), "%s", got);
        first[got[1] - 'b']++;
    }
    for (int i = 0; i < 3; i++)
        cr_expect(first[i] > 900 && first[i] < 1100, "%c: %u", 'b' + i, first[i]);
}

Test(mx, gives_one_order_for_one_seed)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct mx a[] = { { 1, "a" }, { 1, "b" }, { 1, "c" }, { 1, "d" } };
        struct mx b[] = { { 1, "a" }, { 1, "b" }, { 1, "c" }, { 1, "d" } };
        char x[8], y[8];

        mx_order(a, 4, seed);
        mx_order(b, 4, seed);
        spell(a, 4, x);
        spell(b, 4, y);
        cr_expect_str_eq(x, y);
    }
}

Test(mx, knows_the_null_mx)
{
    const struct mx root[] = { { 0, "." } }, empty[] = { { 0, "" } }, one[] = { { 0, "a.fr" } };
    const struct mx two[] = { { 0, "." }, { 10, "a.fr" } };

    cr_expect(mx_is_null(root, 1));
    cr_expect(mx_is_null(empty, 1));
    cr_expect_not(mx_is_null(one, 1));
    cr_expect_not(mx_is_null(two, 2));
    cr_expect_not(mx_is_null(root, 0));
}
