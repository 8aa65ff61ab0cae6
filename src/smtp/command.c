#include "smtp/command.h"

#include <limits.h>

#include "base/utf8.h"
#include "smtp/guess.h"
#include "smtp/keys.h"

/* The line being read, and where what is found goes. */
struct reader {
    struct span text;
    struct command *out;
};

static unsigned column_of(const struct reader *r, const unsigned char *at)
{
    return (unsigned)(at - r->text.at) + 1;
}

static void add(const struct reader *r, enum mistake m, struct span where)
{
    mistakes_add(&r->out->mistakes, m, column_of(r, where.at), (unsigned)where.len);
}

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

static size_t blanks(struct span s)
{
    size_t n = 0;

    while (n < s.len && is_blank(s.at[n]))
        n++;
    return n;
}

/* The octets up to the next blank. */
static struct span word_of(struct span s)
{
    size_t n = 0;

    while (n < s.len && !is_blank(s.at[n]))
        n++;
    return span_first(s, n);
}

/* Takes the blanks away that part two words: one space is right, anything else is a little wrong.
 */
static struct span skip_gap(const struct reader *r, struct span s)
{
    size_t n = blanks(s);

    if (n && s.at[0] == '\t')
        add(r, MISTAKE_EXTRA_SPACE, span_first(s, n));
    else if (n > 1)
        add(r, MISTAKE_EXTRA_SPACE, span_first(span_from(s, 1), n - 1));
    return span_from(s, n);
}

/* What the line is as octets, whatever they mean. */
static void check_octets(const struct reader *r, const struct line *line, uint64_t longest)
{
    struct mistakes *found = &r->out->mistakes;
    size_t cr = span_find(r->text, '\r'), i = 0;

    if (line->len > longest) {
        uint64_t over = line->len - longest;

        if (longest < UINT_MAX - 1)
            mistakes_add(found, MISTAKE_LINE_TOO_LONG, (unsigned)longest + 1,
                         over < UINT_MAX ? (unsigned)over : UINT_MAX);
    }
    if (line->faults & LINE_FAULT_BARE_LF)
        mistakes_add(found, MISTAKE_BARE_LF, 0, 0);
    if (cr < r->text.len)
        add(r, MISTAKE_BARE_CR, span_first(span_from(r->text, cr), 1));
    else if (line->faults & LINE_FAULT_BARE_CR) /* past the octets that were kept */
        mistakes_add(found, MISTAKE_BARE_CR, 0, 0);
    while (i < r->text.len && (!key_is(r->text.at[i]) || r->text.at[i] == '\r'))
        i++;
    if (i < r->text.len)
        add(r, MISTAKE_CONTROL_OCTET,
            span_first(span_from(r->text, i), key_octets(span_from(r->text, i))));
    else if (line->faults & (LINE_FAULT_CONTROL | LINE_FAULT_NUL))
        mistakes_add(found, MISTAKE_CONTROL_OCTET, 0, 0);
}

/* The first run of octets above 127. Paths, parameters and names of hosts are judged apart. */
static void check_eight_bit(const struct reader *r, struct span text)
{
    size_t i = 0, end;

    while (i < text.len && text.at[i] < 0x80)
        i++;
    for (end = i; end < text.len && text.at[end] >= 0x80; end++)
        ;
    if (end > i)
        add(r, MISTAKE_EIGHT_BIT, span_first(span_from(text, i), end - i));
}

/* FROM or TO at the start of `s`, and nothing but a sign or a blank after it. */
static bool starts_with_word(struct span s, struct span word)
{
    return span_starts_nocase(s, word) && (s.len == word.len || !ascii_is_alnum(s.at[word.len]));
}

/* What people type for the colon. */
static bool is_wrong_colon(unsigned char c)
{
    return c == ';' || c == '=' || c == ',' || c == '.';
}

/* Reads "FROM:" or what stands for it; returns what follows. */
static struct span read_direction(const struct reader *r, struct span s)
{
    bool mail = r->out->verb == VERB_MAIL;
    struct span own = mail ? SPAN("FROM") : SPAN("TO"), other = mail ? SPAN("TO") : SPAN("FROM");
    enum mistake missing = mail ? MISTAKE_NO_FROM : MISTAKE_NO_TO;
    size_t word = 0, gap;

