/*
 * Settings as rows: key, type, range, default and help of each. The same rows read a value from
 * text, name what is wrong with it, fill a struct, print it back, and make the manual and a
 * commented example. Where the text comes from is the caller's matter: base/yaml.h reads files of
 * them, a line of key=value words is another.
 */
#ifndef BASE_ROWS_H
#define BASE_ROWS_H
#include <stddef.h>

#include "base/buf.h"

/* Octets of one text, and entries of one list, where a row names no other maximum. */
#define ROW_TEXT_MAX 4096
#define ROW_LIST_MAX 1000

enum row_type {
    ROW_TEXT,     /* char * */
    ROW_NUMBER,   /* unsigned or uint64_t */
    ROW_OCTETS,   /* the same: 4096, 10k, 10M, 1G (k is 1024) */
    ROW_DURATION, /* int64_t, microseconds: 300ms, 5s, 2 min, 1h, 1d */
    ROW_BOOL,     /* bool: on, off, yes, no, true, false */
    ROW_CHOICE,   /* int: which of `words`, from 0 */
    ROW_SET,      /* unsigned: a bit for each of `words` */
    ROW_TEXTS,    /* struct row_texts */
    ROW_MAP,      /* a struct in place, by `rows` */
    ROW_LIST,     /* struct row_list of structs, each by `rows` */
};

struct row_texts {
    char **at; /* owned, each too */
    size_t count;
};
struct row_list {
    void *at; /* owned: structs of rows->size */
    size_t count;
};

struct row {
    const char *key;
    enum row_type type;
    size_t at, size;      /* the field in the struct: ROW_FIELD() */
    const char *help;     /* one or two sentences */
    const char *fallback; /* the default, as text; NULL: zero, empty, none */
    const char *example;  /* a value, as one would write it */
    uint64_t min, max; /* NUMBER, OCTETS, DURATION; TEXT: octets; TEXTS, LIST: entries. max 0: the
                          type's own */
    const char *words; /* CHOICE, SET: "a|b|c" */
    const char *must;  /* TEXT, TEXTS: what `check` asks for, "an address such as bob@x.org" */
    bool (*check)(struct span text);
    bool required;
    bool secret;             /* no complaint repeats the value */
    const struct rows *rows; /* MAP, LIST */
};
#define ROW_FIELD(type, field) .at = offsetof(type, field), .size = sizeof(((type *)0)->field)

struct rows {
    const struct row *at;
    size_t count;
    size_t size;             /* of the struct */
    const struct rows *also; /* of the same struct: its keys may stand here, too; NULL: none */
    const char *example;     /* YAML of one or two of them, with \n; NULL: made from the rows */
    /* Reads the short form, one text instead of the keys. False: *why says what is wrong, one
     * sentence. NULL: there is none. */
    bool (*line)(void *target, struct span text, struct buf *why);
    /* What no single row can say: false, and *why is one sentence. May free what it replaces. */
    bool (*check)(void *target, struct buf *why);
};

/* Zeroes *target and sets the defaults; release it with rows_release. */
void rows_init(const struct rows *rows, void *target);
void rows_release(const struct rows *rows, void *target); /* zero-filled is fine; zero after */
/* The row of that key; NULL: none. */
const struct row *rows_find(const struct rows *rows, struct span key);
/* Appends "unknown key 'x'; did you mean 'y'?", or which keys are known. */
void rows_unknown(const struct rows *rows, struct span key, struct buf *why);

/* Reads a value of any type but MAP and LIST; SET and TEXTS: with commas between. False: *target is
 * untouched and *why appended: "'code' must be a whole number from 200 to 599, not '25o'". */
bool row_read(const struct row *row, void *target, struct span text, struct buf *why);
/* Adds one text to a TEXTS field. */
bool row_read_one(const struct row *row, void *target, struct span text, struct buf *why);
/* One word of a SET, on or off. */
bool row_read_flag(const struct row *row, void *target, struct span word, bool on, struct buf *why);
bool row_read_bool(struct span text, bool *out);
/* Appends the value as row_read reads it. */
void row_print(const struct row *row, const void *target, struct buf *out);
/* Is the value what rows_init sets? */
bool row_is_default(const struct row *row, const void *target);
/* Appends what the row asks for: "a whole number from 200 to 599". */
void row_must(const struct row *row, struct buf *out);

/* Calls fn for each row in order, those of maps and lists behind their own: for manuals. `path`:
 * "faults.reply". Borrowed for the call. */
typedef void rows_entry(void *ctx, const char *path, const struct row *row);
void rows_each(const struct rows *rows, rows_entry *fn, void *ctx);
/* A section for the manual: one paragraph for each row, "path", TAB, what it must be, default, help
 * and line end. */
void rows_manual(const struct rows *rows, struct buf *out);
/* A commented YAML file that names every key and reads back without a complaint. */
void rows_example(const struct rows *rows, struct buf *out);

#endif
