/*
 * lock.h - the heap's locks: the runtime's, without ranks, errno untouched.
 *
 * Order: a class's (classes ascending, in a fork only), then scratch's, then
 * the runs', then the caches'. A fork takes all of them, and until it is over
 * its thread goes past them: other handlers of a fork may call malloc.
 */
#ifndef RT_HEAP_LOCK_H
#define RT_HEAP_LOCK_H

#include <errno.h>

#include "runtime/base/lock.h"

extern __thread bool rt_heap_forking; /* this thread holds every lock */

static inline void rt_heap_lock(uint32_t *l)
{
    uint32_t free = 0;
    int saved = errno;

    if (rt_heap_forking ||
        __atomic_compare_exchange_n(l, &free, 1, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
        return;
    rt_lock_slow(l);
    errno = saved;
}

static inline void rt_heap_unlock(uint32_t *l)
{
    int saved = errno;

    if (rt_heap_forking || __atomic_exchange_n(l, 0, __ATOMIC_RELEASE) == 1)
        return;
    rt_unlock_slow(l);
    errno = saved;
}

#endif
