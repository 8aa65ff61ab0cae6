#include "base/marks.h"

#include "base/utf8.h"

static const char *const control_names[32] = {
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS",  "TAB", "LF",
    "VT",  "FF",  "CR",  "SO",  "SI",  "DLE", "DC1", "DC2", "DC3", "DC4", "NAK",
    "SYN", "ETB", "CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US",
};

bool marks_hidden(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        { 0x80, 0x9f },       /* C1 controls: CSI, OSC and their like in one octet or two */
        { 0xad, 0xad },       /* soft hyphen */
        { 0x34f, 0x34f },     /* combining grapheme joiner */
        { 0x61c, 0x61c },     /* Arabic letter mark */
        { 0x115f, 0x1160 },   /* Hangul fillers */
        { 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
        { 0x180b, 0x180f },   /* Mongolian selectors */
        { 0x200b, 0x200f },   /* zero width, direction marks (ZWJ among them) */
        { 0x2028, 0x202e },   /* line and paragraph separators, embeddings, overrides */
        { 0x2060, 0x206f },   /* word joiner, isolates, deprecated formats */
        { 0x3164, 0x3164 },   /* Hangul filler */
        { 0xd800, 0xf8ff },   /* surrogates, private use */
        { 0xfe00, 0xfe0e },   /* variation selectors but the emoji one */
        { 0xfeff, 0xfeff },   /* byte order mark */
        { 0xffa0, 0xffa0 },   /* half-width filler */
        { 0xfff0, 0xfffb },   /* interlinear annotation */
        { 0xfffe, 0xffff },   /* noncharacters */
        { 0xe0000, 0x10ffff } /* tags, private use planes */
    };

    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return true;
    return false;
}

static bool plain_ascii(unsigned char c, unsigned flags)
{
    return (c >= 0x20 && c < 0x7f) || (c == '\t' && (flags & MARKS_KEEP_TAB));
}

/* Octets of the character at the start of s that may be shown as they are; 0 when it needs a mark.
 */
static size_t shown(struct span s, unsigned flags)
{
    uint32_t code;
    size_t len;

    if (plain_ascii(s.at[0], flags))
        return 1;
    if (s.at[0] < 0x80 || (flags & MARKS_ASCII))
        return 0;
    len = utf8_decode(s, &code);
    return len && !marks_hidden(code) && utf8_width(code) >= 0 ? len : 0;
}

size_t marks_plain(struct span octets, unsigned flags)
{
    size_t at = 0;

    while (at < octets.len) {
        size_t len = shown(span_from(octets, at), flags);

        if (!len)
            break;
        at += len;
    }
    return at;
}

static size_t add_mark(struct buf *out, struct span s)
{
    uint32_t code;
    size_t len;

    if (s.at[0] < 0x20) {
        buf_printf(out, "<%s>", control_names[s.at[0]]);
        return 1;
    }
    if (s.at[0] == 0x7f) {
        buf_add_text(out, "<DEL>");
        return 1;
    }
    len = utf8_decode(s, &code);
    if (!len) {
        buf_printf(out, "<0x%02X>", (unsigned)s.at[0]);
        return 1;
    }
    buf_printf(out, "<U+%04X>", (unsigned)code);
    return len;
}

void marks_add(struct buf *out, struct span octets, unsigned flags)
{
    while (octets.len) {
        size_t plain = marks_plain(octets, flags);

        buf_add(out, span_first(octets, plain));
        octets = span_from(octets, plain);
        if (octets.len)
            octets = span_from(octets, add_mark(out, octets));
    }
}
