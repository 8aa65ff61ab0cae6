#include "smtp/param.h"

#include "base/utf8.h"
#include "smtp/xtext.h"

/* What a known parameter takes. Others take anything that the grammar of RFC 5321 allows. */
enum value_kind {
    VALUE_NONE,     /* no value at all */
    VALUE_DIGITS,   /* a decimal number of at most `most` digits */
    VALUE_WORD,     /* one of `words` */
    VALUE_NOTIFY,   /* NEVER, or a list of `words` with commas */
    VALUE_XTEXT,    /* at most `most` octets */
    VALUE_ORCPT,    /* type;xtext */
    VALUE_PRIORITY, /* -9 to 9 */
};

static const struct value_rule {
    struct span keyword;
    enum value_kind kind;
    size_t most;
    struct span words; /* between spaces */
} rules[] = {
    { SPAN_INIT("SIZE"), VALUE_DIGITS, 20, { 0 } },                               /* RFC 1870 3 */
    { SPAN_INIT("BODY"), VALUE_WORD, 0, SPAN_INIT("7BIT 8BITMIME BINARYMIME") },  /* RFC 3030 3 */
    { SPAN_INIT("SMTPUTF8"), VALUE_NONE, 0, { 0 } },                              /* RFC 6531 3.4 */
    { SPAN_INIT("REQUIRETLS"), VALUE_NONE, 0, { 0 } },                            /* RFC 8689 2 */
    { SPAN_INIT("RET"), VALUE_WORD, 0, SPAN_INIT("FULL HDRS") },                  /* RFC 3461 4.3 */
    { SPAN_INIT("ENVID"), VALUE_XTEXT, 100, { 0 } },                              /* RFC 3461 4.4 */
    { SPAN_INIT("NOTIFY"), VALUE_NOTIFY, 0, SPAN_INIT("SUCCESS FAILURE DELAY") }, /* 4.1 */
    { SPAN_INIT("ORCPT"), VALUE_ORCPT, 500, { 0 } },                              /* RFC 3461 4.2 */
    { SPAN_INIT("AUTH"), VALUE_XTEXT, 500, { 0 } },                               /* RFC 4954 5 */
    { SPAN_INIT("SUBMITTER"), VALUE_XTEXT, SIZE_MAX, { 0 } },                     /* RFC 4405 */
    { SPAN_INIT("MT-PRIORITY"), VALUE_PRIORITY, 0, { 0 } },                       /* RFC 6710 4 */
    { SPAN_INIT("HOLDFOR"), VALUE_DIGITS, 9, { 0 } },                             /* RFC 4865 5 */
    { SPAN_INIT("CONPERM"), VALUE_NONE, 0, { 0 } },                               /* RFC 4141 */
    { SPAN_INIT("CONNEG"), VALUE_NONE, 0, { 0 } },                                /* RFC 4141 */
};

void param_read(struct span word, unsigned column, struct param *list, unsigned *count,
                struct mistakes *found)
{
    size_t equals = span_find(word, '=');
    struct param p = { span_first(word, equals), { NULL, 0 }, column };

    if (equals < word.len)
        p.value = span_make(word.at + equals + 1, word.len - equals - 1);
    for (size_t i = 0; i < equals || i == 0; i++) {
        if (i < equals && (ascii_is_alnum(word.at[i]) || (word.at[i] == '-' && i)))
            continue;
        mistakes_add(found, MISTAKE_BAD_PARAMETER, column + (unsigned)i, 1);
        return;
    }
    if (*count < COMMAND_PARAMS_MAX)
        list[(*count)++] = p;
    else if (!mistakes_have(found, MISTAKE_TOO_MANY_PARAMETERS))
        mistakes_add(found, MISTAKE_TOO_MANY_PARAMETERS, column, (unsigned)word.len);
}

/* The first octet that no value may hold, or value.len (RFC 5321 4.1.2 and RFC 6531 3.3). */
static size_t value_fault(struct span value, bool utf8)
{
    size_t i = 0;

    while (i < value.len) {
        unsigned char c = value.at[i];
        uint32_t code;
        size_t octets = c < 0x80 ? 1 : utf8 ? utf8_decode(span_from(value, i), &code) : 0;

        if (octets == 0 || c < 33 || c == '=' || c == 127)
            return i;
        i += octets;
    }
    return i;
}

