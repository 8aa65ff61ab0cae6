/*
 * What a reply means after this verb: the search. The rows stand in the files meanings_*.c.
 */
#include "registry/meanings.h"

const struct meaning_group *const meaning_groups[MEANING_GROUPS] = { &meanings_session,
                                                                     &meanings_letter,
                                                                     &meanings_other };

const struct meaning_row *meaning_row(enum verb verb, unsigned code)
{
    const struct meaning_row *of_class = NULL;

    for (size_t g = 0; g < MEANING_GROUPS; g++) {
        const struct meaning_group *group = meaning_groups[g];

        for (size_t i = 0; i < group->count; i++) {
            const struct meaning_row *m = &group->rows[i];

            if (m->verb != verb)
                continue;
            if (m->code == code)
                return m;
            if (m->code == code / 100)
                of_class = m;
        }
    }
    return of_class;
}
