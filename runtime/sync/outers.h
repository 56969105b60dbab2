/*
 * outers.h - what is noted of each lock of the C library's (outer.c), for the
 * files that wait for it and let go of it.
 */
#ifndef RT_SYNC_OUTERS_H
#define RT_SYNC_OUTERS_H

#include <vigil/outer.h>
#include <vigil/sync.h>

#include "runtime/sched/g.h"

struct rt_outer {
    union {
        struct go_object obj;
        struct go_mutex mutex;
        struct go_rwmutex rwmutex;
        struct go_once once;
        struct go_semaphore sema;
        struct go_cond cond;
        struct go_barrier barrier;
    } as; /* first: an object pointer is an outer pointer */
    const volatile void *key;
    size_t size;
    uint64_t owner; /* goroutine that has it to write, 0: nobody */
    uint32_t depth; /* so often */
    uint32_t lock;  /* rank RT_RANK_OBJECT; of waiters */
    struct go_waitq waiters;
    uint64_t execution; /* in which all this is so */
};

/* NULL: it was not used in this execution. */
struct rt_outer *rt_outer_find(const volatile void *key);
/* NULL: there are too many, and the execution is cut off. */
struct rt_outer *rt_outer_get(const struct go_outer *o,
                              const struct go_site *site);
/* L3: nobody has it any more. */
void rt_outer_clear(struct rt_outer *x);
/* Whoever waits asks again. */
void rt_outer_wake(struct rt_outer *x);

#endif
