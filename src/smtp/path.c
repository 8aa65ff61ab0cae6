#include "smtp/path.h"

#include "base/utf8.h"
#include "smtp/keys.h"

#define LOCAL_MAX       64  /* RFC 5321 4.5.3.1.1 */
#define PATH_MAX_OCTETS 256 /* RFC 5321 4.5.3.1.3 */

/* The text being read, and where what is wrong with it goes. */
struct reader {
    struct span text;
    unsigned column;
    struct path *out;
    struct mistakes *found;
};

static void add_at(const struct reader *r, enum mistake m, const unsigned char *at, size_t len)
{
    mistakes_add(r->found, m, r->column + (unsigned)(at - r->text.at), (unsigned)len);
}

/* An octet that may not stand where it stands. Control characters, wherever they are, are one
 * mistake of their own, told once. */
static void add_octet(const struct reader *r, enum mistake m, const unsigned char *at, size_t len)
{
    struct span rest = span_from(r->text, (size_t)(at - r->text.at));

    if (!key_is(*at))
        add_at(r, m, at, len);
    else if (!mistakes_have(r->found, MISTAKE_CONTROL_OCTET))
        add_at(r, MISTAKE_CONTROL_OCTET, at, key_octets(rest));
}

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

static size_t blank_at(struct span s)
{
    size_t i = 0;

    while (i < s.len && !is_blank(s.at[i]))
        i++;
    return i;
}

