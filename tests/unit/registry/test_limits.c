#include "registry/keywords.h"
#include "support/prose.h"
#include "support/table.h"

static const struct {
    uint64_t value;
    const char *unit, *source;
} facts[] = {
    { 64, "octets", "RFC 5321 4.5.3.1.1" },
    { 255, "octets", "RFC 5321 4.5.3.1.2" },
    { 256, "octets", "RFC 5321 4.5.3.1.3" },
    { 512, "octets", "RFC 5321 4.5.3.1.4" },
    { 512, "octets", "RFC 5321 4.5.3.1.5" },
    { 1000, "octets", "RFC 5321 4.5.3.1.6" },
    { 65536, "octets", "RFC 5321 4.5.3.1.7" },
    { 100, "recipients", "RFC 5321 4.5.3.1.8" },
    { 452, "reply code", "RFC 5321 4.5.3.1.10" },
    { 100, "fields", "RFC 5321 6.3" },
    { 20, "digits", "RFC 1870 3" },
    { 100, "characters", "RFC 3461 5.4" },
    { 28, "characters", "RFC 3461 5.4" },
    { 500, "characters", "RFC 3461 5.4" },
    { 8, "characters", "RFC 3461 5.4" },
    { 1036, "characters", "RFC 3461 5.4" },
    { 12288, "octets", "RFC 4954 4" },
    { 20, "characters", "RFC 4422 3.1" },
    { 500, "characters", "RFC 4954 3" },
    { 300, "seconds", "RFC 5321 4.5.3.2.1" },
    { 300, "seconds", "RFC 5321 4.5.3.2.2" },
    { 300, "seconds", "RFC 5321 4.5.3.2.3" },
    { 120, "seconds", "RFC 5321 4.5.3.2.4" },
    { 180, "seconds", "RFC 5321 4.5.3.2.5" },
    { 600, "seconds", "RFC 5321 4.5.3.2.6" },
    { 300, "seconds", "RFC 5321 4.5.3.2.7" },
    { 30, "minutes", "RFC 5321 4.5.4.1" },
    { 4, "days", "RFC 5321 4.5.4.1" },
    { 78, "characters", "RFC 5322 2.1.1" },
    { 998, "characters", "RFC 5322 2.1.1" },
    { 75, "characters", "RFC 2047 2" },
    { 76, "characters", "RFC 2047 2" },
    { 76, "characters", "RFC 2045 6.8" },
    { 76, "characters", "RFC 2045 6.7" },
    { 70, "characters", "RFC 2046 5.1.1" },
    { 25, "TCP port", "RFC 5321 4.5.4.2" },
    { 587, "TCP port", "RFC 6409 3.1" },
    { 465, "TCP port", "RFC 8314 7.3" },
    { 24, "TCP port", "IANA port 24" },
};

Test(limits, are_the_numbers_of_the_standards)
{
    cr_assert_eq(limit_row_count, ROWS(facts));
    for (size_t i = 0; i < ROWS(facts); i++) {
        cr_expect_eq(limit_rows[i].value, facts[i].value, "%s", limit_rows[i].what);
        cr_expect_str_eq(limit_rows[i].unit, facts[i].unit, "%s", limit_rows[i].what);
        cr_expect_str_eq(limit_rows[i].source, facts[i].source, "%s", limit_rows[i].what);
    }
}

Test(limits, have_names_of_their_own)
{
    for (size_t i = 0; i < limit_row_count; i++) {
        EXPECT_LABEL(limit_rows[i].what, 56, limit_rows[i].what);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(limit_rows[i].what, limit_rows[k].what);
    }
}
