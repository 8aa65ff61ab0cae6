/*
 * The faint rest of the line. The console is asked only when the letters typed since it was asked
 * last can have changed its answer: whoever types what is suggested, or something nobody knows,
 * costs it nothing.
 */
#include "base/mem.h"
#include "tui/inner.h"
#include "tui/prompt.h"

void suggest_forget(struct tui *t)
{
    t->suggest.known = false;
}

static void ask(struct tui *t, struct span text)
{
    char *line = mem_strndup(text.at, text.len);

    console_suggest(t->console, line, t->suggest.rest);
    mem_free(line);
}

/* The answer for `text` follows from the one for its beginning: what was suggested was typed, or
 * nothing was and no new word began. (Candidates are found by word, and files by folder.) */
static bool follows(struct suggest *s, struct span text)
{
    struct span before = buf_span(&s->text), more = span_from(text, before.len);

    if (!s->known || !span_starts(text, before))
        return false;
    if (span_starts(span_of(s->rest), more)) {
        memmove(s->rest, s->rest + more.len, strlen(s->rest) - more.len + 1);
        return more.len == 0 || *s->rest;
    }
    return !*s->rest && span_find(more, ' ') == more.len && span_find(more, '/') == more.len;
}

const char *suggest_rest(struct tui *t)
{
    struct span text = prompt_text();
    struct suggest *s = &t->suggest;

    if (!t->dim || t->mode != MODE_PROMPT || !t->console || !text.len ||
        prompt_cursor() != text.len || text.len >= sizeof(s->rest) || prompt_busy() ||
        tui_secret(t) || tui_in_letter(t))
        return "";
    if (!follows(s, text))
        ask(t, text);
    s->known = true;
    buf_clear(&s->text);
    buf_add(&s->text, text);
    return s->rest;
}
