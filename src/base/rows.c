/* Tables of rows: defaults, ends, look-up by key, and what is made out of them for people. */
#include "base/rows.h"

#include <assert.h>
#include <limits.h>

#include "base/marks.h"
#include "base/mem.h"
#include "base/near.h"

/* Columns of a comment in the example. */
#define EXAMPLE_COLS 78

static void *field(const struct row *row, void *target)
{
    return (unsigned char *)target + row->at;
}

static void set_defaults(const struct rows *rows, void *target)
{
    struct buf why = { 0 };

    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->at[i];
        bool right = true;

        if (row->type == ROW_MAP && row->rows != rows->also)
            set_defaults(row->rows, field(row, target));
        else if (row->fallback)
            right = row_read(row, target, span_of(row->fallback), &why);
        assert(right);
        (void)right;
    }
    if (rows->also)
        set_defaults(rows->also, target);
    buf_release(&why);
}

void rows_init(const struct rows *rows, void *target)
{
    memset(target, 0, rows->size);
    set_defaults(rows, target);
}

static void release_field(const struct row *row, void *target)
{
    union {
        char *text;
        struct row_texts texts;
        struct row_list list;
    } u;

    switch (row->type) {
    case ROW_TEXT:
        memcpy(&u.text, field(row, target), sizeof u.text);
        mem_free(u.text);
        break;
    case ROW_TEXTS:
        memcpy(&u.texts, field(row, target), sizeof u.texts);
        for (size_t i = 0; i < u.texts.count; i++)
            mem_free(u.texts.at[i]);
        mem_free(u.texts.at);
        break;
    case ROW_LIST:
        memcpy(&u.list, field(row, target), sizeof u.list);
        for (size_t i = 0; i < u.list.count; i++)
            rows_release(row->rows, (unsigned char *)u.list.at + i * row->rows->size);
        mem_free(u.list.at);
        break;
    case ROW_MAP:
        rows_release(row->rows, field(row, target));
        return;
    default:
        break;
    }
    memset(field(row, target), 0, row->size);
}

void rows_release(const struct rows *rows, void *target)
{
    for (size_t i = 0; i < rows->count; i++)
        release_field(&rows->at[i], target);
    if (rows->also)
        rows_release(rows->also, target);
}

const struct row *rows_find(const struct rows *rows, struct span key)
{
    for (; rows; rows = rows->also)
        for (size_t i = 0; i < rows->count; i++)
            if (span_eq_nocase(key, span_of(rows->at[i].key)))
                return &rows->at[i];
    return NULL;
}

void rows_unknown(const struct rows *rows, struct span key, struct buf *why)
{
    const char *best = NULL;
    unsigned score, best_score = UINT_MAX;

    for (const struct rows *r = rows; r; r = r->also)
        for (size_t i = 0; i < r->count; i++)
            if (near_enough(key, span_of(r->at[i].key), &score) && score < best_score) {
                best = r->at[i].key;
                best_score = score;
            }
    buf_add_text(why, "unknown key '");
    marks_add(why, span_first(key, NEAR_WORD_MAX * 2), 0);
    if (best) {
        buf_printf(why, "'; did you mean '%s'?", best);
        return;
    }
    buf_add_text(why, "'; known here: ");
    for (const struct rows *r = rows; r; r = r->also)
        for (size_t i = 0; i < r->count; i++)
            buf_printf(why, "%s%s", i || r != rows ? ", " : "", r->at[i].key);
}

bool row_is_default(const struct row *row, const void *target)
{
    struct buf here = { 0 }, there = { 0 }, why = { 0 };
    struct row alone = *row;
    union {
        char *text;
        uint64_t number;
        struct row_texts texts;
        struct row_list list;
    } field_alone = { 0 };
    bool same;

    if (row->type == ROW_LIST) {
        memcpy(&field_alone.list, (const unsigned char *)target + row->at, sizeof field_alone.list);
        return field_alone.list.count == 0;
    }
    alone.at = 0;
    if (row->fallback)
        row_read(&alone, &field_alone, span_of(row->fallback), &why);
    row_print(row, target, &here);
    row_print(&alone, &field_alone, &there);
    same = span_eq(buf_span(&here), buf_span(&there));
    if (row->type == ROW_TEXT || row->type == ROW_TEXTS)
        release_field(&alone, &field_alone);
    buf_release(&here);
    buf_release(&there);
    buf_release(&why);
    return same;
}

