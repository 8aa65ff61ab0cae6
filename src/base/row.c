/* One value by its row: read, printed, and said what it must be. */
#include <limits.h>

#include "base/clock.h"
#include "base/marks.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/rows.h"

/* How much of a wrong value a complaint repeats. */
#define SHOWN_MAX 60

struct unit {
    const char *name;
    uint64_t factor;
};
/* The first of equal factors is the one that is printed. Largest first. */
static const struct unit octet_units[] = {
    { "G", 1u << 30 },   { "GB", 1u << 30 },  { "GiB", 1u << 30 }, { "M", 1u << 20 },
    { "MB", 1u << 20 },  { "MiB", 1u << 20 }, { "k", 1u << 10 },   { "kB", 1u << 10 },
    { "KiB", 1u << 10 }, { "", 1 },           { "octets", 1 },     { "B", 1 },
};
#define SECOND ((uint64_t)CLOCK_SECOND)
static const struct unit time_units[] = {
    { "d", 86400 * SECOND },
    { "day", 86400 * SECOND },
    { "days", 86400 * SECOND },
    { "h", 3600 * SECOND },
    { "hour", 3600 * SECOND },
    { "hours", 3600 * SECOND },
    { "min", 60 * SECOND },
    { "m", 60 * SECOND },
    { "minute", 60 * SECOND },
    { "minutes", 60 * SECOND },
    { "s", SECOND },
    { "sec", SECOND },
    { "second", SECOND },
    { "seconds", SECOND },
    { "ms", SECOND / 1000 },
    { "us", 1 },
};

static void *field(const struct row *row, void *target)
{
    return (unsigned char *)target + row->at;
}

static const void *field_of(const struct row *row, const void *target)
{
    return (const unsigned char *)target + row->at;
}

static const struct unit *units(enum row_type type, size_t *count)
{
    *count = type == ROW_DURATION ? sizeof time_units / sizeof *time_units
                                  : sizeof octet_units / sizeof *octet_units;
    return type == ROW_DURATION ? time_units : octet_units;
}

static const struct unit *unit_named(enum row_type type, struct span name)
{
    size_t count;
    const struct unit *list = units(type, &count);

    for (size_t i = 0; i < count; i++)
        if (span_eq_nocase(name, span_of(list[i].name)))
            return &list[i];
    return NULL;
}

static void print_number(enum row_type type, uint64_t number, struct buf *out)
{
    size_t count, i = 0;
    const struct unit *list = units(type, &count);

    if (type == ROW_NUMBER || number == 0) {
        buf_printf(out, "%llu%s", (unsigned long long)number, type == ROW_DURATION ? "s" : "");
        return;
    }
    while (number % list[i].factor)
        i++;
    buf_printf(out, "%llu%s", (unsigned long long)(number / list[i].factor), list[i].name);
}

/* The largest value that the row allows, or that its field holds. */
static uint64_t most(const struct row *row)
{
    if (row->max)
        return row->max;
    if (row->type == ROW_DURATION)
        return 365 * 86400 * SECOND;
    return row->size == sizeof(unsigned) ? UINT_MAX : UINT64_MAX;
}

/* "1.5 min": a number, at most six digits after the point, and a unit. */
static bool read_number(const struct row *row, struct span text, uint64_t *out)
{
    struct span digits = text, fraction, whole, unit;
    const struct unit *u;
    uint64_t number = 0, part = 0, scale = 1;

    digits.len = 0;
    while (digits.len < text.len &&
           (ascii_is_digit(text.at[digits.len]) || text.at[digits.len] == '.'))
        digits.len++;
    unit = span_trim(span_from(text, digits.len));
    if (row->type == ROW_NUMBER || (row->type == ROW_OCTETS && !unit.len)) {
        if (!span_number(text, out))
            return false;
        return true;
    }
    whole = span_cut(digits, '.', &fraction);
    u = unit_named(row->type, unit);
    if (!span_number(whole, &number) || fraction.len > 6 ||
        (whole.len < digits.len && !span_number(fraction, &part)))
        return false;
    if (!u && !unit.len && number == 0 && part == 0)
        u = &time_units[0];
    if (!u || number > UINT64_MAX / 2 / u->factor)
        return false;
    for (size_t i = 0; i < fraction.len; i++)
        scale *= 10;
    *out = number * u->factor + part * u->factor / scale;
    return true;
}

static uint64_t get_number(const struct row *row, const void *target)
{
    unsigned narrow;
    uint64_t wide;

    if (row->size == sizeof narrow) {
        memcpy(&narrow, field_of(row, target), sizeof narrow);
        return narrow;
    }
    memcpy(&wide, field_of(row, target), sizeof wide);
    return wide;
}

