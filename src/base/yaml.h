/*
 * YAML read by rows (base/rows.h), with all mistakes told at once, each with its place:
 *
 *     world.yaml:6:11: 'code' must be a whole number from 200 to 599, not '25o'; for example: code:
 * 450
 *
 * libyaml reads the text as events; the tree is our own, so that its size is bounded while it
 * grows. Tags and merge keys mean nothing here; the style of a scalar neither: "on" in quotes is
 * on. Source: YAML 1.1 (what libyaml reads).
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H
#include "base/rows.h"

/* A file comes from whoever wrote the lesson: none of these may cost more than it is worth. */
#define YAML_SIZE_MAX     ((size_t)256 * 1024) /* octets of the text */
#define YAML_DEPTH_MAX    16                   /* lists and maps in each other */
#define YAML_NODES_MAX    20000                /* values in the text */
#define YAML_ANCHORS_MAX  64                   /* each alias looks through them */
#define YAML_READ_MAX     40000 /* values read, those behind aliases as often as they are named */
#define YAML_OCTETS_MAX   (4 * YAML_SIZE_MAX) /* octets of these values */
#define YAML_MISTAKES_MAX 30                  /* lines; more are only counted */

struct yaml_file {
    const char *name;      /* for complaints */
    unsigned lines_before; /* of a block inside a file: the number of the line before it */
};

/* Reads the one document in `text` into *target, which rows_init() made ready; what stood in a list
 * is replaced. Returns how many mistakes there are, and appends a line for each to *complaints;
 * then *target holds what could be read. It is the caller's to release. */
unsigned yaml_read(struct span text, const struct yaml_file *file, const struct rows *rows,
                   void *target, struct buf *complaints);

#endif
