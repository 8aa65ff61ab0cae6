#include "smtp/keys.h"

/* Longest run of parameter octets looked at: ESC [ 1 ; 5 D (Ctrl-arrow) needs three. */
#define PARAMETERS_MAX 8

size_t key_octets(struct span s)
{
    size_t i = 2;

    if (s.len == 0 || !key_is(s.at[0]))
        return 0;
    if (s.at[0] != 0x1b || s.len < 3 || (s.at[1] != '[' && s.at[1] != 'O'))
        return 1;
    while (i < s.len && i < 2 + PARAMETERS_MAX && s.at[i] >= 0x20 && s.at[i] <= 0x3f)
        i++;
    return i < s.len && s.at[i] >= 0x40 && s.at[i] <= 0x7e ? i + 1 : 1;
}

struct span keys_obey(struct span typed, unsigned char *out, size_t room)
{
    size_t used = 0;

    while (typed.len) {
        size_t key = key_octets(typed);
        unsigned char c = typed.at[0];

        if (key && (c == 0x08 || c == 0x7f) && used)
            used--;
        else if (!key && used < room)
            out[used++] = c;
        typed = span_from(typed, key ? key : 1);
    }
    return span_make(out, used);
}
