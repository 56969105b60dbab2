/*
 * interpose.c - the heap under the C library's names, and its door.
 *
 * All of the family that glibc has, so that it never sees a block of ours nor
 * we one of its own; its inner callers (getline, fopen, the loader) come here
 * too, for this library is looked up before it. Nothing needs to run before the
 * first call.
 *
 * Who calls is told by the return address, while scratch is on (scratch.h). A
 * function that ends in a call of malloc, and jumps there, passes for its own
 * caller.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/heap/heap.h"
#include "runtime/heap/others.h"
#include "runtime/heap/region.h"
#include "runtime/heap/scratch.h"

#define EXPORT __attribute__((visibility("default")))

static bool memory(void (*each)(void *arg, const void *low, size_t size),
                   void *arg, size_t most)
{
    return rt_scratch_memory(each, arg, most) &&
           rt_others_memory(each, arg, most);
}

static bool begin(uintptr_t low, uintptr_t high)
{
    rt_others_begin();
    return rt_scratch_begin(low, high);
}

extern EXPORT const struct rt_heap_door vigil_heap;
const struct rt_heap_door vigil_heap = {.version = RT_HEAP_VERSION,
                                        .blocks = &rt_heap_blocks,
                                        .busy = rt_heap_busy,
                                        .scratch_begin = begin,
                                        .scratch_reset = rt_scratch_reset,
                                        .scratch_end = rt_scratch_end,
                                        .scratch_watch = rt_scratch_watch,
                                        .scratch_memory = memory};

/* One branch, while it is off. */
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

/* Apart, so that malloc keeps nothing over a call. */
static __attribute__((noinline)) void *allocate(size_t n, const void *caller)
{
    return rt_scratch_serves(caller) ? rt_scratch_take(n, 0)
                                     : rt_others_by(rt_heap_malloc(n), caller);
}

EXPORT void *malloc(size_t n)
{
    if (rt_unlikely(rt_load(rt_scratch_on)))
        return allocate(n, RT_CALLER);
    return rt_heap_malloc(n);
}

EXPORT void free(void *p)
{
    if (rt_unlikely(rt_load(rt_scratch_on)))
        rt_scratch_giving(p, RT_CALLER);
    rt_heap_free(p);
}

static __attribute__((noinline)) void *allocate_zeroed(size_t n, size_t size,
                                                       const void *caller)
{
    size_t all;

    if (!rt_scratch_serves(caller))
        return rt_others_by(rt_heap_calloc(n, size), caller);
    if (__builtin_mul_overflow(n, size, &all))
        all = SIZE_MAX;
    return rt_scratch_take(all, 0);
}

EXPORT void *calloc(size_t n, size_t size)
{
    if (rt_unlikely(rt_load(rt_scratch_on)))
        return allocate_zeroed(n, size, RT_CALLER);
    return rt_heap_calloc(n, size);
}

static void *resize(void *p, size_t n, const void *caller)
{
    if (rt_likely(!rt_load(rt_scratch_on)))
        return rt_heap_realloc(p, n);
    return p ? rt_heap_realloc_by(p, n, caller) : allocate(n, caller);
}

EXPORT void *realloc(void *p, size_t n)
{
    return resize(p, n, RT_CALLER);
}

EXPORT void *reallocarray(void *p, size_t n, size_t size)
{
    size_t all;

    if (__builtin_mul_overflow(n, size, &all))
        all = SIZE_MAX;
    return resize(p, all, RT_CALLER);
}

static void *aligned(size_t align, size_t n, const void *caller)
{
    if (rt_likely(!rt_load(rt_scratch_on)))
        return rt_heap_aligned(align, n);
    if (rt_scratch_serves(caller))
        return rt_scratch_take(n, align);
    return rt_others_by(rt_heap_aligned(align, n), caller);
}

EXPORT int posix_memalign(void **to, size_t align, size_t n)
{
    int saved = errno;
    void *p;

    if (!is_power(align) || align % sizeof(void *))
        return EINVAL;
    p = aligned(align, n, RT_CALLER);
    errno = saved;
    if (!p)
        return ENOMEM;
    *to = p;
    return 0;
}

static void *aligned_to_power(size_t align, size_t n, const void *caller)
{
    if (is_power(align))
        return aligned(align, n, caller);
    errno = EINVAL;
    return NULL;
}

EXPORT void *aligned_alloc(size_t align, size_t n)
{
    return aligned_to_power(align, n, RT_CALLER);
}

EXPORT void *memalign(size_t align, size_t n)
{
    return aligned_to_power(align, n, RT_CALLER);
}

EXPORT void *valloc(size_t n)
{
    return aligned((size_t)sysconf(_SC_PAGESIZE), n, RT_CALLER);
}

/* Whole pages, at least one. */
EXPORT void *pvalloc(size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), all;

    if (!__builtin_add_overflow(n ? n : 1, page - 1, &all))
        return aligned(page, all & ~(page - 1), RT_CALLER);
    errno = ENOMEM;
    return NULL;
}

EXPORT size_t malloc_usable_size(void *p)
{
    return rt_heap_usable(p);
}
