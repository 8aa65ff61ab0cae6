#include "live/echo.h"

#include "base/mem.h"
#include "dialogue/mask.h"

void echo_add(struct buf *secrets, struct span secret)
{
    if (secret.len < ECHO_LEAST)
        return;
    buf_add(secrets, secret);
    buf_add_octet(secrets, '\0');
}

/* Octets of the longest secret at the start of `text`; 0: none. */
static size_t secret_at(const struct buf *secrets, struct span text)
{
    struct span rest = buf_span(secrets);
    size_t longest = 0;

    while (rest.len) {
        struct span secret = span_cut(rest, '\0', &rest);

        if (secret.len > longest && span_starts(text, secret))
            longest = secret.len;
    }
    return longest;
}

char *echo_mask(const struct buf *secrets, struct span text)
{
    struct buf out = { 0 };

    while (text.len) {
        size_t secret = secret_at(secrets, text);

        if (secret)
            buf_add_text(&out, MASK);
        else
            buf_add_octet(&out, text.at[0]);
        text = span_from(text, secret ? secret : 1);
    }
    buf_add_octet(&out, '\0');
    return buf_detach(&out);
}

void echo_release(struct buf *secrets)
{
    if (secrets->at)
        mem_wipe(secrets->at, secrets->cap);
    buf_release(secrets);
}
