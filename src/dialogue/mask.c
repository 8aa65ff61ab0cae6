#include "dialogue/mask.h"

#include "smtp/verb.h"

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

static struct span skip_blanks(struct span s)
{
    size_t i = 0;

    while (i < s.len && is_blank(s.at[i]))
        i++;
    return span_from(s, i);
}

static struct span take_word(struct span *s)
{
    struct span from = skip_blanks(*s);
    size_t i = 0;

    while (i < from.len && !is_blank(from.at[i]))
        i++;
    *s = span_from(from, i);
    return span_first(from, i);
}

/* The mechanisms that are met, for those who type them in lower case. */
static bool is_known_mechanism(struct span word)
{
    /* whose messages are not taken apart */
    static const struct span others[] = { SPAN_INIT("DIGEST-MD5"), SPAN_INIT("NTLM"),
                                          SPAN_INIT("GSSAPI"), SPAN_INIT("GSS-SPNEGO") };

    if (auth_mechanism_of(word) != AUTH_UNKNOWN)
        return true;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (span_eq_nocase(word, others[i]))
            return true;
    return false;
}

/* RFC 4422 3.1: up to 20 of A-Z, 0-9, "-" and "_". What looks otherwise may be a password, sent
 * without a mechanism before it. */
static bool is_mechanism(struct span word)
{
    if (is_known_mechanism(word))
        return true;
    for (size_t i = 0; i < word.len; i++)
        if (!(word.at[i] >= 'A' && word.at[i] <= 'Z') && !ascii_is_digit(word.at[i]) &&
            word.at[i] != '-' && word.at[i] != '_')
            return false;
    return word.len <= 20;
}

/* Words that are no AUTH, and a secret follows them at once. */
static bool hands_over(struct span word)
{
    return span_eq_nocase(word, SPAN("PASS")) || span_eq_nocase(word, SPAN("PASSWORD")) ||
           is_known_mechanism(word);
}

bool mask_is_auth_command(struct span head)
{
    struct span word = take_word(&head);

    return span_starts_nocase(word, SPAN("AUTH")) || hands_over(word) ||
           (word.len && verb_by_word(word) == VERB_UNKNOWN && verb_nearest(word) == VERB_AUTH);
}

bool mask_is_auth_in_letter(struct span head)
{
    struct span word = head;
    size_t colon;

    /* nearly all text goes no further */
    word = take_word(&word);
    colon = span_find(word, ':');
    if (word.len > 4 && colon == word.len - 1)
        return false;
    return mask_is_auth_command(head);
}

struct span mask_in_auth_command(struct span head)
{
    struct span word = take_word(&head), glued;

    if (hands_over(word))
        return skip_blanks(head);
    if (span_starts_nocase(word, SPAN("AUTH")) && word.len > 4 &&
        !span_eq_nocase(word, SPAN("AUTHENTICATE"))) { /* AUTH=PLAIN, AUTHPLAIN */
        glued = span_from(word, ascii_is_alnum(word.at[4]) ? 4 : 5);
        if (!is_mechanism(glued))
            return span_make(glued.at, glued.len + head.len);
        if (glued.len)
            return skip_blanks(head);
    }
    glued = head;
    word = take_word(&head);
    return skip_blanks(is_mechanism(word) ? head : glued);
}

struct span mask_in_auth_line(struct span head)
{
    return span_eq(head, SPAN("*")) ? span_first(head, 0) : head;
}

struct span mask_behind_verb(struct span head)
{
    take_word(&head);
    return skip_blanks(head);
}

bool login_hides(const struct login *l, bool waits, struct span head)
{
    struct span rest = head, word = take_word(&rest);

    if (verb_by_word(word) != VERB_UNKNOWN)
        return false;
    return l->asked || waits || (l->left && word.len && !mask_is_auth_command(head));
}

void login_answered(struct login *l, bool of_login, unsigned digit)
{
    if (of_login && digit == 3) {
        l->asked = true;
        l->answered = false;
        l->left = 0;
    } else if (of_login) {
        *l = (struct login){ .left = digit == 2 ? 0 : LOGIN_LINES };
    } else if (digit == 2) {
        l->asked = false;
        l->left = 0;
    }
}

void login_begins(struct login *l, struct span head, bool waits)
{
    struct span rest = head, word = take_word(&rest), name = take_word(&rest);
    enum auth_mechanism m = AUTH_UNKNOWN;

    if (span_eq_nocase(word, SPAN("AUTH")) && !waits && !l->asked)
        m = auth_mechanism_of(name);
    l->mechanism = (uint8_t)m;
    l->said = skip_blanks(rest).len != 0;
    l->answered = true;
    l->asks_name = false;
}

void login_says(struct login *l)
{
    if (!l->asked || l->answered)
        l->mechanism = AUTH_UNKNOWN;
    l->answered = true;
    if (l->said < UINT8_MAX)
        l->said++;
}

void login_asks(struct login *l, struct span words)
{
    l->asks_name =
        span_starts(words, SPAN("VXNlc")) || span_starts(words, SPAN("dXNlc")); /* User, user */
}
