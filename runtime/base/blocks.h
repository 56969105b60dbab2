/*
 * blocks.h - which block of the heap an address lies in, if any.
 *
 * In:  the tables that the heap (runtime/heap) keeps. Out: the block, for who
 * marks memory. The heap is a library of its own, that the monitor finds but
 * does not need: this header is all that they share.
 *
 * Method: blocks lie in one region of 64 KiB chunks. A chunk is cut into
 * blocks of one size, or is part of one large block; one word tells which,
 * and with what number to multiply instead of dividing. One byte a block says
 * whether it is allocated.
 *
 * B1  A block has at least one byte more than was asked for, so that a pointer
 *     one past its end is found too.
 * B2  What is freed is not found.
 * B3  No lock is needed, and the heap may be stopped at any instruction: every
 *     block that malloc has returned and that was not given to free is found.
 *     The byte is set before malloc returns, when the chunk's word is right
 *     already, and cleared before anything else of it is changed; a moved
 *     block is all copied before the old one goes. A block on its way out is
 *     not found, but then nobody has its address, and nothing is in it; one
 *     that is being freed may be found or not, for it holds nothing any more.
 */
#ifndef RT_BASE_BLOCKS_H
#define RT_BASE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/cpu.h"
#include "runtime/base/throw.h"

enum {
    RT_CHUNK_SHIFT = 16,
    RT_CHUNK = 1 << RT_CHUNK_SHIFT,
    RT_CHUNK_BLOCKS_SHIFT = 12, /* of the smallest size: 16 bytes */
    RT_CHUNK_BLOCKS = 1 << RT_CHUNK_BLOCKS_SHIFT,
    RT_HEAP_VERSION = 4
};

/* A block's byte. */
enum {
    RT_BLOCK_FREE,
    RT_BLOCK_USED,
    RT_BLOCK_SCRATCH, /* allocated until the next reset: see the door */
    RT_BLOCK_OTHERS   /* as RT_BLOCK_USED, by a library while scratch is on */
};

struct rt_blocks {
    uintptr_t base;     /* [init] of the region; 0: nothing was allocated */
    uintptr_t limit;    /* [init] its size in bytes */
    uintptr_t high;     /* [atomic] bytes that were ever used; only grows */
    uint64_t *chunk;    /* [atomic] a chunk's word, see RT_CHUNK_WORD */
    uint32_t *length;   /* [atomic] of a large block, at its first chunk */
    uint8_t *state;     /* [atomic] a block's byte, by its index */
    uintptr_t own_low;  /* [init] all memory that is the heap's, the region */
    uintptr_t own_high; /* included: nothing in it is reached but blocks */
    uint64_t used;      /* [atomic] chunks in use, caches included */
};

/*
 * A chunk's word. Cut into blocks: their size, and above it the factor that
 * finds a block's number. Else 0, and above it the first chunk of the large
 * block; chunk 0 is never used, so a word of 0 finds nothing.
 */
#define RT_CHUNK_WORD(size, key) ((uint64_t)(size) | (uint64_t)(key) << 32)
/* Exact for offsets below 64 KiB and sizes up to 32 KiB. */
#define RT_CHUNK_FACTOR(size)                                                  \
    ((uint32_t)((((uint64_t)1 << 32) + (size)-1) / (size)))

struct rt_block {
    uintptr_t low;
    size_t size;
    size_t index; /* below rt_blocks_indices; no other block has it */
};

/* The block, allocated or not, that address lies in; false: in none. Who asks
   for many may fetch b->state[out->index] ahead. */
static inline bool rt_block_place(const struct rt_blocks *b, uintptr_t address,
                                  struct rt_block *out)
{
    uintptr_t at = address - b->base;
    uint64_t word;

    if (at >= rt_load(b->high))
        return false;
    word = rt_load(b->chunk[at >> RT_CHUNK_SHIFT]);
    out->size = (uint32_t)word;
    if (rt_likely(out->size)) {
        uint64_t n = ((at & (RT_CHUNK - 1)) * (word >> 32)) >> 32;

        out->index = (at >> RT_CHUNK_SHIFT << RT_CHUNK_BLOCKS_SHIFT) + n;
        out->low = (address & ~(uintptr_t)(RT_CHUNK - 1)) + n * out->size;
    } else {
        uintptr_t first = word >> 32;

        out->index = first << RT_CHUNK_BLOCKS_SHIFT;
        out->low = b->base + (first << RT_CHUNK_SHIFT);
        out->size = (size_t)rt_load(b->length[first]) << RT_CHUNK_SHIFT;
        if (address - out->low >= out->size)
            return false;
    }
    return true;
}

/* The allocated block that address lies in; false: in none. */
static inline bool rt_block_find(const struct rt_blocks *b, uintptr_t address,
                                 struct rt_block *out)
{
    return rt_block_place(b, address, out) && rt_load(b->state[out->index]);
}

/* Indices of blocks are below this: for a table of marks. */
static inline size_t rt_blocks_indices(const struct rt_blocks *b)
{
    return rt_load(b->high) >> RT_CHUNK_SHIFT << RT_CHUNK_BLOCKS_SHIFT;
}

/* Who is told of scratch blocks. Where it says so, under a lock of the heap:
   calls nothing of it. */
struct rt_heap_watch {
    /* All bytes of a block are somebody else's from here on: it is handed out.
       Locked. */
    void (*taken)(uintptr_t low, size_t size);
    /* Whether one that was freed may be handed out again, or part of it: while
       there is other memory that is taken instead. Locked. */
    bool (*may_take)(uintptr_t low, size_t size);
    /* A block is about to be freed, or resized, or is to be though it is freed
       already: for code of the range, or for a library, by a call that returns
       to pc. Comes back whenever it likes. */
    void (*given)(uintptr_t low, size_t size, bool own, const void *pc);
};

/* What the library shows, under the name vigil_heap. */
struct rt_heap_door {
    uint32_t version; /* RT_HEAP_VERSION */
    const struct rt_blocks *blocks;
    /* A lock of the heap is held: with everybody else stopped, malloc could
       wait for ever. To find blocks it is never in the way (B3). */
    bool (*busy)(void);
    /*
     * From begin to end, blocks that code in [low, high) allocates are of
     * their own kind: a reset ends them all, and the same calls give the same
     * addresses after it, zeroed. begin is false when there is no memory.
     */
    bool (*scratch_begin)(uintptr_t low, uintptr_t high);
    void (*scratch_reset)(void);
    void (*scratch_end)(void);
    /* NULL: nobody. */
    void (*scratch_watch)(const struct rt_heap_watch *by);
    /* Calls each for what these blocks hold, and what the next ones depend on;
       likewise for those of libraries, but vigil's, that were allocated since
       begin. False: more than most bytes. */
    bool (*scratch_memory)(void (*each)(void *arg, const void *low,
                                        size_t size),
                           void *arg, size_t most);
};

#endif
