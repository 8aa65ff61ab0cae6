#include "stored/script.h"

#include "base/escape.h"
#include "base/marks.h"
#include "base/mem.h"

struct script_reader {
    struct span text; /* borrowed; all of it */
    size_t at;        /* where the next line starts */
    unsigned line;    /* the number of the line read last */
    struct buf octets;
};

/* The line being read. Columns count octets from 1, of the line as it stands in the file. */
struct cursor {
    struct span whole, rest;
    unsigned line;
};

static unsigned column(const struct cursor *c)
{
    return (unsigned)(c->whole.len - c->rest.len) + 1;
}

static enum script_read wrong_at(const struct cursor *c, unsigned col, struct error *err,
                                 const char *what)
{
    error_set(err, "%u:%u: %s", c->line, col, what);
    return SCRIPT_ERROR;
}

static enum script_read wrong(const struct cursor *c, struct error *err, const char *what)
{
    return wrong_at(c, column(c), err, what);
}

struct script_reader *script_reader_new(struct span text)
{
    struct script_reader *r = mem_zero(1, sizeof *r);

    r->text = text;
    if (text.len <= SCRIPT_OCTETS_MAX && span_starts(text, SPAN("\xef\xbb\xbf")))
        r->at = 3; /* some editors put a byte order mark there */
    return r;
}

void script_reader_free(struct script_reader *r)
{
    if (!r)
        return;
    buf_release(&r->octets);
    mem_free(r);
}

/* The next line without its end; false at the end of the text. */
static bool take_line(struct script_reader *r, struct cursor *c)
{
    struct span rest = span_from(r->text, r->at);
    size_t len = span_find(rest, '\n');

    if (!rest.len)
        return false;
    r->at += len < rest.len ? len + 1 : len;
    r->line++;
    if (len && rest.at[len - 1] == '\r')
        len--;
    c->whole = c->rest = span_first(rest, len);
    c->line = r->line;
    return true;
}

static void skip_blanks(struct cursor *c)
{
    while (c->rest.len && (c->rest.at[0] == ' ' || c->rest.at[0] == '\t'))
        c->rest = span_from(c->rest, 1);
}

static bool skip(struct cursor *c, struct span word)
{
    if (!span_starts(c->rest, word))
        return false;
    c->rest = span_from(c->rest, word.len);
    return true;
}

/* The three digits, and what follows them: all that S: needs. */
static bool reply_head(struct span s, unsigned *code, bool *more)
{
    *code = 0;
    *more = false;
    if (s.len < 3 || !ascii_is_digit(s.at[0]) || !ascii_is_digit(s.at[1]) ||
        !ascii_is_digit(s.at[2]))
        return false;
    *code = (unsigned)(s.at[0] - '0') * 100 + (unsigned)(s.at[1] - '0') * 10 +
            (unsigned)(s.at[2] - '0');
    *more = s.len > 3 && s.at[3] == '-';
    return true;
}

/* May this line stand behind S: as it is? Servers send stranger ones; they are escaped. */
static bool reply_plain(struct span s, unsigned *code, bool *more)
{
    return reply_head(s, code, more) && *code >= 200 && *code <= 599 &&
           (s.len == 3 || s.at[3] == ' ' || s.at[3] == '-');
}

/* The octets between the quotes of C\: and S\:. */
static enum script_read read_escaped(struct script_reader *r, struct cursor *c,
                                     struct script_item *out, struct error *err)
{
    struct error why = { "" };
    size_t at = 0;

    skip_blanks(c);
    if (!c->rest.len)
        return wrong(c, err, "the text in quotes is missing: C\\: \"NOOP\\r\\n\"");
    buf_clear(&r->octets);
    if (!escape_read(&r->octets, span_trim(c->rest), &at, &why))
        return wrong_at(c, column(c) + (unsigned)at - 1, err, why.text);
    out->escaped = true;
    out->octets = buf_span(&r->octets);
    return SCRIPT_ITEM;
}

static enum script_read read_send(struct script_reader *r, struct cursor *c,
                                  struct script_item *out)
{
    skip(c, SPAN(" "));
    buf_clear(&r->octets);
    buf_add(&r->octets, c->rest);
    buf_add(&r->octets, SPAN("\r\n"));
    out->octets = buf_span(&r->octets);
    return SCRIPT_ITEM;
}

