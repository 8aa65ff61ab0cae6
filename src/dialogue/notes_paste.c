/*
 * Lines of a pasted dialogue: whose they are, and what in them is secret. What they mean is
 * notes_text.c's matter.
 */
#include "dialogue/notes.h"
#include "dialogue/notes_inner.h"

struct span notes_strip_side(struct span s, enum side *side, bool *told)
{
    static const struct {
        struct span mark;
        enum side side;
    } marks[] = {
        { SPAN_INIT("C:"), SIDE_CLIENT },  { SPAN_INIT("S:"), SIDE_SERVER },
        { SPAN_INIT(">>>"), SIDE_CLIENT }, { SPAN_INIT("<<<"), SIDE_SERVER },
        { SPAN_INIT("-->"), SIDE_CLIENT }, { SPAN_INIT("<--"), SIDE_SERVER },
    };

    s = span_trim(s);
    *told = false;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (!span_starts_nocase(s, marks[i].mark))
            continue;
        *told = true;
        *side = marks[i].side;
        return span_trim(span_from(s, marks[i].mark.len));
    }
    return s;
}

bool notes_is_code(struct span s)
{
    for (size_t i = 0; i < 3; i++)
        if (i >= s.len || !ascii_is_digit(s.at[i]))
            return false;
    return s.len == 3 || s.at[3] == ' ' || s.at[3] == '-';
}

bool notes_is_reply(struct span s)
{
    return notes_is_code(s) && s.at[0] >= '1' && s.at[0] <= '5';
}

/* A line behind a refused AUTH that has no mark of its side may be anything: a bounce, a log. */
bool notes_text_secret(struct login *l, struct span line, struct span *secret)
{
    enum side side = SIDE_CLIENT;
    bool told;
    struct span s = notes_strip_side(line, &side, &told);

    *secret = span_first(s, 0);
    if (told ? side == SIDE_SERVER : notes_is_reply(s)) {
        if (notes_is_reply(s))
            login_answered(l, l->asked || span_starts(s, SPAN("334")), (unsigned)(s.at[0] - '0'));
    } else if ((told || l->asked) && login_hides(l, false, s)) {
        if (l->left)
            l->left--;
        *secret = mask_in_auth_line(s);
        return true;
    } else if (told ? mask_is_auth_command(s) : mask_is_auth_in_letter(s)) {
        l->left = LOGIN_LINES;
        *secret = mask_in_auth_command(s);
    }
    return false;
}
