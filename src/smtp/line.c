#include "smtp/line.h"

#include "base/buf.h"
#include "base/mem.h"

#define X(name, text, source) text,
const char *line_fault_text(enum line_fault_bit bit)
{
    static const char *const texts[] = { LINE_FAULTS(X) };

    return texts[bit];
}
#undef X
#define X(name, text, source) source,
const char *line_fault_source(enum line_fault_bit bit)
{
    static const char *const sources[] = { LINE_FAULTS(X) };

    return sources[bit];
}
#undef X

/* A word at a time over the usual case, printable ASCII; only a word with something else in it is
 * looked at octet by octet. */
static unsigned octet_faults(const unsigned char *at, size_t len)
{
    const uint64_t high = 0x8080808080808080u, low = 0x0101010101010101u;
    unsigned faults = 0;
    size_t i = 0;

    while (i < len) {
        uint64_t word;
        size_t stop;

        if (len - i >= sizeof word) {
            memcpy(&word, at + i, sizeof word);
            /* no octet above 127, none below 32, none equal to 127 */
            if (!(((word) | (word - low * 0x20) | (((word ^ (low * 0x7f)) - low))) & high)) {
                i += sizeof word;
                continue;
            }
        }
        stop = len - i < sizeof word ? len : i + sizeof word;
        for (; i < stop; i++) {
            unsigned char c = at[i];

            if (c >= 0x20 && c < 0x7f)
                continue;
            if (c & 0x80)
                faults |= LINE_FAULT_EIGHT_BIT;
            else if (c == 0)
                faults |= LINE_FAULT_NUL;
            else if (c == '\r')
                faults |= LINE_FAULT_BARE_CR;
            else if (c != '\t')
                faults |= LINE_FAULT_CONTROL;
        }
    }
    return faults;
}

size_t line_scan_push(struct line_scan *scan, struct span octets, struct line *out)
{
    size_t text = span_find(octets, '\n'), took = text;
    bool ended = text < octets.len;
    bool crlf = false;

    out->end = LINE_OPEN;
    if (octets.len == 0)
        return 0;
    if (scan->after_cr && !(ended && text == 0)) { /* the CR held back was a bare one */
        scan->len++;
        scan->faults |= LINE_FAULT_BARE_CR;
        scan->after_cr = false;
    }
    if (text && octets.at[text - 1] == '\r') {
        scan->after_cr = true;
        text--;
    }
    crlf = scan->after_cr;
    scan->faults |= octet_faults(octets.at, text);
    scan->len += text;
    if (!ended)
        return took;
    out->len = scan->len;
    out->end = crlf ? LINE_CRLF : LINE_LF;
    out->faults = scan->faults | (crlf ? 0 : (unsigned)LINE_FAULT_BARE_LF);
    *scan = (struct line_scan){ 0 };
    return took + 1;
}

bool line_scan_close(struct line_scan *scan, struct line *out)
{
    if (scan->len == 0 && !scan->after_cr)
        return false;
    out->len = scan->len + scan->after_cr;
    out->end = LINE_CUT;
    out->faults =
        scan->faults | LINE_FAULT_CUT | (scan->after_cr ? (unsigned)LINE_FAULT_BARE_CR : 0);
    *scan = (struct line_scan){ 0 };
    return true;
}

struct line_reader {
    struct line_scan scan;
    struct buf head; /* of the unfinished line, or of the line given last */
    bool given;      /* head belongs to a line already given */
};

struct line_reader *line_reader_new(void)
{
    return mem_zero(1, sizeof(struct line_reader));
}

void line_reader_free(struct line_reader *r)
{
    if (!r)
        return;
    buf_release(&r->head);
    mem_free(r);
}

static void keep(struct line_reader *r, struct span octets)
{
    /* one octet more than the head: a CR at its very end may yet be half of a line end */
    if (r->head.len <= LINE_HEAD_MAX)
        buf_add(&r->head, span_first(octets, LINE_HEAD_MAX + 1 - r->head.len));
}

static struct span head_of(const struct line_reader *r, uint64_t len)
{
    size_t limit = len < LINE_HEAD_MAX ? (size_t)len : LINE_HEAD_MAX;

    return span_first(buf_span(&r->head), limit);
}

size_t line_reader_push(struct line_reader *r, struct span octets, struct line *out, bool *whole)
{
    size_t took;

    if (r->given) {
        buf_clear(&r->head);
        r->given = false;
    }
    took = line_scan_push(&r->scan, octets, out);
    *whole = out->end != LINE_OPEN;
    if (*whole && r->head.len == 0) { /* the usual case: a whole line at once, nothing copied */
        size_t len = took - line_end_octets(out->end);

        out->head = span_first(octets, len < LINE_HEAD_MAX ? len : LINE_HEAD_MAX);
        return took;
    }
    keep(r, span_first(octets, took));
    if (*whole) {
        out->head = head_of(r, out->len);
        r->given = true;
    }
    return took;
}

bool line_reader_close(struct line_reader *r, struct line *out)
{
    if (r->given)
        buf_clear(&r->head);
    r->given = true;
    if (!line_scan_close(&r->scan, out))
        return false;
    out->head = head_of(r, out->len);
    return true;
}

struct span line_reader_open(const struct line_reader *r)
{
    return r->given ? (struct span){ 0 } : head_of(r, r->scan.len);
}
