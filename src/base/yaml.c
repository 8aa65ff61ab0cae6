/* The tree of a YAML text against its rows. */
#include "base/yaml.h"

#include "base/marks.h"
#include "base/mem.h"
#include "base/yaml_tree.h"

struct reader {
    const struct yaml_file *file;
    struct tree tree;
    struct buf *out;
    unsigned mistakes;
    size_t values, octets;
    bool too_much;
};

static const char *const kind_names[] = { "a text", "a list", "a set of keys" };

static void complain_at(struct reader *r, unsigned line, unsigned column, struct span what)
{
    if (++r->mistakes > YAML_MISTAKES_MAX)
        return;
    buf_printf(r->out, "%s:%u:%u: ", r->file->name, r->file->lines_before + line, column);
    buf_add(r->out, what);
    buf_add_octet(r->out, '\n');
}

/* Takes what stands in *what, and empties it. */
static void complain(struct reader *r, const struct node *n, struct buf *what)
{
    complain_at(r, n->line, n->column, buf_span(what));
    buf_clear(what);
}

/* Aliases can name the same thing again and again: what is read is bounded, not only what is
 * written. */
static bool within_bounds(struct reader *r, const struct node *n)
{
    struct buf what = { 0 };

    if (r->too_much)
        return false;
    r->octets += n->len;
    if (++r->values <= YAML_READ_MAX && r->octets <= YAML_OCTETS_MAX)
        return true;
    r->too_much = true;
    buf_add_text(&what, "with its aliases (*name) this becomes too much to read");
    complain(r, n, &what);
    buf_release(&what);
    return false;
}

static void add_example(const struct row *row, struct buf *what)
{
    const char *example = row->example ? row->example : row->fallback;

    if (example)
        buf_printf(what, "; for example: %s: %s", row->key, example);
}

static void wrong_kind(struct reader *r, const struct row *row, const struct node *n)
{
    struct buf what = { 0 };

    if (n->kind == NODE_TEXT && n->len == 0 && n->plain) {
        buf_printf(&what, "'%s' has no value", row->key);
    } else {
        buf_printf(&what, "'%s' must be ", row->key);
        row_must(row, &what);
        buf_printf(&what, ", not %s", kind_names[n->kind]);
    }
    add_example(row, &what);
    complain(r, n, &what);
    buf_release(&what);
}

static void read_scalar(struct reader *r, const struct row *row, void *target, uint32_t index)
{
    const struct node *n = tree_node(&r->tree, index);
    struct buf why = { 0 };

    if (!within_bounds(r, n))
        return;
    if (n->kind != NODE_TEXT || (n->len == 0 && n->plain)) {
        wrong_kind(r, row, n);
    } else if (!row_read(row, target, tree_text(&r->tree, n), &why)) {
        add_example(row, &why);
        complain(r, n, &why);
    }
    buf_release(&why);
}

/* One entry of a list of texts or of a set. */
static void read_entry(struct reader *r, const struct row *row, void *target, uint32_t index)
{
    const struct node *n = tree_node(&r->tree, index);
    struct span text = tree_text(&r->tree, n);
    struct buf why = { 0 };
    bool right;

    if (!within_bounds(r, n))
        return;
    if (n->kind != NODE_TEXT) {
        buf_printf(&why, "an entry of '%s' must be a text, not %s", row->key, kind_names[n->kind]);
        right = false;
    } else {
        right = row->type == ROW_SET ? row_read_flag(row, target, text, true, &why)
                                     : row_read_one(row, target, text, &why);
    }
    if (!right)
        complain(r, n, &why);
    buf_release(&why);
}

/* A set as a map: "STARTTLS: off". Words that are not named stay as they are. */
static void read_flags(struct reader *r, const struct row *row, void *target, const struct node *n)
{
    struct buf why = { 0 };

    for (uint32_t k = n->first; k != NODE_NONE;) {
        const struct node *key = tree_node(&r->tree, k);
        uint32_t v = r->tree.nodes[k].next;
        const struct node *value = tree_node(&r->tree, v);
        bool on;

        k = r->tree.nodes[v].next;
        if (!within_bounds(r, value))
            break;
        if (value->kind != NODE_TEXT || !row_read_bool(tree_text(&r->tree, value), &on)) {
            buf_printf(&why, "a word of '%s' is on or off", row->key);
            complain(r, value, &why);
        } else if (key->kind != NODE_TEXT ||
                   !row_read_flag(row, target, tree_text(&r->tree, key), on, &why)) {
            if (key->kind != NODE_TEXT)
                buf_printf(&why, "a key must be a text, not %s", kind_names[key->kind]);
            complain(r, key, &why);
        }
    }
    buf_release(&why);
}

