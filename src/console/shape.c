#include "console/shape.h"

static const struct {
    const char *word, *what, *source;
} rows[SHAPE_COUNT] = {
#define X(name, word, what, source) { word, what, source },
    SHAPES(X)
#undef X
};

/* A second between two octets is more than any test of patience wants. */
#define GAP_MAX_MS 60000

const char *shape_word(enum shape_bit bit)
{
    return rows[bit].word;
}

const char *shape_what(enum shape_bit bit)
{
    return rows[bit].what;
}

const char *shape_source(enum shape_bit bit)
{
    return rows[bit].source;
}

/* Cuts the last word off, if another stands before it. */
static struct span cut_last(struct span *args)
{
    struct span text = span_trim(*args);
    size_t at = text.len;

    while (at > 0 && text.at[at - 1] != ' ')
        at--;
    if (at == 0)
        return span_first(text, 0);
    *args = span_trim(span_first(text, at));
    return span_from(text, at);
}

static enum shape_bit bit_of(struct span word)
{
    int bit = 0;

    while (bit < SHAPE_COUNT && !span_eq_nocase(word, span_of(rows[bit].word)))
        bit++;
    return (enum shape_bit)bit;
}

/* "5ms" */
static bool read_gap(struct span word, int64_t *gap)
{
    uint64_t ms;

    if (word.len < 3 || !span_eq_nocase(span_from(word, word.len - 2), SPAN("ms")) ||
        !span_number(span_first(word, word.len - 2), &ms) || ms > GAP_MAX_MS)
        return false;
    *gap = (int64_t)ms * 1000;
    return true;
}

static bool fit_together(unsigned shapes, struct error *err)
{
    if ((shapes & SHAPE_LF) && (shapes & SHAPE_CR))
        error_set(err, "line ends are lf or cr, not both");
    else if ((shapes & SHAPE_ASIS) && (shapes & (SHAPE_LF | SHAPE_CR | SHAPE_NOSTUFF)))
        error_set(err, "asis changes nothing, so lf, cr and nostuff cannot stand beside it");
    else
        return true;
    return false;
}

bool shape_read(struct span *args, unsigned *shapes, int64_t *gap, struct error *err)
{
    *shapes = 0;
    for (;;) {
        struct span rest = *args, word = cut_last(&rest);
        int64_t pause = -1;
        enum shape_bit bit;

        if (read_gap(word, &pause)) {
            word = cut_last(&rest);
            if (bit_of(word) != SHAPE_BYTES_BIT)
                break;
            *gap = pause;
        }
        bit = bit_of(word);
        if (bit == SHAPE_COUNT)
            break;
        *shapes |= 1u << bit;
        *args = rest;
    }
    return fit_together(*shapes, err);
}

static void add_end(const struct shaper *s, struct buf *out)
{
    if (!(s->shapes & SHAPE_LF))
        buf_add_octet(out, '\r');
    if (!(s->shapes & SHAPE_CR))
        buf_add_octet(out, '\n');
}

/* `text` has right line ends. The last one stays right, or the dot behind it would end nothing. */
static void change_ends(struct shaper *s, struct span text, struct buf *out)
{
    while (text.len) {
        struct span run = span_first(text, span_find(text, '\r'));

        text = span_from(text, run.len);
        if (run.len && run.at[0] == '\n')
            run = span_from(run, 1);
        if (run.len && s->end_held) {
            add_end(s, out);
            s->end_held = false;
        }
        buf_add(out, run);
        if (!text.len)
            return;
        if (s->end_held)
            add_end(s, out);
        s->end_held = true;
        text = span_from(text, 1);
    }
}

static void add_as_is(struct shaper *s, struct span text, struct buf *out)
{
    buf_add(out, text);
    for (size_t i = text.len > 2 ? text.len - 2 : 0; i < text.len; i++) {
        s->last[0] = s->last[1];
        s->last[1] = text.at[i];
    }
}

void shape_add(struct shaper *s, struct span text, struct buf *out)
{
    struct buf right = { 0 };

    if (s->shapes & SHAPE_ASIS) {
        add_as_is(s, text, out);
        return;
    }
    s->stuffer.keep_dots = (s->shapes & SHAPE_NOSTUFF) != 0;
    if (!(s->shapes & (SHAPE_LF | SHAPE_CR))) {
        body_stuff(&s->stuffer, text, out);
        return;
    }
    body_stuff(&s->stuffer, text, &right);
    change_ends(s, buf_span(&right), out);
    buf_release(&right);
}

bool shape_end(struct shaper *s, struct buf *out)
{
    bool dot = !(s->shapes & SHAPE_NODOT);
    bool alone = true;

    if (s->shapes & SHAPE_ASIS)
        alone = !s->last[1] || (s->last[0] == '\r' && s->last[1] == '\n');
    else if ((s->stuffer.mid_line || s->end_held) && dot)
        buf_add(out, SPAN("\r\n"));
    else if (s->stuffer.mid_line || s->end_held)
        add_end(s, out);
    if (dot)
        buf_add(out, SPAN(".\r\n"));
    return alone || !dot;
}
