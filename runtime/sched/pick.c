/*
 * pick.c - who runs next on a worker.
 *
 * In:  who is woken, spawned, or yields. Out: one after the other, to who
 * switches (sched.c) or has nothing to run (worker.c).
 *
 * Order: run-next, the goroutine woken or spawned last, so that two that talk
 * stay on one worker; then fresh ones, newest first; then the others, oldest
 * first. Every RT_FAIR-th pick looks at the oldest first, run-next is taken
 * at most RT_ROW times in a row, and every RT_AGE picks the oldest of the fresh
 * ones comes before its turn, so nobody starves. No more than one, and no more
 * often: each begins a branch of a tree beside the one that is being walked,
 * with all the stacks that takes (a million leaves: 16,000 when all the fresh
 * ones got in line every 1,000 picks, and half of the time went into pages).
 *
 * P1  A goroutine is in at most one queue, and only while RUNNABLE.
 * P3  Who was proven stuck is never woken.
 */
#include "runtime/sched/pick.h"

enum {
#ifdef VIGIL_DEBUG
    RT_AGE = 1 << 10
#else
    RT_AGE = 1 << 15
#endif
};

/* old was run-next, and gets in line. */
static __attribute__((noinline)) void put_after(struct p *p, struct g *old,
                                                bool first)
{
    rt_lock(&p->q.lock, RT_RANK_RUNQ);
    if (first)
        rt_runq_push_front(&p->fresh, old);
    else
        rt_runq_push(&p->q, old);
    rt_unlock(&p->q.lock);
    /* Not for run-next alone: its waker is about to stop, most times. */
    if (rt_unlikely(rt_load(rt_s.nidle_p)))
        rt_wake_worker();
}

/* Of two goroutines ready at a time on p, the newer goes next. */
static RT_HOT void put_next(struct p *p, struct g *g, bool fresh)
{
    struct g *old = rt_next_swap(p, g);
    bool first = fresh || p->next_fresh;

    p->next_fresh = fresh;
    if (old)
        put_after(p, old, first);
}

void rt_put_last(struct p *p, struct g *g)
{
    rt_lock(&p->q.lock, RT_RANK_RUNQ);
    rt_runq_push(&p->q, g);
    rt_unlock(&p->q.lock);
}

void rt_enqueue_global(struct g *g)
{
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    rt_runq_push(&rt_s.global, g);
    rt_unlock_always(&rt_s.lock);
    rt_wake_worker();
}

/* From timers and the poll, in their order. */
static __attribute__((noinline)) void enqueue_last(struct p *p, struct g *g)
{
    rt_put_last(p, g);
    /* The first one it runs itself, right after this. */
    if (rt_runq_len(&p->q) > 1 && rt_load(rt_s.nidle_p))
        rt_wake_worker();
}

/* Makes g, already RUNNABLE, known to those who run goroutines. */
static RT_HOT void enqueue(struct g *g, bool fresh)
{
    struct m *m = rt_m();

    if (rt_unlikely(!m || !m->p))
        rt_enqueue_global(g);
    else if (rt_unlikely(!m->g))
        enqueue_last(m->p, g);
    else
        put_next(m->p, g, fresh);
}

void rt_ready(struct g *g)
{
    rt_assert(!g->proven, "P3: a goroutine is woken that was proven stuck");
    rt_g_set_status(g, RT_G_WAITING, RT_G_RUNNABLE);
    enqueue(g, false);
}

void rt_spawn_enqueue(struct g *g)
{
    enqueue(g, true);
}

/* The oldest fresh one, when a stream of newer ones may have held it back long
   enough; NULL: not yet. Under q.lock. */
static struct g *pick_aged(struct p *p)
{
    if (p->tick - p->aged < RT_AGE)
        return NULL;
    p->aged = p->tick;
    return rt_runq_pop_last(&p->fresh);
}

struct g *rt_pick_queued(struct p *p)
{
    struct g *g;

    if (!rt_runq_len(&p->q) && !rt_runq_len(&p->fresh))
        return NULL;
    rt_lock(&p->q.lock, RT_RANK_RUNQ);
    g = pick_aged(p);
    if (!g && p->tick % RT_FAIR == 0)
        g = rt_runq_pop(&p->q);
    if (!g)
        g = rt_runq_pop(&p->fresh);
    if (!g)
        g = rt_runq_pop(&p->q);
    __builtin_prefetch(p->q.first); /* of a crowd nobody is in the cache */
    rt_unlock(&p->q.lock);
    return g;
}

struct g *rt_pick_global(void)
{
    struct g *g;

    if (!rt_runq_len(&rt_s.global))
        return NULL;
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    g = rt_runq_pop(&rt_s.global);
    rt_unlock_always(&rt_s.lock);
    return g;
}

struct g *rt_pick_any(struct p *p)
{
    struct g *g = rt_next_take(p);

    rt_store(p->tick, p->tick + 1);
    if (g || !(rt_runq_len(&p->q) | rt_runq_len(&p->fresh)))
        return g ? g : rt_pick_global();
    rt_lock(&p->q.lock, RT_RANK_RUNQ);
    g = rt_runq_pop(rt_runq_len(&p->fresh) ? &p->fresh : &p->q);
    rt_unlock(&p->q.lock);
    return g;
}

struct g *rt_pick(struct p *p)
{
    return rt_pick_hot(p);
}
