#include <assert.h>

#include "base/mem.h"
#include "server/store_inner.h"

void store_free(struct store *s)
{
    if (s)
        s->kind->free(s);
}

struct store_job *store_put(struct store *s, const struct store_letter *letter, store_done *done,
                            void *ctx)
{
    return s->kind->put(s, letter, done, ctx);
}

void store_forget(struct store_job *j)
{
    assert(j->kind->forget);
    j->kind->forget(j);
}

bool store_reads(const struct store *s)
{
    return !s->kind->drops;
}

static struct store_job *put_nowhere(struct store *s, const struct store_letter *letter,
                                     store_done *done, void *ctx)
{
    (void)s;
    (void)letter;
    done(ctx, true, NULL, "");
    return NULL;
}

static void free_plain(struct store *s)
{
    mem_free(s);
}

struct store *store_none(void)
{
    static const struct store_kind none = { .put = put_nowhere, .free = free_plain, .drops = true };
    struct store *s = mem_zero(1, sizeof *s);

    s->kind = &none;
    return s;
}
