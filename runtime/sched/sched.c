/*
 * sched.c - who runs next on a worker, and the switch to it.
 *
 * In:  rt_park, rt_ready, rt_yield, spawn and exit. Out: a running goroutine.
 *
 * Method: a goroutine that stops picks the next one itself and switches
 * straight to it; only when its worker's own queue is empty, or attention is
 * wanted, it switches to the worker's scheduler loop (worker.c). What must
 * happen after its registers are saved (releasing the lock that it parked
 * under, giving back its stack) is done by whoever comes next: rt_finish.
 *
 * Order: run-next, the goroutine woken or spawned last, so that two that talk
 * stay on one worker; then fresh ones, newest first; then the others, oldest
 * first. Every RT_FAIR-th pick looks at the oldest first, and run-next is
 * taken at most RT_ROW times in a row, so nobody starves.
 *
 * P1  A goroutine is in at most one queue, and only while RUNNABLE.
 * P2  rt_finish runs exactly once after every switch, on the other side.
 * P3  Who was proven stuck is never woken.
 */
#include "runtime/sched/sched.h"

#include "runtime/sched/control.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/runq.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/timer.h"

enum {
    RT_FAIR = 61,
    RT_ROW = 128,
    RT_ROTATE = 16 * RT_FAIR
};

struct rt_sched rt_s;
__thread struct m *rt_m_self __attribute__((tls_model("initial-exec")));

#if !defined(__x86_64__)
struct m *rt_m(void)
{
    return *(struct m *volatile *)&rt_m_self;
}
#endif

/* Of two goroutines ready at a time on p, the newer goes next. */
static void put_next(struct p *p, struct g *g, bool fresh)
{
    struct g *old = __atomic_exchange_n(&p->next, g, __ATOMIC_ACQ_REL);

    if (!old)
        return;
    rt_lock(&p->q.lock, RT_RANK_RUNQ);
    if (fresh)
        rt_runq_push_front(&p->fresh, old);
    else
        rt_runq_push(&p->q, old);
    rt_unlock(&p->q.lock);
    /* Not for run-next alone: its waker is about to stop, most times. */
    if (rt_unlikely(rt_load(rt_s.nidle_p)))
        rt_wake_worker();
}

static void put_last(struct p *p, struct g *g)
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

