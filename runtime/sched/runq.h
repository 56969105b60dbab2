/*
 * runq.h - a queue of runnable goroutines, linked by g->link.
 *
 * One lock each, rank RT_RANK_RUNQ (a private queue with steal requests was
 * tried elsewhere and raced; locked first). The caller holds it.
 */
#ifndef RT_SCHED_RUNQ_H
#define RT_SCHED_RUNQ_H

#include "runtime/sched/m.h"

static inline void rt_runq_push(struct rt_runq *q, struct g *g)
{
    g->link = NULL;
    g->back = q->last;
    if (q->last)
        q->last->link = g;
    else
        q->first = g;
    q->last = g;
    __atomic_store_n(&q->n, q->n + 1, __ATOMIC_RELAXED);
}

static inline void rt_runq_push_front(struct rt_runq *q, struct g *g)
{
    g->link = q->first;
    if (q->first)
        q->first->back = g;
    else
        q->last = g;
    q->first = g;
    __atomic_store_n(&q->n, q->n + 1, __ATOMIC_RELAXED);
}

static inline struct g *rt_runq_pop(struct rt_runq *q)
{
    struct g *g = q->first;

    if (!g)
        return NULL;
    q->first = g->link;
    if (!q->first)
        q->last = NULL;
    g->link = NULL;
    __atomic_store_n(&q->n, q->n - 1, __ATOMIC_RELAXED);
    return g;
}

/* The first one's back is stale, and never read: hence the other end first. */
static inline struct g *rt_runq_pop_last(struct rt_runq *q)
{
    struct g *g = q->last;

    if (g == q->first)
        return rt_runq_pop(q);
    q->last = g->back;
    q->last->link = NULL;
    __atomic_store_n(&q->n, q->n - 1, __ATOMIC_RELAXED);
    return g;
}

/* All of from's go behind those of to. */
static inline void rt_runq_append(struct rt_runq *to, struct rt_runq *from)
{
    if (!from->first)
        return;
    from->first->back = to->last;
    if (to->last)
        to->last->link = from->first;
    else
        to->first = from->first;
    to->last = from->last;
    __atomic_store_n(&to->n, to->n + from->n, __ATOMIC_RELAXED);
    from->first = from->last = NULL;
    __atomic_store_n(&from->n, 0, __ATOMIC_RELAXED);
}

/* How many, without the lock: a hint, exact only for the owner. */
static inline uint32_t rt_runq_len(const struct rt_runq *q)
{
    return __atomic_load_n(&q->n, __ATOMIC_RELAXED);
}

#endif