    if (starts_with_word(s, own)) {
        word = own.len;
    } else if (starts_with_word(s, other)) {
        word = other.len;
        add(r, MISTAKE_FROM_AND_TO_SWAPPED, span_first(s, word));
    } else {
        while (word < s.len && ascii_is_alpha(s.at[word])) /* "FORM:", "FOM:" */
            word++;
        if (word == s.len || s.at[word] != ':')
            word = 0;
        add(r, missing, span_first(s, word));
        if (!word && !(s.len && s.at[0] == ':'))
            return s;
    }
    s = span_from(s, word);
    gap = blanks(s);
    if (gap < s.len && s.at[gap] == ':') {
        if (gap)
            add(r, MISTAKE_SPACE_BEFORE_COLON, span_first(s, gap));
        s = span_from(s, gap + 1);
        gap = blanks(s);
        if (gap && gap < s.len)
            add(r, MISTAKE_SPACE_AFTER_COLON, span_first(s, gap));
        return span_from(s, gap);
    }
    word = s.len && is_wrong_colon(s.at[0]);
    add(r, MISTAKE_NO_COLON, span_first(s, word));
    s = span_from(s, word);
    return span_from(s, blanks(s));
}

/* A word after the path that is one more address and no parameter. */
static bool is_address(struct span s)
{
    struct span rest, word;

    if (s.len == 0)
        return false;
    if (s.at[0] == '<')
        return true;
    if (s.at[0] == ',' || s.at[0] == ';') /* no look at the word: it may be commas without end */
        return span_trim(span_from(s, 1)).len > 0;
    word = span_cut(word_of(s), '=', &rest);
    return span_find(word, '@') < word.len;
}

/* The addresses after the first one: `,<carol@crepes.fr>, <dave@crepes.fr>`. Returns what follows
 * them. */
static struct span skip_more_addresses(const struct reader *r, struct span s)
{
    struct span from = span_from(s, blanks(s)), now = from, end = from;

    while (is_address(now)) {
        if (now.at[0] == ',' || now.at[0] == ';') {
            now = span_from(now, 1);
            now = span_from(now, blanks(now));
            if (is_address(now)) /* "<b>, <c>" and ",,": the address itself comes next */
                continue;
        }
        now = span_from(now, word_of(now).len);
        end = now;
        now = span_from(now, blanks(now));
    }
    if (end.at == from.at)
        return s;
    add(r, MISTAKE_TWO_ADDRESSES, span_first(from, (size_t)(end.at - from.at)));
    return end;
}

static void read_params(const struct reader *r, struct span s)
{
    struct command *out = r->out;

    if (s.len && !is_blank(s.at[0])) { /* something sticks to the path */
        struct span junk = word_of(s);

        if (junk.at[0] == '>')
            add(r, MISTAKE_BRACKET_NOT_OPENED, junk);
        else if (!key_is(junk.at[0])) /* keys are told by themselves */
            add(r, MISTAKE_BAD_PARAMETER, junk);
        s = span_from(s, junk.len);
    }
    while (s.len) {
        struct span word, rest = skip_gap(r, s);
        size_t solid = 0;

        word = word_of(rest);
        while (solid < word.len && !key_is(word.at[solid]))
            solid++;
        if (solid)
            param_read(span_first(word, solid), column_of(r, word.at), out->params,
                       &out->param_count, &out->mistakes);
        s = span_from(rest, word.len);
    }
}

/* Where the first octet above 127 stands in the path. */
static struct span first_utf8(struct span whole)
{
    uint32_t code;
    size_t i = 0;

    while (i < whole.len && whole.at[i] < 0x80)
        i++;
    return span_first(span_from(whole, i), utf8_decode(span_from(whole, i), &code));
}

static void read_mail_or_rcpt(const struct reader *r)
{
    struct command *out = r->out;
    bool mail = out->verb == VERB_MAIL;
    struct span s = read_direction(r, out->argument);
    bool utf8;

    check_eight_bit(r, span_first(out->argument, (size_t)(s.at - out->argument.at)));
    s = span_from(s, path_parse(s, column_of(r, s.at), &out->path, &out->mistakes));
    if (mail && out->path.kind == PATH_POSTMASTER) /* only RCPT may leave the domain out */
        add(r, MISTAKE_NO_DOMAIN, span_from(out->path.mailbox, out->path.mailbox.len));
    if (!mail && out->path.kind == PATH_NULL)
        add(r, MISTAKE_NULL_RECIPIENT, out->path.whole);
    if (out->path.kind != PATH_NONE)
        s = skip_more_addresses(r, s);
    read_params(r, s);
    /* for RCPT it was MAIL that said SMTPUTF8, or not: the session knows */
    utf8 = !mail || command_param(out, SPAN("SMTPUTF8"));
    if (out->path.utf8 && !utf8)
        add(r, MISTAKE_UTF8_WITHOUT_SMTPUTF8, first_utf8(out->path.whole));
    params_check(out->params, out->param_count, utf8, &out->mistakes);
}

