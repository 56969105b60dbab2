/*
 * classes.h - the sizes that blocks are cut to.
 *
 * Four steps a doubling, every power of two among them: blocks of such a size
 * lie at multiples of it. The largest are what divides a chunk evenly. A
 * request of n bytes takes a class of more than n (B1 in blocks.h).
 */
#ifndef RT_HEAP_CLASSES_H
#define RT_HEAP_CLASSES_H

#include "runtime/base/blocks.h"

enum {
    RT_CLASSES = 38,
    RT_SMALL_MAX = 32768, /* the largest; beyond, whole chunks */
    RT_GRANULE = 16,
    RT_CACHED_MAX = 128 /* blocks of one class in a thread's cache */
};

struct rt_class {
    uint32_t size;
    uint32_t factor;   /* RT_CHUNK_FACTOR(size) */
    uint32_t nblock;   /* in a chunk */
    uint32_t capacity; /* of a thread's cache */
};
extern struct rt_class rt_classes[RT_CLASSES];                /* [init] */
extern uint8_t rt_class_table[RT_SMALL_MAX / RT_GRANULE + 1]; /* [init] */

/* Fills both; before it every size is of class 0. */
void rt_classes_open(void);

/* The smallest class of at least size bytes, 1 <= size <= RT_SMALL_MAX. May be
   asked while another thread opens the heap, and says anything then. */
static inline unsigned rt_class_of(size_t size)
{
    rt_assert(size && size <= RT_SMALL_MAX, "classes: no such size");
    return rt_load(rt_class_table[(size + RT_GRANULE - 1) / RT_GRANULE]);
}

/* The same, its blocks at multiples of align, a power of two; RT_CLASSES:
   there is none. */
unsigned rt_class_aligned(size_t size, size_t align);

#endif
