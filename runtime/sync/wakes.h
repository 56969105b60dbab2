/*
 * wakes.h - waiters that were served together, to be made runnable once the
 * object's lock is released.
 *
 * Under the lock: rt_wakes_add, rt_wakes_all. After it: rt_wakes_ready, which
 * touches nothing but the waiters, and each only before its goroutine can
 * run: by then the object may be gone, and the waiter is right after.
 */
#ifndef RT_SYNC_WAKES_H
#define RT_SYNC_WAKES_H

#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sync/waitq.h"

struct rt_wakes { /* zero is empty */
    struct waiter *first, *last;
};

/* Takes w out of its queue, as served. */
static inline void rt_wakes_add(struct rt_wakes *all, struct waiter *w)
{
    rt_waitq_remove(w);
    w->success = true;
    w->next = NULL;
    if (all->last)
        all->last->next = w;
    else
        all->first = w;
    all->last = w;
}

/* The same with everybody in q. */
static inline void rt_wakes_all(struct rt_wakes *all, struct go_waitq *q)
{
    struct waiter *w;

    while ((w = rt_waitq_first(q)))
        rt_wakes_add(all, w);
}

/* Oldest first. Without any lock. */
static inline void rt_wakes_ready(struct rt_wakes *all)
{
    struct waiter *w = all->first;

    while (w) {
        struct waiter *next = w->next;

        rt_note_wake(w->g);
        rt_ready(w->g);
        w = next;
    }
}

#endif
