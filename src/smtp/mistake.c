#include "smtp/mistake.h"

#define X(name, severity, code, enhanced, source) { #name, severity, code, enhanced, source },
const struct mistake_row mistake_rows[MISTAKE_COUNT] = { MISTAKES(X) };
#undef X

static enum severity severity_at(const struct mistakes *found, unsigned i)
{
    return mistake_rows[found->at[i].mistake].severity;
}

/* In a full list: takes out the last of the mildest ones, if it is milder than `than`. Many extra
 * spaces must not hide that the line is wrong. */
static void make_room(struct mistakes *found, enum severity than)
{
    unsigned mildest = found->count - 1;

    for (unsigned i = found->count - 1; i-- > 0;)
        if (severity_at(found, i) < severity_at(found, mildest))
            mildest = i;
    if (severity_at(found, mildest) >= than)
        return;
    found->count--;
    memmove(found->at + mildest, found->at + mildest + 1,
            (found->count - mildest) * sizeof(found->at[0]));
}

void mistakes_add(struct mistakes *found, enum mistake mistake, unsigned column, unsigned len)
{
    if (found->count == MISTAKES_MAX)
        make_room(found, mistake_rows[mistake].severity);
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
        enum severity s = severity_at(found, i);

        if (s >= least && (!worst || s > mistake_rows[worst->mistake].severity))
            worst = &found->at[i];
    }
    return worst;
}