static bool is_word_of(struct span value, struct span words)
{
    while (words.len) {
        struct span rest, word = span_cut(words, ' ', &rest);

        if (span_eq_nocase(word, value))
            return true;
        words = rest;
    }
    return false;
}

static bool is_digits(struct span value, size_t most)
{
    for (size_t i = 0; i < value.len; i++)
        if (!ascii_is_digit(value.at[i]))
            return false;
    return value.len > 0 && value.len <= most;
}

/* NEVER stands alone; the others make a list. */
static bool is_notify(struct span value, struct span words)
{
    if (span_eq_nocase(value, SPAN("NEVER")))
        return true;
    for (;;) {
        struct span rest, word = span_cut(value, ',', &rest);

        if (!is_word_of(word, words))
            return false;
        if (word.len == value.len)
            return true;
        value = rest;
    }
}

static int hex_digit(unsigned char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Where xtext stands for a control character; text.len when it does nowhere. Decoded, these values
 * are printable (RFC 3461 4.2, 4.4; RFC 4954 5): a line end among them would write header fields.
 */
static size_t hidden_control(struct span text)
{
    for (size_t i = 0; i + 2 < text.len; i++) {
        int high = hex_digit(text.at[i + 1]), low = hex_digit(text.at[i + 2]);

        if (text.at[i] == '+' && high >= 0 && low >= 0 &&
            ascii_is_control((unsigned char)(high * 16 + low)))
            return i;
    }
    return text.len;
}

/* False, and *mistake and *at (an octet of the value, or none of them: value.len) say why. */
static bool value_fits(const struct value_rule *rule, struct span value, bool utf8,
                       enum mistake *mistake, size_t *at)
{
    struct span rest;
    size_t skip = 0;

    *mistake = MISTAKE_BAD_PARAMETER;
    *at = value.len;
    switch (rule->kind) {
    case VALUE_NONE:
        return value.at == NULL;
    case VALUE_DIGITS:
        return is_digits(value, rule->most);
    case VALUE_WORD:
        return is_word_of(value, rule->words);
    case VALUE_NOTIFY:
        return value.len && is_notify(value, rule->words);
    case VALUE_PRIORITY:
        return is_digits(span_from(value, value.len && value.at[0] == '-'), 1);
    case VALUE_ORCPT:
        skip = span_cut(value, ';', &rest).len + 1;
        if (skip < 2 || skip >= value.len)
            return false;
        break;
    case VALUE_XTEXT:
        break;
    }
    if (value.len == 0 || value.len > rule->most)
        return false;
    *at = skip + xtext_fault(span_from(value, skip), utf8);
    if (*at == value.len)
        *at = hidden_control(value);
    *mistake = MISTAKE_BAD_XTEXT;
    return *at == value.len;
}

static void check_value(const struct param *p, bool utf8, struct mistakes *found)
{
    unsigned value_column = p->column + (unsigned)p->keyword.len + 1;
    enum mistake mistake;
    size_t at = value_fault(p->value, utf8);

    if (p->value.at && (p->value.len == 0 || at < p->value.len)) {
        mistakes_add(found, MISTAKE_BAD_PARAMETER, value_column + (unsigned)at, p->value.len > 0);
        return;
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!span_eq_nocase(p->keyword, rules[i].keyword))
            continue;
        if (value_fits(&rules[i], p->value, utf8, &mistake, &at))
            return;
        if (at < p->value.len)
            mistakes_add(found, mistake, value_column + (unsigned)at, 1);
        else if (p->value.at)
            mistakes_add(found, mistake, value_column, (unsigned)p->value.len);
        else
            mistakes_add(found, mistake, p->column, (unsigned)p->keyword.len);
        return;
    }
}

void params_check(const struct param *list, unsigned count, bool utf8, struct mistakes *found)
{
    for (unsigned i = 0; i < count; i++) {
        check_value(&list[i], utf8, found);
        for (unsigned j = 0; j < i; j++) {
            if (span_eq_nocase(list[i].keyword, list[j].keyword)) {
                mistakes_add(found, MISTAKE_PARAMETER_TWICE, list[i].column,
                             (unsigned)list[i].keyword.len);
                break;
            }
        }
    }
}