static void set_number(const struct row *row, void *target, uint64_t number)
{
    unsigned narrow = (unsigned)number;

    if (row->size == sizeof narrow)
        memcpy(field(row, target), &narrow, sizeof narrow);
    else
        memcpy(field(row, target), &number, sizeof number);
}

bool row_read_bool(struct span text, bool *out)
{
    static const char *const yes[] = { "on", "yes", "true" }, *const no[] = { "off", "no",
                                                                              "false" };

    for (size_t i = 0; i < 3; i++) {
        if (span_eq_nocase(text, span_of(yes[i])) || span_eq_nocase(text, span_of(no[i]))) {
            *out = span_eq_nocase(text, span_of(yes[i]));
            return true;
        }
    }
    return false;
}

/* Which of the words; -1: none. */
static int word_index(const char *words, struct span word)
{
    struct span rest = span_of(words);

    for (int i = 0; rest.len; i++)
        if (span_eq_nocase(span_cut(rest, '|', &rest), word) && word.len)
            return i;
    return -1;
}

static struct span word_at(const char *words, int index)
{
    struct span rest = span_of(words), word = span_cut(rest, '|', &rest);

    while (index-- > 0)
        word = span_cut(rest, '|', &rest);
    return word;
}

static void list_words(const char *words, struct buf *out)
{
    struct span rest = span_of(words);

    for (bool first = true; rest.len; first = false) {
        if (!first)
            buf_add_text(out, ", ");
        buf_add(out, span_cut(rest, '|', &rest));
    }
}

void row_must(const struct row *row, struct buf *out)
{
    static const char *const plain[] = { [ROW_TEXT] = "a text",
                                         [ROW_NUMBER] = "a whole number",
                                         [ROW_OCTETS] =
                                             "a number of octets, such as 512, 10k or 5M",
                                         [ROW_DURATION] = "a time, such as 300ms, 5s or 2min",
                                         [ROW_BOOL] = "on or off",
                                         [ROW_CHOICE] = "one of ",
                                         [ROW_SET] = "a list out of ",
                                         [ROW_TEXTS] = "a list of texts",
                                         [ROW_MAP] = "a set of keys",
                                         [ROW_LIST] = "a list" };

    if (row->must) {
        buf_add_text(out, row->must);
        return;
    }
    buf_add_text(out, plain[row->type]);
    if (row->words)
        list_words(row->words, out);
    if (row->type == ROW_TEXT) {
        buf_printf(out, " of at most %llu octets",
                   (unsigned long long)(row->max ? row->max : ROW_TEXT_MAX));
    } else if (row->type <= ROW_DURATION && (row->min || row->max)) {
        if (row->type != ROW_NUMBER)
            buf_add_octet(out, ',');
        buf_add_text(out, row->max ? " from " : " of at least ");
        print_number(row->type, row->min, out);
        if (row->max) {
            buf_add_text(out, " to ");
            print_number(row->type, row->max, out);
        }
    }
}

static bool refuse(const struct row *row, struct span text, struct buf *why)
{
    const char *words = row->words ? row->words : "";
    struct span rest = span_of(words), best = { 0 };
    unsigned score, best_score = UINT_MAX;

    buf_printf(why, "'%s' must be ", row->key);
    row_must(row, why);
    if (row->secret)
        return false;
    buf_add_text(why, ", not '");
    marks_add(why, span_first(text, SHOWN_MAX), 0);
    buf_add_text(why, text.len > SHOWN_MAX ? "...'" : "'");
    while (rest.len) {
        struct span word = span_cut(rest, '|', &rest);

        if (near_enough(text, word, &score) && score < best_score) {
            best_score = score;
            best = word;
        }
    }
    if (best.len)
        buf_printf(why, " (did you mean %.*s?)", SPAN_ARG(best));
    return false;
}

static bool text_fits(const struct row *row, struct span text)
{
    uint64_t max = row->type == ROW_TEXT && row->max ? row->max : ROW_TEXT_MAX;

    return text.len <= max && span_find(text, '\0') == text.len &&
           (!row->check || row->check(text));
}

static bool read_text(const struct row *row, void *target, struct span text, struct buf *why)
{
    char *old, *new;

    if (!text_fits(row, text))
        return refuse(row, text, why);
    memcpy(&old, field(row, target), sizeof old);
    new = mem_strndup(text.at, text.len);
    memcpy(field(row, target), &new, sizeof new);
    mem_free(old);
    return true;
}

