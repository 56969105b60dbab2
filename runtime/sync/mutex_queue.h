/*
 * mutex_queue.h - a mutex's owner word, and those who wait for it.
 *
 * The word is the goroutine that has the mutex, 0: nobody; with the low bit of
 * M2 (mutex_queue.c). All of it is between rt_enter and rt_leave, with no ranked
 * lock held.
 */
#ifndef RT_SYNC_MUTEX_QUEUE_H
#define RT_SYNC_MUTEX_QUEUE_H

#include "runtime/sched/control.h"
#include "runtime/sync/held.h"
#include "runtime/sync/mutex.h"
#include "runtime/sync/object.h"

static inline uintptr_t rt_mutex_word(const struct go_mutex *m)
{
    return __atomic_load_n(&m->owner, __ATOMIC_RELAXED);
}

/* From one word to another; false: it was not that any more. */
static inline bool rt_mutex_change(struct go_mutex *m, uintptr_t from,
                                   uintptr_t to)
{
    if (rt_load(rt_solo)) {
        if (m->owner != from)
            return false;
        m->owner = to;
        return true;
    }
    return __atomic_compare_exchange_n(&m->owner, &from, to, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* What a new owner notes. */
static inline void rt_mutex_took(struct go_mutex *m, struct g *g,
                                 const struct go_site *site)
{
    rt_object_touch(&m->obj, GO_KIND_MUTEX, site);
    rt_hold(g, &m->obj, site, false);
}

/* Makes g the owner, and notes it, when m was not free just now; parks. */
void rt_mutex_wait(struct go_mutex *m, struct g *g, const struct go_site *site);
/* Unlocks with somebody in the queue: the word had the bit. */
void rt_mutex_wake(struct go_mutex *m);
/* From g, who owns it but notes it no more, to another; true: to waited for it,
   and is to be woken. entry is used up. */
bool rt_mutex_give(struct go_mutex *m, struct g *g, struct g *to,
                   struct rt_handed *entry, const struct go_site *site);

#endif
