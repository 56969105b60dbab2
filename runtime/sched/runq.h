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
    q->first = g;
    if (!q->last)
        q->last = g;
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

/* How many, without the lock: a hint, exact only for the owner. */
static inline uint32_t rt_runq_len(const struct rt_runq *q)
{
    return __atomic_load_n(&q->n, __ATOMIC_RELAXED);
}

#endif
