/*
 * heap.h - malloc and its family, under names of our own; a heap that knows
 * its blocks (blocks.h). interpose.c gives them the C library's names.
 *
 * As POSIX and glibc have them: errno is ENOMEM with every NULL, free leaves
 * it alone; a request of 0 bytes is one of the smallest block; realloc to 0
 * bytes frees. Blocks up to RT_HEAP_ZEROED bytes come zeroed: what they held
 * before must not keep anything reachable. To give or resize what is no
 * allocated block ends the process with one line on standard error.
 */
#ifndef RT_HEAP_HEAP_H
#define RT_HEAP_HEAP_H

#include <stdbool.h>
#include <stddef.h>

enum {
    RT_HEAP_ZEROED = 1024 /* of a block's whole size */
};

void *rt_heap_malloc(size_t n);
void rt_heap_free(void *p);
void *rt_heap_calloc(size_t n, size_t size);
void *rt_heap_realloc(void *p, size_t n);
/* For caller, who is told of with the block that is resized (scratch.h). */
void *rt_heap_realloc_by(void *p, size_t n, const void *caller);
/* align is a power of two. */
void *rt_heap_aligned(size_t align, size_t n);
/* Bytes that may be used: one less than the block has. */
size_t rt_heap_usable(const void *p);

/* Any lock is held; see blocks.h. */
bool rt_heap_busy(void);

/* Around a fork, so that the child finds a heap at rest. */
void rt_heap_fork_begin(void);
void rt_heap_fork_end(void);

#endif
