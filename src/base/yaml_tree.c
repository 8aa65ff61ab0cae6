/* libyaml's events as a tree that cannot grow beyond its bounds. */
#include "base/yaml_tree.h"

#include <yaml.h>

#include "base/mem.h"
#include "base/yaml.h"

struct anchor {
    char *name; /* owned */
    uint32_t node;
};

struct builder {
    struct tree *tree;
    uint32_t open[YAML_DEPTH_MAX], last[YAML_DEPTH_MAX]; /* lists and maps, and their last child */
    unsigned depth, documents, anchor_count;
    struct anchor anchors[YAML_ANCHORS_MAX];
    struct error *err;
};

void tree_release(struct tree *t)
{
    mem_free(t->nodes);
    buf_release(&t->text);
    *t = (struct tree){ 0 };
}

struct span tree_text(const struct tree *t, const struct node *n)
{
    return span_first(span_from(buf_span(&t->text), n->at), n->len);
}

const struct node *tree_node(const struct tree *t, uint32_t index)
{
    const struct node *n = &t->nodes[index];

    return n->kind == NODE_ALIAS ? &t->nodes[n->target] : n;
}

/* A new node behind its parent's last child; NULL: there are too many. */
static struct node *add(struct builder *b, enum node_kind kind, const yaml_mark_t *mark)
{
    struct tree *t = b->tree;
    uint32_t index = t->count;

    if (index == YAML_NODES_MAX) {
        error_set(b->err, "there are more than %d values in it", YAML_NODES_MAX);
        return NULL;
    }
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 32;
        t->nodes = mem_resize(t->nodes, t->room, sizeof *t->nodes);
    }
    t->count++;
    t->nodes[index] = (struct node){ .kind = kind,
                                     .first = NODE_NONE,
                                     .next = NODE_NONE,
                                     .line = (unsigned)mark->line + 1,
                                     .column = (unsigned)mark->column + 1 };
    if (b->depth) {
        uint32_t *last = &b->last[b->depth - 1];

        if (*last == NODE_NONE)
            t->nodes[b->open[b->depth - 1]].first = index;
        else
            t->nodes[*last].next = index;
        *last = index;
    }
    return &t->nodes[index];
}

static bool name_anchor(struct builder *b, const yaml_char_t *name)
{
    if (!name)
        return true;
    if (b->anchor_count == YAML_ANCHORS_MAX) {
        error_set(b->err, "there are more than %d anchors (&name) in it", YAML_ANCHORS_MAX);
        return false;
    }
    b->anchors[b->anchor_count++] =
        (struct anchor){ mem_strdup((const char *)name), b->tree->count - 1 };
    return true;
}

static bool add_alias(struct builder *b, const yaml_event_t *e)
{
    struct span name = span_of((const char *)e->data.alias.anchor);
    struct node *n = add(b, NODE_ALIAS, &e->start_mark);

    if (!n)
        return false;
    for (unsigned i = b->anchor_count; i-- > 0;) { /* the latest of that name */
        if (!span_eq(name, span_of(b->anchors[i].name)))
            continue;
        n->target = b->anchors[i].node;
        return true;
    }
    error_set(b->err, "an alias (*name) needs its anchor (&name) above it");
    return false;
}

static bool open_node(struct builder *b, enum node_kind kind, const yaml_event_t *e,
                      const yaml_char_t *anchor)
{
    if (b->depth == YAML_DEPTH_MAX) {
        error_set(b->err, "lists and maps stand more than %d deep in each other", YAML_DEPTH_MAX);
        return false;
    }
    if (!add(b, kind, &e->start_mark) || !name_anchor(b, anchor))
        return false;
    b->open[b->depth] = b->tree->count - 1;
    b->last[b->depth++] = NODE_NONE;
    return true;
}

static bool add_text(struct builder *b, const yaml_event_t *e)
{
    struct node *n = add(b, NODE_TEXT, &e->start_mark);

    if (!n)
        return false;
    n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    n->at = b->tree->text.len;
    n->len = e->data.scalar.length;
    buf_add(&b->tree->text, span_make(e->data.scalar.value, n->len));
    return name_anchor(b, e->data.scalar.anchor);
}

static bool take(struct builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->documents++ == 0)
            return true;
        error_set(b->err, "a second document begins here (---); there must be one");
        return false;
    case YAML_ALIAS_EVENT:
        return add_alias(b, e);
    case YAML_SCALAR_EVENT:
        return add_text(b, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(b, NODE_LIST, e, e->data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT:
        return open_node(b, NODE_MAP, e, e->data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return true;
    default:
        return true;
    }
}

/* What libyaml says of a text that is not YAML. */
static void say_problem(const yaml_parser_t *p, unsigned *line, unsigned *column, struct error *err)
{
    *line = (unsigned)p->problem_mark.line + 1;
    *column = (unsigned)p->problem_mark.column + 1;
    if (p->error == YAML_READER_ERROR)
        error_set(err, "this is not YAML: octet %zu is not valid here (%s)", p->problem_offset + 1,
                  p->problem);
    else
        error_set(err, "this is not YAML: %s%s%s", p->problem ? p->problem : "it cannot be read",
                  p->context ? " " : "", p->context ? p->context : "");
}

bool tree_read(struct tree *t, struct span text, unsigned *line, unsigned *column,
               struct error *err)
{
    struct builder b = { .tree = t, .err = err };
    yaml_parser_t p;
    yaml_event_t e;
    bool fine = true, over = false;

    *line = *column = 1;
    if (!yaml_parser_initialize(&p)) {
        error_set(err, "there is not enough memory to read it");
        return false;
    }
    yaml_parser_set_input_string(&p, text.at ? text.at : (const unsigned char *)"", text.len);
    yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
    while (fine && !over) {
        if (!yaml_parser_parse(&p, &e)) {
            say_problem(&p, line, column, err);
            fine = false;
            break;
        }
        fine = take(&b, &e);
        over = e.type == YAML_STREAM_END_EVENT;
        *line = (unsigned)e.start_mark.line + 1;
        *column = (unsigned)e.start_mark.column + 1;
        yaml_event_delete(&e);
    }
    yaml_parser_delete(&p);
    for (unsigned i = 0; i < b.anchor_count; i++)
        mem_free(b.anchors[i].name);
    return fine;
}