static void read_several(struct reader *r, const struct row *row, void *target,
                         const struct node *n)
{
    struct buf why = { 0 };

    if (n->kind == NODE_MAP && row->type == ROW_SET) {
        read_flags(r, row, target, n);
        return;
    }
    if (n->kind != NODE_LIST) {
        wrong_kind(r, row, n);
        return;
    }
    row_read(row, target, (struct span){ 0 }, &why); /* empties it */
    for (uint32_t i = n->first; i != NODE_NONE; i = r->tree.nodes[i].next)
        read_entry(r, row, target, i);
    buf_release(&why);
}

static void read_map(struct reader *r, const struct rows *rows, void *target, const struct node *n);

/* One struct: its keys, or its short form. */
static void read_struct(struct reader *r, const struct row *row, void *target, uint32_t index)
{
    const struct node *n = tree_node(&r->tree, index);
    struct buf why = { 0 };

    if (!within_bounds(r, n))
        return;
    if (n->kind == NODE_MAP) {
        read_map(r, row->rows, target, n);
    } else if (n->kind == NODE_TEXT && n->len && row->rows->line) {
        if (!row->rows->line(target, tree_text(&r->tree, n), &why))
            complain(r, n, &why);
    } else if (row->type == ROW_LIST) {
        buf_printf(&why, "an entry of '%s' must be a set of keys, not %s", row->key,
                   kind_names[n->kind]);
        complain(r, n, &why);
    } else {
        wrong_kind(r, row, n);
    }
    buf_release(&why);
}

static void read_list(struct reader *r, const struct row *row, void *target, const struct node *n)
{
    struct row_list list = { 0 };
    unsigned char *field = (unsigned char *)target + row->at;
    size_t most = row->max ? row->max : ROW_LIST_MAX, room = 0;
    struct row_list old;
    struct buf why = { 0 };

    if (n->kind != NODE_LIST) {
        wrong_kind(r, row, n);
        return;
    }
    for (uint32_t i = n->first; i != NODE_NONE; i = r->tree.nodes[i].next) {
        void *entry;

        if (list.count == most) {
            buf_printf(&why, "'%s' has more than %zu entries", row->key, most);
            complain(r, tree_node(&r->tree, i), &why);
            break;
        }
        if (list.count == room) {
            room = room ? room * 2 : 8;
            list.at = mem_resize(list.at, room, row->rows->size);
        }
        entry = (unsigned char *)list.at + list.count++ * row->rows->size;
        rows_init(row->rows, entry);
        read_struct(r, row, entry, i);
    }
    memcpy(&old, field, sizeof old);
    memcpy(field, &list, sizeof list);
    for (size_t i = 0; i < old.count; i++)
        rows_release(row->rows, (unsigned char *)old.at + i * row->rows->size);
    mem_free(old.at);
    buf_release(&why);
}

static void read_value(struct reader *r, const struct row *row, void *target, uint32_t index)
{
    const struct node *n = tree_node(&r->tree, index);
    bool several = (row->type == ROW_SET || row->type == ROW_TEXTS) && n->kind != NODE_TEXT;

    if (row->type == ROW_MAP) {
        read_struct(r, row, (unsigned char *)target + row->at, index);
    } else if (row->type != ROW_LIST && !several) {
        read_scalar(r, row, target, index);
    } else if (within_bounds(r, n)) {
        if (several)
            read_several(r, row, target, n);
        else
            read_list(r, row, target, n);
    }
}

/* Where a row stands among all that its map may have; `*total` of them. */
static size_t place_of(const struct rows *rows, const struct row *row, size_t *total)
{
    size_t place = 0;

    *total = 0;
    for (; rows; rows = rows->also) {
        for (size_t i = 0; i < rows->count; i++)
            if (&rows->at[i] == row)
                place = *total + i;
        *total += rows->count;
    }
    return place;
}

