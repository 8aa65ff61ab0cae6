#include "smtp/body.h"

/*
 * Where in a line the receiver stands. A letter starts as if a CRLF had come before it
 * (the one that ended "DATA").
 */
enum {
    START,       /* after CRLF */
    START_LF,    /* after a bare LF: a line starts, but no dot here can end the letter */
    TEXT,        /* inside a line */
    CR,          /* inside a line, the last octet was CR */
    DOT,         /* after CRLF and a dot that is held back */
    DOT_CR,      /* after CRLF "." CR: an LF now is the end of data */
    DOT_LF_LINE, /* a line after a bare LF that holds only a dot so far */
    DOT_LF_CR,   /* the same and a CR */
};

static void emit(struct body *b, struct span octets, struct buf *out)
{
    b->counts.octets += octets.len;
    if (out)
        buf_add(out, octets);
}

/* The octets before the next CR or LF. *lf caches where the next LF stands, so that text full of
 * bare CRs is not searched again and again. */
static struct span text_before_end(struct span octets, size_t at, size_t *lf)
{
    if (*lf < at || *lf == SIZE_MAX)
        *lf = at + span_find(span_from(octets, at), '\n');
    octets = span_first(span_from(octets, at), *lf - at);
    return span_first(octets, span_find(octets, '\r'));
}

/* Counts NUL and octets above 127, four words at a time over the usual case: neither. */
static void count_kinds(struct body *b, struct span run)
{
    const uint64_t high = 0x8080808080808080u, low = 0x0101010101010101u;
    size_t i = 0;

    while (i < run.len) {
        uint64_t w[4];
        size_t stop = run.len - i < sizeof w ? run.len : i + sizeof w;

        if (stop - i == sizeof w) {
            memcpy(w, run.at + i, sizeof w);
            if (!((w[0] | (w[0] - low) | w[1] | (w[1] - low) | w[2] | (w[2] - low) | w[3] |
                   (w[3] - low)) &
                  high)) { /* none above 127, none zero */
                i = stop;
                continue;
            }
        }
        for (; i < stop; i++) {
            b->counts.nul += run.at[i] == 0;
            b->counts.eight_bit += run.at[i] >> 7;
        }
    }
}

/* Whole text without CR and LF. */
static void text_run(struct body *b, struct span run, struct buf *out)
{
    count_kinds(b, run);
    b->line_len += run.len;
    emit(b, run, out);
}

static void line_ended(struct body *b, bool crlf)
{
    if (!crlf)
        b->counts.bare_lf++;
    if (b->line_len > (b->line_max ? b->line_max : BODY_LINE_MAX))
        b->counts.long_lines++;
    if (b->counts.blank_line)
        b->counts.body_lines++;
    else if (b->line_len == 0)
        b->counts.blank_line = true;
    else
        b->counts.header_lines++;
    b->line_len = 0;
    b->state = crlf ? START : START_LF;
}

/* A CR held back that was no half of a line end. */
static void bare_cr(struct body *b, struct buf *out)
{
    b->counts.bare_cr++;
    b->line_len++;
    emit(b, SPAN("\r"), out);
}

static void lf(struct body *b, struct buf *out)
{
    bool crlf = b->state == CR || b->state == DOT_LF_CR;

    if ((b->state == DOT_LF_CR && b->dot_after_lf) ||
        (b->state == DOT_LF_LINE && b->dot_after_lf && b->dot_before_lf)) {
        b->ended = true;
        return;
    }
    if (b->state == DOT_LF_LINE && b->dot_after_lf)
        emit(b, SPAN("."), out); /* it was held back */
    if (b->state == DOT_LF_LINE || b->state == DOT_LF_CR)
        b->counts.near_misses++;
    emit(b, crlf ? SPAN("\r\n") : SPAN("\n"), out);
    line_ended(b, crlf);
}

/* The octet after a held dot at the start of a line. True: the dot was taken care of. */
static void after_dot(struct body *b, unsigned char c, struct buf *out)
{
    if (c == '\r') {
        b->state = DOT_CR;
        return;
    }
    if (c == '\n' && b->dot_before_lf) {
        b->ended = true;
        b->state = DOT_CR; /* no text follows */
        return;
    }
    if (c == '\n') { /* CRLF "." LF: strict servers read on; the dot is text */
        b->counts.near_misses++;
        b->line_len++;
        emit(b, SPAN("."), out);
        emit(b, SPAN("\n"), out);
        line_ended(b, false);
        return;
    }
    b->counts.stuffed++; /* RFC 5321 4.5.2: a leading dot with text after it is taken away */
    b->state = TEXT;
}