static enum script_read read_expect(struct cursor *c, struct script_item *out, struct error *err)
{
    skip(c, SPAN(" "));
    out->octets = c->rest;
    if (reply_plain(c->rest, &out->code, &out->more))
        return SCRIPT_ITEM;
    if (!out->code)
        return wrong(c, err, "a reply starts with a code of three digits: S: 250 Ok");
    if (out->code < 200 || out->code > 599)
        return wrong(c, err, "a reply code starts with 2, 3, 4 or 5: S: 250 Ok");
    return wrong_at(c, column(c) + 3, err,
                    "a space follows the code, or a hyphen when more lines follow: S: 250 Ok");
}

static enum script_read read_command(struct cursor *c, struct script_item *out, struct error *err)
{
    out->octets = span_trim(c->rest);
    if (!out->octets.len)
        return wrong(c, err, "the command's name is missing after the slash: /wait 2");
    if (!ascii_is_alpha(out->octets.at[0]))
        return wrong(c, err,
                     "a command's name starts with a letter: /wait 2. To send a line that starts "
                     "with a slash, write C: before it");
    return SCRIPT_ITEM;
}

/* Seconds, with up to six digits after the point. */
static bool read_seconds(struct span s, int64_t *us)
{
    struct span fraction, whole = span_cut(s, '.', &fraction);
    bool point = whole.len < s.len;
    uint64_t seconds, part = 0;

    if (!span_number(whole, &seconds) || seconds > (uint64_t)(SCRIPT_PAUSE_MAX / 1000000))
        return false;
    if (point && (fraction.len > 6 || !span_number(fraction, &part)))
        return false;
    for (size_t i = fraction.len; i < 6; i++)
        part *= 10;
    *us = (int64_t)(seconds * 1000000 + part);
    return *us <= SCRIPT_PAUSE_MAX;
}

static enum script_read read_pause(struct cursor *c, struct script_item *out, struct error *err)
{
    if (!skip(c, SPAN("+")) || !read_seconds(span_trim(c->rest), &out->pause))
        return wrong(c, err, "a pause is a plus and seconds, at most a week: @+1.250");
    return SCRIPT_ITEM;
}

/* What a line that starts like nothing in the format may have been meant to be. */
static enum script_read read_nothing(const struct cursor *c, struct error *err)
{
    unsigned code;
    bool more;

    if (span_starts(c->rest, SPAN("c:")) || span_starts(c->rest, SPAN("c\\:")))
        return wrong(c, err, "the C is a capital letter: C: NOOP");
    if (span_starts(c->rest, SPAN("s:")) || span_starts(c->rest, SPAN("s=")))
        return wrong(c, err, "the S is a capital letter: S: 250 Ok");
    if (span_starts(c->rest, SPAN("C ")) || span_starts(c->rest, SPAN("S ")))
        return wrong_at(c, column(c) + 1, err, "a colon follows the letter: C: NOOP, S: 250 Ok");
    if (reply_plain(c->rest, &code, &more))
        return wrong(c, err, "S: is missing before the server's line: S: 250 Ok");
    return wrong(c, err,
                 "a line starts with C: (to send), S: (to await), / (a command) or # (a remark)");
}

/* "#2 " before a line of the format. False: it is a remark. */
static bool numbered(struct cursor *c, struct span *number)
{
    static const struct span starts[] = { SPAN_INIT("C:"),   SPAN_INIT("C\\:"), SPAN_INIT("S:"),
                                          SPAN_INIT("S\\:"), SPAN_INIT("S="),   SPAN_INIT("/"),
                                          SPAN_INIT("@+") };
    struct cursor look = *c;
    size_t digits = 0;

    look.rest = span_from(look.rest, 1);
    while (digits < look.rest.len && ascii_is_digit(look.rest.at[digits]))
        digits++;
    *number = span_first(look.rest, digits);
    look.rest = span_from(look.rest, digits);
    if (!digits || !look.rest.len || (look.rest.at[0] != ' ' && look.rest.at[0] != '\t'))
        return false;
    skip_blanks(&look);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (span_starts_nocase(look.rest, starts[i])) {
            *c = look;
            return true;
        }
    return false;
}

static enum script_read read_start(struct script_reader *r, struct cursor *c,
                                   struct script_item *out, struct error *err)
{
    if (skip(c, SPAN("C:")))
        return read_send(r, c, out);
    if (skip(c, SPAN("C\\:")))
        return read_escaped(r, c, out, err);
    out->kind = SCRIPT_EXPECT;
    if (skip(c, SPAN("S:")))
        return read_expect(c, out, err);
    out->exact = true;
    if (skip(c, SPAN("S=")))
        return read_expect(c, out, err);
    out->exact = false;
    if (skip(c, SPAN("S\\:"))) {
        enum script_read got = read_escaped(r, c, out, err);

        if (got == SCRIPT_ITEM)
            reply_head(out->octets, &out->code, &out->more);
        return got;
    }
    out->kind = SCRIPT_COMMAND;
    if (skip(c, SPAN("/")))
        return read_command(c, out, err);
    out->kind = SCRIPT_PAUSE;
    if (skip(c, SPAN("@")))
        return read_pause(c, out, err);
    return read_nothing(c, err);
}

