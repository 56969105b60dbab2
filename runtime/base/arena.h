/*
 * arena.h - memory for what must not call malloc: a report is written while
 * the program's heap may be locked or broken. Grows by mapping, is given back
 * as a whole. Not shared between threads.
 */
#ifndef RT_BASE_ARENA_H
#define RT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct rt_arena_chunk;
struct rt_arena { /* zero is ready */
    struct rt_arena_chunk *chunks;
    bool fixed;
};

/* n bytes, zeroed, aligned to 16; NULL when there is no memory. */
void *rt_arena_alloc(struct rt_arena *a, size_t n);
void rt_arena_free(struct rt_arena *a);

/* Makes *a, which has nothing yet, live in that zeroed memory, and never grow
   beyond; it is the caller's to give back. */
void rt_arena_fixed(struct rt_arena *a, void *memory, size_t size);

/*
 * A growing array in an arena: makes room for one more element of size elem
 * in *base, which holds n of *cap. False when there is no memory.
 */
int rt_arena_grow(struct rt_arena *a, void *base, size_t n, size_t *cap,
                  size_t elem);

#endif