/* Also "": none is here where one is due. */
static bool missing_argument(const struct reader *r)
{
    if (r->out->argument.len)
        return false;
    add(r, MISTAKE_MISSING_ARGUMENT, r->out->argument);
    return true;
}

/* Nothing may follow. */
static void check_end(const struct reader *r, struct span rest)
{
    rest = skip_gap(r, rest);
    if (rest.len)
        add(r, MISTAKE_UNEXPECTED_ARGUMENT, rest);
}

static bool is_base64(struct span s)
{
    size_t pad = 0;

    while (pad < 2 && pad < s.len && s.at[s.len - 1 - pad] == '=')
        pad++;
    for (size_t i = 0; i < s.len - pad; i++)
        if (!ascii_is_alnum(s.at[i]) && s.at[i] != '+' && s.at[i] != '/')
            return false;
    return s.len % 4 == 0;
}

/* AUTH mechanism [initial-response]; "=" is the empty response (RFC 4954 4). */
static void read_auth(const struct reader *r)
{
    struct span mechanism = word_of(r->out->argument), response, rest;

    if (missing_argument(r))
        return;
    for (size_t i = 0; i < mechanism.len; i++) {
        unsigned char c = mechanism.at[i];

        if (!ascii_is_alnum(c) && c != '-' && c != '_' && !key_is(c)) {
            add(r, MISTAKE_BAD_ARGUMENT, span_first(span_from(mechanism, i), 1));
            break;
        }
    }
    if (mechanism.len > 20) /* RFC 4422 3.1 */
        add(r, MISTAKE_BAD_ARGUMENT, mechanism);
    rest = span_from(r->out->argument, mechanism.len);
    if (rest.len == 0)
        return;
    rest = skip_gap(r, rest);
    response = word_of(rest);
    if (!is_base64(response) && !span_eq(response, SPAN("=")))
        add(r, MISTAKE_AUTH_NOT_BASE64, response);
    check_end(r, span_from(rest, response.len));
}

/* BDAT size [LAST] (RFC 3030 2). */
static void read_bdat(const struct reader *r)
{
    struct span size = word_of(r->out->argument), rest, last;
    uint64_t number;

    if (missing_argument(r))
        return;
    if (!span_number(size, &number))
        add(r, MISTAKE_BAD_ARGUMENT, size);
    rest = span_from(r->out->argument, size.len);
    if (rest.len == 0)
        return;
    rest = skip_gap(r, rest);
    last = word_of(rest);
    if (!span_eq_nocase(last, SPAN("LAST")))
        add(r, MISTAKE_BAD_ARGUMENT, last);
    check_end(r, span_from(rest, last.len));
}

/* ETRN host, @domain for a domain and all below it, or #queue (RFC 1985 5). */
static void read_etrn(const struct reader *r)
{
    struct span name = r->out->argument;
    size_t fault, len;

    if (missing_argument(r) || name.at[0] == '#')
        return;
    if (name.at[0] == '@')
        name = span_from(name, 1);
    fault = domain_fault(name, true, &len);
    if (fault != SPAN_NOT_FOUND && !(len && key_is(name.at[fault])))
        add(r, MISTAKE_BAD_ARGUMENT, span_first(span_from(name, fault), len));
}

/* VRFY takes the name of a user or a mailbox, with brackets and a person's name or without them
 * (RFC 5321 3.5.1, 4.1.1.6). SMTPUTF8 may follow (RFC 6531 3.7.4.2). */
