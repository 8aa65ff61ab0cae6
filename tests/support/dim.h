/*
 * libvterm knows no dim text (SGR 2) and drops it. Here it becomes an alternate font (SGR 19),
 * which libvterm keeps with each cell, and which no program under test asks for.
 */
#ifndef TESTS_DIM_H
#define TESTS_DIM_H
#include "base/buf.h"

#define DIM_FONT 9

struct dim {
    char held[64]; /* a control sequence up to here */
    size_t len;
};

/* "ESC [ ... m", with each parameter that is 2 made 19. */
static inline void dim_rewrite(struct span sequence, struct buf *out)
{
    struct span rest = span_first(span_from(sequence, 2), sequence.len - 3);

    buf_add_text(out, "\x1b[");
    for (bool first = true; rest.len; first = false) {
        struct span one = span_cut(rest, ';', &rest);

        buf_printf(out, "%s%.*s", first ? "" : ";",
                   SPAN_ARG(span_eq(one, SPAN("2")) ? SPAN("19") : one));
    }
    buf_add_octet(out, 'm');
}

/* Appends what libvterm is given for this octet. Zero-filled is ready. */
static inline void dim_feed(struct dim *d, char octet, struct buf *out)
{
    bool sequence = d->len > 1 || (d->len == 1 && octet == '[');
    bool more = sequence && ((octet >= '0' && octet <= '?') || octet == '[');

    if (d->len && !sequence) {
        buf_add(out, span_make(d->held, d->len));
        d->len = 0;
    }
    if (d->len || octet == '\x1b')
        d->held[d->len++] = octet;
    else
        buf_add_octet(out, (unsigned char)octet);
    if (!d->len || (d->len == 1 && octet == '\x1b') || (more && d->len < sizeof d->held))
        return;
    if (octet == 'm')
        dim_rewrite(span_make(d->held, d->len), out);
    else
        buf_add(out, span_make(d->held, d->len));
    d->len = 0;
}

#endif
