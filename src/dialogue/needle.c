#include "dialogue/needle.h"

/* How often octets stand in letters and dialogues, the commonest first; others are rarer. */
static const char common[] = " etaoinsrhldcumfpgwybv.k\r-,01/2:<>@5";

static size_t rarity(unsigned char c)
{
    const char *at = c ? strchr(common, ascii_lower(c)) : NULL;

    return at ? (size_t)(at - common) : sizeof common;
}

struct needle needle_make(struct span text)
{
    struct needle n = { .text = text };

    for (size_t i = 1; i < text.len; i++)
        if (rarity(text.at[i]) > rarity(text.at[n.rare]))
            n.rare = i;
    n.low = ascii_lower(text.at[n.rare]);
    n.up = ascii_upper(text.at[n.rare]);
    return n;
}

/* The octet's place at or after `from`, in.len when there is none. */
static size_t next_of(struct span in, size_t from, unsigned char octet)
{
    return from >= in.len ? in.len : from + span_find(span_from(in, from), octet);
}

struct needle_scan needle_start(const struct needle *n, struct span in)
{
    struct needle_scan scan = { .in = in };

    scan.next_low = next_of(in, n->rare, n->low);
    scan.next_up = n->up == n->low ? in.len : next_of(in, n->rare, n->up);
    return scan;
}

bool needle_next(const struct needle *n, struct needle_scan *scan, size_t *at)
{
    const struct span in = scan->in;

    for (;;) {
        bool low = scan->next_low < scan->next_up;
        size_t rare = low ? scan->next_low : scan->next_up;

        if (rare >= in.len)
            return false;
        if (low)
            scan->next_low = next_of(in, rare + 1, n->low);
        else
            scan->next_up = next_of(in, rare + 1, n->up);
        *at = rare - n->rare;
        if (in.len - *at < n->text.len)
            return false;
        if (span_eq_nocase(span_first(span_from(in, *at), n->text.len), n->text))
            return true;
    }
}
