/*
 * large.h - blocks of whole chunks. Thread-safe, as long as each block is
 * used by one thread at a time.
 *
 * A block is told by its first chunk. size is B1's: one more than was asked
 * for; up to RT_LARGE_MAX.
 */
#ifndef RT_HEAP_LARGE_H
#define RT_HEAP_LARGE_H

#include "runtime/base/blocks.h"

#define RT_LARGE_MAX ((size_t)1 << 40)

/* At a multiple of align, a power of two. NULL: no memory. */
void *rt_large_take(size_t size, size_t align, bool *zero);
void rt_large_give(uint32_t first);
/* In place; false: it does not fit, or is not worth it. */
bool rt_large_resize(uint32_t first, size_t size);

#endif