static enum script_read read_line(struct script_reader *r, struct cursor *c,
                                  struct script_item *out, struct error *err)
{
    struct cursor start = *c;
    struct span number;
    uint64_t dialogue;

    *out = (struct script_item){ .dialogue = 1, .line = c->line };
    if (c->rest.at[0] != '#')
        return read_start(r, c, out, err);
    if (!numbered(c, &number)) {
        out->kind = SCRIPT_REMARK;
        c->rest = span_from(c->rest, 1);
        skip(c, SPAN(" "));
        out->octets = c->rest;
        return SCRIPT_ITEM;
    }
    if (!span_number(number, &dialogue) || dialogue < 1 || dialogue > SCRIPT_DIALOGUES_MAX)
        return wrong_at(&start, column(&start) + 1, err,
                        "dialogues are numbered from 1 to 1000: #2 C: NOOP");
    out->dialogue = (unsigned)dialogue;
    return read_start(r, c, out, err);
}

enum script_read script_reader_next(struct script_reader *r, struct script_item *out,
                                    struct error *err)
{
    struct cursor c;

    if (r->text.len > SCRIPT_OCTETS_MAX) {
        r->text.len = 0;
        error_set(err, "1:1: the script is larger than 1 GiB: cut it into several");
        return SCRIPT_ERROR;
    }
    while (take_line(r, &c)) {
        skip_blanks(&c);
        if (c.rest.len)
            return read_line(r, &c, out, err);
    }
    return SCRIPT_END;
}

unsigned script_check(struct span text, const char *name, struct buf *out)
{
    struct script_reader *r = script_reader_new(text);
    struct script_item item;
    enum script_read got;
    struct error err;
    unsigned count = 0;

    while ((got = script_reader_next(r, &item, &err)) != SCRIPT_END) {
        if (got == SCRIPT_ERROR && count++ < SCRIPT_ERRORS_SHOWN)
            buf_printf(out, "%s:%s\n", name, err.text);
    }
    if (count > SCRIPT_ERRORS_SHOWN)
        buf_printf(out, "%s: and %u more; is this a script?\n", name, count - SCRIPT_ERRORS_SHOWN);
    script_reader_free(r);
    return count;
}

/* Would C: or S: and the text as it is give the same octets back, and be seen as they are? */
static bool writes_plain(bool client, struct span text)
{
    unsigned code;
    bool more;

    if (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        return false; /* editors eat it, and nobody sees it */
    return marks_plain(text, MARKS_KEEP_TAB) == text.len &&
           (client || reply_plain(text, &code, &more));
}

void script_write_line(struct buf *out, bool client, struct span octets)
{
    bool crlf = octets.len >= 2 && memcmp(octets.at + octets.len - 2, "\r\n", 2) == 0;
    struct span text = span_first(octets, crlf ? octets.len - 2 : octets.len);

    buf_add_octet(out, client ? 'C' : 'S');
    if (crlf && writes_plain(client, text)) {
        buf_add_text(out, text.len ? ": " : ":");
        buf_add(out, text);
    } else {
        buf_add_text(out, "\\: \"");
        escape_write(out, octets);
        buf_add_octet(out, '"');
    }
    buf_add_octet(out, '\n');
}

void script_write_numbered(struct buf *out, unsigned dialogue, bool client, struct span octets)
{
    if (dialogue > 1)
        buf_printf(out, "#%u ", dialogue);
    script_write_line(out, client, octets);
}

void script_write_pause(struct buf *out, int64_t us)
{
    int64_t ms = (us > SCRIPT_PAUSE_MAX ? SCRIPT_PAUSE_MAX : us) / 1000;

    if (ms > 0)
        buf_printf(out, "@+%lld.%03d\n", (long long)(ms / 1000), (int)(ms % 1000));
}

void script_write_remark(struct buf *out, struct span text)
{
    do {
        struct span line = span_cut(text, '\n', &text);

        buf_add_octet(out, '#');
        if (line.len)
            buf_add_octet(out, ' ');
        marks_add(out, line, MARKS_KEEP_TAB);
        buf_add_octet(out, '\n');
    } while (text.len);
}
