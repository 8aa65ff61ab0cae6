/*
 * The octets that one side of a dialogue sent, in segments. An offset counts from the first octet
 * ever, and stays true when octets before it, or after it, are given up: then a segment holds
 * pieces only, and the rest is a gap.
 */
#ifndef DIALOGUE_STORE_H
#define DIALOGUE_STORE_H
#include "base/buf.h"

#define STORE_SEGMENT ((uint32_t)256 * 1024)

/* Octets kept in a thinned segment. */
struct piece {
    uint64_t from; /* offset of the first */
    uint32_t at;   /* where it stands in the segment's memory */
    uint32_t len;
};

struct segment {
    unsigned char *at; /* owned */
    uint64_t from;     /* offset of the first octet */
    uint64_t born;     /* as handed to store_append */
    uint32_t len;      /* octets that it stands for */
    uint32_t room;     /* octets of memory */
    uint32_t line;     /* the number below which no line reaches into the segment */
    bool thinned;
    struct piece *pieces; /* owned; thinned only */
    uint32_t piece_count;
};

/* Zero-filled is empty. */
struct store {
    struct segment *at; /* owned */
    uint32_t count, room;
    uint64_t end;    /* offset after the last octet */
    uint64_t memory; /* octets of memory in use */
};

/* `born`: for the caller. */
void store_append(struct store *s, struct span octets, uint64_t born);
/* The octets from `offset` up to the end of their segment, which is not thinned. `line`: the lowest
 * number that a line not yet whole before `offset` can get; a segment that starts here keeps it. */
struct span store_run(struct store *s, uint64_t offset, uint32_t line);
/* The segment that holds the offset, which is below s->end. */
uint32_t store_segment(const struct store *s, uint64_t offset);
/* `len` octets from `offset`, none of them in a gap: in place, or put together in *scratch. */
struct span store_view(const struct store *s, uint64_t offset, size_t len, struct buf *scratch);
void store_copy(const struct store *s, uint64_t offset, uint64_t len, struct buf *out);
/* Runs of octets kept in a segment: 1, or its pieces. */
static inline uint32_t segment_runs(const struct segment *seg)
{
    return seg->thinned ? seg->piece_count : 1;
}
struct span segment_run(const struct segment *seg, uint32_t i, uint64_t *from);
/* Gives up all but `pieces` (in order, not adjacent; .from and .len set; borrowed). */
void store_thin(struct store *s, uint32_t segment, const struct piece *pieces, uint32_t count);
void store_release(struct store *s);

#endif
