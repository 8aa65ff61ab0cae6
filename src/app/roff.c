#include "app/roff.h"

void roff_text(struct buf *out, struct span text)
{
    static const struct {
        unsigned char sign;
        const char *written;
    } signs[] = { { '-', "\\-" },    { '\\', "\\e" },  { '"', "\\(dq" },
                  { '\'', "\\(aq" }, { '~', "\\(ti" }, { '^', "\\(ha" } };

    if (text.len && text.at[0] == '.')
        buf_add_text(out, "\\&");
    for (size_t n = 0; n < text.len; n++) {
        size_t i = 0;

        while (i < sizeof signs / sizeof signs[0] && signs[i].sign != text.at[n])
            i++;
        if (i < sizeof signs / sizeof signs[0])
            buf_add_text(out, signs[i].written);
        else
            buf_add_octet(out, text.at[n]);
    }
}

void roff_entry(struct buf *out, const char *term, const char *words)
{
    buf_add_text(out, ".TP\n.B ");
    roff_text(out, span_of(term));
    buf_add_octet(out, '\n');
    roff_text(out, span_of(words));
    buf_add_octet(out, '\n');
}

void roff_example(struct buf *out, const char *lines)
{
    struct span rest = span_of(lines);

    buf_add_text(out, ".PP\n.RS 4\n.nf\n");
    while (rest.len) {
        roff_text(out, span_cut(rest, '\n', &rest));
        buf_add_octet(out, '\n');
    }
    buf_add_text(out, ".fi\n.RE\n.PP\n");
}
