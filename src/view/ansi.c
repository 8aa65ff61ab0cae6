#include "view/ansi.h"

#include "base/utf8.h"
#include "view/signs.h"

/* The sixteen colours only, in the terminal's own palette and on its own background: whoever
 * chose the palette can read it. */
static const char *const sgr[STYLE_COUNT] = {
    [STYLE_PLAIN] = "",    [STYLE_CLIENT] = "36",   [STYLE_SERVER] = "35", [STYLE_YES] = "32",
    [STYLE_GO_ON] = "92",  [STYLE_LATER] = "33",    [STYLE_NO] = "31",     [STYLE_FAULT] = "1;31",
    [STYLE_NOTE] = "94",   [STYLE_SECRET] = "2;35", [STYLE_DIM] = "2",     [STYLE_BOLD] = "1",
    [STYLE_INVERSE] = "7", [STYLE_FOUND] = "7;33",
};

const char *ansi_sgr(enum style style)
{
    return style < STYLE_COUNT ? sgr[style] : "";
}

const char *style_name(enum style style)
{
    static const char *const names[STYLE_COUNT] = {
#define X(name, what) #name,
        STYLES(X)
#undef X
    };
    return style < STYLE_COUNT ? names[style] : "";
}

static void add_ascii(struct span text, struct buf *out)
{
    while (text.len) {
        uint32_t code;
        size_t len = utf8_decode(text, &code);

        if (len && code < 0x80)
            buf_add_octet(out, (unsigned char)code);
        else if (len && sign_twin(code))
            buf_add_octet(out, (unsigned char)sign_twin(code));
        else if (len)
            buf_printf(out, "<U+%04X>", (unsigned)code);
        else
            buf_printf(out, "<0x%02X>", (unsigned)text.at[0]);
        text = span_from(text, len ? len : 1);
    }
}

static void add_text(struct span text, unsigned flags, struct buf *out)
{
    if (flags & ANSI_ASCII)
        add_ascii(text, out);
    else
        buf_add(out, text);
}

/* One run; a style never reaches over a line end. */
static void add_run(enum style style, struct span text, unsigned flags, struct buf *out)
{
    const char *on = flags & ANSI_COLOUR ? ansi_sgr(style) : "";

    while (text.len) {
        size_t end = span_find(text, '\n');

        if (end > 0) {
            if (*on)
                buf_printf(out, "\033[%sm", on);
            add_text(span_first(text, end), flags, out);
            if (*on)
                buf_add_text(out, "\033[0m");
        }
        if (end < text.len) {
            buf_add_octet(out, '\n');
            end++;
        }
        text = span_from(text, end);
    }
}

void ansi_write(const struct styled *text, unsigned flags, struct buf *out)
{
    struct span rest = buf_span(&text->text);

    for (size_t i = 0; i < text->run_count; i++) {
        add_run(text->runs[i].style, span_first(rest, text->runs[i].len), flags, out);
        rest = span_from(rest, text->runs[i].len);
    }
}
