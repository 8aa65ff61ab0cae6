/*
 * An array of fixed-size items that only grows, in blocks: adding never moves a million items, and
 * little room is wasted. Zero-filled is empty.
 */
#ifndef DIALOGUE_BLOCKS_H
#define DIALOGUE_BLOCKS_H
#include <stddef.h>
#include <stdint.h>

#define BLOCK_ITEMS 4096

struct blocks {
    unsigned char **at; /* owned, and what they point to */
    uint32_t count;     /* items in use */
    uint32_t room;      /* items that the last block can hold */
    uint32_t blocks, blocks_room;
};

/* A new item at the end, not initialised; `size` is the same in every call. Items may move when one
 * is added. */
void *blocks_add(struct blocks *b, size_t size);
static inline void *blocks_get(const struct blocks *b, size_t size, uint32_t i)
{
    return b->at[i / BLOCK_ITEMS] + i % BLOCK_ITEMS * size;
}
/* Memory in use, in octets. */
uint64_t blocks_memory(const struct blocks *b, size_t size);
void blocks_release(struct blocks *b);

#endif
