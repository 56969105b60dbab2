/*
 * region.h - the one region that all blocks lie in, and the tables beside it.
 */
#ifndef RT_HEAP_REGION_H
#define RT_HEAP_REGION_H

#include "runtime/base/blocks.h"

/* What a run of chunks is; at its first and last chunk. */
enum rt_run_kind {
    RT_RUN_USED, /* or never used: what untouched memory says */
    RT_RUN_FREE
};

/* What the heap knows of a chunk besides what blocks.h shows. */
struct rt_chunk {
    uint32_t next, prev; /* in the list that it is in; 0: none */
    uint32_t first;      /* a free run's last chunk: its first */
    uint32_t dirty;      /* a free run's first: chunks that may not be zero */
    uint16_t nfree;      /* of a chunk cut into blocks, not in a cache */
    uint8_t class;       /* of those blocks */
    uint8_t kind;        /* enum rt_run_kind */
};

struct rt_region {
    struct rt_chunk *chunks; /* [locks of runs.c and central.c] */
    uint64_t *bitmap; /* [class lock] RT_BITMAP_WORDS a chunk: 1 is free */
    char *caches;     /* room for those of threads */
    size_t caches_size;
    size_t page; /* of the kernel */
};

enum {
    RT_BITMAP_WORDS = RT_CHUNK_BLOCKS / 64
};

extern struct rt_blocks rt_heap_blocks;
extern struct rt_region rt_region; /* [init] */

/* Reserves the region. 0, or -ENOMEM. */
int rt_region_open(void);

/*
 * n chunks after all that were ever used, zero, readable and writable; the
 * number of the first. 0: there is no room. Under the lock of runs.c.
 */
uint32_t rt_region_grow(uint32_t n);

/* Makes reserved memory readable and writable; false: the kernel refuses. */
bool rt_region_commit(void *low, size_t size);

static inline char *rt_chunk_memory(uint32_t chunk)
{
    return (char *)(rt_heap_blocks.base + ((uintptr_t)chunk << RT_CHUNK_SHIFT));
}

#endif
