/*
 * park.h - the one door: where goroutines stop, and where they start again.
 *
 * A goroutine stops waiting for something only in rt_park, and starts again
 * only by rt_ready. So nothing that goes through vigil can block unseen.
 *
 * The protocol of everything that waits:
 *
 *     struct g *g = rt_enter();          // now inside the runtime
 *     rt_lock(&obj->lock, RT_RANK_OBJECT);
 *     if (it can be had at once) { ...; rt_unlock; rt_leave(g); return; }
 *     rt_must_park(g, &obj->lock);       // panics on a thread
 *     queue a waiter; rt_park(&obj->lock, reason, &w, 1, site);
 *     rt_leave(g);                       // maybe on another thread
 *
 * and of everything that wakes: rt_enter, take the lock, take the waiter out
 * of its queue, set what it is to see, release the lock, rt_ready(w->g),
 * rt_leave. A waiter lives on its goroutine's stack: it is gone as soon as
 * rt_ready was called. rt_ready may also be called under the object's lock.
 *
 * No thread-local variable and no errno may be cached across rt_park.
 */
#ifndef RT_SCHED_PARK_H
#define RT_SCHED_PARK_H

#include "runtime/base/cpu.h"
#include "runtime/sched/g.h"
#include "runtime/sched/m.h"

/*
 * Enters the runtime: returns the running goroutine, or on any other thread
 * its stand-in (status RT_G_FOREIGN), which has then entered under the world
 * lock, alone of its kind. Between rt_enter and rt_leave no image of the
 * world is taken. Does not nest. No panic, no user code, no malloc inside.
 */
static inline struct g *rt_enter(void);
static inline void rt_leave(struct g *g);
static inline bool rt_is_foreign(const struct g *g);

/* On a thread: unlocks (NULL: nothing), leaves, panics "not in a goroutine". */
static inline void rt_must_park(struct g *g, uint32_t *unlock);

/*
 * Stops the calling goroutine until rt_ready. unlock is released once its
 * registers are saved: from then on a waker may run it elsewhere. Any earlier
 * and the wake-up would be lost, or its stack run twice. w[0..n) say what it
 * waits for; until: the instant a timer will wake it, -1 for none. Throws if
 * any other ranked lock is held.
 */
void rt_park_until(uint32_t *unlock, enum go_wait_reason reason,
                   struct waiter *w, uint32_t n, const struct go_site *site,
                   int64_t until);
static inline void rt_park(uint32_t *unlock, enum go_wait_reason reason,
                           struct waiter *w, uint32_t n,
                           const struct go_site *site)
{
    rt_park_until(unlock, reason, w, n, site, -1);
}
/* The same, releasing what release(arg) releases: a select's many locks. */
void rt_park_release(void (*release)(void *), void *arg,
                     enum go_wait_reason reason, struct waiter *w, uint32_t n,
                     const struct go_site *site);

/*
 * Makes a parked goroutine runnable: next on the caller's worker, or in the
 * global queue when the caller has none. Between rt_enter and rt_leave.
 */
void rt_ready(struct g *g);

/* Lets others run first: the caller goes to the end of its worker's queue. */
void rt_yield(const struct go_site *site);

/*
 * For an operation that only tries and has failed, between rt_enter and rt_leave.
 * There is no preemption: who asks again and again and never waits would keep
 * those from its worker who are to make it succeed. So of RT_MISSES in a row one
 * yields; and any, where something is there that only the scheduler hands out, as
 * a timer that is due. True: it did, and the caller tries once more.
 */
enum {
    RT_MISSES = 64
};
bool rt_missed(struct g *g, const struct go_site *site);

/* The instant to note as since; exact on the virtual clock, else the tick's. */
int64_t rt_tick(void);

struct g *rt_enter_foreign(void);
void rt_leave_foreign(struct g *g);
void rt_must_park_failed(struct g *g, uint32_t *unlock)
    __attribute__((noreturn));

static inline bool rt_is_foreign(const struct g *g)
{
    return g->status == RT_G_FOREIGN;
}

static inline struct g *rt_enter(void)
{
    struct m *m = rt_m();

    if (rt_unlikely(!m || !m->g))
        return rt_enter_foreign();
    rt_assert(m->in_rt == 0, "rt_enter does not nest");
    rt_store(m->in_rt, 1);
    rt_compiler_barrier();
    return m->g;
}

/*
 * The same for fast paths: NULL on a thread, which has not entered then; and
 * the way out for who did not switch, so that *worker is its worker still. No
 * call is in line: a fast path whose slow one comes last saves no registers.
 */
static inline struct g *rt_enter_fast(struct m **worker)
{
    struct m *m = rt_m();
    struct g *g;

    *worker = m;
    if (rt_unlikely(!m || !(g = m->g)))
        return NULL;
    rt_assert(m->in_rt == 0, "rt_enter does not nest");
    rt_store(m->in_rt, 1);
    rt_compiler_barrier();
    return g;
}

static inline void rt_leave_fast(struct m *m)
{
    rt_compiler_barrier();
    rt_store(m->in_rt, 0);
}

static inline void rt_leave(struct g *g)
{
    if (rt_unlikely(rt_is_foreign(g))) {
        rt_leave_foreign(g);
        return;
    }
    rt_compiler_barrier();
    rt_store(rt_m()->in_rt, 0);
}

static inline void rt_must_park(struct g *g, uint32_t *unlock)
{
    if (rt_unlikely(rt_is_foreign(g)))
        rt_must_park_failed(g, unlock);
}

#endif