/* The key's row; NULL: it is unknown, or stands here twice. `seen`: the line of each row's key. */
static const struct row *take_key(struct reader *r, const struct rows *rows, unsigned *seen,
                                  uint32_t k)
{
    const struct node *key = tree_node(&r->tree, k), *here = &r->tree.nodes[k];
    const struct row *row = NULL;
    struct buf why = { 0 };
    size_t place, total;

    if (key->kind != NODE_TEXT)
        buf_printf(&why, "a key must be a text, not %s", kind_names[key->kind]);
    else if (!(row = rows_find(rows, tree_text(&r->tree, key))))
        rows_unknown(rows, tree_text(&r->tree, key), &why);
    place = place_of(rows, row, &total);
    if (row && seen[place]) {
        buf_printf(&why, "'%s' stands here twice; the first is in line %u", row->key,
                   r->file->lines_before + seen[place]);
        row = NULL;
    } else if (row) {
        seen[place] = here->line;
    }
    if (!row)
        complain(r, here, &why);
    buf_release(&why);
    return row;
}

static void check_map(struct reader *r, const struct rows *rows, void *target, const unsigned *seen,
                      const struct node *n)
{
    unsigned before = r->mistakes;
    struct buf why = { 0 };

    for (const struct rows *all = rows; all; seen += all->count, all = all->also) {
        for (size_t i = 0; i < all->count; i++) {
            if (!all->at[i].required || seen[i])
                continue;
            buf_printf(&why, "'%s' is missing here", all->at[i].key);
            add_example(&all->at[i], &why);
            complain(r, n, &why);
        }
    }
    if (r->mistakes == before && rows->check && !rows->check(target, &why))
        complain(r, n, &why);
    buf_release(&why);
}

static void read_map(struct reader *r, const struct rows *rows, void *target, const struct node *n)
{
    unsigned *seen, before = r->mistakes;
    size_t total;

    place_of(rows, NULL, &total);
    seen = mem_zero(total, sizeof *seen);
    for (uint32_t k = n->first; k != NODE_NONE;) {
        uint32_t v = r->tree.nodes[k].next;
        const struct row *row = take_key(r, rows, seen, k);

        if (row)
            read_value(r, row, target, v);
        k = r->tree.nodes[v].next;
    }
    if (r->mistakes == before)
        check_map(r, rows, target, seen, n);
    mem_free(seen);
}

static void read_document(struct reader *r, const struct rows *rows, void *target)
{
    struct buf why = { 0 };
    const struct node *n;

    if (r->tree.count == 0) {
        complain_at(r, 1, 1,
                    SPAN("there is nothing in it: at least one key and its value are due"));
        return;
    }
    n = tree_node(&r->tree, 0);
    if (n->kind == NODE_MAP) {
        read_map(r, rows, target, n);
        return;
    }
    if (n->kind == NODE_TEXT && n->len == 0)
        buf_add_text(&why, "there is nothing in it: at least one key and its value are due");
    else
        buf_printf(&why, "this must be a set of keys, one a line, such as %s: %s, not %s",
                   rows->at[0].key, rows->at[0].example ? rows->at[0].example : "...",
                   kind_names[n->kind]);
    complain(r, n, &why);
    buf_release(&why);
}

unsigned yaml_read(struct span text, const struct yaml_file *file, const struct rows *rows,
                   void *target, struct buf *complaints)
{
    struct reader r = { .file = file, .out = complaints };
    unsigned line, column;
    struct error err;

    if (text.len > YAML_SIZE_MAX) {
        error_set(&err, "it has more than %zu octets", YAML_SIZE_MAX);
        complain_at(&r, 1, 1, span_of(err.text));
    } else if (!tree_read(&r.tree, text, &line, &column, &err)) {
        complain_at(&r, line, column, span_of(err.text));
    } else {
        read_document(&r, rows, target);
    }
    if (r.mistakes > YAML_MISTAKES_MAX)
        buf_printf(complaints, "%s: and %u more mistakes\n", file->name,
                   r.mistakes - YAML_MISTAKES_MAX);
    tree_release(&r.tree);
    return r.mistakes;
}