/* One octet that decides something. Returns true when it was taken. */
static bool special(struct body *b, unsigned char c, struct buf *out)
{
    switch (b->state) {
    case DOT:
        after_dot(b, c, out);
        return b->state != TEXT; /* text after the dot is looked at again, as text */
    case DOT_CR:
        if (c == '\n') {
            b->ended = true;
            return true;
        }
        b->counts.stuffed++;
        b->state = CR; /* the dot is stripped, its CR is inside a line */
        return false;
    case CR:
    case DOT_LF_CR:
        if (c == '\n') {
            lf(b, out);
            return true;
        }
        bare_cr(b, out);
        b->state = TEXT;
        return false;
    case START:
        if (c == '.' && !b->plain) {
            b->state = DOT;
            return true;
        }
        break;
    case START_LF:
        if (c == '.' && !b->plain) {
            b->line_len++;
            if (!b->dot_after_lf)
                emit(b, SPAN("."), out);
            b->state = DOT_LF_LINE;
            return true;
        }
        break;
    default:
        break;
    }
    if (c == '\n') {
        lf(b, out);
        return true;
    }
    if (c == '\r') {
        b->state = b->state == DOT_LF_LINE ? DOT_LF_CR : CR;
        return true;
    }
    b->state = TEXT;
    return false;
}

/* Octets of the whole lines that are as they should be, at the start of a line: CRLF at the end, no
 * other CR, no dot to look at. They are the letter's octets as they stand. */
static size_t right_lines(struct body *b, struct span octets)
{
    size_t at = 0;

    while (at < octets.len) {
        const unsigned char *line = octets.at + at;
        const unsigned char *lf = memchr(line, '\n', octets.len - at);
        size_t len;

        if (!lf || lf == line || lf[-1] != '\r' || (*line == '.' && !b->plain))
            break;
        len = (size_t)(lf - line) - 1;
        if (memchr(line, '\r', len))
            break;
        b->line_len = len;
        line_ended(b, true);
        at += len + 2;
    }
    count_kinds(b, span_first(octets, at));
    return at;
}

size_t body_push(struct body *b, struct span octets, struct buf *out)
{
    size_t at = 0, next_lf = SIZE_MAX;

    while (at < octets.len && !b->ended) {
        struct span run;

        if (b->state == START) {
            run = span_from(octets, at);
            run = span_first(run, right_lines(b, run));
            at += run.len;
            if (run.len) {
                emit(b, run, out);
                continue;
            }
        }
        if (special(b, octets.at[at], out)) {
            at++;
            continue;
        }
        if (b->state != TEXT)
            continue; /* the same octet, in its new state */
        run = text_before_end(octets, at, &next_lf);
        text_run(b, run, out);
        at += run.len;
    }
    return at;
}

void body_finish(struct body *b, struct buf *out)
{
    if (b->state == CR)
        bare_cr(b, out);
    b->state = TEXT;
    b->ended = true;
}

void body_stuff(struct body_stuffer *s, struct span text, struct buf *out)
{
    size_t at = 0, next_lf = SIZE_MAX;

    while (at < text.len) {
        unsigned char c = text.at[at];
        struct span run;

        if (c == '\n' || c == '\r') {
            if (c == '\r' || !s->after_cr)
                buf_add(out, SPAN("\r\n"));
            s->after_cr = c == '\r';
            s->mid_line = false;
            at++;
            continue;
        }
        if (!s->mid_line && c == '.' && !s->keep_dots)
            buf_add_octet(out, '.');
        run = text_before_end(text, at, &next_lf);
        buf_add(out, run);
        at += run.len;
        s->mid_line = true;
        s->after_cr = false;
    }
}

void body_stuff_end(struct body_stuffer *s, struct buf *out)
{
    if (s->mid_line)
        buf_add(out, SPAN("\r\n"));
    buf_add(out, SPAN(".\r\n"));
    *s = (struct body_stuffer){ 0 };
}
