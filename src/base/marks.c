#include "base/marks.h"

#include "base/utf8.h"

static const char *const control_names[32] = {
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS",  "TAB", "LF",
    "VT",  "FF",  "CR",  "SO",  "SI",  "DLE", "DC1", "DC2", "DC3", "DC4", "NAK",
    "SYN", "ETB", "CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US",
};

/*
 * Sorted. Sources: Unicode 15.0, UnicodeData.txt (categories Cc, Cf, Cs, Co), PropList.txt
 * (Other_Default_Ignorable_Code_Point, Variation_Selector), and characters whose picture is blank
 * though no program takes them for a space.
 *
 * Of the signs in an emoji the pictures are shown, and so are skin tones and U+FE0F, which most
 * typed emoji carry. The joiner U+200D is marked all the same: between other letters it hides in an
 * address, and only some terminals join what it joins. So is the soft hyphen U+00AD, which some
 * show and some do not. Cf also holds signs of Arabic, Syriac and Kaithi that are drawn around the
 * digits after them: they are marked because terminals do not agree on how wide they are.
 */
static const struct {
    uint32_t first, last;
} hidden[] = {
    { 0x80, 0x9f },       /* Cc: CSI, OSC and their like in one octet or two */
    { 0xad, 0xad },       /* Cf, soft hyphen */
    { 0x34f, 0x34f },     /* combining grapheme joiner */
    { 0x600, 0x605 },     /* Cf, Arabic number signs */
    { 0x61c, 0x61c },     /* Cf, Arabic letter mark */
    { 0x6dd, 0x6dd },     /* Cf, Arabic end of ayah */
    { 0x70f, 0x70f },     /* Cf, Syriac abbreviation mark */
    { 0x890, 0x891 },     /* Cf, Arabic pound and piastre marks */
    { 0x8e2, 0x8e2 },     /* Cf, Arabic disputed end of ayah */
    { 0x115f, 0x1160 },   /* Hangul fillers */
    { 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
    { 0x180b, 0x180f },   /* Mongolian selectors, and Cf, vowel separator */
    { 0x200b, 0x200f },   /* Cf, zero width, joiners, direction marks */
    { 0x2028, 0x202e },   /* line and paragraph separators; Cf, embeddings, overrides */
    { 0x2060, 0x206f },   /* Cf, word joiner, isolates, deprecated formats */
    { 0x2800, 0x2800 },   /* blank Braille pattern */
    { 0x3164, 0x3164 },   /* Hangul filler */
    { 0xd800, 0xf8ff },   /* Cs, surrogates; Co, private use */
    { 0xfdd0, 0xfdef },   /* noncharacters */
    { 0xfe00, 0xfe0e },   /* variation selectors but the emoji one */
    { 0xfeff, 0xfeff },   /* Cf, byte order mark */
    { 0xffa0, 0xffa0 },   /* half-width Hangul filler */
    { 0xfff0, 0xfffb },   /* unassigned, ignored; Cf, interlinear annotation */
    { 0x110bd, 0x110bd }, /* Cf, Kaithi number sign */
    { 0x110cd, 0x110cd }, /* Cf, Kaithi number sign above */
    { 0x13430, 0x1343f }, /* Cf, Egyptian hieroglyph format controls */
    { 0x16fe4, 0x16fe4 }, /* Khitan small script filler */
    { 0x1bca0, 0x1bca3 }, /* Cf, shorthand format controls */
    { 0x1d159, 0x1d159 }, /* musical null notehead */
    { 0x1d173, 0x1d17a }, /* Cf, musical beams, ties, slurs, phrases */
    { 0xe0000, 0x10ffff } /* Cf, tags; variation selectors; Co, private use planes */
};

bool marks_hidden(uint32_t code)
{
    if ((code & 0xfffe) == 0xfffe) /* the last two of each plane are noncharacters */
        return true;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && code >= hidden[i].first; i++)
        if (code <= hidden[i].last)
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