static bool is_atext(unsigned char c)
{
    return ascii_is_alnum(c) || c >= 0x80 || (c > 0 && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Where the quoted string that starts at s.at[from] ends, one past its quote; 0: it does not. */
static size_t quoted_end(struct span s, size_t from)
{
    for (size_t i = from + 1; i < s.len; i++) {
        if (s.at[i] == '\\')
            i++;
        else if (s.at[i] == '"')
            return i + 1;
    }
    return 0;
}

/* The quoted string at the very start: its length, or 0. */
static size_t quoted_start(struct span s)
{
    return s.len && s.at[0] == '"' ? quoted_end(s, 0) : 0;
}

/* A local part without quotes: the first octet that breaks it is told. Blanks are told by the
 * caller. */
static void check_dot_string(const struct reader *r, struct span local)
{
    for (size_t i = 0; i < local.len; i++) {
        unsigned char c = local.at[i];
        bool last = i + 1 == local.len;

        if (is_blank(c) || is_atext(c))
            continue;
        if (c == '.' && i && !last && local.at[i - 1] != '.')
            continue;
        add_octet(r, MISTAKE_BAD_LOCAL_PART, local.at + i, 1);
        return;
    }
}

static void check_quoted(const struct reader *r, struct span local, size_t end)
{
    for (size_t i = 0; i < end; i++) {
        if (ascii_is_control(local.at[i])) {
            add_octet(r, MISTAKE_BAD_LOCAL_PART, local.at + i, 1);
            return;
        }
    }
    if (end < local.len)
        add_octet(r, MISTAKE_BAD_LOCAL_PART, local.at + end, local.len - end);
}

static void check_local(const struct reader *r, struct span local)
{
    size_t quoted = quoted_start(local);

    r->out->quoted = quoted > 0;
    if (local.len == 0)
        add_at(r, MISTAKE_NO_LOCAL_PART, local.at, 0);
    else if (quoted)
        check_quoted(r, local, quoted);
    else
        check_dot_string(r, local);
    if (local.len > LOCAL_MAX)
        add_at(r, MISTAKE_LOCAL_PART_TOO_LONG, local.at, local.len);
}

static void check_domain(const struct reader *r, struct span domain)
{
    size_t len, fault;

    if (domain.len > DOMAIN_MAX)
        add_at(r, MISTAKE_DOMAIN_TOO_LONG, domain.at, domain.len);
    if (domain.at[0] == '[') {
        r->out->literal = true;
        if (!literal_valid(domain))
            add_at(r, MISTAKE_BAD_LITERAL, domain.at, domain.len);
        return;
    }
    fault = domain_fault(domain, true, &len);
    if (fault != SPAN_NOT_FOUND && !is_blank(domain.at[fault]))
        add_octet(r, MISTAKE_BAD_DOMAIN, domain.at + fault, len);
    else if (domain_looks_numeric(domain)) /* an address, but its brackets are missing */
        add_at(r, MISTAKE_NO_SQUARE_BRACKETS, domain.at, domain.len);
}

/* The at sign between local part and domain, or SPAN_NOT_FOUND: the last one, since a domain
 * can hold none, but a wrong local part can. A literal can hold it, too. */
static size_t at_sign(struct span box)
{
    size_t from = quoted_start(box), bracket;

    if (box.len && box.at[box.len - 1] == ']') {
        bracket = span_search(box, SPAN("@["), from, false);
        if (bracket != SPAN_NOT_FOUND)
            return bracket;
    }
    for (size_t i = box.len; i > from; i--)
        if (box.at[i - 1] == '@')
            return i - 1;
    return SPAN_NOT_FOUND;
}

/* `bob@x,carol@y` and `bob,carol`: tells, and returns the first. `smith,john@x` is a wrong local
 * part and is left as it is. */
static struct span first_of_two(const struct reader *r, struct span box)
{
    bool at_before = false;
    size_t i = quoted_start(box);

    for (; i < box.len; i++) {
        struct span after = span_from(box, i + 1);

        at_before |= box.at[i] == '@';
        if (box.at[i] == '[') { /* a literal can hold commas */
            i += span_find(after, ']') + 1;
            continue;
        }
        if (box.at[i] != ',' && box.at[i] != ';')
            continue;
        if (span_trim(after).len == 0 || (!at_before && span_find(after, '@') < after.len))
            return box;
        add_at(r, MISTAKE_TWO_ADDRESSES, box.at + i, box.len - i);
        return span_trim(span_first(box, i));
    }
    return box;
}

/* Blanks outside quotes; the first run is told. */
static void check_blanks(const struct reader *r, struct span box)
{
    struct span open = span_from(box, quoted_start(box));
    size_t first = blank_at(open), end = first;

    while (end < open.len && is_blank(open.at[end]))
        end++;
    if (end > first && !mistakes_have(r->found, MISTAKE_SPACE_IN_PATH))
        add_at(r, MISTAKE_SPACE_IN_PATH, open.at + first, end - first);
}

static void read_mailbox(const struct reader *r, struct span box)
{
    struct path *out = r->out;
    size_t at;

    out->kind = PATH_MAILBOX;
    box = first_of_two(r, box);
    out->mailbox = box;
    at = at_sign(box);
    out->local = span_first(box, at == SPAN_NOT_FOUND ? box.len : at);
    out->domain = span_from(box, out->local.len + 1);
    if (at == SPAN_NOT_FOUND && span_eq_nocase(box, SPAN("postmaster"))) {
        out->kind = PATH_POSTMASTER;
        return;
    }
    check_blanks(r, box);
    check_local(r, out->local);
    if (out->domain.len)
        check_domain(r, out->domain);
    else if (box.len)
        add_at(r, MISTAKE_NO_DOMAIN, box.at + box.len, 0);
}

/* The source route at the start of what stands between the brackets: its length without the
 * colon; 0: none. */
static size_t route_len(struct span inside)
{
    if (inside.len == 0 || inside.at[0] != '@')
        return 0;
    for (size_t i = 1; i < inside.len; i++) {
        if (inside.at[i] == '[')
            i += span_find(span_from(inside, i), ']');
        else if (inside.at[i] == ':')
            return i;
        else if (inside.at[i] == '"')
            return 0;
    }
    return 0;
}

static void read_route(const struct reader *r, struct span route)
{
    struct span hop, rest = route;

    r->out->route = route;
    add_at(r, MISTAKE_SOURCE_ROUTE, route.at, route.len);
    do {
        size_t len, fault;
        bool more;

        hop = span_cut(rest, ',', &rest);
        more = hop.at + hop.len < route.at + route.len;
        if (hop.len == 0 || hop.at[0] != '@') {
            add_at(r, MISTAKE_BAD_DOMAIN, hop.at, hop.len ? hop.len : more);
            return;
        }
        hop = span_from(hop, 1);
        if (hop.len && hop.at[0] == '[' && literal_valid(hop)) /* as RFC 821 had it */
            continue;
        fault = domain_fault(hop, true, &len);
        if (fault != SPAN_NOT_FOUND) {
            if (len == 0)
                add_at(r, MISTAKE_BAD_DOMAIN, hop.at, 0);
            else
                add_octet(r, MISTAKE_BAD_DOMAIN, hop.at + fault, len);
            return;
        }
    } while (hop.at + hop.len < route.at + route.len);
}

/* What stands between the brackets. */
static void read_inside(const struct reader *r, struct span inside)
{
    struct span trimmed = span_trim(inside);
    size_t route;

    if (trimmed.len < inside.len) {
        bool before = is_blank(inside.at[0]);
        size_t lead = (size_t)(trimmed.at - inside.at);

        if (before)
            add_at(r, MISTAKE_SPACE_IN_PATH, inside.at, trimmed.len ? lead : inside.len);
        else
            add_at(r, MISTAKE_SPACE_IN_PATH, trimmed.at + trimmed.len, inside.len - trimmed.len);
    }
    if (trimmed.len == 0) {
        r->out->kind = PATH_NULL;
        return;
    }
    route = route_len(trimmed);
    if (route) {
        struct span after = span_from(trimmed, route + 1);

        read_route(r, span_first(trimmed, route));
        trimmed = span_trim(after);
        if (trimmed.len < after.len && !mistakes_have(r->found, MISTAKE_SPACE_IN_PATH))
            add_at(r, MISTAKE_SPACE_IN_PATH, after.at, after.len - trimmed.len);
    }
    read_mailbox(r, trimmed);
}

/* Where the path that was opened before `from` ends: at its closing bracket, or, when there
 * is none, where the next thing on the line begins. */
static size_t closing(struct span text, size_t from, bool *closed)
{
    bool quotes = true;
    size_t solid = from; /* past the last quoted string */

    *closed = false;
    for (size_t i = from; i < text.len && text.at[i] != '<'; i++) {
        if (text.at[i] == '>') {
            *closed = true;
            return i;
        }
        if (text.at[i] == '"' && quotes && !is_atext(text.at[i - 1])) {
            size_t end = quoted_end(text, i);

            quotes = end > 0; /* so that many quotes cost no more than one */
            if (end) {
                solid = end;
                i = end - 1;
            }
        }
    }
    while (solid < text.len && !is_blank(text.at[solid]) && text.at[solid] != ',' &&
           text.at[solid] != ';' && text.at[solid] != '<')
        solid++;
    return solid;
}

static size_t read_bracketed(const struct reader *r, size_t open)
{
    size_t first = open, end;
    bool closed;

    while (open + 1 < r->text.len && r->text.at[open + 1] == '<')
        open++;
    if (open > first)
        add_at(r, MISTAKE_BRACKET_NOT_CLOSED, r->text.at + open, 0);
    end = closing(r->text, open + 1, &closed);
    r->out->brackets = closed;
    r->out->whole = span_first(span_from(r->text, open), end - open + closed);
    read_inside(r, span_first(span_from(r->text, open + 1), end - open - 1));
    if (!closed)
        add_at(r, MISTAKE_BRACKET_NOT_CLOSED, r->text.at + end, 0);
    return end + closed;
}

/* `Alice <alice@crepes.fr>`: where the bracket opens; 0: this is no name before an address. */
static size_t after_display_name(struct span text)
{
    size_t i = quoted_start(text);

    for (; i < text.len && text.at[i] != '<'; i++)
        if (strchr("@=,;>", text.at[i]) && text.at[i])
            return 0;
    return i < text.len ? i : 0;
}

/* An address without brackets, as far as the next space or comma. */
static size_t read_bare(const struct reader *r)
{
    struct span text = r->text;
    size_t end = quoted_start(text), equals = span_find(text, '=');
    bool bracket;

    while (end < text.len && !is_blank(text.at[end]) && text.at[end] &&
           !strchr(",;<>", text.at[end]))
        end++;
    bracket = end < text.len && text.at[end] == '>';
    if (end == 0 || (equals < end && span_find(text, '@') >= end)) {
        add_at(r, MISTAKE_NO_PATH, text.at, 0); /* what stands here is a parameter, or junk */
        return 0;
    }
    r->out->whole = span_first(text, end + bracket);
    if (bracket)
        add_at(r, MISTAKE_BRACKET_NOT_OPENED, text.at, 0);
    else
        add_at(r, MISTAKE_NO_BRACKETS, text.at, end);
    read_mailbox(r, span_first(text, end));
    return end + bracket;
}

/* UTF-8 is for the session to allow; what is not even UTF-8 is wrong anywhere. */
static void check_eight_bit(const struct reader *r, struct span whole)
{
    size_t i = 0;

    while (i < whole.len) {
        uint32_t code;
        size_t octets = utf8_decode(span_from(whole, i), &code);

        if (octets == 0) {
            add_at(r, MISTAKE_EIGHT_BIT, whole.at + i, 1);
            r->out->utf8 = false;
            return;
        }
        r->out->utf8 |= octets > 1;
        i += octets;
    }
}

size_t path_parse(struct span text, unsigned column, struct path *out, struct mistakes *found)
{
    struct reader r = { text, column, out, found };
    size_t took, open;

    *out = (struct path){ 0 };
    if (text.len == 0) {
        mistakes_add(found, MISTAKE_NO_PATH, column, 0);
        return 0;
    }
    if (text.at[0] == '<') {
        took = read_bracketed(&r, 0);
    } else if ((open = after_display_name(text)) > 0) {
        add_at(&r, MISTAKE_DISPLAY_NAME, text.at, span_trim(span_first(text, open)).len);
        took = read_bracketed(&r, open);
    } else {
        took = read_bare(&r);
    }
    if (out->whole.len > PATH_MAX_OCTETS)
        add_at(&r, MISTAKE_PATH_TOO_LONG, out->whole.at, out->whole.len);
    check_eight_bit(&r, out->whole);
    return took;
}

/* The next octet of a local part, quotes and backslashes removed; -1 at its end. */
static int next_octet(struct span *local, bool quoted)
{
    int c;

    if (quoted && local->len && local->at[0] == '"') /* only the closing one is not escaped */
        return -1;
    if (quoted && local->len > 1 && local->at[0] == '\\')
        *local = span_from(*local, 1);
    if (local->len == 0)
        return -1;
    c = local->at[0];
    *local = span_from(*local, 1);
    return c;
}

static bool local_same(struct span a, struct span b)
{
    bool quoted_a = quoted_start(a) > 0, quoted_b = quoted_start(b) > 0;
    int c;

    if (span_eq_nocase(a, SPAN("postmaster")) && span_eq_nocase(b, SPAN("postmaster")))
        return true;
    a = span_from(a, quoted_a);
    b = span_from(b, quoted_b);
    do {
        c = next_octet(&a, quoted_a);
        if (c != next_octet(&b, quoted_b))
            return false;
    } while (c >= 0);
    return true;
}

bool mailbox_same(struct span a, struct span b)
{
    size_t at_a = at_sign(a), at_b = at_sign(b);

    if ((at_a == SPAN_NOT_FOUND) != (at_b == SPAN_NOT_FOUND))
        return false;
    if (at_a == SPAN_NOT_FOUND)
        return local_same(a, b);
    return span_eq_nocase(span_from(a, at_a), span_from(b, at_b)) &&
           local_same(span_first(a, at_a), span_first(b, at_b));
}
