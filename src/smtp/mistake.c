#include "smtp/mistake.h"

#define X(name, severity, code, enhanced, source) { #name, severity, code, enhanced, source },
const struct mistake_row mistake_rows[MISTAKE_COUNT] = { MISTAKES(X) };
#undef X

void mistakes_add(struct mistakes *found, enum mistake mistake, unsigned column, unsigned len)
{
    if (found->count < MISTAKES_MAX)
        found->at[found->count++] = (struct mistake_at){ mistake, column, len };
}

bool mistakes_have(const struct mistakes *found, enum mistake mistake)
{
    for (unsigned i = 0; i < found->count; i++)
        if (found->at[i].mistake == mistake)
            return true;
    return false;
}

const struct mistake_at *mistakes_worst(const struct mistakes *found, enum severity least)
{
    const struct mistake_at *worst = NULL;

    for (unsigned i = 0; i < found->count; i++) {
        enum severity s = mistake_rows[found->at[i].mistake].severity;

        if (s >= least && (!worst || s > mistake_rows[worst->mistake].severity))
            worst = &found->at[i];
    }
    return worst;
}