static void read_vrfy(const struct reader *r)
{
    struct span text = r->out->argument, rest;
    struct path *path = &r->out->path;
    struct mistakes in_path = { 0 };

    if (missing_argument(r))
        return;
    if (!utf8_valid(text))
        check_eight_bit(r, text);
    if (span_find(text, '<') == text.len && span_find(text, '>') == text.len &&
        span_find(text, '@') == text.len)
        return; /* a name, which may be anything */
    rest = span_from(text, path_parse(text, column_of(r, text.at), path, &in_path));
    for (unsigned i = 0; i < in_path.count; i++) {
        const struct mistake_at *at = &in_path.at[i];

        if (at->mistake == MISTAKE_NO_BRACKETS || at->mistake == MISTAKE_DISPLAY_NAME ||
            at->mistake == MISTAKE_NO_DOMAIN || /* a name alone may stand */
            mistakes_have(&r->out->mistakes, at->mistake))
            continue;
        mistakes_add(&r->out->mistakes, at->mistake, at->column, at->len);
    }
    if (path->kind == PATH_NULL)
        add(r, MISTAKE_NO_LOCAL_PART, path->whole);
    else if (path->kind == PATH_MAILBOX && path->local.len < path->mailbox.len && !path->domain.len)
        add(r, MISTAKE_BAD_DOMAIN, path->domain);
    rest = span_trim(rest);
    if (rest.len && !span_eq_nocase(rest, SPAN("SMTPUTF8")))
        add(r, MISTAKE_UNEXPECTED_ARGUMENT, rest);
}

static void read_argument(const struct reader *r)
{
    struct span argument = r->out->argument;

    switch (r->out->verb) {
    case VERB_EHLO:
    case VERB_HELO:
    case VERB_LHLO: /* the name judges its own octets */
        domain_check(argument, column_of(r, argument.at), true, &r->out->mistakes);
        return;
    case VERB_MAIL:
    case VERB_RCPT:
        read_mail_or_rcpt(r);
        return;
    case VERB_DATA:
    case VERB_RSET:
    case VERB_QUIT:
    case VERB_STARTTLS:
        check_end(r, argument);
        break;
    case VERB_AUTH:
        read_auth(r);
        break;
    case VERB_BDAT:
        read_bdat(r);
        break;
    case VERB_ETRN:
        read_etrn(r);
        break;
    case VERB_VRFY:
        read_vrfy(r);
        return;
    case VERB_EXPN:
        missing_argument(r);
        if (utf8_valid(argument)) /* SMTPUTF8 may follow (RFC 6531 3.7.4.2) */
            return;
        break;
    default: /* NOOP and HELP take anything */
        break;
    }
    check_eight_bit(r, argument);
}

static void read_unknown(const struct reader *r)
{
    struct command *out = r->out;
    unsigned char edited[32];
    struct guess g;

    for (size_t i = 0; i < out->word.len; i++) {
        if (!key_is(out->word.at[i]))
            continue;
        /* the keys are the mistake, and told by now */
        out->meant = verb_by_word(keys_obey(out->word, edited, sizeof edited));
        return;
    }
    g = guess_line(out->word, out->argument);
    add(r, g.mistake, out->word);
    out->meant = g.meant;
    check_eight_bit(r, span_from(r->text, (size_t)(out->word.at - r->text.at)));
}

void command_parse(const struct line *line, uint64_t longest, struct command *out)
{
    struct reader r = { line->head, out };
    struct span s = span_from(line->head, blanks(line->head)), solid, after;

    *out = (struct command){ 0 };
    solid = span_trim(s);
    out->word = word_of(solid);
    out->verb = verb_by_word(out->word);
    if (out->verb == VERB_AUTH && longest < COMMAND_AUTH_LINE_MAX)
        longest = COMMAND_AUTH_LINE_MAX;
    check_octets(&r, line, longest);
    if (solid.len == 0) {
        mistakes_add(&out->mistakes, MISTAKE_EMPTY_LINE, line->head.len > 0,
                     (unsigned)line->head.len);
        return;
    }
    if (s.len < line->head.len)
        add(&r, MISTAKE_LEADING_SPACE, span_first(line->head, line->head.len - s.len));
    after = span_from(solid, out->word.len);
    out->argument = span_trim(after);
    if (out->verb == VERB_UNKNOWN) {
        read_unknown(&r);
    } else {
        skip_gap(&r, after);
        read_argument(&r);
    }
    if (solid.len < s.len && line->len == line->head.len)
        add(&r, MISTAKE_TRAILING_SPACE, span_from(s, solid.len));
}

const struct param *command_param(const struct command *c, struct span keyword)
{
    for (unsigned i = 0; i < c->param_count; i++)
        if (span_eq_nocase(c->params[i].keyword, keyword))
            return &c->params[i];
    return NULL;
}
