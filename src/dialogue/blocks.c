#include "dialogue/blocks.h"

#include "base/mem.h"

#define FIRST_ITEMS 16 /* of the first block: most dialogues are short */

static void add_block(struct blocks *b, size_t size)
{
    if (b->blocks == b->blocks_room) {
        b->blocks_room = b->blocks_room ? b->blocks_room * 2 : 1;
        b->at = mem_resize(b->at, b->blocks_room, sizeof b->at[0]);
    }
    b->room = b->blocks ? BLOCK_ITEMS : FIRST_ITEMS;
    b->at[b->blocks++] = mem_alloc(b->room * size);
}

void *blocks_add(struct blocks *b, size_t size)
{
    uint32_t inside = b->count % BLOCK_ITEMS;

    if (inside == 0) {
        add_block(b, size);
    } else if (inside == b->room) {
        b->room *= 2;
        b->at[b->blocks - 1] = mem_resize(b->at[b->blocks - 1], b->room, size);
    }
    b->count++;
    return b->at[b->blocks - 1] + inside * size;
}

uint64_t blocks_memory(const struct blocks *b, size_t size)
{
    if (!b->blocks)
        return 0;
    return ((uint64_t)(b->blocks - 1) * BLOCK_ITEMS + b->room) * size +
           b->blocks_room * sizeof b->at[0];
}

void blocks_release(struct blocks *b)
{
    for (uint32_t i = 0; i < b->blocks; i++)
        mem_free(b->at[i]);
    mem_free(b->at);
    *b = (struct blocks){ 0 };
}
