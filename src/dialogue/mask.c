#include "dialogue/mask.h"

#include "smtp/verb.h"

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

static struct span skip_blanks(struct span s)
{
    size_t i = 0;

    while (i < s.len && is_blank(s.at[i]))
        i++;
    return span_from(s, i);
}

static struct span take_word(struct span *s)
{
    struct span from = skip_blanks(*s);
    size_t i = 0;

    while (i < from.len && !is_blank(from.at[i]))
        i++;
    *s = span_from(from, i);
    return span_first(from, i);
}

bool mask_is_auth_command(struct span head)
{
    struct span word = take_word(&head);
    enum verb verb = verb_by_word(word);

    return verb == VERB_AUTH ||
           (verb == VERB_UNKNOWN && word.len && verb_nearest(word) == VERB_AUTH);
}

struct span mask_in_auth_command(struct span head)
{
    take_word(&head); /* AUTH */
    take_word(&head); /* the mechanism */
    return skip_blanks(head);
}

struct span mask_in_auth_line(struct span head)
{
    return span_eq(head, SPAN("*")) ? span_first(head, 0) : head;
}
