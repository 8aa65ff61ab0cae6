/* Does a fault wait for what happens? */
#include <string.h>

#include "engine/fault.h"

static const char *const words[FAULT_MOMENT_COUNT] = {
#define X(name, word, when) [FAULT_##name] = word,
    FAULT_MOMENTS(X)
#undef X
};

const char *fault_moment_word(enum fault_moment m)
{
    return words[m];
}

enum fault_moment fault_moment_of(enum verb verb)
{
    struct span word = span_of(verb_word(verb));

    for (int m = FAULT_HELO; m <= FAULT_QUIT; m++)
        if (span_eq(word, span_of(words[m])))
            return (enum fault_moment)m;
    return FAULT_COMMAND;
}

bool fault_times_read(struct span text, struct fault_times *out)
{
    struct fault_times t = { 0 };
    struct span rest, first;
    bool range;

    if (span_starts_nocase(text, SPAN("every "))) {
        if (!span_number(span_trim(span_from(text, 6)), &t.every) || t.every == 0)
            return false;
        *out = t;
        return true;
    }
    range = span_find(text, '-') < text.len;
    first = span_trim(span_cut(text, '-', &rest));
    rest = span_trim(rest);
    if (!span_number(first, &t.first) || t.first == 0)
        return false;
    t.last = range ? UINT64_MAX : t.first;
    if (rest.len && (!span_number(rest, &t.last) || t.last < t.first))
        return false;
    *out = t;
    return true;
}

bool fault_glob(struct span pattern, struct span text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, retry = 0;

    /* The last star takes one octet more whenever the rest does not fit: at most p*t steps. */
    while (t < text.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.len && (pattern.at[p] == '?' ||
                                       ascii_lower(pattern.at[p]) == ascii_lower(text.at[t]))) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*')
        p++;
    return p == pattern.len;
}

static bool fits(const char *pattern, struct span text)
{
    return !pattern || fault_glob(span_of(pattern), text);
}

/* One of the recipients. */
static bool fits_any(const char *pattern, struct span texts)
{
    if (!pattern)
        return true;
    while (texts.len)
        if (fits(pattern, span_cut(texts, '\0', &texts)))
            return true;
    return false;
}

static bool has_parameter(const char *wanted, const struct fault_event *ev)
{
    struct span value, name;
    bool any;

    if (!wanted)
        return true;
    name = span_cut(span_of(wanted), '=', &value);
    any = !strchr(wanted, '=');
    for (unsigned i = 0; i < ev->param_count; i++)
        if (span_eq_nocase(ev->params[i].keyword, name) &&
            (any || fault_glob(value, ev->params[i].value)))
            return true;
    return false;
}

static bool is_point(const struct fault *f, const struct fault_event *ev)
{
    return (f->at != FAULT_BODY || f->octet == ev->number) &&
           (f->at != FAULT_IDLE || (uint64_t)f->after == ev->number);
}

bool fault_matches(const struct fault *f, const struct fault_event *ev)
{
    struct span from = ev->from.len ? ev->from : SPAN("<>");
    bool from_fits = !f->from || (ev->from.at && fits(f->from, from));

    return (f->at == (int)ev->at || (f->at == FAULT_COMMAND && ev->command)) && is_point(f, ev) &&
           from_fits && fits_any(f->to, ev->to) && fits(f->client, ev->client) &&
           fits(f->address, span_of(ev->address)) && has_parameter(f->parameter, ev);
}
