#include "registry/codes.h"
#include "support/prose.h"
#include "support/table.h"

/* The registry: how many details each subject has, and the classes where they are not 4 and 5. */
static const uint16_t last_detail[] = { 0, 10, 4, 6, 7, 6, 10, 30 };

static const struct {
    uint16_t subject, detail;
    const char *classes;
} special[] = {
    { 0, 0, "245" }, { 1, 0, "245" }, { 1, 1, "5" },  { 1, 2, "5" },  { 1, 3, "5" },
    { 1, 5, "2" },   { 1, 6, "5" },   { 1, 9, "25" }, { 2, 2, "4" },  { 2, 3, "5" },
    { 3, 0, "245" }, { 3, 1, "4" },   { 3, 4, "5" },  { 3, 6, "2" },  { 4, 1, "4" },
    { 4, 2, "4" },   { 4, 3, "4" },   { 4, 5, "4" },  { 4, 6, "4" },  { 5, 0, "245" },
    { 5, 1, "5" },   { 5, 2, "5" },   { 5, 4, "5" },  { 6, 1, "5" },  { 6, 4, "245" },
    { 6, 8, "245" }, { 7, 0, "245" }, { 7, 1, "5" },  { 7, 2, "5" },  { 7, 3, "5" },
    { 7, 7, "245" }, { 7, 8, "5" },   { 7, 9, "5" },  { 7, 11, "5" }, { 7, 12, "4" },
    { 7, 13, "5" },
};

/* Where the codes come from, as the registry says. */
static const struct {
    uint16_t subject, detail;
    const char *source;
} sources[] = {
    { 0, 0, "RFC 3463" },  { 1, 8, "RFC 3463" },  { 1, 9, "RFC 3886" },  { 1, 10, "RFC 7505" },
    { 2, 4, "RFC 3463" },  { 3, 2, "RFC 3463" },  { 3, 5, "RFC 3463" },  { 3, 6, "RFC 6710" },
    { 4, 7, "RFC 3463" },  { 5, 5, "RFC 3463" },  { 5, 6, "RFC 4954" },  { 6, 5, "RFC 3463" },
    { 6, 6, "RFC 4468" },  { 6, 7, "RFC 6531" },  { 6, 8, "RFC 6531" },  { 6, 9, "RFC 6531" },
    { 6, 10, "RFC 6531" }, { 7, 7, "RFC 3463" },  { 7, 8, "RFC 4954" },  { 7, 9, "RFC 4954" },
    { 7, 10, "RFC 5248" }, { 7, 11, "RFC 4954" }, { 7, 12, "RFC 4954" }, { 7, 13, "RFC 5248" },
    { 7, 14, "RFC 5248" }, { 7, 15, "RFC 6710" }, { 7, 16, "RFC 6710" }, { 7, 17, "RFC 7293" },
    { 7, 18, "RFC 7293" }, { 7, 19, "RFC 7293" }, { 7, 20, "RFC 7372" }, { 7, 23, "RFC 7372" },
    { 7, 25, "RFC 7372" }, { 7, 26, "RFC 7372" }, { 7, 27, "RFC 7505" }, { 7, 28, "IANA" },
    { 7, 29, "RFC 8617" }, { 7, 30, "RFC 8689" },
};

static const char *wanted_classes(uint16_t subject, uint16_t detail)
{
    for (size_t i = 0; i < ROWS(special); i++)
        if (special[i].subject == subject && special[i].detail == detail)
            return special[i].classes;
    return "45";
}

Test(enhanced, holds_the_whole_registry_in_order)
{
    size_t i = 0;

    for (uint16_t subject = 0; subject < ROWS(last_detail); subject++)
        for (uint16_t detail = 0; detail <= last_detail[subject]; detail++, i++) {
            cr_assert_lt(i, enhanced_row_count);
            cr_expect_eq(enhanced_rows[i].subject, subject, "row %zu", i);
            cr_expect_eq(enhanced_rows[i].detail, detail, "row %zu", i);
            cr_expect_str_eq(enhanced_rows[i].classes, wanted_classes(subject, detail), "X.%u.%u",
                             subject, detail);
        }
    cr_expect_eq(i, enhanced_row_count);
}

