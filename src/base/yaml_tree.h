/*
 * The tree of a YAML document, bounded. Private to yaml.c and yaml_tree.c.
 */
#ifndef BASE_YAML_TREE_H
#define BASE_YAML_TREE_H
#include "base/buf.h"
#include "base/error.h"

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP, NODE_ALIAS };

/* A map's children are key, value, key, value ... Children are a chain of `next`. */
#define NODE_NONE UINT32_MAX
struct node {
    enum node_kind kind;
    bool plain;            /* NODE_TEXT without quotes */
    uint32_t first, next;  /* NODE_NONE: none */
    uint32_t target;       /* NODE_ALIAS: a node */
    unsigned line, column; /* from 1 */
    size_t at, len;        /* NODE_TEXT: in the tree's text */
};

struct tree {
    struct node *nodes; /* owned; the document's is the first */
    uint32_t count, room;
    struct buf text;
};

/* False: err says what is wrong with the text, and *line and *column where. An empty document gives
 * a tree without nodes. */
bool tree_read(struct tree *t, struct span text, unsigned *line, unsigned *column,
               struct error *err);
void tree_release(struct tree *t);
struct span tree_text(const struct tree *t, const struct node *n);
/* The node itself, or the one behind an alias. */
const struct node *tree_node(const struct tree *t, uint32_t index);

#endif
