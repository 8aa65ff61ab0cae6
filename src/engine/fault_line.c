/* A fault as one line: the moment, then key=value words, in any order. */
#include "base/escape.h"
#include "base/marks.h"
#include "engine/fault.h"

static const struct row *at_row(void)
{
    return &fault_rows.at[0];
}

/* `raw` keeps its escapes until it is played. */
static bool keeps_escapes(const struct row *row)
{
    return row->at == offsetof(struct fault, raw);
}

static bool blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

/* The next value at the start of *rest, in quotes or up to a space; takes it off. */
static bool take_value(struct span *rest, const struct row *row, struct buf *value, struct buf *why)
{
    size_t end = 0, column;
    struct error err;

    buf_clear(value);
    if (!rest->len || rest->at[0] != '"') {
        while (end < rest->len && !blank(rest->at[end]))
            end++;
        buf_add(value, span_first(*rest, end));
        *rest = span_from(*rest, end);
        return true;
    }
    for (end = 1; end < rest->len && rest->at[end] != '"'; end++)
        end += rest->at[end] == '\\' && end + 1 < rest->len;
    if (end >= rest->len) {
        buf_printf(why, "the text of '%s' has no \" at its end", row->key);
        return false;
    }
    if (keeps_escapes(row)) {
        buf_add(value, span_first(span_from(*rest, 1), end - 1));
    } else if (!escape_read(value, span_first(*rest, end + 1), &column, &err)) {
        buf_printf(why, "in the text of '%s': %s", row->key, err.text);
        return false;
    }
    *rest = span_from(*rest, end + 1);
    return true;
}

static bool take_word(struct fault *f, struct span *rest, uint64_t *seen, struct buf *value,
                      struct buf *why)
{
    struct span word = *rest;
    const struct row *row;
    uint64_t bit;

    word.len = 0;
    while (word.len < rest->len && !blank(rest->at[word.len]) && rest->at[word.len] != '=')
        word.len++;
    *rest = span_from(*rest, word.len);
    row = rows_find(&fault_rows, word);
    if (!row) {
        rows_unknown(&fault_rows, word, why);
        return false;
    }
    bit = (uint64_t)1 << (row - fault_rows.at);
    if (*seen & bit) {
        buf_printf(why, "'%s' stands there twice", row->key);
        return false;
    }
    *seen |= bit;
    if (rest->len && rest->at[0] == '=') {
        *rest = span_from(*rest, 1);
        if (!take_value(rest, row, value, why))
            return false;
    } else {
        buf_clear(value);
        buf_add_text(value, row->type == ROW_BOOL ? "yes" : "");
    }
    if (row_read(row, f, buf_span(value), why))
        return true;
    if (row->example)
        buf_printf(why, "; for example: %s=%s", row->key, row->example);
    return false;
}

/* The first word: the moment, as `RCPT` or at=RCPT. */
static bool take_moment(struct fault *f, struct span *rest, struct buf *why)
{
    struct span word = *rest;

    word.len = 0;
    while (word.len < rest->len && !blank(rest->at[word.len]))
        word.len++;
    *rest = span_from(*rest, word.len);
    if (span_starts_nocase(word, SPAN("at=")))
        word = span_from(word, 3);
    return row_read(at_row(), f, word, why);
}

static bool parse(struct fault *f, struct span rest, struct buf *value, struct buf *why)
{
    uint64_t seen = 1;

    rest = span_trim(rest);
    if (!take_moment(f, &rest, why))
        return false;
    for (rest = span_trim(rest); rest.len; rest = span_trim(rest))
        if (!take_word(f, &rest, &seen, value, why))
            return false;
    return fault_rows.check(f, why);
}

bool fault_parse(struct fault *f, struct span line, struct buf *why)
{
    struct buf value = { 0 };
    bool right;

    fault_init(f);
    right = parse(f, line, &value, why);
    if (!right) {
        fault_release(f);
        fault_init(f);
    }
    buf_release(&value);
    return right;
}

static void print_value(const struct row *row, struct span value, struct buf *out)
{
    bool bare = value.len > 0;
    struct buf octets = { 0 };
    struct error err;
    size_t column;

    for (size_t i = 0; i < value.len; i++)
        bare = bare && value.at[i] > ' ' && value.at[i] < 0x7f && value.at[i] != '"' &&
               value.at[i] != '\\';
    if (bare) {
        buf_add(out, value);
        return;
    }
    buf_add_octet(out, '"');
    if (keeps_escapes(row) && escape_read(&octets, value, &column, &err))
        escape_write(out, buf_span(&octets));
    else
        escape_write(out, value);
    buf_add_octet(out, '"');
    buf_release(&octets);
}

void fault_print(const struct fault *f, struct buf *out)
{
    struct buf value = { 0 };

    row_print(at_row(), f, out);
    for (size_t i = 1; i < fault_rows.count; i++) {
        const struct row *row = &fault_rows.at[i];

        if (row_is_default(row, f))
            continue;
        buf_printf(out, " %s", row->key);
        buf_clear(&value);
        row_print(row, f, &value);
        if (row->type == ROW_BOOL)
            continue;
        buf_add_octet(out, '=');
        print_value(row, buf_span(&value), out);
    }
    buf_release(&value);
}