/* Makes g, already RUNNABLE, known to those who run goroutines. */
static void enqueue(struct g *g, bool fresh)
{
    struct m *m = rt_m();

    if (rt_unlikely(!m || !m->p)) {
        rt_enqueue_global(g);
    } else if (rt_unlikely(!m->g)) { /* timers, poll: in their order */
        put_last(m->p, g);
        /* The first one it runs itself, right after this. */
        if (rt_runq_len(&m->p->q) > 1 && rt_load(rt_s.nidle_p))
            rt_wake_worker();
    } else {
        put_next(m->p, g, fresh);
    }
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

/* Every RT_ROTATE picks the fresh ones get in line, so that a stream of newer
   ones cannot hold them back for ever. Under q.lock. */
static void rotate(struct p *p)
{
    struct g *g;

    while ((g = rt_runq_pop(&p->fresh)))
        rt_runq_push(&p->q, g);
}

static struct g *pick_queued(struct p *p)
{
    struct g *g = NULL;

    if (!rt_runq_len(&p->q) && !rt_runq_len(&p->fresh))
        return NULL;
    rt_lock(&p->q.lock, RT_RANK_RUNQ);
    if (p->tick % RT_ROTATE == 0)
        rotate(p);
    if (p->tick % RT_FAIR == 0)
        g = rt_runq_pop(&p->q);
    if (!g)
        g = rt_runq_pop(&p->fresh);
    if (!g)
        g = rt_runq_pop(&p->q);
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

/* Thieves take run-next too, if rarely: hence the exchange. */
static struct g *pick_next(struct p *p)
{
    if (!rt_load(p->next))
        return NULL;
    if (rt_load(rt_solo)) {
        struct g *g = p->next;

        rt_store(p->next, NULL);
        return g;
    }
    return __atomic_exchange_n(&p->next, NULL, __ATOMIC_ACQ_REL);
}

struct g *rt_pick_ready(struct p *p)
{
    struct g *g;

    rt_store(p->tick, p->tick + 1);
    if (p->tick % RT_FAIR == 0 && (g = rt_pick_global()))
        return g;
    if (p->next_row < RT_ROW) {
        g = pick_next(p);
        if (g) {
            p->next_row++;
            return g;
        }
    }
    p->next_row = 0;
    g = pick_queued(p);
    if (!g)
        g = pick_next(p);
    return g;
}

struct g *rt_pick(struct p *p)
{
    return rt_unlikely(rt_load(rt_controlled)) ? rt_control_pick(p)
                                               : rt_pick_ready(p);
}

/* On arrival: completes what the one before us could not do by itself. */
void rt_finish(void)
{
    struct m *m = rt_m();
    struct g *prev = m->prev;

    if (m->unlock) {
        uint32_t *l = m->unlock;

        m->unlock = NULL;
        rt_unlock(l);
    } else if (m->release) {
        void (*release)(void *) = m->release;

        m->release = NULL;
        release(m->release_arg);
        m->release_arg = NULL; /* the worker runs on: no stale reference */
    }
    if (prev) {
        m->prev = NULL;
        rt_tsan_destroy(prev->tsan_fiber);
        rt_g_set_status(prev, RT_G_DEAD, RT_G_FREE);
        if (rt_unlikely(rt_load(rt_controlled)))
            rt_control_finish(prev);
        else
            rt_stack_give(m->p, prev);
    }
}

static void become(struct m *m, struct g *g)
{
    rt_g_set_status(g, RT_G_RUNNABLE, RT_G_RUNNING);
    rt_store(m->g, g);
    rt_store(m->switches, m->switches + 1);
    *m->errno_at = g->saved_errno;
}

void rt_switch_away(struct g *g)
{
    struct m *m = rt_m();
    struct g *to = NULL;
    void **save;

    g->saved_errno = *m->errno_at;
    if (!rt_load(rt_s.attention) && m->p && !m->call)
        to = rt_pick(m->p);
    if (to == g) { /* only a yield: nobody else is there */
        become(m, g);
        rt_check(!m->unlock && !m->release, "P2: a lock is left behind");
        return;
    }
    /* Only the dead are finished: anybody else may run again, and end, as
       soon as its lock is released. */
    if (g->status == RT_G_DEAD)
        m->prev = g;
    save = m->prev ? NULL : &g->asan_fake_stack;
    if (to) {
        become(m, to);
        rt_san_switch(save, rt_stack_low(to), rt_stack_size());
        rt_tsan_switch(to->tsan_fiber);
        rt_switch(&g->sp, to->sp);
    } else {
        rt_store(m->g, NULL);
        rt_san_switch(save, m->stack_low, m->stack_size);
        rt_tsan_switch(m->tsan_fiber);
        rt_switch(&g->sp, m->sched_sp);
    }
    rt_san_switched(g->asan_fake_stack);
    rt_finish();
}

void rt_switch_to(struct g *g, struct g *to)
{
    struct m *m = rt_m();

    g->saved_errno = *m->errno_at;
    become(m, to);
    rt_san_switch(&g->asan_fake_stack, rt_stack_low(to), rt_stack_size());
    rt_tsan_switch(to->tsan_fiber);
    rt_switch(&g->sp, to->sp);
    rt_san_switched(g->asan_fake_stack);
    rt_finish();
}

/* From the worker's scheduler loop to g; returns when one switches back. */
void rt_run_g(struct m *m, struct g *g)
{
    become(m, g);
    rt_san_switch(&m->asan_fake_stack, rt_stack_low(g), rt_stack_size());
    rt_tsan_switch(g->tsan_fiber);
    rt_switch(&m->sched_sp, g->sp);
    rt_san_switched(m->asan_fake_stack);
    rt_finish();
}

static void park(enum go_wait_reason reason, struct waiter *w, uint32_t n,
                 const struct go_site *site, int64_t until)
{
    struct g *g = rt_m()->g;

    g->wait = (struct rt_wait){reason, n, w, site, rt_tick(), until};
    g->last = site;
    g->read_clock = false;
    g->polls = 0;
    rt_g_set_status(g, RT_G_RUNNING, RT_G_WAITING);
    rt_switch_away(g);
    g->wait.n = 0; /* the waiters go with the caller's frame */
    g->wait.w = NULL;
}

void rt_park_until(uint32_t *unlock, enum go_wait_reason reason,
                   struct waiter *w, uint32_t n, const struct go_site *site,
                   int64_t until)
{
    rt_m()->unlock = unlock;
    park(reason, w, n, site, until);
}

void rt_park_release(void (*release)(void *), void *arg,
                     enum go_wait_reason reason, struct waiter *w, uint32_t n,
                     const struct go_site *site)
{
    struct m *m = rt_m();

    m->release = release;
    m->release_arg = arg;
    park(reason, w, n, site, -1);
}

/* Run by the next one, when the registers of who yields are saved. */
static void release_yield(void *arg)
{
    struct m *m = rt_m();

    if (m->p)
        put_last(m->p, arg);
    else
        rt_enqueue_global(arg);
}

bool rt_polls(struct g *g)
{
    bool asked = g->read_clock;

    g->read_clock = false;
    if (!asked)
        g->polls = 0;
    else if (g->polls == RT_POLLS)
        return true;
    else
        g->polls++;
    return false;
}

void rt_yield(const struct go_site *site)
{
    struct m *m = rt_m();
    struct g *g = m->g;
    struct p *p = m->p;

    g->saved_errno = *m->errno_at;
    g->last = site;
    if (rt_polls(g) && rt_s.config.clock_virtual)
        rt_clock_flow(GO_MICROSECOND);
    rt_g_set_status(g, RT_G_RUNNING, RT_G_RUNNABLE);
    if (!rt_load(rt_s.attention) && !rt_load(p->next) && !rt_runq_len(&p->q) &&
        !rt_runq_len(&p->fresh) && !rt_runq_len(&rt_s.global)) {
        rt_store(p->tick, p->tick + 1);
        become(m, g); /* nobody to go first */
        return;
    }
    m->release = release_yield;
    m->release_arg = g;
    rt_switch_away(g);
}

uint64_t rt_switches(void)
{
    uint64_t n = 0;

    for (struct m *m = __atomic_load_n(&rt_s.all_m, __ATOMIC_ACQUIRE); m;
         m = m->all_next)
        n += rt_load(m->switches);
    return n;
}

void go_yield_at(const struct go_site *site)
{
    struct g *g = rt_enter();

    if (rt_is_controlled(g))
        rt_control_yield(g, site);
    else if (!rt_is_foreign(g))
        rt_yield(site);
    rt_leave(g);
}
