/*
 * unborn.c - the descriptors of goroutines that have no stack yet.
 *
 * In:  spawn. Out: run queues, from which they come to rt_birth (spawn.c).
 *
 * Method: a fixed number of descriptors, in lists of the workers' own and one
 * for all, as stacks have. When none is left a spawn takes a stack at once: so
 * a crowd costs no more memory than its stacks, and a look, which has all born
 * that wait in a queue, no more time than is bounded.
 *
 * U1  A descriptor is on one free list, in one queue, or in the hands of one
 *     worker inside the runtime.
 * U2  Whoever is unborn finds a stack when its turn comes: they are handed out
 *     only while more slots are left than all goroutines, and all free lists,
 *     can have. Beyond that each goroutine takes its stack at once, and the
 *     first that does so has all born who are not: it might take theirs.
 *
 * Why not for who runs on its parent's stack, or shares one: what is proven
 * stuck is proven by what lies on its stack, and that is its own.
 *
 * Lock: pool.lock, rank RT_RANK_STACK; and the queues' own.
 */
#include "runtime/sched/unborn.h"

#include <sched.h>

#include "runtime/sched/runq.h"
#include "runtime/sched/spare.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"

enum {
#ifdef VIGIL_DEBUG
    UNBORN_MAX = 12,
    P_BATCH = 4,
#else
    UNBORN_MAX = 1536,
    P_BATCH = 64,
#endif
    P_FREE_MAX = 4 * P_BATCH,
    SPINS = 64,
};

static struct {
    uint32_t lock;
    uint32_t high;        /* [lock, read atomically] ever used */
    struct rt_spare free; /* [lock] */
    struct g all[UNBORN_MAX] __attribute__((aligned(64)));
} pool;

/* Used ones first. */
static struct g *take_locked(void)
{
    struct g *g = rt_spare_pop(&pool.free);

    if (!g && pool.high < UNBORN_MAX) {
        g = &pool.all[pool.high];
        __atomic_store_n(&pool.high, pool.high + 1, __ATOMIC_RELEASE);
    }
    return g;
}

/* One to be used, and some more for p. */
static struct g *refill(struct p *p)
{
    struct g *g, *more;

    rt_lock_always(&pool.lock, RT_RANK_STACK);
    g = take_locked();
    while (g && p->unborn.n < P_BATCH && (more = take_locked()))
        rt_spare_push(&p->unborn, more);
    rt_unlock_always(&pool.lock);
    return g;
}

static void give_to_all(struct p *p, uint32_t n)
{
    rt_lock_always(&pool.lock, RT_RANK_STACK);
    while (n-- > 0)
        rt_spare_push(&pool.free, rt_spare_pop(&p->unborn));
    rt_unlock_always(&pool.lock);
}

void rt_unborn_give(struct p *p, struct g *u)
{
    __atomic_store_n(&u->status, RT_G_FREE, __ATOMIC_RELEASE);
    if (!p) {
        rt_lock_always(&pool.lock, RT_RANK_STACK);
        rt_spare_push(&pool.free, u);
        rt_unlock_always(&pool.lock);
        return;
    }
    if (p->unborn.n == P_FREE_MAX)
        give_to_all(p, P_BATCH);
    rt_spare_push(&p->unborn, u);
}

void rt_unborn_drain(struct p *p)
{
    give_to_all(p, p->unborn.n);
}

/* u is born, and takes its place; q: the queue it is in, or NULL when it is
   neither the first nor the last of one. */
static void replace(struct rt_runq *q, struct g *u)
{
    struct g *link = u->link, *back = u->back, *g = rt_birth(u);

    g->link = link;
    g->back = back;
    if (q && q->first == u)
        q->first = g;
    else
        back->link = g;
    if (q && q->last == u)
        q->last = g;
    else
        link->back = g;
}

static bool is_end(const struct rt_runq *q, const struct g *u)
{
    return q->first == u || q->last == u;
}

