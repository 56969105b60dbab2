/*
 * interpose.c - the heap under the C library's names, and its door.
 *
 * All of the family that glibc has, so that it never sees a block of ours nor
 * we one of its own; its inner callers (getline, strdup, fopen, the loader)
 * come here too, for this library is looked up before it. Nothing needs to
 * run before the first call.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"

#define EXPORT __attribute__((visibility("default")))

extern EXPORT const struct rt_heap_door vigil_heap;
const struct rt_heap_door vigil_heap = {.version = RT_HEAP_VERSION,
                                        .blocks = &rt_heap_blocks,
                                        .busy = rt_heap_busy};

static __attribute__((constructor)) void at_load(void)
{
    int failed =
        pthread_atfork(rt_heap_fork_begin, rt_heap_fork_end, rt_heap_fork_end);

    rt_check(!failed, "heap: no memory for the handlers of a fork");
}

static bool is_power(size_t n)
{
    return n && !(n & (n - 1));
}

EXPORT void *malloc(size_t n)
{
    return rt_heap_malloc(n);
}

EXPORT void free(void *p)
{
    rt_heap_free(p);
}

EXPORT void *calloc(size_t n, size_t size)
{
    return rt_heap_calloc(n, size);
}

EXPORT void *realloc(void *p, size_t n)
{
    return rt_heap_realloc(p, n);
}

EXPORT void *reallocarray(void *p, size_t n, size_t size)
{
    size_t all;

    if (!__builtin_mul_overflow(n, size, &all))
        return rt_heap_realloc(p, all);
    errno = ENOMEM;
    return NULL;
}

EXPORT int posix_memalign(void **to, size_t align, size_t n)
{
    int saved = errno;
    void *p;

    if (!is_power(align) || align % sizeof(void *))
        return EINVAL;
    p = rt_heap_aligned(align, n);
    errno = saved;
    if (!p)
        return ENOMEM;
    *to = p;
    return 0;
}

EXPORT void *aligned_alloc(size_t align, size_t n)
{
    if (is_power(align))
        return rt_heap_aligned(align, n);
    errno = EINVAL;
    return NULL;
}

EXPORT void *memalign(size_t align, size_t n)
{
    return aligned_alloc(align, n);
}

EXPORT void *valloc(size_t n)
{
    return rt_heap_aligned((size_t)sysconf(_SC_PAGESIZE), n);
}

/* Whole pages, at least one. */
EXPORT void *pvalloc(size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), all;

    if (!__builtin_add_overflow(n ? n : 1, page - 1, &all))
        return rt_heap_aligned(page, all & ~(page - 1));
    errno = ENOMEM;
    return NULL;
}

EXPORT size_t malloc_usable_size(void *p)
{
    return rt_heap_usable(p);
}