static void each(const struct rows *rows, struct buf *path, rows_entry *fn, void *ctx)
{
    size_t before = path->len;

    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->at[i];

        buf_add_text(path, row->key);
        fn(ctx, buf_text(path), row);
        if (row->rows && row->rows != rows->also) {
            buf_add_octet(path, '.');
            each(row->rows, path, fn, ctx);
        }
        buf_truncate(path, before);
    }
    if (rows->also)
        each(rows->also, path, fn, ctx);
}

void rows_each(const struct rows *rows, rows_entry *fn, void *ctx)
{
    struct buf path = { 0 };

    buf_add_text(&path, "");
    each(rows, &path, fn, ctx);
    buf_release(&path);
}

/* A default that is a list may be made with a comma behind its last word. */
static void add_fallback(struct buf *out, const struct row *row)
{
    struct span words = span_of(row->fallback);

    if (words.len > 1 && words.at[words.len - 1] == ',')
        words.len--;
    buf_printf(out, "; default %.*s", SPAN_ARG(words));
}

static void manual_entry(void *ctx, const char *path, const struct row *row)
{
    struct buf *out = ctx;

    buf_printf(out, "%s\t", path);
    row_must(row, out);
    if (row->fallback)
        add_fallback(out, row);
    buf_printf(out, "%s. %s\n", row->required ? "; must be given" : "", row->help);
}

void rows_manual(const struct rows *rows, struct buf *out)
{
    rows_each(rows, manual_entry, out);
}

/* A comment, wrapped. */
static void comment(struct buf *out, size_t indent, const char *text)
{
    struct span rest = span_of(text);
    size_t col = 0;

    while (rest.len) {
        struct span word = span_cut(rest, ' ', &rest);

        if (col == 0 || col + 1 + word.len > EXAMPLE_COLS) {
            if (col)
                buf_add_octet(out, '\n');
            buf_add_repeat(out, ' ', indent);
            buf_add_octet(out, '#');
            col = indent + 1;
        }
        buf_add_octet(out, ' ');
        buf_add(out, word);
        col += 1 + word.len;
    }
    buf_add_octet(out, '\n');
}

/* Help and form of one row. */
static void add_words(const struct row *row, struct buf *out)
{
    buf_printf(out, "%s (", row->help);
    row_must(row, out);
    if (row->fallback)
        add_fallback(out, row);
    buf_add_octet(out, ')');
}

static void say_row(struct buf *out, size_t indent, const struct row *row)
{
    struct buf words = { 0 };

    add_words(row, &words);
    comment(out, indent, buf_text(&words));
    buf_release(&words);
}

/* The keys as comments, and the example that somebody wrote. */
static void written_example(const struct rows *rows, struct buf *out, size_t indent)
{
    struct span rest = span_of(rows->example);
    struct buf words = { 0 };

    for (size_t i = 0; i < rows->count; i++) {
        buf_clear(&words);
        buf_printf(&words, "%s: ", rows->at[i].key);
        add_words(&rows->at[i], &words);
        comment(out, indent, buf_text(&words));
    }
    while (rest.len) {
        buf_add_repeat(out, ' ', indent);
        buf_add(out, span_cut(rest, '\n', &rest));
        buf_add_octet(out, '\n');
    }
    buf_release(&words);
}

static void example(const struct rows *rows, struct buf *out, size_t indent, bool list)
{
    if (rows->example) {
        written_example(rows, out, list ? indent - 2 : indent);
        return;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->at[i];

        if (row->rows && row->rows == rows->also)
            continue;
        say_row(out, indent, row);
        buf_add_repeat(out, ' ', list ? indent - 2 : indent);
        if (list)
            buf_add_text(out, "- ");
        list = false;
        if (row->rows) {
            buf_printf(out, "%s:\n", row->key);
            example(row->rows, out, indent + (row->type == ROW_LIST ? 4 : 2),
                    row->type == ROW_LIST);
        } else {
            buf_printf(out, "%s: %s\n", row->key, row->example ? row->example : row->fallback);
        }
    }
    if (rows->also)
        example(rows->also, out, indent, list);
}

void rows_example(const struct rows *rows, struct buf *out)
{
    example(rows, out, 0, false);
}