Test(enhanced, names_the_documents_of_the_registry)
{
    for (size_t i = 0; i < ROWS(sources); i++) {
        const struct enhanced_row *row = NULL;

        for (size_t k = 0; k < enhanced_row_count; k++)
            if (enhanced_rows[k].subject == sources[i].subject &&
                enhanced_rows[k].detail == sources[i].detail)
                row = &enhanced_rows[k];
        cr_assert_not_null(row);
        cr_expect(span_starts(span_of(row->source), span_of(sources[i].source)), "X.%u.%u: %s",
                  row->subject, row->detail, row->source);
    }
}

Test(enhanced, has_words_fit_to_be_shown)
{
    for (size_t i = 0; i < enhanced_row_count; i++) {
        const struct enhanced_row *row = &enhanced_rows[i];

        EXPECT_LABEL(row->name, 40, row->name);
        EXPECT_SENTENCE(row->meaning, 156, row->name);
        EXPECT_SENTENCE(row->advice, 100, row->name);
        EXPECT_LABEL(row->source, 40, row->name);
    }
}

/* Which classes a lookup explains; see the comment of enhanced_row(). */
static bool explained(const struct enhanced_row *row, unsigned class)
{
    bool fails = !!strpbrk(row->classes, "45"), succeeds = !!strchr(row->classes, '2');

    return class == 2 ? succeeds || row->detail == 0 : (class == 4 || class == 5) && fails;
}

Test(enhanced, is_found_under_every_class_that_makes_sense)
{
    for (size_t i = 0; i < enhanced_row_count; i++)
        for (unsigned class = 0; class < 256; class ++) {
            const struct enhanced_row *row = &enhanced_rows[i];
            struct enhanced_code code = { (uint8_t) class, row->subject, row->detail };

            cr_expect_eq(enhanced_row(code), explained(row, class) ? row : NULL, "%u.%u.%u", class,
                         row->subject, row->detail);
        }
}

Test(enhanced, takes_the_two_classes_of_failure_for_each_other)
{
    cr_expect_not_null(enhanced_row((struct enhanced_code){ 4, 7, 1 }));
    cr_expect_not_null(enhanced_row((struct enhanced_code){ 5, 2, 2 }));
    cr_expect_not_null(enhanced_row((struct enhanced_code){ 2, 6, 0 }));
    cr_expect_null(enhanced_row((struct enhanced_code){ 2, 1, 1 }), "success is no failure");
    cr_expect_null(enhanced_row((struct enhanced_code){ 5, 1, 5 }), "failure is no success");
    cr_expect_null(enhanced_row((struct enhanced_code){ 0 }));
}

Test(enhanced, does_not_find_what_the_registry_lacks)
{
    for (uint16_t subject = 0; subject < 12; subject++)
        for (unsigned detail = 0; detail < 1000; detail++) {
            struct enhanced_code code = { 5, subject, (uint16_t)detail };
            bool there = subject < ROWS(last_detail) && detail <= last_detail[subject];

            if (!there)
                cr_expect_null(enhanced_row(code), "5.%u.%u", subject, detail);
        }
    cr_expect_null(enhanced_row((struct enhanced_code){ 5, UINT16_MAX, UINT16_MAX }));
    cr_expect_null(enhanced_row((struct enhanced_code){ 5, 7, UINT16_MAX }));
}

Test(enhanced, knows_its_subjects)
{
    for (unsigned subject = 0; subject <= UINT16_MAX; subject++) {
        const struct enhanced_subject_row *row = enhanced_subject_row((uint16_t)subject);

        cr_assert_eq(row != NULL, subject < ROWS(last_detail), "%u", subject);
        if (!row)
            continue;
        cr_expect_eq(row->subject, subject);
        EXPECT_LABEL(row->name, 24, row->name);
        EXPECT_SENTENCE(row->meaning, 100, row->name);
    }
}