bool row_read_one(const struct row *row, void *target, struct span text, struct buf *why)
{
    struct row_texts list;

    memcpy(&list, field(row, target), sizeof list);
    if (!text_fits(row, text))
        return refuse(row, text, why);
    if (list.count >= (row->max ? row->max : ROW_LIST_MAX)) {
        buf_printf(why, "'%s' has more than %zu entries", row->key, list.count);
        return false;
    }
    list.at = mem_resize(list.at, list.count + 1, sizeof *list.at);
    list.at[list.count++] = mem_strndup(text.at, text.len);
    memcpy(field(row, target), &list, sizeof list);
    return true;
}

bool row_read_flag(const struct row *row, void *target, struct span word, bool on, struct buf *why)
{
    int index = word_index(row->words, word);
    unsigned set;

    if (index < 0)
        return refuse(row, word, why);
    memcpy(&set, field(row, target), sizeof set);
    set = on ? set | 1u << index : set & ~(1u << index);
    memcpy(field(row, target), &set, sizeof set);
    return true;
}

static void free_texts(struct row_texts *list)
{
    for (size_t i = 0; i < list->count; i++)
        mem_free(list->at[i]);
    mem_free(list->at);
    *list = (struct row_texts){ 0 };
}

/* Words with commas between. What stood there before is replaced, when all are right. */
static bool read_several(const struct row *row, void *target, struct span text, struct buf *why)
{
    union {
        unsigned set;
        struct row_texts texts;
    } old, new = { 0 };
    bool right = true;

    memcpy(&old, field(row, target), row->size);
    memset(field(row, target), 0, row->size);
    while (text.len && right) {
        struct span word = span_trim(span_cut(text, ',', &text));

        right = row->type == ROW_SET ? row_read_flag(row, target, word, true, why)
                                     : row_read_one(row, target, word, why);
    }
    if (!right) {
        memcpy(&new, field(row, target), row->size);
        memcpy(field(row, target), &old, row->size);
        old = new;
    }
    if (row->type == ROW_TEXTS)
        free_texts(&old.texts);
    return right;
}

bool row_read(const struct row *row, void *target, struct span text, struct buf *why)
{
    uint64_t number = 0;
    bool on;
    int index;

    switch (row->type) {
    case ROW_TEXT:
        return read_text(row, target, text, why);
    case ROW_NUMBER:
    case ROW_OCTETS:
    case ROW_DURATION:
        if (!read_number(row, text, &number) || number < row->min || number > most(row))
            return refuse(row, text, why);
        set_number(row, target, number);
        return true;
    case ROW_BOOL:
        if (!row_read_bool(text, &on))
            return refuse(row, text, why);
        memcpy(field(row, target), &on, sizeof on);
        return true;
    case ROW_CHOICE:
        index = word_index(row->words, text);
        if (index < 0)
            return refuse(row, text, why);
        memcpy(field(row, target), &index, sizeof index);
        return true;
    case ROW_SET:
    case ROW_TEXTS:
        return read_several(row, target, text, why);
    case ROW_MAP:
    case ROW_LIST:
        return refuse(row, text, why);
    }
    return false;
}

static void print_several(const struct row *row, const void *target, struct buf *out)
{
    struct row_texts list;
    unsigned set;
    size_t before = out->len;

    if (row->type == ROW_TEXTS) {
        memcpy(&list, field_of(row, target), sizeof list);
        for (size_t i = 0; i < list.count; i++)
            buf_printf(out, "%s%s", i ? "," : "", list.at[i]);
        return;
    }
    memcpy(&set, field_of(row, target), sizeof set);
    for (int i = 0; i < 32; i++)
        if (set >> i & 1)
            buf_printf(out, "%s%.*s", out->len > before ? "," : "",
                       SPAN_ARG(word_at(row->words, i)));
}

void row_print(const struct row *row, const void *target, struct buf *out)
{
    char *text;
    bool on;
    int index;

    switch (row->type) {
    case ROW_TEXT:
        memcpy(&text, field_of(row, target), sizeof text);
        buf_add_text(out, text ? text : "");
        break;
    case ROW_NUMBER:
    case ROW_OCTETS:
    case ROW_DURATION:
        print_number(row->type, get_number(row, target), out);
        break;
    case ROW_BOOL:
        memcpy(&on, field_of(row, target), sizeof on);
        buf_add_text(out, on ? "on" : "off");
        break;
    case ROW_CHOICE:
        memcpy(&index, field_of(row, target), sizeof index);
        buf_add(out, word_at(row->words, index));
        break;
    case ROW_SET:
    case ROW_TEXTS:
        print_several(row, target, out);
        break;
    case ROW_MAP:
    case ROW_LIST:
        break;
    }
}
