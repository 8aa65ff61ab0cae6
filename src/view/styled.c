#include "view/styled.h"

#include "base/marks.h"
#include "base/mem.h"

void styled_release(struct styled *s)
{
    buf_release(&s->text);
    mem_free(s->runs);
    *s = (struct styled){ 0 };
}

void styled_clear(struct styled *s)
{
    buf_clear(&s->text);
    s->run_count = 0;
}

/* What was added to the text since `from` gets a style. */
static void close_run(struct styled *s, enum style style, size_t from)
{
    size_t len = s->text.len - from;

    if (len == 0)
        return;
    if (s->run_count > 0 && s->runs[s->run_count - 1].style == style) {
        s->runs[s->run_count - 1].len += len;
        return;
    }
    if (s->run_count == s->run_cap) {
        s->run_cap = s->run_cap ? s->run_cap * 2 : 8;
        s->runs = mem_resize(s->runs, s->run_cap, sizeof *s->runs);
    }
    s->runs[s->run_count++] = (struct run){ style, len };
}

void styled_add(struct styled *s, enum style style, struct span text)
{
    size_t from = s->text.len;

    buf_add(&s->text, text);
    close_run(s, style, from);
}

void styled_add_text(struct styled *s, enum style style, const char *text)
{
    styled_add(s, style, span_of(text));
}

void styled_printf(struct styled *s, enum style style, const char *format, ...)
{
    size_t from = s->text.len;
    va_list args;

    va_start(args, format);
    buf_vprintf(&s->text, format, args);
    va_end(args);
    close_run(s, style, from);
}

void styled_append(struct styled *s, const struct styled *more)
{
    size_t at = 0;

    for (size_t i = 0; i < more->run_count; i++) {
        styled_add(s, more->runs[i].style,
                   span_first(span_from(buf_span(&more->text), at), more->runs[i].len));
        at += more->runs[i].len;
    }
}

void styled_add_marks(struct styled *s, enum style style, struct span octets, unsigned marks_flags)
{
    size_t from = s->text.len;

    marks_add(&s->text, octets, marks_flags);
    close_run(s, style, from);
}

void styled_repeat(struct styled *s, enum style style, const char *text, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        styled_add_text(s, style, text);
}

size_t styled_add_found(struct styled *s, enum style style, struct span text, struct span needle)
{
    size_t at = 0, count = 0;

    while (needle.len) {
        size_t hit = span_search(text, needle, at, true);

        if (hit == SPAN_NOT_FOUND)
            break;
        styled_add(s, style, span_first(span_from(text, at), hit - at));
        styled_add(s, STYLE_FOUND, span_first(span_from(text, hit), needle.len));
        at = hit + needle.len;
        count++;
    }
    styled_add(s, style, span_from(text, at));
    return count;
}
