/*
 * waitq.h - who waits for an object, oldest first. Under the object's lock.
 *
 * W1  A waiter is in at most one queue; w->queue says which.
 * W2  A select's waiters are claimed before they are woken: rt_waitq_pop
 *     skips those whose goroutine another case has already served.
 */
#ifndef RT_SYNC_WAITQ_H
#define RT_SYNC_WAITQ_H

#include "runtime/base/cpu.h"
#include "runtime/sched/g.h"

/* One of a goroutine that waits for nothing else. Field by field: without
   vector registers a compiler clears a struct by a slow string instruction. */
static inline void rt_waiter_init(struct waiter *w, struct g *g,
                                  struct go_object *obj, void *elem,
                                  enum go_want want, const struct go_site *site)
{
    w->next = w->prev = NULL;
    w->queue = NULL;
    w->g = g;
    w->obj = obj;
    w->elem = elem;
    w->units = 0;
    w->site = site;
    w->want = (uint8_t)want;
    w->shared = 0;
    w->selects = false;
    w->success = false;
}

static inline struct waiter *rt_waitq_first(const struct go_waitq *q)
{
    return q->first;
}

static inline void rt_waitq_push(struct go_waitq *q, struct waiter *w)
{
    struct waiter *last = q->last;

    rt_assert(!w->queue, "W1: already in a queue");
    w->queue = q;
    w->next = NULL;
    w->prev = last;
    if (last)
        last->next = w;
    else
        q->first = w;
    q->last = w;
}

/* Before all others: for one that was woken in vain. */
static inline void rt_waitq_push_front(struct go_waitq *q, struct waiter *w)
{
    struct waiter *first = q->first;

    rt_assert(!w->queue, "W1: already in a queue");
    w->queue = q;
    w->prev = NULL;
    w->next = first;
    if (first)
        first->prev = w;
    else
        q->last = w;
    q->first = w;
}

static inline void rt_waitq_remove(struct waiter *w)
{
    struct go_waitq *q = w->queue;

    if (!q)
        return;
    if (w->prev)
        w->prev->next = w->next;
    else
        q->first = w->next;
    if (w->next)
        w->next->prev = w->prev;
    else
        q->last = w->prev;
    w->queue = NULL;
}

/* Wins the right to wake a select; true for what is not one. */
static inline bool rt_waiter_claim(struct waiter *w)
{
    uint32_t open = 0;

    if (!w->selects)
        return true;
    if (rt_load(rt_solo)) { /* nobody else is there to claim it */
        open = w->g->select_done;
        w->g->select_done = 1;
        return !open;
    }
    return __atomic_compare_exchange_n(&w->g->select_done, &open, 1, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* The oldest that can still be served, taken out; NULL: none. */
static inline struct waiter *rt_waitq_pop(struct go_waitq *q)
{
    struct waiter *w;

    while ((w = q->first)) {
        rt_waitq_remove(w);
        if (rt_waiter_claim(w))
            return w;
    }
    return NULL;
}

#endif
