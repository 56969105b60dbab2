/*
 * cache.h - each thread's own free blocks: most calls touch nothing else.
 */
#ifndef RT_HEAP_CACHE_H
#define RT_HEAP_CACHE_H

#include "runtime/heap/classes.h"

struct rt_bin {
    uint32_t n, capacity;      /* [self] */
    void *slot[RT_CACHED_MAX]; /* [self] the oldest first */
};

struct rt_cache {
    struct rt_bin bins[RT_CLASSES];
    struct rt_cache *next; /* [caches lock] of those that no thread has */
};

/*
 * The calling thread's; never NULL. Before its first call, and after its end
 * has begun, it is rt_cache_none, whose bins hold nothing and have no room.
 */
extern __thread struct rt_cache *rt_cache_mine;
extern struct rt_cache rt_cache_none;

/* Opens the heap at the first call of all. False: there is no memory. */
bool rt_heap_open(void);

/* Gives the thread a cache, if it may have one and there is room. */
void rt_cache_make(void);

/* A block of an empty bin's class, or NULL; room in a full one. */
void *rt_cache_refill(unsigned class);
void rt_cache_flush(struct rt_bin *bin, unsigned class);

/* For who forks. */
extern uint32_t rt_caches_lock;

#endif
