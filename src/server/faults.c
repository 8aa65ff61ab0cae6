#include "server/faults.h"

#include "engine/faults.h"
#include "server/inner.h"

unsigned server_fault_add(struct server *s, struct span line, struct buf *why)
{
    return faults_parse(s->faults, line, why);
}

bool server_fault_remove(struct server *s, unsigned id)
{
    return faults_remove(s->faults, id);
}

bool server_fault_switch(struct server *s, unsigned id, bool on)
{
    return faults_switch(s->faults, id, on);
}

size_t server_faults(const struct server *s)
{
    return faults_count(s->faults);
}

bool server_fault(struct server *s, size_t i, struct server_fault *out)
{
    struct fault_info info;

    if (!faults_get(s->faults, i, &info))
        return false;
    buf_clear(&s->fault_text);
    fault_print(info.fault, &s->fault_text);
    buf_clear(&s->fault_words);
    fault_words(info.fault, &s->fault_words);
    *out = (struct server_fault){ .id = info.id,
                                  .on = !info.fault->off,
                                  .matched = info.matched,
                                  .played = info.played,
                                  .text = buf_text(&s->fault_text),
                                  .words = buf_text(&s->fault_words) };
    return true;
}

const char *server_fault_moment(size_t i)
{
    return i < FAULT_MOMENT_COUNT ? fault_moment_word((enum fault_moment)i) : NULL;
}

const char *server_fault_key(size_t i, const char **help)
{
    if (i + 1 >= fault_rows.count) /* the first row is the moment */
        return NULL;
    if (help)
        *help = fault_rows.at[i + 1].help;
    return fault_rows.at[i + 1].key;
}

bool server_fault_value(const char *key, size_t i, struct buf *out)
{
    return fault_value(span_of(key), i, out);
}

const char *server_fault_example(size_t i, const char **what)
{
    if (i >= fault_example_count)
        return NULL;
    if (what)
        *what = fault_examples[i].what;
    return fault_examples[i].line;
}