/* The world is stopped. */
static void settle(struct g *u)
{
    struct rt_runq *q = is_end(&rt_s.global, u) ? &rt_s.global : NULL;
    struct p *p;

    for (int i = 0; !q && i < RT_PROCS_MAX && (p = rt_p(i)); i++) {
        if (p->next == u) {
            rt_store(p->next, rt_birth(u));
            return;
        }
        q = is_end(&p->q, u) ? &p->q : is_end(&p->fresh, u) ? &p->fresh : NULL;
    }
    replace(q, u);
}

static struct g *unborn_at(uint32_t i)
{
    struct g *g = &pool.all[i];

    return rt_g_status(g) == RT_G_UNBORN ? g : NULL;
}

void rt_unborn_settle(void)
{
    for (uint32_t i = 0; i < rt_unborn_slots(); i++)
        if (unborn_at(i))
            settle(unborn_at(i));
}

static struct g *unborn_find(uint64_t id)
{
    for (uint32_t i = 0; i < rt_unborn_slots(); i++) {
        struct g *g = unborn_at(i);

        if (g && rt_load(g->id) == id)
            return g;
    }
    return NULL;
}

/* u NULL: any. */
static bool is_meant(const struct g *g, const struct g *u)
{
    return u ? g == u : rt_g_status(g) == RT_G_UNBORN;
}

/* Who is in q, whose lock is held. */
static void replace_in(struct rt_runq *q, const struct g *u)
{
    for (struct g *g = q->first, *next; g; g = next) {
        next = g->link;
        if (is_meant(g, u))
            replace(q, g);
    }
}

/* While others run: run-next is taken away, and comes after the others. */
static void replace_next(struct p *p, const struct g *u)
{
    struct g *g = rt_load(p->next);

    if (g && is_meant(g, u) &&
        __atomic_compare_exchange_n(&p->next, &g, NULL, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED))
        rt_enqueue_global(rt_birth(g));
}

/* It may be somebody else by now, but who is in a queue can be born. */
static void replace_anywhere(const struct g *u)
{
    struct p *p;

    for (int i = 0; i < RT_PROCS_MAX && (p = rt_p(i)); i++) {
        replace_next(p, u);
        rt_lock(&p->q.lock, RT_RANK_RUNQ);
        replace_in(&p->q, u);
        replace_in(&p->fresh, u);
        rt_unlock(&p->q.lock);
    }
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    replace_in(&rt_s.global, u);
    rt_unlock_always(&rt_s.lock);
}

/* One that a worker has in its hands is in no queue, for a short time. */
static void pause_for_hands(int round)
{
    if (round < SPINS)
        rt_cpu_relax();
    else
        sched_yield();
}

void rt_unborn_find(uint64_t id)
{
    const struct g *u;

    for (int round = 0; (u = unborn_find(id)); round++) {
        replace_anywhere(u);
        pause_for_hands(round);
    }
}

static bool is_full(void)
{
    return rt_load(rt_s.ng) >= rt_stack_plenty;
}

static bool is_any(void)
{
    for (uint32_t i = 0; i < rt_unborn_slots(); i++)
        if (unborn_at(i))
            return true;
    return false;
}

/* U2 */
static __attribute__((noinline, cold)) void bear_all(void)
{
    for (int round = 0; is_full() && is_any(); round++) {
        replace_anywhere(NULL);
        pause_for_hands(round);
    }
}

struct g *rt_unborn_take(struct p *p)
{
    struct g *g;

    if (rt_unlikely(is_full())) {
        bear_all();
        return NULL;
    }
    if (!p || (!(g = rt_spare_pop(&p->unborn)) && !(g = refill(p))))
        return NULL;
    rt_assert(g->status == RT_G_FREE, "U1: a descriptor is handed out twice");
    return g;
}

uint32_t rt_unborn_slots(void)
{
    return __atomic_load_n(&pool.high, __ATOMIC_ACQUIRE);
}

const struct g *rt_unborn_at(uint32_t i)
{
    return unborn_at(i);
}

void rt_unborn_reset(void)
{
    for (uint32_t i = 0; i < pool.high; i++)
        rt_store(pool.all[i].status, RT_G_FREE);
    pool.high = 0;
    pool.free = (struct rt_spare){0};
}
